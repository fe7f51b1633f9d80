/*-------------------------------------------------------------------------
 *
 * read_word.c
 *		Words of vocabularies, those of a status above all.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/word.h"
#include "compat.h"
#include "member/read_value.h"
#include "member/read_word.h"

/* Report that a word is none of a closed vocabulary's, NULL at its end. */
static void
report_word(ReadContext *context, JsonNode *node, const char *const *words)
{
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; words[i] != NULL; i++)
		appendStringInfo(&known, "%s\"%s\"",
						 i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ",
						 words[i]);
	problem_error(context->sink, &node->path, PROBLEM_BAD_VALUE,
				  "must be %s", known.data);
}

/*
 * A word of a closed vocabulary.
 */
bool
check_word(ReadContext *context, JsonNode *node, const char *const *words,
		   const char *text, size_t len)
{
	if (context->options->keep_unknown_words)
		return true;
	if (word_is_among(words, text, len))
		return true;
	report_word(context, node, words);
	return false;
}

/* A status that is none of a closed vocabulary's words. */
static void
report_status_word(ReadContext *context, JsonNode *node,
				   const StatusVocabulary *vocabulary)
{
	const char **words;
	int			count = 0;

	while (vocabulary->words[count].word != NULL)
		count++;
	words = palloc_array(const char *, count + 1);
	for (int i = 0; i < count; i++)
		words[i] = vocabulary->words[i].word;
	words[count] = NULL;
	report_word(context, node, words);
	pfree(words);
}

/*
 * Warn of a status that nobody knows, but for its case: whoever sent it meant
 * the other one.  The vocabulary may be NULL: there are only our own words.
 */
void
check_status_case(ProblemSink *sink, const DocumentPath *at,
				  const StatusVocabulary *vocabulary,
				  const char *word, size_t len)
{
	const char *meant = NULL;

	for (const StatusWord *known = vocabulary == NULL ? NULL : vocabulary->words;
		 known != NULL && known->word != NULL && meant == NULL; known++)
	{
		if (word_is_ignoring_case(known->word, word, len))
			meant = known->word;
	}
	if (meant == NULL)
		meant = status_ignoring_case(word, len);
	if (meant != NULL)
		problem_warning(sink, at, PROBLEM_BAD_VALUE,
						"differs from \"%s\" only in case",
						meant);
}

/*
 * Read a status in the format's words: the canonical status, and the word
 * itself where writing the status would not give it back.
 */
void
read_status(ReadContext *context, const Member *member, JsonNode *node,
			RecordBuilder *builder)
{
	const StatusVocabulary *vocabulary = context->format->statuses;
	FieldNumber source_status = field_source_status(member->field);
	const char *word;
	size_t		len;
	bool		known;

	if (!read_string(context, node, &word, &len))
		return;
	if (vocabulary == NULL)
	{
		/* canonical JSON may say how the source had worded it */
		if (record_has(builder, source_status))
			record_add_status(builder, member->field, word, len);
		else
			record_add_worded_status(builder, member->field, word, len);
		return;
	}

	for (const StatusWord *found = vocabulary->words; found->word != NULL; found++)
	{
		const char *canonical;

		if (!word_is(found->word, word, len))
			continue;
		canonical = status_word(found->status);
		record_add_status(builder, member->field, canonical, strlen(canonical));
		if (strcmp(vocabulary->written[found->status], found->word) != 0)
			record_add_text(builder, source_status, word, len);
		return;
	}

	if (vocabulary->closed && !context->options->keep_unknown_words)
	{
		report_status_word(context, node, vocabulary);
		return;
	}

	/*
	 * Not a word of the vocabulary: kept as it is.  A closed one has it only
	 * because this document has.
	 */
	known = status_from_word(word, len) != STATUS_NONE;
	record_add_status(builder, member->field, word, len);
	if (vocabulary->closed || known)
		record_add_text(builder, source_status, word, len);
	if (!known && context->sink->collect)
		check_status_case(context->sink, &node->path, vocabulary, word, len);
}
