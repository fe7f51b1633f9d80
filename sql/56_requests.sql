-- ---------------------------------------------------------------------
-- requests
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_new_id(format text)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION appointment_new_id(text) IS
	'a new identifier of the shape that the service documents, from the strong random source; caspen''s sort in the order in which a session made them';

CREATE FUNCTION appointment_from_request(request text, format text,
		id text DEFAULT NULL, at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_request_text'
	LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 50;
COMMENT ON FUNCTION appointment_from_request(text, text, text, timestamptz) IS
	'the appointment that a create request of a format (sqod, avon) makes, with the id or a new one, and the notices of the settings; at is the time of the request, now() by default; 22P02 names the first bad key';

CREATE FUNCTION appointment_from_request(request json, format text,
		id text DEFAULT NULL, at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_request_json'
	LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 50;
COMMENT ON FUNCTION appointment_from_request(json, text, text, timestamptz) IS
	'the appointment that a create request of a format (sqod, avon) makes, with the id or a new one, and the notices of the settings; at is the time of the request, now() by default; 22P02 names the first bad key';

CREATE FUNCTION appointment_from_request(request jsonb, format text,
		id text DEFAULT NULL, at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_request_jsonb'
	LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 50;
COMMENT ON FUNCTION appointment_from_request(jsonb, text, text, timestamptz) IS
	'the appointment that a create request of a format (sqod, avon) makes, with the id or a new one, and the notices of the settings; at is the time of the request, now() by default; 22P02 names the first bad key';

CREATE FUNCTION appointment_apply_request(a appointment, request text,
		format text, kind text DEFAULT 'update', at timestamptz DEFAULT now(),
		exempt boolean DEFAULT false)
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_apply_request_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_apply_request(appointment, text, text, text, timestamptz, boolean) IS
	'the appointment as a request of a format changes it (update: caspen, sqod, avon; cancel, reschedule: savvycal); touches only what the request names; at is the time of the request, now() by default; 22P02 names the first key that is bad or cannot be set by it; 23514 for what comes too late for the appointment''s own notices unless exempt is true';

CREATE FUNCTION appointment_apply_request(a appointment, request json,
		format text, kind text DEFAULT 'update', at timestamptz DEFAULT now(),
		exempt boolean DEFAULT false)
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_apply_request_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_apply_request(appointment, json, text, text, timestamptz, boolean) IS
	'the appointment as a request of a format changes it (update: caspen, sqod, avon; cancel, reschedule: savvycal); touches only what the request names; at is the time of the request, now() by default; 22P02 names the first key that is bad or cannot be set by it; 23514 for what comes too late for the appointment''s own notices unless exempt is true';

CREATE FUNCTION appointment_apply_request(a appointment, request jsonb,
		format text, kind text DEFAULT 'update', at timestamptz DEFAULT now(),
		exempt boolean DEFAULT false)
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_apply_request_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_apply_request(appointment, jsonb, text, text, timestamptz, boolean) IS
	'the appointment as a request of a format changes it (update: caspen, sqod, avon; cancel, reschedule: savvycal); touches only what the request names; at is the time of the request, now() by default; 22P02 names the first key that is bad or cannot be set by it; 23514 for what comes too late for the appointment''s own notices unless exempt is true';

CREATE FUNCTION appointment_from_event(e appointment_event,
		starts_at timestamptz, attendees text[] DEFAULT '{}',
		id text DEFAULT NULL, at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_from_event(appointment_event, timestamptz, text[], text, timestamptz) IS
	'an appointment cloned from an active event: its title, body, location, duration and attendees, then those given, and the notices of the settings; 23514 if the event is not active';
