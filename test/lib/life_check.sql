--
-- Asks a database that life.sql made, or a copy of it, whether all of it
-- works.  Each answer is a line "ok - WHAT" or "not ok - WHAT", the last "end".
--
-- psql runs it as a superuser, with ON_ERROR_STOP.  What it changes is rolled
-- back.
--
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET search_path = '';
SET max_parallel_workers_per_gather = 0;
BEGIN;

CREATE FUNCTION pg_temp.answer(holds boolean, what text) RETURNS text
LANGUAGE sql AS $$SELECT CASE WHEN holds THEN 'ok - ' ELSE 'not ok - ' END || what$$;

-- A query's rows by this index and by a sequential scan: some, and the same.
CREATE FUNCTION pg_temp.same(index text, query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	line text;
	used boolean := false;
	by_index text;
	by_scan text;
	n bigint;
BEGIN
	PERFORM set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'on', true),
		set_config('enable_bitmapscan', 'on', true), set_config('enable_sort', 'off', true);
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		used := used OR line ~ ('Index .*\m' || index || '\M');
	END LOOP;
	EXECUTE format('SELECT md5(string_agg(x::text, %L ORDER BY x::text)), count(*) FROM (%s) x', chr(10), query) INTO by_index, n;
	PERFORM set_config('enable_seqscan', 'on', true), set_config('enable_indexscan', 'off', true),
		set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'on', true);
	EXECUTE format('SELECT md5(string_agg(x::text, %L ORDER BY x::text)) FROM (%s) x', chr(10), query) INTO by_scan;
	RETURN pg_temp.answer(used AND n > 0 AND by_index = by_scan,
		format('index %s has the same %s rows as its table', index, n));
END $$;

