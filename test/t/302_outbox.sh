#!/bin/bash
#
# The change log as an outbox: a poller that keeps its place as the README
# says takes each event once, also after a restore into a younger cluster, whose
# transactions have lower numbers.

. test/lib/tap.sh

psql -X -q -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
CREATE EXTENSION appointment;
SELECT appointment_create_change_log('log');
CREATE TABLE booking (id int PRIMARY KEY, status text);
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON booking FOR EACH ROW
	EXECUTE FUNCTION appointment_log_changes('log', 'id', 'status=status');
CREATE TABLE taken (system_identifier bigint PRIMARY KEY, xid xid8 NOT NULL, seq bigint NOT NULL);
CREATE TABLE delivered (n int GENERATED ALWAYS AS IDENTITY, seq bigint);
-- one round of a poller: what there is to take, a few at a time
CREATE PROCEDURE poll() LANGUAGE plpgsql AS $$
DECLARE
	r record;
BEGIN
	FOR r IN
		SELECT l.system_identifier, l.xid, l.seq
		FROM log l LEFT JOIN taken t USING (system_identifier)
		WHERE (t.seq IS NULL OR (l.xid, l.seq) > (t.xid, t.seq))
			AND (l.system_identifier <> (SELECT system_identifier FROM pg_control_system())
				OR l.xid < pg_snapshot_xmin(pg_current_snapshot()))
		ORDER BY l.system_identifier = (SELECT system_identifier FROM pg_control_system()), l.xid, l.seq LIMIT 3
	LOOP
		INSERT INTO delivered (seq) VALUES (r.seq);
		INSERT INTO taken VALUES (r.system_identifier, r.xid, r.seq)
			ON CONFLICT (system_identifier) DO UPDATE SET xid = excluded.xid, seq = excluded.seq;
	END LOOP;
END
$$;
-- an older cluster: many transactions
CREATE PROCEDURE grow() LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 3000 LOOP
		PERFORM pg_current_xact_id();
		COMMIT;
	END LOOP;
END
$$;
CALL grow();
INSERT INTO booking SELECT n, 'pending' FROM generate_series(1, 5) n;
SQL

# a transaction that is slow to commit, and took its number and its seq before others
coproc slow { psql -X -q -A -t 2>&1; }
printf '%s\n' "BEGIN; INSERT INTO booking VALUES (6, 'slow'); SELECT 'written';" >&"${slow[1]}"
read -r line <&"${slow[0]}"
is "$line" "written" "a transaction has written, and does not commit"
sql "INSERT INTO booking VALUES (7, 'quick')" >/dev/null
for _ in 1 2 3; do sql "CALL poll()" >/dev/null; done
is "$(sql "SELECT string_agg(seq::text, ' ' ORDER BY n) FROM delivered")" "1 2 3 4 5" "what came after it waits"
printf '%s\n' "COMMIT; SELECT 'done';" >&"${slow[1]}"
read -r line <&"${slow[0]}"
printf '%s\n' '\q' >&"${slow[1]}"
sql "CALL poll()" >/dev/null
is "$(sql "SELECT string_agg(seq::text, ' ' ORDER BY n) FROM delivered")" "1 2 3 4 5 6 7" "and is taken in order"

# events that nobody has taken yet are in the dump
sql "UPDATE booking SET status = 'scheduled' WHERE id < 4" >/dev/null
old_xid=$(sql "SELECT max(xid) FROM log")
pg_dump -f "$SCRATCH/dump"
new_server younger || exit
sql "CREATE DATABASE restored" >/dev/null
export PGDATABASE=restored
ok "the dump restores" psql -X -q -v ON_ERROR_STOP=1 -f "$SCRATCH/dump"
sql "UPDATE booking SET status = 'cancelled' WHERE id < 4" >/dev/null
is "$(sql "SELECT '$old_xid'::xid8 > pg_current_xact_id()")" "t" "the cluster is younger than what it has got"
for _ in 1 2 3 4; do sql "CALL poll()" >/dev/null; done
is "$(sql "SELECT string_agg(seq::text, ' ' ORDER BY n) FROM delivered")" "1 2 3 4 5 6 7 8 9 10 11 12 13" \
	"the poller takes what was left, and then what is new, each once"
is "$(sql "SELECT count(*) FROM taken")" 2 "with a place for each cluster"

done_testing
