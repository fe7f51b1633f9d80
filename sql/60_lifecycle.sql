-- ---------------------------------------------------------------------
-- the life cycle
-- ---------------------------------------------------------------------

CREATE TABLE appointment_lifecycle (
	lifecycle text NOT NULL CHECK (lifecycle <> ''),
	from_status text CHECK (from_status <> ''),
	to_status text NOT NULL CHECK (to_status <> ''),
	requires text[] NOT NULL DEFAULT '{}',
	not_after text CHECK (not_after IN ('starts_at', 'ends_at')) CONSTRAINT appointment_lifecycle_not_after_of_notice CHECK (not_after IS NOT NULL OR notice IS NULL),
	shipped boolean NOT NULL DEFAULT false,
	notice interval CHECK (notice >= interval '0'),
	exempt name CHECK (exempt <> ''),
	CHECK (from_status <> to_status),
	UNIQUE NULLS NOT DISTINCT (lifecycle, from_status, to_status)
);
COMMENT ON TABLE appointment_lifecycle IS
	'life cycles: one row a transition that is allowed; rows of the extension are read-only, copy them under another name to change them';
COMMENT ON COLUMN appointment_lifecycle.lifecycle IS
	'name of the life cycle';
COMMENT ON COLUMN appointment_lifecycle.from_status IS
	'status before the transition; NULL: a new row may have the status';
COMMENT ON COLUMN appointment_lifecycle.to_status IS
	'status after the transition';
COMMENT ON COLUMN appointment_lifecycle.requires IS
	'fields that must be there after the transition, such as cancellation_reason_id; changed_by is who makes it';
COMMENT ON COLUMN appointment_lifecycle.not_after IS
	'starts_at or ends_at: the transition is not allowed after that time of the appointment';
COMMENT ON COLUMN appointment_lifecycle.shipped IS
	'whether the row came with the extension';
COMMENT ON COLUMN appointment_lifecycle.notice IS
	'how long before not_after the transition has to be made; its days and months are those of the appointment''s time zone';
COMMENT ON COLUMN appointment_lifecycle.exempt IS
	'role whose members may make the transition later; nobody may if there is no such role';

INSERT INTO appointment_lifecycle (lifecycle, from_status, to_status, not_after, shipped) VALUES
	('default', NULL, 'pending', NULL, true),
	('default', NULL, 'scheduled', NULL, true),
	('default', 'pending', 'scheduled', NULL, true),
	('default', 'pending', 'cancelled', NULL, true),
	('default', 'scheduled', 'arrived', NULL, true),
	('default', 'scheduled', 'in_progress', NULL, true),
	('default', 'scheduled', 'no_show', NULL, true),
	('default', 'scheduled', 'cancelled', NULL, true),
	('default', 'arrived', 'in_progress', NULL, true),
	('default', 'arrived', 'completed', NULL, true),
	('default', 'arrived', 'no_show', NULL, true),
	('default', 'arrived', 'cancelled', NULL, true),
	('default', 'in_progress', 'completed', NULL, true),
	('default', 'cancelled', 'pending', NULL, true),
	('default', 'cancelled', 'scheduled', NULL, true),
	('default', 'no_show', 'scheduled', NULL, true),
	('default', 'no_show', 'arrived', NULL, true),
	('caspen', NULL, 'pending', NULL, true),
	('caspen', 'pending', 'arrived', NULL, true),
	('caspen', 'pending', 'no_show', NULL, true),
	('caspen', 'pending', 'cancelled', 'ends_at', true),
	('caspen', 'arrived', 'no_show', NULL, true),
	('caspen', 'arrived', 'cancelled', 'ends_at', true),
	('caspen', 'no_show', 'arrived', NULL, true),
	('caspen', 'no_show', 'cancelled', 'ends_at', true),
	('caspen', 'cancelled', 'arrived', NULL, true),
	('caspen', 'cancelled', 'no_show', NULL, true),
	('sqod', NULL, 'scheduled', NULL, true),
	('sqod', 'scheduled', 'arrived', NULL, true),
	('sqod', 'scheduled', 'in_progress', NULL, true),
	('sqod', 'scheduled', 'cancelled', NULL, true),
	('sqod', 'arrived', 'in_progress', NULL, true),
	('sqod', 'arrived', 'no_show', NULL, true),
	('sqod', 'arrived', 'cancelled', NULL, true),
	('sqod', 'in_progress', 'completed', NULL, true),
	('avon', NULL, 'scheduled', NULL, true),
	('avon', 'scheduled', 'in_progress', NULL, true),
	('avon', 'scheduled', 'cancelled', NULL, true),
	('avon', 'in_progress', 'completed', NULL, true),
	('savvycal', NULL, 'scheduled', NULL, true),
	('savvycal', 'scheduled', 'cancelled', NULL, true),
	('event', NULL, 'active', NULL, true),
	('event', NULL, 'disabled', NULL, true),
	('event', 'active', 'disabled', NULL, true),
	('event', 'active', 'deleted', NULL, true),
	('event', 'disabled', 'active', NULL, true),
	('event', 'disabled', 'deleted', NULL, true),
	('fhir', NULL, 'proposed', NULL, true),
	('fhir', NULL, 'pending', NULL, true),
	('fhir', NULL, 'booked', NULL, true),
	('fhir', NULL, 'waitlist', NULL, true),
	('fhir', 'proposed', 'pending', NULL, true),
	('fhir', 'proposed', 'booked', NULL, true),
	('fhir', 'proposed', 'cancelled', NULL, true),
	('fhir', 'proposed', 'entered-in-error', NULL, true),
	('fhir', 'waitlist', 'proposed', NULL, true),
	('fhir', 'waitlist', 'pending', NULL, true),
	('fhir', 'waitlist', 'booked', NULL, true),
	('fhir', 'waitlist', 'cancelled', NULL, true),
	('fhir', 'waitlist', 'entered-in-error', NULL, true),
	('fhir', 'pending', 'booked', NULL, true),
	('fhir', 'pending', 'cancelled', NULL, true),
	('fhir', 'pending', 'entered-in-error', NULL, true),
	('fhir', 'booked', 'arrived', NULL, true),
	('fhir', 'booked', 'checked-in', NULL, true),
	('fhir', 'booked', 'fulfilled', NULL, true),
	('fhir', 'booked', 'noshow', NULL, true),
	('fhir', 'booked', 'cancelled', NULL, true),
	('fhir', 'booked', 'entered-in-error', NULL, true),
	('fhir', 'arrived', 'checked-in', NULL, true),
	('fhir', 'arrived', 'fulfilled', NULL, true),
	('fhir', 'arrived', 'noshow', NULL, true),
	('fhir', 'arrived', 'cancelled', NULL, true),
	('fhir', 'arrived', 'entered-in-error', NULL, true),
	('fhir', 'checked-in', 'fulfilled', NULL, true),
	('fhir', 'checked-in', 'noshow', NULL, true),
	('fhir', 'checked-in', 'cancelled', NULL, true),
	('fhir', 'checked-in', 'entered-in-error', NULL, true),
	('fhir', 'fulfilled', 'entered-in-error', NULL, true),
	('fhir', 'noshow', 'entered-in-error', NULL, true),
	('fhir', 'cancelled', 'entered-in-error', NULL, true);

