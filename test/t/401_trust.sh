#!/bin/bash
#
# The extension is trusted: an ordinary user with CREATE on the database
# creates it, and everything in it runs as the user who calls it.  Objects of
# the same names that others have put on the search_path change nothing.

. test/lib/tap.sh

psql -X -q -v ON_ERROR_STOP=1 <<END
SET client_min_messages = error;
DROP ROLE IF EXISTS ordinary, hostile;
CREATE ROLE ordinary LOGIN;
CREATE ROLE hostile LOGIN;
GRANT CREATE ON DATABASE "$PGDATABASE" TO ordinary, hostile;
END
trap 'psql -X -q -c "DROP OWNED BY ordinary, hostile" -c "DROP ROLE ordinary, hostile" >/dev/null 2>&1; tap_stop_servers' EXIT

# ------------------------------------------------------------------
# an ordinary user
# ------------------------------------------------------------------

sql "CREATE SCHEMA AUTHORIZATION ordinary; CREATE SCHEMA AUTHORIZATION hostile" >/dev/null
is "$(sql "CREATE EXTENSION appointment SCHEMA ordinary" -U ordinary)" "" "an ordinary user creates the extension"
is "$(sql "SELECT count(*) FROM pg_depend d JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'appointment')
	AND (p.prosecdef OR NOT (SELECT rolsuper FROM pg_roles r WHERE r.oid = p.proowner))")" 0 \
	"its functions belong to the superuser, and run as their caller"
is "$(sql "SELECT ordinary.appointment_id('{\"id\":\"x\"}')" -U ordinary)" "x" "and uses it"
like "$(sql "ALTER FUNCTION ordinary.appointment_id(ordinary.appointment) RENAME TO mine" -U ordinary)" "42501" "but does not own what is in it"
like "$(sql "CREATE OR REPLACE FUNCTION ordinary.appointment_id(ordinary.appointment) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'" -U ordinary)" "42501" "and cannot replace it"
like "$(sql "CREATE CAST (bytea AS ordinary.appointment) WITHOUT FUNCTION" -U ordinary)" "42501" "or make values of bytes"
like "$(sql "SELECT ordinary.appointment_from_json('{}', 'caspen')" -U hostile)" "42501: permission denied for schema" "its schema is its owner's"
sql "GRANT USAGE ON SCHEMA ordinary TO hostile" -U ordinary >/dev/null
is "$(sql "SELECT ordinary.appointment_id('{\"id\":\"x\"}')" -U hostile)" "x" "who may share it"
sql "GRANT INSERT ON ordinary.appointment_lifecycle TO hostile" -U ordinary >/dev/null 2>&1
is "$(sql "INSERT INTO ordinary.appointment_lifecycle (lifecycle, to_status) VALUES ('own', 'open'); SELECT 'written'" -U hostile)" \
	"written" "and the right to write life cycles"
is "$(sql "DROP EXTENSION appointment" -U ordinary)" "" "and drops it"
sql "REVOKE CREATE ON DATABASE \"$PGDATABASE\" FROM ordinary" >/dev/null
like "$(sql "CREATE EXTENSION appointment SCHEMA ordinary" -U ordinary)" "42501: permission denied to create extension" "without CREATE on the database it cannot be created"
sql "GRANT CREATE ON DATABASE \"$PGDATABASE\" TO ordinary" >/dev/null

# ------------------------------------------------------------------
# a schema that somebody has prepared
# ------------------------------------------------------------------

# In a schema that others may write to, an object that has to be the
# extension's stops the installation: it is never taken over.
sql "CREATE SCHEMA trap; GRANT ALL ON SCHEMA trap TO hostile" >/dev/null
# trapped STATEMENT...: the installation fails and leaves nothing
trapped()
{
	sql "SET search_path = trap; $1" -U hostile >/dev/null
	like "$(sql "CREATE EXTENSION appointment SCHEMA trap")" "ERROR:  427(10|23)" "trapped: $1"
	is "$(sql "SELECT count(*) FROM pg_extension WHERE extname = 'appointment'")" 0 "and nothing is installed"
	sql "SET client_min_messages = error; DROP EXTENSION IF EXISTS appointment; DROP OWNED BY hostile; GRANT ALL ON SCHEMA trap TO hostile;
		CREATE SCHEMA IF NOT EXISTS hostile" >/dev/null
}
trapped "CREATE DOMAIN appointment AS text"
trapped "CREATE TABLE appointment ()"
trapped "CREATE TABLE appointment_event ()"
trapped "CREATE TYPE appointment_event AS ENUM ()"
trapped "CREATE FUNCTION appointment_from_json(text, text, jsonb) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'"
trapped "CREATE FUNCTION appointment_format(text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'"
trapped "CREATE FUNCTION appointment_fields() RETURNS text LANGUAGE sql AS 'SELECT NULL::text'"
trapped "CREATE FUNCTION appointment_from_row(record) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"

# ------------------------------------------------------------------
# a hostile search_path
# ------------------------------------------------------------------

