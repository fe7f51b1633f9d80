--
-- lib.sql
--		What the benchmarks of this directory share: each function measures
--		two ways to do the same thing and returns a row of the table that
--		"make bench" prints.
--
CREATE SCHEMA bench;

-- How long a statement of one column takes, in milliseconds.  Every value is
-- computed, and counted instead of sent or kept, which is the same small cost
-- for both sides.
CREATE FUNCTION bench.elapsed(statement text) RETURNS double precision
LANGUAGE plpgsql AS $$
DECLARE
	counted text := format('SELECT count(x) FROM (%s) AS s(x)', statement);
	started timestamptz;
BEGIN
	started := clock_timestamp();
	EXECUTE counted;
	RETURN 1000 * extract(epoch FROM clock_timestamp() - started);
END
$$;

-- The processor time that this backend has used, in microseconds, to 10 ms.  It
-- does not grow when others have the processor, so what is compared over
-- minutes is compared by it.
CREATE FUNCTION bench.cpu() RETURNS numeric
LANGUAGE sql AS $$
	SELECT 10000 * (field[12]::numeric + field[13]::numeric)
	FROM regexp_replace(pg_read_file('/proc/self/stat'), '^.*\) ', '') AS stat,
		string_to_array(stat, ' ') AS field
$$;

CREATE FUNCTION bench.markdown_row(VARIADIC cells text[]) RETURNS text
LANGUAGE sql AS $$
	SELECT '| ' || array_to_string(cells, ' | ') || ' |'
$$;

CREATE FUNCTION bench.median(double precision[]) RETURNS numeric
LANGUAGE sql AS $$
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY m)::numeric FROM unnest($1) AS m
$$;

-- Time ours against theirs: both once to warm up, then alternately (who is
-- first alternates too), and the medians count.  Target: at least so many
-- times "faster", or at most so many times "slower".
CREATE FUNCTION bench.compare(measure text, ours text, theirs text,
							  direction text, target numeric,
							  runs integer DEFAULT current_setting('bench.runs')::integer)
RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	ours_ms double precision[];
	theirs_ms double precision[];
	o numeric;
	t numeric;
BEGIN
	IF direction IS NULL OR direction NOT IN ('faster', 'slower') THEN
		RAISE 'direction is "faster" or "slower", not "%"', direction;
	END IF;
	PERFORM bench.elapsed(ours), bench.elapsed(theirs);
	FOR run IN 1 .. runs LOOP
		IF run % 2 = 1 THEN
			ours_ms := ours_ms || bench.elapsed(ours);
			theirs_ms := theirs_ms || bench.elapsed(theirs);
		ELSE
			theirs_ms := theirs_ms || bench.elapsed(theirs);
			ours_ms := ours_ms || bench.elapsed(ours);
		END IF;
	END LOOP;
	o := bench.median(ours_ms);
	t := bench.median(theirs_ms);
	RETURN bench.markdown_row(measure,
		round(o, 1) || ' ms', round(t, 1) || ' ms',
		CASE WHEN o <= t THEN round(t / o, 2) || ' times faster'
			 ELSE round(o / t, 2) || ' times slower' END,
		CASE direction WHEN 'faster' THEN 'at least ' ELSE 'at most ' END
			|| target || ' times ' || direction,
		CASE WHEN CASE direction WHEN 'faster' THEN t / o >= target
				  ELSE o / t <= target END
			 THEN 'yes' ELSE '**no**' END);
END
$$;

-- The medians of two expressions that measure their times themselves, in turn.
CREATE FUNCTION bench.in_turn(ours text, theirs text,
							  runs integer DEFAULT current_setting('bench.runs')::integer,
							  OUT o numeric, OUT t numeric)
LANGUAGE plpgsql AS $$
DECLARE
	ours_ms double precision[];
	theirs_ms double precision[];
	ms double precision;
BEGIN
	FOR run IN 1 .. runs LOOP
		EXECUTE 'SELECT ' || ours INTO STRICT ms;
		ours_ms := ours_ms || ms;
		EXECUTE 'SELECT ' || theirs INTO STRICT ms;
		theirs_ms := theirs_ms || ms;
	END LOOP;
	o := bench.median(ours_ms);
	t := bench.median(theirs_ms);
END
$$;

-- The time of one of something, of which each row of a statement has so many,
-- in nanoseconds: the median.  Target: at most so many of them.
CREATE FUNCTION bench.each(measure text, statement text, number numeric,
						   target numeric,
						   runs integer DEFAULT current_setting('bench.runs')::integer)
RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	ms double precision[];
	rows bigint;
	ns numeric;
BEGIN
	EXECUTE format('SELECT count(x) FROM (%s) AS s(x)', statement) INTO rows;
	FOR run IN 1 .. runs LOOP
		ms := ms || bench.elapsed(statement);
	END LOOP;
	ns := bench.median(ms) * 1000000 / (rows * number);
	RETURN bench.markdown_row(measure, round(ns, 1) || ' ns', '', '',
		'at most ' || target || ' ns',
		CASE WHEN ns <= target THEN 'yes' ELSE '**no**' END);
END
$$;

-- Compare two sizes in bytes, each the one value of a query.  Target: at most
-- this part of theirs.
CREATE FUNCTION bench.compare_size(measure text, ours text, theirs text,
								   target numeric)
RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	o numeric;
	t numeric;
BEGIN
	EXECUTE ours INTO STRICT o;
	EXECUTE theirs INTO STRICT t;
	RETURN bench.markdown_row(measure, round(o) || ' bytes', round(t) || ' bytes',
		round(o / t, 2)::text, 'at most ' || target,
		CASE WHEN o / t <= target THEN 'yes' ELSE '**no**' END);
END
$$;

-- By how many bytes a statement of one row makes the session's process grow,
-- at its peak: what a context has given back before the end counts, too.  Good
-- for the first statement of a session only, on Linux.
CREATE FUNCTION bench.growth(statement text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	status constant text := '/proc/self/status';
	peak constant text := 'VmHWM:\s*(\d+) kB';
	before bigint := substring(pg_read_file(status) FROM peak);
	result text;
BEGIN
	EXECUTE format('SELECT count(x) FROM (%s) AS s(x)', statement) INTO STRICT result;
	RETURN (substring(pg_read_file(status) FROM peak)::bigint - before) * 1024;
END
$$;
