#!/bin/bash
#
# An upsert of many rows in one statement takes no more memory for each of
# them: the guard looks for their keys, by indexes over expressions, too.  Nor
# does a long statement while tables are changed: it looks again which
# partitions there are.

. test/lib/tap.sh

# the most memory that the session ever had, in kB, without what it shares
peak="SELECT substring(pg_read_file('/proc/' || pg_backend_pid() || '/status', 0, 4000) FROM 'VmHWM:\s*(\d+)')::int"

sql "CREATE EXTENSION appointment;
	CREATE TABLE booking (id int, o occupancy);
	CREATE UNIQUE INDEX booking_key ON booking ((id + 0)) WHERE (id % 2 >= 0);
	CREATE INDEX booking_held ON booking USING gist (o);
	CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION occupancy_guard('booking_held')" >/dev/null
insert="INSERT INTO booking SELECT i, occupancy(timestamptz '2024-01-01Z' + i * interval '1 hour', timestamptz '2024-01-01Z' + (i + 1) * interval '1 hour', '{a}') FROM generate_series(1, 30000) AS i"
sql "$insert" >/dev/null
# the first hundred make what is made once
grown=$(psql -X -q -A -t <<-END
	${insert/30000/100} ON CONFLICT ((id + 0)) WHERE (id % 2 >= 0) DO UPDATE SET o = excluded.o;
	SELECT count(*) FROM booking \g /dev/null
	$peak AS before \gset
	$insert ON CONFLICT ((id + 0)) WHERE (id % 2 >= 0) DO UPDATE SET o = excluded.o;
	$peak AS after \gset
	SELECT :after - :before;
END
)
allowance=24576
[ -z "${SERVER_RUNNER:-}" ] || allowance=131072
ok "30,000 rows upserted ($grown kB)" test "$grown" -lt "$allowance"
is "$(sql "SELECT count(*) FROM booking")" 30000 "and none is there twice"

sql "CREATE TABLE changed (n int);
	CREATE TABLE visits (id int, room text, starts_at timestamptz, ends_at timestamptz) PARTITION BY RANGE (id);
	DO \$\$ BEGIN
		FOR i IN 0 .. 49 LOOP
			EXECUTE format('CREATE TABLE visits_%s PARTITION OF visits FOR VALUES FROM (%s) TO (%s)', i, i * 10000, (i + 1) * 10000);
		END LOOP;
	END \$\$;
	CREATE INDEX visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[room])) WHERE (room <> '');
	CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
		ALTER TABLE changed ALTER COLUMN n SET (n_distinct = 1);
		RETURN NEW;
	END \$\$;
	CREATE TRIGGER change BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION change();
	CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held')" >/dev/null
insert="INSERT INTO visits SELECT i, 'a', timestamptz '2024-01-01Z' + i * interval '1 hour', timestamptz '2024-01-01Z' + (i + 1) * interval '1 hour' FROM generate_series(first, last) AS i"
grown=$(psql -X -q -A -t <<-END
	$(sed 's/first/1/; s/last/50/' <<<"$insert");
	$peak AS before \gset
	$(sed 's/first/51/; s/last/550/' <<<"$insert");
	$peak AS after \gset
	SELECT :after - :before;
END
)
ok "500 rows while a table is changed, beside 50 partitions ($grown kB)" test "$grown" -lt "$allowance"

done_testing
