#!/bin/bash
#
# A standby of a database with everything of the extension in use, while the
# primary writes: each index answers there as its table does and as on the
# primary, every page that is replayed is the primary's
# (wal_consistency_checking), a life cycle counts at once also there, and the
# standby can be promoted and goes on.

. test/lib/tap.sh

# Nothing here removes dead entries of a GiST page but VACUUM: see 701_crash.sh.
new_server primary "wal_consistency_checking=all" "autovacuum=off" || exit
primary=$PGHOST
sql "CREATE DATABASE life" >/dev/null
export PGDATABASE=life
ok "a database with everything" psql -X -f test/lib/life.sql
ok "base backup" "$PG_BINDIR/pg_basebackup" -D "$SCRATCH/standby" -R -c fast
standby=$SCRATCH/standby
# Its sockets are in its data directory, and with them the primary's lock.
rm -f "$standby"/.s.PGSQL.*
sed -i "s,$primary,$standby," "$standby/postgresql.conf"
start_server "$standby" || exit
export PGDATABASE=life

on_primary()
{
	PGHOST=$primary sql "$@"
}

# replayed: wait until the standby has what the primary has now
replayed()
{
	local lsn
	lsn=$(on_primary "SELECT pg_current_wal_lsn()")
	for _ in $(seq 1 600); do
		[ "$(sql "SELECT pg_last_wal_replay_lsn() >= '$lsn'")" != t ] || return 0
		sleep 0.1
	done
	return 1
}

# the same by index and by table, there and on the primary
agree()
{
	local what query by_index
	ok "$1: the standby has caught up" replayed
	while IFS='|' read -r what query; do
		query="SELECT md5(string_agg(x::text, ' ' ORDER BY x::text)), count(*) FROM ($query) x"
		like "$(sql "SET enable_seqscan = off; EXPLAIN (COSTS OFF) $query")" "$what" "$1: $what is used"
		by_index=$(sql "SET enable_seqscan = off; $query")
		is "$by_index" "$(sql "SET enable_indexscan = off; SET enable_bitmapscan = off; $query")" \
			"$1: $what and its table"
		is "$by_index" "$(on_primary "SET enable_indexscan = off; SET enable_bitmapscan = off; $query")" \
			"$1: $what and the primary's table"
	done <<-END
		held_no_overlap|SELECT q.id, h.id FROM app.question q JOIN app.held h ON h.o OPERATOR(ext.&&) q.o
		held_o|SELECT id FROM app.held WHERE o OPERATOR(ext.>) '[2030-06-01T00:00:00Z,2030-06-01T01:00:00Z){r1}'
		diary_held|SELECT id FROM app.diary WHERE ext.appointment_occupancy(a, '{practitioner_id}', '{cancelled}', NULL) OPERATOR(ext.&&) '[2030-01-01T00:00:00Z,2030-03-01T00:00:00Z){pra_3}'
		document_starts_at|SELECT n FROM app.document WHERE ext.appointment_starts_at(a) > '2030-02-20'
	END
}

agree "at first"
on_primary "SELECT setseed(0.3);
	INSERT INTO app.held SELECT i, ext.occupancy(t, t + interval '30 minutes', ARRAY['r' || i % 97, 'y' || i], 'org_' || i % 3)
		FROM (SELECT i, timestamptz '2030-01-01' + random() * interval '300 days' AS t FROM generate_series(10001, 20000) i) x
		ON CONFLICT DO NOTHING;
	DELETE FROM app.held WHERE id % 7 = 0;
	UPDATE app.held SET o = ext.occupancy_buffer(o, 1, 1) WHERE id % 100 = 1;
	UPDATE app.diary SET a = ext.appointment_set(a, 'status', '\"cancelled\"') WHERE id % 10 = 3" >/dev/null
on_primary "VACUUM app.held" >/dev/null
agree "after writes and VACUUM"
on_primary "REINDEX INDEX app.held_no_overlap; DELETE FROM app.held WHERE id % 5 = 1" >/dev/null
on_primary "VACUUM app.held" >/dev/null
agree "after REINDEX and VACUUM"

# one session of the standby, while the primary adds a step and takes it back
cat >"$SCRATCH/session.sql" <<END
SELECT array_agg(n) FROM ext.appointment_next_statuses('billed', 'clinic') n;
\! PGHOST=$primary psql -X -q -c "INSERT INTO ext.appointment_lifecycle VALUES ('clinic', 'billed', 'paid')"
\! rm -f $SCRATCH/seen; touch $SCRATCH/added; until [ -e $SCRATCH/seen ]; do sleep 0.05; done
SELECT array_agg(n) FROM ext.appointment_next_statuses('billed', 'clinic') n;
\! PGHOST=$primary psql -X -q -c "DELETE FROM ext.appointment_lifecycle WHERE from_status = 'billed'"
\! rm -f $SCRATCH/seen; touch $SCRATCH/added; until [ -e $SCRATCH/seen ]; do sleep 0.05; done
SELECT array_agg(n) FROM ext.appointment_next_statuses('billed', 'clinic') n;
END
timeout 60 psql -X -A -t -f "$SCRATCH/session.sql" >"$SCRATCH/session.out" 2>&1 &
session=$!
for _ in 1 2; do
	for _ in $(seq 1 300); do
		[ ! -e "$SCRATCH/added" ] || break
		sleep 0.1
	done
	rm -f "$SCRATCH/added"
	replayed
	touch "$SCRATCH/seen"
done
wait "$session"
is "$(xargs <"$SCRATCH/session.out")" "{paid}" "a life cycle's change counts at once in a session of the standby"

# functions that write nothing work there; what writes does not
like "$(sql "INSERT INTO app.held VALUES (-1, '[2050-01-01T00:00:00Z,2050-01-02T00:00:00Z){x}')")" \
	"25006" "the standby cannot be written"
is "$(sql "SELECT count(*) FROM ext.occupancy_conflicts('app.held_no_overlap')")" 0 "conflicts are looked for there"
is "$(sql "SELECT p.* FROM unnest('{app.booking,app.diary,app.visit}'::regclass[]) t, ext.appointment_trigger_problems(t) p")" "" \
	"and triggers are looked at"

ok "the primary crashes" "$PG_BINDIR/pg_ctl" -D "$primary" -m immediate -w stop
ok "the standby is promoted" "$PG_BINDIR/pg_ctl" -D "$standby" -w promote
psql -X -v ON_ERROR_STOP=1 -f test/lib/life_check.sql >"$SCRATCH/answers" 2>&1
ok "all of it works there" grep -x end "$SCRATCH/answers"
is "$(grep -v '^ok - ' "$SCRATCH/answers")" end "every answer is right"
is "$(sql "INSERT INTO app.held SELECT 30000, o FROM app.held LIMIT 1" | grep -o '23P01')" 23P01 "its constraint refuses"
ok "and takes what is free" sql "INSERT INTO app.held VALUES (30001, '[2050-01-01T00:00:00Z,2050-01-02T00:00:00Z){x}')"

done_testing
