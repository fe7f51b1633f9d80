#!/bin/bash
#
# A user with no more than CREATE on schemas of the search_path tries to have
# what he wrote run by others: when the extension is installed, when it is
# updated, and when its functions and triggers run.  Tables named as the types
# stand beside it.  And expressions that have nothing to do with the extension
# mean what they meant before it was there.

. test/lib/tap.sh

new_server server || exit
sql "CREATE ROLE hostile LOGIN; CREATE ROLE writer LOGIN" >/dev/null
sql "CREATE DATABASE attacked TEMPLATE template0" >/dev/null
export PGDATABASE=attacked
sql "CREATE SCHEMA hostile AUTHORIZATION hostile; CREATE SCHEMA ext; GRANT CREATE ON SCHEMA public TO PUBLIC;
	GRANT USAGE ON SCHEMA ext, hostile TO PUBLIC" >/dev/null
directory=$("$PG_BINDIR/pg_config" --sharedir)/extension
trap 'rm -f "$directory"/appointment_attacked*; tap_stop_servers' EXIT

# prepare SCHEMA: things there that fit as well or better than what the
# scripts and functions mean, and tell when they are called
prepare()
{
	psql -X -q -v ON_ERROR_STOP=1 -v schema="$1" -U hostile <<-'SQL'
		SET client_min_messages = error;
		SET search_path = :schema;
		CREATE FUNCTION caught() RETURNS void LANGUAGE plpgsql AS $$BEGIN
			RAISE LOG 'CAUGHT as %', current_user;
			BEGIN ALTER ROLE hostile SUPERUSER; EXCEPTION WHEN OTHERS THEN NULL; END;
		END$$;
		CREATE FUNCTION caught_1(anyelement) RETURNS boolean LANGUAGE sql AS 'SELECT hostile.caught(); SELECT true';
		CREATE FUNCTION caught_2(anyelement, anyelement) RETURNS boolean LANGUAGE sql AS 'SELECT hostile.caught(); SELECT true';
		CREATE FUNCTION caught_text(pg_catalog.text, pg_catalog.text) RETURNS boolean LANGUAGE sql AS 'SELECT hostile.caught(); SELECT true';
		CREATE FUNCTION caught_jsonb(pg_catalog.jsonb, pg_catalog.text) RETURNS pg_catalog.text LANGUAGE sql AS 'SELECT hostile.caught(); SELECT NULL::pg_catalog.text';
		CREATE FUNCTION caught_trigger() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM hostile.caught(); RETURN NEW; END$$;
		-- what the scripts call
		CREATE FUNCTION pg_extension_config_dump(regclass, pg_catalog.text) RETURNS void LANGUAGE sql AS 'SELECT hostile.caught()';
		CREATE FUNCTION pg_extension_config_dump(pg_catalog.text, pg_catalog.text) RETURNS void LANGUAGE sql AS 'SELECT hostile.caught()';
		CREATE FUNCTION now() RETURNS timestamptz LANGUAGE sql AS 'SELECT hostile.caught(); SELECT pg_catalog.now()';
		CREATE OPERATOR = (LEFTARG = anyelement, RIGHTARG = anyelement, FUNCTION = caught_2);
		CREATE OPERATOR = (LEFTARG = pg_catalog.text, RIGHTARG = pg_catalog.text, FUNCTION = caught_text);
		CREATE OPERATOR <> (LEFTARG = pg_catalog.text, RIGHTARG = pg_catalog.text, FUNCTION = caught_text);
		CREATE OPERATOR && (LEFTARG = anyelement, RIGHTARG = anyelement, FUNCTION = caught_2);
		CREATE OPERATOR ->> (LEFTARG = pg_catalog.jsonb, RIGHTARG = pg_catalog.text, FUNCTION = caught_jsonb);
		CREATE DOMAIN text AS pg_catalog.text CHECK (hostile.caught_1(VALUE));
		CREATE DOMAIN jsonb AS pg_catalog.jsonb CHECK (hostile.caught_1(VALUE));
		CREATE DOMAIN json AS pg_catalog.json;
		CREATE DOMAIN timestamptz AS pg_catalog.timestamptz CHECK (hostile.caught_1(VALUE));
		CREATE DOMAIN bool AS pg_catalog.bool;
		CREATE DOMAIN int4 AS pg_catalog.int4 CHECK (hostile.caught_1(VALUE));
		-- what the functions and triggers look for
		CREATE TABLE IF NOT EXISTS "log" (actor pg_catalog.text, session_role pg_catalog.text, operation pg_catalog.text, event pg_catalog.text, key pg_catalog.text, changes pg_catalog.jsonb);
		CREATE TRIGGER t BEFORE INSERT ON "log" FOR EACH ROW EXECUTE FUNCTION caught_trigger();
		GRANT ALL ON "log" TO PUBLIC;
		CREATE FUNCTION upper(pg_catalog.text) RETURNS pg_catalog.text LANGUAGE sql AS $$SELECT hostile.caught(); SELECT 'x'::pg_catalog.text$$;
	SQL
}

