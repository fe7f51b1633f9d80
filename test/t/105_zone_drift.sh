#!/bin/bash
#
# After an update of the server's zone data: which appointments show another
# time on their clock, and how they are put right under constraint and guard.
#
# The zones are in a directory of the test's own, in which one changes its rules
# while a private server runs.

. test/lib/tap.sh

PATH=$PATH:/usr/sbin:/sbin
need "zic, the compiler of zones" zic --version

# ------------------------------------------------------------------
# A server with zones of its own
# ------------------------------------------------------------------

# Where the zones are a server has from its build: beside it, or a directory of
# the system (--with-system-tzdata).  So here is a copy of the programs, whose
# text for that directory is another one of the same length.
bindir=$("$PG_CONFIG" --bindir)
sharedir=$("$PG_CONFIG" --sharedir)
pkglibdir=$("$PG_CONFIG" --pkglibdir)
installed=${PG_BINDIR%"$bindir"}
copy=$SCRATCH/zones_install
system=$("$PG_CONFIG" --configure | sed -n "s/.*'--with-system-tzdata=\([^']*\)'.*/\1/p")
mkdir -p "$copy$bindir" "$copy$sharedir" "$(dirname "$copy$pkglibdir")"
ln -s "$installed$pkglibdir" "$copy$pkglibdir"
find "$installed$sharedir" -mindepth 1 -maxdepth 1 ! -name timezone -exec ln -s -t "$copy$sharedir" {} +
cp -p "$PG_BINDIR"/* "$copy$bindir/"
if [ -n "$system" ]; then
	template=/tmp/zones.XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
	trap 'tap_stop_servers; rm -rf "$zones"' EXIT
	zones=$(mktemp -d "${template:0:${#system}}")
	LC_ALL=C sed -i "s|$system|$zones|g" "$copy$bindir"/postgres*
else
	zones=$copy$sharedir/timezone
	mkdir "$zones"
fi

# rules TEXT: the zones from here on
rules()
{
	printf '%s\n' "$1" 'Zone UTC 0 - UTC' 'Link UTC Etc/UTC' \
		'Zone Europe/Steady 1:00 - CET' >"$SCRATCH/rules"
	zic -d "$zones" "$SCRATCH/rules"
}

ok "zones are compiled" rules '
Rule Utopia 2000 max - Mar lastSun 1:00u 1:00 S
Rule Utopia 2000 max - Oct lastSun 1:00u 0 -
Zone Europe/Utopia 1:00 Utopia UT%sC'
PG_BINDIR=$copy$bindir
TZ=UTC new_server zoned timezone=UTC || fail "a server with zones of its own starts"
is "$(sql "SELECT string_agg(name, ',' ORDER BY name) FROM pg_timezone_names")" "Etc/UTC,Europe/Steady,Europe/Utopia,UTC" "it has these zones alone"

# ------------------------------------------------------------------
# Bookings, by the rules of that day
# ------------------------------------------------------------------

psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE EXTENSION appointment;
CREATE TABLE booking (id text PRIMARY KEY, appt appointment NOT NULL,
	CONSTRAINT booking_no_overlap EXCLUDE USING gist (appointment_occupancy(appt) WITH &&));
CREATE TRIGGER booking_guard BEFORE INSERT OR UPDATE ON booking
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('booking_no_overlap');
CREATE TRIGGER booking_life BEFORE INSERT OR UPDATE ON booking
	FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('appt', 'default');
-- one after the other, in winter and in summer, an hour each
INSERT INTO booking
	SELECT id, appointment_from_row(r) FROM (SELECT to_char(local, 'MMDD-HH24"h"') AS id, zone_instant(local, 'Europe/Utopia') AS starts_at,
		60 AS duration, 'Europe/Utopia' AS time_zone, local AS local_starts_at, 'room' AS room_id, 'scheduled' AS status, true AS confirmed
		FROM generate_series(timestamp '2027-01-15 09:00', '2027-01-15 12:00', '1 hour') AS local
		UNION ALL SELECT to_char(local, 'MMDD-HH24"h"'), zone_instant(local, 'Europe/Utopia'), 60, 'Europe/Utopia', local, 'room', 'scheduled', true
		FROM generate_series(timestamp '2027-07-15 09:00', '2027-07-15 12:00', '1 hour') AS local) r;
-- by a request, by a document, and moved; one without a zone, and one in another
INSERT INTO booking VALUES ('request', appointment_apply_request('{"room_id": "a", "status": "scheduled"}',
	'{"start_at": "2027-01-15T10:00", "end_at": "2027-01-15T11:00", "time_zone": "Europe/Utopia"}', 'savvycal', 'reschedule')),
	('moved', appointment_reschedule('{"room_id": "b", "status": "scheduled", "time_zone": "Europe/Utopia", "starts_at": "2027-07-15T08:00:00Z", "ends_at": "2027-07-15T09:00:00Z"}', '2027-01-15 09:00Z')),
	('set', appointment_set('{"room_id": "c", "status": "scheduled", "time_zone": "Europe/Utopia", "starts_at": "2027-07-15T08:00:00Z"}', 'starts_at', '"2027-01-15T09:00:00Z"')),
	('nowhere', '{"room_id": "d", "status": "scheduled", "starts_at": "2027-01-15T09:00:00Z", "local_starts_at": "2027-01-15T10:00:00"}'),
	('steady', '{"room_id": "d", "status": "scheduled", "starts_at": "2027-01-15T11:00:00Z", "local_starts_at": "2027-01-15T12:00:00", "time_zone": "Europe/Steady"}'),
	('twice', '{"room_id": "e", "status": "scheduled", "starts_at": "2027-10-31T01:30:00Z", "local_starts_at": "2027-10-31T02:30:00", "time_zone": "Europe/Utopia"}');
END
is "$(sql "SELECT appointment_zone_drift(appt), string_agg(id, ' ' ORDER BY id) FROM booking GROUP BY 1 ORDER BY 1")" \
	"00:00:00|0115-09h 0115-10h 0115-11h 0115-12h 0715-09h 0715-10h 0715-11h 0715-12h moved request steady twice
|nowhere set" "nothing has moved, and of two it is not known"

# recipe: the statement of the documentation
recipe=$(sed -n '/^DO \$\$/,/^END \$\$;/p; /^END \$\$;/q' doc/time-zones.md)
ok "the documentation has a recipe" test -n "$recipe"

# ------------------------------------------------------------------
# The zone has summer time for ever: the clocks go an hour earlier in winter
# ------------------------------------------------------------------

rules '
Rule Utopia 2000 2026 - Mar lastSun 1:00u 1:00 S
Rule Utopia 2000 2025 - Oct lastSun 1:00u 0 -
Zone Europe/Utopia 1:00 Utopia UT%sC 2026 Sep 1
	2:00 - UTC'
is "$(sql "SELECT appointment_zone_drift(appt), string_agg(id, ' ' ORDER BY id) FROM booking GROUP BY 1 ORDER BY 1")" \
	"-01:00:00|0115-09h 0115-10h 0115-11h 0115-12h moved request twice
00:00:00|0715-09h 0715-10h 0715-11h 0715-12h steady
|nowhere set" "a new session sees who would have to come an hour earlier"
# Somebody has the place already.
sql "INSERT INTO booking VALUES ('other', '{\"room_id\": \"a\", \"status\": \"scheduled\", \"starts_at\": \"2027-01-15T08:00:00Z\", \"ends_at\": \"2027-01-15T08:30:00Z\"}')"
is "$(sql "$recipe" 2>&1 | sed 's/^NOTICE:  [0-9]*: */NOTICE: /; /^LOCATION/d')" "NOTICE: booking request could not be moved: its place is taken" "what can be put right is"
is "$(sql "SELECT appointment_zone_drift(appt), string_agg(id, ' ' ORDER BY id) FROM booking GROUP BY 1 ORDER BY 1")" \
	"-01:00:00|request
