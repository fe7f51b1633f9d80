--
-- A database with everything of the extension in use, and a bit of everything
-- that a database can build on it: what a dump, an upgrade or a standby has to
-- keep.  life_check.sql asks whether it did.
--
-- psql runs it in the checkout, in an empty database, with ON_ERROR_STOP.  The
-- extension is in a schema of its own and search_path is empty, as in a
-- restore, so whatever is stored names its schema.
--
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET TimeZone = 'UTC';
CREATE SCHEMA ext;
CREATE SCHEMA app;
CREATE EXTENSION appointment SCHEMA ext;
SET search_path = '';
\echo # seed 0.6
SELECT setseed(0.6) \gset

\set caspen `cat test/data/caspen.json`
\set sqod `cat test/data/sqod.json`
\set avon `cat test/data/avon.json`
\set savvycal `cat test/data/savvycal.json`
\set appointment_one `cat test/data/appointment_one.json`

-- ---------------------------------------------------------------------
-- documents of every format, with unknown members and a large one
-- ---------------------------------------------------------------------

CREATE TABLE app.inbox (
	format text NOT NULL,
	doc json NOT NULL,
	CONSTRAINT inbox_is_valid CHECK (ext.appointment_is_valid(doc, format))
);
INSERT INTO app.inbox VALUES
	('caspen', :'caspen'), ('sqod', :'sqod'), ('avon', :'avon'),
	('savvycal', :'savvycal'), ('appointment_one', :'appointment_one');

CREATE TABLE app.document (
	n int PRIMARY KEY,
	a ext.appointment NOT NULL DEFAULT ext.appointment_from_request('{"appointment_at": "2030-01-01T00:00:00Z", "duration_in_minutes": 30}'::text, 'sqod'),
	status text GENERATED ALWAYS AS (ext.appointment_status(a)) STORED,
	during tstzrange GENERATED ALWAYS AS (ext.appointment_during(a)) STORED
);
INSERT INTO app.document (n, a)
	SELECT row_number() OVER (ORDER BY format), ext.appointment_from_json(doc, format)
	FROM app.inbox WHERE format <> 'appointment_one';
INSERT INTO app.document (n, a)
	SELECT n + 4, ext.appointment_set(ext.appointment_set(a, 'unknown', '{"avon": {"colour": {"name": "gr\u00fcn"}}}'),
		'note', to_jsonb((SELECT string_agg(md5(i::text), '') FROM generate_series(1, 500) i)))
	FROM app.document;
INSERT INTO app.document (n, a)
	SELECT i, ext.appointment_from_row(r) FROM (
		SELECT i, 'app_' || i AS id, t AS starts_at, t + interval '30 minutes' AS ends_at,
			(ARRAY['pending', 'scheduled', 'arrived', 'cancelled', 'odd'])[1 + i % 5] AS status,
			'pra_' || i % 11 AS practitioner_id
		FROM (SELECT i, timestamptz '2029-12-30 12:00Z' + random() * interval '60 days' AS t FROM generate_series(101, 1100) i) x) r;
INSERT INTO app.document (n) VALUES (9999);
ALTER TABLE app.document ALTER a DROP DEFAULT;

CREATE INDEX document_starts_at ON app.document (ext.appointment_starts_at(a));
CREATE INDEX document_during ON app.document USING gist (during);
CREATE INDEX document_a ON app.document (a) WHERE n > 100;
CREATE INDEX document_hash ON app.document USING hash (a);
CREATE UNIQUE INDEX document_id ON app.document ((a OPERATOR(ext.->>) 'source'), ext.appointment_id(a)) WHERE n > 100;
CREATE INDEX document_open ON app.document (status) WHERE ext.appointment_status(a) NOT IN ('cancelled', 'no_show');
CREATE INDEX document_occupancy ON app.document USING gist (ext.appointment_occupancy(a));
CREATE STATISTICS app.document_statistics ON (ext.appointment_status(a)), (a OPERATOR(ext.->>) 'practitioner_id') FROM app.document;

