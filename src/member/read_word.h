/*-------------------------------------------------------------------------
 *
 * read_word.h
 *		Words of vocabularies, those of a status above all.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_READ_WORD_H
#define APPOINTMENT_READ_WORD_H

#include "member/format.h"

extern bool check_word(ReadContext *context, JsonNode *node,
					   const char *const *words, const char *text, size_t len);
extern void check_status_case(ProblemSink *sink, const DocumentPath *at,
							  const StatusVocabulary *vocabulary,
							  const char *word, size_t len);
extern void read_status(ReadContext *context, const Member *member,
						JsonNode *node, RecordBuilder *builder);

#endif							/* APPOINTMENT_READ_WORD_H */