# unharmed WHAT: nothing of the attacker's was called by anybody else
unharmed()
{
	is "$(grep -c 'CAUGHT' "$PGHOST.log")$(sql "SELECT rolsuper FROM pg_roles WHERE rolname = 'hostile'")" "0f" "$1"
}

# ------------------------------------------------------------------
# what the trap is worth
# ------------------------------------------------------------------

ok "the trap is set in a schema" prepare hostile
ok "and in public" prepare public
sql "SET search_path = hostile, public, pg_catalog; SELECT upper('a')" >/dev/null
like "$(grep CAUGHT "$PGHOST.log")" "CAUGHT as postgres" "who walks into it is caught"
sql "ALTER ROLE hostile NOSUPERUSER" >/dev/null
: >"$PGHOST.log"

# ------------------------------------------------------------------
# installation and update
# ------------------------------------------------------------------

is "$(grep -lE 'CREATE OR REPLACE|IF NOT EXISTS' sql/*.sql)" "" "no script takes over what is there"
is "$(sql "SET search_path = hostile, public, pg_catalog; CREATE EXTENSION appointment SCHEMA ext")" "" \
	"it is installed with the attacker's schemas in front"
unharmed "and he is not called"

# An update, of an extension of another name, in a schema that he can write
# to, with the statements that updates are made of.
name=appointment_attacked
newest=$(sed -n "s/^default_version = '\(.*\)'/\1/p" appointment.control)
sed "s/^default_version.*/default_version = '2'/" appointment.control >"$directory/$name.control"
sed -e '/^GRANT SELECT/d; /pg_extension_config_dump/d' -e "/('sqod', NULL, 'scheduled'/d" "sql/appointment--$newest.sql" >"$directory/$name--1.sql"
cat >"$directory/$name--1--2.sql" <<-'SQL'
	GRANT SELECT ON appointment_lifecycle TO PUBLIC;
	SELECT pg_catalog.pg_extension_config_dump('appointment_lifecycle', 'WHERE NOT shipped');
	INSERT INTO appointment_lifecycle (lifecycle, from_status, to_status, not_after, shipped) VALUES ('sqod', NULL, 'scheduled', NULL, true);
	ALTER FUNCTION appointment_id(appointment) COST 2;
	CREATE FUNCTION appointment_new(a appointment, at timestamptz DEFAULT now()) RETURNS text AS 'MODULE_PATHNAME', 'appointment_id' LANGUAGE C STABLE STRICT;
	CREATE OPERATOR ~~~ (LEFTARG = appointment, RIGHTARG = text, FUNCTION = appointment_field_text);
SQL
sql "CREATE SCHEMA shared; GRANT ALL ON SCHEMA shared TO hostile" >/dev/null
ok "an extension in a schema that the attacker can write to" sql "CREATE EXTENSION $name SCHEMA shared VERSION '1'"
ok "where he sets the trap" prepare shared
ok "it is updated" sql "SET search_path = hostile, shared, public, pg_catalog; ALTER EXTENSION $name UPDATE"
unharmed "and he is not called"
is "$(sql "SELECT pg_get_function_arguments('shared.appointment_new'::regproc), pg_get_function_result('shared.appointment_new'::regproc)" -d attacked)" \
	"a shared.appointment, at timestamp with time zone DEFAULT now()|text" "core's types and functions come before his"
like "$(sql "SET search_path = shared; CREATE FUNCTION appointment_id(appointment) RETURNS pg_catalog.text LANGUAGE sql AS 'SELECT NULL::pg_catalog.text'" -U hostile)" \
	"42723" "he cannot replace what is there"