-- Who installs the extension need not be a superuser, who then owns the table.
GRANT SELECT ON appointment_lifecycle TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON appointment_lifecycle TO @extowner@
	WITH GRANT OPTION;
SELECT pg_catalog.pg_extension_config_dump('appointment_lifecycle', 'WHERE NOT shipped');

CREATE FUNCTION appointment_lifecycle_changed()
	RETURNS trigger
	AS 'MODULE_PATHNAME'
	LANGUAGE C;
COMMENT ON FUNCTION appointment_lifecycle_changed() IS
	'internal: trigger of appointment_lifecycle: makes every session read the table again';

CREATE FUNCTION appointment_lifecycle_protect()
	RETURNS trigger
	AS 'MODULE_PATHNAME'
	LANGUAGE C;
COMMENT ON FUNCTION appointment_lifecycle_protect() IS
	'internal: trigger of appointment_lifecycle: keeps the life cycles of the extension as they are';

CREATE TRIGGER changed_rows AFTER INSERT OR UPDATE OR DELETE ON appointment_lifecycle
	FOR EACH ROW EXECUTE FUNCTION appointment_lifecycle_changed();
COMMENT ON TRIGGER changed_rows ON appointment_lifecycle IS
	'makes every session read the table again, also on a subscriber';

CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON appointment_lifecycle
	FOR EACH STATEMENT EXECUTE FUNCTION appointment_lifecycle_changed();
COMMENT ON TRIGGER changed ON appointment_lifecycle IS
	'makes every session read the table again';

CREATE TRIGGER protect BEFORE INSERT OR UPDATE OR DELETE ON appointment_lifecycle
	FOR EACH ROW EXECUTE FUNCTION appointment_lifecycle_protect();
COMMENT ON TRIGGER protect ON appointment_lifecycle IS
	'keeps the life cycles of the extension as they are';

CREATE TRIGGER protect_all BEFORE TRUNCATE ON appointment_lifecycle
	FOR EACH STATEMENT EXECUTE FUNCTION appointment_lifecycle_protect();
COMMENT ON TRIGGER protect_all ON appointment_lifecycle IS
	'keeps the life cycles of the extension as they are';