# Functions and operators that would fit better than the extension's or the
# server's own, were they looked for; each tells when it is called.
sql "CREATE SCHEMA ext; GRANT USAGE ON SCHEMA ext TO PUBLIC; GRANT USAGE, CREATE ON SCHEMA hostile TO PUBLIC" >/dev/null
psql -X -q -v ON_ERROR_STOP=1 <<'END'
SET search_path = hostile;
CREATE FUNCTION caught(anyelement) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'caught'; END$$;
CREATE FUNCTION caught(anyelement, anyelement) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'caught'; END$$;
CREATE FUNCTION caught_text(text, text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'caught'; END$$;
CREATE OPERATOR = (LEFTARG = anyelement, RIGHTARG = anyelement, FUNCTION = caught);
CREATE OPERATOR < (LEFTARG = anyelement, RIGHTARG = anyelement, FUNCTION = caught);
CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = caught_text);
CREATE FUNCTION jsonb_in(cstring) RETURNS jsonb LANGUAGE internal AS 'jsonb_in';
CREATE FUNCTION tstzrange(timestamptz, timestamptz) RETURNS tstzrange LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'caught'; END$$;
CREATE DOMAIN text AS pg_catalog.text CHECK (hostile.caught(VALUE));
CREATE DOMAIN jsonb AS pg_catalog.jsonb CHECK (hostile.caught(VALUE));
CREATE DOMAIN timestamptz AS pg_catalog.timestamptz CHECK (hostile.caught(VALUE));
CREATE DOMAIN boolean AS pg_catalog.bool CHECK (hostile.caught(VALUE));
END
# also while the extension is installed, which the server does with a path of
# its own
is "$(sql "SET search_path = hostile, pg_catalog; CREATE EXTENSION appointment SCHEMA ext")" "" "installed with a hostile search_path"
is "$(sql "SELECT DISTINCT t.typnamespace::regnamespace FROM pg_depend d JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid,
	unnest(p.proargtypes::oid[] || p.proallargtypes || p.prorettype) a JOIN pg_type t ON t.oid = a
	WHERE d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'appointment') ORDER BY 1" | sort | xargs)" \
	"ext pg_catalog" "its functions take the server's types and its own only"
is "$(sql "SELECT count(*) FROM pg_amop o JOIN pg_operator p ON p.oid = amopopr JOIN pg_opfamily f ON f.oid = amopfamily
	WHERE opfname LIKE 'appointment%' AND oprnamespace <> 'ext'::regnamespace")" 0 "its classes have its own operators"

psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE TABLE public.documents (n int, a ext.appointment);
INSERT INTO public.documents VALUES (1, '{"id":"b","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","status":"scheduled","claimant":{"name":"n"}}'), (2, '{"id":"a"}'), (3, '{"id":"a"}');
GRANT SELECT ON public.documents TO PUBLIC;
END
# quietly STATEMENT: with the hostile schema before everything, and temporary
# objects before that
quietly()
{
	local output
	output=$(sql "SET search_path = hostile, pg_catalog, ext, public;
		CREATE FUNCTION pg_temp.appointment_id(ext.appointment) RETURNS pg_catalog.text LANGUAGE sql AS 'SELECT NULL::pg_catalog.text';
		$1" -U ordinary)
	is "$output" "$2" "$1"
}
quietly "SELECT ext.appointment_id(a) FROM documents ORDER BY n LIMIT 1" "b"
quietly "SELECT a::pg_catalog.jsonb OPERATOR(pg_catalog.->>) 'id' FROM documents ORDER BY n LIMIT 1" "b"
quietly "SELECT a OPERATOR(ext.->) 'claimant' FROM documents ORDER BY n LIMIT 1" '{"name": "n"}'
quietly "SET timezone = 'UTC'; SELECT ext.appointment_during(a) FROM documents ORDER BY n LIMIT 1" '["2024-01-01 10:00:00+00","2024-01-01 11:00:00+00")'
quietly "SELECT ext.appointment_to_json(a, 'avon') OPERATOR(pg_catalog.->>) 'id' FROM documents ORDER BY n LIMIT 1" "b"
quietly "SELECT ext.appointment_set(a, 'note', '\"x\"') OPERATOR(ext.->>) 'note' FROM documents ORDER BY n LIMIT 1" "x"
quietly "SELECT ext.appointment_from_row(d) OPERATOR(ext.->>) 'id' FROM (SELECT 'r'::pg_catalog.text AS id, '{}'::pg_catalog.jsonb AS claimant) d" "r"
quietly "SELECT pg_catalog.count(*) FROM ext.appointment_list_from_json('{\"object\":\"list\",\"data\":[{},{}]}', 'avon')" "2"
quietly "SELECT n FROM documents ORDER BY a, n LIMIT 1" "1"
quietly "SELECT pg_catalog.count(DISTINCT a) FROM documents" "2"
quietly "SELECT pg_catalog.count(*) FROM (SELECT a FROM documents GROUP BY a) s" "2"
sql "CREATE INDEX ON public.documents (a)" >/dev/null
is "$(sql "SET search_path = hostile, pg_catalog; SET enable_seqscan = off; REINDEX TABLE public.documents; SELECT n FROM public.documents ORDER BY a, n LIMIT 1")" 1 "an index is rebuilt and read"

# ------------------------------------------------------------------
# settings
# ------------------------------------------------------------------

is "$(sql "SET appointment.base_url = 'https://example.com'; SELECT ext.appointment_to_json('{\"id\":\"appt_a1b2c3d4e5f6\"}', 'savvycal') ->> 'cancel_url'" -U hostile)" \
	"https://example.com/c/appointments/appt_a1b2c3d4e5f6/cancel" "anybody may set the base URL for himself"
like "$(sql "SELECT ext.appointment_id('{}'); SET appointment.nothing = 1" -U hostile)" "(42602|42704): (invalid configuration parameter name|unrecognized configuration parameter)" "but not settings that there are not"

done_testing
