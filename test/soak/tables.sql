--
-- What the soak's clients book in: each way to prevent a double booking, with
-- and without a life cycle and a log, values and ordinary columns, whole and
-- partitioned.  The numbers of the tables are those of soak.c.
--
-- Each change counts up the version; so each state of a row has a name.
--
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE SCHEMA soak;
SET search_path = soak, public;
CREATE EXTENSION appointment SCHEMA public;

-- 0: a value, and the constraint alone
CREATE TABLE bare (id bigint PRIMARY KEY, version int NOT NULL DEFAULT 1, a appointment NOT NULL,
	CONSTRAINT bare_no_overlap EXCLUDE USING gist (appointment_occupancy(a) WITH &&));

-- 1: columns, and the guard over a plain index
CREATE TABLE guarded (id bigint PRIMARY KEY, version int NOT NULL DEFAULT 1, org text, status text NOT NULL,
	starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
	practitioner_id text, room_id text, vehicle_id text, resource_ids text[], confirmed boolean, closed boolean);
CREATE INDEX guarded_held ON guarded USING gist (occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id || vehicle_id, org))
	WHERE (status IS DISTINCT FROM 'cancelled' AND status IS DISTINCT FROM 'no_show');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON guarded
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('guarded_held');

-- 2: a value, and everything
CREATE TABLE whole (LIKE bare INCLUDING ALL);
ALTER TABLE whole RENAME CONSTRAINT whole_appointment_occupancy_excl TO whole_no_overlap;
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON whole
	FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON whole
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('whole_no_overlap');
SELECT appointment_create_change_log('soak.whole_log') \g /dev/null
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON whole
	FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('whole_log', 'id', 'status=a');

-- 3: columns with their history, and everything; two tenants, and closing days
CREATE TABLE columns (LIKE guarded INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id), cancelled_at timestamptz, status_history jsonb,
	CONSTRAINT columns_no_overlap EXCLUDE USING gist (
		(CASE WHEN closed THEN occupancy_all(starts_at, ends_at, org)
			ELSE occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id || vehicle_id, org) END) WITH &&)
	WHERE (status IS DISTINCT FROM 'cancelled' AND status IS DISTINCT FROM 'no_show'));
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON columns
	FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'history=status_history', 'cancelled_at=cancelled_at');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON columns
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('columns_no_overlap');
SELECT appointment_create_change_log('soak.columns_log') \g /dev/null
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON columns
	FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('columns_log', 'id', 'status=status', 'starts_at=starts_at', 'ends_at=ends_at', 'confirmed=confirmed', 'values=version');

-- 4: a value in partitions that know nothing of each other's rows
CREATE TABLE parts (id bigint PRIMARY KEY, version int NOT NULL DEFAULT 1, a appointment NOT NULL) PARTITION BY HASH (id);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE INDEX parts_held ON parts USING gist (appointment_occupancy(a));
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON parts
	FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON parts
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('parts_held');
SELECT appointment_create_change_log('soak.parts_log') \g /dev/null
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON parts
	FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('parts_log', 'id', 'status=a');

-- 5: columns in partitions of two levels; a row that is rescheduled to another
-- day moves
CREATE TABLE moves (LIKE guarded INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
	PARTITION BY LIST ((extract(day FROM starts_at AT TIME ZONE 'UTC')::int % 2));
CREATE TABLE moves_even PARTITION OF moves FOR VALUES IN (0) PARTITION BY HASH (id);
CREATE TABLE moves_even_0 PARTITION OF moves_even FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE moves_even_1 PARTITION OF moves_even FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE moves_odd PARTITION OF moves FOR VALUES IN (1);
CREATE INDEX moves_id ON moves (id);
CREATE INDEX moves_held ON moves USING gist (occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id || vehicle_id, org))
	WHERE (status IS DISTINCT FROM 'cancelled' AND status IS DISTINCT FROM 'no_show');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON moves
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('moves_held');

-- 6: columns, and two guards, each over an index of its own.  The index that
-- clients lock before several rows is that of the first guard: whoever has its
-- locks for a practitioner has those of the second to himself.
CREATE TABLE pairs (LIKE guarded INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id));
CREATE INDEX pairs_people ON pairs USING gist (occupancy(starts_at, ends_at, ARRAY[practitioner_id], org))
	WHERE (status IS DISTINCT FROM 'cancelled' AND status IS DISTINCT FROM 'no_show' AND practitioner_id IS NOT NULL);
CREATE INDEX pairs_held ON pairs USING gist (occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id || vehicle_id, org))
	WHERE (status IS DISTINCT FROM 'cancelled' AND status IS DISTINCT FROM 'no_show');
CREATE TRIGGER yy_guard BEFORE INSERT OR UPDATE ON pairs
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('pairs_held');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON pairs
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('pairs_people');

-- Plain columns of all of them: what clients read by the index, and what the
-- final checks read without it
CREATE FUNCTION make_views() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t text;
BEGIN
	FOREACH t IN ARRAY '{bare,whole,parts}'::text[] LOOP
		EXECUTE format($view$CREATE VIEW %I AS
			SELECT id, version, NULL::text AS org, appointment_status(a) AS status,
				appointment_starts_at(a) AS starts_at, appointment_ends_at(a) AS ends_at,
				array_remove(ARRAY[a ->> 'practitioner_id', a ->> 'room_id', a ->> 'vehicle_id'], NULL)
					|| ARRAY(SELECT jsonb_array_elements_text(a -> 'resource_ids')) AS resources,
				false AS closed, coalesce(a ->> 'confirmed', 'false') AS confirmed, a -> 'status_history' AS history,
				appointment_occupancy(a) AS held
			FROM %I$view$, t || '_plain', t);
	END LOOP;
	FOREACH t IN ARRAY '{guarded,columns,moves,pairs}'::text[] LOOP
		EXECUTE format($view$CREATE VIEW %I AS
			SELECT id, version, org, status, starts_at, ends_at,
				array_remove(resource_ids || practitioner_id || room_id || vehicle_id, NULL) AS resources,
				coalesce(closed, false) AS closed, coalesce(confirmed, false)::text AS confirmed, %s AS history, %s AS held
			FROM %I$view$, t || '_plain',
			CASE t WHEN 'columns' THEN 'status_history' ELSE 'NULL::jsonb' END,
			(SELECT pg_get_indexdef(indexrelid, 1, false) FROM pg_index
			 WHERE indrelid = t::regclass AND pg_get_indexdef(indexrelid) LIKE '%gist%' AND indexrelid <> 'pairs_people'::regclass), t);
	END LOOP;
END $$;
SELECT make_views() \g /dev/null
