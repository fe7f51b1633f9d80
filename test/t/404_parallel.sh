#!/bin/bash
#
# Parallel plans: with our functions and operators in them they give what the
# same query gives without workers, and the regression tests of the types
# expect the same of a server that takes a worker for whatever it may.

. test/lib/tap.sh

force=debug_parallel_query
[ "$(sql "SELECT current_setting('server_version_num')::int >= 160000")" = t ] || force=force_parallel_mode

seed=0.152
printf '# seed %s\n' "$seed"
psql -X -q -v ON_ERROR_STOP=1 >/dev/null <<END
CREATE EXTENSION appointment;
SELECT setseed($seed);
CREATE TABLE t AS SELECT n, a, appointment_occupancy(a) AS o FROM (SELECT n, jsonb_build_object('id', 'b' || n,
	'starts_at', at, 'ends_at', at + interval '1 hour' * (1 + n % 3), 'status', CASE WHEN n % 9 = 0 THEN 'cancelled' ELSE 'scheduled' END,
	'practitioner_id', 'pra_' || n % 50, 'note', CASE WHEN n % 100 = 0 THEN repeat('x', 4000) END)::appointment AS a
	FROM (SELECT n, timestamptz '2026-01-01 00:00Z' + random() * interval '300 days' AS at FROM generate_series(1, 20000) n) x) y;
CREATE TABLE q AS SELECT n, occupancy(t, t + interval '1 hour', ARRAY['pra_' || n % 60]) AS o
	FROM (SELECT n, timestamptz '2026-01-01 00:00Z' + random() * interval '300 days' AS t FROM generate_series(1, 300) n) x;
CREATE TABLE s AS SELECT n, occupancy_seats(t, t + interval '1 hour', 'class_' || n % 7, 1 + n % 3, 12, 'tenant ' || n % 2) AS o
	FROM (SELECT n, timestamptz '2026-01-01 00:00Z' + random() * interval '30 days' AS t FROM generate_series(1, 20000) n) x;
