--
-- What must be true after a soak, as rows of a name and a number that has to
-- be 0; what follows "#" are figures.  The journals of the clients are in the
-- directory :journals.
--
\set ON_ERROR_STOP on
\pset format unaligned
\pset tuples_only on
SET search_path = soak, public;
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET work_mem = '128MB';
SET jit = off;

-- amcheck, where it is installed: the heap, and the btree indexes against it.
-- (It knows nothing of GiST; that is below.)
SELECT count(*) > 0 AS has_amcheck FROM pg_available_extensions WHERE name = 'amcheck' \gset
\if :has_amcheck
CREATE EXTENSION amcheck SCHEMA public;
SELECT 'heap_' || relname, (SELECT count(*) FROM verify_heapam(c.oid, check_toast => true))
FROM pg_class AS c WHERE relnamespace = 'soak'::regnamespace AND relkind = 'r';
SELECT 'btree_' || c.relname, count(bt_index_check(c.oid, true)::text) FILTER (WHERE false)
FROM pg_class AS c JOIN pg_am AS am ON am.oid = c.relam
WHERE am.amname = 'btree' AND c.relnamespace = 'soak'::regnamespace AND relkind = 'i' GROUP BY c.relname;
\else
\echo '# amcheck is not installed'
\endif

CREATE TABLE journal (acknowledged "char", kind text, tbl int, id bigint, version int,
	status text, starts_at timestamptz, ends_at timestamptz, confirmed text);
SELECT format('COPY soak.journal FROM %L', :'journals' || '/' || name)
FROM pg_ls_dir(:'journals') AS name WHERE name LIKE '%.tsv' \gexec
CREATE INDEX ON journal (tbl, id, version);

-- The tables as plain columns, read without the index
SET enable_indexscan = off;
SET enable_bitmapscan = off;
SET enable_indexonlyscan = off;
CREATE TABLE plain AS
	SELECT 0 AS tbl, * FROM bare_plain
	UNION ALL SELECT 1, * FROM guarded_plain
	UNION ALL SELECT 2, * FROM whole_plain
	UNION ALL SELECT 3, * FROM columns_plain
	UNION ALL SELECT 4, * FROM parts_plain
	UNION ALL SELECT 5, * FROM moves_plain
	UNION ALL SELECT 6, * FROM pairs_plain;
RESET enable_indexscan;
RESET enable_bitmapscan;
RESET enable_indexonlyscan;
CREATE INDEX ON plain (tbl, id);
ANALYZE plain, journal;
SELECT format('# %s rows in the tables, %s of them cancelled or missed, %s acknowledged changes, %s of unknown outcome',
	count(*), count(*) FILTER (WHERE status IN ('cancelled', 'no_show')),
	(SELECT count(*) FROM journal WHERE acknowledged = 'A'),
	(SELECT count(*) FROM journal WHERE acknowledged = 'U')) FROM plain;

-- ----------------------------------------------------------
-- No overlaps: a self-join over periods and names.  Rows meet in the days
-- that they touch.
-- ----------------------------------------------------------
CREATE TABLE busy AS
	SELECT tbl, coalesce(org, '') AS org, id, starts_at, ends_at, closed, resource, day
	FROM plain, unnest(CASE WHEN closed THEN '{*}' ELSE resources END) AS resource,
		generate_series(date_trunc('day', starts_at), ends_at - interval '1 us', '1 day') AS day
	WHERE status NOT IN ('cancelled', 'no_show');
ANALYZE busy;
SELECT 'overlaps', count(*)
FROM (SELECT DISTINCT x.tbl, x.id, y.id
	FROM busy AS x JOIN busy AS y USING (tbl, org, resource, day)
	WHERE x.id < y.id AND tstzrange(x.starts_at, x.ends_at) && tstzrange(y.starts_at, y.ends_at)) AS pair;
SELECT 'overlaps_of_closing_days', count(*)
FROM (SELECT DISTINCT x.tbl, x.id, y.id
	FROM busy AS x JOIN busy AS y USING (tbl, org, day)
	WHERE x.closed AND x.id <> y.id AND tstzrange(x.starts_at, x.ends_at) && tstzrange(y.starts_at, y.ends_at)) AS pair;