ALTER TABLE appointment_lifecycle ENABLE ALWAYS TRIGGER changed_rows;
ALTER TABLE appointment_lifecycle ENABLE ALWAYS TRIGGER changed;
ALTER TABLE appointment_lifecycle ENABLE ALWAYS TRIGGER protect;

-- No key can identify a row, and it may be in a publication of all tables.
ALTER TABLE appointment_lifecycle REPLICA IDENTITY FULL;

CREATE FUNCTION appointment_transition(a appointment, status text,
		at timestamptz DEFAULT NULL, actor text DEFAULT NULL,
		lifecycle text DEFAULT 'default', reason_id text DEFAULT NULL,
		note text DEFAULT NULL, exempt boolean DEFAULT false)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_transition(appointment, text, timestamptz, text, text, text, text, boolean) IS
	'the appointment with another status, its history entry and its effects; at is now by default, the actor the setting appointment.actor; 23514 for a transition that the life cycle does not have, and for a cancellation that comes too late for the appointment''s own notice unless exempt is true';

CREATE FUNCTION appointment_confirm(a appointment,
		confirmed boolean DEFAULT true, at timestamptz DEFAULT NULL,
		actor text DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_confirm(appointment, boolean, timestamptz, text) IS
	'the appointment, confirmed or not any more; its status stays';

CREATE FUNCTION appointment_change_status(a appointment, status text,
		at timestamptz, actor text, reason_id text DEFAULT NULL,
		note text DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_change_status(appointment, text, timestamptz, text, text, text) IS
	'the appointment with another status, its history entry and its effects, by the arguments alone: no life cycle is asked and no notice, which is for the trigger appointment_enforce_lifecycle; a time before the last change counts as the time of that; a NULL or empty actor is nobody';

CREATE FUNCTION appointment_change_confirmed(a appointment,
		confirmed boolean, at timestamptz, actor text)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_change_confirmed(appointment, boolean, timestamptz, text) IS
	'the appointment, confirmed or not any more, by the arguments alone; a time before the last change counts as the time of that; a NULL or empty actor is nobody';

CREATE FUNCTION appointment_reschedule(a appointment, starts_at timestamptz,
		ends_at timestamptz DEFAULT NULL, at timestamptz DEFAULT NULL,
		actor text DEFAULT NULL, exempt boolean DEFAULT false)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_reschedule(appointment, timestamptz, timestamptz, timestamptz, text, boolean) IS
	'the appointment at another time, as long as before unless the end is given, and not confirmed any more; its id and status stay; 23514 if that comes too late for its own notice unless exempt is true';

CREATE FUNCTION appointment_can_transition(from_status text, to_status text,
		lifecycle text DEFAULT 'default')
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_can_transition(text, text, text) IS
	'whether a life cycle has the transition; from NULL: whether the status can be the first';

CREATE FUNCTION appointment_next_statuses(status text,
		lifecycle text DEFAULT 'default')
	RETURNS SETOF text
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE ROWS 4;
COMMENT ON FUNCTION appointment_next_statuses(text, text) IS
	'the statuses that can follow one in a life cycle; those that can be the first for NULL';

CREATE FUNCTION change_deadline(starts_at timestamptz, notice interval,
		zone text DEFAULT NULL)
	RETURNS timestamptz
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION change_deadline(timestamptz, interval, text) IS
	'the last instant that leaves a notice before a start: with a zone its days and months are those of the wall clock there, else a day has 24 hours; NULL if the start or the notice is NULL, 22023 for a negative notice';

CREATE FUNCTION appointment_deadline(a appointment, status text,
		lifecycle text DEFAULT 'default')
	RETURNS timestamptz
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_deadline(appointment, text, text) IS
	'until when the current user can give the appointment a status, or move it (status rescheduled), by its own notices and the life cycle: infinity if there is no limit, -infinity if it cannot be done from its status; 22004 if the status is NULL';

CREATE FUNCTION appointment_lifecycle_diagram(lifecycle text DEFAULT 'default')
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_lifecycle_diagram(text) IS
	'a life cycle as a state diagram of Mermaid (stateDiagram-v2), with what each transition requires; 22023 for an unknown life cycle, 22004 for NULL';

CREATE FUNCTION appointment_status_at(a appointment, t timestamptz)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_status_at(appointment, timestamptz) IS
	'the status at a time, by the history; NULL if that does not reach back so far';

CREATE FUNCTION appointment_diff(a appointment, b appointment,
		OUT field text, OUT old_value jsonb, OUT new_value jsonb)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 4;
COMMENT ON FUNCTION appointment_diff(appointment, appointment) IS
	'the fields in which two appointments differ, as canonical JSON; NULL where the field is absent, and NULL is an appointment without fields';
