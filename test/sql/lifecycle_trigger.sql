--
-- The life cycle as a rule of tables
--
SET TimeZone = 'UTC';
-- an error with the fields that a program reads
CREATE FUNCTION fields(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	s text; t text; c text; k text; n text; d text; h text; m text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS s = RETURNED_SQLSTATE, n = SCHEMA_NAME, t = TABLE_NAME, c = COLUMN_NAME, k = CONSTRAINT_NAME, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT, m = MESSAGE_TEXT;
	RETURN format(E'%s %s.%s.%s %s: %s\n%s\n%s', s, n, t, c, k, m, d, h);
END
$$;
\pset format unaligned
\pset tuples_only on

-- ---------------------------------------------------------------------
-- a column of type appointment
-- ---------------------------------------------------------------------

CREATE TABLE value (id int PRIMARY KEY, a appointment, other text, who text);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON value FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default', 'actor=who');

-- a first status, its history and created_at
BEGIN;
INSERT INTO value VALUES (1, '{"status":"pending","attendees":[{"id":"p"}]}', NULL, 'ann') RETURNING (a ->> 'created_at')::timestamptz = date_trunc('milliseconds', now()), a -> 'status_history' #> '{0,status}', a -> 'status_history' #> '{0,changed_by}', (a -> 'status_history' #>> '{0,changed_at}')::timestamptz = date_trunc('milliseconds', now());
COMMIT;
-- what was given is kept
INSERT INTO value VALUES (2, '{"status":"scheduled","created_at":"2029-01-01T00:00:00Z","status_history":[{"status":"scheduled","changed_by":"bob","changed_at":"2029-01-01T00:00:00Z"}]}') RETURNING a;
INSERT INTO value VALUES (3, NULL) RETURNING a IS NULL;
SELECT fields($$INSERT INTO value VALUES (4, '{"status":"completed"}')$$);
SELECT fields($$INSERT INTO value VALUES (4, '{"status":"odd"}')$$);
SELECT fields($$INSERT INTO value VALUES (4, '{}')$$);
SELECT fields($$INSERT INTO value VALUES (4, '{"status":"scheduled","status_history":[{"status":"pending","changed_at":"2029-01-01T00:00:00Z"}]}')$$);

-- a function's work, and work by hand
SET appointment.actor = 'desk';
UPDATE value SET a = appointment_transition(a, 'cancelled', '2029-06-01T00:00:00Z', reason_id => 'cnr_1') WHERE id = 2 RETURNING a;
UPDATE value SET a = appointment_set(a, 'status', '"scheduled"') WHERE id = 2 RETURNING a -> 'cancelled_at', a -> 'cancellation_reason_id', a -> 'status_history' #> '{2,status}', a -> 'status_history' #> '{2,changed_by}', (a ->> 'updated_at') = (a -> 'status_history' #>> '{2,changed_at}');
UPDATE value SET a = appointment_set(appointment_set(a, 'status', '"cancelled"'), 'cancelled_at', '"2029-07-01T00:00:00Z"') WHERE id = 2 RETURNING a -> 'cancelled_at';
UPDATE value SET a = appointment_set(a, 'status', '"scheduled"') WHERE id = 2;
UPDATE value SET a = appointment_set(a, 'status', '"no_show"') WHERE id = 2;
UPDATE value SET a = appointment_set(a, 'status', '"scheduled"') WHERE id = 1;
UPDATE value SET a = appointment_set(a, 'status', '"no_show"') WHERE id = 1 RETURNING a -> 'attendees' #> '{0,no_show}';
-- two steps at once, each of them legal
UPDATE value SET a = appointment_transition(appointment_transition(a, 'arrived', '2099-01-01T00:00:00Z'), 'in_progress', '2099-01-01T00:10:00Z') WHERE id = 1 RETURNING a ->> 'actual_starts_at', a -> 'attendees' #> '{0,no_show}';
-- the last change is later than now
UPDATE value SET a = appointment_set(a, 'status', '"completed"') WHERE id = 1 RETURNING a ->> 'actual_ends_at';
SELECT fields($$UPDATE value SET a = appointment_set(a, 'status', '"pending"') WHERE id = 1$$);
SELECT fields($$UPDATE value SET a = appointment_set(a, 'status', NULL) WHERE id = 1$$);
SELECT fields($$UPDATE value SET a = NULL WHERE id = 1$$);
SELECT fields($$UPDATE value SET a = appointment_transition(appointment_transition(a, 'completed', lifecycle => 'avon'), 'scheduled') WHERE id = 1$$);
RESET appointment.actor;

-- the history can only be added to
INSERT INTO value VALUES (5, appointment_transition('{}', 'scheduled', '2029-01-01T00:00:00Z', 'ann'));
SELECT fields($$UPDATE value SET a = appointment_set(a, 'status_history', '[]') WHERE id = 5$$);
SELECT fields($$UPDATE value SET a = appointment_set(a, 'status_history', '[{"status":"scheduled","changed_by":"bob","changed_at":"2029-01-01T00:00:00Z"}]') WHERE id = 5$$);
SELECT fields($$UPDATE value SET a = appointment_set(a, 'status_history', '[{"status":"scheduled","changed_by":"ann","changed_at":"2029-01-01T00:00:00.000001Z"}]') WHERE id = 5$$);
SELECT fields($$UPDATE value SET a = appointment_set(a, 'status_history', '[{"status":"scheduled","changed_by":"ann","changed_at":"2029-01-01T00:00:00Z"},{"status":"arrived","changed_by":"ann","changed_at":"2028-01-01T00:00:00Z"}]') WHERE id = 5$$);
SELECT fields($$UPDATE value SET a = appointment_set(appointment_set(a, 'status', '"arrived"'), 'status_history', '[{"status":"scheduled","changed_by":"ann","changed_at":"2029-01-01T00:00:00Z"},{"status":"arrived","changed_by":"ann","changed_at":"2028-01-01T00:00:00Z"}]') WHERE id = 5$$);
SELECT fields($$UPDATE value SET a = appointment_set(appointment_set(a, 'status', '"completed"'), 'status_history', '[{"status":"scheduled","changed_by":"ann","changed_at":"2029-01-01T00:00:00Z"},{"status":"completed","changed_by":"ann","changed_at":"2029-02-01T00:00:00Z"}]') WHERE id = 5$$);
-- not given is not taken away; further entries of the same status are fine
UPDATE value SET a = '{"status":"scheduled","name":"other"}' WHERE id = 5 RETURNING a;
UPDATE value SET a = appointment_confirm(a, at => '2029-02-01T00:00:00Z') WHERE id = 5 RETURNING a -> 'confirmed_at';
UPDATE value SET a = appointment_set(a, 'confirmed', 'false') WHERE id = 5 RETURNING a -> 'confirmed_at';
UPDATE value SET a = appointment_set(a, 'confirmed', 'true') WHERE id = 5 RETURNING a -> 'confirmed_at' <> 'null';
-- somebody's right to be forgotten
UPDATE value SET a = appointment_erase(a) WHERE id = 1 RETURNING a -> 'attendees' IS NULL, jsonb_array_length(a -> 'status_history');
-- another column
UPDATE value SET other = 'x' RETURNING id;

-- ---------------------------------------------------------------------
-- a column that is only a status: a service's words, or an enum
-- ---------------------------------------------------------------------

CREATE TABLE visit (id int PRIMARY KEY, status text, canceled_on timestamptz, reason text, began timestamptz, ended timestamptz, ends_at timestamptz, changed_by uuid, history jsonb, changed timestamptz, made timestamptz, ok boolean, ok_at timestamptz, room int);
CREATE TRIGGER "Life cycle" BEFORE INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'caspen', 'format=caspen', 'cancelled_at=canceled_on', 'cancellation_reason_id=reason', 'actor=changed_by', 'history=history', 'updated_at=changed', 'created_at=made', 'ends_at=ends_at', 'confirmed=ok', 'confirmed_at=ok_at');
BEGIN;
INSERT INTO visit (id, status, changed_by) VALUES (1, 'pending', '00000000-0000-0000-0000-000000000001') RETURNING made = now(), history #- '{0,changed_at}', changed;
UPDATE visit SET status = 'cancelled', reason = 'ill' RETURNING canceled_on = now(), reason, changed = now(), history #- '{0,changed_at}' #- '{1,changed_at}';
SET LOCAL appointment.actor = '00000000-0000-0000-0000-000000000002';
UPDATE visit SET status = 'missed' RETURNING canceled_on = now(), reason, changed_by, jsonb_array_length(history), history #- '{2,changed_at}' -> 2;
UPDATE visit SET status = 'arrived' RETURNING canceled_on, reason;
-- missed and no_show are one status of the life cycle
UPDATE visit SET ok = true RETURNING ok_at = now(), jsonb_array_length(history);
UPDATE visit SET ok = false RETURNING ok_at, jsonb_array_length(history);
UPDATE visit SET room = 5 RETURNING jsonb_array_length(history);
COMMIT;
-- the words in messages are those of the column
SELECT fields($$UPDATE visit SET status = 'pending'$$);
SELECT fields($$UPDATE visit SET status = 'Cancelled'$$);
SELECT fields($$UPDATE visit SET status = NULL$$);
SELECT fields($$INSERT INTO visit (id) VALUES (2)$$);
SELECT fields($$INSERT INTO visit (id, status) VALUES (2, 'missed')$$);
SELECT fields($$UPDATE visit SET status = 'cancelled', ends_at = '2020-01-01'$$);
SELECT fields($$SET LOCAL appointment.actor = 'nobody'; UPDATE visit SET status = 'missed'$$);
-- history
SELECT fields($$UPDATE visit SET history = '[]'$$);
SELECT fields($$UPDATE visit SET history = NULL$$);
SELECT fields($$UPDATE visit SET history = '{}'$$);
SELECT fields($$UPDATE visit SET history = jsonb_set(history, '{0,changed_by}', 'null')$$);
SELECT fields($$UPDATE visit SET status = 'missed', history = history || '{"status":"arrived"}'$$);
SELECT fields($$UPDATE visit SET status = 'missed', history = history || '{"status":"missed","changed_at":"2001-01-01T00:00:00Z"}'$$);
UPDATE visit SET status = 'missed', history = history || '{"status":"missed","changed_at":"2099-01-01T00:00:00Z"}' RETURNING changed, jsonb_array_length(history);
UPDATE visit SET status = 'cancelled' RETURNING canceled_on, history -> 5 ->> 'changed_at';
-- each entry that is added is one, and a step from the one before
SELECT fields($$UPDATE visit SET status = 'arrived', history = history || '[{"status":"arrived","changed_at":"2099-02-01T00:00:00Z"},{"status":"garbage","changed_at":"2099-02-02T00:00:00Z"},{"status":"arrived","changed_at":"2099-02-03T00:00:00Z"}]'$$);
SELECT fields($$UPDATE visit SET status = 'missed', history = history || '[{"status":"pending","changed_at":"2099-02-01T00:00:00Z"},{"status":"missed","changed_at":"2099-02-03T00:00:00Z"}]'$$);
SELECT fields($$UPDATE visit SET status = 'arrived', history = history || '[{"status":"arrived","changed_at":"1999-01-01T00:00:00Z"},{"status":"arrived","changed_at":"2099-01-01T00:00:00Z"}]'$$);
SELECT fields($$UPDATE visit SET status = 'arrived', history = history || '[{"status":"missed","changed_at":"2099-03-01T00:00:00Z"},{"status":"arrived","changed_at":"2099-02-01T00:00:00Z"}]'$$);
SELECT n, fields(format($$UPDATE visit SET status = 'arrived', history = history || jsonb_build_array(%L::jsonb, '{"status":"arrived","changed_at":"2099-02-01T00:00:00Z"}'::jsonb)$$, entry))
FROM (VALUES (1, '"x"'), (2, '[]'), (3, '{}'), (4, '{"status":1}'), (5, '{"status":null}'), (6, '{"status":"arrived","changed_at":"garbage"}'), (7, '{"status":"arrived","changed_at":5}'), (8, '{"status":"arrived","changed_by":{}}'), (9, '{"status":"missed","changed_at":null,"changed_by":null,"why":"x"}')) v(n, entry);
-- also when the status stays what it was
SELECT fields($$UPDATE visit SET history = history || '[{"status":"pending"},{"status":"cancelled"}]'$$);
SELECT fields($$UPDATE visit SET history = history || '5'$$);
-- their effects are those of the steps one by one
BEGIN;
UPDATE visit SET status = 'missed', history = history || '[{"status":"arrived","changed_at":"2099-02-01T00:00:00Z"},{"status":"cancelled","changed_at":"2099-02-02T00:00:00Z"},{"status":"missed","changed_by":"x"}]' RETURNING canceled_on, changed, jsonb_array_length(history);
ROLLBACK;
-- of a new row they tell what was before, but they are entries
SELECT fields($$INSERT INTO visit (id, status, history) VALUES (3, 'pending', '["x",{"status":"pending"}]')$$);
SELECT fields($$INSERT INTO visit (id, status, history) VALUES (3, 'pending', '[{"status":"pending"},{"status":"pending","changed_at":"never"}]')$$);
SELECT fields($$INSERT INTO visit (id, status, history) VALUES (3, 'pending', '[{"status":"pending"},{"status":"arrived"}]')$$);
INSERT INTO visit (id, status, history) VALUES (3, 'pending', '[{"status":"other","changed_at":"2001-01-01T00:00:00Z"},{"status":"pending","changed_at":"2000-01-01T00:00:00Z"}]') RETURNING made;
DELETE FROM visit WHERE id = 3;

