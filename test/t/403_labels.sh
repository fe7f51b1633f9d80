#!/bin/bash
#
# What the functions promise the planner.  Each that is not immutable, or not
# safe in a parallel plan, is listed here with the reason.  All others are
# called, with every combination of some arguments: the immutable ones under
# different settings, as different users, and without a look at a table; the
# parallel safe ones in a worker.  The answers must be the same to the byte.

. test/lib/tap.sh

sql "CREATE SCHEMA ext; CREATE EXTENSION appointment SCHEMA ext" >/dev/null

# ------------------------------------------------------------------
# the exceptions
# ------------------------------------------------------------------

# function | i immutable, s stable, v volatile | parallel: s safe, r restricted, u unsafe | because
exceptions=$(
	cat <<-'END'
		appointment_calendar_url|s|s|as appointment_to_ics, whose options it has
		appointment_can_transition|s|s|reads table appointment_lifecycle
		appointment_confirm|s|s|writes the transaction's time and the setting appointment.actor into the history
		appointment_create_change_log|v|u|creates a table
		appointment_deadline|s|s|reads table appointment_lifecycle, and asks whose member the user is
		appointment_enforce_lifecycle|v|u|trigger: reads the table, the clock and a setting
		appointment_event_from_row|s|s|calls the output functions of the columns' types
		appointment_event_json_agg_transfn|s|s|writes a document, as appointment_event_to_json does
		appointment_event_list_to_json|s|s|writes documents, as appointment_event_to_json does
		appointment_event_to_json|s|s|a format may read settings and the clock for what its service computes
		appointment_from_event|s|s|reads the settings of the notices
		appointment_from_request|v|r|makes an identifier, and reads the settings of the notices
		appointment_from_row|s|s|calls the output functions of the columns' types
		appointment_ics_agg_finalfn|s|s|as appointment_to_ics
		appointment_ics_agg_transfn|s|s|as appointment_to_ics
		appointment_json_agg_finalfn|s|s|belongs to an aggregate of documents
		appointment_json_agg_transfn|s|s|writes a document, as appointment_to_json does
		appointment_lifecycle_changed|v|u|trigger: tells the other sessions
		appointment_lifecycle_diagram|s|s|reads table appointment_lifecycle
		appointment_lifecycle_protect|v|u|trigger: reads the table
		appointment_list_to_json|s|s|writes documents, as appointment_to_json does
		appointment_log_changes|v|u|trigger: writes a row
		appointment_new_id|v|r|random; one session's sort in the order in which it made them
		appointment_next_statuses|s|s|reads table appointment_lifecycle
		appointment_problems|s|s|looks at the server's time zones
		appointment_reschedule|s|s|writes the transaction's time and the setting appointment.actor into the history
		appointment_series|v|r|makes identifiers
		appointment_starts_at_local|s|s|looks at the server's time zones
		appointment_to_ics|s|s|reads the clock, the setting appointment.calendar_domain, and the server's time zones
		appointment_to_json|s|s|savvycal's reads settings and the clock: may it still be cancelled, and where
		appointment_transition|s|s|reads table appointment_lifecycle, the transaction's time and the setting appointment.actor
		appointment_trigger_problems|v|u|takes locks, and subtransactions
		appointment_zone_drift|s|s|looks at the server's time zones
		busy_from_ics|s|s|looks at the server's time zones
		busy_to_ics|s|s|as appointment_to_ics
		change_deadline|s|s|looks at the server's time zones
		free_periods|s|s|looks at the server's time zones
		free_slots|s|s|looks at the server's time zones, and at the clock where nothing is given
		ics_problems|s|s|looks at the server's time zones
		is_open|s|s|looks at the server's time zones
		next_opening|s|s|looks at the server's time zones
		occupancy_conflicts|s|r|reads a table through its index; sees the leader's temporary tables
		occupancy_guard|v|u|trigger: takes locks
		occupancy_joinsel|s|s|estimator: reads statistics
		occupancy_lock|v|u|takes locks that last until the end of the transaction
		occupancy_overbooked|s|r|reads a table through its index; sees the leader's temporary tables
		occupancy_pick|v|u|takes locks that last until the end of the transaction
		occupancy_sel|s|s|estimator: reads statistics
		open_hours|s|s|looks at the server's time zones
		open_hours_in|s|s|looks at the server's time zones
		open_hours_recv|s|s|looks at the server's time zones
		open_periods|s|s|looks at the server's time zones
		open_periods_support|s|s|estimator: the arguments may be parameters
		rrule_last|s|s|looks at the server's time zones
		rrule_next|s|s|looks at the server's time zones
		rrule_occurrences|s|s|looks at the server's time zones
		rrule_occurrences_support|s|s|estimator: the arguments may be parameters
		slot_refusals|s|s|as free_slots
		slots|s|s|as free_slots
		slots_support|s|s|estimator: the arguments may be parameters
		zone_instant|s|s|looks at the server's time zones
		zone_transitions|s|s|looks at the server's time zones
	END
)

