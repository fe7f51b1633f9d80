#!/bin/bash
#
# The index and the guard after a crash and on a standby: the index still
# answers as the table does, a prepared transaction keeps its locks across a
# restart, and the constraint still refuses.

. test/lib/tap.sh

# same_answers: index and table agree on every question
same_answers()
{
	sql "SET enable_seqscan = off; SET enable_bitmapscan = off;
		CREATE TEMP TABLE by_index AS SELECT q.id AS question, b.id FROM question q JOIN held b ON b.o && q.o;
		SET enable_seqscan = on; SET enable_indexscan = off;
		SELECT count(*) > 1000 AND count(*) = (SELECT count(*) FROM by_index)
			AND NOT EXISTS (SELECT q.id, b.id FROM question q JOIN held b ON b.o && q.o EXCEPT SELECT * FROM by_index)
		FROM question q JOIN held b ON b.o && q.o"
}

new_server primary "max_prepared_transactions=2" || exit
sql "CREATE EXTENSION appointment;
	SELECT setseed(0.2);
	CREATE TABLE held (id int PRIMARY KEY, o occupancy);
	CREATE INDEX held_o ON held USING gist (o);
	CREATE TABLE question AS SELECT id, occupancy(t, t + interval '1 day', ARRAY['r' || id % 7]) AS o
	FROM (SELECT id, timestamptz '2024-01-01' + random() * interval '300 days' AS t FROM generate_series(1, 200) id) x" >/dev/null

# fill FIRST LAST: a statement that inserts rows of these ids
fill()
{
	echo "INSERT INTO held SELECT id, occupancy(t, t + interval '1 hour', ARRAY['r' || id % 7, 'x' || id])
		FROM (SELECT id, timestamptz '2024-01-01' + random() * interval '300 days' AS t FROM generate_series($1, $2) id) x"
}

sql "$(fill 1 20000)" >/dev/null
sql CHECKPOINT >/dev/null
sql "$(fill 20001 40000); DELETE FROM held WHERE id % 5 = 0" >/dev/null
data=$(sql "SHOW data_directory")
ok "crash" "$PG_BINDIR/pg_ctl" -D "$data" -m immediate -w stop
ok "recovery" "$PG_BINDIR/pg_ctl" -D "$data" -w -l "$SCRATCH/recovery.log" start
is "$(sql "SELECT count(*) FROM held")" 32000 "all rows are there after a crash"
is "$(same_answers | tail -n 1)" t "the index answers as the table does after a crash"

# a prepared transaction holds its resource, also after a crash
sql "DROP INDEX held_o; DELETE FROM held;
	ALTER TABLE held ADD CONSTRAINT held_no_overlap EXCLUDE USING gist (o WITH &&);
	CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON held FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held_no_overlap')" >/dev/null
sql "BEGIN; INSERT INTO held VALUES (1, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'); PREPARE TRANSACTION 'one'" >/dev/null
ok "crash with a prepared transaction" "$PG_BINDIR/pg_ctl" -D "$data" -m immediate -w stop
ok "recovery with a prepared transaction" "$PG_BINDIR/pg_ctl" -D "$data" -w -l "$SCRATCH/recovery.log" start
insert="INSERT INTO held VALUES (2, '[2024-01-01T10:30:00Z,2024-01-01T11:00:00Z){a}')"
is "$(sql "SET lock_timeout = 1; $insert" | grep -o 55P03)" 55P03 "its locks are held"
sql "COMMIT PREPARED 'one'" >/dev/null
is "$(sql "$insert" | grep -o 23P01)" 23P01 "its row is in the way when it has committed"

# a standby
sql "DELETE FROM held; DROP TRIGGER guard ON held; ALTER TABLE held DROP CONSTRAINT held_no_overlap;
	CREATE INDEX held_o ON held USING gist (o)" >/dev/null
ok "base backup" "$PG_BINDIR/pg_basebackup" -D "$SCRATCH/standby" -R -c fast
sql "$(fill 1 20000); REINDEX INDEX held_o; $(fill 20001 30000)" >/dev/null
ok "the standby starts" "$PG_BINDIR/pg_ctl" -D "$SCRATCH/standby" -w -l "$SCRATCH/standby.log" -o "-p $((PGPORT + 1))" start
tap_servers+=("$SCRATCH/standby")
lsn=$(sql "SELECT pg_current_wal_lsn()")
replayed=f
for _ in $(seq 600); do
	replayed=$(sql "SELECT pg_last_wal_replay_lsn() >= '$lsn'" -p $((PGPORT + 1)))
	[ "$replayed" = t ] && break
	sleep 0.1
done
is "$replayed" t "the standby has caught up"
both="SELECT count(*), sum(b.id) FROM question q JOIN held b ON b.o && q.o"
is "$(sql "SET enable_seqscan = off; $both" -p $((PGPORT + 1)) | tail -n 1)" \
	"$(sql "SET enable_indexscan = off; SET enable_bitmapscan = off; $both" | tail -n 1)" \
	"the standby's index answers as the primary's table does"

done_testing
