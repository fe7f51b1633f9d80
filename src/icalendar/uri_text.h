/*-------------------------------------------------------------------------
 *
 * uri_text.h
 *		URIs: mail addresses, pages, and texts in queries.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_URI_TEXT_H
#define APPOINTMENT_URI_TEXT_H

#include "lib/stringinfo.h"

extern bool mail_address_is_valid(const char *address, size_t len);
extern void mail_address_append(StringInfo out, const char *address,
								size_t len);
extern bool uri_is_valid(const char *uri, size_t len);
extern void uri_append(StringInfo out, const char *uri, size_t len);
extern void uri_append_component(StringInfo out, const char *text, size_t len);

#endif							/* APPOINTMENT_URI_TEXT_H */