-- ----------------------------------------------------------
-- Every acknowledged change is there.  The version of a row tells how many
-- changes it has had; each state has been acknowledged, or is one that the
-- broken connection of a client may have left behind.
-- ----------------------------------------------------------
CREATE TABLE known AS
	SELECT j.tbl, j.id, count(*) FILTER (WHERE acknowledged = 'U') AS unknown,
		count(*) FILTER (WHERE acknowledged = 'A' AND kind <> 'delete') AS known,
		count(DISTINCT version) FILTER (WHERE acknowledged = 'A' AND kind <> 'delete') AS versions,
		coalesce(max(version) FILTER (WHERE acknowledged = 'A'), 0) AS last,
		bool_or(kind = 'delete' AND acknowledged = 'A') AS deleted,
		bool_or(kind = 'delete' AND acknowledged = 'U') AS perhaps_deleted
	FROM journal AS j GROUP BY j.tbl, j.id;
ANALYZE known;
SELECT 'acknowledged_and_lost', count(*)
FROM known LEFT JOIN plain USING (tbl, id)
WHERE plain.id IS NULL AND known > 0 AND NOT deleted AND NOT perhaps_deleted;
SELECT 'deleted_and_still_there', count(*)
FROM known JOIN plain USING (tbl, id) WHERE deleted;
SELECT 'older_than_acknowledged', count(*)
FROM known JOIN plain USING (tbl, id) WHERE plain.version < last;
SELECT 'one_version_twice', count(*) FROM known WHERE known <> versions;
SELECT 'changes_of_nobody', count(*)
FROM plain LEFT JOIN known USING (tbl, id)
WHERE known.id IS NULL OR plain.version - versions > unknown;
SELECT 'not_the_acknowledged_state', count(*)
FROM plain JOIN known USING (tbl, id) JOIN journal AS j USING (tbl, id)
WHERE j.acknowledged = 'A' AND j.version = plain.version AND j.kind <> 'delete'
	AND (j.status, j.starts_at, j.ends_at, j.confirmed)
		IS DISTINCT FROM (plain.status, plain.starts_at, plain.ends_at, plain.confirmed);
SELECT 'not_a_possible_state', count(*)
FROM plain JOIN known USING (tbl, id)
WHERE plain.version > last AND NOT EXISTS (
	SELECT FROM journal AS j
	WHERE j.tbl = plain.tbl AND j.id = plain.id AND j.acknowledged = 'U'
		AND coalesce(j.status = plain.status, true)
		AND coalesce(j.starts_at = plain.starts_at, true)
		AND coalesce(j.ends_at = plain.ends_at, true)
		AND coalesce(j.confirmed = plain.confirmed, true));
SELECT format('# unknown outcomes: %s rows by a booking that did commit, %s that did not', count(plain.id), count(*) - count(plain.id))
FROM known LEFT JOIN plain USING (tbl, id) WHERE known = 0;
SELECT 'prepared_transactions', count(*) FROM pg_prepared_xacts;

-- ----------------------------------------------------------
-- The history ends with the status, and each of its steps is allowed
-- ----------------------------------------------------------
CREATE TABLE step AS
	SELECT tbl, id, n, entry ->> 'status' AS status, (entry ->> 'changed_at')::timestamptz AS at, count(*) OVER all_of_it AS steps,
		lag(entry ->> 'status') OVER in_order AS before, lag((entry ->> 'changed_at')::timestamptz) OVER in_order AS at_before
	FROM plain, jsonb_array_elements(history) WITH ORDINALITY AS e (entry, n)
	WINDOW in_order AS (PARTITION BY tbl, id ORDER BY n), all_of_it AS (PARTITION BY tbl, id);
ANALYZE step;
SELECT 'no_history', count(*) FROM plain WHERE tbl IN (2, 3, 4) AND coalesce(jsonb_array_length(history), 0) = 0;
SELECT 'status_and_history_differ', count(*)
FROM plain WHERE history IS NOT NULL AND history -> -1 ->> 'status' IS DISTINCT FROM status;
SELECT 'steps_not_allowed', count(*)
FROM step WHERE (n > 1 OR tbl IN (2, 3, 4)) AND status IS DISTINCT FROM before
	AND NOT EXISTS (SELECT FROM appointment_lifecycle AS l
		WHERE l.lifecycle = 'default' AND l.to_status = step.status AND l.from_status IS NOT DISTINCT FROM before);
