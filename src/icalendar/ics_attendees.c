/*-------------------------------------------------------------------------
 *
 * ics_attendees.c
 *		ATTENDEE: who is written to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "compat.h"
#include "icalendar/ics_attendees.h"
#include "icalendar/uri_text.h"

/* An attendee of the appointment, and what was answered. */
typedef struct KnownAttendee
{
	Word		id;
	Word		answer;			/* or none */
} KnownAttendee;

/* What people answer. */
static const char *const accepted_words[] = {
	"going", "accepted", "attending", "confirmed", "yes", NULL
};
static const char *const declined_words[] = {
	"not_going", "declined", "not_attending", "no", NULL
};
static const char *const tentative_words[] = {
	"maybe", "tentative", NULL
};

static Word
text_field(const Record *record, FieldNumber number)
{
	FieldValue	value;
	Word		word = WORD_NONE;

	if (record_find_value(record, number, &value))
	{
		word.data = value.data;
		word.len = value.size;
	}
	return word;
}

/* The attendees of an appointment who have an identifier. */
static KnownAttendee *
known_attendees(const Record *record, int *count)
{
	FieldValue	value;
	PackedBlock list;
	KnownAttendee *known;

	*count = 0;
	if (!record_find_value(record, FIELD_ATTENDEES, &value))
		return NULL;
	list_open(&list, &value);
	known = palloc_array(KnownAttendee, Max(list.count, 1));
	for (uint32 i = 0; i < list.count; i++)
	{
		Record		attendee;
		KnownAttendee *next = &known[*count];

		list_at(&list, i, &value);
		record_open_sub(&attendee, &value);
		next->id = text_field(&attendee, FIELD_ATTENDEE_ID);
		next->answer = text_field(&attendee, FIELD_ATTENDEE_ATTENDANCE_STATUS);
		if (next->id.data != NULL)
			(*count)++;
	}
	return known;
}

static int
compare_known(const void *a, const void *b)
{
	return word_compare(((const KnownAttendee *) a)->id,
						((const KnownAttendee *) b)->id);
}

/* One of them; who has answered need not do so again. */
static void
write_attendee(ContentLines *lines, Word uri, Word name, Word answer,
			   IcsMethod method)
{
	content_property(lines, "ATTENDEE");
	if (name.data != NULL)
		content_parameter(lines, "CN", name.data, name.len);
	if (method == ICS_CANCEL)
		 /* there is nothing to answer */ ;
	else if (answer.data == NULL)
		content_literal(lines, ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE");
	else if (word_is_among(accepted_words, answer.data, answer.len))
		content_literal(lines, ";PARTSTAT=ACCEPTED");
	else if (word_is_among(declined_words, answer.data, answer.len))
		content_literal(lines, ";PARTSTAT=DECLINED");
	else if (word_is_among(tentative_words, answer.data, answer.len))
		content_literal(lines, ";PARTSTAT=TENTATIVE");
	else
		content_literal(lines, ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE");
	content_value(lines);
	content_raw(lines, uri.data, uri.len);
	content_end(lines);
}

/* Those of the option; the appointment says what they answered. */
static void
write_given(ContentLines *lines, const IcsOptions *options,
			KnownAttendee *known, int count, IcsMethod method)
{
	if (count > 1)
		qsort(known, count, sizeof(KnownAttendee), compare_known);
	for (int i = 0; i < options->attendee_count; i++)
	{
		const IcsPerson *person = &options->attendees[i];
		KnownAttendee key = {person->id, WORD_NONE};
		const KnownAttendee *found = count == 0 ? NULL :
		bsearch(&key, known, count, sizeof(KnownAttendee), compare_known);

		CHECK_FOR_INTERRUPTS();
		write_attendee(lines, person->uri, person->name,
					   found == NULL ? WORD_NONE : found->answer, method);
	}
}

/*
 * Who is written to: those of the option, else the attendees whose identifier
 * is a mail address.  Returns how many they are.  Nobody is in what is
 * published, RFC 5546 section 3.2.1.
 */
int
ics_write_attendees(ContentLines *lines, const Record *record,
					IcsMethod method, const IcsOptions *options)
{
	KnownAttendee *known;
	StringInfoData uri;
	int			count;
	int			written = 0;

	if (method == ICS_PUBLISH)
		return 0;
	known = known_attendees(record, &count);
	if (options->has_attendees)
	{
		write_given(lines, options, known, count, method);
		return options->attendee_count;
	}
	initStringInfo(&uri);
	for (int i = 0; i < count; i++)
	{
		Word		id = known[i].id;
		Word		word;

		CHECK_FOR_INTERRUPTS();
		if (!mail_address_is_valid(id.data, id.len))
			continue;
		resetStringInfo(&uri);
		mail_address_append(&uri, id.data, id.len);
		word.data = uri.data;
		word.len = uri.len;
		write_attendee(lines, word, WORD_NONE, known[i].answer, method);
		written++;
	}
	return written;
}
