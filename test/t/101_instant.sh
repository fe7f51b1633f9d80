#!/bin/bash
#
# What src/base/instant.c, zone.c and zone_clock.c read and write: case by case,
# and against the server for random instants in every zone.  The functions come
# from a module that is built here (test/modules/instant), because the extension
# exports none.

. test/lib/tap.sh

module=$PWD/test/modules/instant
ok "the module builds" make -s -C "$module" "PG_CONFIG=$PG_CONFIG" with_llvm=no
ok "the module loads" psql -X -q -v ON_ERROR_STOP=1 \
	-v "library=$module/instant_test" -f "$module/setup.sql"

# Settings that would show if anything here depended on them.
export PGTZ=Pacific/Apia PGDATESTYLE='ISO, DMY'

# cases DESCRIPTION EXPRESSION: for every line "argument|expected" of the input
# the expression gives what is expected
cases()
{
	local got
	got=$({
		printf 'SET TimeZone = UTC; SET DateStyle = ISO;\n'
		printf 'CREATE TEMP TABLE cases (argument text, expected text);\n'
		printf "COPY cases FROM STDIN (DELIMITER '|');\n"
		cat
		printf '\\.\n'
		printf "SELECT format('%%s: %%s, not %%s', argument, got, expected)
			FROM cases, LATERAL (SELECT %s AS got) g
			WHERE got IS DISTINCT FROM expected;\n" "$2"
	} | psql -X -q -A -t -v ON_ERROR_STOP=1 2>&1)
	is "$got" "" "$1"
}

# none DESCRIPTION QUERY: it counts no case
none()
{
	is "$(sql "$2")" "0" "$1"
}

# ------------------------------------------------------------------
# Reading
# ------------------------------------------------------------------

cases "ISO 8601: the form" 'test_parse_text(argument)' <<'END'
2024-01-01T10:00:00Z|2024-01-01 10:00:00 0
2024-01-01t10:00:00z|2024-01-01 10:00:00 0
2024-01-01 10:00Z|2024-01-01 10:00:00 0
2024-01-01T10:00|2024-01-01 10:00:00
2024-01-01T10:00:00,5Z|2024-01-01 10:00:00.5 0
2024-01-01T10:00:00.123456Z|2024-01-01 10:00:00.123456 0
2024-01-01T10:00:00+05|2024-01-01 10:00:00 18000
2024-01-01T10:00:00+0530|2024-01-01 10:00:00 19800
2024-01-01T10:00:00-05:30|2024-01-01 10:00:00 -19800
2024-01-01T10:00:00-00:44:30|2024-01-01 10:00:00 -2670
2024-01-01T10:00:00-00:00|2024-01-01 10:00:00 0
|malformed
2024-01-01|malformed
2024-01-01T|malformed
2024-01-01T10|malformed
2024-01-01T10Z|malformed
2024-01-01T10:0|malformed
2024-01-01T10:00:|malformed
2024-01-01T10:00:00.|malformed
2024-01-01T10:00:00.Z|malformed
2024-01-01T10:00.5Z|malformed
2024-01-01_10:00Z|malformed
2024-01-01  10:00Z|malformed
 2024-01-01T10:00Z|malformed
2024-01-01T10:00Z |malformed
2024-01-01T10:00 Z|malformed
2024-01-01T10:00ZZ|malformed
2024-01-01T10:00Z[UTC]|malformed
2024-01-01T10:00+5|malformed
2024-01-01T10:00+05:|malformed
2024-01-01T10:00+05:3|malformed
2024-01-01T10:00+05:30:|malformed
2024-01-01T10:00+053000|malformed
2024-01-01T10:00+0530:00|malformed
2024-01-01T10:00−05:00|malformed
20240101T100000Z|malformed
2024-1-01T10:00Z|malformed
+2024-01-01T10:00Z|malformed
-2024-01-01T10:00Z|malformed
12024-01-01T10:00Z|malformed
٢٠٢٤-01-01T10:00Z|malformed
infinity|malformed
now|malformed
END

