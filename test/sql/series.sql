--
-- Series of appointments: copies at the times of a rule.
--
CREATE SCHEMA regress_series;
SET search_path = regress_series, public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';

-- every week, at ten on the wall clock, also after the clocks have changed
SELECT appointment_during(a) AS during, appointment_starts_at_local(a) AS local, a ->> 'local_starts_at' AS noted
FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","ends_at":"2026-03-16T09:45:00Z","time_zone":"Europe/Berlin"}', 'FREQ=WEEKLY;COUNT=4') a;
-- without an end; twice a day; the start is one only if it matches the rule
SELECT a ->> 'starts_at' AS starts_at, a ->> 'ends_at' AS ends_at FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"Asia/Kolkata"}', 'FREQ=DAILY;BYHOUR=9,17;COUNT=4') a;
-- a window, dates taken out and added, a limit
SELECT a ->> 'local_starts_at' AS starts FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"Europe/Berlin"}', 'FREQ=WEEKLY',
	during => '[2026-03-20,2026-05-01)', exdates => '{2026-04-06 10:00}', rdates => '{2026-04-07 10:00}') a;
SELECT a ->> 'local_starts_at' AS starts FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"Europe/Berlin"}', 'FREQ=WEEKLY', max => 2) a;
-- a time that the clocks skip, and one that comes twice
SELECT a ->> 'starts_at' AS starts_at, a ->> 'local_starts_at' AS local FROM appointment_series('{"starts_at":"2026-03-28T01:30:00Z","time_zone":"Europe/Berlin"}', 'FREQ=DAILY;COUNT=2') a;
SELECT a ->> 'starts_at' AS starts_at, a ->> 'local_starts_at' AS local FROM appointment_series('{"starts_at":"2026-10-24T00:30:00Z","time_zone":"Europe/Berlin"}', 'FREQ=DAILY;COUNT=2') a;

-- what starts at the second of the two is copied there
SELECT a ->> 'starts_at' AS starts_at, a ->> 'ends_at' AS ends_at, a ->> 'local_starts_at' AS local, appointment_zone_drift(a)
FROM appointment_series('{"starts_at":"2026-10-25T01:30:00Z","ends_at":"2026-10-25T02:00:00Z","time_zone":"Europe/Berlin"}', 'FREQ=WEEKLY;COUNT=2') a;

-- What is copied, and what belongs to one alone.  made(): without what depends on the moment
CREATE FUNCTION made(a appointment) RETURNS jsonb LANGUAGE sql AS
	$$SELECT regexp_replace(regexp_replace(a::text, '"(created_at|updated_at|changed_at)":"[^"]*"', '"\1":"now"', 'g'), 'appt_\w{12,}|app_\w{26}|\w{8}-\w{4}-\w{4}-\w{4}-\w{12}', 'new', 'g')::jsonb$$;
SELECT jsonb_pretty(made(a)) FROM appointment_series('{"id":"x","reference":7,"starts_at":"2026-03-16T09:00:00Z","ends_at":"2026-03-16T09:45:00Z","time_zone":"Europe/Berlin","ends_at_time_zone":"Europe/London",
	"status":"no_show","source_status":"stayed away","confirmed":true,"confirmed_at":"2026-03-01T00:00:00Z","cancelled_at":"2026-03-01T00:00:00Z","cancellation_reason_id":"r","cancellation_note":"n","created_at":"2026-03-01T00:00:00Z",
	"updated_at":"2026-03-01T00:00:00Z","actual_starts_at":"2026-03-01T00:00:00Z","actual_ends_at":"2026-03-01T00:00:00Z","location_id":"l","client_id":"c","room_id":"r","practitioner_id":"p","resource_ids":["a"],"note":"n","is_group":true,
	"recurrence":{"old":1},"attendees":[{"id":"u","attendance_status":"going","no_show":true,"payment_status":"paid","updated_at":"2026-03-01T00:00:00Z"},{"id":"v"}],"interaction_type":"video_call","video_call":{"join_url":"j"},
	"status_history":[{"status":"scheduled","changed_at":"2026-03-01T00:00:00Z"},{"status":"no_show","changed_at":"2026-03-01T00:00:00Z"}],"visit_note":"v","change_log":"c","created_by":"c","generated_from":"g","generated_from_type":"override","url":"u","meeting":{"id":1},
	"cancellation":{"allowed":true},"cancel_url":"u","urls":{"ics":["i"]},"location_text":"t","unknown":{"avon":{"x":1}}}', 'FREQ=DAILY;COUNT=1;INTERVAL=1') a;
-- the status of a new appointment; another vocabulary's word stays
SELECT status, a ->> 'status' AS of_the_copy FROM unnest('{pending,scheduled,arrived,in_progress,completed,no_show,cancelled,canceled,waitlist,NULL}'::text[]) status,
	appointment_series(jsonb_build_object('status', status, 'starts_at', '2026-03-16T09:00:00Z', 'time_zone', 'UTC')::appointment, 'FREQ=DAILY;COUNT=1') a;
-- a service's own word stays, unless it tells what happened
SELECT source, status, word, a ->> 'status' AS of_the_copy, a ->> 'source_status' AS its_word
FROM (VALUES ('avon', 'scheduled', 'rescheduled'), ('avon', 'in_progress', 'started'), ('caspen', 'scheduled', 'scheduled'), ('sqod', 'pending', 'pending'), ('sqod', 'pending', 'scheduled'), (NULL, 'scheduled', 'Scheduled')) v (source, status, word),
	appointment_series(jsonb_strip_nulls(jsonb_build_object('status', status, 'source_status', word, 'source', source, 'starts_at', '2026-03-16T09:00:00Z', 'time_zone', 'UTC'))::appointment, 'FREQ=DAILY;COUNT=1') a;
