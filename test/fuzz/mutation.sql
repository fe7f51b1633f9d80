-- Literals that are changed at random, for test/t/104_mutation.sh.

-- A literal, and what it is: a type's text, a type's binary form, or a
-- document of a format.
CREATE TABLE literal (kind text, name text, value bytea);

-- What a mutation likes to put in
CREATE TABLE piece (n serial, value bytea);
INSERT INTO piece (value) SELECT convert_to(p, 'UTF8') FROM unnest(ARRAY[
	'{', '}', '[', ']', '"', ',', ':', '\', '\u0000', '\ud800', '\udc00', 'null', 'true',
	'-0', '1e400', '9223372036854775808', '0.1', '""', '{}', '[]', '{"a":[', 'NaN', '''',
	'0000-00-00T00:00:00Z', '9999-12-31T23:59:60Z', '+99:59', 'infinity', '{*}', ')', '(',
	'é', repeat('[', 100), repeat('{"a":', 100), repeat('9', 400), repeat('x', 3000),
	'(3/12)', '(12/12)', '(0/0)', '/', '2147483647', '2147483648']) p;
INSERT INTO piece (value) VALUES ('\x00'), ('\xff'), ('\xc3'), ('\xeda080'), ('\xf4908080'), ('\x7f'), ('\xffffffff'), ('\x80000000');

CREATE FUNCTION any_of(low int, high int) RETURNS int LANGUAGE sql
	RETURN low + floor(random() * (high - low + 1))::int;

-- One to four changes: a byte (mostly a printable one), a piece put in, a slice gone, doubled or from
-- elsewhere, the end cut off.
CREATE FUNCTION mutate(original bytea, other bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
	result bytea := original;
	a int;
	b int;
	k int;
	p bytea;
BEGIN
	FOR i IN 1 .. any_of(1, 4) LOOP
		k := any_of(1, 49);
		SELECT value INTO STRICT p FROM piece WHERE n = k;
		a := any_of(0, length(result));
		b := least(length(result), a + any_of(0, 12));
		result := CASE any_of(1, 7)
			WHEN 1 THEN CASE WHEN a < length(result) THEN set_byte(result, a, CASE WHEN any_of(1, 8) = 1 THEN any_of(0, 255) ELSE any_of(32, 126) END) ELSE result END
			WHEN 2 THEN substr(result, 1, a) || p || substr(result, a + 1)
			WHEN 3 THEN substr(result, 1, a) || p || substr(result, b + 1)
			WHEN 4 THEN substr(result, 1, a) || substr(result, b + 1)
			WHEN 5 THEN substr(result, 1, b) || substr(result, a + 1)
			WHEN 6 THEN substr(result, 1, a) || substr(other, any_of(1, length(other)), any_of(1, 40)) || substr(result, b + 1)
			ELSE CASE WHEN any_of(1, 5) = 1 THEN substr(result, 1, a) ELSE set_bit(result || '\x20', (a::bigint * 8) + any_of(0, 7), any_of(0, 1)) END
		END;
	END LOOP;
	RETURN result;
END $$;

CREATE TABLE outcome (kind text, name text, state text, message text, count int);

-- Try a mutation: 'ok', or the SQLSTATE.  What is accepted comes back.
CREATE FUNCTION try(kind text, name text, input bytea, OUT state text, OUT message text) LANGUAGE plpgsql AS $$
DECLARE
	words text;
	a appointment;
	e appointment_event;
	o occupancy;
	r rrule;
	h open_hours;
	b busy;
	valid boolean;
BEGIN
	state := 'ok';
	message := '';
	BEGIN
		IF kind = 'binary' THEN
			CASE name
				WHEN 'appointment' THEN
					a := receive_appointment(input);
				WHEN 'appointment_event' THEN
					e := receive_appointment_event(input);
				WHEN 'rrule' THEN
					r := receive_rrule(input);
				WHEN 'open_hours' THEN
					h := receive_open_hours(input);
				WHEN 'busy' THEN
					b := receive_busy(input);
				ELSE
					o := receive_occupancy(input);
			END CASE;
		ELSE
			words := convert_from(input, 'UTF8');
			IF name = 'icalendar' THEN
				PERFORM count(*) FROM ics_problems(words);
				b := busy_from_ics(words, '[2026-01-01,2027-01-01)', 'Europe/Berlin');
			ELSIF kind = 'document' THEN
				valid := appointment_is_valid(words, name);
				PERFORM appointment_format(words), count(*) FROM appointment_validate(words, name);
				IF name = 'appointment_one' THEN
					e := appointment_event_from_json(words, name);
				ELSE
					a := appointment_from_json(words, name);
				END IF;
			ELSE
				CASE name
					WHEN 'appointment' THEN
						a := words::appointment;
					WHEN 'appointment_event' THEN
						e := words::appointment_event;
					WHEN 'rrule' THEN
						r := words::rrule;
					WHEN 'open_hours' THEN
						h := words::open_hours;
					WHEN 'busy' THEN
						b := words::busy;
					ELSE
						o := words::occupancy;
				END CASE;
			END IF;
		END IF;
	EXCEPTION WHEN OTHERS THEN
		state := SQLSTATE;
		message := SQLERRM;
	END;
	IF state = 'ok' AND (a::text::appointment <> a OR e::text::appointment_event <> e OR o::text::occupancy <> o OR r::text::rrule <> r OR h::text::open_hours <> h OR h::text::open_hours::text <> h::text OR b::text::busy <> b
		OR receive_appointment(appointment_send(a)) <> a OR receive_appointment_event(appointment_event_send(e)) <> e
		OR receive_occupancy(occupancy_send(o)) <> o OR receive_rrule(rrule_send(r)) <> r OR receive_open_hours(open_hours_send(h)) <> h OR receive_busy(busy_send(b)) <> b) THEN
		state := 'another value';
	END IF;
	IF kind = 'document' AND valid IS NOT NULL AND valid <> (state = 'ok') THEN
		message := state || ': ' || message;
		state := 'validation disagrees';
	END IF;
END $$;

CREATE PROCEDURE try_all(which text, count int) LANGUAGE plpgsql AS $$
DECLARE
	l record;
BEGIN
	FOR l IN SELECT x.kind, x.name, x.value, y.value AS other
		FROM literal x, LATERAL (SELECT value FROM literal y WHERE y.kind = x.kind ORDER BY (y.kind, y.name) = (x.kind, x.name), y.value <> x.value, y.name LIMIT 3) y
		WHERE x.kind = which LOOP
		FOR i IN 1 .. count LOOP
			INSERT INTO outcome SELECT l.kind, l.name, t.state, t.message, 1 FROM try(l.kind, l.name, mutate(l.value, l.other)) t;
		END LOOP;
	END LOOP;
END $$;
