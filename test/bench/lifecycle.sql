--
-- lifecycle.sql
--		The life cycle and the change log, against the same rules in plpgsql.
--
SET TimeZone = 'UTC';

-- ---------------------------------------------------------------------
-- what a user writes without the extension
-- ---------------------------------------------------------------------

CREATE TABLE transition (from_status text, to_status text);
INSERT INTO transition SELECT from_status, to_status FROM appointment_lifecycle WHERE lifecycle = 'default';
CREATE UNIQUE INDEX ON transition (from_status, to_status) NULLS NOT DISTINCT;

CREATE FUNCTION enforce() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	changed_at timestamptz := now();
	last timestamptz;
BEGIN
	IF TG_OP = 'INSERT' THEN
		IF NOT EXISTS (SELECT FROM transition WHERE from_status IS NULL AND to_status = NEW.status) THEN
			RAISE check_violation USING MESSAGE = format('status %s cannot be the first', NEW.status);
		END IF;
	ELSIF NEW.status IS DISTINCT FROM OLD.status THEN
		IF NOT EXISTS (SELECT FROM transition WHERE from_status = OLD.status AND to_status = NEW.status) THEN
			RAISE check_violation USING MESSAGE = format('status %s cannot be followed by %s', OLD.status, NEW.status);
		END IF;
		last := (OLD.history -> -1 ->> 'changed_at')::timestamptz;
		IF last > changed_at THEN
			changed_at := last;
		END IF;
		NEW.updated_at := changed_at;
		CASE NEW.status
			WHEN 'cancelled' THEN
				NEW.cancelled_at := changed_at;
			WHEN 'in_progress' THEN
				NEW.actual_starts_at := changed_at;
			WHEN 'completed' THEN
				NEW.actual_ends_at := changed_at;
			ELSE
				IF OLD.status IN ('cancelled', 'no_show') THEN
					NEW.cancelled_at := NULL;
					NEW.reason := NULL;
				END IF;
		END CASE;
	ELSE
		RETURN NEW;
	END IF;
	NEW.history := coalesce(NEW.history, '[]') || jsonb_build_object(
		'status', NEW.status,
		'changed_by', nullif(current_setting('appointment.actor', true), ''),
		'changed_at', to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
	RETURN NEW;
END
$$;

CREATE FUNCTION log_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
	new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
	changes jsonb;
BEGIN
	SELECT jsonb_object_agg(key, CASE WHEN key IN ('note', 'client') THEN '{"personal": true}'
		ELSE jsonb_strip_nulls(jsonb_build_object('old', o.value, 'new', n.value)) END)
	INTO changes
	FROM jsonb_each(old_row) o FULL JOIN jsonb_each(new_row) n USING (key)
	WHERE o.value IS DISTINCT FROM n.value AND NOT (coalesce(o.value, 'null') = 'null' AND coalesce(n.value, 'null') = 'null');
	EXECUTE format('INSERT INTO %s (actor, session_role, operation, event, key, changes) VALUES ($1, $2, $3, $4, $5, $6)', TG_ARGV[0])
	USING nullif(current_setting('appointment.actor', true), ''), session_user, TG_OP,
		CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'DELETE' THEN 'deleted'
			ELSE CASE WHEN NEW.status IS DISTINCT FROM OLD.status THEN NEW.status ELSE 'updated' END END,
		coalesce(NEW.id, OLD.id)::text, changes;
	RETURN NULL;
END
$$;

-- the smallest C trigger there is
CREATE FUNCTION empty() RETURNS trigger AS 'suppress_redundant_updates_trigger' LANGUAGE internal;

-- ---------------------------------------------------------------------
-- tables
-- ---------------------------------------------------------------------

CREATE TABLE blank (id int PRIMARY KEY, status text, starts_at timestamptz, ends_at timestamptz, note text, client text, room_id text, reason text, cancelled_at timestamptz, actual_starts_at timestamptz, actual_ends_at timestamptz, updated_at timestamptz, history jsonb, other int, notice int NOT NULL DEFAULT 60);
INSERT INTO blank SELECT n, 'scheduled', '2030-01-01'::timestamptz + n * interval '1 hour', '2030-01-01'::timestamptz + n * interval '1 hour', 'Client requested morning appointment.', 'cli_' || n, 'rom_' || n, NULL, NULL, NULL, NULL, NULL,
	(SELECT jsonb_agg(jsonb_build_object('status', 'scheduled', 'changed_by', 'usr_' || i, 'changed_at', '2024-01-01T10:00:00Z')) FROM generate_series(1, 3) i), 0
FROM generate_series(1, least(:rows, 50000)) n;

CREATE TABLE bare (LIKE blank INCLUDING ALL);
CREATE TABLE ours (LIKE blank INCLUDING ALL);
CREATE TABLE theirs (LIKE blank INCLUDING ALL);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON ours FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'history=history', 'cancelled_at=cancelled_at', 'cancellation_reason_id=reason', 'actual_starts_at=actual_starts_at', 'actual_ends_at=actual_ends_at', 'updated_at=updated_at');
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON theirs FOR EACH ROW EXECUTE FUNCTION enforce();
CREATE TABLE with_empty (LIKE blank INCLUDING ALL);
CREATE TABLE with_policy (LIKE blank INCLUDING ALL);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON with_policy FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'history=history', 'cancelled_at=cancelled_at', 'cancellation_reason_id=reason', 'actual_starts_at=actual_starts_at', 'actual_ends_at=actual_ends_at', 'updated_at=updated_at',
	'starts_at=starts_at', 'ends_at=ends_at', 'cancellation_notice=notice', 'rescheduling_notice=notice', 'exempt=pg_monitor');