cases "ISO 8601: days, times and offsets that there are" 'test_parse_text(argument)' <<'END'
2000-02-29T00:00Z|2000-02-29 00:00:00 0
1900-02-29T00:00Z|out of range
2023-02-29T00:00Z|out of range
2024-00-01T00:00Z|out of range
2024-13-01T00:00Z|out of range
2024-01-00T00:00Z|out of range
2024-04-31T00:00Z|out of range
2024-01-01T24:00:00Z|2024-01-02 00:00:00 0
2024-01-01T24:00:00.0Z|2024-01-02 00:00:00 0
2024-01-01T24:00:00.0000001Z|out of range
2024-01-01T24:00:01Z|out of range
2024-01-01T24:01Z|out of range
2024-01-01T25:00Z|out of range
2024-01-01T23:60Z|out of range
2016-12-31T23:59:60.5Z|2017-01-01 00:00:00.5 0
2016-12-31T23:59:61Z|out of range
2024-01-01T24:00:60Z|out of range
2024-01-01T10:00+15:59:59|2024-01-01 10:00:00 57599
2024-01-01T10:00-16:00|bad offset
2024-01-01T10:00+05:60|bad offset
2024-01-01T10:00+05:30:60|bad offset
0000-12-31T23:00-05:00|out of range
0001-01-01T00:00Z|0001-01-01 00:00:00 0
0001-01-01T00:00+00:01|out of range
0001-01-01T00:00|0001-01-01 00:00:00
9999-12-31T23:59:59.999999Z|9999-12-31 23:59:59.999999 0
9999-12-31T23:59:60Z|out of range
9999-12-31T24:00|out of range
9999-12-31T24:00+01:00|10000-01-01 00:00:00 3600
9999-12-31T23:59-00:01|out of range
END

cases "ISO 8601: the precision, and which fault comes first" 'test_parse(argument)' <<'END'
2024-01-01T10:00:00.1234560000000000000000000000Z|2024-01-01 10:00:00.123456+00
2024-01-01T10:00:00.1234567Z|too precise
2024-01-01T10:00:00.0000001|no offset
2024-02-30T10:00:00.1234567Z|out of range
2024-02-30T10:00:00.1234567Zulu|malformed
2024-02-30T10:00:00|out of range
2024-02-28T10:00:00|no offset
2024-02-28T10:00:00-00:44:30|2024-02-28 10:44:30+00
END

cases "epoch milliseconds" "test_parse_epoch(argument, 'ms')" <<'END'
0|1970-01-01 00:00:00+00
-0.0|1970-01-01 00:00:00+00
1692370044000|2023-08-18 14:47:24+00
01692370044000|2023-08-18 14:47:24+00
1692370044000.5|2023-08-18 14:47:24.0005+00
1.692370044e12|2023-08-18 14:47:24+00
1.692370044E+0012|2023-08-18 14:47:24+00
16923700440005e-1|2023-08-18 14:47:24.0005+00
-1.5|1969-12-31 23:59:59.9985+00
0.001|1970-01-01 00:00:00.000001+00
0.0010000000000000000000000000|1970-01-01 00:00:00.000001+00
0.0001|too precise
1e-999999999999999999999999999|too precise
0e999999999999999999999999999|1970-01-01 00:00:00+00
1e999999999|out of range
-1e999999999999999999999999999|out of range
9223372036854775807|out of range
18446744073709551616|out of range
-62135596800000|0001-01-01 00:00:00+00
-62135596800000.001|out of range
253402300799999.999|9999-12-31 23:59:59.999999+00
253402300800000|out of range
|malformed
-|malformed
--1|malformed
+1|malformed
.5|malformed
5.|malformed
1e|malformed
1e+|malformed
1e5.5|malformed
 1|malformed
1 |malformed
0x10|malformed
NaN|malformed
END

cases "epoch seconds" "test_parse_epoch(argument, 's')" <<'END'
1692370044|2023-08-18 14:47:24+00
1692370044.123456|2023-08-18 14:47:24.123456+00
1692370044.1234567|too precise
-62135596801|out of range
253402300799|9999-12-31 23:59:59+00
1692370044000|out of range
END

