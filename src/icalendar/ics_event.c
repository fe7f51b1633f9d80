/*-------------------------------------------------------------------------
 *
 * ics_event.c
 *		VEVENT: an appointment as an event.
 *
 * What may tell who somebody is, is written only if the option "personal" says
 * so.  People who are written to are in what they get all the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "icalendar/ics_attendees.h"
#include "icalendar/ics_event.h"
#include "icalendar/uri_text.h"

/* What an event is called that must not have its name. */
#define NO_NAME		"Appointment"

/* ---------------------------------------------------------------------
 * reading
 * ---------------------------------------------------------------------
 */

static inline bool
event_find(const IcsEvent *event, FieldNumber number, FieldValue *value)
{
	uint8		position = event->index.position[number];
	FieldNumber same;

	if (position == 0)
		return false;
	record_at(&event->record, position - 1, &same, value);
	return !(value->flags & TAG_NULL);
}

/*
 * A text of the appointment, or none; an empty one is none.
 */
Word
ics_event_text(const IcsEvent *event, FieldNumber number)
{
	FieldValue	value;
	Word		word = WORD_NONE;

	if (event_find(event, number, &value) && value.size > 0)
	{
		word.data = value.data;
		word.len = value.size;
	}
	return word;
}

void
ics_event_open(IcsEvent *event, const PackedDocument *document)
{
	FieldValue	value;

	record_open(&event->record, (const struct varlena *) document);
	record_make_index(&event->record, &event->index);
	event->id = ics_event_text(event, FIELD_ID);
	event->has_start = document_starts_at(document, &event->starts_at);
	event->has_end = document_ends_at(document, &event->ends_at) &&
		event->ends_at > event->starts_at;
	event->status_word = WORD_NONE;
	if (event_find(event, FIELD_STATUS, &value))
		field_status_text(&value, &event->status_word.data,
						  &event->status_word.len);
	event->status = ics_status(&event->record, event->status_word);
}

static bool
event_instant(const IcsEvent *event, FieldNumber number, TimestampTz *instant)
{
	FieldValue	value;

	if (!event_find(event, number, &value))
		return false;
	*instant = field_instant(&value);
	return true;
}

/* A text of a sub-record, or none. */
static Word
sub_text(const IcsEvent *event, FieldNumber number, FieldNumber sub_number)
{
	FieldValue	value;
	Record		sub;
	Word		word = WORD_NONE;

	if (!event_find(event, number, &value))
		return word;
	record_open_sub(&sub, &value);
	if (record_find_value(&sub, sub_number, &value) && value.size > 0)
	{
		word.data = value.data;
		word.len = value.size;
	}
	return word;
}

/* ---------------------------------------------------------------------
 * words
 * ---------------------------------------------------------------------
 */

Word
ics_event_summary(const IcsEvent *event, const IcsOptions *options)
{
	Word		word = options->summary;

	if (word.data == NULL && options->personal)
		word = ics_event_text(event, FIELD_NAME);
	return word.data == NULL ? word_of(NO_NAME) : word;
}

/* The description, and the note after it. */
Word
ics_event_description(const IcsEvent *event, const IcsOptions *options)
{
	Word		description;
	Word		note;
	StringInfoData both;

	if (options->description.data != NULL || !options->personal)
		return options->description;
	description = ics_event_text(event, FIELD_DESCRIPTION);
	note = ics_event_text(event, FIELD_NOTE);
	if (description.data == NULL || note.data == NULL)
		return description.data == NULL ? note : description;
	initStringInfo(&both);
	appendBinaryStringInfo(&both, description.data, (int) description.len);
	appendStringInfoString(&both, "\n\n");
	appendBinaryStringInfo(&both, note.data, (int) note.len);
	return (Word)
	{
		both.data, (uint32) both.len
	};
}