-- who it was: what somebody else has left in the actor's column tells nothing
BEGIN;
CREATE TABLE actor (id int, status text, by_whom text, history jsonb);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON actor FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'mode=record', 'actor=by_whom', 'history=history');
INSERT INTO actor VALUES (1, 'a', 'ann');
UPDATE actor SET status = 'nobody';
UPDATE actor SET status = 'bob', by_whom = 'bob';
UPDATE actor SET status = 'bob again', by_whom = 'bob';
SET LOCAL appointment.actor = 'desk';
UPDATE actor SET status = 'cil', by_whom = 'cil';
UPDATE actor SET status = 'desk';
UPDATE actor SET status = 'desk again', by_whom = by_whom;
UPDATE actor SET status = 'desk too', by_whom = NULL;
SELECT by_whom, (SELECT string_agg(h ->> 'status' || ':' || coalesce(h ->> 'changed_by', '-'), ', ' ORDER BY n) FROM jsonb_array_elements(history) WITH ORDINALITY x(h, n)) FROM actor;
ROLLBACK;
-- a long history of any shape is as jsonb would build it
CREATE TABLE long (id int, status text, history jsonb);
INSERT INTO long VALUES (1, 'pending', '["x", 1.5, {"a": [1.25, true]}, "odd lengths", null]');
CREATE TRIGGER life BEFORE UPDATE ON long FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'event', 'mode=record', 'history=history');
DO $$
BEGIN
	FOR i IN 1 .. 100 LOOP
		UPDATE long SET status = 's' || repeat('x', i % 7);
	END LOOP;