none "epoch numbers of thousands of digits" "
	SELECT count(*) FROM (VALUES
		('1' || repeat('0', 5000) || 'e-5000', to_timestamp(1)::text),
		('0.' || repeat('0', 5000) || '1e5001', to_timestamp(1)::text),
		(repeat('0', 5000) || '1', to_timestamp(1)::text),
		('1.' || repeat('0', 5000), to_timestamp(1)::text),
		('1.' || repeat('0', 5000) || '1', 'too precise'),
		(repeat('9', 5000), 'out of range')) v (number, expected)
	WHERE test_parse_epoch(number, 's') <> expected"

cases "dates" 'test_parse_date(argument)' <<'END'
2024-02-29|2024-02-29
2023-02-29|out of range
0000-12-31|out of range
0001-01-01|0001-01-01
9999-12-31|9999-12-31
|malformed
2024-02-2|malformed
2024-02-029|malformed
2024-02-29T|malformed
20240229|malformed
END

like "$(sql "SELECT sum(test_mutations(seed, 50000, 15)) FROM unnest(ARRAY[
	'2024-02-29T23:59:60.1234560+05:30:15', '9999-12-31T24:00:00Z', '2024-02-29',
	'-1692370044000.500e+0012', 'Etc/GMT+12', '']) seed")" \
	'^[0-9]+$' "texts changed at random do not crash, and what is read comes back"

# ------------------------------------------------------------------
# Writing
# ------------------------------------------------------------------

none "100,000 instants are written as the server writes them" "
	SELECT count(*) FROM instants
	WHERE test_format(t, 0) <> server_format(t, 0)
		OR test_format(t, 3) <> server_format(t, 3)
		OR test_format_epoch(t, 's') <> floor(extract(epoch FROM t))::text
		OR test_format_epoch(t, 'ms') <> trim_scale(extract(epoch FROM t) * 1000)::text"
none "and come back the same" "
	SELECT count(*) FROM instants
	WHERE test_parse(test_format(t, 0))::timestamptz <> t
		OR test_parse(test_format(t, 3))::timestamptz <> t
		OR test_parse_epoch(test_format_epoch(t, 'ms'), 'ms')::timestamptz <> t
		OR test_parse_epoch(extract(epoch FROM t)::text, 's')::timestamptz <> t"
none "every third day of all is written and read" "
	SELECT count(*) FROM generate_series(0, 3652058, 3) n,
		LATERAL (SELECT date '0001-01-01' + n AS day) d, LATERAL (SELECT to_char(day::timestamp, 'YYYY-MM-DD') AS text) t
	WHERE test_format_date(day) <> text OR test_parse_date(text)::date <> day"
is "$(sql "SELECT test_format_epoch(t::timestamptz, 'ms'), test_format_epoch(t::timestamptz, 's')
	FROM unnest('{1969-12-31 23:59:59.9995Z,1969-12-31 23:59:58Z}'::text[]) t")" \
	"-0.5|-1
-2000|-2" "epoch numbers before 1970 are rounded towards the past"
none "what is out of range is written as nothing" "
	SELECT count(*) FROM unnest('{infinity,-infinity,10000-01-01 00:00Z,0001-12-31 23:59:59Z BC}'::timestamptz[]) t
	WHERE '' <> test_format(t, 3) || test_format_local(t, 'UTC') || test_format_epoch(t, 's')
		|| test_format_epoch(t, 'ms') || test_format_date((t AT TIME ZONE 'UTC')::date)"

# ------------------------------------------------------------------
# Zones
# ------------------------------------------------------------------

none "every zone of the tz database is known, in any case" "
	SELECT count(*) FROM zones WHERE test_zone(name) IS DISTINCT FROM name
		OR test_zone(lower(name)) IS DISTINCT FROM test_zone(upper(name))"
is "$(sql "SELECT test_zone(lower(name)) FROM unnest('{Etc/GMT+12,Etc/GMT-14,Etc/GMT0}'::text[]) name")" \
	"Etc/GMT+12