-- A trigger's own time is what EXPLAIN ANALYZE reports for it; the rows are
-- the same before each run.  Without a trigger it is the whole statement.
CREATE FUNCTION bench.own_time(statement text, tablename text, trigger_name text) RETURNS double precision
LANGUAGE plpgsql AS $$
DECLARE
	plan json;
	result double precision;
BEGIN
	EXECUTE format('TRUNCATE %I', tablename);
	EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', tablename);
	EXECUTE format('INSERT INTO %I SELECT * FROM blank', tablename);
	EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', tablename);
	EXECUTE 'EXPLAIN (ANALYZE, TIMING, FORMAT json) ' || statement INTO plan;
	SELECT (t ->> 'Time')::double precision INTO result FROM json_array_elements(plan -> 0 -> 'Triggers') t WHERE t ->> 'Trigger Name' = trigger_name;
	RETURN coalesce(result, (plan -> 0 ->> 'Execution Time')::double precision);
END
$$;

CREATE FUNCTION bench.compare_triggers(measure text, ours text, theirs text, our_trigger text, their_trigger text,
	statement text, direction text, target numeric) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	ours_ms double precision[];
	theirs_ms double precision[];
	o numeric;
	t numeric;
BEGIN
	FOR run IN 1 .. current_setting('bench.runs')::int LOOP
		ours_ms := ours_ms || bench.own_time(format(statement, ours), ours, our_trigger);
		theirs_ms := theirs_ms || bench.own_time(format(statement, theirs), theirs, their_trigger);
	END LOOP;
	o := bench.median(ours_ms);
	t := bench.median(theirs_ms);
	RETURN bench.markdown_row(measure, round(o, 1) || ' ms', round(t, 1) || ' ms',
		CASE WHEN o <= t THEN round(t / o, 2) || ' times faster' ELSE round(o / t, 2) || ' times slower' END,
		CASE direction WHEN 'faster' THEN 'at least ' ELSE 'at most ' END || target || ' times ' || direction,
		CASE WHEN CASE direction WHEN 'faster' THEN t / o >= target ELSE o / t <= target END THEN 'yes' ELSE '**no**' END);
END
$$;

SELECT bench.compare_triggers('the life-cycle trigger''s own time on a status `UPDATE` against the same rules in plpgsql',
	'ours', 'theirs', 'life', 'life', 'UPDATE %I SET status = ''cancelled''', 'faster', 5);

