-- The guard refuses exactly what a brute force refuses: rows with seats, with
-- resources alone and with all of them, in several tenants, expired and not,
-- inserted and changed at random.  The brute force is SQL over the columns.
SET TimeZone = 'UTC';
SELECT 0.73 AS seed \gset
\echo seed :seed
SELECT setseed(:seed);
CREATE SCHEMA seats_property;
SET search_path = seats_property, public;

CREATE TABLE bookings (
	id int PRIMARY KEY,
	first int NOT NULL,				-- in hours
	last int NOT NULL,
	alone text[] NOT NULL,
	shared text[] NOT NULL,			-- with seats and capacity at the same places
	seats int[] NOT NULL,
	capacity int[] NOT NULL,
	everything boolean NOT NULL,
	tenant text,
	status text,
	hold_expires_at timestamptz,
	note int
);
CREATE FUNCTION held(first int, last int, alone text[], shared text[], seats int[], capacity int[], everything boolean, tenant text)
	RETURNS occupancy LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $$
DECLARE
	starts_at timestamptz := to_timestamp(first * 3600);
	ends_at timestamptz := to_timestamp(last * 3600);
	result occupancy := occupancy(starts_at, ends_at, alone, tenant);
BEGIN
	IF everything THEN
		RETURN occupancy_all(starts_at, ends_at, tenant);
	END IF;
	FOR i IN 1 .. cardinality(shared) LOOP
		result := result + occupancy_seats(starts_at, ends_at, shared[i], seats[i], capacity[i], tenant);
	END LOOP;
	RETURN result;
END $$;
CREATE INDEX bookings_held ON bookings USING gist (held(first, last, alone, shared, seats, capacity, everything, tenant))
	WHERE (status IS DISTINCT FROM 'cancelled');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW
	EXECUTE FUNCTION occupancy_guard('bookings_held', 'expires=hold_expires_at');

-- ---------------------------------------------------------------------
-- the brute force
-- ---------------------------------------------------------------------

CREATE FUNCTION counts(b bookings) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT b.status IS DISTINCT FROM 'cancelled' AND (b.hold_expires_at IS NULL OR b.hold_expires_at > now())
$$;
-- What a row holds: without seats alone, without a resource all of them.
CREATE FUNCTION holdings(b bookings) RETURNS TABLE (resource text, seats bigint, capacity int) LANGUAGE sql STABLE AS $$
	SELECT NULL, NULL::bigint, NULL::int WHERE b.everything
	UNION ALL
	SELECT DISTINCT a, NULL::bigint, NULL::int FROM unnest(b.alone) a WHERE NOT b.everything
	UNION ALL
	SELECT s.resource, sum(s.seats), min(s.capacity) FROM unnest(b.shared, b.seats, b.capacity) s (resource, seats, capacity)
	WHERE NOT b.everything AND s.resource <> ALL (b.alone) GROUP BY s.resource
$$;
-- Each resource of a new row at each instant at which something begins: what
-- others have of it, alone or in seats, and what they say is its capacity.
CREATE FUNCTION others(new bookings) RETURNS TABLE (at int, resource text, alone boolean, seats bigint, capacity int) LANGUAGE sql STABLE AS $$
	WITH beside AS (
		SELECT b.first, b.last, h.*
		FROM bookings b, holdings(b) h
		WHERE b.id <> new.id AND counts(b) AND b.tenant IS NOT DISTINCT FROM new.tenant AND b.first < new.last AND b.last > new.first
	)
	SELECT i.at, n.resource, bool_or(b.seats IS NULL), sum(b.seats), min(b.capacity)
	FROM (SELECT new.first AS at UNION SELECT first FROM beside WHERE first > new.first) i, holdings(new) n, beside b
	WHERE b.first <= i.at AND b.last > i.at AND (b.resource = n.resource OR b.resource IS NULL OR n.resource IS NULL)
	GROUP BY i.at, n.resource
$$;
CREATE FUNCTION too_full(new bookings) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (
		SELECT EXISTS (SELECT FROM others(new) o JOIN holdings(new) n ON o.resource IS NOT DISTINCT FROM n.resource
			WHERE o.alone OR n.seats IS NULL OR n.seats + o.seats > least(n.capacity, o.capacity))
	);
END $$;
-- A row that asks for no more than it has goes on having it: who has a resource
-- alone may share it.
CREATE FUNCTION shrinks(old bookings, new bookings) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (
		SELECT counts(old) AND new.tenant IS NOT DISTINCT FROM old.tenant AND new.first >= old.first AND new.last <= old.last
			AND NOT EXISTS (SELECT FROM holdings(new) n
				WHERE NOT EXISTS (SELECT FROM holdings(old) o
					WHERE o.resource IS NULL OR o.resource = n.resource AND (o.seats IS NULL OR n.seats <= o.seats AND n.capacity >= o.capacity)))
	);