Etc/GMT-14
Etc/GMT0" "so are those with digits"
is "$(sql "SELECT name FROM unnest(ARRAY['', ' ', 'UTC ', 'XYZ5', 'EST5', 'America/Nowhere5', '<+03>-3',
	':UTC', '/UTC', 'UTC/', './UTC', '../UTC', 'America', 'America/', 'America//New_York', 'GMT+1', 'Etc/GMT+13',
	'Etc/GMT-15', 'Etc/GMT1', 'Etc/GMT+05', 'Etc/GMT+', 'localtime', 'LocalTime', 'posixrules', 'posix/UTC',
	'POSIX/UTC', 'right/UTC', 'zone.tab', 'zone1970.tab', 'leapseconds', 'PDT', 'Ünïcode',
	repeat('a', 255), repeat('a', 256), repeat('a/', 2000)]) name
	WHERE test_zone(name) IS NOT NULL")" "" "nothing else is a zone"

none "local times and offsets are the server's, in the zones with the oddest" "
	SELECT sum(local_differences(name, 5)) FROM zones WHERE name = ANY ('{Africa/Casablanca,Africa/Monrovia,America/Juneau,America/New_York,
		America/St_Johns,Antarctica/Troll,Asia/Kathmandu,Asia/Kolkata,Asia/Manila,Australia/Lord_Howe,CET,Europe/Amsterdam,
		Europe/Dublin,Pacific/Apia,UTC}')"
none "and in all others" "SELECT sum(local_differences(name, 251)) FROM zones"
none "and come back the same" "
	SELECT count(*) FROM instants, (SELECT array_agg(name) AS names FROM zones) z
	WHERE test_parse(test_format_local(t, names[1 + trunc(random() * cardinality(names))::int]))::timestamptz <> t"

cases "local times with their offset" "test_format_local(split_part(argument, ' ', 1)::timestamptz, split_part(argument, ' ', 2))" <<'END'
2024-01-01T10:00:00Z UTC|2024-01-01T10:00:00+00:00
2024-07-01T10:00:00.5Z America/St_Johns|2024-07-01T07:30:00.5-02:30
1960-01-01T00:00:00Z Africa/Monrovia|1959-12-31T23:15:30-00:44:30
0001-01-01T00:00:00Z America/New_York|0001-01-01T00:00:00+00:00
9999-12-31T23:59:59.5Z Asia/Tokyo|9999-12-31T23:59:59.5+00:00
END

cases "local times that occur twice or never (RFC 5545)" "test_from_local(split_part(argument, ' ', 1)::timestamp, split_part(argument, ' ', 2))::text" <<'END'
2024-01-01T12:00 America/New_York|2024-01-01 17:00:00+00
2024-11-03T00:59:59 America/New_York|2024-11-03 04:59:59+00
2024-11-03T01:30 America/New_York|2024-11-03 05:30:00+00
2024-11-03T02:00 America/New_York|2024-11-03 07:00:00+00
2024-03-10T01:59:59 America/New_York|2024-03-10 06:59:59+00
2024-03-10T02:30 America/New_York|2024-03-10 07:30:00+00
2024-03-10T03:00 America/New_York|2024-03-10 07:00:00+00
2024-04-07T01:45 Australia/Lord_Howe|2024-04-06 14:45:00+00
2011-12-30T12:00 Pacific/Apia|2011-12-30 22:00:00+00
5000-07-01T12:00 Europe/Berlin|5000-07-01 10:00:00+00
END
none "a local time is read as its first occurrence" "
	SELECT count(*) FROM unnest('{Africa/Casablanca,America/New_York,America/St_Johns,Antarctica/Troll,Australia/Lord_Howe,
			Europe/Dublin}'::text[]) zone,
		generate_series(timestamptz '2015-01-01 00:07Z', '2020-01-01 00:00Z', '1 hour') t,
		LATERAL (SELECT left(test_format_local(t, zone), 19)::timestamp AS local) l,
		LATERAL (SELECT test_from_local(local, zone) AS first) f
	WHERE first > t OR left(test_format_local(first, zone), 19)::timestamp <> local"

done_testing