CREATE TABLE app.event (e ext.appointment_event NOT NULL);
INSERT INTO app.event SELECT ext.appointment_event_from_json(doc, format) FROM app.inbox WHERE format = 'appointment_one';
INSERT INTO app.event SELECT ext.appointment_event_set(e, 'id', to_jsonb('e' || i)) FROM app.event, generate_series(1, 200) i;
CREATE UNIQUE INDEX event_e ON app.event (e);
CREATE INDEX event_hash ON app.event USING hash (e);

-- recurrence rules; the text beside each says what it was
CREATE DOMAIN app.weekly AS ext.rrule CHECK (VALUE::text LIKE 'FREQ=WEEKLY%');
CREATE TABLE app.plan (n int PRIMARY KEY, rule ext.rrule NOT NULL DEFAULT 'FREQ=DAILY', text text GENERATED ALWAYS AS ((rule::text)) STORED, starts_at timestamp NOT NULL DEFAULT '2030-01-01 16:00', zone text NOT NULL DEFAULT 'Europe/Berlin',
	weekly app.weekly, list ext.rrule[]);
INSERT INTO app.plan (n, rule, list) SELECT i, r.rule, ARRAY[r.rule, NULL]
	FROM generate_series(1, 200) i, LATERAL (SELECT (ARRAY['FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=' || i, 'FREQ=MONTHLY;COUNT=' || i + 2 || ';BYDAY=-1FR'])[1 + (i + 1) % 2]::ext.rrule AS rule) r;
INSERT INTO app.plan (n, weekly) VALUES (9999, 'FREQ=WEEKLY');
CREATE INDEX plan_rule ON app.plan (rule);
CREATE INDEX plan_hash ON app.plan USING hash (rule);
CREATE TABLE app.shift (n int PRIMARY KEY, hours ext.open_hours NOT NULL DEFAULT 'UTC 24/7', hours_text text NOT NULL, taken ext.busy NOT NULL, taken_text text NOT NULL);
INSERT INTO app.shift (n, hours, hours_text, taken, taken_text)
	SELECT i, h, h::text, b, b::text FROM generate_series(1, 100) i, LATERAL (SELECT ('Europe/Berlin Mo-Fr 09:00-17:00 capacity ' || i || '; 12:00-13:00 off')::ext.open_hours AS h) x,
		LATERAL (SELECT ext.busy_agg('2030-01-01 10:00Z', '2030-01-01 11:00Z', i, 0, n) AS b FROM generate_series(1, 1 + i % 5) n) y;
CREATE INDEX shift_hours ON app.shift (hours);
CREATE INDEX shift_taken ON app.shift USING hash (taken);
CREATE VIEW app.occurrence AS SELECT n, t FROM app.plan, ext.rrule_occurrences(rule, starts_at, zone, max => 10) AS t;

-- domains, arrays, composite types, inheritance
CREATE DOMAIN app.sound AS ext.appointment CONSTRAINT is_sound CHECK (ext.appointment_is_sound(VALUE));
CREATE TYPE app.pair AS (a ext.appointment, o ext.occupancy);
CREATE TABLE app.shape (n int, s app.sound, list ext.appointment[], p app.pair, os ext.occupancy[]);
INSERT INTO app.shape SELECT n, a, ARRAY[a, NULL, a], ROW(a, ext.appointment_occupancy(a))::app.pair, ARRAY[ext.appointment_occupancy(a)]
	FROM app.document WHERE ext.appointment_is_sound(a) AND n > 100 ORDER BY n LIMIT 20;
CREATE TABLE app.child (extra ext.occupancy DEFAULT '[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){*}') INHERITS (app.shape);
INSERT INTO app.child (n) VALUES (1);

-- ---------------------------------------------------------------------
-- no double booking
-- ---------------------------------------------------------------------

CREATE TABLE app.held (
	id int PRIMARY KEY,
	o ext.occupancy NOT NULL,
	CONSTRAINT held_no_overlap EXCLUDE USING gist (o WITH OPERATOR(ext.&&))
);
INSERT INTO app.held
	SELECT i, ext.occupancy(t, t + interval '1 hour', ARRAY['r' || i % 97, 'x' || i], 'org_' || i % 3)
	FROM (SELECT i, timestamptz '2030-01-01' + random() * interval '300 days' AS t FROM generate_series(1, 3000) i) x
	ON CONFLICT DO NOTHING;