CREATE TRIGGER life BEFORE UPDATE ON with_empty FOR EACH ROW EXECUTE FUNCTION empty();
SELECT bench.compare_triggers('`UPDATE` of another column with the life-cycle trigger against an empty C trigger, whole statement',
	'ours', 'with_empty', 'none', 'none', 'UPDATE %I SET other = other + 1', 'slower', 1.1);
SELECT bench.compare_triggers('`UPDATE` of another column with a policy on the life-cycle trigger against the trigger without, whole statement',
	'with_policy', 'ours', 'none', 'none', 'UPDATE %I SET other = other + 1', 'slower', 1.1);

-- ---------------------------------------------------------------------
-- a value with ten entries
-- ---------------------------------------------------------------------

CREATE TABLE documents AS
SELECT appointment_set(appointment_from_row(r), 'status_history', (SELECT jsonb_agg(jsonb_build_object('status', 'scheduled', 'changed_by', 'usr_' || i, 'changed_at', '2024-01-01T10:00:00Z')) FROM generate_series(1, 10) i)) AS a
FROM (SELECT 'app_' || n AS id, 'scheduled' AS status, starts_at, starts_at + interval '1 hour' AS ends_at, 'loc_' || n AS location_id, 'pra_' || n AS practitioner_id, 'cli_' || n AS client_id, 'rom_' || n AS room_id, note
	FROM (SELECT id AS n, starts_at, note FROM blank) s) r;
ALTER TABLE documents ADD j jsonb;
UPDATE documents SET j = a::jsonb;
VACUUM (FULL, ANALYZE) documents;
SELECT bench.compare('`appointment_transition` on a value with 10 history entries against `jsonb_set` on the same document',
	$$SELECT appointment_transition(a, 'cancelled') FROM documents$$,
	$$SELECT jsonb_set(j, '{status}', '"cancelled"') FROM documents$$, 'slower', 3);

-- ---------------------------------------------------------------------
-- a long life
-- ---------------------------------------------------------------------

CREATE FUNCTION life(changes int) RETURNS appointment LANGUAGE plpgsql AS $$
DECLARE
	a appointment := '{"id":"app_1","starts_at":"2030-01-01T10:00:00Z","ends_at":"2030-01-01T11:00:00Z","status":"scheduled"}';
BEGIN
	FOR i IN 1 .. changes LOOP
		a := appointment_transition(a, CASE i % 2 WHEN 1 THEN 'cancelled' ELSE 'scheduled' END, '2029-01-01Z', 'usr_1');
	END LOOP;
	RETURN a;
END
$$;
CREATE FUNCTION life_by_hand(changes int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	a jsonb := '{"id":"app_1","starts_at":"2030-01-01T10:00:00Z","ends_at":"2030-01-01T11:00:00Z","status":"scheduled","status_history":[]}';
	word text;
BEGIN
	FOR i IN 1 .. changes LOOP
		word := CASE i % 2 WHEN 1 THEN 'cancelled' ELSE 'scheduled' END;
		a := jsonb_set(jsonb_set(a, '{status}', to_jsonb(word)), '{status_history}', (a -> 'status_history') ||
			jsonb_build_object('status', word, 'changed_by', 'usr_1', 'changed_at', '2029-01-01T00:00:00Z'));
	END LOOP;
	RETURN a;
END
$$;
SELECT bench.compare('a life of 1,000 changes by `appointment_transition` against `jsonb_set`, in a loop of plpgsql',
	'SELECT life(1000)', 'SELECT life_by_hand(1000)', 'faster', 10);

-- the time of one change in a life of 1,000 of them against in one of 100: a
-- life's time is linear if that does not grow
CREATE FUNCTION bench.growth(life text, changes int) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	of_100 double precision[];
	of_1000 double precision[];
BEGIN
	FOR run IN 1 .. current_setting('bench.runs')::int LOOP
		of_100 := of_100 || bench.elapsed(format('SELECT %s(100) FROM generate_series(1, %s)', life, changes / 100));
		of_1000 := of_1000 || bench.elapsed(format('SELECT %s(1000) FROM generate_series(1, %s)', life, changes / 1000));
	END LOOP;
	RETURN bench.median(of_1000) / bench.median(of_100);
END
$$;
SELECT bench.markdown_row('a change in a life of 1,000 of them against in one of 100: growth of the time',
	round(o, 2) || ' times', round(t, 2) || ' times', '', 'at most 2 times', CASE WHEN o <= 2 THEN 'yes' ELSE '**no**' END)
FROM (SELECT bench.growth('life', 20000) AS o, bench.growth('life_by_hand', 1000) AS t) s;

-- rows with so many entries, without the log and with it
CREATE TABLE long_blank (LIKE blank INCLUDING ALL);
CREATE TABLE long_life (LIKE blank INCLUDING ALL);
CREATE TABLE long_logged (LIKE blank INCLUDING ALL);
SELECT appointment_create_change_log('public.long_log') \g /dev/null
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON long_life FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'history=history');
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON long_logged FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'history=history');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON long_logged FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('long_log', 'id', 'status=status', 'values=history');
INSERT INTO long_blank (id, status, history)
	SELECT n, 'scheduled', h -> 'status_history' FROM life_by_hand(1000) h, generate_series(1, 200) n;