SELECT 'history_runs_backwards', count(*) FROM step WHERE at < at_before;
-- a value's history has an entry for each change, the insertion included
SELECT 'history_and_version_differ', count(*)
FROM plain WHERE tbl IN (2, 4) AND jsonb_array_length(history) <> version;

-- ----------------------------------------------------------
-- The change log has a row for each change
-- ----------------------------------------------------------
CREATE TABLE logged AS
	SELECT tbl, key::bigint AS id, count(*) FILTER (WHERE operation <> 'DELETE') AS changes,
		count(*) FILTER (WHERE operation = 'DELETE') AS deletions,
		(array_agg(changes -> 'status' ->> 'new' ORDER BY xid, seq) FILTER (WHERE changes -> 'status' ? 'new' AND operation <> 'DELETE')) AS statuses
	FROM (SELECT 2 AS tbl, * FROM whole_log UNION ALL SELECT 3, * FROM columns_log UNION ALL SELECT 4, * FROM parts_log) AS l
	GROUP BY tbl, key;
ANALYZE logged;
SELECT 'log_and_version_differ', count(*)
FROM plain LEFT JOIN logged USING (tbl, id)
WHERE tbl IN (2, 3, 4) AND (changes, deletions) IS DISTINCT FROM (version::bigint, 0::bigint);
SELECT 'log_and_status_differ', count(*)
FROM plain JOIN logged USING (tbl, id) WHERE statuses[array_length(statuses, 1)] IS DISTINCT FROM status;
SELECT 'deletion_not_logged', count(*)
FROM known LEFT JOIN logged USING (tbl, id) WHERE tbl IN (2, 3, 4) AND deleted AND deletions IS DISTINCT FROM 1;
SELECT 'logged_and_not_there', count(*)
FROM logged LEFT JOIN plain USING (tbl, id) WHERE plain.id IS NULL AND deletions <> 1;
SELECT format('# %s rows of the change logs', sum(changes + deletions)) FROM logged;

-- ----------------------------------------------------------
-- The index answers as the table does: each row is found by its own
-- occupancy, and all of them by everything
-- ----------------------------------------------------------
CREATE FUNCTION not_in_index(t text) RETURNS bigint LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	missing bigint;
	plan text;
	line text;
	query text := format('SELECT count(*) FROM plain AS p WHERE p.tbl = %s AND p.held IS NOT NULL
		AND p.status <> ''cancelled'' AND p.status <> ''no_show''
		AND NOT EXISTS (SELECT FROM %I AS t WHERE t.held && p.held AND t.id = p.id OFFSET 0)',
		array_position('{bare,guarded,whole,columns,parts,moves,pairs}', t) - 1, t || '_plain');
BEGIN
	query := replace(query, 'AND t.id = p.id', 'AND t.id + 0 = p.id AND t.status IS DISTINCT FROM ''cancelled'' AND t.status IS DISTINCT FROM ''no_show''');
	FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
		plan := concat(plan, line);
	END LOOP;
	IF plan !~ '(no_overlap|held)[a-z0-9_]* on ' AND plan !~ 'Index Scan using [a-z0-9_]*(occupancy|held|no_overlap)' THEN
		RAISE EXCEPTION 'not by the index: %', plan;
	END IF;
	EXECUTE query INTO missing;
	RETURN missing;
END $$;
SELECT 'not_in_index_' || t, not_in_index(t) FROM unnest('{bare,guarded,whole,columns,parts,moves,pairs}'::text[]) AS t;

CREATE FUNCTION counted(t text, by_index boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	PERFORM set_config('enable_seqscan', (NOT by_index)::text, true), set_config('enable_indexscan', by_index::text, true),
		set_config('enable_bitmapscan', 'off', true);
	EXECUTE format('SELECT count(*) FROM %I AS p, unnest(CASE WHEN %L IN (''guarded'', ''columns'', ''moves'', ''pairs'') THEN ''{org_0,org_1}'' ELSE ''{NULL}'' END::text[]) AS o
		WHERE held && occupancy_all(''2000-01-01Z'', ''2100-01-01Z'', o)
			AND status IS DISTINCT FROM ''cancelled'' AND status IS DISTINCT FROM ''no_show''', t || '_plain', t) INTO n;
	RETURN n;
END $$;
SELECT 'index_and_scan_differ_' || t, abs(counted(t, true) - counted(t, false)) FROM unnest('{bare,guarded,whole,columns,parts,moves,pairs}'::text[]) AS t;