END
$$;
SELECT jsonb_array_length(history), history = history::text::jsonb, history::text = history::text::jsonb::text, pg_column_size(history || '[]') = pg_column_size((history::text::jsonb) || '[]'), history -> 2 -> 'a' -> 0, history -> 36 ->> 'status', history -> 70 ->> 'status', history -> -1 ->> 'status' FROM long;
SELECT bool_and(history -> i = history::text::jsonb -> i) FROM long, generate_series(0, 104) i;
DROP TABLE long;
DROP TABLE visit;

CREATE TYPE state AS ENUM ('pending', 'scheduled', 'cancelled', 'completed');
CREATE DOMAIN state_domain AS state;
CREATE TABLE kind (id int, status state_domain DEFAULT 'pending');
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON kind FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default');
INSERT INTO kind VALUES (1) RETURNING status;
UPDATE kind SET status = 'scheduled' RETURNING status;
SELECT fields($$UPDATE kind SET status = 'completed'$$);
DROP TABLE kind;
DROP DOMAIN state_domain;
DROP TYPE state;
CREATE TABLE kind (id int, status character(12));
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON kind FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'event');
INSERT INTO kind VALUES (1, 'active');
UPDATE kind SET status = 'deleted';
SELECT fields($$UPDATE kind SET status = 'active'$$);
DROP TABLE kind;