# The server marks an aggregate as immutable whatever it is made of; it is its
# transition function that counts.
sql "CREATE VIEW public.functions AS SELECT p.* FROM pg_proc p JOIN pg_depend d
		ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
		AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'appointment')
	WHERE prokind <> 'a'" >/dev/null
is "$(sql "SELECT proname, provolatile, proparallel FROM public.functions WHERE provolatile <> 'i' OR proparallel <> 's'
	GROUP BY 1, 2, 3 ORDER BY proname COLLATE \"C\"")" "$(cut -d '|' -f 1-3 <<<"$exceptions")" "these are not immutable, or not parallel safe"
is "$(awk -F '|' '$4 == ""' <<<"$exceptions")" "" "each for a reason"
is "$(sql "SELECT proname FROM public.functions GROUP BY proname HAVING count(DISTINCT (provolatile, proparallel)) > 1")" "" "a name's overloads promise the same"

# ------------------------------------------------------------------
# calls of everything
# ------------------------------------------------------------------

# One row of arguments, so that no call is made when the query is planned
psql -X -q -v ON_ERROR_STOP=1 -v caspen="$(cat test/data/caspen.json)" -v sqod="$(cat test/data/sqod.json)" \
	-v avon="$(cat test/data/avon.json)" -v list="$(cat test/data/avon_list.json)" \
	-v savvycal="$(cat test/data/savvycal.json)" -v event="$(cat test/data/appointment_one.json)" <<'END'
