-- ---------------------------------------------------------------------
-- reading iCalendar (RFC 5545)
-- ---------------------------------------------------------------------

CREATE FUNCTION busy_from_ics(ics text, during tstzrange, zone text,
		options jsonb DEFAULT '{}')
	RETURNS busy
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION busy_from_ics(text, tstzrange, text, jsonb) IS
	'when the calendar of an iCalendar text (RFC 5545) is busy: the periods of its events and VFREEBUSYs that overlap a window, whole; zone is that of dates and of times without one; option tentative: false leaves out what is tentative; 22P02 if the text is no calendar, 22023 for a window without a start or an end, an unknown zone or option, 22004 for a zone that is null, 54000 beyond the limits; NULL if the text is NULL';

CREATE FUNCTION ics_problems(ics text, zone text DEFAULT 'UTC',
		OUT line integer, OUT component text, OUT property text,
		OUT code text, OUT severity text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION ics_problems(text, text) IS
	'what busy_from_ics passes over (severity error) or has to guess (warning) in an iCalendar text, one row each, by line; no exception for any text';