/* The place in words, else the address. */
Word
ics_event_location(const IcsEvent *event, const IcsOptions *options)
{
	static const FieldNumber parts[] = {
		FIELD_ADDRESS_LINE1, FIELD_ADDRESS_LINE2, FIELD_ADDRESS_CITY,
		FIELD_ADDRESS_STATE, FIELD_ADDRESS_POSTAL_CODE,
	};
	StringInfoData address;
	FieldValue	value;
	Record		record;
	Word		word = options->location;

	if (word.data != NULL || !options->personal)
		return word;
	word = ics_event_text(event, FIELD_LOCATION_TEXT);
	if (word.data != NULL || !event_find(event, FIELD_ADDRESS, &value))
		return word;
	record_open_sub(&record, &value);
	initStringInfo(&address);
	for (int i = 0; i < (int) lengthof(parts); i++)
	{
		if (!record_find_value(&record, parts[i], &value) || value.size == 0)
			continue;
		if (address.len > 0)
			appendStringInfoString(&address, ", ");
		appendBinaryStringInfo(&address, value.data, (int) value.size);
	}
	if (address.len > 0)
	{
		word.data = address.data;
		word.len = address.len;
	}
	return word;
}

/* A page as a URI, or none if it is no such thing. */
static Word
page_uri(Word page)
{
	StringInfoData uri;

	if (page.data == NULL || !uri_is_valid(page.data, page.len))
		return WORD_NONE;
	initStringInfo(&uri);
	uri_append(&uri, page.data, page.len);
	return (Word)
	{
		uri.data, uri.len
	};
}

/* The page of the call. */
static Word
call_uri(const IcsEvent *event)
{
	Word		page = page_uri(sub_text(event, FIELD_VIDEO_CALL,
										 FIELD_VIDEO_CALL_JOIN_URL));

	return page.data != NULL ? page :
		page_uri(sub_text(event, FIELD_MEETING, FIELD_MEETING_ROOM_URL));
}

/* The page of the appointment, else that of the call. */
Word
ics_event_url(const IcsEvent *event, const IcsOptions *options)
{
	Word		page = options->url;

	if (page.data != NULL || !options->personal)
		return page;
	page = page_uri(ics_event_text(event, FIELD_URL));
	return page.data != NULL ? page : call_uri(event);
}

/* ---------------------------------------------------------------------
 * writing
 * ---------------------------------------------------------------------
 */

/*
 * Which event an appointment is, and which state of it.
 *
 * Who is told that an appointment is cancelled, which is not, is told of a
 * change that the history does not have yet.
 */
IcsRevision
ics_event_revision(const IcsEvent *event, IcsMethod method,
				   const IcsOptions *options)
{
	IcsRevision revision = {.prefix = "", .id = event->id};

	revision.sequence = options->sequence;
	if (revision.sequence < 0)
	{
		revision.sequence = ics_sequence(&event->record, event->status_word);
		if (method == ICS_CANCEL && event->status != ICS_CANCELLED)
			revision.sequence++;
	}
	revision.has_created = event_instant(event, FIELD_CREATED_AT,
										 &revision.created_at);
	revision.has_updated = event_instant(event, FIELD_UPDATED_AT,
										 &revision.updated_at);
	return revision;
}

/*
 * An identifier without control characters, which no text has, and which must
 * not be left out: two would be the same.
 */
static Word
plain_id(Word id)
{
	StringInfoData plain;

	for (uint32 i = 0;; i++)
	{
		if (i == id.len)
			return id;
		if ((unsigned char) id.data[i] < ' ' || id.data[i] == 0x7F)
			break;
	}
	initStringInfo(&plain);
	for (uint32 i = 0; i < id.len; i++)
	{
		unsigned char c = (unsigned char) id.data[i];

		if (c < ' ' || c == 0x7F)
			appendStringInfo(&plain, "%%%02X", c);
		else
			appendStringInfoChar(&plain, (char) c);
	}
	return (Word)
	{
		plain.data, plain.len
	};
}

/* UID: the identifier and the domain, unless it has one. */
static void
write_uid(ContentLines *lines, const IcsRevision *revision,
		  const IcsOptions *options)
{
	Word		id = plain_id(revision->id);
	Word		domain = ics_domain(options);

	content_plain(lines, "UID");
	content_raw(lines, revision->prefix, strlen(revision->prefix));
	content_text(lines, id.data, id.len);
	if (domain.data != NULL && memchr(id.data, '@', id.len) == NULL)
	{
		content_literal(lines, "@");
		content_raw(lines, domain.data, domain.len);
	}
	content_end(lines);
}

/*
 * What an event begins with.
 */
