--
-- Notices: until when an appointment can be cancelled or moved, by its own
-- notices and by a life cycle; the document for the client, the function that
-- tells the deadline, and what is refused agree
--
CREATE SCHEMA regress_policies;
SET search_path = regress_policies, public;
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';

-- What becomes of a call: the result, or all that its error says.
CREATE FUNCTION attempt(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
	hint text;
BEGIN
	EXECUTE 'SELECT (' || call || ')::text' INTO result;
	RETURN coalesce(result, 'NULL');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS result = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || result, nullif(detail, ''), nullif(hint, ''));
END $$;

-- ---------------------------------------------------------------------
-- change_deadline
-- ---------------------------------------------------------------------

-- The clocks of Berlin go forward on 29 March 2026 and back on 25 October.
SELECT starts_at, notice, change_deadline(starts_at, notice) AS elapsed, change_deadline(starts_at, notice, 'Europe/Berlin') AS wall_clock,
	change_deadline(starts_at, notice, 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin' AS shown
FROM (VALUES ('2026-03-29 10:00+02'::timestamptz, '1 day'::interval), ('2026-03-29 10:00+02', '24 hours'), ('2026-03-30 10:00+02', '1 day 2 hours'),
	('2026-10-25 10:00+01', '1 day'), ('2026-10-25 10:00+01', '24 hours'), ('2026-11-01 09:00+01', '1 week'),
	-- a day before there is no such time, or there are two of them
	('2026-03-30 02:30+02', '1 day'), ('2026-10-26 02:30+01', '1 day'),
	-- a month that is too short
	('2026-03-31 12:00+02', '1 month'), ('2024-03-31 12:00+02', '1 month'), ('2026-01-15 12:00+01', '1 year 1 month'), ('2024-02-29 12:00+01', '1 year'),
	('2026-03-01 12:00+01', '0'), ('2026-03-01 12:00+01', '1 microsecond'), ('2026-03-01 12:00+01', '1 day -2 hours'),
	-- what would be after it is not
	('2026-03-01 12:00+01', '1 month -30 days')) AS v (starts_at, notice);
-- not the session's zone
SET timezone = 'America/New_York';
SELECT change_deadline('2026-03-29 10:00+02', '1 day') AT TIME ZONE 'UTC' AS elapsed, change_deadline('2026-03-29 10:00+02', '1 day', 'Europe/Berlin') AT TIME ZONE 'UTC' AS wall_clock;
SET timezone = 'UTC';
-- the edges
SELECT call, attempt(call) FROM unnest(ARRAY[
	$$change_deadline(NULL, '1 day')$$, $$change_deadline('2026-03-01', NULL)$$, $$change_deadline('2026-03-01', '1 day', NULL)$$,
	$$change_deadline('infinity', '1 day')$$, $$change_deadline('-infinity', '1 day', 'Europe/Berlin')$$,
	$$change_deadline('4713-01-01 BC', '1 day')$$, $$change_deadline('4714-11-24 BC', '1 microsecond')$$, $$change_deadline('4714-11-24 BC', '1 day', 'Asia/Tokyo')$$,
	$$change_deadline('2026-03-01', '178000000 years')$$, $$change_deadline('2026-03-01', '2147483647 months')$$, $$change_deadline('2026-03-01', '2147483647 days', 'Asia/Tokyo')$$,
	$$change_deadline('2026-03-01', '2562047788 hours')$$, $$change_deadline('294276-12-31 23:59:59', '1 day', 'Asia/Tokyo')$$,
	$$change_deadline('294276-12-31 23:59:59', '2147483647 months -2147483648 days')$$,
	$$change_deadline('2026-03-01', '-1 day')$$, $$change_deadline('2026-03-01', '-1 microsecond')$$, $$change_deadline('2026-03-01', '1 day -25 hours')$$,
	$$change_deadline('2026-03-01', '1 day', 'Europe/Nowhere')$$, $$change_deadline('2026-03-01', '1 day', '')$$, $$change_deadline('2026-03-01', '1 day', 'UTC+5')$$
]) AS call;
-- As the server's own arithmetic in a session of that zone, but for local times
-- that come twice, where this takes the first.
SELECT setseed(0.15), 'seed 0.15' AS seed;
CREATE TABLE generated AS
SELECT n, '2026-01-01Z'::timestamptz + random() * interval '3 years' AS starts_at,
	make_interval(months => CASE WHEN random() < 0.3 THEN (random() * 20)::int ELSE 0 END, days => (random() * 40)::int, secs => (random() * 200000)::int) AS notice
FROM generate_series(1, 3000) n;
CREATE FUNCTION core_deadline(starts_at timestamptz, notice interval, zone text) RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('timezone', zone, true);
	RETURN starts_at - make_interval(months => extract(year FROM notice)::int * 12 + extract(month FROM notice)::int, days => extract(day FROM notice)::int)
		- make_interval(hours => extract(hour FROM notice)::int, mins => extract(minute FROM notice)::int, secs => extract(second FROM notice));
END $$;
BEGIN;
SELECT zone, count(*) FILTER (WHERE ours = core) > 2900 AS nearly_all, count(*) FILTER (WHERE ours <> core AND ours <> core - interval '1 hour') AS otherwise
FROM unnest(ARRAY['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']) AS zone, generated,
	LATERAL (SELECT change_deadline(starts_at, notice, zone) AS ours, core_deadline(starts_at, notice, zone) AS core) x
GROUP BY zone ORDER BY zone;
ROLLBACK;
SELECT count(*) AS elapsed FROM generated WHERE change_deadline(starts_at, notice) IS DISTINCT FROM change_deadline(starts_at, notice, 'UTC');

-- ---------------------------------------------------------------------
-- the fields
-- ---------------------------------------------------------------------

SELECT doc, attempt(format('%L::appointment', doc)) FROM unnest(ARRAY['{"cancellation_notice":1440,"rescheduling_notice":0}', '{"cancellation_notice":null}',
	'{"cancellation_notice":2147483647}', '{"cancellation_notice":2147483648}', '{"rescheduling_notice":-1}', '{"rescheduling_notice":1.5}', '{"rescheduling_notice":"60"}']) AS doc;
SELECT value, attempt(format('appointment_set(%L, %L, %L)', '{"id":"a"}', 'cancellation_notice', value)) FROM unnest(ARRAY['60', '-1', '1e3', 'null', '"x"', '99999999999']) AS value;
-- of rows, whole minutes
SELECT appointment_from_row(r) FROM (SELECT 'a' AS id, 60::smallint AS cancellation_notice, interval '1 day 2 hours' AS rescheduling_notice) r;
SELECT appointment_from_row(r) FROM (SELECT 'a' AS id, NULL::int AS cancellation_notice, 90::numeric AS rescheduling_notice) r;
SELECT call, attempt('SELECT appointment_from_row(r) FROM (SELECT ' || call || ' AS cancellation_notice) r') FROM unnest(ARRAY['-1', '2147483648', 'interval ''-1 day''', 'interval ''1 month''', 'interval ''1 second''', '''60''::text']) AS call;
-- an option of reading is what holds for all the documents of an import; a
-- document's own member of that name is not one of the service
SELECT appointment_from_json('{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1,"end_time":2,"cancellation_notice":5}', 'avon', '{"cancellation_notice":60}') -> 'cancellation_notice' AS of_option;
SELECT appointment_from_json('{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1,"end_time":2}', 'avon') -> 'cancellation_notice' AS of_none;
SET appointment.cancellation_notice = '1d';
SELECT appointment_from_json('{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1,"end_time":2}', 'avon') -> 'cancellation_notice' AS not_of_setting;
RESET appointment.cancellation_notice;

-- the policy as it is goes with what is made
BEGIN;
SET LOCAL appointment.cancellation_notice = '1d';
SET LOCAL appointment.rescheduling_notice = '2h';
CREATE TEMP TABLE made AS SELECT appointment_from_request('{"name":"n","description":"","group":false,"internal":false,"appointment_type":"aptp_3XxtAULYUrX7GVsTKePy","host":"user_Z1zXZKvqrpwxbznuW6lJ",
	"start_time":1772438400000,"end_time":1772440200000,"attendees":["user_IsW3SoxZQxW0agHKyP2V"],"created_by":"user_xeDpGyt67wTor93qKtS7"}', 'avon') AS a
UNION ALL SELECT appointment_from_event('{"id":"e","status":"active","duration":45}', '2026-03-02 08:00Z');
SET LOCAL appointment.cancellation_notice = -1;
SET LOCAL appointment.rescheduling_notice = 5;
SELECT a -> 'cancellation_notice' AS cancellation, a -> 'rescheduling_notice' AS rescheduling, appointment_deadline(a, 'cancelled') AS deadline FROM made;
SELECT appointment_from_event('{"id":"e","status":"active","duration":45}', '2026-03-02 08:00Z') -> 'cancellation_notice' AS nobody_asks;
COMMIT;
-- a client cannot set it lower: no request of any service takes it
SELECT format, kind, name, attempt(format('appointment_apply_request(%L, %L, %L, %L)', '{"id":"a","status":"scheduled","cancellation_notice":1440}', json_build_object(name, 0), format, kind))
FROM (VALUES ('caspen', 'update'), ('sqod', 'update'), ('avon', 'update'), ('savvycal', 'cancel'), ('savvycal', 'reschedule')) AS f (format, kind),
	unnest(ARRAY['cancellation_notice', 'rescheduling_notice']) AS name;

-- ---------------------------------------------------------------------
-- what comes too late
-- ---------------------------------------------------------------------

-- Cancelling a day before 10:00 on 2 March, and moving two hours before.
CREATE TABLE visit AS SELECT '{"id":"appt_2UxtAULYUrX7GVsTKePy","name":"Rumpelstilzchen","starts_at":"2026-03-02T10:00:00Z","ends_at":"2026-03-02T10:30:00Z","time_zone":"UTC","status":"scheduled",
	"cancellation_notice":1440,"rescheduling_notice":120}'::appointment AS a;
SELECT appointment_deadline(a, 'cancelled') AS cancel, appointment_deadline(a, 'rescheduled') AS reschedule, appointment_deadline(a, 'arrived') AS arrive, appointment_deadline(a, 'completed') AS complete FROM visit;
SELECT appointment_transition(a, 'cancelled', '2026-03-01 10:00Z') ->> 'status' AS in_time FROM visit;
SELECT appointment_transition(a, 'cancelled', '2026-03-01 10:00:00.000001Z') FROM visit;
SELECT appointment_transition(a, 'canceled', '2026-03-01 10:00:01Z', exempt => NULL) FROM visit;
SELECT appointment_transition(a, 'cancelled', '2026-03-01 10:00:01Z', exempt => true) ->> 'status' AS exempt FROM visit;
SELECT appointment_transition(a, 'no_show', '2026-03-02 11:00:01Z') ->> 'status' AS no_cancelling FROM visit;
SELECT appointment_apply_request(a, '{}', 'savvycal', 'cancel', '2026-03-01 10:00Z') ->> 'status' AS in_time FROM visit;
SELECT appointment_apply_request(a, '{}', 'savvycal', 'cancel', '2026-03-01 10:00:00.000001Z') FROM visit;
SELECT appointment_apply_request(a, '{}'::jsonb, 'savvycal', 'cancel', '2026-03-01 10:00:01Z', exempt => true) ->> 'status' AS exempt FROM visit;
SELECT appointment_reschedule(a, '2026-03-09 10:00Z', at => '2026-03-02 08:00Z') ->> 'starts_at' AS in_time FROM visit;
SELECT appointment_reschedule(a, '2026-03-09 10:00Z', at => '2026-03-02 08:00:01Z') FROM visit;
SELECT appointment_reschedule(a, '2026-03-09 10:00Z', at => '2026-03-02 08:00:01Z', exempt => true) ->> 'starts_at' AS exempt FROM visit;
-- the end, too, but not if nothing moves
SELECT appointment_reschedule(a, '2026-03-02 10:00Z', '2026-03-02 11:00Z', at => '2026-03-02 08:00:01Z') FROM visit;
SELECT appointment_reschedule(a, '2026-03-02 10:00Z', at => '2026-03-02 08:00:01Z') ->> 'starts_at' AS not_moved FROM visit;
SELECT appointment_apply_request(a, '{"start_at":"2026-03-09T10:00","end_at":"2026-03-09T10:30","time_zone":"Europe/Berlin"}'::json, 'savvycal', 'reschedule', '2026-03-02 08:00Z') ->> 'starts_at' AS in_time FROM visit;
SELECT appointment_apply_request(a, '{"start_at":"2026-03-09T10:00","end_at":"2026-03-09T10:30","time_zone":"Europe/Berlin"}'::json, 'savvycal', 'reschedule', '2026-03-02 08:00:01Z') FROM visit;
SELECT appointment_apply_request(a, '{"start_at":"2026-03-09T10:00","end_at":"2026-03-09T10:30","time_zone":"Europe/Berlin"}'::json, 'savvycal', 'reschedule', '2026-03-02 08:00:01Z', true) ->> 'starts_at' AS exempt FROM visit;
-- whatever the kind of request
SELECT appointment_apply_request(a, '{"starts_at":"2026-03-09T10:00:00Z","ends_at":"2026-03-09T10:30:00Z"}', 'caspen', 'update', '2026-03-02 08:00:01Z') FROM visit;
SELECT appointment_apply_request(a, '{"status":"canceled"}', 'sqod', 'update', '2026-03-01 10:00:00.000001Z') FROM visit;
SELECT appointment_apply_request(a, '{"duration_in_minutes":60}', 'sqod', 'update', '2026-03-02 08:00:00.000001Z') FROM visit;
SELECT appointment_apply_request(a, '{"note":"x"}', 'caspen', 'update', '2026-03-02 08:00:01Z') ->> 'note' AS something_else FROM visit;
-- what was cancelled is not cancelled again, and what was late stays so
SELECT appointment_apply_request(appointment_transition(a, 'cancelled', '2026-03-01 10:00Z'), '{"custom_reason_text":"x"}', 'savvycal', 'cancel', '2026-03-02 09:00Z') ->> 'cancelled_at' AS again FROM visit;
-- now is the time where none is given: this was long ago
SELECT attempt(format(call, a)) FROM visit, unnest(ARRAY['appointment_transition(%L, ''cancelled'')', 'appointment_reschedule(%L, ''2999-03-09 10:00Z'')',
	'appointment_apply_request(%L, ''{}'', ''savvycal'', ''cancel'')']) AS call;

-- The policy changes; what counts is what was agreed on.
SET appointment.cancellation_notice = 0;
SELECT attempt(format('appointment_transition(%L, %L, %L)', a, 'cancelled', '2026-03-01 10:00:01Z')) FROM visit;
SELECT options, appointment_to_json(a, 'savvycal', options) -> 'cancellation' ->> 'disabled_message' AS own_notice_first
FROM appointment_set('{"status":"scheduled","cancellation_notice":1440}', 'starts_at', to_jsonb(now() + interval '23 hours')) AS a, unnest(ARRAY[NULL, '{"cancellation_notice":5}']::jsonb[]) AS options;
SELECT appointment_to_json(a, 'savvycal', '{"cancellation_notice":5,"rescheduling_notice":1500}') -> m AS then_the_option
FROM appointment_set('{"status":"scheduled","cancellation_notice":null}', 'starts_at', to_jsonb(now() + interval '23 hours')) AS a, unnest(ARRAY['cancellation', 'rescheduling']) AS m;
-- What a document carries goes stale.
SELECT appointment_to_json(a, 'savvycal') -> 'cancellation' AS derived_anew
FROM appointment_set('{"source":"savvycal","status":"scheduled","cancellation_notice":1440,"cancellation":{"allowed":true,"disabled_message":null}}', 'starts_at', to_jsonb(now() + interval '23 hours')) AS a;
RESET appointment.cancellation_notice;
-- Only who may write the value sets it lower.
SELECT appointment_transition(appointment_set(a, 'cancellation_notice', '60'), 'cancelled', '2026-03-02 09:00Z') ->> 'status' AS lowered FROM visit;

-- no notice, none that is null, no times, no start
SELECT doc, appointment_deadline(doc::appointment, 'cancelled') AS cancel, appointment_deadline(doc::appointment, 'rescheduled') AS reschedule,
	appointment_transition(doc::appointment, 'cancelled', '2026-03-02 09:59Z') ->> 'status' AS cancelled,
	appointment_to_json(doc::appointment, 'savvycal') -> 'cancellation' ->> 'allowed' AS allowed
FROM unnest(ARRAY['{"starts_at":"2999-03-02T10:00:00Z","status":"scheduled"}', '{"starts_at":"2999-03-02T10:00:00Z","status":"scheduled","cancellation_notice":null}',
	'{"status":"scheduled","cancellation_notice":1440}', '{"ends_at":"2999-03-02T10:00:00Z","status":"scheduled","cancellation_notice":1440,"rescheduling_notice":1}',
	'{"starts_at":null,"status":"scheduled","cancellation_notice":1440}']) AS doc;
SELECT appointment_reschedule('{"status":"scheduled","rescheduling_notice":2147483647}', '2026-03-02 10:00Z', '2026-03-02 11:00Z', at => '2026-03-02 09:59Z') ->> 'starts_at' AS first_time;
-- longer than it is away, and than there are years
SELECT appointment_deadline('{"starts_at":"2026-03-02T10:00:00Z","status":"scheduled","cancellation_notice":2147483647}', 'cancelled') AS deadline;
SELECT attempt($$appointment_transition('{"starts_at":"2026-03-02T10:00:00Z","status":"scheduled","cancellation_notice":2147483647}', 'cancelled', '0001-01-01Z')$$);
SELECT attempt($$appointment_reschedule('{"starts_at":"0001-01-01T00:00:00Z","status":"scheduled","rescheduling_notice":1}', '2026-03-02', at => '0001-01-01Z')$$);
-- zero: until the start, which is the last instant
SELECT attempt(format('appointment_transition(%L, %L, %L) ->> ''status''', '{"starts_at":"2026-03-02T10:00:00Z","status":"scheduled","cancellation_notice":0}', 'cancelled', at)) FROM unnest(ARRAY['2026-03-02 10:00Z', '2026-03-02 10:00:00.000001Z']) AS at;
-- An appointment of a series has the notices of the first.
SELECT array_agg(DISTINCT s -> 'cancellation_notice') AS notices, count(*) FROM appointment_series('{"id":"a","starts_at":"2026-03-02T10:00:00Z","ends_at":"2026-03-02T11:00:00Z","time_zone":"UTC","cancellation_notice":60}', 'FREQ=DAILY;COUNT=3') AS s;
-- What is put right after a change of a zone's rules is not moved.
SELECT appointment_reschedule('{"starts_at":"2026-03-02T09:00:00Z","ends_at":"2026-03-02T09:30:00Z","time_zone":"Europe/Berlin","local_starts_at":"2026-03-02T11:00:00","status":"scheduled","rescheduling_notice":1440}',
	'2026-03-02 10:00Z', at => '2026-03-02 08:00Z') ->> 'starts_at' AS put_right;
SELECT attempt($$appointment_reschedule('{"starts_at":"2026-03-02T09:00:00Z","ends_at":"2026-03-02T09:30:00Z","time_zone":"Europe/Berlin","local_starts_at":"2026-03-02T11:00:00","status":"scheduled","rescheduling_notice":1440}',
	'2026-03-02 10:00Z', '2026-03-02 11:00Z', at => '2026-03-02 08:00Z')$$);

-- ---------------------------------------------------------------------
-- appointment_deadline
-- ---------------------------------------------------------------------

SELECT call, attempt(call) FROM unnest(ARRAY[
	$$appointment_deadline(NULL, 'cancelled')$$, $$appointment_deadline('{}', NULL)$$, $$appointment_deadline('{}', 'cancelled', NULL)$$, $$appointment_deadline('{}', 'cancelled', 'none')$$,
	$$appointment_deadline('{"status":"scheduled"}', 'on hold')$$, $$appointment_deadline('{"status":"scheduled"}', '{"name":"Rumpelstilzchen"}')$$, $$appointment_deadline('{"status":"odd"}', 'cancelled')$$,
	$$appointment_deadline('{}', 'scheduled')$$, $$appointment_deadline('{}', 'cancelled')$$, $$appointment_deadline('{"status":"scheduled"}', 'canceled')$$, $$appointment_deadline('{"status":"completed"}', 'cancelled')$$,
	$$appointment_deadline('{"status":"pending","ends_at":"2026-03-02T10:00:00Z"}', 'cancelled', 'caspen')$$, $$appointment_deadline('{"status":"pending"}', 'cancelled', 'caspen')$$,
	$$appointment_deadline('{"status":"booked","starts_at":"2026-03-02T10:00:00Z","cancellation_notice":60}', 'cancelled', 'fhir')$$]) AS call;

-- ---------------------------------------------------------------------
-- a life cycle with a notice
-- ---------------------------------------------------------------------

CREATE ROLE regress_policies_desk;
CREATE ROLE regress_policies_nurse IN ROLE regress_policies_desk;
CREATE ROLE regress_policies_client;
GRANT USAGE ON SCHEMA regress_policies TO regress_policies_nurse, regress_policies_client;
INSERT INTO appointment_lifecycle (lifecycle, from_status, to_status, not_after, notice, exempt) VALUES
	('policies', NULL, 'scheduled', NULL, NULL, NULL), ('policies', 'scheduled', 'arrived', 'ends_at', NULL, NULL),
	('policies', 'scheduled', 'cancelled', 'starts_at', '1 day', 'regress_policies_desk'), ('policies', 'cancelled', 'scheduled', 'starts_at', '2 hours', NULL),
	('policies', 'scheduled', 'rescheduled', 'ends_at', '1 mon 2 days 03:04:05.5', 'regress_policies_nobody');
SELECT lifecycle, from_status, to_status, not_after, notice, exempt FROM appointment_lifecycle WHERE lifecycle = 'policies' ORDER BY from_status NULLS FIRST, to_status;
SELECT appointment_lifecycle_diagram('policies');
SET intervalstyle = 'iso_8601';
SELECT appointment_lifecycle_diagram('policies') LIKE '%1 mon 2 days%' AS whatever_the_style;
RESET intervalstyle;
SELECT array_agg(next) AS next FROM appointment_next_statuses('scheduled', 'policies') AS next;
-- what cannot be a row
\set VERBOSITY sqlstate
INSERT INTO appointment_lifecycle (lifecycle, to_status, not_after, notice) VALUES ('policies', 'a', 'starts_at', '-1 day');
INSERT INTO appointment_lifecycle (lifecycle, to_status, notice) VALUES ('policies', 'a', '1 day');
INSERT INTO appointment_lifecycle (lifecycle, to_status, exempt) VALUES ('policies', 'a', '');
UPDATE appointment_lifecycle SET notice = '1 day', not_after = 'starts_at' WHERE lifecycle = 'savvycal';
UPDATE appointment_lifecycle SET exempt = 'regress_policies_desk' WHERE lifecycle = 'default';
\set VERBOSITY default

CREATE VIEW booked AS SELECT '{"id":"a","starts_at":"2026-03-29T08:00:00Z","ends_at":"2026-03-29T09:00:00Z","time_zone":"Europe/Berlin","status":"scheduled"}'::appointment AS a;
GRANT SELECT ON booked TO regress_policies_client;
SET ROLE regress_policies_client;
-- the days of its zone, else 24 hours
SELECT appointment_deadline(a, 'cancelled', 'policies') AS berlin, appointment_deadline(appointment_set(a, 'time_zone', NULL), 'cancelled', 'policies') AS no_zone,
	appointment_deadline(appointment_set(a, 'cancellation_notice', '2880'), 'cancelled', 'policies') AS own_is_earlier,
	appointment_deadline(appointment_set(a, 'cancellation_notice', '60'), 'cancelled', 'policies') AS own_is_later,
	appointment_deadline(appointment_set(a, 'starts_at', NULL), 'cancelled', 'policies') AS no_start,
	appointment_deadline(a, 'arrived', 'policies') AS arrive, appointment_deadline(a, 'rescheduled', 'policies') AS a_status
FROM booked \gx
SELECT appointment_deadline(a, 'cancelled', 'policies') AS deadline, appointment_transition(a, 'cancelled', '2026-03-28 09:00Z', lifecycle => 'policies') ->> 'status' AS in_time FROM (SELECT '{"starts_at":"2026-03-29T08:00:00Z","time_zone":"Europe/Berlin","status":"scheduled"}'::appointment AS a) v;
-- exempt is from the appointment's own notice; the actor is whatever is said
SELECT appointment_transition('{"starts_at":"2026-03-29T08:00:00Z","time_zone":"Europe/Berlin","status":"scheduled","cancellation_notice":5000}', 'cancelled', '2026-03-28 09:00:00.1Z', 'regress_policies_desk', 'policies', exempt => true);
SELECT attempt($$appointment_transition('{"starts_at":"2026-03-29T08:00:00Z","status":"scheduled","cancellation_notice":5000}', 'cancelled', '2026-03-28 07:00:00Z', lifecycle => 'policies')$$);
SELECT attempt($$appointment_transition('{"ends_at":"2026-03-29T08:00:00Z","status":"scheduled"}', 'rescheduled', '2026-03-29 08:00:00Z', lifecycle => 'policies')$$);
RESET ROLE;
SET ROLE regress_policies_nurse;
SELECT appointment_deadline('{"starts_at":"2026-03-29T08:00:00Z","status":"scheduled","cancellation_notice":5000}', 'cancelled', 'policies') AS deadline,
	appointment_transition('{"starts_at":"2026-03-29T08:00:00Z","status":"scheduled","cancellation_notice":5000}', 'cancelled', '2026-04-28 09:00:00.1Z', lifecycle => 'policies') ->> 'status' AS member;
SELECT attempt($$appointment_transition('{"ends_at":"2026-03-29T08:00:00Z","status":"scheduled"}', 'rescheduled', '2026-03-29 08:00:00Z', lifecycle => 'policies')$$);
RESET ROLE;
-- who can only become one is none; a superuser is one, but not of a role that does not exist
REVOKE regress_policies_desk FROM regress_policies_nurse;
ALTER ROLE regress_policies_nurse NOINHERIT;
GRANT regress_policies_desk TO regress_policies_nurse;
SELECT current_setting('server_version_num')::int >= 160000 AS inherits_by_grant \gset
\if :inherits_by_grant
REVOKE INHERIT OPTION FOR regress_policies_desk FROM regress_policies_nurse;
\endif
SET ROLE regress_policies_nurse;
SELECT appointment_deadline('{"starts_at":"2026-03-29T08:00:00Z","status":"scheduled"}', 'cancelled', 'policies') AS no_privileges;
RESET ROLE;
SELECT appointment_deadline('{"starts_at":"2026-03-29T07:00:00Z","ends_at":"2026-03-29T08:00:00Z","status":"scheduled"}', 'cancelled', 'policies') AS superuser,
	appointment_deadline('{"starts_at":"2026-03-29T07:00:00Z","ends_at":"2026-03-29T08:00:00Z","status":"scheduled"}', 'rescheduled', 'policies') AS not_even_a_superuser;
-- a plan of before the role was there, or is gone
PREPARE deadline AS SELECT appointment_deadline('{"starts_at":"2026-03-29T07:00:00Z","ends_at":"2026-03-29T08:00:00Z","status":"scheduled"}', 'rescheduled', 'policies') AS deadline;
EXECUTE deadline;
CREATE ROLE regress_policies_nobody;
EXECUTE deadline;
DROP ROLE regress_policies_nobody;
EXECUTE deadline;

-- ---------------------------------------------------------------------
-- the document, the deadline and what is refused agree
-- ---------------------------------------------------------------------

-- Starts are around now, with notices around the time until then, to the
-- microsecond.
SELECT setseed(0.151), 'seed 0.151' AS seed;
CREATE FUNCTION instant(timestamptz) RETURNS text LANGUAGE sql AS $$ SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;
CREATE FUNCTION pick(anyarray) RETURNS anyelement LANGUAGE sql VOLATILE AS $$ SELECT $1[1 + floor(random() * cardinality($1))::int] $$;
BEGIN;
CREATE TABLE random_visit AS
SELECT n, jsonb_strip_nulls(jsonb_build_object('id', 'appt_2UxtAULYUrX7GVsTKePy',
	'starts_at', CASE WHEN random() < 0.9 THEN instant(now() + away * interval '1 minute' + off * interval '1 microsecond') END,
	'ends_at', instant(now() + away * interval '1 minute' + interval '1 hour'),
	'status', pick(ARRAY['pending', 'scheduled', 'scheduled', 'arrived', 'in_progress', 'completed', 'no_show', 'cancelled']),
	'cancellation_notice', CASE WHEN random() < 0.9 THEN greatest(away + pick(ARRAY[0, 0, 0, 1, -1, 60, -60]), 0) END,
	'rescheduling_notice', CASE WHEN random() < 0.9 THEN greatest(away + pick(ARRAY[0, 0, 0, 1, -1, 60, -60]), 0) END))::text::appointment AS a
FROM (SELECT n, floor(random() * 5000 - 500)::int AS away, pick(ARRAY[0, 0, 1, -1, 999, -999]) AS off FROM generate_series(1, 3000) n) v;
CREATE FUNCTION late(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE 'SELECT ' || call;
	RETURN 'done';
EXCEPTION WHEN check_violation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN coalesce(detail::jsonb ->> 'code', 'no step');
END $$;
CREATE TABLE answers AS
SELECT a ->> 'status' AS status, a -> 'cancellation_notice' IS NOT NULL AS c_known, a -> 'rescheduling_notice' IS NOT NULL AS r_known,
	a -> 'starts_at' IS NOT NULL AS has_start, (d -> 'cancellation' ->> 'allowed')::boolean AS c_allowed, (d -> 'rescheduling' ->> 'allowed')::boolean AS r_allowed,
	now() <= appointment_deadline(a, 'rescheduled') AS r_possible, now() <= appointment_deadline(a, 'cancelled') AS c_possible,
	late(format('appointment_transition(%L, ''cancelled'')', a)) AS transition,
	late(format('appointment_apply_request(%L, ''{}'', ''savvycal'', ''cancel'')', a)) AS cancel,
	late(format('appointment_reschedule(%L, ''2999-01-01'', ''2999-01-02'')', a)) AS reschedule,
	late(format('appointment_apply_request(%L, ''{"start_at":"2999-01-01T10:00:00Z","end_at":"2999-01-01T11:00:00Z","time_zone":"UTC"}'', ''savvycal'', ''reschedule'')', a)) AS request
FROM (SELECT a, appointment_to_json(a, 'savvycal') AS d FROM random_visit) v;
-- what can still be cancelled in the life cycle
SELECT c_allowed AS allowed, count(*) > 200 AS many, count(*) FILTER (WHERE (c_possible, transition, cancel) IS DISTINCT FROM (c_allowed, CASE WHEN c_allowed THEN 'done' ELSE 'too_late' END, CASE WHEN c_allowed THEN 'done' ELSE 'too_late' END)) AS disagree
FROM answers WHERE c_known AND status IN ('pending', 'scheduled', 'arrived') GROUP BY 1 ORDER BY 1;
-- in the document and requests alone
SELECT c_allowed AS allowed, count(*) > 50 AS many, count(*) FILTER (WHERE c_possible OR transition <> 'no step' OR cancel IS DISTINCT FROM CASE WHEN c_allowed THEN 'done' ELSE 'too_late' END) AS disagree
FROM answers WHERE c_known AND status = 'in_progress' GROUP BY 1 ORDER BY 1;
SELECT r_allowed AS allowed, count(*) > 200 AS many, count(*) FILTER (WHERE (r_possible, reschedule, request) IS DISTINCT FROM (r_allowed, CASE WHEN r_allowed THEN 'done' ELSE 'too_late' END, CASE WHEN r_allowed THEN 'done' ELSE 'too_late' END)) AS disagree
FROM answers WHERE r_known AND status NOT IN ('completed', 'no_show', 'cancelled') GROUP BY 1 ORDER BY 1;
-- without a notice, or a start, nothing is late
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE cancel <> 'done' OR transition = 'too_late') AS refused FROM answers WHERE NOT c_known OR NOT has_start;
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE 'too_late' IN (reschedule, request) OR NOT r_possible) AS refused FROM answers WHERE NOT r_known OR NOT has_start;
ROLLBACK;