-- a life cycle that requires something
INSERT INTO appointment_lifecycle VALUES ('strict', NULL, 'pending', '{room}'), ('strict', 'pending', 'cancelled', '{changed_by,cancellation_note}'), ('strict', 'pending', 'x', '{nothing}');
CREATE TABLE booking (id int, status text, room int, why text);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'strict', 'cancellation_note=why');
SELECT fields($$INSERT INTO booking VALUES (1, 'pending')$$);
INSERT INTO booking VALUES (1, 'pending', 7) RETURNING id;
SELECT fields($$UPDATE booking SET status = 'cancelled', why = 'x'$$);
SELECT fields($$SET LOCAL appointment.actor = 'me'; UPDATE booking SET status = 'cancelled'$$);
SELECT fields($$UPDATE booking SET status = 'x'$$);
SELECT fields($$SET LOCAL appointment.actor = 'me'; UPDATE booking SET status = 'cancelled', why = 'x'$$);
DELETE FROM appointment_lifecycle WHERE NOT shipped;
SELECT fields($$UPDATE booking SET status = 'pending'$$);
DROP TABLE booking;

-- ---------------------------------------------------------------------
-- a partner's skipped step passes, and is recorded
-- ---------------------------------------------------------------------

CREATE TABLE partner (id int, a appointment);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON partner FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default', 'mode=record');
INSERT INTO partner VALUES (1, '{"status":"completed"}') RETURNING a -> 'status_history' #- '{0,changed_at}';
UPDATE partner SET a = appointment_set(a, 'status', '"odd"') RETURNING a -> 'status_history' #- '{0,changed_at}' #- '{1,changed_at}';
UPDATE partner SET a = appointment_set(a, 'status', '"cancelled"') RETURNING a -> 'cancelled_at' IS NOT NULL;
UPDATE partner SET a = appointment_set(a, 'status', NULL) RETURNING a -> 'status';
SELECT fields($$UPDATE partner SET a = appointment_set(a, 'status_history', '[]')$$);
INSERT INTO partner VALUES (2, '{}') RETURNING a -> 'status_history';
DROP TABLE partner;

