#!/bin/bash
#
# The server is stopped at once while clients book: afterwards every booking
# that was acknowledged is there, with its history and its row in the log;
# nothing overlaps, and each index answers as its table does.
#
# Of heap and btree, what recovery replays is compared with what was written.
# Not so of GiST: when the server removes dead entries of a page, it sets a flag
# in recovery (gistRedoDeleteRecord) that it does not set before
# (gistprunepage), for any operator class.

. test/lib/tap.sh

clients=4
rounds=3
seed=106
printf '# seed %s\n' "$seed"

new_server crashing "wal_consistency_checking=heap,heap2,btree,sequence" \
	"restart_after_crash=off" "checkpoint_timeout=30s" || exit
data=$PGHOST
sql "CREATE EXTENSION appointment" >/dev/null
have_amcheck=$(sql "SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'")
[ "$have_amcheck" = 0 ] || sql "CREATE EXTENSION amcheck" >/dev/null
psql -X -q -v ON_ERROR_STOP=1 -o /dev/null <<'END'
SELECT appointment_create_change_log('public.booking_log');
CREATE TABLE booking (
	id int PRIMARY KEY,
	o occupancy,
	status text,
	history jsonb,
	CONSTRAINT booking_no_overlap EXCLUDE USING gist (o WITH &&) WHERE (status IS DISTINCT FROM 'cancelled')
);
CREATE INDEX booking_o ON booking (o);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'history=history');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON booking FOR EACH ROW EXECUTE FUNCTION occupancy_guard('booking_no_overlap');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id', 'status=status');
-- the same without the guard and the life cycle, in batches
CREATE TABLE held (id int, o occupancy);
CREATE INDEX held_o ON held USING gist (o);
END

# book CLIENT ROUND: one booking after another, each acknowledged as "id status"
book()
{
	local first=$(($2 * 1000000 + $1 * 100000))
	awk -v seed="$((seed * 100 + $2 * 10 + $1))" -v first="$first" 'BEGIN {
		srand(seed)
		for (i = 1; i <= 20000; i++) {
			id = first + i
			minute = int(rand() * 40000)
			printf "INSERT INTO booking SELECT %d, occupancy(t, t + interval '\''20 minutes'\'', '\''{r%d,p%d}'\''), '\''pending'\'' FROM (SELECT timestamptz '\''2030-01-01Z'\'' + interval '\''%d minutes'\'' AS t) x RETURNING id, status;\n", id, i % 7, i % 11, minute
			if (i % 3 == 0)
				printf "UPDATE booking SET status = '\''cancelled'\'' WHERE id = %d RETURNING id, status;\n", id
			if (i % 50 == 0)
				printf "INSERT INTO held SELECT %d, occupancy(t, t + interval '\''1 hour'\'', ARRAY['\''r'\'' || n %% 9]) FROM (SELECT n, timestamptz '\''2030-01-01Z'\'' + n * interval '\''%d minutes'\'' AS t FROM generate_series(1, 200) n) x;\n", id, i
		}
	}' | psql -X -q -A -t -F ' ' >>"$SCRATCH/acknowledged.$1" 2>"$SCRATCH/client.$1.log"
}

# enough ROUND: each client has got some answers in this round
enough()
{
	local client
	for client in $(seq "$clients"); do
		[ "$(grep -c "^$1" "$SCRATCH/acknowledged.$client")" -gt 200 ] || return 1
	done
}

for client in $(seq "$clients"); do
	: >"$SCRATCH/acknowledged.$client"