sql "DROP EXTENSION $name; DROP SCHEMA shared CASCADE" >/dev/null

# ------------------------------------------------------------------
# at run time
# ------------------------------------------------------------------

psql -X -q -v ON_ERROR_STOP=1 <<-'SQL'
	CREATE SCHEMA app;
	GRANT USAGE ON SCHEMA app TO PUBLIC;
	SET search_path = '';
	CREATE TABLE app.booking (id int PRIMARY KEY, o ext.occupancy, status text, history jsonb, a ext.appointment,
		CONSTRAINT booking_no_overlap EXCLUDE USING gist (o WITH OPERATOR(ext.&&)));
	SELECT ext.appointment_create_change_log('app.log') \gset
	CREATE FUNCTION app.loud() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.event := upper(NEW.event); RETURN NEW; END$$;
	CREATE TRIGGER loud BEFORE INSERT ON app.log FOR EACH ROW EXECUTE FUNCTION app.loud();
	CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app.booking FOR EACH ROW EXECUTE FUNCTION ext.appointment_enforce_lifecycle('status', 'default', 'history=history');
	CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON app.booking FOR EACH ROW EXECUTE FUNCTION ext.occupancy_guard('booking_no_overlap');
	CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.booking FOR EACH ROW EXECUTE FUNCTION ext.appointment_log_changes('log', 'id', 'status=status', 'values=*');
	GRANT SELECT, INSERT, UPDATE, DELETE ON app.booking TO PUBLIC;
SQL
: >"$PGHOST.log"

# work USER: what a session does whose path leads to the attacker's first, and
# that has temporary objects of the same names
work()
{
	psql -X -q -A -t -U "$1" 2>&1 <<-'SQL'
		SET client_min_messages = error;
		CREATE TEMP TABLE appointment_lifecycle (lifecycle int, from_status int);
		CREATE TEMP TABLE appointment (id int);
		CREATE TEMP TABLE occupancy (id int);
		CREATE TEMP TABLE appointment_history (id int);
		CREATE TEMP TABLE log (id int);
		CREATE TEMP TABLE booking_no_overlap (id int);
		CREATE FUNCTION pg_temp.appointment_status(ext.appointment) RETURNS pg_catalog.text LANGUAGE sql AS $$SELECT 'no'::pg_catalog.text$$;
		SET search_path = pg_temp, hostile, public, ext, pg_catalog;
		INSERT INTO app.booking VALUES (1, '[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){r}', 'pending', NULL, '{"id":"x","status":"pending"}');
		UPDATE app.booking SET status = 'scheduled';
		INSERT INTO app.booking VALUES (2, '[2030-01-01T12:00:00Z,2030-01-02T00:00:00Z){r}', 'pending');
		UPDATE app.booking SET status = 'completed';
		SELECT ext.appointment_id(a), ext.appointment_status(a), pg_catalog.jsonb_array_length(history) FROM app.booking;
		SELECT ext.appointment_can_transition('pending', 'scheduled'), ext.appointment_transition(a, 'scheduled', '2030-01-01Z') OPERATOR(ext.->>) 'status' FROM app.booking;
		SELECT ext.appointment_to_json(a, 'avon') OPERATOR(pg_catalog.->>) 'id' FROM app.booking;
		SELECT id FROM app.booking WHERE o OPERATOR(ext.&&) '[2030-01-01T12:00:00Z,2030-01-02T00:00:00Z){r}';
		SELECT pg_catalog.count(*) FROM ext.occupancy_conflicts('app.booking_no_overlap');
		SELECT ext.occupancy_lock('app.booking_no_overlap', ext.occupancy_all('2030-01-01Z', '2030-01-02Z'));
		DELETE FROM app.booking;
	SQL
}
for user in writer postgres; do
	is "$(work "$user" | grep -vE '^(DETAIL|HINT)' | sed 's/^ERROR: .*overl.*/ERROR: overlap/; s/^ERROR: .*conflict.*/ERROR: overlap/')" \
		"ERROR: overlap