-- ---------------------------------------------------------------------
-- wrong triggers
-- ---------------------------------------------------------------------

CREATE FUNCTION wrong(timing text, arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	r text;
BEGIN
	EXECUTE format('CREATE TRIGGER wrong %s EXECUTE FUNCTION appointment_enforce_lifecycle(%s)', timing, arguments);
	r := fields('INSERT INTO wrong DEFAULT VALUES');
	DROP TRIGGER wrong ON wrong;
	RETURN r;
END
$$;
CREATE TABLE wrong (status text DEFAULT 'pending', n int, t timestamp, j json);
SELECT wrong('AFTER INSERT ON wrong FOR EACH ROW', $$'status', 'default'$$);
SELECT wrong('BEFORE INSERT ON wrong', $$'status', 'default'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'nothing', 'default'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'ctid', 'default'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'n', 'default'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'nothing'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'nothing'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'nothing=x'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'attendees=j'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'mode=x'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'format=x'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'actor=x'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'cancelled_at=x'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'cancelled_at=t'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'confirmed=n'$$);
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'status', 'default', 'history=j'$$);
SELECT appointment_enforce_lifecycle();
ALTER TABLE wrong ADD a appointment;
SELECT wrong('BEFORE INSERT ON wrong FOR EACH ROW', $$'a', 'default', 'format=caspen'$$);
CREATE TRIGGER wrong BEFORE DELETE ON wrong FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default');
INSERT INTO wrong DEFAULT VALUES;
SELECT fields('DELETE FROM wrong');
DROP TABLE wrong;

-- ---------------------------------------------------------------------
-- partitions, COPY, ON CONFLICT, MERGE
-- ---------------------------------------------------------------------