-- How a statement ends, and it is undone.
CREATE FUNCTION pg_temp.ends(what text, statement text, wanted text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
	state text;
BEGIN
	BEGIN
		EXECUTE statement;
		GET DIAGNOSTICS n = ROW_COUNT;
		RAISE SQLSTATE 'LIFE0';
	EXCEPTION
		WHEN SQLSTATE 'LIFE0' THEN state := n || ' rows';
		WHEN OTHERS THEN state := SQLSTATE;
	END;
	RETURN pg_temp.answer(state = wanted, format('%s: %s', what, state));
END $$;

-- indexes
SELECT pg_temp.same('document_starts_at', $$SELECT n FROM app.document WHERE ext.appointment_starts_at(a) > '2030-02-20'$$);
SELECT pg_temp.same('document_during', $$SELECT n FROM app.document WHERE during && tstzrange('2030-01-20', '2030-02-10')$$);
SELECT pg_temp.same('document_a', $$SELECT n FROM app.document WHERE a OPERATOR(ext.>) '{"starts_at":"2030-01-20T00:00:00Z"}' AND n > 100 ORDER BY a$$);
SELECT pg_temp.same('document_hash', $$SELECT n FROM app.document WHERE a OPERATOR(ext.=) (SELECT a FROM app.document WHERE n = 6)$$);
SELECT pg_temp.same('document_id', $$SELECT n FROM app.document WHERE a OPERATOR(ext.->>) 'source' IS NULL AND ext.appointment_id(a) = 'app_500' AND n > 100$$);
SELECT pg_temp.same('document_open', $$SELECT n FROM app.document WHERE status = 'arrived' AND ext.appointment_status(a) NOT IN ('cancelled', 'no_show')$$);
SELECT pg_temp.same('document_occupancy', $$SELECT n FROM app.document WHERE ext.appointment_occupancy(a) OPERATOR(ext.&&) '[2030-01-01T00:00:00Z,2030-03-01T00:00:00Z){pra_3,pra_7}'$$);
SELECT pg_temp.same('event_e', $$SELECT ext.appointment_event_field_text(e, 'id') FROM app.event WHERE e OPERATOR(ext.<) (SELECT max(x.e::jsonb::text)::jsonb::ext.appointment_event FROM app.event x)$$);
SELECT pg_temp.same('held_no_overlap', 'SELECT q.id, h.id FROM app.question q JOIN app.held h ON h.o OPERATOR(ext.&&) q.o');
SELECT pg_temp.same('held_o', $$SELECT id FROM app.held WHERE o OPERATOR(ext.>) '[2030-06-01T00:00:00Z,2030-06-01T01:00:00Z){r1}'$$);
SELECT pg_temp.same('held_hash', 'SELECT id FROM app.held WHERE o OPERATOR(ext.=) (SELECT o FROM app.held ORDER BY id LIMIT 1)');
SELECT pg_temp.same('booking_no_overlap', $$SELECT id FROM app.booking WHERE
	ext.occupancy_buffer(ext.occupancy(starts_at, ends_at, resource_ids || ext.resource_key('pra', practitioner_id) || ext.resource_key('room', room_id), organisation_id), 0, 5)
	OPERATOR(ext.&&) ext.occupancy_all('2040-01-10', '2040-01-20', 'org_1') AND status IS DISTINCT FROM 'cancelled'$$);
SELECT pg_temp.same('visit_1_o_idx', $$SELECT id FROM app.visit WHERE o OPERATOR(ext.&&) ext.occupancy_all('2030-01-20', '2030-02-10') AND status IS DISTINCT FROM 'cancelled'$$);
SELECT pg_temp.answer(count(*) > 20 AND bool_and(indisvalid AND indisready), 'all ' || count(*) || ' indexes are valid')
	FROM pg_index i JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace = 'app'::regnamespace;
SELECT pg_temp.answer(count(*) = 13 AND bool_and(amvalidate(oid)), 'all ' || count(*) || ' operator classes are valid')
	FROM pg_opclass WHERE opcnamespace = 'ext'::regnamespace;

-- values
SELECT pg_temp.answer(count(*) = 4 AND bool_and(ext.appointment_from_json(ext.appointment_to_json(d.a, format), format) OPERATOR(ext.=) d.a),
		'documents of all formats are read and written')
	FROM app.document d JOIN app.inbox i ON i.format = d.a OPERATOR(ext.->>) 'source' WHERE n BETWEEN 1 AND 4;
SELECT pg_temp.answer(count(*) = 1 AND bool_and(ext.appointment_event_from_json(ext.appointment_event_to_json(e, format), format) OPERATOR(ext.=) e),
		'and an event') FROM app.event JOIN app.inbox ON format = 'appointment_one' WHERE e OPERATOR(ext.->>) 'id' !~ '^e[0-9]+$';
SELECT pg_temp.answer(count(*) = 4 AND bool_and(d.a::jsonb - 'note' - 'unknown' = ext.appointment_from_json(doc, format)::jsonb - 'note' - 'unknown'
		AND length(d.a OPERATOR(ext.->>) 'note') = 16000 AND d.a::jsonb #>> '{unknown,avon,colour,name}' = 'grün'), 'stored values are what was stored')
	FROM app.document d JOIN app.inbox i ON i.format = d.a OPERATOR(ext.->>) 'source' WHERE n BETWEEN 5 AND 8;
SELECT pg_temp.answer(count(*) > 1000 AND bool_and(status IS NOT DISTINCT FROM ext.appointment_status(a)
		AND during IS NOT DISTINCT FROM ext.appointment_during(a)), 'generated columns are right') FROM app.document;
SELECT pg_temp.answer(count(*) > 10 AND bool_and(list[1] OPERATOR(ext.=) s AND (p).a OPERATOR(ext.=) list[3] AND (p).o OPERATOR(ext.=) os[1]),
		'domains, arrays and composite types') FROM ONLY app.shape WHERE (p).o IS NOT NULL;
SELECT pg_temp.answer(count(*) > 1000 AND bool_and(id IS NOT NULL OR n = 9999), 'views') FROM app.report;
SELECT pg_temp.same('plan_rule', $$SELECT n FROM app.plan WHERE rule OPERATOR(ext.>=) 'FREQ=WEEKLY' AND rule OPERATOR(ext.<) 'FREQ=YEARLY' ORDER BY rule$$);
SELECT pg_temp.same('plan_hash', $$SELECT n FROM app.plan WHERE rule OPERATOR(ext.=) 'BYDAY=-1FR;FREQ=MONTHLY;COUNT=4'$$);
SELECT pg_temp.answer(count(*) > 100 AND bool_and(rule OPERATOR(ext.=) text::ext.rrule AND rule::text = text AND (text = 'FREQ=DAILY') = (n = 9999)), 'recurrence rules are what they were')
	FROM app.plan;
SELECT pg_temp.same('shift_hours', $$SELECT n FROM app.shift WHERE hours OPERATOR(ext.>=) (SELECT hours FROM app.shift WHERE n = 50) ORDER BY hours$$);
SELECT pg_temp.same('shift_taken', $$SELECT n FROM app.shift WHERE taken OPERATOR(ext.=) (SELECT taken FROM app.shift WHERE n = 50)$$);
SELECT pg_temp.answer(count(*) = 100 AND bool_and(hours::text = hours_text AND hours OPERATOR(ext.=) hours_text::ext.open_hours AND taken::text = taken_text AND taken OPERATOR(ext.=) taken_text::ext.busy), 'opening hours and busy values are what they were')
	FROM app.shift;
SELECT pg_temp.answer(count(*) = 3 AND min(t) = '2030-01-25 15:00Z', 'and have their occurrences') FROM app.occurrence WHERE n = 2 AND t < '2030-04-01';
SELECT pg_temp.answer(count(*) = 2 AND bool_and(ext.appointment_zone_drift(s) = '0'), 'a series is made')
	FROM app.document, ext.appointment_series(ext.appointment_set(a, 'time_zone', '"Europe/Berlin"'), 'FREQ=DAILY;COUNT=2') AS s WHERE n = 101;
SELECT pg_temp.answer(json_array_length(avon -> 'data') = 4, 'aggregates') FROM app.list;

-- constraints, guards, life cycles and logs
SELECT pg_temp.ends('CHECK of a document', $$INSERT INTO app.inbox VALUES ('avon', '{}')$$, '23514');
SELECT pg_temp.ends('a domain', $$INSERT INTO app.shape (s) VALUES ('{"status":"scheduled"}')$$, '23514');
SELECT pg_temp.ends('unique values', 'INSERT INTO app.event TABLE app.event', '23505');
SELECT pg_temp.ends('exclusion constraint', 'INSERT INTO app.held SELECT 100000, o FROM app.held LIMIT 1', '23P01');
SELECT pg_temp.ends('exclusion constraint over an expression', 'UPDATE app.booking b SET starts_at = c.starts_at, ends_at = c.ends_at, organisation_id = c.organisation_id, practitioner_id = c.practitioner_id
	FROM app.booking c WHERE c.id = (SELECT max(id) FROM app.booking WHERE status <> ''cancelled'') AND b.id = (SELECT min(id) FROM app.booking WHERE status <> ''cancelled'')', '23P01');
SELECT pg_temp.ends('guard that skips', 'INSERT INTO app.booking (organisation_id, practitioner_id, starts_at, ends_at) SELECT organisation_id, practitioner_id, starts_at, ends_at FROM app.booking WHERE status <> ''cancelled''', '0 rows');
SELECT pg_temp.ends('guard over a plain index', $$INSERT INTO app.diary VALUES (-1, '{"status":"scheduled","practitioner_id":"pra_1","starts_at":"2031-01-01T00:00:00Z","ends_at":"2031-01-01T01:00:00Z"}'),
	(-2, '{"status":"scheduled","practitioner_id":"pra_1","starts_at":"2031-01-01T00:30:00Z","ends_at":"2031-01-01T01:00:00Z"}')$$, '23P01');
SELECT pg_temp.ends('guard over partitions', 'INSERT INTO app.visit SELECT * FROM app.visit', '0 rows');
SELECT pg_temp.ends('a step that is not there', $$UPDATE app.booking SET status = 'completed' WHERE status = 'pending'$$, '23514');
SELECT pg_temp.ends('a step of the user''s own', $$UPDATE app.booking SET status = 'completed' WHERE status = 'arrived'; UPDATE app.booking SET status = 'billed' WHERE id = (SELECT min(id) FROM app.booking WHERE status = 'completed')$$, '1 rows');
SELECT pg_temp.ends('a step that requires who', $$UPDATE app.booking SET status = 'cancelled' WHERE status = 'pending'$$, '23514');
SELECT pg_temp.ends('life cycle in partitions', $$UPDATE app.visit SET status = 'billed'$$, '23514');
SELECT pg_temp.ends('a shipped life cycle is read-only', $$DELETE FROM ext.appointment_lifecycle WHERE lifecycle = 'sqod'$$, '55000');
SELECT pg_temp.answer(count(*) FILTER (WHERE shipped) > 70 AND count(*) = count(DISTINCT (lifecycle, from_status, to_status)) AND count(*) FILTER (WHERE NOT shipped) = count(*) FILTER (WHERE lifecycle = 'default') + 1,
	'every life cycle is there once') FROM ext.appointment_lifecycle;
SELECT pg_temp.answer((SELECT array_agg(n) FROM app.next('completed') n) = '{billed}', 'the user''s own life cycle is read');
UPDATE app.booking SET ends_at = ends_at WHERE false;
WITH logged AS (SELECT max(seq) AS seq FROM app.log), b AS (SELECT id FROM app.booking WHERE status = 'pending' ORDER BY id LIMIT 1)
UPDATE app.booking SET status = 'scheduled' FROM b, logged WHERE booking.id = b.id;
SELECT pg_temp.answer(operation = 'UPDATE' AND event = 'scheduled' AND xid = pg_current_xact_id() AND seq = (SELECT last_value FROM app.log_seq_seq), 'the log goes on')
	FROM app.log ORDER BY seq DESC LIMIT 1;
SELECT pg_temp.answer((SELECT history -> -1 ->> 'status' FROM app.booking b, app.log l WHERE b.id::text = l.key AND l.xid = pg_current_xact_id()) = 'scheduled', 'and so does the history');
SELECT pg_temp.answer(NOT EXISTS (SELECT FROM ext.occupancy_conflicts(('app.' || c)::regclass)), 'no overlaps: ' || c)
	FROM (VALUES ('booking_no_overlap'), ('held_no_overlap'), ('visit_1_o_idx')) x (c);

-- privileges on what is the extension's
SELECT pg_temp.answer(NOT has_function_privilege('public', 'ext.appointment_erase(ext.appointment)', 'EXECUTE')
	AND has_function_privilege('public', 'ext.appointment_id(ext.appointment)', 'EXECUTE')
	AND NOT has_table_privilege('public', 'ext.appointment_lifecycle', 'SELECT'), 'what was revoked of the extension stays revoked');

ROLLBACK;
-- outside of a transaction that fails
ANALYZE;
REFRESH MATERIALIZED VIEW app.busy;
VACUUM app.held, app.document;
SELECT CASE WHEN count(*) > 0 THEN 'ok - ' ELSE 'not ok - ' END || 'it was analyzed: ' || string_agg(tablename || '.' || attname, ' ' ORDER BY tablename, attname)
	FROM pg_stats WHERE schemaname = 'app' AND (tablename, attname) IN (('held', 'o'), ('document', 'a'), ('event', 'e')) AND n_distinct <> 0 HAVING count(*) = 3;
\echo end
