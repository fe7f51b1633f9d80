-- The functions of instant_test.c, from the library whose path is :library.
SET client_min_messages = warning;
CREATE FUNCTION test_parse_text(text) RETURNS text
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_parse(text) RETURNS text
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_parse_epoch(text, unit text) RETURNS text
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_parse_date(text) RETURNS text
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_format(timestamptz, min_digits int) RETURNS text
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_format_local(timestamptz, zone text) RETURNS text
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_format_epoch(timestamptz, unit text) RETURNS text
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_format_date(date) RETURNS text
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_zone(text) RETURNS text
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_from_local(timestamp, zone text) RETURNS timestamptz
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION test_mutations(text, count int, seed int) RETURNS bigint
	AS :'library' LANGUAGE c STRICT;

-- What the server says: a fraction as needed, and the wall clock with its
-- offset in the session's zone (AT TIME ZONE 'CET' would be an abbreviation).
CREATE FUNCTION fraction(us text, min_digits int) RETURNS text LANGUAGE sql
	RETURN coalesce('.' || nullif(rpad(rtrim(us, '0'), greatest(min_digits, length(rtrim(us, '0'))), '0'), ''), '');
CREATE FUNCTION server_format(t timestamptz, min_digits int) RETURNS text LANGUAGE sql
	RETURN to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
		|| fraction(to_char(t AT TIME ZONE 'UTC', 'US'), min_digits) || 'Z';
CREATE FUNCTION server_format_local(t timestamptz) RETURNS text LANGUAGE sql
	RETURN to_char(t, 'YYYY-MM-DD"T"HH24:MI:SS') || fraction(to_char(t, 'US'), 0)
		|| CASE WHEN extract(timezone FROM t) < 0 THEN '-' ELSE '+' END
		|| to_char(make_interval(secs => abs(extract(timezone FROM t))::int),
			CASE WHEN extract(timezone FROM t)::int % 60 = 0 THEN 'HH24:MI' ELSE 'HH24:MI:SS' END);

-- Instants of all years, and as many of the times with changing offsets; with
-- no fraction, milliseconds or microseconds.
SELECT setseed(0.15) \g /dev/null
CREATE TABLE instants AS
	SELECT n, CASE WHEN n % 2 = 0
			THEN timestamptz '0001-01-03 00:00Z' + trunc(random() * 315537500000) * interval '1 s'
			ELSE timestamptz '1850-01-01 00:00Z' + trunc(random() * 7900000000) * interval '1 s' END
		+ CASE n % 3 WHEN 0 THEN 0 WHEN 1 THEN trunc(random() * 1000) * 1000
			ELSE trunc(random() * 1000000) END * interval '1 us' AS t
	FROM generate_series(1, 100000) n;
ALTER TABLE instants ADD PRIMARY KEY (n);
ANALYZE instants;
CREATE TABLE zones AS
	SELECT name FROM pg_timezone_names
	WHERE name !~ '^(posix|right)/' AND name NOT IN ('localtime', 'posixrules');

-- In how many cases, of one instant in so many, the local time with its offset is not the server's.
CREATE FUNCTION local_differences(zone text, one_of int) RETURNS bigint LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM set_config('TimeZone', zone, true);
	RETURN (SELECT count(*) FROM instants JOIN generate_series(1, 100000, one_of) n USING (n)
		WHERE test_format_local(t, zone) <> server_format_local(t));
END $$;