void
ics_event_begin(ContentLines *lines, const IcsRevision *revision,
				const IcsOptions *options)
{
	content_constant(lines, "BEGIN:VEVENT");
	write_uid(lines, revision, options);
	ics_write_stamp(lines, options);
	content_literal(lines, "SEQUENCE:");
	content_integer(lines, revision->sequence);
	content_literal(lines, "\r\n");
	if (revision->has_created)
	{
		content_literal(lines, "CREATED:");
		content_instant(lines, revision->created_at);
		content_literal(lines, "\r\n");
	}
	if (revision->has_updated)
	{
		content_literal(lines, "LAST-MODIFIED:");
		content_instant(lines, revision->updated_at);
		content_literal(lines, "\r\n");
	}
}

/*
 * Start and end in UTC.  An event without an end ends when it starts.
 */
void
ics_event_times(ContentLines *lines, const IcsEvent *event)
{
	content_literal(lines, "DTSTART:");
	content_instant(lines, event->starts_at);
	content_literal(lines, "\r\n");
	if (event->has_end)
	{
		content_literal(lines, "DTEND:");
		content_instant(lines, content_second_after(event->ends_at));
		content_literal(lines, "\r\n");
	}
}

static void
write_uri(ContentLines *lines, const char *property, Word uri)
{
	lines->line = lines->out.len;
	content_raw(lines, property, strlen(property));
	content_literal(lines, ":");
	content_raw(lines, uri.data, uri.len);
	content_end(lines);
}

/*
 * What an event says; it is the same for all of a series.
 */
void
ics_event_body(ContentLines *lines, const IcsEvent *event, IcsMethod method,
			   const IcsOptions *options)
{
	Word		word;

	ics_write_text(lines, "SUMMARY", ics_event_summary(event, options));
	word = ics_event_description(event, options);
	if (word.data != NULL)
		ics_write_text(lines, "DESCRIPTION", word);
	word = ics_event_location(event, options);
	if (word.data != NULL)
		ics_write_text(lines, "LOCATION", word);
	word = ics_event_url(event, options);
	if (word.data != NULL)
		write_uri(lines, "URL", word);
	if (options->personal && method != ICS_CANCEL)
	{
		word = call_uri(event);
		if (word.data != NULL)
			write_uri(lines, "CONFERENCE;VALUE=URI;FEATURE=VIDEO", word);
	}

	if (method == ICS_CANCEL || event->status == ICS_CANCELLED)
		content_constant(lines, "STATUS:CANCELLED");
	else if (event->status == ICS_TENTATIVE)
		content_constant(lines, "STATUS:TENTATIVE");
	else
		content_constant(lines, "STATUS:CONFIRMED");
	if (method == ICS_CANCEL ||
		(event->status_word.data != NULL &&
		 !status_holds(event->status_word.data, event->status_word.len)))
		content_constant(lines, "TRANSP:TRANSPARENT");
	else
		content_constant(lines, "TRANSP:OPAQUE");
	ics_write_organizer(lines, options);
}

static void
write_alarm(ContentLines *lines, const IcsEvent *event,
			const IcsOptions *options)
{
	content_literal(lines, "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT");
	content_integer(lines, options->alarm);
	content_literal(lines, "M\r\n");
	ics_write_text(lines, "DESCRIPTION", ics_event_summary(event, options));
	content_constant(lines, "END:VALARM");
}

/*
 * Nobody is reminded of what does not take place.
 */
void
ics_event_end(ContentLines *lines, const IcsEvent *event, IcsMethod method,
			  const IcsOptions *options)
{
	if (options->alarm >= 0 && method != ICS_CANCEL &&
		event->status != ICS_CANCELLED)
		write_alarm(lines, event, options);
	content_constant(lines, "END:VEVENT");
}

/*
 * All of an event that is one appointment.  Returns how many people it is for.
 */
int
ics_write_event(ContentLines *lines, const IcsEvent *event, IcsMethod method,
				const IcsOptions *options)
{
	IcsRevision revision = ics_event_revision(event, method, options);
	int			attendees;

	ics_event_begin(lines, &revision, options);
	ics_event_times(lines, event);
	ics_event_body(lines, event, method, options);
	attendees = ics_write_attendees(lines, &event->record, method, options);
	ics_event_end(lines, event, method, options);
	return attendees;
}
