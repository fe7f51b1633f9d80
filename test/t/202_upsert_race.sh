#!/bin/bash
#
# Clients upsert the same rows, some where they are and some to other resources.
# None is refused, and none deadlocks.

. test/lib/tap.sh
. test/lib/storm.sh

sql "CREATE EXTENSION appointment;
	CREATE TABLE booking (id int PRIMARY KEY, o occupancy, note int);
	CREATE INDEX ON booking (note);
	CREATE INDEX booking_held ON booking USING gist (o);
	CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION occupancy_guard('booking_held');
	CREATE FUNCTION place(hour int, resource int) RETURNS occupancy LANGUAGE sql IMMUTABLE RETURN
		occupancy(timestamptz '2024-01-01Z' + hour * interval '1 hour', timestamptz '2024-01-01Z' + (hour + 1) * interval '1 hour', ARRAY[resource::text]);
	INSERT INTO booking SELECT id, place(id, 1), 0 FROM generate_series(1, 500) AS id" >/dev/null

# Each is a new version that every index gets an entry for: who reads the old
# one's just before it is replaced must not miss both.
storm stay <<-'END'
	\set id random(1, 4)
	\set note random(1, 1000000)
	INSERT INTO booking VALUES (:id, place(:id, 1), :note) ON CONFLICT (id) DO UPDATE SET id = excluded.id, note = excluded.note;
END
is "$(sql "SELECT count(*) FROM booking")" 500 "and none is there twice"

# The proposed place is free, the row holds another.
storm move <<-'END'
	\set id random(5, 500)
	\set resource random(1, 6)
	INSERT INTO booking VALUES (:id, place(:id, :resource), 0) ON CONFLICT (id) DO UPDATE SET o = excluded.o;
END

# The place is free, but the row stays; others move it.
sql "UPDATE booking SET o = place(id, 1)"
storm mixed <<-'END'
	\set id random(5, 10)
	\set resource random(1, 6)
	\if :client_id % 2
		UPDATE booking SET o = place(:id, :resource) WHERE id = :id;
	\else
		INSERT INTO booking VALUES (:id, place(:id, :resource), :resource) ON CONFLICT (id) DO UPDATE SET note = excluded.note;
	\endif
END
is "$(sql "SELECT count(*) FROM booking")" 500 "and still none is there twice"

done_testing
