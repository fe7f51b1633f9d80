/*-------------------------------------------------------------------------
 *
 * registry.h
 *		The list of formats.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_REGISTRY_H
#define APPOINTMENT_REGISTRY_H

#include "member/format.h"

/* The formats, by formats.def; 0 is the code of none. */
enum
{
#define FORMAT(code, symbol) FORMAT_CODE_##symbol = code,
#include "formats/formats.def"
#undef FORMAT
};

#define FORMAT(code, symbol) extern const Format format_##symbol;
#include "formats/formats.def"
#undef FORMAT

/* Canonical JSON: the types' own text form. */
extern const Format format_canonical;
extern const Format format_canonical_event;

extern const Format *const formats[];
extern const int format_count;

extern const Format *format_by_name(const char *name, size_t len);
extern const Format *format_by_code(uint8 code);

#endif							/* APPOINTMENT_REGISTRY_H */
