#!/bin/bash
#
# The extension is dropped with what depends on it, and comes back; it is moved
# to another schema, and everything goes on; databases with it in different
# schemas do not get into each other's way; and a user without rights gets just
# what he is given.

. test/lib/tap.sh

new_server server || exit
create()
{
	sql "CREATE DATABASE \"$1\" TEMPLATE template0" -d postgres >/dev/null
}

# ------------------------------------------------------------------
# drop
# ------------------------------------------------------------------

create dropped
export PGDATABASE=dropped
ok "a database with everything" psql -X -f test/lib/life.sql
pg_dump -Fc -f "$SCRATCH/dump"
like "$(sql "DROP EXTENSION appointment")" "2BP01: cannot drop extension appointment because other objects depend on it" \
	"what is in use is not dropped"
# the server's log has all of the list
for object in "column a of table app.document depends on type ext.appointment" \
	"column o of table app.held depends on type ext.occupancy" \
	"trigger life on table app.booking depends on function ext.appointment_enforce_lifecycle" \
	"trigger zz_guard on table app.booking depends on function ext.occupancy_guard" \
	"trigger log on table app.visit depends on function ext.appointment_log_changes" \
	"constraint inbox_is_valid on table app.inbox depends on function ext.appointment_is_valid" \
	"type app.sound depends on" \
	"function app.next\(text\) depends on function ext.appointment_next_statuses"; do
	like "$(cat "$PGHOST.log")" "$object" "it says: ${object%% depends*}"
done
is "$(sql "SELECT count(*) > 1000 FROM app.document")" t "nothing is lost by that"
is "$(sql "SET client_min_messages = warning; DROP EXTENSION appointment CASCADE")" "" "CASCADE drops it"
is "$(sql "SELECT attrelid::regclass, string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid IN ('app.document'::regclass, 'app.held'::regclass, 'app.diary'::regclass, 'app.visit'::regclass)
			AND attnum > 0 AND NOT attisdropped GROUP BY 1 ORDER BY 1" | xargs)" \
	"app.document|n app.held|id app.diary|id app.visit|id day status" "its columns are gone, the others are there"
is "$(sql "SELECT count(*) > 100 FROM app.booking") $(sql "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'app.booking'::regclass AND NOT tgisinternal") $(sql "SELECT count(*) FROM pg_constraint WHERE conrelid = 'app.booking'::regclass AND contype = 'x'")" \
	"t 0 0" "a table of ordinary columns has its rows, but neither triggers nor constraint"
is "$(sql "SELECT count(*) > 100 FROM app.log")" t "the log is the user's own"
is "$(sql "SELECT count(*) FROM pg_proc WHERE pronamespace = 'ext'::regnamespace") $(sql "SELECT count(*) FROM pg_type WHERE typnamespace = 'ext'::regnamespace")" \
	"0 0" "nothing is left of the extension"
# in the session that had used it, too
is "$(psql -X -q -A -t 2>&1 <<-'END'
	CREATE EXTENSION appointment SCHEMA ext;
	INSERT INTO ext.appointment_lifecycle VALUES ('mine', NULL, 'x');
	SELECT ext.appointment_can_transition(NULL, 'x', 'mine');
	SET client_min_messages = warning;
	DROP EXTENSION appointment CASCADE;
	CREATE EXTENSION appointment SCHEMA ext;
	SELECT ext.appointment_can_transition('pending', 'scheduled');
	SELECT ext.appointment_can_transition(NULL, 'x', 'mine');
	DROP EXTENSION appointment CASCADE;
	END
)" "t
t
ERROR:  unknown life cycle \"mine\"
HINT:  The life cycles are: default, caspen, sqod, avon, savvycal, event, fhir." \
	"a session that drops it and creates it again knows the new one"
create again
ok "the dump restores" pg_restore -d again --exit-on-error "$SCRATCH/dump"

# ------------------------------------------------------------------
# another schema
# ------------------------------------------------------------------

# Whatever names the old schema follows: indexes, constraints, triggers, views.
# A session that has used it goes on.
export PGDATABASE=again
is "$(psql -X -q -A -t 2>&1 <<-'END'
	SELECT ext.appointment_can_transition('completed', 'billed', 'clinic');
	SET appointment.actor = 'me';
	BEGIN;
	UPDATE app.booking SET status = 'arrived' WHERE id = (SELECT min(id) FROM app.booking WHERE status = 'scheduled');
	ROLLBACK;
	CREATE SCHEMA other;
	ALTER EXTENSION appointment SET SCHEMA other;
	SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'appointment';
	SELECT other.appointment_can_transition('completed', 'billed', 'clinic');
	BEGIN;
	UPDATE app.booking SET status = 'arrived' WHERE id = (SELECT min(id) FROM app.booking WHERE status = 'scheduled');
	UPDATE app.booking SET status = 'cancelled' WHERE id = (SELECT min(id) FROM app.booking WHERE status = 'pending');
	INSERT INTO other.appointment_lifecycle VALUES ('clinic', 'cancelled', 'forgotten');
	UPDATE app.booking SET status = 'forgotten' WHERE id = (SELECT min(id) FROM app.booking WHERE status = 'cancelled');
	SELECT event FROM app.log ORDER BY seq DESC LIMIT 3;
	ROLLBACK;
	END
)" "t
other
t
status_changed
cancelled
arrived" \
	"a session goes on after the extension has moved"