CREATE TABLE part (id int, day date, status text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2030-01-01') TO ('2030-02-01');
-- with its columns in another order
CREATE TABLE part_2 (status text, day date NOT NULL, id int NOT NULL);
ALTER TABLE part ATTACH PARTITION part_2 FOR VALUES FROM ('2030-02-01') TO ('2030-03-01');
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON part FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default');
COPY part FROM stdin WITH (DELIMITER ' ');
1 2030-01-05 pending
2 2030-02-05 pending
\.
UPDATE part SET status = 'scheduled';
UPDATE part SET status = 'arrived' WHERE id = 1;
-- a row that moves keeps its status, and may take the next
UPDATE part SET day = '2030-02-10' WHERE id = 1 RETURNING tableoid::regclass, *;
UPDATE part SET day = '2030-01-10', status = 'completed' WHERE id = 1 RETURNING tableoid::regclass, *;
SELECT fields($$UPDATE part SET day = '2030-02-10', status = 'pending' WHERE id = 1$$);
SELECT fields($$INSERT INTO part VALUES (3, '2030-02-10', 'arrived')$$);
SELECT fields($$INSERT INTO part_2 VALUES ('arrived', '2030-02-10', 3)$$);
COPY part FROM stdin WITH (DELIMITER ' ');
4 2030-01-05 completed
\.
INSERT INTO part VALUES (1, '2030-01-10', 'pending') ON CONFLICT (id, day) DO NOTHING;
INSERT INTO part VALUES (2, '2030-02-05', 'pending') ON CONFLICT (id, day) DO UPDATE SET status = 'arrived' RETURNING *;
SELECT fields($$INSERT INTO part VALUES (2, '2030-02-05', 'pending') ON CONFLICT (id, day) DO UPDATE SET status = 'pending'$$);
MERGE INTO part p USING (VALUES (2, date '2030-02-05', 'completed'), (9, date '2030-02-06', 'pending')) v(id, day, status) ON p.id = v.id AND p.day = v.day WHEN MATCHED THEN UPDATE SET status = v.status WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.day, v.status);
SELECT * FROM part ORDER BY id;
-- only a row that moves may come with any status: not one that is new in the
-- same statement, or in the next transaction
INSERT INTO part VALUES (5, '2030-01-05', 'pending');
UPDATE part SET status = 'cancelled' WHERE id = 5;
UPDATE part SET day = '2030-01-06' WHERE id = 5;
SELECT fields($$INSERT INTO part VALUES (6, '2030-01-05', 'cancelled')$$);
INSERT INTO part VALUES (6, '2030-01-05', 'cancelled');
SELECT fields($$WITH u AS (UPDATE part SET day = '2030-01-07' WHERE id = 5 RETURNING id) INSERT INTO part SELECT 6, '2030-01-05', 'cancelled' FROM u$$);
SELECT fields($$WITH u AS (UPDATE part SET day = '2030-01-07' WHERE id = 5 RETURNING id) INSERT INTO part SELECT 6, '2030-02-05', 'cancelled' FROM u$$);
SELECT fields($$WITH u AS (UPDATE part SET day = '2030-02-07' WHERE id = 5 RETURNING id) INSERT INTO part SELECT 6, '2030-02-05', 'cancelled' FROM u$$);
UPDATE part SET day = '2030-02-07' WHERE id = 5 RETURNING tableoid::regclass, *;
-- what was remembered of an update is forgotten with its statement, also when
-- the table is not there any more, or shorter
UPDATE part_1 SET day = '2030-01-07' WHERE id = 1;
TRUNCATE part_1;
INSERT INTO part VALUES (7, '2030-02-05', 'pending') RETURNING id;
UPDATE part SET day = '2030-02-08' WHERE id = 7;
DELETE FROM part_2;
VACUUM part_2;
INSERT INTO part VALUES (7, '2030-02-05', 'pending') RETURNING id;
BEGIN;
UPDATE part SET day = '2030-02-08' WHERE id = 7;
TRUNCATE part;
INSERT INTO part VALUES (7, '2030-01-05', 'pending') RETURNING id;
COMMIT;
DROP TABLE part;
-- a row moves also if other triggers write something on its way, change the
-- same table, or fail, and if several columns have a life cycle
CREATE TABLE part (id int, day date, status text, paid text) PARTITION BY RANGE (day);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2030-01-01') TO ('2030-02-01');
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('2030-02-01') TO ('2030-03-01') PARTITION BY LIST (id);
CREATE TABLE part_2_all PARTITION OF part_2 DEFAULT;
INSERT INTO part VALUES (1, '2030-01-05', 'arrived', 'completed'), (2, '2030-01-05', 'arrived', 'completed'), (3, '2030-01-05', 'scheduled', 'pending');
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON part FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default');
CREATE TRIGGER life_paid BEFORE INSERT OR UPDATE ON part FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('paid', 'default');
UPDATE part SET day = '2030-02-05' WHERE id = 1 RETURNING tableoid::regclass, *;
CREATE TABLE seen (t text);
CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO seen VALUES (concat_ws(' ', TG_OP, TG_NAME, coalesce(NEW.id, OLD.id)));
	IF pg_trigger_depth() = 1 THEN
		UPDATE part SET day = day + 1 WHERE id = 3;
		BEGIN
			INSERT INTO part VALUES (9, '2030-02-02', 'arrived', 'completed');
		EXCEPTION WHEN check_violation THEN
			INSERT INTO seen VALUES (SQLERRM);
		END;
	END IF;
	RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER before BEFORE INSERT OR UPDATE OR DELETE ON part FOR EACH ROW EXECUTE FUNCTION busy();
