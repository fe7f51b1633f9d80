#!/bin/bash
#
# Many clients want seats of the same three rooms for overlapping periods: they
# hold, confirm, prolong, move, cancel and delete, some take a room alone, at all
# isolation levels.  Afterwards a brute force in plain SQL looks at every instant
# of every period, at every moment of the run: it was never too full, and it was
# full.
#
# It knows the moments from a log: a trigger AFTER the statement writes what each
# row is from then on.  That is after the guard has let the row in, and before
# anybody who waits for its locks; and what is given up is so for others only
# later, when it is committed.  So whatever is found too full was too full.

. test/lib/tap.sh

seed=${SEED:-1}
seconds=${STORM:-10}
printf '# seed %s, %s s\n' "$seed" "$seconds"

sql "CREATE EXTENSION appointment;
	CREATE TABLE bookings (id serial PRIMARY KEY, rooms int[], first int, last int, seats int, status text, hold_expires_at timestamptz);
	-- in slots of an hour; without seats the rooms are held alone
	CREATE FUNCTION held(rooms int[], first int, last int, seats int) RETURNS occupancy LANGUAGE sql IMMUTABLE RETURN
		CASE WHEN seats IS NULL THEN occupancy(to_timestamp(first * 3600), to_timestamp(last * 3600), rooms::text[])
			WHEN cardinality(rooms) = 1 THEN occupancy_seats(to_timestamp(first * 3600), to_timestamp(last * 3600), rooms[1]::text, seats, 10)
			ELSE occupancy_seats(to_timestamp(first * 3600), to_timestamp(last * 3600), rooms[1]::text, seats, 10)
				+ occupancy_seats(to_timestamp(first * 3600), to_timestamp(last * 3600), rooms[2]::text, seats, 10) END;
	CREATE INDEX bookings_held ON bookings USING gist (held(rooms, first, last, seats)) WHERE (status IS NULL);
	CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW
		EXECUTE FUNCTION occupancy_guard('bookings_held', 'expires=hold_expires_at');

	-- what a row is from a moment on, until the next of its entries
	CREATE TABLE log (n bigserial, id int, at timestamptz, rooms int[], first int, last int, seats int, until timestamptz);
	CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS \$\$
	BEGIN
		IF TG_OP = 'DELETE' THEN
			INSERT INTO log (id, at) VALUES (OLD.id, clock_timestamp());
		ELSE
			INSERT INTO log (id, at, rooms, first, last, seats, until) VALUES (NEW.id, clock_timestamp(), NEW.rooms, NEW.first, NEW.last, NEW.seats,
				CASE WHEN NEW.status IS NULL THEN coalesce(NEW.hold_expires_at, 'infinity') END);
		END IF;
		RETURN NULL;
	END \$\$;
	CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON bookings FOR EACH ROW EXECUTE FUNCTION log();

	-- what became of each attempt
	CREATE TABLE attempts (level text, what text, result text);
	-- somewhere between the oldest booking (0) and the newest (1)
	CREATE FUNCTION some_booking(place float) RETURNS int LANGUAGE sql STABLE AS \$\$
		SELECT b.id FROM (SELECT min(id) AS oldest, max(id) AS newest FROM bookings) r,
			LATERAL (SELECT id FROM bookings WHERE id >= oldest + floor((newest - oldest) * place) ORDER BY id LIMIT 1) b
	\$\$;
	CREATE FUNCTION act(what text, rooms int[], first int, length int, seats int, hold_ms float, place float) RETURNS void LANGUAGE plpgsql AS \$\$
	DECLARE
		wanted int := some_booking(place);
		expires timestamptz := CASE WHEN hold_ms > 0 THEN clock_timestamp() + hold_ms * interval '1 millisecond' END;
		was timestamptz;
		result text;
	BEGIN
		CASE what
			WHEN 'book' THEN
				INSERT INTO bookings (rooms, first, last, seats, hold_expires_at) VALUES (\$2, \$3, \$3 + length, \$5, expires);
			WHEN 'confirm' THEN
				SELECT hold_expires_at INTO was FROM bookings WHERE id = wanted;
				UPDATE bookings SET hold_expires_at = NULL WHERE id = wanted AND status IS NULL AND hold_expires_at IS NOT NULL;
			WHEN 'prolong' THEN
				UPDATE bookings SET hold_expires_at = expires WHERE id = wanted AND status IS NULL AND hold_expires_at IS NOT NULL;
			WHEN 'move' THEN
				UPDATE bookings SET rooms = \$2, first = \$3, last = \$3 + length, seats = \$5 WHERE id = wanted AND status IS NULL;
			WHEN 'cancel' THEN
				UPDATE bookings SET status = 'cancelled' WHERE id = wanted AND status IS NULL;
			WHEN 'revive' THEN
				UPDATE bookings SET status = NULL WHERE id = wanted AND status IS NOT NULL;
			WHEN 'delete' THEN
				DELETE FROM bookings WHERE id = wanted;
			WHEN 'sweep' THEN
				DELETE FROM bookings WHERE id IN (SELECT id FROM bookings
					WHERE status IS NOT NULL OR hold_expires_at < clock_timestamp() - interval '0.2 s' FOR UPDATE SKIP LOCKED);
		END CASE;
		result := CASE WHEN FOUND THEN 'done' ELSE 'nothing' END || CASE WHEN was < clock_timestamp() THEN ', expired' ELSE '' END;
		INSERT INTO attempts VALUES (current_setting('transaction_isolation'), what, result);
	EXCEPTION WHEN exclusion_violation THEN
		INSERT INTO attempts VALUES (current_setting('transaction_isolation'), what, 'refused' || CASE WHEN was < clock_timestamp() THEN ', expired' ELSE '' END);
	END \$\$" >/dev/null