CREATE INDEX held_o ON app.held (o);
CREATE INDEX held_hash ON app.held USING hash (o);
CREATE TABLE app.question AS
	SELECT i AS id, ext.occupancy(t, t + interval '30 days', ARRAY['r' || i % 97], 'org_' || i % 3) AS o
	FROM (SELECT i, timestamptz '2030-01-01' + random() * interval '300 days' AS t FROM generate_series(1, 100) i) x;

-- life cycles of the user's own
INSERT INTO ext.appointment_lifecycle (lifecycle, from_status, to_status, requires, not_after)
	SELECT 'clinic', from_status, to_status, requires, not_after FROM ext.appointment_lifecycle WHERE lifecycle = 'default';
UPDATE ext.appointment_lifecycle SET requires = '{changed_by}', not_after = 'starts_at' WHERE lifecycle = 'clinic' AND to_status = 'cancelled';
INSERT INTO ext.appointment_lifecycle (lifecycle, from_status, to_status) VALUES ('clinic', 'completed', 'billed');

CREATE TYPE app.kind AS ENUM ('visit', 'call');
CREATE TABLE app.booking (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	organisation_id text NOT NULL,
	practitioner_id int,
	room_id uuid,
	resource_ids text[],
	kind app.kind,
	starts_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL,
	status text NOT NULL DEFAULT 'pending',
	cancelled_at timestamptz,
	history jsonb,
	CONSTRAINT booking_no_overlap EXCLUDE USING gist (
		ext.occupancy_buffer(ext.occupancy(starts_at, ends_at,
			resource_ids || ext.resource_key('pra', practitioner_id) || ext.resource_key('room', room_id), organisation_id), 0, 5) WITH OPERATOR(ext.&&))
		WHERE (status IS DISTINCT FROM 'cancelled')
);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app.booking FOR EACH ROW
	EXECUTE FUNCTION ext.appointment_enforce_lifecycle('status', 'clinic', 'history=history', 'cancelled_at=cancelled_at', 'starts_at=starts_at');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON app.booking FOR EACH ROW
	EXECUTE FUNCTION ext.occupancy_guard('booking_no_overlap', 'on_conflict=skip');
SELECT ext.appointment_create_change_log('app.log') \gset
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.booking FOR EACH ROW
	EXECUTE FUNCTION ext.appointment_log_changes('log', 'id', 'status=status', 'starts_at=starts_at', 'ends_at=ends_at', 'values=organisation_id,kind');
SET appointment.actor = 'usr_1';
INSERT INTO app.booking (organisation_id, practitioner_id, room_id, resource_ids, kind, starts_at, ends_at, status)
	SELECT 'org_' || i % 2, i % 13, ('00000000-0000-0000-0000-0000000000' || lpad((i % 7)::text, 2, '0'))::uuid, ARRAY['bed_' || i % 5, NULL], 'visit', t, t + interval '20 minutes',
		(ARRAY['pending', 'scheduled'])[1 + i % 2]
	FROM (SELECT i, timestamptz '2040-01-01' + random() * interval '40 days' AS t FROM generate_series(1, 1000) i) x;
UPDATE app.booking SET status = 'cancelled' WHERE id % 9 = 0;
UPDATE app.booking SET status = 'arrived' WHERE id % 9 = 2 AND status = 'scheduled';
DELETE FROM app.booking WHERE id % 50 = 1;
RESET appointment.actor;

-- a live table's way: a plain index, the guard and a column of type appointment
CREATE TABLE app.diary (id int PRIMARY KEY, a ext.appointment NOT NULL);
INSERT INTO app.diary SELECT n, a FROM app.document WHERE n > 100;
CREATE INDEX diary_held ON app.diary USING gist (ext.appointment_occupancy(a, '{practitioner_id}', '{cancelled}', NULL));
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app.diary FOR EACH ROW EXECUTE FUNCTION ext.appointment_enforce_lifecycle('a', 'default', 'mode=record');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON app.diary FOR EACH ROW EXECUTE FUNCTION ext.occupancy_guard('diary_held');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.diary FOR EACH ROW
	WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ext.appointment_log_changes('log', 'id', 'status=a');