CREATE TRIGGER zlast BEFORE INSERT OR UPDATE OR DELETE ON part FOR EACH ROW EXECUTE FUNCTION busy();
UPDATE part SET day = '2030-02-05' WHERE id = 2 RETURNING tableoid::regclass, *;
SELECT t, count(*) FROM seen GROUP BY t ORDER BY t COLLATE "C";
-- all rows at once, and there and back in one statement of MERGE
UPDATE part SET day = '2030-01-05' WHERE id < 3;
MERGE INTO part p USING (VALUES (1, 'x'), (10, 'pending'), (2, 'x')) v(id, status) ON p.id = v.id WHEN MATCHED THEN UPDATE SET day = '2030-02-05' WHEN NOT MATCHED THEN INSERT VALUES (v.id, '2030-02-05', v.status, v.status);
SELECT tableoid::regclass, * FROM part ORDER BY id;
-- only as it was let through
CREATE OR REPLACE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.status := 'completed'; RETURN NEW; END$$;
DROP TRIGGER before ON part;
CREATE OR REPLACE TRIGGER zlast BEFORE UPDATE ON part FOR EACH ROW EXECUTE FUNCTION busy();
SELECT fields($$UPDATE part SET day = '2030-01-05' WHERE id = 1$$);
DROP TABLE part, seen;
DROP FUNCTION busy;

-- what the trigger fills in is in the column's domain
CREATE DOMAIN past AS timestamptz CHECK (VALUE < '2000-01-01');
CREATE DOMAIN sound AS appointment CHECK (appointment_status(VALUE) <> 'cancelled' OR (VALUE ->> 'cancelled_at') < '2000');
CREATE TABLE domains (status text, gone past, a sound);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON domains FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'cancelled_at=gone');
INSERT INTO domains VALUES ('pending');
SELECT fields($$UPDATE domains SET status = 'cancelled'$$);
UPDATE domains SET status = 'cancelled', gone = '1999-01-01' RETURNING status;
CREATE OR REPLACE TRIGGER life BEFORE INSERT OR UPDATE ON domains FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
UPDATE domains SET a = '{"status":"pending"}' RETURNING jsonb_array_length(a -> 'status_history');
SELECT fields($$UPDATE domains SET a = appointment_set(a, 'status', '"cancelled"')$$);
SELECT fields($$UPDATE domains SET a = '{"status":"cancelled","cancelled_at":"1999-01-01T00:00:00Z"}'$$);
DROP TABLE domains;
DROP DOMAIN past, sound;

-- a generated column has no value yet
CREATE TABLE made (doc jsonb, status text GENERATED ALWAYS AS (doc ->> 'status') STORED);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON made FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'mode=record');
SELECT fields($$INSERT INTO made VALUES ('{}')$$);
DROP TABLE made;

-- the actor's input may change the setting
CREATE FUNCTION other_actor(t text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN IF t <> '' THEN PERFORM set_config('appointment.actor', repeat('x', 1000), false); END IF; RETURN true; END$$;
CREATE DOMAIN person AS text CHECK (other_actor(VALUE));
CREATE TABLE persons (status text, who person, history jsonb);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON persons FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'actor=who', 'history=history');
BEGIN;
SET appointment.actor = 'ann';
INSERT INTO persons VALUES ('pending') RETURNING who, history #- '{0,changed_at}';
ROLLBACK;
DROP TABLE persons;
DROP DOMAIN person;
DROP FUNCTION other_actor;

-- a role that may do nothing but write the table; without a search_path
CREATE ROLE regress_lifecycle_writer;
GRANT INSERT, UPDATE, SELECT ON value TO regress_lifecycle_writer;
SET ROLE regress_lifecycle_writer;
SET search_path = '';
INSERT INTO public.value VALUES (20, '{"status":"pending"}');
UPDATE public.value SET a = public.appointment_transition(a, 'scheduled') WHERE id = 20 RETURNING a OPERATOR(public.->>) 'status';
RESET search_path;
SELECT fields($$UPDATE value SET a = appointment_set(a, 'status', '"completed"') WHERE id = 20$$);
RESET ROLE;
DROP TABLE value;
DROP ROLE regress_lifecycle_writer;
DROP FUNCTION wrong, fields;
