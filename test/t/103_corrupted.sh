#!/bin/bash
#
# Stored values whose bytes are not what the extension wrote: each function
# answers or raises a clean error, and the server lives.
#
# A cast without function, which only a superuser can make, turns bytes into a
# value without any check, as a damaged page would.

. test/lib/tap.sh

PGOPTIONS="-c test.dir=$PWD/test/data/" psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE EXTENSION appointment;
CREATE CAST (bytea AS appointment) WITHOUT FUNCTION;
CREATE CAST (appointment AS bytea) WITHOUT FUNCTION;
CREATE CAST (bytea AS appointment_event) WITHOUT FUNCTION;
CREATE CAST (appointment_event AS bytea) WITHOUT FUNCTION;
CREATE CAST (bytea AS occupancy) WITHOUT FUNCTION;
CREATE CAST (occupancy AS bytea) WITHOUT FUNCTION;
CREATE CAST (bytea AS rrule) WITHOUT FUNCTION;
CREATE CAST (rrule AS bytea) WITHOUT FUNCTION;
CREATE CAST (bytea AS open_hours) WITHOUT FUNCTION;
CREATE CAST (open_hours AS bytea) WITHOUT FUNCTION;
-- bytes that are aligned as a busy value is
SET client_min_messages = warning;
CREATE TYPE raw;
CREATE FUNCTION raw_in(cstring) RETURNS raw LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION raw_out(raw) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE raw (INPUT = raw_in, OUTPUT = raw_out, ALIGNMENT = double, STORAGE = extended);
CREATE CAST (raw AS busy) WITHOUT FUNCTION;
CREATE CAST (busy AS raw) WITHOUT FUNCTION;

-- How an expression ended: 'ok', or what went wrong with it.
CREATE TABLE outcome (mutation text, expression int, state text, message text);

