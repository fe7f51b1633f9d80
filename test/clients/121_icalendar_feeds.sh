#!/bin/bash
#
# Feeds made at random: busy_from_ics finds the periods that the values have
# from which they were written, by python-dateutil and Python's zoneinfo.  That
# these are right is what the package ical.js says of those feeds that it reads
# as RFC 5545 does.
#
# SEED= is another seed; COUNT=, how many feeds; FIRST=, the number of the first
# one, so that COUNT=1 tries a single feed again; SHOW=, how many differences.

. test/clients/lib.sh

need_zoneinfo
need "Python with dateutil" /usr/bin/python3 -c 'import dateutil'

seed=${SEED:-5545}
first=${FIRST:-1}
count=${COUNT:-1500}
printf '# seed %s, feeds from %s on: %s\n' "$seed" "$first" "$count"

export PGOPTIONS='-c timezone=UTC'
python_with_zones -B test/clients/icalendar_feeds.py "$seed" "$first" "$count" >"$SCRATCH/feeds"
psql -X -q -v ON_ERROR_STOP=1 <<END
CREATE EXTENSION appointment;
CREATE TABLE lines (j jsonb);
\copy lines FROM '$SCRATCH/feeds' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TABLE feeds AS SELECT (j ->> 'n')::int AS n, j ->> 'ics' AS ics, (j ->> 'during')::tstzrange AS during, j ->> 'zone' AS zone, j -> 'options' AS options,
	(j ->> 'expected')::tstzmultirange AS expected FROM lines;
CREATE TABLE js (n int, periods tstzmultirange);
END

# One that raises an error is a difference
psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE TABLE found (n int, periods tstzmultirange, error text);
DO $$
DECLARE
	f feeds;
BEGIN
	FOR f IN SELECT * FROM feeds LOOP
		BEGIN
			INSERT INTO found SELECT f.n, coalesce(range_agg(tstzrange(starts_at, ends_at)), '{}') FROM busy_periods(busy_from_ics(f.ics, f.during, f.zone, f.options));
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO found VALUES (f.n, NULL, sqlstate || ': ' || sqlerrm);
		END;
	END LOOP;
END $$;
END
is "$(sql "SELECT n, error FROM found WHERE error IS NOT NULL ORDER BY n LIMIT ${SHOW:-5}")" "" "busy_from_ics reads them"
is "$(sql "SELECT format(E'feed %s, %s, %s, %s:\n    found only:    %s\n    expected only: %s', n, during, zone, options, left((periods - expected)::text, 300), left((expected - periods)::text, 300))
	FROM feeds JOIN found USING (n) WHERE periods <> expected ORDER BY length(ics) LIMIT ${SHOW:-5}")" "" \
	"the periods of $(sql "SELECT format('%s feeds, %s of them busy', count(*), count(*) FILTER (WHERE expected <> '{}')) FROM feeds")"
is "$(sql "SELECT count(*) FROM feeds JOIN found USING (n) WHERE periods <> expected")" 0 "none differs"
is "$(sql "SELECT DISTINCT ON (code) code, severity, message, n, property FROM feeds, ics_problems(ics, zone) p WHERE severity = 'error' OR code <> 'unknown_zone' ORDER BY code, length(ics) LIMIT 5")" "" \
	"ics_problems finds only zones that are not known"
ok "enough of them are busy" test "$(sql "SELECT count(*) FROM feeds WHERE expected <> '{}'")" -ge $((count / 3))

if [ -e test/clients/node_modules/ical.js ]; then
	js_reads()
	{
		node test/clients/icalendar_feeds.js <"$SCRATCH/feeds" >"$SCRATCH/js"
	}
	ok "ical.js reads them" js_reads
	sql '' -c "\\copy js FROM '$SCRATCH/js'"
	is "$(sql "SELECT n, left((periods - expected)::text, 300), left((expected - periods)::text, 300) FROM feeds JOIN js USING (n) WHERE periods <> expected ORDER BY length(ics) LIMIT ${SHOW:-5}")" "" \
		"ical.js finds the same in $(sql "SELECT count(*) FROM js") of them"
else
	skip "ical.js" "the package is missing"
fi

done_testing