done
for round in $(seq "$rounds"); do
	pids=()
	for client in $(seq "$clients"); do
		book "$client" "$round" &
		pids+=($!)
	done
	for _ in $(seq 600); do
		! enough "$round" || break
		sleep 0.1
	done
	ok "$round: clients book" enough "$round"
	ok "$round: the server is stopped at once" "$PG_BINDIR/pg_ctl" -D "$data" -m immediate -w stop
	wait "${pids[@]}"
	"$PG_BINDIR/pg_ctl" -D "$data" -w -l "$SCRATCH/recovery.log" start >/dev/null || {
		fail "$round: it recovers"
		sed 's/^/#   /' "$SCRATCH/recovery.log"
		break
	}
	pass "$round: it recovers"

	cat "$SCRATCH"/acknowledged.* >"$SCRATCH/acknowledged"
	answers=$(psql -X -q -A -t -v ON_ERROR_STOP=1 2>&1 <<-END
		CREATE TEMP TABLE said (id int, status text);
		\copy said FROM '$SCRATCH/acknowledged' (DELIMITER ' ')
		SELECT 'missing ' || count(*) FROM said s WHERE NOT EXISTS (SELECT FROM booking b WHERE b.id = s.id AND (b.status = s.status OR s.status = 'pending'));
		SELECT 'overlaps ' || count(*) FROM occupancy_conflicts('booking_no_overlap');
		SELECT 'histories ' || count(*) FROM booking WHERE history -> -1 ->> 'status' IS DISTINCT FROM status OR jsonb_array_length(history) <> CASE status WHEN 'pending' THEN 1 ELSE 2 END;
		SELECT 'unlogged ' || count(*) FROM (SELECT id::text, jsonb_array_length(history) AS n FROM booking EXCEPT SELECT key, count(*) FROM booking_log GROUP BY key) x;
		SELECT 'logged only ' || count(*) FROM booking_log WHERE key::int NOT IN (SELECT id FROM booking);
		SET enable_seqscan = off;
		CREATE TEMP TABLE by_index AS SELECT a.id AS a, b.id AS b FROM booking a JOIN held b ON b.o && a.o WHERE a.id % 4 = 0;
		CREATE TEMP TABLE by_constraint AS SELECT q.id AS a, b.id AS b FROM held q JOIN booking b ON b.o && q.o AND b.status IS DISTINCT FROM 'cancelled' WHERE q.id % 1000 = 50;
		SET enable_seqscan = on; SET enable_indexscan = off; SET enable_bitmapscan = off;
		SELECT 'held_o ' || count(*) FROM ((SELECT a.id AS a, b.id AS b FROM booking a JOIN held b ON b.o && a.o WHERE a.id % 4 = 0 EXCEPT ALL TABLE by_index)
			UNION ALL (TABLE by_index EXCEPT ALL SELECT a.id AS a, b.id AS b FROM booking a JOIN held b ON b.o && a.o WHERE a.id % 4 = 0)) x;
		SELECT 'booking_no_overlap ' || count(*) FROM ((SELECT q.id AS a, b.id AS b FROM held q JOIN booking b ON b.o && q.o AND b.status IS DISTINCT FROM 'cancelled' WHERE q.id % 1000 = 50 EXCEPT ALL TABLE by_constraint)
			UNION ALL (TABLE by_constraint EXCEPT ALL SELECT q.id AS a, b.id AS b FROM held q JOIN booking b ON b.o && q.o AND b.status IS DISTINCT FROM 'cancelled' WHERE q.id % 1000 = 50)) x;
		SELECT CASE WHEN (SELECT count(*) FROM by_index) > 0 AND (SELECT count(*) FROM by_constraint) > 0 THEN 'compared' ELSE 'nothing to compare' END;
	END
	)
	is "$answers" "missing 0
overlaps 0
histories 0
unlogged 0
logged only 0
held_o 0
booking_no_overlap 0
compared" "$round: what was acknowledged is there, and all of it agrees"
	printf '# %s acknowledged, %s booked, %s refused\n' "$(wc -l <"$SCRATCH/acknowledged")" \
		"$(sql "SELECT count(*) FROM booking")" "$(cat "$SCRATCH"/client.*.log | grep -c 'conflict')"
	if [ "$have_amcheck" = 0 ]; then
		skip "$round: amcheck" "it is not installed"
	else
		ok "$round: amcheck" sql "SELECT bt_index_check(i, true) FROM unnest('{booking_o,booking_pkey,booking_log_pkey,booking_log_key_seq_idx}'::regclass[]) i"
	fi
done
is "$(sql "INSERT INTO booking SELECT -1, o, 'pending' FROM booking WHERE status <> 'cancelled' LIMIT 1" | grep -o 23P01)" \
	23P01 "the guard refuses as before"

done_testing