-- a hold goes with it, unless it is over: that would hold nothing
SELECT hold, a ->> 'hold_expires_at' AS of_the_copy FROM unnest('{2026-01-01T00:00:00Z,2126-01-01T00:00:00Z,NULL}'::text[]) hold,
	appointment_series(jsonb_build_object('hold_expires_at', hold, 'starts_at', '2026-03-16T09:00:00Z', 'time_zone', 'UTC')::appointment, 'FREQ=DAILY;COUNT=1') a;
-- new ids of the shape of the source; each one's series is the one it was made of, or the first
SELECT source, made(a) ->> 'id' AS id, count(DISTINCT a ->> 'id') AS ids, count(DISTINCT a -> 'recurrence' ->> 'series') AS series, bool_or((a -> 'recurrence') ->> 'series' = a ->> 'id') AS first, min(made(a) -> 'recurrence' ->> 'series') AS named
FROM (VALUES ('avon', 'mine'), ('avon', NULL), ('caspen', NULL), ('sqod', NULL), ('savvycal', NULL), (NULL, 'mine'), (NULL, NULL)) v (source, id),
	appointment_series(jsonb_strip_nulls(jsonb_build_object('id', id, 'source', source, 'starts_at', '2026-03-16T09:00:00Z', 'time_zone', 'UTC'))::appointment, 'FREQ=DAILY;COUNT=3') a
GROUP BY source, v.id, made(a) ->> 'id' ORDER BY source, v.id;
SELECT made(a) -> 'recurrence' AS recurrence FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"UTC"}', 'RRULE:freq=daily;interval=1;wkst=MO;count=1') a;
SELECT (a -> 'recurrence') ->> 'series' AS series FROM appointment_series('{"id":"a \"quoted\"\n\\ é","starts_at":"2026-03-16T09:00:00Z","time_zone":"UTC"}', 'FREQ=DAILY;COUNT=1') a;
-- a copy is good in its service's own terms
SELECT source, p.* FROM unnest('{caspen,sqod,avon,savvycal}'::text[]) source,
	appointment_series(jsonb_build_object('id', 'x', 'source', source, 'status', 'scheduled', 'starts_at', '2126-03-16T09:00:00Z', 'ends_at', '2126-03-16T10:00:00Z', 'time_zone', 'UTC')::appointment, 'FREQ=DAILY;COUNT=1') a, appointment_problems(a) p;

-- ---------------------------------------------------------------------
-- bad input
-- ---------------------------------------------------------------------

SELECT count(*) FROM appointment_series(NULL, 'FREQ=DAILY');
SELECT count(*) FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"UTC"}', NULL);
SELECT count(*) FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"UTC"}', 'FREQ=DAILY;COUNT=3', NULL, NULL, NULL, NULL);
SELECT count(*) FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"UTC"}', 'FREQ=DAILY', 'empty');
SELECT count(*) FROM appointment_series('{"time_zone":"UTC"}', 'FREQ=DAILY');
SELECT count(*) FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z"}', 'FREQ=DAILY');
SELECT count(*) FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"Mars/Olympus"}', 'FREQ=DAILY');
SELECT count(*) FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"UTC"}', 'FREQ=DAILY', max => -1);
SELECT count(*), max(a ->> 'ends_at') FROM appointment_series('{"starts_at":"9999-12-29T12:00:00Z","ends_at":"9999-12-30T20:00:00Z","time_zone":"UTC"}', 'FREQ=DAILY') a;
-- local times whose instants are in other years
SELECT max, array_agg(a ->> 'starts_at') AS starts FROM unnest('{1,NULL}'::int[]) max, appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"Asia/Tokyo"}', 'FREQ=DAILY;COUNT=2', rdates => '{0001-01-01 00:00}', max => max) a GROUP BY max ORDER BY max;
SELECT array_agg(a ->> 'starts_at') AS starts FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","ends_at":"2026-03-18T09:00:00Z","time_zone":"Asia/Tokyo"}', 'FREQ=DAILY;COUNT=2', rdates => '{0001-01-01 00:00}') a;
SELECT array_agg(a ->> 'starts_at') AS starts FROM appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"America/New_York"}', 'FREQ=DAILY;COUNT=2', rdates => '{9999-12-31 23:00}') a;
SELECT (appointment_series('{"starts_at":"2026-03-16T09:00:00Z","time_zone":"UTC"}', 'FREQ=SECONDLY')) ->> 'starts_at' AS streams LIMIT 2;
-- from a table, where each row has another rule
CREATE TABLE plan (n int, a appointment, r rrule);
INSERT INTO plan SELECT n, jsonb_build_object('id', n::text, 'note', repeat('x', n * 1000), 'starts_at', '2026-03-16T09:00:00Z', 'time_zone', 'UTC'), format('FREQ=DAILY;COUNT=%s;INTERVAL=%s', n, n)::rrule FROM generate_series(1, 4) n;
SELECT n, count(*), max(s ->> 'starts_at'), bool_and(length(s ->> 'note') = n * 1000 AND (s -> 'recurrence' ->> 'series') = n::text) AS right FROM (SELECT n, appointment_series(a, r) AS s FROM plan) x GROUP BY n ORDER BY n;
SELECT provolatile, proparallel, proisstrict FROM pg_proc WHERE proname = 'appointment_series';
