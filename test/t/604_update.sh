#!/bin/bash
#
# ALTER EXTENSION UPDATE: whatever version was installed first, the catalogs
# say the same of the extension afterwards as if it had been installed new.
# And a new library works with the old version's objects, as long as nobody
# has updated them.
#
# There are no versions before 1.0 yet, so that this would notice what an
# update leaves behind is shown with doctored ones: an extension of another
# name is made of the same script, with one thing changed for each old version.

. test/lib/tap.sh

# catalogs EXTENSION: what they say of it
catalogs()
{
	psql -X -v ON_ERROR_STOP=1 -v extension="$1" -f test/lib/catalogs.sql 2>&1
}

# install EXTENSION: its newest version, for updated
install()
{
	sql "DROP EXTENSION IF EXISTS $1; CREATE EXTENSION $1 SCHEMA ext" | grep ERROR
	catalogs "$1" >"$SCRATCH/new"
}

# updated EXTENSION VERSION: the catalogs after an update from there, compared
# with those of a new installation; the differing lines
updated()
{
	sql "SET client_min_messages = warning; DROP EXTENSION $1;
		CREATE EXTENSION $1 SCHEMA ext VERSION '$2'; ALTER EXTENSION $1 UPDATE"
	diff "$SCRATCH/new" <(catalogs "$1") | grep '^[<>]'
}

directory=$("$PG_BINDIR/pg_config" --sharedir)/extension
trap 'rm -f "$directory"/appointment_doctored*; tap_stop_servers' EXIT
sql "CREATE SCHEMA ext" >/dev/null

# ------------------------------------------------------------------
# every version that there is
# ------------------------------------------------------------------

newest=$(sed -n "s/^default_version = '\(.*\)'/\1/p" appointment.control)
install appointment
ok "the catalogs have much to say" test "$(wc -l <"$SCRATCH/new")" -gt 1000
is "$(sql "SELECT version FROM pg_available_extension_versions v
		WHERE name = 'appointment' AND version <> (SELECT default_version FROM pg_available_extensions WHERE name = v.name)
			AND NOT EXISTS (SELECT FROM pg_extension_update_paths(v.name) p JOIN pg_available_extensions e ON e.name = v.name
				WHERE source = version AND target = default_version AND path IS NOT NULL)")" \
	"" "every version can be updated to the newest"
