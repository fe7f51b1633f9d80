/*-------------------------------------------------------------------------
 *
 * status_column.c
 *		A column that holds a status, whatever its type.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "document/document.h"
#include "lifecycle/status_column.h"

/*
 * What a status column is, which an argument names.  The type appointment is
 * the one in the schema of the trigger's own function.
 */
StatusColumn
status_column_type(const TriggerArguments *arguments, AttrNumber column)
{
	Relation	relation = arguments->relation;
	Oid			type = getBaseType(SPI_gettypeid(RelationGetDescr(relation),
												 column));

	if (type == trigger_own_type(arguments->trigger, "appointment"))
		return STATUS_IN_VALUE;
	if (type == TEXTOID || type == VARCHAROID)
		return STATUS_IN_TEXT;
	if (type == BPCHAROID)
		return STATUS_IN_CHAR;
	if (type_is_enum(type))
		return STATUS_IN_ENUM;
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" of relation \"%s\" is of type %s",
					SPI_fname(RelationGetDescr(relation), column),
					RelationGetRelationName(relation), format_type_be(type)),
			 errdetail("Trigger function %s() needs a column of type appointment, text or an enum.",
					   arguments->function->name),
			 errtablecol(relation, column)));
	return STATUS_IN_TEXT;		/* keep compiler quiet */
}

/*
 * The word of a status column that is not null.
 */
Word
status_column_word(StatusColumn column, Datum datum)
{
	Word		word;

	if (column == STATUS_IN_VALUE)
	{
		const PackedDocument *document = document_fixed_part(datum);
		Record		record;
		FieldValue	value;

		if (document->status != STATUS_NONE)
			return word_of(status_word((Status) document->status));
		record_open(&record, PG_DETOAST_DATUM(datum));
		if (!record_find_value(&record, FIELD_STATUS, &value))
			return WORD_NONE;
		field_status_text(&value, &word.data, &word.len);
	}
	else if (column == STATUS_IN_TEXT || column == STATUS_IN_CHAR)
	{
		text	   *value = DatumGetTextPP(datum);

		word.data = VARDATA_ANY(value);
		word.len = VARSIZE_ANY_EXHDR(value);
		if (column == STATUS_IN_CHAR)
			word.len = bpchartruelen(unconstify(char *, word.data), word.len);
	}
	else
	{
		HeapTuple	tuple = SearchSysCache1(ENUMOID, datum);
		Form_pg_enum label;

		if (!HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for enum value %u",
				 DatumGetObjectId(datum));
		label = (Form_pg_enum) GETSTRUCT(tuple);
		word = word_of(pstrdup(NameStr(label->enumlabel)));
		ReleaseSysCache(tuple);
	}
	return word;
}

/*
 * Put the canonical word in the place of a format's own.  Returns false if the
 * format does not have the word.
 */
bool
status_column_canonical(const Format *format, Word *word)
{
	if (format == NULL || format->statuses == NULL)
		return false;
	for (const StatusWord *known = format->statuses->words;
		 known->word != NULL; known++)
	{
		if (word_equal(word_of(known->word), *word))
		{
			*word = word_of(status_word(known->status));
			return true;
		}
	}
	return false;
}
