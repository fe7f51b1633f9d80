--
-- New identifiers, of each service's documented shape
--
SET TimeZone = 'UTC';

SELECT format, shape, count(*), count(DISTINCT id) AS distinct, bool_and(id ~ shape) AS of_shape
FROM (VALUES
	('caspen', '^app_[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
	('sqod', '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'),
	('avon', '^appt_[0-9A-Za-z]{20}$'),
	('savvycal', '^appt_[0-9a-z]{12}$'),
	('appointment_one', '^[0-9a-z]{10}$')
) AS f (format, shape), generate_series(1, 10000) AS n, LATERAL (SELECT appointment_new_id(f.format) AS id WHERE n > 0) AS i
GROUP BY format, shape ORDER BY format;

-- Documents with them have no problem on their account.
SELECT format, p.* FROM unnest(ARRAY['caspen', 'sqod', 'avon', 'savvycal']) AS format,
	appointment_validate(jsonb_build_object('id', appointment_new_id(format)), format) AS p WHERE path = 'id';

-- Caspen's are ULIDs.  They sort, as bytes, in the order in which a session
-- makes them; within a millisecond the random part goes up by one.
CREATE TEMP TABLE ids (n int, id text COLLATE "C", digits int[]);
INSERT INTO ids SELECT n, id FROM generate_series(1, 10000) AS n, LATERAL (SELECT appointment_new_id('caspen') AS id WHERE n > 0) AS i;
UPDATE ids SET digits = array(SELECT strpos('0123456789ABCDEFGHJKMNPQRSTVWXYZ', d) - 1 FROM regexp_split_to_table(substr(id, 5), '') WITH ORDINALITY AS t (d, i) ORDER BY i);
CREATE TEMP VIEW parts AS
	SELECT n, id, (SELECT sum(digits[i]::numeric * 32::numeric ^ (10 - i)) FROM generate_series(1, 10) AS i) AS millis,
		(SELECT sum(digits[i]::numeric * 32::numeric ^ (26 - i)) FROM generate_series(11, 26) AS i) AS random
	FROM ids;
SELECT count(*) AS out_of_order FROM (SELECT id > lag(id) OVER (ORDER BY n) AS after FROM ids) AS i WHERE NOT after;
SELECT count(*) > 0 AS some, bool_and(random = before + 1) AS one_more
FROM (SELECT millis, random, lag(random) OVER w AS before, lag(millis) OVER w AS millis_before FROM parts WINDOW w AS (ORDER BY n)) AS p WHERE millis = millis_before;
SELECT max(millis) <= min(now_millis) + 1 AND min(millis) >= min(now_millis) - 600000 AS now
FROM parts, LATERAL (SELECT floor(1000 * extract(epoch FROM clock_timestamp())) AS now_millis) AS c;
-- Another millisecond has another random part.
SELECT count(DISTINCT right(id, 16)) FROM (SELECT appointment_new_id('caspen') AS id FROM generate_series(1, 3), pg_sleep(0.005)) AS i;

-- Every character of an alphabet comes about as often as any other: no more
-- than six standard deviations apart.
SELECT format, count(*) AS characters, bool_and(abs(times - expected) < 6 * sqrt(expected)) AS even
FROM (SELECT format, character, count(*) AS times, sum(count(*)) OVER (PARTITION BY format) / count(*) OVER (PARTITION BY format) AS expected
	FROM unnest(ARRAY['avon', 'savvycal', 'appointment_one']) AS format, generate_series(1, 5000) AS n,
		LATERAL (SELECT regexp_replace(appointment_new_id(format), '^appt_', '') AS id WHERE n > 0) AS i, regexp_split_to_table(id, '') AS character
	GROUP BY format, character) AS c GROUP BY format ORDER BY format;

SELECT appointment_new_id(NULL) IS NULL AS null_for_null;
SELECT appointment_new_id('nobody');
SELECT provolatile, proparallel FROM pg_proc WHERE proname = 'appointment_new_id';