SET search_path = public, ext;
CREATE TABLE args AS SELECT
	'app_1'::text AS id, :'caspen'::text AS doc1, :'savvycal'::text AS doc2, :'list'::text AS doc3, :'event'::text AS doc4, '{"starts_at":"2024-01-01T10:00:00"}'::text AS doc5,
	'{"starts_at":"2024-01-01T10:30:00Z"}'::text AS request1,
	'{"start_at":"2024-03-31T10:00:00","end_at":"2024-03-31T11:00:00","time_zone":"Europe/Paris"}'::text AS request2,
	appointment_event_list_to_json(ARRAY[appointment_event_from_json(:'event', 'appointment_one')], 'appointment_one')::text AS doc6,
	appointment_from_json(:'caspen', 'caspen') AS a1, appointment_from_json(:'savvycal', 'savvycal') AS a2, appointment_from_json(:'avon', 'avon') AS a3,
	appointment_from_json(:'sqod', 'sqod') AS a4,
	appointment_event_from_json(:'event', 'appointment_one') AS e1, '{"id":"e","status":"active","duration":45}'::appointment_event AS e2,
	'acme:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a,b}'::occupancy AS o1, '[2024-01-01T10:30:00Z,2024-03-31T11:00:00Z){*}'::occupancy AS o2,
	'[2024-01-01T10:59:59.5Z,2024-01-01T11:00:00Z){b,"c d"}'::occupancy AS o3,
	'acme:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a,c(3/12)}'::occupancy AS o4,
	'FREQ=WEEKLY;COUNT=4;BYDAY=MO,SU'::rrule AS rr1, 'FREQ=MONTHLY;UNTIL=20240701T100000Z;BYDAY=-1SU'::rrule AS rr2, 'Europe/Paris'::text AS zone1, 'later'::text AS resolve1,
	'Europe/Paris Mo-Fr 09:00-12:00,22:00-02:00; Sa[1,-1] 10:00-14:00 capacity 3; 2024-01-01 override none'::open_hours AS oh1, '{1,2,3}'::int[] AS days1, '{1,-1}'::int[] AS nth1, 'override'::text AS kind5,
	time '09:00' AS time1, time '02:00' AS time2, daterange('2024-01-01', '2024-04-01') AS dates1, date '2024-01-03' AS date1,
	'{[2024-01-02T08:00:00Z,2024-01-02T09:00:00Z)-5+10(2),[2024-01-03T08:00:00Z,2024-01-03T09:30:00Z),[2024-03-30T08:00:00Z,)}'::busy AS bz1, interval '20 min' AS iv1, interval '1440 hours' AS iv2, 1 AS i3,
	timestamp '2024-01-01 02:30' AS l1, ARRAY[timestamp '2024-03-31 02:30', '2024-04-01 02:30'] AS ls1,
	'caspen'::text AS format1, 'savvycal'::text AS format2, 'avon'::text AS format3, 'sqod'::text AS format4, 'appointment_one'::text AS format5,
	'starts_at'::text AS field1, 'duration'::text AS field2, 'status'::text AS field3,
	'update'::text AS kind1, 'cancel'::text AS kind2, 'reschedule'::text AS kind3, 'create'::text AS kind4,
	'acme'::text AS word1, 'cancelled'::text AS word2, NULL::text AS word3, 'scheduled'::text AS word4, 'default'::text AS lifecycle1,
	'{practitioner_id,room_id}'::text[] AS names1, '{cancelled}'::text[] AS names2,
	'{"unknown_words":"keep"}'::jsonb AS options1, NULL::jsonb AS options2,
	'"2024-07-01T10:00:00+02:00"'::jsonb AS value1, '30'::jsonb AS value2,
	timestamptz '2024-01-01 10:00:00+00' AS t1, timestamptz '2024-03-31 01:30:00+00' AS t2,
	tstzrange('2024-01-01 10:00:00+00', '2024-03-31 01:30:00+00') AS r1,
	E'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Berlin:20240101T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nEND:VEVENT\nEND:VCALENDAR' AS ics1, E'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20240102' AS ics2,
	7::bigint AS n1, 45::int AS i1, 50::int AS i2, true AS b1, false AS b2, '9a0f170e-0aa0-47db-ab14-4ddcdcbad061'::uuid AS u1;