CREATE FUNCTION try_appointment(v appointment, other appointment, n int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	result := CASE n
		WHEN 1 THEN v::text
		WHEN 2 THEN appointment_send(v)::text
		WHEN 3 THEN v::json::text
		WHEN 4 THEN v::jsonb::text
		WHEN 5 THEN appointment_to_json(v, 'caspen')::text
		WHEN 6 THEN appointment_to_json(v, 'sqod')::text
		WHEN 7 THEN appointment_to_json(v, 'avon')::text
		WHEN 8 THEN appointment_to_json(v, 'savvycal')::text
		WHEN 9 THEN appointment_list_to_json(ARRAY[v, other], 'avon')::text
		WHEN 10 THEN appointment_id(v)
		WHEN 11 THEN appointment_status(v)
		WHEN 12 THEN appointment_starts_at(v)::text || appointment_ends_at(v)::text
		WHEN 13 THEN appointment_during(v)::text
		WHEN 14 THEN appointment_time_zone(v)
		WHEN 15 THEN (v < other)::text || appointment_cmp(other, v)::text
		WHEN 16 THEN (v = other)::text || (v = v)::text
		WHEN 17 THEN appointment_hash(v)::text || appointment_hash_extended(v, 7)::text
		WHEN 18 THEN appointment_erase(v)::text
		WHEN 19 THEN appointment_set(v, 'note', '"x"')::text
		WHEN 20 THEN appointment_set(v, 'starts_at', NULL)::text
		WHEN 21 THEN (v -> 'claimant')::text || (v -> 'attendees')::text
		WHEN 22 THEN (v ->> 'status_history') || (v ->> 'unknown')
		WHEN 23 THEN (v -> 'duration')::text || (v ->> 'duration') || (v ->> 'source')
		WHEN 24 THEN (SELECT string_agg(coalesce(v ->> field, (v -> field)::text), '')
			FROM appointment_fields())
	END;
END $$;

-- the value as what was before, and as what is written
SELECT appointment_create_change_log('guarded_log') \g /dev/null
CREATE TABLE guarded (a appointment);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON guarded FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default', 'mode=record');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON guarded FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('guarded_log', 'a', 'status=a', 'values=*');
-- (by their places: all these versions of rows are of one transaction)
CREATE FUNCTION try_triggers(old appointment, new appointment) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	place tid;
BEGIN
	PERFORM set_config('session_replication_role', 'replica', true);
	INSERT INTO guarded VALUES (old) RETURNING ctid INTO place;
	PERFORM set_config('session_replication_role', 'origin', true);
	UPDATE guarded SET a = new WHERE ctid = place RETURNING ctid INTO place;
	DELETE FROM guarded WHERE ctid = place;
END $$;

CREATE FUNCTION try_event(v appointment_event, other appointment_event, n int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	result := CASE n
		WHEN 1 THEN v::text
		WHEN 2 THEN v::jsonb::text
		WHEN 3 THEN appointment_event_to_json(v, 'appointment_one')::text
		WHEN 4 THEN (v < other)::text || (v = v)::text
		WHEN 5 THEN appointment_event_hash(v)::text
		WHEN 6 THEN appointment_event_erase(v)::text
		WHEN 7 THEN appointment_event_set(v, 'bio', '"x"')::text
		WHEN 8 THEN (SELECT string_agg(coalesce(v ->> field, (v -> field)::text), '')
			FROM appointment_event_fields())
	END;
END $$;

CREATE FUNCTION try_occupancy(v occupancy, other occupancy, n int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	result := CASE n
		WHEN 1 THEN v::text
		WHEN 2 THEN occupancy_send(v)::text
		WHEN 3 THEN (v && other)::text || (other && v)::text || (v && v)::text
		WHEN 4 THEN (v * other)::text || (other * v)::text || (v * v)::text
		WHEN 5 THEN (v + other)::text
		WHEN 6 THEN (v + v)::text
		WHEN 7 THEN (v < other)::text || occupancy_cmp(other, v)::text || (v = v)::text
		WHEN 8 THEN occupancy_hash(v)::text || occupancy_hash_extended(v, 7)::text
		WHEN 9 THEN occupancy_resources(v)::text || occupancy_scope(v) || occupancy_is_all(v)::text
		WHEN 10 THEN occupancy_during(v)::text
		WHEN 11 THEN occupancy_buffer(v, 5, 5)::text
		WHEN 12 THEN (SELECT string_agg(x::text, ' ') FROM occupancy_conflicts_in(ARRAY[v, other, v]) x)
		WHEN 13 THEN (SELECT string_agg(x::text, ' ') FROM occupancy_conflicts_in(ARRAY[v, other, v], true) x)
		WHEN 14 THEN (SELECT occupancy_seats_taken(o, name)::text FROM unnest(ARRAY[v, other, v]) o, unnest('{pra_1,class_7,x}'::text[]) name)
	END;
END $$;

CREATE FUNCTION try_rrule(v rrule, other rrule, n int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	result := CASE n
		WHEN 1 THEN v::text
		WHEN 2 THEN rrule_send(v)::text
		WHEN 3 THEN (v < other)::text || rrule_cmp(other, v)::text || (v = v)::text
		WHEN 4 THEN rrule_hash(v)::text || rrule_hash_extended(v, 7)::text
		WHEN 5 THEN (SELECT string_agg(t::text, ' ') FROM rrule_occurrences(v, '2024-01-01 09:00', 'Europe/Berlin', max => 3) t)
		WHEN 6 THEN rrule_next(v, '2024-01-01 09:00', 'Europe/Berlin', '2026-05-01 00:00Z')::text
		WHEN 7 THEN rrule_last(v, '2024-01-01 09:00', 'Europe/Berlin')::text
		WHEN 8 THEN (SELECT string_agg(appointment_starts_at(a)::text, ' ')
			FROM appointment_series('{"starts_at":"2024-01-01T08:00:00Z","time_zone":"Europe/Berlin"}', v, max => 3) a)
	END;
END $$;

CREATE FUNCTION try_open_hours(v open_hours, other open_hours, n int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	result := CASE n
		WHEN 1 THEN v::text
		WHEN 2 THEN open_hours_send(v)::text
		WHEN 3 THEN (v < other)::text || open_hours_cmp(other, v)::text || (v = v)::text
		WHEN 4 THEN open_hours_hash(v)::text || open_hours_hash_extended(v, 7)::text
		WHEN 5 THEN (v + other)::text || (v + v)::text
		WHEN 6 THEN (v * other)::text || (other * v)::text
		WHEN 7 THEN (SELECT open_hours_agg(h)::text FROM unnest(ARRAY[v, other, v]) h)
		WHEN 8 THEN (SELECT string_agg(p::text, ' ') FROM open_periods(v, '[2024-03-25Z,2024-04-08Z)') p)
		WHEN 9 THEN is_open(v, '2024-03-26 10:00Z')::text || next_opening(v, '2024-03-26 10:00Z')
		WHEN 10 THEN (SELECT string_agg(s::text, ' ') FROM slots(v, NULL, '[2024-03-30Z,2024-04-02Z)', '30 min', at => '2024-03-30Z') s)
		WHEN 11 THEN (SELECT string_agg(r::text, ' ') FROM slot_refusals(v, NULL, '2024-03-30 10:00Z', '30 min', at => '2024-03-30Z') r)
	END;
END $$;

CREATE FUNCTION try_busy(v busy, other busy, n int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	result := CASE n
		WHEN 1 THEN v::text
		WHEN 2 THEN busy_send(v)::text
		WHEN 3 THEN (v < other)::text || busy_cmp(other, v)::text || (v = v)::text
		WHEN 4 THEN busy_hash(v)::text || busy_hash_extended(v, 7)::text
		WHEN 5 THEN (v + other)::text || (v + v)::text
		WHEN 6 THEN (SELECT string_agg(p::text, ' ') FROM busy_periods(v) p)
		WHEN 7 THEN (SELECT string_agg(p::text, ' ') FROM free_periods('Europe/Berlin Mo-Su 09:00-17:00', v, '[2024-03-25Z,2024-04-08Z)', '5 min', '5 min', 2) p)
		WHEN 8 THEN (SELECT string_agg(s::text, ' ') FROM slots('Europe/Berlin Mo-Su 09:00-17:00', v, '[2024-03-30Z,2024-04-02Z)', '30 min', max_per_day => 2, at => '2024-03-30Z') s)
		WHEN 9 THEN (SELECT string_agg(r::text, ' ') FROM slot_refusals('Europe/Berlin Mo-Su 09:00-17:00', v, '2024-03-30 10:00Z', '30 min', at => '2024-03-30Z') r)
	END;
END $$;

-- each of the expressions of a type on each value of a query
CREATE PROCEDURE try_values(type text, expressions int, query text)
LANGUAGE plpgsql AS $$
DECLARE
	m record;
BEGIN
	FOR m IN EXECUTE query LOOP
		FOR n IN 1 .. expressions LOOP
			BEGIN
				EXECUTE format('SELECT try_%1$s($1%2$s::%1$s, $2%2$s::%1$s, $3)', type,
					CASE type WHEN 'busy' THEN '::text::raw' ELSE '' END) USING m.bytes, m.other, n;
				INSERT INTO outcome VALUES (m.what, n, 'ok');
			EXCEPTION WHEN OTHERS THEN
				INSERT INTO outcome VALUES (m.what, n, SQLSTATE, SQLERRM);
			END;
		END LOOP;
	END LOOP;
END $$;

CREATE PROCEDURE try_all(what text, bytes bytea, other bytea, is_event boolean)
LANGUAGE plpgsql AS $$
BEGIN
	-- writing takes long: a part of them
	FOR n IN 1 .. CASE WHEN is_event THEN 8 WHEN random() < 0.2 THEN 26 ELSE 24 END LOOP
		BEGIN
			IF is_event THEN
				PERFORM try_event(bytes::appointment_event, other::appointment_event, n);
			ELSIF n > 24 THEN
				PERFORM try_triggers(CASE n WHEN 25 THEN bytes ELSE other END::appointment,
					CASE n WHEN 25 THEN other ELSE bytes END::appointment);
			ELSE
				PERFORM try_appointment(bytes::appointment, other::appointment, n);
			END IF;
			INSERT INTO outcome VALUES (what, n, 'ok');
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO outcome VALUES (what, n, SQLSTATE, SQLERRM);
		END;
	END LOOP;
END $$;

CREATE TABLE original (name text, bytes bytea, is_event boolean);
INSERT INTO original
	SELECT f, appointment_from_json(pg_read_file(current_setting('test.dir') || f || '.json'), f)::bytea, false
	FROM unnest('{caspen,sqod,avon,savvycal}'::text[]) f;
INSERT INTO original
	SELECT 'appointment_one', appointment_event_from_json(pg_read_file(current_setting('test.dir') || 'appointment_one.json'), 'appointment_one')::bytea, true;
-- explicit nulls, an open status word, unknown members at every level
INSERT INTO original SELECT 'odd', a::bytea, false FROM (VALUES (
	'{"id":null,"reference":-1,"starts_at":null,"ends_at":"2024-01-01T00:00:00.5Z",
	"status":"odd","source_status":"odder","resource_ids":[],"recurrence":{"a":[1]},
	"claimant":{"date_of_birth":"2000-02-29","data":[{},{"unknown":{"sqod":{"x":1}}}]},
	"source":"sqod","unknown":{"avon":{"x":"y"},"sqod":{"a":[],"b":null}}}'::appointment)) v(a);
-- wide blocks
INSERT INTO original SELECT 'wide', appointment_from_row(r)::bytea, false
	FROM (SELECT repeat('x', 70000) AS note, array_fill('r'::text, ARRAY[17000]) AS resource_ids) r;
END

# mutate TITLE QUERY: the query yields (what, bytes, other, is_event)
mutate()
{
	psql -X -q -v ON_ERROR_STOP=1 2>&1 <<-END
		SELECT setseed(0.42) \g /dev/null
		DO \$\$
		DECLARE
			m record;
		BEGIN
			TRUNCATE outcome;
			FOR m IN $2 LOOP
				CALL try_all(m.what, m.bytes, m.other, m.is_event);
			END LOOP;
		END \$\$;
	END
	# The bytes of a list or object as the service worded it may stop being
	# JSON, or text that the encoding has; jsonb's own input says so.  Another
	# instant is an instant still: of all years, or after the end.
	is "$(sql "SELECT state, expression, min(mutation), min(message) FROM outcome
		WHERE state NOT IN ('ok', 'XX001')
		AND state NOT IN ('22P02', '22021', '22P05')
		AND NOT (state = '22008' AND message = 'timestamp out of range')
		AND NOT (state = '22000' AND message LIKE 'range lower bound must be%')
		AND NOT (state = '23514' AND message LIKE '%_ends_at_ must be after the start')
		AND NOT (state = '23514' AND message = 'history of the status can only be added to')
		GROUP BY 1, 2 ORDER BY 1, 2")" "" "$1: every error is a clean one"
	is "$(sql "SELECT DISTINCT message FROM outcome WHERE state = 'XX001'
		AND message NOT LIKE 'stored appointment is corrupted'
		AND message NOT LIKE 'stored appointment has version %, which%'")" \
		"" "$1: corruption is called by its name"
	is "$(sql "SELECT count(*) > 0 FROM outcome WHERE state = 'XX001'")" "t" \
		"$1: corruption is found"
	sql "SELECT '#   ' || count(DISTINCT mutation) || ' mutations, '
		|| count(*) FILTER (WHERE state = 'ok') || ' ok, '
		|| count(*) FILTER (WHERE state = 'XX001') || ' corrupted, '
		|| count(*) FILTER (WHERE state NOT IN ('ok', 'XX001')) || ' others'
		FROM outcome"
}

is "$(sql "SELECT count(*) FROM original")" 7 "the values to be damaged"
mutate "every byte of the small values" "
	SELECT name || ' byte ' || i || ' ' || b AS what,
		set_byte(bytes, i, (get_byte(bytes, i) + b) % 256) AS bytes, bytes AS other, is_event
	FROM original, generate_series(0, length(bytes) - 1) i,
		unnest(ARRAY[1, 128, 255, 1 + (random() * 254)::int]) b
	WHERE name <> 'wide'"
mutate "the head of the wide value" "
	SELECT name || ' byte ' || i || ' ' || b AS what,
		set_byte(bytes, i, b) AS bytes, bytes AS other, is_event
	FROM original, generate_series(0, 60) i, unnest(ARRAY[0, 1, 127, 128, 255]) b
	WHERE name = 'wide'"
mutate "every length" "
	SELECT name || ' length ' || n AS what,
		substr(bytes, 1, n) AS bytes, bytes AS other, is_event
	FROM original, generate_series(0, least(length(bytes), 600)) n"
mutate "several bytes at once, with a fixed seed" "
	SELECT name || ' random ' || n AS what,
		set_byte(set_byte(set_byte(bytes,
			(random() ^ 2 * (length(bytes) - 1))::int, (random() * 255)::int),
			(random() ^ 2 * (length(bytes) - 1))::int, (random() * 255)::int),
			(random() * 100)::int, (random() * 255)::int) AS bytes,
		bytes AS other, is_event
	FROM original, generate_series(1, 500) n
	WHERE name <> 'wide'"
mutate "values of the other type" "
	SELECT name || ' as the other type' AS what, bytes,
		(SELECT bytes FROM original WHERE is_event <> o.is_event LIMIT 1) AS other,
		NOT is_event AS is_event
	FROM original o
	UNION ALL SELECT 'garbage ' || n,
		decode(string_agg(lpad(to_hex((random() * 255)::int), 2, '0'), ''), 'hex'),
		(SELECT bytes FROM original WHERE name = 'caspen'), false
	FROM generate_series(1, 300) n, generate_series(1, 80) GROUP BY n"

# Records in records, and lists of records in their items, as no value has
# them, far deeper than the stack reaches: on a machine whose integers have
# their low byte first.
psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE FUNCTION low_first(n int) RETURNS text LANGUAGE sql IMMUTABLE AS
	$$SELECT string_agg(lpad(to_hex(n >> shift & 255), 2, '0'), '' ORDER BY shift) FROM unnest('{0,8,16,24}'::int[]) shift$$;
CREATE FUNCTION nested(levels int, field int, in_list boolean) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
	SELECT decode('01' || repeat('00', 19) ||
		string_agg('0080' || low_first(1) || left(low_first(field), 4) || low_first(inside + list) ||
			CASE WHEN in_list THEN '0080' || low_first(1) || low_first(inside) ELSE '' END, '' ORDER BY i DESC) ||
		'0000', 'hex')
	FROM generate_series(1, levels) i,
		LATERAL (SELECT CASE WHEN in_list THEN 10 ELSE 0 END) l (list),
		LATERAL (SELECT (i - 1) * (12 + list) + 2) s (inside) $$;
TRUNCATE outcome;
CALL try_all('video_call', nested(100000, 37, false), nested(100000, 37, false), false);
CALL try_all('attendees', nested(100000, 34, true), nested(100000, 34, true), false);
CALL try_all('event attendees', nested(100000, 34, true), nested(100000, 34, true), true);
END
is "$(sql "SELECT mutation, string_agg(DISTINCT state, ' ' ORDER BY state) FROM outcome WHERE state <> 'ok' GROUP BY 1 ORDER BY 1")" \
	"attendees|54001 XX001
event attendees|54001 XX001
video_call|54001 XX001" "100,000 records in each other: the stack is not overrun"

# Occupancies: alone, with seats, for all.  Another period is a period still, or
# one that no range has; what makes another value of it may refuse its parts.
psql -X -q -v ON_ERROR_STOP=1 <<'END'
TRUNCATE outcome;
CREATE TABLE held AS SELECT name, o::bytea AS bytes FROM (VALUES
	('alone', 'acme:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){pra_1,rom_2}'::occupancy),
	('seats', 'acme:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){class_7(3/12),pra_1,x(200/300)}'),
	('all', '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*}')) v (name, o);
SELECT setseed(0.42) \g /dev/null
CALL try_values('occupancy', 14, $$ SELECT name || ' byte ' || i || ' ' || b AS what, set_byte(bytes, i, (get_byte(bytes, i) + b) % 256) AS bytes, bytes AS other
	FROM held, generate_series(0, length(bytes) - 1) i, unnest(ARRAY[1, 128, 255, 1 + (random() * 254)::int]) b $$);
CALL try_values('occupancy', 14, $$ SELECT name || ' length ' || n AS what, substr(bytes, 1, n) AS bytes, bytes AS other FROM held, generate_series(0, length(bytes)) n $$);
CALL try_values('occupancy', 14, $$ SELECT a.name || ' flags ' || flags AS what, set_byte(a.bytes, 1, flags) AS bytes, b.bytes AS other FROM held a, held b, generate_series(0, 8) flags $$);
CALL try_values('occupancy', 14, $$ SELECT name || ' random ' || n AS what, set_byte(set_byte(bytes, (random() * (length(bytes) - 1))::int, (random() * 255)::int),
		(random() * (length(bytes) - 1))::int, (random() * 255)::int) AS bytes, bytes AS other FROM held, generate_series(1, 300) n $$);
END
is "$(sql "SELECT state, expression, min(mutation), min(message) FROM outcome
	WHERE state NOT IN ('ok', 'XX001', '22023', '54000')
	AND NOT (state = '22000' AND message LIKE 'range lower bound must be%')
	AND NOT (state = '22008' AND message = 'timestamp out of range')
	GROUP BY 1, 2 ORDER BY 1, 2")" "" "occupancies: every error is a clean one"
is "$(sql "SELECT DISTINCT message FROM outcome WHERE state = 'XX001' AND message <> 'stored occupancy is corrupt, or of a later version'")" \
	"" "occupancies: corruption is called by its name"
is "$(sql "SELECT DISTINCT state FROM outcome WHERE mutation IN ('seats byte 60 128', 'alone flags 4', 'alone flags 8') AND expression IN (1, 3) ORDER BY 1")" \
	"XX001" "occupancies: seats that cannot be are corruption"
sql "SELECT '#   ' || count(DISTINCT mutation) || ' mutations, '
	|| count(*) FILTER (WHERE state = 'ok') || ' ok, '
	|| count(*) FILTER (WHERE state = 'XX001') || ' corrupted, '
	|| count(*) FILTER (WHERE state NOT IN ('ok', 'XX001')) || ' others'
	FROM outcome"

# Recurrence rules: their text may be another rule's, and is one then.  (With a
# COUNT of few digits: to count to two thousand millions takes its time.)
psql -X -q -v ON_ERROR_STOP=1 <<'END'
TRUNCATE outcome;
CREATE TABLE rule AS SELECT name, r::bytea AS bytes FROM (VALUES
	('weekly', 'FREQ=WEEKLY;UNTIL=20261231T230000Z;INTERVAL=2;BYDAY=MO,WE,FR;WKST=SU'::rrule),
	('yearly', 'FREQ=YEARLY;COUNT=10;BYSECOND=0,30;BYMINUTE=5;BYHOUR=9,17;BYDAY=MO,2TU,-1FR;BYMONTHDAY=1,15,-1;BYYEARDAY=1,100,-1;BYMONTH=1,6,12;BYSETPOS=1,-1'),
	('weeks', 'FREQ=YEARLY;BYDAY=MO;BYWEEKNO=1,20,-1')) v (name, r);
SELECT setseed(0.42) \g /dev/null
CALL try_values('rrule', 8, $$ SELECT name || ' byte ' || i || ' ' || b AS what, set_byte(bytes, i, (get_byte(bytes, i) + b) % 256) AS bytes, bytes AS other
	FROM rule, generate_series(0, length(bytes) - 1) i, unnest(ARRAY[1, 9, 128, 255, 1 + (random() * 254)::int]) b $$);
CALL try_values('rrule', 8, $$ SELECT name || ' length ' || n AS what, substr(bytes, 1, n) AS bytes, bytes AS other FROM rule, generate_series(0, length(bytes)) n $$);
CALL try_values('rrule', 8, $$ SELECT name || ' random ' || n AS what, set_byte(set_byte(bytes, (random() * (length(bytes) - 1))::int, (random() * 255)::int),
		(random() * (length(bytes) - 1))::int, (random() * 255)::int) AS bytes, bytes AS other FROM rule, generate_series(1, 300) n $$);
-- what no text is as long as, and another type's value
CALL try_values('rrule', 8, $$ SELECT 'long ' || n AS what, '\x01'::bytea || convert_to('FREQ=DAILY;BYHOUR=' || repeat('1,', n) || '1', 'UTF8') AS bytes, (SELECT bytes FROM rule WHERE name = 'weeks') AS other FROM unnest('{8000,8200,100000,40000000}'::int[]) n $$);
CALL try_values('rrule', 8, $$ SELECT 'other type ' || o.name AS what, o.bytes, r.bytes AS other FROM original o, rule r $$);
END
is "$(sql "SELECT state, expression, min(mutation), min(message) FROM outcome WHERE state NOT IN ('ok', 'XX001') GROUP BY 1, 2 ORDER BY 1, 2")" \
	"" "recurrence rules: every error is a clean one"
is "$(sql "SELECT DISTINCT message FROM outcome WHERE state = 'XX001'")" "stored rrule is corrupt, or of a later version" \
	"recurrence rules: corruption is called by its name"
is "$(sql "SELECT expression, string_agg(DISTINCT state, ' ' ORDER BY state) FROM outcome WHERE mutation LIKE 'weeks length %' OR mutation LIKE 'other type%' GROUP BY 1 HAVING 'XX001' <> ALL (array_agg(state))")" \
	"" "recurrence rules: each function finds it"
sql "SELECT '#   ' || count(DISTINCT mutation) || ' mutations, '
	|| count(*) FILTER (WHERE state = 'ok') || ' ok, '
	|| count(*) FILTER (WHERE state = 'XX001') || ' corrupted'
	FROM outcome"

# Opening hours and busy values.  A rule may be damaged into another rule, of a
# zone that is none, and a period into another one, out of all time.
psql -X -q -v ON_ERROR_STOP=1 <<'END'
TRUNCATE outcome;
CREATE TABLE hours AS SELECT name, h::bytea AS bytes FROM (VALUES
	('plain', 'Europe/Berlin Mo-Fr 09:00-17:00'::open_hours),
	('rich', 'Europe/Berlin Mo-Fr 09:00-12:00,13:00-17:00; Sa[1,-1] 22:00-02:00; 2024-03-29/2024-04-01 off'),
	('restricted', 'Europe/Berlin Mo-Su 09:00-17:00'::open_hours * 'America/New_York Mo-Su 06:00-10:00')) v (name, h);
SELECT setseed(0.42) \g /dev/null
CALL try_values('open_hours', 11, $$ SELECT name || ' byte ' || i || ' ' || b AS what, set_byte(bytes, i, (get_byte(bytes, i) + b) % 256) AS bytes, bytes AS other
	FROM hours, generate_series(0, length(bytes) - 1) i, unnest(ARRAY[1, 128, 255]) b $$);
CALL try_values('open_hours', 11, $$ SELECT name || ' length ' || n AS what, substr(bytes, 1, n) AS bytes, bytes AS other FROM hours, generate_series(0, length(bytes)) n $$);
CALL try_values('open_hours', 11, $$ SELECT name || ' random ' || n AS what, set_byte(set_byte(bytes, (random() * (length(bytes) - 1))::int, (random() * 255)::int),
		(random() * (length(bytes) - 1))::int, (random() * 255)::int) AS bytes, bytes AS other FROM hours, generate_series(1, 100) n $$);
CALL try_values('open_hours', 11, $$ SELECT 'other type ' || r.name AS what, r.bytes, h.bytes AS other FROM rule r, hours h $$);
END
is "$(sql "SELECT state, expression, min(mutation), min(message) FROM outcome WHERE state NOT IN ('ok', 'XX001')
	AND NOT (state = '22023' AND message ~ '^(time zone .* not recognized|restricted opening hours cannot be added to others)$')
	GROUP BY 1, 2 ORDER BY 1, 2")" \
	"" "opening hours: every error is a clean one"
is "$(sql "SELECT DISTINCT message FROM outcome WHERE state = 'XX001'")" "stored open_hours is corrupt, or of a later version" \
	"opening hours: corruption is called by its name"
is "$(sql "SELECT DISTINCT state FROM outcome WHERE mutation LIKE 'other type%' OR mutation LIKE '%length 1_'")" "XX001" \
	"opening hours: each function finds it"
psql -X -q -v ON_ERROR_STOP=1 <<'END'
TRUNCATE outcome;
CREATE TABLE taken AS SELECT name, b::raw::text::bytea AS bytes FROM (VALUES
	('plain', '{[2024-03-30T10:00:00Z,2024-03-30T11:00:00Z),[2024-03-31T10:00:00Z,2024-03-31T11:00:00Z)}'::busy),
	('rich', '{[2024-03-30T10:00:00Z,2024-03-30T11:00:00Z)-5+10(2),[2024-03-30T10:30:00Z,2024-03-31T11:00:00Z)(1)}')) v (name, b);
SELECT setseed(0.42) \g /dev/null
CALL try_values('busy', 9, $$ SELECT name || ' byte ' || i || ' ' || b AS what, set_byte(bytes, i, (get_byte(bytes, i) + b) % 256) AS bytes, bytes AS other
	FROM taken, generate_series(0, length(bytes) - 1) i, unnest(ARRAY[1, 128, 255]) b $$);
CALL try_values('busy', 9, $$ SELECT name || ' length ' || n AS what, substr(bytes, 1, n) AS bytes, bytes AS other FROM taken, generate_series(0, length(bytes)) n $$);
CALL try_values('busy', 9, $$ SELECT name || ' random ' || n AS what, set_byte(set_byte(bytes, (random() * (length(bytes) - 1))::int, (random() * 255)::int),
		(random() * (length(bytes) - 1))::int, (random() * 255)::int) AS bytes, bytes AS other FROM taken, generate_series(1, 200) n $$);
CALL try_values('busy', 9, $$ SELECT 'other type ' || h.name AS what, h.bytes, t.bytes AS other FROM hours h, taken t $$);
END
is "$(sql "SELECT state, expression, min(mutation), min(message) FROM outcome WHERE state NOT IN ('ok', 'XX001')
	AND NOT (state = '22008' AND message = 'timestamp out of range')
	GROUP BY 1, 2 ORDER BY 1, 2")" \
	"" "busy values: every error is a clean one"
is "$(sql "SELECT DISTINCT message FROM outcome WHERE state = 'XX001'")" "stored busy value is corrupt, or of a later version" \
	"busy values: corruption is called by its name"
is "$(sql "SELECT DISTINCT state FROM outcome WHERE mutation LIKE 'other type%' OR mutation LIKE '%length 1_'")" "XX001" \
	"busy values: each function finds it"

# A change of the status copies the entries of the history as they lie, so it
# finds no damage in them; what reads them does.
psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE TABLE entry_damaged AS SELECT set_byte(set_byte(bytes, head, 255), head + 1, 255)::appointment AS a
	FROM (SELECT '{"status":"scheduled","status_history":[{"status":"pending","changed_by":"usr_first","changed_at":"2024-01-01T00:00:00Z"},{"status":"scheduled","changed_at":"2024-01-02T00:00:00Z"}]}'::appointment::bytea AS bytes) v,
		LATERAL (SELECT position('usr_first'::bytea IN bytes) - 1 - 1 - 3 * 4 - 2 AS head) h;
END
is "$(sql "SELECT appointment_status(appointment_transition(a, 'arrived', '2024-01-03Z'))
	|| ' ' || octet_length(appointment_transition(a, 'arrived', '2024-01-03Z')::bytea) - octet_length(a::bytea) FROM entry_damaged")" \
	"arrived 37" "a change adds to a history with a damaged entry"
for read in "a ->> 'status_history'" "a::text" "appointment_erase(a)::text" \
	"appointment_transition(a, 'arrived', '2024-01-03Z') ->> 'status_history'"; do
	like "$(sql "SELECT $read FROM entry_damaged")" "XX001: stored appointment is corrupted" "and $read finds it"
done

# In a table, TOASTed, and read by an index
psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE TABLE damaged (a appointment);
INSERT INTO damaged SELECT set_byte(bytes, 0, 9)::appointment FROM original WHERE name = 'wide';
INSERT INTO damaged SELECT bytes::appointment FROM original WHERE name = 'caspen';
CREATE TABLE to_index AS SELECT set_byte(bytes, 0, 9)::appointment AS a
	FROM original, generate_series(1, 2) WHERE name = 'caspen';
END
like "$(sql "SELECT appointment_starts_at(a) FROM damaged")" \
	"XX001: stored appointment has version 9" "the header slice checks the version"
like "$(sql "CREATE INDEX ON to_index (a)")" "XX001: stored appointment has version 9" \
	"an index cannot be built over a damaged value"
ok "the table can be deleted from" psql -X -q -c "DELETE FROM damaged"
is "$(sql "SELECT count(*) FROM damaged")" "0" "and the server lives"

done_testing
