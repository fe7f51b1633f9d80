#!/bin/bash
#
# Sixteen clients want any of four rooms, one or two at once, hour after hour,
# until nothing is left; others book rooms that they name, or take the guard's
# locks first.  Afterwards every room is busy all the time and nothing is booked
# twice.  Nobody was told that nothing is left while something was, and nobody
# got an error or a deadlock.

. test/lib/tap.sh

hours=${HOURS:-60}

sql "CREATE EXTENSION appointment;
	CREATE TABLE bookings (id bigserial PRIMARY KEY, client int, hour int, rooms text[]);
	CREATE FUNCTION starts(hour int) RETURNS timestamptz LANGUAGE sql IMMUTABLE RETURN to_timestamp(hour * 3600);
	CREATE INDEX bookings_held ON bookings USING gist (occupancy(starts(hour), starts(hour + 1), rooms));
	CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held');
	CREATE TABLE problems (client int, problem text);

	-- until all of them are there
	CREATE SEQUENCE arrived;
	CREATE PROCEDURE wait_for(clients int) LANGUAGE plpgsql AS \$\$
	BEGIN
		PERFORM nextval('arrived');
		WHILE (SELECT last_value FROM arrived) < clients LOOP
			COMMIT;
			PERFORM pg_sleep(0.01);
		END LOOP;
		COMMIT;
	END \$\$;

	-- books what is left of each hour, in an order of its own
	CREATE PROCEDURE book_any(clients int, client int, first int, step int, picks int) LANGUAGE plpgsql AS \$\$
	DECLARE
		wanted int;
		number int;
		booked boolean;
		left_free int;
	BEGIN
		CALL wait_for(clients);
		FOR i IN 0 .. $hours - 1 LOOP
			wanted := (first + i * step) % $hours;
			number := picks;
			LOOP
				WITH p AS (SELECT occupancy_pick('bookings_held', '{a,b,c,d}', starts(wanted), starts(wanted + 1), number) AS rooms)
				INSERT INTO bookings (client, hour, rooms) SELECT client, wanted, p.rooms FROM p WHERE p.rooms IS NOT NULL;
				booked := FOUND;
				COMMIT;
				CONTINUE WHEN booked;
				-- who is booking just now has committed then
				PERFORM occupancy_lock('bookings_held', occupancy(starts(wanted), starts(wanted + 1), '{a,b,c,d}'));
				SELECT 4 - coalesce(sum(cardinality(rooms)), 0) INTO left_free FROM bookings WHERE hour = wanted;
				IF left_free >= number THEN
					INSERT INTO problems VALUES (client, format('hour %s: %s are free, and not %s were to be had', wanted, left_free, number));
				END IF;
				COMMIT;
				number := number - 1;
				EXIT WHEN number = 0;
			END LOOP;
		END LOOP;
	END \$\$;
	-- books rooms by their names, some with the locks before
	CREATE PROCEDURE book_some(clients int, client int) LANGUAGE plpgsql AS \$\$
	DECLARE
		wanted int;
		named text[];
	BEGIN
		CALL wait_for(clients);
		FOR i IN 0 .. 2 * $hours - 1 LOOP
			wanted := (i * 7 + client) % $hours;
			named := CASE i % 3 WHEN 0 THEN ARRAY[chr(97 + (i + client) % 4)] WHEN 1 THEN '{d,b}' ELSE '{a,c}' END;
			BEGIN
				IF i > $hours THEN
					PERFORM occupancy_lock('bookings_held', occupancy(starts(wanted), starts(wanted + 1), named));
				END IF;
				INSERT INTO bookings (client, hour, rooms) VALUES (client, wanted, named);
			EXCEPTION WHEN exclusion_violation THEN
				NULL;
			END;
			COMMIT;
		END LOOP;
	END \$\$" >/dev/null

# run DESCRIPTION CALL...: a client for each, which all begin at once
run()
{
	local description=$1 call errors
	shift
	: >"$SCRATCH/errors"
	sql "TRUNCATE bookings, problems; ALTER SEQUENCE arrived RESTART"
	for call; do
		sql "CALL ${call/(/($#, }" >>"$SCRATCH/errors" &
	done
	wait
	errors=$(cat "$SCRATCH/errors")
	is "$errors" "" "$description: no error, no deadlock"
	is "$(sql "SELECT count(*), count(DISTINCT (hour, room)), max(hour), min(hour) FROM bookings, unnest(rooms) room")" "$((4 * hours))|$((4 * hours))|$((hours - 1))|0" \
		"$description: every room is busy all the time, and nothing twice"
	is "$(sql "SELECT string_agg(problem, E'\n') FROM (SELECT problem FROM problems LIMIT 5) p")" "" "$description: nobody was refused what was free"
	sql "SELECT format('# %s clients got a room, from %s to %s each', count(*), min(n), max(n)) FROM (SELECT count(*) AS n FROM bookings GROUP BY client) t"
}

calls=()
for ((client = 1; client <= 16; client++)); do
	calls+=("book_any($client, 0, 1, 1)")
done
run "one room, all clients at the same hour" "${calls[@]}"

calls=()
for ((client = 1; client <= 16; client++)); do
	calls+=("book_any($client, $client * 17, 1 + $client % 2 * ($hours - 2), 1)")
done
run "one room, each client at another hour" "${calls[@]}"

calls=()
for ((client = 1; client <= 16; client++)); do
	calls+=("book_any($client, $client / 4 * 10, 1, 1 + $client % 2)")
done
for ((client = 17; client <= 20; client++)); do
	calls+=("book_some($client)")
done
run "one or two rooms, beside clients who name them" "${calls[@]}"

done_testing