cat >"$SCRATCH/storm.sql" <<'END'
\set kind random(1, 100)
\set one random(1, 3)
\set other 1 + (:one + random(0, 1)) % 3
\set two random(1, 5)
\set first random(0, 11)
\set length random(1, 4)
\set seats random(1, 4)
\set alone random(1, 25)
\set hold random(1, 40)
\set held random(1, 3)
\set place random(1, 1000)
\set before random(0, 3)
\set after random(0, 3)
\if :client_id % 3 = 0
	BEGIN ISOLATION LEVEL READ COMMITTED;
\elif :client_id % 3 = 1
	BEGIN ISOLATION LEVEL REPEATABLE READ;
\else
	BEGIN ISOLATION LEVEL SERIALIZABLE;
\endif
\if :before = 0
	SELECT 'a snapshot that gets old';
	\sleep 2 ms
\endif
SELECT act(CASE WHEN :kind <= 45 THEN 'book' WHEN :kind <= 61 THEN 'confirm' WHEN :kind <= 66 THEN 'prolong' WHEN :kind <= 77 THEN 'move'
		WHEN :kind <= 84 THEN 'cancel' WHEN :kind <= 90 THEN 'revive' WHEN :kind <= 98 THEN 'delete' ELSE 'sweep' END,
	CASE WHEN :two = 1 THEN ARRAY[:one, :other] ELSE ARRAY[:one] END, :first, :length, CASE WHEN :alone > 1 THEN :seats END,
	CASE WHEN :held > 1 THEN :hold ELSE 0 END,
	-- what is confirmed or prolonged is mostly new
	CASE WHEN :kind BETWEEN 46 AND 66 THEN 1 - power(:place / 1000.0, 4) ELSE :place / 1000.0 END);
\if :after = 0
	\sleep 2 ms