00:00:00|0115-09h 0115-10h 0115-11h 0115-12h 0715-09h 0715-10h 0715-11h 0715-12h moved steady twice
|nowhere other set" "and shows the same time on its clock as before"
is "$(sql "SELECT id, appointment_starts_at(appt), upper(appointment_during(appt)) - lower(appointment_during(appt)), appt ->> 'confirmed', appointment_starts_at_local(appt) FROM booking WHERE id IN ('0115-09h', '0115-12h') ORDER BY id")" \
	"0115-09h|2027-01-15 07:00:00+00|01:00:00|true|2027-01-15 09:00:00
0115-12h|2027-01-15 10:00:00+00|01:00:00|true|2027-01-15 12:00:00" "as long as before, and still confirmed"
is "$(sql "SELECT count(*) FROM occupancy_conflicts('booking_no_overlap')")" 0 "no place is taken twice"

# ------------------------------------------------------------------
# And back: the clocks go later, and so the last has to be moved first
# ------------------------------------------------------------------

rules '
Rule Utopia 2000 max - Mar lastSun 1:00u 1:00 S
Rule Utopia 2000 max - Oct lastSun 1:00u 0 -
Zone Europe/Utopia 1:00 Utopia UT%sC'
is "$(sql "SELECT appointment_zone_drift(appt), count(*) FROM booking WHERE appt -> 'local_starts_at' IS NOT NULL GROUP BY 1 ORDER BY 1 NULLS FIRST")" "|1
00:00:00|7
01:00:00|5" "others have to come an hour later"
is "$(sql "$recipe" 2>&1)" "" "all of them are put right"
is "$(sql "SELECT id FROM booking WHERE appointment_zone_drift(appt) <> '0'")" "" "and nothing has moved"
is "$(sql "SELECT count(*) FROM occupancy_conflicts('booking_no_overlap')")" 0 "no place is taken twice"

# A zone that is gone, as after a restore elsewhere: nobody knows.
rm "$zones/Europe/Utopia"
is "$(sql "SELECT DISTINCT appointment_zone_drift(appt) IS NULL FROM booking WHERE appt ->> 'time_zone' = 'Europe/Utopia'")" t "without the zone it is not known"
sql "SELECT zone_instant('2027-01-15 10:00', 'Europe/Utopia')" >"$SCRATCH/gone"
like "$(cat "$SCRATCH/gone")" '22023: time zone "Europe/Utopia" not recognized' "and is an error where it is asked for by name"

done_testing
