#!/bin/bash
#
# An upsert of many rows in one statement takes no more memory for each of
# them: the guard looks for their keys, by indexes over expressions, too.

. test/tap.sh

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

done_testing