-- With a life cycle, at any time and in any zone: refused if and only if it is
-- after the deadline, in the words of the error.
SELECT setseed(0.152), 'seed 0.152' AS seed;
CREATE FUNCTION refused(a appointment, at timestamptz, lifecycle text) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM appointment_transition(a, 'cancelled', at, lifecycle => lifecycle);
	RETURN NULL;
EXCEPTION WHEN check_violation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail::jsonb ->> 'deadline';
END $$;
INSERT INTO appointment_lifecycle (lifecycle, from_status, to_status, not_after, notice)
SELECT 'policies_' || n, 'scheduled', 'cancelled', CASE WHEN n % 3 = 0 THEN 'ends_at' ELSE 'starts_at' END, notice
FROM unnest(ARRAY['0', '1 day', '24 hours', '1 month', '2 days 01:30', '1 microsecond']::interval[]) WITH ORDINALITY AS x (notice, n);
SELECT count(*) > 500 AS late, count(*) FILTER (WHERE refused IS NULL) > 500 AS in_time,
	count(*) FILTER (WHERE (refused IS NOT NULL) IS DISTINCT FROM (at > deadline)) AS disagree, count(*) FILTER (WHERE refused <> deadline AND NOT own) AS other_deadline
FROM (SELECT *, refused(a, at, lifecycle) AS refused
	FROM (SELECT *, deadline + pick(ARRAY[interval '0', '1 microsecond', '-1 microsecond', '1 hour', '-1 hour', '1 day', '-1 day']) AS at
		FROM (SELECT *, appointment_deadline(a, 'cancelled', lifecycle) AS deadline
			FROM (SELECT 'policies_' || (1 + n % 6) AS lifecycle, own, jsonb_strip_nulls(jsonb_build_object('status', 'scheduled', 'time_zone', pick(ARRAY['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', NULL]),
					'starts_at', instant(starts_at), 'ends_at', instant(starts_at + interval '1 hour'),
					'cancellation_notice', CASE WHEN own THEN floor(random() * 3000)::int END))::text::appointment AS a
				FROM (SELECT n, random() < 0.3 AS own, '2026-03-01Z'::timestamptz + random() * interval '400 days' AS starts_at FROM generate_series(1, 2000) n) w) x) y) z) r;

DROP OWNED BY regress_policies_desk, regress_policies_nurse, regress_policies_client;
DROP ROLE regress_policies_desk, regress_policies_nurse, regress_policies_client;
DELETE FROM appointment_lifecycle WHERE lifecycle LIKE 'policies%';