ERROR:  status \"scheduled\" cannot be followed by \"completed\"
x|pending|2
t|scheduled
x
1
0" "all works for $user with the attacker's objects in front"
done
is "$(sql "SELECT string_agg(event, ' ' ORDER BY seq) FROM app.log")" \
	"CREATED SCHEDULED DELETED CREATED SCHEDULED DELETED" "the log's own trigger means the server's upper()"
unharmed "and he is not called"
# who calls his function himself has no more rights than his own
sql "SET search_path = hostile, pg_catalog; SELECT hostile.upper('x')" -U writer >/dev/null
is "$(sql "SELECT rolsuper FROM pg_roles WHERE rolname = 'hostile'")" f "the attacker is no superuser"

# ------------------------------------------------------------------
# what a table of his calls
# ------------------------------------------------------------------

# Functions of constants, which are called when an index is only described, in
# its expression and its predicate; a generated column; a policy.  What is his
# runs as him, whoever looks.
psql -X -q -v ON_ERROR_STOP=1 -U hostile >/dev/null <<-'SQL'
	SET client_min_messages = error;
	SET search_path = hostile, pg_catalog;
	CREATE FUNCTION trap(whose pg_catalog.text) RETURNS pg_catalog.text LANGUAGE plpgsql IMMUTABLE AS $$BEGIN
		IF current_user <> 'hostile' THEN PERFORM hostile.caught(); END IF;
		RETURN whose;
	END$$;
	CREATE TABLE trapped (id pg_catalog.int4 PRIMARY KEY, day pg_catalog.date, s pg_catalog.timestamptz, e pg_catalog.timestamptz, room pg_catalog.text,
		g pg_catalog.text GENERATED ALWAYS AS (hostile.trap('g')) STORED);
	CREATE INDEX trapped_constant ON trapped USING gist (ext.occupancy(s, e, ARRAY[hostile.trap('a')]));
	CREATE INDEX trapped_predicate ON trapped USING gist (ext.occupancy(s, e, ARRAY[room])) WHERE (hostile.trap('a') OPERATOR(pg_catalog.=) 'a'::pg_catalog.text);
	CREATE INDEX trapped_row ON trapped USING gist (ext.occupancy(s, e, ARRAY[hostile.trap(room)]));
	INSERT INTO trapped (id, s, e, room) VALUES (1, '2030-01-01Z', '2030-01-02Z', 'a'), (2, '2030-01-01Z', '2030-01-02Z', 'a');
	CREATE TABLE parts (day pg_catalog.date, s pg_catalog.timestamptz, e pg_catalog.timestamptz) PARTITION BY RANGE (day);
	CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
	CREATE INDEX parts_held ON parts USING gist (ext.occupancy(s, e, ARRAY[hostile.trap('a')]));
	INSERT INTO parts VALUES ('2030-01-01', '2030-01-01Z', '2030-01-02Z'), ('2030-01-01', '2030-01-01Z', '2030-01-02Z');
	ALTER TABLE trapped ENABLE ROW LEVEL SECURITY;
	CREATE POLICY his ON trapped USING (hostile.trap('p') OPERATOR(pg_catalog.=) 'p');
	GRANT SELECT ON trapped, parts TO PUBLIC;
SQL
: >"$PGHOST.log"
for index in trapped_constant trapped_predicate trapped_row parts_held; do
	is "$(sql "SELECT count(*) FROM ext.occupancy_conflicts('hostile.$index')")" 1 "a superuser looks for conflicts in the attacker's table: $index"
	unharmed "and his functions are called as him"
done
is "$(sql "SELECT ext.occupancy_lock('hostile.trapped_constant', ext.occupancy_all('2030-01-01Z', '2030-01-02Z'))")" "" "a superuser locks in it"
unharmed "and nothing of his is called"
# ------------------------------------------------------------------
# tables that are called as the types are
# ------------------------------------------------------------------