-- What a parameter can be given: by its type, and by its name where that says
-- more
CREATE TABLE pool AS SELECT type::regtype, name, value FROM (VALUES
	('appointment', NULL, 'p.a1'), ('appointment', NULL, 'p.a2'), ('appointment', NULL, 'p.a3'), ('appointment', NULL, 'p.a4'),
	('appointment_event', NULL, 'p.e1'), ('appointment_event', NULL, 'p.e2'),
	('appointment[]', NULL, 'ARRAY[p.a1, p.a2, p.a3]'), ('appointment_event[]', NULL, 'ARRAY[p.e1, p.e2]'),
	('occupancy', NULL, 'p.o1'), ('occupancy', NULL, 'p.o2'), ('occupancy', NULL, 'p.o3'), ('occupancy', NULL, 'p.o4'), ('occupancy[]', NULL, 'ARRAY[p.o1, p.o2, p.o3, p.o4]'),
	('rrule', NULL, 'p.rr1'), ('rrule', NULL, 'p.rr2'), ('cstring', NULL, 'ext.rrule_out(p.rr2)'), ('text', 'zone', 'p.zone1'), ('text', 'resolve', 'p.resolve1'), ('timestamp', NULL, 'p.l1'), ('timestamp[]', NULL, 'p.ls1'),
	('open_hours', NULL, 'p.oh1'), ('cstring', NULL, 'ext.open_hours_out(p.oh1)'), ('integer[]', NULL, 'p.days1'), ('integer[]', 'nth', 'p.nth1'), ('text', 'kind', 'p.kind5'), ('time', NULL, 'p.time1'), ('time', 'closes', 'p.time2'), ('daterange', NULL, 'p.dates1'), ('date', NULL, 'p.date1'),
	('busy', NULL, 'p.bz1'), ('text', 'ics', 'p.ics1'), ('text', 'ics', 'p.ics2'), ('cstring', NULL, 'ext.busy_out(p.bz1)'), ('interval', NULL, 'p.iv1'), ('interval', 'horizon', 'p.iv2'), ('integer', 'seats', 'p.i3'),
	('occupancy_key', NULL, 'NULL::ext.occupancy_key'),
	('cstring', NULL, 'pg_catalog.textout(p.doc5)'), ('cstring', NULL, 'ext.appointment_out(p.a1)'),
	('cstring', NULL, 'ext.appointment_event_out(p.e1)'), ('cstring', NULL, 'ext.occupancy_out(p.o3)'),
	('text', 'format', 'p.format1'), ('text', 'format', 'p.format2'), ('text', 'format', 'p.format3'), ('text', 'format', 'p.format4'), ('text', 'format', 'p.format5'),
	('text', 'field', 'p.field1'), ('text', 'field', 'p.field2'), ('text', 'field', 'p.field3'),
	('text', 'method', '''PUBLISH''::text'), ('text', 'service', '''google''::text'), ('text', 'service', '''yahoo''::text'),
	('text', 'kind', 'p.kind1'), ('text', 'kind', 'p.kind2'), ('text', 'kind', 'p.kind3'),
	('text', 'lifecycle', 'p.lifecycle1'), ('text', 'status', 'p.word2'), ('text', 'from_status', 'p.word4'), ('text', 'to_status', 'p.word2'),
	('text', NULL, 'p.word1'), ('text', NULL, 'p.word3'),
	('jsonb', 'calendar options', '''{"stamp":"2024-01-01T00:00:00Z","personal":true}''::jsonb'), ('jsonb', 'options', 'p.options1'), ('jsonb', 'options', 'p.options2'), ('jsonb', 'value', 'p.value1'), ('jsonb', 'value', 'p.value2'),
	('jsonb', NULL, 'p.doc1::jsonb'), ('jsonb', NULL, 'p.doc3::jsonb'), ('jsonb', NULL, 'p.doc4::jsonb'), ('jsonb', NULL, 'ext.appointment_as_jsonb(p.a2)'),
	('jsonb', NULL, 'ext.appointment_event_as_jsonb(p.e1)'), ('jsonb', NULL, 'p.doc6::jsonb'), ('json', NULL, 'p.doc6::json'), ('json', NULL, 'ext.appointment_as_json(p.a2)'), ('json', NULL, 'ext.appointment_event_as_json(p.e1)'),
	('json', NULL, 'p.doc1::json'), ('json', NULL, 'p.doc3::json'), ('json', NULL, 'p.doc4::json'), ('json', NULL, 'p.doc5::json'),
	('text[]', NULL, 'p.names1'), ('text[]', NULL, 'p.names2'),
	('interval', NULL, '''1 day 02:00''::interval'), ('timestamptz', NULL, 'p.t1'), ('timestamptz', NULL, 'p.t2'), ('tstzrange', NULL, 'p.r1'),
	('bigint', NULL, 'p.n1'), ('integer', NULL, 'p.i1'), ('integer', NULL, 'p.i2'), ('boolean', NULL, 'p.b1'), ('boolean', NULL, 'p.b2'), ('uuid', NULL, 'p.u1'),
	('record', NULL, 'ROW(p.*)::public.args')) AS v (type, name, value);
INSERT INTO pool SELECT 'text', name, 'p.doc' || n FROM unnest(ARRAY['doc', 'list']) AS name, generate_series(1, 6) n;
INSERT INTO pool SELECT 'text', 'request', value FROM unnest(ARRAY['p.request1', 'p.request2']) value;
INSERT INTO pool SELECT type, 'request', value || '::' || type FROM unnest(ARRAY['p.request1', 'p.request2']) value, unnest(ARRAY['json', 'jsonb']::regtype[]) type;
END

# The calls: every combination of the arguments.  A request is a document or,
# where a document comes first, the name of its kind.
psql -X -q -v ON_ERROR_STOP=1 <<'SQL'
SET search_path = public, ext;
CREATE TABLE calls AS
WITH RECURSIVE parameters AS (
	SELECT f.oid, i, proargtypes[i - 1] AS type, CASE WHEN proargnames[i] = 'options' AND proname ~ '_(to_ics|calendar_url)$' THEN 'calendar options' ELSE proargnames[i] END AS name
	FROM functions f, generate_series(1, pronargs) i
	WHERE proparallel = 's' AND 'internal'::regtype <> ALL (proargtypes::oid[]) AND prorettype <> 'trigger'::regtype
), choices AS (
	SELECT oid, i, value FROM parameters r, LATERAL (
		SELECT value FROM pool WHERE type = r.type AND NOT (r.i = 3 AND r.name = 'request')
			AND name IS NOT DISTINCT FROM (SELECT name FROM pool n WHERE n.type = r.type AND n.name = r.name LIMIT 1)
		UNION ALL
		SELECT unnest(ARRAY['p.word3', 'p.kind1', 'p.kind2', 'p.kind4']) WHERE r.i = 3 AND r.name = 'request') v
), lists AS (
	SELECT oid, 0 AS i, '' AS list FROM functions WHERE proparallel = 's' AND prorettype <> 'trigger'::regtype
		AND 'internal'::regtype <> ALL (proargtypes::oid[])
	UNION ALL
	SELECT l.oid, c.i, l.list || CASE WHEN c.i > 1 THEN ', ' ELSE '' END || c.value FROM lists l JOIN choices c ON c.oid = l.oid AND c.i = l.i + 1
)
SELECT row_number() OVER (ORDER BY proname COLLATE "C", l.oid, list COLLATE "C") AS n, proname, l.oid, provolatile,
	'ext.' || proname || '(' || list || ')' || CASE prorettype WHEN 'cstring'::regtype THEN '::text' ELSE '' END AS call
FROM lists l JOIN functions f ON f.oid = l.oid AND l.i = f.pronargs;

-- What a call gives, as the server would send it; or its error
CREATE FUNCTION attempt(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
BEGIN
	EXECUTE 'SELECT pg_catalog.string_agg(pg_catalog.encode(pg_catalog.record_send(r), ''hex''), '','')
		FROM (SELECT ' || call || ' AS x FROM public.args p) r' INTO result;
	RETURN coalesce(result, 'no row');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN pg_catalog.concat('error ', SQLSTATE, ' ', SQLERRM, ' ', detail);
END $$;
SQL


is "$(sql "SELECT count(*) > 2000 FROM public.calls")" t "thousands of calls"

# fill TABLE [SETTINGS [PSQL-OPTION...]]: what the immutable ones' calls give,
# and how often the extension's table was looked at meanwhile
fill()
{
	local table=$1 settings=${2:-}
	shift $(($# > 2 ? 2 : $#))
	sql "CREATE TABLE public.$table (n bigint, result text); GRANT ALL ON public.$table TO PUBLIC" >/dev/null
	sql "$settings; BEGIN;
		INSERT INTO public.$table SELECT n, public.attempt(call) FROM public.calls WHERE provolatile = 'i';
		SELECT pg_catalog.pg_stat_get_xact_numscans('ext.appointment_lifecycle'::pg_catalog.regclass);
		COMMIT" "$@" | tail -n 1
}

role=labels_$$
sql "CREATE ROLE $role LOGIN; GRANT USAGE ON SCHEMA ext TO $role; GRANT SELECT ON public.calls, public.args TO $role" >/dev/null
trap 'sql "DROP OWNED BY $role; DROP ROLE $role" >/dev/null; tap_stop_servers' EXIT

is "$(fill plainly)" 0 "the immutable ones do not look at the extension's table"
is "$(fill otherwise "SET timezone = 'Pacific/Apia'; SET datestyle = 'SQL, DMY'; SET intervalstyle = 'iso_8601'; SET extra_float_digits = -15;
	SET bytea_output = 'escape'; SET timezone_abbreviations = 'Australia'; SET quote_all_identifiers = on; SET xmlbinary = 'hex';
	SET work_mem = '64kB'; SET default_transaction_isolation = 'serializable'; SET row_security = off; SET array_nulls = off;
	SET transform_null_equals = on;
	SET session_replication_role = replica; SET lc_monetary = 'C'; SET default_text_search_config = 'simple';
	SET appointment.base_url = 'https://example.com'; SET appointment.actor = 'somebody'; SET appointment.calendar_domain = 'example.com'; SET appointment.cancellation_notice = 7; SET appointment.rescheduling_notice = 7")" \
	0 "nor do they under other settings"
is "$(fill somebody "SET search_path = ''" -U "$role")" 0 "nor for a user without privileges"
# Some only fail: occupancy_key is not for people.
is "$(sql "SELECT proname FROM public.calls NATURAL JOIN public.plainly GROUP BY proname HAVING bool_and(result ~ '^(error|no row)')")" "occupancy_key_in" \
	"at least one call of each succeeds"
is "$(sql "SELECT DISTINCT left(result, 11) FROM public.plainly WHERE result ~ '^error' AND left(result, 11) NOT IN ('error 22P02', 'error 22023', 'error 23514', 'error 0A000')")" "" \
	"the others fail for a reason"
different="SELECT call, a.result AS a, b.result AS b FROM public.calls NATURAL JOIN public.plainly a JOIN public"
is "$(sql "$different.otherwise b USING (n) WHERE a.result IS DISTINCT FROM b.result")" "" "they give the same under other settings"
is "$(sql "$different.somebody b USING (n) WHERE a.result IS DISTINCT FROM b.result")" "" "and to anybody, with an empty search_path"
is "$(sql "SELECT count(*) - (SELECT count(*) FROM public.calls WHERE provolatile = 'i') FROM public.plainly JOIN public.otherwise USING (n) JOIN public.somebody USING (n)")" 0 \
	"all of them were called"

# ------------------------------------------------------------------
# in a worker
# ------------------------------------------------------------------

force=debug_parallel_query
[ "$(sql "SELECT current_setting('server_version_num')::int >= 160000")" = t ] || force=force_parallel_mode

# For each function the first call that succeeds, in the session itself and in
# a worker, which gets the session's settings and sees what it sees.
sql "CREATE TABLE public.chosen AS SELECT DISTINCT ON (oid) n, oid::regprocedure::text AS function, call FROM (
	SELECT *, attempt(call) AS result FROM public.calls) x WHERE result !~ '^(error|no row)' ORDER BY oid, n" >/dev/null
count=$(sql "SELECT count(*) FROM public.chosen")
is "$(sql "SELECT count(*) > 100 FROM public.chosen")$(sql "SELECT count(DISTINCT oid) - 1 - $count FROM public.calls")" t0 "$count functions are safe in parallel plans"

# each COMMAND SETTINGS: run the command with each of the chosen calls
each()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 2>&1 <<-END
		SET appointment.base_url = 'https://example.com';
		SET appointment.actor = 'somebody';
		SET appointment.cancellation_notice = 7;
		BEGIN;
		INSERT INTO ext.appointment_lifecycle VALUES ('mine', NULL, 'x');
		$2;
		SELECT format('$1 SELECT %L, string_agg(encode(record_send(r), ''hex''), '','') FROM (SELECT %s AS x FROM public.args p) r', n, call)
		FROM public.chosen ORDER BY n \gexec
		ROLLBACK;
	END
}
is "$(each "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)" "SET $force = on" | grep -c "Workers Launched: 1")" "$count" "each runs in a worker"
serially=$(each "" "SET $force = off")
is "$(grep -c '|' <<<"$serially")" "$count" "each gives something"
is "$(each "" "SET $force = on")" "$serially" "and the same in a worker"
is "$(psql -X -q -A -t -c "SET $force = on" -c "BEGIN" -c "INSERT INTO ext.appointment_lifecycle VALUES ('mine', NULL, 'x')" \
	-c "SELECT ext.appointment_can_transition(NULL, 'x', 'mine') FROM public.args" -c "ROLLBACK")" t "a worker sees the life cycle that its transaction has made"

done_testing
