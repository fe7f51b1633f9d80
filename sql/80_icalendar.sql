-- ---------------------------------------------------------------------
-- iCalendar, written
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_to_ics(a appointment,
		method text DEFAULT 'PUBLISH', options jsonb DEFAULT '{}')
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION appointment_to_ics(appointment, text, jsonb) IS
	'the appointment as iCalendar (RFC 5545): a VCALENDAR with one VEVENT, in UTC, lines folded at 75 octets and ended by CRLF; method PUBLISH, REQUEST or CANCEL (RFC 5546), the latter two with the options organizer and, unless ids of attendees are mail addresses, attendees; names, notes, addresses and pages only with the option personal; 22023 for an appointment without an id or a start, an unknown method or option, a method without organizer or attendee, and a REQUEST of a cancelled appointment; NULL if the appointment or the method is NULL';

CREATE FUNCTION appointment_ics_agg_transfn(internal, appointment)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_ics_agg_transfn(internal, appointment) IS
	'internal: transition function of appointment_ics_agg';

CREATE FUNCTION appointment_ics_agg_transfn(internal, appointment, jsonb)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_ics_agg_transfn(internal, appointment, jsonb) IS
	'internal: transition function of appointment_ics_agg';

CREATE FUNCTION appointment_ics_agg_finalfn(internal)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_ics_agg_finalfn(internal) IS
	'internal: final function of appointment_ics_agg';

CREATE AGGREGATE appointment_ics_agg(appointment) (
	SFUNC = appointment_ics_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_ics_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_ics_agg(appointment) IS
	'the appointments as one calendar to subscribe to (RFC 5545), each a VEVENT as appointment_to_ics writes it; rows that are NULL or have no id or no start are left out; without rows an empty calendar, never NULL';

CREATE AGGREGATE appointment_ics_agg(appointment, jsonb) (
	SFUNC = appointment_ics_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_ics_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_ics_agg(appointment, jsonb) IS
	'the same with options, those of the first row; METHOD:PUBLISH if they have an organizer; with the option series the rows of one series become one VEVENT with its rule; 22023 for an unknown option or a value that it cannot take';

CREATE FUNCTION busy_to_ics(b busy, during tstzrange,
		options jsonb DEFAULT '{}')
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION busy_to_ics(busy, tstzrange, jsonb) IS
	'when somebody is busy as iCalendar (RFC 5545): a VCALENDAR with one VFREEBUSY whose FREEBUSY lines are in UTC: the periods with their buffers, whatever seats they take, joined where they touch and cut to the range; nobody is busy if the value is NULL; METHOD:PUBLISH if the options have an organizer; 22023 for a range that is empty or has no start or no end, 54000 for one of more than 100 years; NULL if the range is NULL';

CREATE FUNCTION appointment_calendar_url(a appointment, service text,
		options jsonb DEFAULT '{}')
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION appointment_calendar_url(appointment, text, jsonb) IS
	'the page of a calendar service (google, outlook, office365, yahoo) that adds the appointment, with times in UTC and texts percent-encoded as UTF-8; with the options of appointment_to_ics, of which personal, summary, description, location and url matter; 22023 for an unknown service or option and an appointment without a start; NULL if the appointment or the service is NULL';