CREATE FUNCTION bench.update_long(tablename text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
BEGIN
	EXECUTE format('TRUNCATE %I, long_log', tablename);
	EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', tablename);
	EXECUTE format('INSERT INTO %I SELECT * FROM long_blank', tablename);
	EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', tablename);
	started := clock_timestamp();
	EXECUTE format('UPDATE %I SET status = ''cancelled''', tablename);
	RETURN 1000 * extract(epoch FROM clock_timestamp() - started);
END
$$;
SELECT bench.markdown_row('status `UPDATE` of rows with 1,000 entries in `jsonb`, with a log that has `values=history` against without a log, whole statement',
	round(o, 1) || ' ms', round(t, 1) || ' ms', CASE WHEN o <= t THEN round(t / o, 2) || ' times faster' ELSE round(o / t, 2) || ' times slower' END, 'at most 2 times slower',
	CASE WHEN o / t <= 2 THEN 'yes' ELSE '**no**' END)
FROM bench.in_turn($$bench.update_long('long_logged')$$, $$bench.update_long('long_life')$$);

-- ---------------------------------------------------------------------
-- a load
-- ---------------------------------------------------------------------

SELECT appointment_create_change_log('public.our_log'), appointment_create_change_log('public.their_log') \g /dev/null
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON ours FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('our_log', 'id', 'status=status', 'starts_at=starts_at', 'ends_at=ends_at', 'values=history,other,reason');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON theirs FOR EACH ROW EXECUTE FUNCTION log_changes('their_log');
CREATE FUNCTION bench.load(tablename text, log text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
BEGIN
	EXECUTE format('TRUNCATE %I, %I', tablename, log);
	started := clock_timestamp();
	EXECUTE format('INSERT INTO %I (id, status, starts_at, ends_at, note, client, room_id, other) SELECT n, ''pending'', ''2030-01-01''::timestamptz, ''2030-01-02'', ''Client requested morning appointment.'', ''cli'', ''rom'', 1 FROM generate_series(1, 100000) n', tablename);
	RETURN 1000 * extract(epoch FROM clock_timestamp() - started);
END
$$;
SELECT bench.markdown_row('insert of 100,000 rows with life-cycle and log triggers against plpgsql equivalents, whole statement',
	round(o, 1) || ' ms', round(t, 1) || ' ms', round(t / o, 2) || ' times faster', 'at least 2 times faster',
	CASE WHEN t / o >= 2 THEN 'yes' ELSE '**no**' END)
FROM bench.in_turn($$bench.load('ours', 'our_log')$$, $$bench.load('theirs', 'their_log')$$, least(current_setting('bench.runs')::int, 3));
