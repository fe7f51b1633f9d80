#!/bin/bash
#
# Local times of every zone of the tz database, read as Python's zoneinfo reads
# them (PEP 495): around each change of the clocks, and in all years.
#
# SEED= is another seed.

. test/clients/lib.sh

need_zoneinfo

seed=${SEED:-0.2026}
printf '# seed %s\n' "$seed"
export PGOPTIONS='-c timezone=UTC'
psql -X -q -v ON_ERROR_STOP=1 <<END
CREATE EXTENSION appointment;
SELECT setseed($seed) \g /dev/null
CREATE TABLE zone AS SELECT name FROM pg_timezone_names
	WHERE name !~ '^(posix|right)/' AND name NOT IN ('localtime', 'posixrules');
-- to the microsecond around the local time of each change, by either offset,
-- and at random within two days
CREATE TABLE change AS SELECT name AS zone, t.*, lag(utc_offset) OVER (PARTITION BY name ORDER BY at) AS old_offset
	FROM zone, zone_transitions(name, '(,2045-01-01)') t;
CREATE TABLE probe AS
	SELECT zone, at AT TIME ZONE 'UTC' + o + shift + CASE WHEN hours > 0 THEN (random() - 0.5) * hours * interval '1 hour' ELSE '0' END AS local
	FROM change, unnest(ARRAY[old_offset, utc_offset]) AS o,
		(VALUES (interval '0', 0), ('-1 us', 0), ('-1 s', 0), ('1 s', 0), ('-30 min', 0), ('0', 4), ('0', 96)) AS s (shift, hours)
	WHERE o IS NOT NULL
	UNION ALL
	SELECT name, timestamp '0001-01-03' + trunc(random() * 315537000000) * interval '1 s'
	FROM zone, generate_series(1, 200);
CREATE TABLE expected (zone text, local timestamp, compatible timestamp, earlier timestamp, later timestamp);
END

psql -X -q -A -t -F ' ' -c "COPY (SELECT zone, to_char(local, 'YYYY-MM-DD\"T\"HH24:MI:SS.US') FROM probe) TO STDOUT (DELIMITER ' ')" |
	python_with_zones -c '
import sys, zoneinfo
from datetime import datetime
for line in sys.stdin:
    zone, local = line.split()
    clock = zoneinfo.ZoneInfo(zone)
    local = datetime.fromisoformat(local)
    first, second = (local - local.replace(tzinfo=clock, fold=fold).utcoffset() for fold in (0, 1))
    print(zone, *(each.isoformat() for each in (local, first, min(first, second), max(first, second))), sep="|")
' >"$SCRATCH/expected" || fail "zoneinfo reads them"
psql -X -q -v ON_ERROR_STOP=1 -c "COPY expected FROM STDIN (DELIMITER '|')" <"$SCRATCH/expected"

# none DESCRIPTION CONDITION: it holds of no local time
none()
{
	is "$(sql "SELECT zone, local, compatible, zone_instant(local, zone), earlier, zone_instant(local, zone, 'earlier'), later, zone_instant(local, zone, 'later')
		FROM expected WHERE $2 ORDER BY random() LIMIT 5")" "" "$1"
}
count=$(sql "SELECT count(*) FROM expected")
printf '# %s local times\n' "$count"
is "$count" "$(sql "SELECT count(*) FROM probe")" "zoneinfo has read them all"
ok "there are enough, of each kind" test "$(sql "SELECT count(*) > 100000 AND count(*) FILTER (WHERE compatible = later AND earlier < later) > 10000
	AND count(*) FILTER (WHERE compatible = earlier AND earlier < later) > 10000 FROM expected")" = t
none "compatible" "zone_instant(local, zone) <> compatible AT TIME ZONE 'UTC'"
none "earlier" "zone_instant(local, zone, 'earlier') <> earlier AT TIME ZONE 'UTC'"
none "later" "zone_instant(local, zone, 'later') <> later AT TIME ZONE 'UTC'"

# The server's own way takes the second of two.  (It has abbreviations, too, and
# prefers them: CET is always one hour.)
none "AT TIME ZONE is the same but where a time comes twice" "local AT TIME ZONE zone <> zone_instant(local, zone, 'later')
	AND zone NOT IN (SELECT abbrev FROM pg_timezone_abbrevs)"

done_testing