-- partitions
CREATE TABLE app.visit (id int, day date, o ext.occupancy, status text, a ext.appointment) PARTITION BY RANGE (day);
CREATE TABLE app.visit_1 PARTITION OF app.visit FOR VALUES FROM ('2030-01-01') TO ('2030-02-01');
CREATE TABLE app.visit_2 (a ext.appointment, status text, gone text, day date, o ext.occupancy, id int);
ALTER TABLE app.visit_2 DROP gone;
ALTER TABLE app.visit ATTACH PARTITION app.visit_2 FOR VALUES FROM ('2030-02-01') TO ('2030-03-01');
CREATE INDEX visit_held ON app.visit USING gist (o) WHERE status IS DISTINCT FROM 'cancelled';
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app.visit FOR EACH ROW EXECUTE FUNCTION ext.appointment_enforce_lifecycle('status', 'default');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.visit FOR EACH ROW EXECUTE FUNCTION ext.appointment_log_changes('log', 'id', 'status=status');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON app.visit FOR EACH ROW EXECUTE FUNCTION ext.occupancy_guard('visit_held', 'on_conflict=skip');
INSERT INTO app.visit
	SELECT i, t, ext.occupancy(t, t + interval '50 minutes', ARRAY['r' || i % 5]), 'pending', NULL
	FROM (SELECT i, timestamptz '2030-01-01' + random() * interval '58 days' AS t FROM generate_series(1, 500) i) x;
ALTER TABLE app.visit_1 ENABLE ALWAYS TRIGGER zz_guard;

-- ---------------------------------------------------------------------
-- what else a database builds on them
-- ---------------------------------------------------------------------

CREATE VIEW app.report AS
	SELECT n, ext.appointment_id(a) AS id, a OPERATOR(ext.->>) 'practitioner_id' AS who, a OPERATOR(ext.->) 'status_history' AS history,
		ext.appointment_to_json(a, 'caspen') AS caspen, a::jsonb AS canonical
	FROM app.document WHERE ext.appointment_starts_at(a) > '2000-01-01';
CREATE VIEW app.list AS SELECT ext.appointment_json_agg(a, 'avon' ORDER BY a) AS avon FROM app.document WHERE n < 5;
CREATE MATERIALIZED VIEW app.busy AS
	SELECT d.n, h.id, d.a OPERATOR(ext.<) d.a AS less FROM app.document d JOIN app.held h
		ON h.o OPERATOR(ext.&&) ext.occupancy_all(ext.appointment_starts_at(d.a), ext.appointment_ends_at(d.a), 'org_1') WHERE d.n > 100;
CREATE INDEX ON app.busy (id);
CREATE FUNCTION app.next(s text) RETURNS SETOF text LANGUAGE sql STABLE
	BEGIN ATOMIC SELECT * FROM ext.appointment_next_statuses(s, 'clinic'); END;
CREATE FUNCTION app.is_free(o ext.occupancy) RETURNS boolean LANGUAGE sql STABLE
	AS 'SELECT NOT EXISTS (SELECT FROM app.held h WHERE h.o OPERATOR(ext.&&) $1)';
ALTER TABLE app.held ENABLE ROW LEVEL SECURITY;
CREATE POLICY held_policy ON app.held USING (ext.occupancy_scope(o) IS NOT NULL) WITH CHECK (NOT ext.occupancy_is_all(o));
CREATE RULE no_news AS ON UPDATE TO app.event WHERE NEW.e OPERATOR(ext.=) OLD.e DO INSTEAD NOTHING;
CREATE CAST (app.pair AS ext.occupancy) WITH INOUT;
COMMENT ON COLUMN app.held.o IS 'what is held';
GRANT SELECT ON app.held, app.report TO PUBLIC;
REVOKE EXECUTE ON FUNCTION ext.appointment_erase(ext.appointment) FROM PUBLIC;
REVOKE SELECT ON ext.appointment_lifecycle FROM PUBLIC;
ANALYZE;