END $$;

-- What the error says: how many seats would fit, and from when on too few, or
-- which row is in the way.
CREATE FUNCTION told_right(new bookings, detail jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (
		SELECT CASE WHEN detail ->> 'key' IS NULL THEN
				(SELECT (detail ->> 'seats_left')::bigint = greatest(0, least(n.capacity, min(least(n.capacity, o.capacity) - o.seats)))
						AND (detail ->> 'starts_at')::timestamptz = to_timestamp(3600 * min(o.at) FILTER (WHERE n.seats + o.seats > least(n.capacity, o.capacity)))
					FROM others(new) o JOIN holdings(new) n USING (resource)
					WHERE o.resource = detail -> 'resources' ->> 0
					GROUP BY n.seats, n.capacity)
			ELSE EXISTS (SELECT FROM bookings b, holdings(b) o, holdings(new) n
				WHERE b.id = (detail -> 'key' ->> 'id')::int AND b.id <> new.id AND counts(b) AND b.tenant IS NOT DISTINCT FROM new.tenant AND b.first < new.last AND b.last > new.first
					AND (o.resource IS NULL OR n.resource IS NULL OR o.resource = n.resource AND (o.seats IS NULL OR n.seats IS NULL OR o.seats + n.seats > least(o.capacity, n.capacity))))
			END
	);
END $$;
-- The first candidates of which nobody has anything, or NULL
CREATE FUNCTION free_ones(candidates text[], first int, last int, picks int, tenant text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (
		SELECT CASE WHEN count(*) = picks THEN array_agg(name ORDER BY place) END
		FROM (SELECT name, min(place) AS place FROM unnest(candidates) WITH ORDINALITY c (name, place)
			WHERE NOT EXISTS (SELECT FROM bookings b, holdings(b) h
				WHERE counts(b) AND b.tenant IS NOT DISTINCT FROM $5 AND b.first < $3 AND b.last > $2 AND (h.resource = name OR h.resource IS NULL))
			GROUP BY name ORDER BY place LIMIT picks) f
	);
END $$;
-- Hours at which a shared resource is too full already; who has it alone or has
-- everything is a conflict of two rows, and not counted
CREATE FUNCTION too_full_hours() RETURNS TABLE (tenant text, resource text, hour int, seats bigint, capacity int) LANGUAGE sql STABLE AS $$
	SELECT b.tenant, h.resource, hour, sum(h.seats), min(h.capacity)
	FROM bookings b, holdings(b) h, generate_series(b.first, b.last - 1) hour
	WHERE counts(b) AND h.seats IS NOT NULL
	GROUP BY b.tenant, h.resource, hour HAVING sum(h.seats) > min(h.capacity)
$$;
-- The most seats of a resource at once; who has it alone has as many as others
-- say there are
CREATE FUNCTION most_taken(wanted text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (
		WITH held AS (
			SELECT coalesce(b.tenant, '') AS tenant, b.first, b.last, h.seats, h.capacity FROM bookings b, holdings(b) h
			WHERE b.status IS DISTINCT FROM 'cancelled' AND (h.resource = wanted OR h.resource IS NULL)
		)
		SELECT coalesce(max(taken), 0)
		FROM (SELECT sum(coalesce(h.seats, t.all_seats))::bigint AS taken
			FROM (SELECT tenant, greatest(max(capacity), 1) AS all_seats FROM held GROUP BY tenant) t JOIN held h USING (tenant), generate_series(h.first, h.last - 1) hour
			GROUP BY tenant, hour) s
	);
END $$;

-- ---------------------------------------------------------------------
-- random rows
-- ---------------------------------------------------------------------

CREATE FUNCTION up_to(n int) RETURNS int LANGUAGE sql AS $$ SELECT floor(random() * n)::int $$;
-- A row's period, or what it holds, or the rest
CREATE FUNCTION random_period(b bookings) RETURNS bookings LANGUAGE plpgsql AS $$
BEGIN
	b.first := up_to(20);
	b.last := b.first + 1 + up_to(6);
	RETURN b;
END $$;
CREATE FUNCTION random_holdings(b bookings) RETURNS bookings LANGUAGE plpgsql AS $$
DECLARE
	resources text[] := ARRAY(SELECT r FROM unnest('{a,b,c,d}'::text[]) r ORDER BY random());
	nalone int := CASE WHEN up_to(4) = 0 THEN 1 + up_to(2) ELSE 0 END;
	nshared int := CASE WHEN nalone > 0 THEN up_to(3) ELSE 1 + up_to(3) END;
	room int;
BEGIN
	b.everything := up_to(40) = 0;
	b.alone := resources[1:nalone];
	b.shared := resources[nalone + 1:nalone + nshared];
	b.capacity := ARRAY(SELECT 4 + up_to(3) FROM unnest(b.shared));
	b.seats := ARRAY(SELECT 1 + up_to(3) FROM unnest(b.shared));
	-- the same resource twice adds up
	IF nshared > 0 THEN
		room := b.capacity[1] - b.seats[1];
		IF room > 0 AND up_to(8) = 0 THEN
			b.shared := b.shared || b.shared[1];
			b.capacity := b.capacity || b.capacity[1];
			b.seats := b.seats || 1 + up_to(room);
		END IF;
	END IF;
	RETURN b;
END $$;
CREATE FUNCTION random_rest(b bookings) RETURNS bookings LANGUAGE plpgsql AS $$
BEGIN
	b.tenant := (ARRAY[NULL, 'x', 'y'])[1 + up_to(3)];
	b.status := CASE up_to(8) WHEN 0 THEN 'cancelled' WHEN 1 THEN 'scheduled' END;
	b.hold_expires_at := CASE up_to(8) WHEN 0 THEN timestamptz '2020-01-01' WHEN 1 THEN timestamptz '2120-01-01' WHEN 2 THEN 'infinity' END;
	b.note := up_to(1000);
	RETURN b;
END $$;
-- One thing of a row, often by a little
CREATE FUNCTION random_change(b bookings) RETURNS bookings LANGUAGE plpgsql AS $$
DECLARE
	i int := 1 + up_to(greatest(cardinality(b.shared), 1));
BEGIN
	CASE up_to(12)
		WHEN 0 THEN RETURN random_period(b);
		WHEN 1 THEN RETURN random_holdings(b);
		WHEN 2, 3 THEN RETURN random_rest(b);
		WHEN 4 THEN b.note := up_to(1000);
		WHEN 5 THEN b.first := least(b.first + 1, b.last - 1);
		WHEN 6 THEN b.last := greatest(b.last - 1, b.first + 1);
		WHEN 7 THEN b.last := b.last + 1 + up_to(2);
		WHEN 8 THEN b.first := b.first - up_to(3);
		ELSE
			IF cardinality(b.shared) = 0 THEN
				b.alone := b.alone[1:1];
			ELSIF b.shared[i] = ANY (b.shared[:i - 1] || b.shared[i + 1:]) THEN
				RETURN b;
			ELSIF up_to(4) = 0 THEN
				b.shared := b.shared[:i - 1] || b.shared[i + 1:];
				b.seats := b.seats[:i - 1] || b.seats[i + 1:];
				b.capacity := b.capacity[:i - 1] || b.capacity[i + 1:];
				IF b.alone || b.shared = '{}' THEN
					b.alone := '{e}';
				END IF;
			ELSIF up_to(3) = 0 THEN
				b.capacity[i] := greatest(b.seats[i], b.capacity[i] + up_to(5) - 2);
			ELSE
				b.seats[i] := least(greatest(b.seats[i] + up_to(3) - 1, 1), b.capacity[i]);
			END IF;
	END CASE;
	RETURN b;
END $$;

-- ---------------------------------------------------------------------
-- both, one after the other
-- ---------------------------------------------------------------------

CREATE TABLE outcome (step int, what text, shrinks boolean, expected boolean, refused boolean, told_right boolean, old bookings, new bookings, detail jsonb);
CREATE TABLE pick (step int, first int, last int, candidates text[], picks int, tenant text, expected text[], picked text[]);
CREATE TABLE state (step int, hours int, overbooked_differs boolean, taken_differs boolean);
CREATE PROCEDURE try(steps int) LANGUAGE plpgsql AS $$
DECLARE
	old bookings;
	new bookings;
	what text;
	shrinks boolean;
	expected boolean;
	was_refused boolean;
	detail text;
BEGIN
	FOR step IN 1 .. steps LOOP
		old := NULL;
		detail := NULL;
		SELECT * INTO old FROM bookings OFFSET up_to((SELECT count(*)::int FROM bookings)) LIMIT 1;
		what := CASE WHEN old.id IS NULL THEN 'insert' ELSE
			(ARRAY['insert', 'insert', 'insert', 'insert', 'update', 'update', 'update', 'update', 'update', 'delete'])[1 + up_to(10)] END;
		-- some rows come in past the guard, so that there is what is too full
		IF what = 'insert' AND up_to(20) = 0 THEN
			what := 'slip in';
		END IF;
		IF what = 'update' THEN
			new := random_change(old);
			shrinks := shrinks(old, new);
		ELSE
			new.id := step;
			new := random_rest(random_holdings(random_period(new)));
			shrinks := false;
		END IF;
		expected := counts(new) AND NOT shrinks AND too_full(new);
		was_refused := false;
		BEGIN
			CASE what
				WHEN 'insert' THEN
					INSERT INTO bookings VALUES (new.*);
				WHEN 'slip in' THEN
					SET LOCAL session_replication_role = replica;
					INSERT INTO bookings VALUES (new.*);
					SET LOCAL session_replication_role = origin;
				WHEN 'update' THEN
					UPDATE bookings SET first = new.first, last = new.last, alone = new.alone, shared = new.shared, seats = new.seats, capacity = new.capacity,
						everything = new.everything, tenant = new.tenant, status = new.status, hold_expires_at = new.hold_expires_at, note = new.note
					WHERE id = new.id;
				WHEN 'delete' THEN
					DELETE FROM bookings WHERE id = old.id;
			END CASE;
		EXCEPTION WHEN exclusion_violation THEN
			GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
			was_refused := true;
		END;
		IF what IN ('insert', 'update') THEN
			INSERT INTO outcome VALUES (step, what, shrinks, expected, was_refused, was_refused AND told_right(new, detail::jsonb), old, new, detail::jsonb);
		END IF;

		-- what would be free
		INSERT INTO pick SELECT step, p.first, p.last, p.candidates, p.picks, p.tenant,
				free_ones(p.candidates, p.first, p.last, p.picks, p.tenant),
				occupancy_pick('bookings_held', p.candidates, to_timestamp(p.first * 3600), to_timestamp(p.last * 3600), p.picks, p.tenant)
			FROM (SELECT f AS first, f + 1 + up_to(3) AS last, ARRAY(SELECT r FROM unnest('{a,b,c,d,e,a}'::text[]) r ORDER BY random()) AS candidates,
				1 + up_to(3) AS picks, (ARRAY[NULL, 'x', 'y'])[1 + up_to(3)] AS tenant FROM up_to(22) f OFFSET 0) p;
		IF step % 100 = 0 THEN
			INSERT INTO state SELECT step, (SELECT count(*) FROM too_full_hours()),
				EXISTS (SELECT FROM too_full_hours() h FULL JOIN
					(SELECT o.scope, o.resource, hour, o.capacity, o.seats
						FROM occupancy_overbooked('bookings_held') o, generate_series(extract(epoch FROM o.starts_at)::int / 3600, extract(epoch FROM o.ends_at)::int / 3600 - 1) hour) o
					ON h.tenant IS NOT DISTINCT FROM o.scope AND h.resource = o.resource AND h.hour = o.hour AND h.seats <= o.seats AND h.capacity >= o.capacity
					WHERE h.hour IS NULL OR o.hour IS NULL),
				EXISTS (SELECT FROM unnest('{a,b,c,d,e}'::text[]) r WHERE most_taken(r) IS DISTINCT FROM
					(SELECT occupancy_seats_taken(held(first, last, alone, shared, seats, capacity, everything, tenant), r) FROM bookings WHERE status IS DISTINCT FROM 'cancelled'));
		END IF;
		IF step % 25 = 0 THEN
			COMMIT;
		END IF;
	END LOOP;
END $$;
CALL try(2500);

SELECT count(*) FILTER (WHERE refused AND NOT expected) AS refused_without_need, count(*) FILTER (WHERE expected AND NOT refused) AS let_in,
	count(*) FILTER (WHERE refused AND told_right IS NOT TRUE) AS told_wrong
FROM outcome;
SELECT step, what, refused, old, new, detail FROM outcome WHERE expected <> refused OR refused AND told_right IS NOT TRUE ORDER BY step LIMIT 3;
SELECT count(*) AS picked_wrong FROM pick WHERE picked IS DISTINCT FROM expected;
SELECT * FROM pick WHERE picked IS DISTINCT FROM expected ORDER BY step LIMIT 3;
SELECT count(*) FILTER (WHERE overbooked_differs) AS overbooked_differs, count(*) FILTER (WHERE taken_differs) AS taken_differs FROM state;

-- was there enough of each?
SELECT what, shrinks, refused, count(*) >= 100 AS enough FROM outcome GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT detail ->> 'key' IS NULL AS too_few_seats, count(*) >= 100 AS enough FROM outcome WHERE refused GROUP BY 1 ORDER BY 1;
SELECT picks, count(*) FILTER (WHERE picked IS NULL) >= 50 AS too_few, count(*) FILTER (WHERE picked <> candidates[:picks]) >= 50 AS passed_over FROM pick GROUP BY 1 ORDER BY 1;
SELECT count(*) FILTER (WHERE hours > 0) >= 10 AS too_full_already FROM state;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA seats_property CASCADE;