sql "CREATE DATABASE names TEMPLATE template0" >/dev/null
export PGDATABASE=names
sql "CREATE SCHEMA ext; CREATE EXTENSION appointment SCHEMA ext; ALTER DATABASE names SET search_path = public, ext" >/dev/null
is "$(psql -X -q -A -t -v ON_ERROR_STOP=1 2>&1 <<-'SQL'
	CREATE TABLE appointment (id int PRIMARY KEY, starts_at timestamptz, ends_at timestamptz, practitioner_id text, doc ext.appointment, o ext.occupancy);
	CREATE TABLE occupancy (id int PRIMARY KEY, appointment appointment);
	CREATE TABLE appointment_event (id int);
	INSERT INTO appointment VALUES (1, '2030-01-01Z', '2030-01-02Z', 'p', '{"id":"x"}', ext.occupancy('2030-01-01Z', '2030-01-02Z', '{p}'));
	INSERT INTO occupancy SELECT 1, a FROM appointment a;
	SELECT appointment_id(doc), appointment_id(appointment_from_row(a)), o && '[2030-01-01T12:00:00Z,2030-01-03T00:00:00Z){p}', (b.appointment).o = a.o FROM appointment a JOIN occupancy b USING (id);
	SELECT pg_typeof(a), pg_typeof(doc), pg_typeof(a.o) FROM appointment a;
	SELECT appointment_status('{"status":"pending"}'), appointment_id('{"id":"y"}');
	ALTER TABLE appointment ADD EXCLUDE USING gist (occupancy(starts_at, ends_at, ARRAY[practitioner_id]) WITH &&);
	CREATE TRIGGER zz_guard BEFORE INSERT ON appointment FOR EACH ROW EXECUTE FUNCTION occupancy_guard('appointment_occupancy_excl');
	CREATE TRIGGER life BEFORE UPDATE ON appointment FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('doc', 'default', 'mode=record');
	UPDATE appointment SET doc = '{"id":"x","status":"odd"}';
	SELECT appointment_status(doc), doc ->> 'id' FROM appointment;
	SQL
)" "x|1|t|t
appointment|ext.appointment|ext.occupancy
pending|y
odd|x" "tables named appointment, occupancy and appointment_event beside the extension"
pg_dump -Fc -f "$SCRATCH/names" names
sql "CREATE DATABASE names2 TEMPLATE template0" >/dev/null
ok "and they are restored" pg_restore -d names2 --exit-on-error "$SCRATCH/names"
like "$(sql "CREATE TABLE ext.appointment (id int)")" '42710: type "appointment" already exists' "not in the extension's schema, which is said"
like "$(sql "CREATE TABLE ext.occupancy (id int)")" '42710: type "occupancy" already exists' "neither that"
sql "CREATE DATABASE names3 TEMPLATE template0" >/dev/null
sql "CREATE TABLE occupancy (id int)" -d names3 >/dev/null
like "$(sql "CREATE EXTENSION appointment" -d names3)" '42710: type "occupancy" already exists' "nor the extension in theirs"

# ------------------------------------------------------------------
# what other expressions mean
# ------------------------------------------------------------------

sql "CREATE DATABASE meaning TEMPLATE template0" >/dev/null
export PGDATABASE=meaning
sql "ALTER DATABASE meaning SET search_path = public, ext" >/dev/null
psql -X -q -v ON_ERROR_STOP=1 <<-'SQL'
	CREATE SCHEMA ext;
	-- as hstore: a type of its own with operators of these names
	CREATE TYPE hs AS (k text, v text);
	CREATE FUNCTION hs_get(hs, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).v';
	CREATE OPERATOR -> (LEFTARG = hs, RIGHTARG = text, FUNCTION = hs_get);
	CREATE FUNCTION hs_overlap(hs, hs) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).v = ($2).v';
	CREATE OPERATOR && (LEFTARG = hs, RIGHTARG = hs, FUNCTION = hs_overlap);
	CREATE TYPE mood AS ENUM ('a', 'b');
	CREATE DOMAIN word AS text;
	CREATE TABLE t (i int, b bigint, n numeric, f float8, x text, v varchar, c char(3), w word, m mood, ir int4range, tr tstzrange, sr tsrange, mr tstzmultirange, ia int[], ta text[], ua uuid[], u uuid, j json, jb jsonb,
		ts timestamptz, d date, iv interval, h hs, p point, bx box, cd cidr, q tsquery, bt bytea);
	-- the operators and functions that an expression means, or why it has none
	CREATE FUNCTION meaning(expression text) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		result text;
	BEGIN
		EXECUTE 'CREATE VIEW meaning AS SELECT ' || expression || ' AS e FROM t';
		SELECT string_agg(array_to_string(m, ' '), ' ') INTO result FROM pg_rewrite,
			regexp_matches(ev_action::text, ':(opno|opfuncid|funcid|aggfnoid|opresulttype|consttype|resulttype|eqop|sortop) (\d+)', 'g') m
			WHERE ev_class = 'meaning'::regclass;
		DROP VIEW meaning;
		RETURN result;
	EXCEPTION WHEN OTHERS THEN
		RETURN SQLSTATE || ' ' || SQLERRM;
	END $$;