\endif
COMMIT;
END
status=0
pgbench -n -c 12 -j 2 -T "$seconds" --random-seed="$seed" --max-tries=1000 --failures-detailed -f "$SCRATCH/storm.sql" >"$SCRATCH/log" 2>&1 || status=$?
failed=$(sed -n 's/^number of failed transactions: \([0-9]*\).*/\1/p' "$SCRATCH/log")
is "$status ${failed:-?}" "0 0" "no client gets an error but a refusal"
grep -E '^number of transactions|retried' "$SCRATCH/log" | sed 's/^/# /'
grep -m 5 -iE 'error|deadlock' "$SCRATCH/log" | sed 's/^/# /'
is "$(sql "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")" 0 "and there is no deadlock"

# ------------------------------------------------------------------
# the brute force
# ------------------------------------------------------------------

# Seats come and go at moments; their sum is taken for each room and hour, which
# are all instants that differ.  Who is alone has all ten.
sql "CREATE TABLE lives AS
		SELECT n, id, rooms, first, last, seats, at AS since, until, lead(at) OVER (PARTITION BY id ORDER BY n) AS next FROM log;
	DELETE FROM lives WHERE until IS NULL OR least(until, next) <= since;
	CREATE TABLE taken AS
		SELECT room, hour, moment, sum(change) OVER (PARTITION BY room, hour ORDER BY moment, change ROWS UNBOUNDED PRECEDING) AS seats, seats IS NULL AS alone
		FROM lives, unnest(rooms) room, generate_series(first, last - 1) hour,
			LATERAL (VALUES (since, coalesce(seats, 10)), (least(until, next), -coalesce(seats, 10))) m (moment, change)
		WHERE moment <> 'infinity'" >/dev/null
is "$(sql "SELECT count(*) FROM taken WHERE seats > 10")" 0 "at no instant and no moment was a room too full"
sql "SELECT '# room ' || room || ', hour ' || hour || ', at ' || moment || ': ' || seats FROM taken WHERE seats > 10 ORDER BY moment LIMIT 10"
# the hours at both ends of the day are in fewer periods
is "$(sql "SELECT count(DISTINCT (room, hour)) FROM taken WHERE seats = 10 AND NOT alone AND hour BETWEEN 3 AND 10")" 24 "and each room was full at each hour"

# What is there now
is "$(sql "SELECT count(*) FROM (SELECT FROM bookings, unnest(rooms) room, generate_series(first, last - 1) hour
	WHERE status IS NULL AND (hold_expires_at IS NULL OR hold_expires_at > clock_timestamp()) GROUP BY room, hour HAVING sum(coalesce(seats, 10)) > 10) t")" 0 "nor is one too full now"
is "$(sql "DELETE FROM bookings WHERE hold_expires_at IS NOT NULL; SELECT count(*) FROM occupancy_overbooked('bookings_held')")" 0 "which the extension knows, too"

# Was all of it tried?  The commonest at each level
is "$(sql "SELECT string_agg(concat_ws(' ', what, result, level), E'\n') FROM (SELECT w.*, l.level
		FROM (VALUES ('book', 'done'), ('book', 'refused'), ('move', 'done'), ('move', 'refused'), ('confirm', 'done, expired'), ('cancel', 'done'), ('delete', 'done')) w (what, result),
			(VALUES ('read committed'), ('repeatable read'), ('serializable')) l (level)
		UNION ALL VALUES ('confirm', 'done', NULL), ('confirm', 'refused, expired', NULL), ('prolong', 'done', NULL), ('prolong', 'refused', NULL), ('revive', 'done', NULL), ('revive', 'refused', NULL)) w
	WHERE NOT EXISTS (SELECT FROM attempts a WHERE a.what = w.what AND a.result = w.result AND (a.level = w.level OR w.level IS NULL))")" "" "all of it was tried, and refused where it can be"
sql "SELECT format('# %s %s: %s', what, result, string_agg(level || ' ' || n, ', ' ORDER BY level))
	FROM (SELECT what, result, level, count(*) AS n FROM attempts GROUP BY 1, 2, 3) t GROUP BY what, result ORDER BY what, result"

done_testing