like "$(sql "INSERT INTO app.held SELECT -1, o FROM app.held LIMIT 1")" "23P01" "the constraint refuses"
like "$(sql "SELECT ext.appointment_id('{}')")" "42883" "nothing is left in the old schema"
sql "DROP SCHEMA ext; ALTER SCHEMA other RENAME TO ext" >/dev/null
is "$(psql -X -v ON_ERROR_STOP=1 -f test/lib/life_check.sql 2>&1 | grep -v '^ok')" end "all of it works after two moves"

# ------------------------------------------------------------------
# two databases
# ------------------------------------------------------------------

for n in 1 2; do
	create "two_$n"
	sql "CREATE SCHEMA s$n; CREATE EXTENSION appointment SCHEMA s$n;
		INSERT INTO s$n.appointment_lifecycle VALUES ('mine', NULL, 'of_$n');
		CREATE TABLE t (id int PRIMARY KEY, o s$n.occupancy, EXCLUDE USING gist (o WITH OPERATOR(s$n.&&)));
		CREATE TRIGGER zz_guard BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION s$n.occupancy_guard('t_o_excl')" -d "two_$n" >/dev/null
done
is "$(psql -X -q -A -t -d two_1 2>&1 <<-'END'
	INSERT INTO t VALUES (1, '[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){r}');
	SELECT * FROM s1.appointment_next_statuses(NULL, 'mine');
	\c two_2
	INSERT INTO t VALUES (1, '[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){r}');
	SELECT * FROM s2.appointment_next_statuses(NULL, 'mine');
	\c two_1
	DELETE FROM s1.appointment_lifecycle WHERE lifecycle = 'mine';
	\c two_2
	SELECT * FROM s2.appointment_next_statuses(NULL, 'mine');
	BEGIN;
	INSERT INTO t VALUES (2, '[2030-01-03T00:00:00Z,2030-01-04T00:00:00Z){r}');
	\! psql -X -q -A -t -d two_1 -c "SET lock_timeout = 1; INSERT INTO t VALUES (2, '[2030-01-03T00:00:00Z,2030-01-04T00:00:00Z){r}')"
	COMMIT;
	END
)" "of_1
of_2
of_2" "two databases have their own life cycles, locks and schemas"

# ------------------------------------------------------------------
# a user without rights
# ------------------------------------------------------------------

export PGDATABASE=again
sql "CREATE ROLE guest LOGIN; REVOKE ALL ON SCHEMA public FROM PUBLIC" >/dev/null
like "$(sql "SELECT ext.appointment_id('{}')" -U guest)" "42501: permission denied for schema ext" "without USAGE on the schema, nothing"
sql "GRANT USAGE ON SCHEMA ext, app TO guest" >/dev/null
is "$(sql "SELECT ext.appointment_id('{\"id\":\"x\"}'), ext.occupancy_resources('[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){r}'),
	ext.appointment_status(ext.appointment_transition('{\"status\":\"pending\"}', 'scheduled'))" -U guest)" \
	"x|{r}|scheduled" "with it, types, functions and life cycles"
like "$(sql "SELECT count(*) FROM ext.appointment_lifecycle" -U guest)" "42501: permission denied for table" "not the table that was revoked, which functions read all the same"
like "$(sql "INSERT INTO ext.appointment_lifecycle VALUES ('x', NULL, 'y')" -U guest)" "42501: permission denied for table" "nor may he write it"
like "$(sql "SELECT ext.appointment_erase('{}')" -U guest)" "42501: permission denied for function appointment_erase" "a function that was revoked is refused"
like "$(sql "SELECT * FROM ext.occupancy_conflicts('app.booking_no_overlap')" -U guest)" "42501" "rows of a table that he cannot read are not shown"
like "$(sql "SELECT ext.occupancy_lock('app.booking_no_overlap', ext.occupancy_all('2030-01-01Z', '2030-01-02Z'))" -U guest)" "42501" "nor may he lock its slots"
like "$(sql "SELECT ext.appointment_create_change_log('app.x')" -U guest)" "42501: permission denied for schema app" "a log is made with his own rights"
sql "REVOKE EXECUTE ON FUNCTION ext.occupancy_conflicts_with(ext.occupancy, ext.occupancy) FROM PUBLIC; GRANT INSERT ON app.booking TO guest" >/dev/null
like "$(sql "SELECT ext.occupancy_all('2030-01-01Z', '2030-01-02Z') OPERATOR(ext.&&) ext.occupancy_all('2030-01-01Z', '2030-01-02Z')" -U guest)" \
	"42501: permission denied for function occupancy_conflicts_with" "an operator whose function was revoked is refused"
is "$(sql "INSERT INTO app.booking (organisation_id, practitioner_id, starts_at, ends_at) VALUES ('o', 1, '2050-01-01Z', '2050-01-02Z')" -U guest)" "" \
	"but who may write a table is held to its constraints, and its triggers write the log"

done_testing