SQL
cat >"$SCRATCH/expressions" <<'END'
'[1,2)' && '[2,3)'
NULL && NULL
ir && '[1,2)'
'[1,2)' && ir
tr && '[2030-01-01,2030-01-02)'
sr && '[2030-01-01,2030-01-02)'
mr && '{[2030-01-01,2030-01-02)}'
tr && mr
ia && '{1}'
'{1}' && ta
ua && '{}'
ua && NULL
h && '(a,b)'
'(a,b)' && h
bx && '((0,0),(1,1))'
cd && '10.0.0.0/8'
q && 'a'
x && 'a'
i && 1
'1' * '2'
i * '2'
'2' * n
'2' * iv
tr * '[2030-01-01,2030-01-02)'
bx * '(1,1)'
x * 'a'
jb -> 'a'
jb ->> 'a'
j -> 'a'
j ->> 'a'
j -> 0
jb -> '0'
'{}' -> 'a'
'{}' ->> 'a'
x -> 'a'
x ->> 'a'
v ->> 'a'
h -> 'k'
h ->> 'k'
'a' = 'b'
'a' <> 'b'
'a' < 'b'
'a' >= 'b'
NULL = NULL
x = 'a'
v = 'a'
c < 'a'
w <> 'a'
m = 'a'
i = '1'
jb = '{}'
j = '{}'
tr = 'empty'
tr < 'empty'
h = '(a,b)'
ROW(1, 'a') = ROW(1, 'b')
u = '00000000-0000-0000-0000-000000000000'
ta = '{a}'
x = ANY ('{a}')
'a' = ANY (ta)
x IN ('a', 'b')
'a' IN (x, v)
x BETWEEN 'a' AND 'b'
'a' IS DISTINCT FROM 'b'
NULLIF('a', 'b')
greatest('a', 'b')
coalesce('a', NULL)
CASE 'a' WHEN 'b' THEN 'c' END
'a' || 'b'
x || 1
jb || '{}'
ta || 'a'
ts - '1 day'
ts + iv
d - '2030-01-01'
min(x)
max('a')
count(DISTINCT 'a')
array_agg(x ORDER BY 'a')
'{}'::jsonb
'{}'::json::jsonb
j = '{}'
jb = '{}'
'{}' = jb
coalesce(j, '{}')
coalesce('{}', jb)
j::text
CASE WHEN i > 0 THEN jb ELSE '{}' END
jb -> 'a' || '{}'
to_json(j)
json_build_object('a', j)
ARRAY[jb, '{}']
NULLIF(jb, '{}')
jb::text
bt::text
x::json
lower(tr)
lower('a')
length('a')
'{"a":1}'::jsonb ->> 'a' = '1'
jb @> '{}'
ia @> '{1}'
tr @> ts
tr -|- '[2030-01-01,2030-01-02)'
status
appointment
occupancy
t.t
END
meanings()
{
	while IFS= read -r expression; do
		printf "SELECT %s, meaning(%s);\n" "\$x\$$expression\$x\$" "\$x\$$expression\$x\$"
	done <"$SCRATCH/expressions" | psql -X -q -A -t 2>&1
}
meanings >"$SCRATCH/before"
sql "CREATE EXTENSION appointment SCHEMA ext" >/dev/null
meanings >"$SCRATCH/after"
is "$(wc -l <"$SCRATCH/before")" "$(wc -l <"$SCRATCH/expressions")" "every expression has a meaning or an error"
ok "most of them have a meaning" test "$(grep -c '|[a-z]' "$SCRATCH/before")" -gt 60
ok "they mean the same, or have the same error, with the extension" diff "$SCRATCH/before" "$SCRATCH/after"
sql "CREATE OPERATOR public.&& (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)" >/dev/null
is "$(diff "$SCRATCH/after" <(meanings) | grep '^<' | cut -d'|' -f 1 | head -n 1)" "< '[1,2)' && '[2,3)'" "a difference would be seen"

done_testing