CREATE TABLE r AS SELECT n, ('FREQ=' || (ARRAY['DAILY', 'WEEKLY;BYDAY=MO,WE,FR', 'MONTHLY;BYDAY=-1FR', 'HOURLY;INTERVAL=5'])[1 + n % 4] || ';COUNT=' || 1 + n % 50)::rrule AS rule,
	timestamp '2026-01-01' + n * interval '37 minutes' AS starts_at, (ARRAY['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])[1 + n % 3] AS zone FROM generate_series(1, 20000) n;
CREATE INDEX t_o ON t USING gist (o);
ANALYZE t, q, s, r;
END

parallel="SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0;
	SET max_parallel_workers_per_gather = 2; SET parallel_leader_participation = off"
serial="SET max_parallel_workers_per_gather = 0"

# same DESCRIPTION PATTERN QUERY [SETTINGS]: a parallel plan that has the
# pattern and ran in two workers, and the serial one's answer
same()
{
	local plan
	plan=$(sql "$parallel; ${4:-}; EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $3")
	like "$(grep -o 'Workers Launched: 2' <<<"$plan") $plan" "^Workers Launched: 2 .*$2" "$1"
	is "$(sql "$parallel; ${4:-}; $3")" "$(sql "$serial; ${4:-}; $3")" "gives the same: $1"
}
same "a filter" "Parallel Seq Scan on t.*Filter: .*&&" \
	"SELECT count(*), sum(n) FROM t WHERE o && '[2026-03-01T00:00:00Z,2026-04-01T00:00:00Z){pra_1,pra_2}' OR appointment_status(a) = 'cancelled'"
same "a bitmap scan of the GiST index" "Parallel Bitmap Heap Scan on t.*Bitmap Index Scan on t_o" \
	"SELECT count(*), sum(n) FROM t WHERE o && occupancy_all('2026-02-01 00:00Z', '2026-05-01 00:00Z') AND a ->> 'practitioner_id' <> 'pra_3'" \
	"SET enable_seqscan = off; SET enable_indexscan = off"
same "a join by conflict" "Nested Loop.*Parallel Seq Scan on [tq].*Index Scan using t_o" \
	"SELECT count(*), sum(q.n), sum(t.n) FROM q JOIN t ON q.o && t.o"
same "a hash join" "Parallel Hash Join.*Hash Cond: \([xy].a = [xy].a\)" \
	"SELECT count(*), sum(x.n) FROM t x JOIN t y USING (a) WHERE x.n % 2 = 0"
same "aggregates" "Parallel Seq Scan" \
	"SELECT appointment_status(a), appointment_starts_at(a) AT TIME ZONE 'UTC' >= '2026-06-01', count(*), max(appointment_ends_at(a)), sum(hashtext(a::text)) FROM t GROUP BY 1, 2 ORDER BY 1, 2"
same "the seats that are taken" "Aggregate.*Gather.*Parallel Seq Scan on s" \
	"SELECT c, occupancy_seats_taken(o, 'class_' || c) FROM s, generate_series(0, 6) c GROUP BY 1 ORDER BY 1"
same "sorting" "Gather Merge.*Sort Key: .*a" "SELECT n FROM t WHERE n % 20 = 0 ORDER BY a, n LIMIT 500"
same "documents" "Parallel Seq Scan" \
	"SELECT n, appointment_to_json(a, 'savvycal') FROM t WHERE n % 100 = 1 ORDER BY n" \
	"SET appointment.base_url = 'https://example.com'"
same "occurrences" "Aggregate.*Gather.*Parallel Seq Scan on r.*Function Scan on rrule_occurrences" \
	"SELECT count(*), sum(extract(epoch FROM t)) FROM r, rrule_occurrences(rule, starts_at, zone, '[2026-03-20,2026-11-10)', max => 20) t"
same "the next and the last occurrence" "Parallel Seq Scan on r.*Filter: .*rrule_next" \
	"SELECT count(*), sum(extract(epoch FROM rrule_last(rule, starts_at, zone))), count(DISTINCT rule) FROM r WHERE rrule_next(rule, starts_at, zone, '2026-06-01 00:00Z') IS NOT NULL"
same "rules in groups" "Parallel Seq Scan on r" "SELECT rule, count(*) FROM r GROUP BY 1 ORDER BY 1"
same "zones" "Parallel Seq Scan on r.*Function Scan on zone_transitions" \
	"SELECT count(*), sum(extract(epoch FROM zone_instant(starts_at, zone, 'later'))), max(at) FROM r, zone_transitions(zone, tstzrange(starts_at AT TIME ZONE 'UTC', '2029-01-01'))"
same "drift" "Parallel Seq Scan on t.*Filter: .*appointment_zone_drift" \
	"SELECT count(*) FROM t WHERE appointment_zone_drift(appointment_set(appointment_set(a, 'time_zone', '\"Europe/Berlin\"'), 'local_starts_at', '\"2026-05-01T10:00:00\"')) > '0'"
plan="$(sql "$parallel; EXPLAIN (COSTS OFF) SELECT appointment_series(appointment_set(a, 'time_zone', '\"UTC\"'), 'FREQ=DAILY;COUNT=2') FROM t")"
like "$plan" "ProjectSet.*Gather.*Parallel Seq Scan on t" "a series is made by the leader"
same "the life cycle" "Parallel Seq Scan.*Filter: .*appointment_can_transition" \
	"SELECT count(*) FROM t WHERE appointment_can_transition(appointment_status(a), 'arrived')"

# The leader's part of a plan reads the life cycles with the plan's snapshot.
# What that did not see yet, the next one does.
leader="$parallel; SET parallel_leader_participation = on; SET max_parallel_workers = 0"
question="SELECT count(*) > 0 FROM t WHERE appointment_can_transition(appointment_status(a), 'seen', 'new')"
like "$(sql "$leader; EXPLAIN (COSTS OFF) $question")" "Gather.*Parallel Seq Scan" "a parallel plan that asks for a life cycle"
is "$(psql -X -q -A -t -v VERBOSITY=sqlstate 2>&1 <<END
$leader;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT 'snapshot';
\! psql -X -q -c "INSERT INTO appointment_lifecycle VALUES ('new', NULL, 'cancelled'), ('new', 'scheduled', 'seen')"
$question;
COMMIT;
$question;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT 'snapshot';
\! psql -X -q -c "DELETE FROM appointment_lifecycle WHERE lifecycle = 'new'"
$question;
COMMIT;
$question;
END
)" "$(printf '%s\n' snapshot 'ERROR:  22023' t snapshot t 'ERROR:  22023')" "knows what has come or gone since the last one's snapshot"

# A GiST index is built by one process; the btree indexes are not.
is "$(sql "SET min_parallel_table_scan_size = 0; SET max_parallel_maintenance_workers = 2; SET maintenance_work_mem = '256MB'; SET client_min_messages = debug1;
	CREATE INDEX t_a ON t (a); CREATE INDEX t_start ON t (appointment_starts_at(a))" | grep -cE 'building index .* with request for 2 parallel workers')" 2 "indexes are built in parallel"
same "an index scan" "Parallel Index.* Scan using t_a" \
	"SELECT count(*), sum(appointment_hash(a)) FROM t WHERE a BETWEEN '{\"starts_at\":\"2026-03-01T00:00:00Z\"}' AND '{\"starts_at\":\"2026-05-01T00:00:00Z\"}'" \
	"SET enable_seqscan = off; SET enable_bitmapscan = off"

# The regression tests: some that are not long loops of short statements
regress=$(dirname "$("$PG_CONFIG" --pgxs)")/../test/regress/pg_regress
if [ -x "$regress" ]; then
	tests="conversion lists types comparison rows lifecycle occupancy occupancy_selfuncs appointment_occupancy rrule rrule_rfc5545 zones series"
	# AddressSanitizer measures the rest of a plan for each byte of a constant
	# that a worker reads, so a large one would take hours
	[ -z "${SERVER_RUNNER:-}" ] || tests="lifecycle appointment_occupancy"
	expected=
	[ $force = force_parallel_mode ] || expected=--expecteddir=.
	# shellcheck disable=SC2086
	PGOPTIONS="-c $force=regress" "$regress" --bindir="$("$PG_CONFIG" --bindir)" --inputdir=test $expected \
		--dbname=tap_152_regress --load-extension=appointment $tests >"$SCRATCH/regress.log" 2>&1
	status=$?
	is "$status" 0 "the regression tests with $force"
	[ "$status" = 0 ] || sed 's/^/# /' "$SCRATCH/regress.log" regression.diffs
	is "$(grep -cE '^(test .* ok( |$)|ok [0-9])' "$SCRATCH/regress.log")" "$(wc -w <<<"$tests")" "all of them ran"
	sql "DROP DATABASE tap_152_regress" >/dev/null
else
	skip "the regression tests with $force" "pg_regress is not installed"
fi

done_testing