for version in $(sql "SELECT version FROM pg_available_extension_versions
		WHERE name = 'appointment' ORDER BY version"); do
	is "$(updated appointment "$version")" "" "$version: an update makes it as if installed new"
done
like "$(sql "ALTER EXTENSION appointment UPDATE")" \
	"version \"$newest\" of extension \"appointment\" is already installed" "the newest needs none"
sql "DROP EXTENSION appointment" >/dev/null

# ------------------------------------------------------------------
# doctored versions
# ------------------------------------------------------------------

name=appointment_doctored
sed 's/^default_version.*/default_version = '\''9.0'\''/' appointment.control >"$directory/$name.control"
script=sql/appointment--$newest.sql
cp "$script" "$directory/$name--9.0.sql"

# doctor VERSION SED-SCRIPT UPDATE: the script with a change, and the update
# to the newest
doctor()
{
	sed -e "$2" "$script" >"$directory/$name--$1.sql"
	cmp -s "$script" "$directory/$name--$1.sql" && fail "$1: nothing was changed"
	printf '%s\n' "$3" >"$directory/$name--$1--9.0.sql"
}

volatility='/^CREATE FUNCTION appointment_id(/,/;/s/IMMUTABLE/STABLE/'
comment='/^COMMENT ON FUNCTION appointment_id(/,/;/s/'\''.*'\''/'\''other'\''/'
grant='/^GRANT SELECT ON appointment_lifecycle TO PUBLIC/d'
doctor 0.0 "$volatility; $comment; $grant" "
	ALTER FUNCTION appointment_id(appointment) IMMUTABLE;
	COMMENT ON FUNCTION appointment_id(appointment)
		IS '$(sed -n '/^COMMENT ON FUNCTION appointment_id(/{n;s/^\t'\''\(.*\)'\'';$/\1/p}' "$script")';
	GRANT SELECT ON appointment_lifecycle TO PUBLIC;"
doctor 0.1 "$volatility" "SELECT 1;"
doctor 0.2 "$comment" "SELECT 1;"
doctor 0.3 "$grant" "SELECT 1;"
doctor 0.4 "/('sqod', NULL, 'scheduled'/d" "SELECT 1;"
doctor 0.5 '/ENABLE ALWAYS TRIGGER protect/d' "SELECT 1;"
doctor 0.6 's/RESTRICT = occupancy_sel/RESTRICT = eqsel/; s/JOIN = occupancy_joinsel/JOIN = eqjoinsel/' "SELECT 1;"
doctor 0.7 '/FUNCTION 2 occupancy_hash_extended(/d; s/FUNCTION 1 occupancy_hash(occupancy),/FUNCTION 1 occupancy_hash(occupancy);/' "SELECT 1;"
doctor 0.8 "/pg_extension_config_dump/d" "SELECT 1;"
doctor 0.9 "/^CREATE CAST (jsonb AS appointment_event)/d; /^COMMENT ON CAST (jsonb AS appointment_event)/,/;/d" "SELECT 1;"
doctor 0.10 "s/STYPE = internal,/STYPE = internal, SSPACE = 100,/" "SELECT 1;"
doctor 0.11 '/^CREATE TYPE occupancy (/,/;/s/STORAGE = extended/STORAGE = main/' "SELECT 1;"

install "$name"
is "$(updated "$name" 0.0)" "" "an update that repairs everything leaves no difference"

# left VERSION KINDS WHAT: an update that repairs nothing leaves this
left()
{
	local difference
	difference=$(updated "$name" "$1")
	is "$(cut -c3- <<<"$difference" | cut -d '|' -f 1 | sort -u | xargs)" "$2" "seen: $3"
}
left 0.1 "function" "a function's volatility"
left 0.2 "comment" "a comment"
left 0.3 "initial privileges relation" "a privilege"
left 0.4 "row" "a row"
left 0.5 "trigger" "a trigger's state"
left 0.6 "dependency operator" "an operator's estimators"
left 0.7 "dependency family function" "a support function"
left 0.8 "extension" "rows that are dumped"
left 0.9 "cast comment dependency" "a cast"
left 0.10 "aggregate" "an aggregate"
left 0.11 "type" "a type's storage"

# ------------------------------------------------------------------
# a new library with old objects
# ------------------------------------------------------------------

# Every C function that an old script names is still in the library, or the
# script could not be run: that was done above.  What a new library looks up
# may be missing, and is an error then.
doctor 0.12 '/^CREATE TABLE appointment_lifecycle/,/^CREATE FUNCTION appointment_lifecycle_changed/{/^CREATE FUNCTION appointment_lifecycle_changed/!d}; /^CREATE TRIGGER/,/;/d; /^COMMENT ON TRIGGER/,/;/d; /^ALTER TABLE/d' "SELECT 1;"
doctor 0.13 "/^\tnot_after text CHECK/d; /^COMMENT ON COLUMN appointment_lifecycle.not_after/,/;/d; s/^INSERT INTO appointment_lifecycle (lifecycle, from_status, to_status, not_after, shipped)/INSERT INTO appointment_lifecycle (lifecycle, from_status, to_status, requires, shipped)/; s/, 'ends_at', true)/, '{}', true)/; s/, NULL, true)/, '{}', true)/" "SELECT 1;"
sql "DROP EXTENSION $name; CREATE EXTENSION $name SCHEMA ext VERSION '0.12'" >/dev/null
is "$(sql "SELECT ext.appointment_id('{\"id\":\"x\"}'), ext.occupancy_all('2030-01-01Z', '2030-01-02Z')")" \
	"x|[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){*}" "without the table of life cycles the rest works"
like "$(sql "SELECT ext.appointment_can_transition('pending', 'scheduled')")" \
	'42P01: table "appointment_lifecycle" is not in the extension' "and life cycles are an error"
sql "DROP EXTENSION $name; CREATE EXTENSION $name SCHEMA ext VERSION '0.13'" >/dev/null
like "$(sql "SELECT ext.appointment_can_transition('pending', 'scheduled')")" \
	'42P16: table "appointment_lifecycle" does not have the columns' "with another table, too"

done_testing
