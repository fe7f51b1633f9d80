#!/bin/bash
#
# A dump restores the user's own life cycles, triggers and logs; a subscriber
# takes what the publisher has checked, unless it is asked to check itself.

. test/lib/tap.sh

sql "CREATE ROLE owner LOGIN" >/dev/null
sql "CREATE SCHEMA ext; CREATE SCHEMA app; CREATE EXTENSION appointment SCHEMA ext" >/dev/null
sql "INSERT INTO ext.appointment_lifecycle
		SELECT 'ours', from_status, to_status, '{changed_by}'
		FROM ext.appointment_lifecycle WHERE lifecycle = 'default';
	INSERT INTO ext.appointment_lifecycle VALUES ('ours', 'completed', 'paid');
	UPDATE ext.appointment_lifecycle SET not_after = 'starts_at', notice = '1 day 02:00', exempt = 'A desk that is not there'
		WHERE lifecycle = 'ours' AND to_status = 'cancelled';
	SELECT ext.appointment_create_change_log('app.log');
	CREATE TABLE app.booking (id int PRIMARY KEY, status text, history jsonb);
	CREATE TABLE app.doc (id int PRIMARY KEY, a ext.appointment);
	CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app.booking FOR EACH ROW
		EXECUTE FUNCTION ext.appointment_enforce_lifecycle('status', 'ours', 'history=history');
	CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app.doc FOR EACH ROW
		EXECUTE FUNCTION ext.appointment_enforce_lifecycle('a', 'default');
	CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.booking FOR EACH ROW
		EXECUTE FUNCTION ext.appointment_log_changes('log', 'id', 'status=status');
	SET appointment.actor = 'me';
	INSERT INTO app.booking VALUES (1, 'pending');
	UPDATE app.booking SET status = 'scheduled';
	INSERT INTO app.doc VALUES (1, '{\"status\":\"pending\"}');
	UPDATE app.doc SET a = ext.appointment_transition(a, 'scheduled')" >/dev/null
rows="SELECT lifecycle, from_status, to_status, requires, not_after, notice, exempt, shipped FROM ext.appointment_lifecycle ORDER BY 1, 2, 3, 4"
before=$(sql "$rows")
log=$(sql "SELECT * FROM app.log ORDER BY seq")
pg_dump -Fc -f "$SCRATCH/dump"
publisher="host=$PGHOST port=$PGPORT user=postgres dbname=$PGDATABASE"
publisher_host=$PGHOST publisher_database=$PGDATABASE

new_server restored || exit
sql "CREATE ROLE owner LOGIN" >/dev/null
sql "CREATE DATABASE restored OWNER owner" >/dev/null
export PGDATABASE=restored
ok "the dump restores as the database's owner" \
	pg_restore --no-owner -U owner -d restored --exit-on-error "$SCRATCH/dump"
is "$(sql "$rows")" "$before" "the user's own life cycles are there again, and the shipped ones once"
is "$(sql "SELECT * FROM app.log ORDER BY seq")" "$log" "the log is there again, and nothing was logged"
is "$(sql "SELECT ext.appointment_status(a), jsonb_array_length(a OPERATOR(ext.->) 'status_history') FROM app.doc")" \
	"scheduled|2" "a value has its history"
like "$(sql "UPDATE app.booking SET status = 'arrived'" -U owner)" \
	'23514: status "arrived" requires "changed_by"' "the trigger works, by the user's own rules"
is "$(sql "SET appointment.actor = 'you'; UPDATE app.booking SET status = 'arrived';
	SELECT event, actor FROM app.log ORDER BY seq DESC LIMIT 1" -U owner)" \
	"arrived|you" "and the log goes on"
ok "the extension's owner may add a life cycle" \
	sql "INSERT INTO ext.appointment_lifecycle VALUES ('new', NULL, 'x')" -U owner
like "$(sql "DELETE FROM ext.appointment_lifecycle WHERE lifecycle = 'avon'" -U owner)" \
	'came with the extension and is read-only' "but not change those of the extension"
pg_dump -U owner -Fc -f "$SCRATCH/again" restored
ok "the owner can dump it" test -s "$SCRATCH/again"

# a session outlives its role
sql "CREATE ROLE leaver LOGIN; GRANT USAGE ON SCHEMA app, ext TO PUBLIC;
	GRANT SELECT, INSERT ON app.booking TO PUBLIC; GRANT USAGE ON SCHEMA app TO leaver" -U postgres >/dev/null
is "$(psql -X -q -A -t -U leaver 2>&1 <<SQL
SELECT 'connected';
\! psql -X -q -U postgres -c "DROP OWNED BY leaver" -c "DROP ROLE leaver"
SET appointment.actor = 'leaver';
INSERT INTO app.booking VALUES (9, 'pending');
SQL
)" "connected" "a row of a session whose role was dropped is taken"
like "$(sql "SELECT session_role FROM app.log WHERE key = '9'" -U postgres)" 'unknown \(OID=[0-9]+\)' "and logged"

# logical replication
sql "CREATE DATABASE replica" -d postgres >/dev/null
export PGDATABASE=replica
sql "CREATE SCHEMA ext; CREATE SCHEMA app; CREATE EXTENSION appointment SCHEMA ext;
	CREATE TABLE app.doc (id int PRIMARY KEY, a ext.appointment);
	CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app.doc FOR EACH ROW
		EXECUTE FUNCTION ext.appointment_enforce_lifecycle('a', 'avon')" >/dev/null
PGHOST=$publisher_host PGDATABASE=$publisher_database sql "CREATE PUBLICATION p FOR TABLE app.doc" >/dev/null
sql "CREATE SUBSCRIPTION s CONNECTION '$publisher' PUBLICATION p" >/dev/null

# wait_for QUERY EXPECTED
wait_for()
{
	for _ in $(seq 1 300); do
		[ "$(sql "$1")" != "$2" ] || return 0
		sleep 0.1
	done
	sql "$1"
	return 1
}
PGHOST=$publisher_host PGDATABASE=$publisher_database sql "
	UPDATE app.doc SET a = ext.appointment_transition(a, 'arrived');
	INSERT INTO app.doc VALUES (2, '{\"status\":\"pending\"}')" >/dev/null
ok "steps that the replica's trigger forbids arrive there" \
	wait_for "SELECT string_agg(ext.appointment_status(a), ' ' ORDER BY id) FROM app.doc" "arrived pending"
is "$(sql "SELECT jsonb_array_length(a OPERATOR(ext.->) 'status_history') FROM app.doc WHERE id = 1")" \
	3 "with the publisher's history"
sql "ALTER TABLE app.doc ENABLE ALWAYS TRIGGER life" >/dev/null
PGHOST=$publisher_host PGDATABASE=$publisher_database sql "
	UPDATE app.doc SET a = ext.appointment_transition(a, 'completed') WHERE id = 1" >/dev/null
for _ in $(seq 1 300); do
	! grep -q 'cannot be followed by\|does not know\|has no status' "$SCRATCH/restored.log" || break
	sleep 0.1
done
ok "unless the replica asks for it" \
	grep -q 'life cycle "avon"\|cannot be followed by' "$SCRATCH/restored.log"
sql "ALTER SUBSCRIPTION s DISABLE; ALTER SUBSCRIPTION s SET (slot_name = NONE)" >/dev/null
sql "DROP SUBSCRIPTION s" >/dev/null
export PGHOST=$publisher_host PGDATABASE=$publisher_database
for _ in $(seq 1 100); do
	[ "$(sql "SELECT count(*) FROM pg_replication_slots WHERE active" )" != 0 ] || break
	sleep 0.1
done
sql "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()" >/dev/null

done_testing
