--
-- noise.sql
--		How much two measurements of the same thing differ in this run.
--
CREATE TABLE noise AS
	SELECT n, md5(n::text) AS t FROM generate_series(1, :rows) AS n;
VACUUM (FREEZE, ANALYZE) noise;

SELECT bench.compare('the same on both sides (the noise of this run)',
	'SELECT upper(t) FROM noise', 'SELECT upper(t) FROM noise', 'slower', 1.1);
