#!/bin/bash
#
# Logical replication of columns of type appointment and occupancy, in text and
# in binary form, with every kind of trigger and the constraint on both sides;
# of the user's own life cycles; and what logical decoding says.

. test/lib/tap.sh

tables="
	CREATE TABLE booking (
		id int PRIMARY KEY,
		o ext.occupancy NOT NULL,
		status text NOT NULL,
		history jsonb,
		CONSTRAINT booking_no_overlap EXCLUDE USING gist (o WITH OPERATOR(ext.&&)) WHERE (status IS DISTINCT FROM 'cancelled')
	);
	CREATE TRIGGER life BEFORE INSERT OR UPDATE ON booking FOR EACH ROW
		EXECUTE FUNCTION ext.appointment_enforce_lifecycle('status', 'clinic', 'history=history');
	CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON booking FOR EACH ROW
		EXECUTE FUNCTION ext.occupancy_guard('booking_no_overlap');
	SELECT ext.appointment_create_change_log('public.booking_log');
	CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON booking FOR EACH ROW
		EXECUTE FUNCTION ext.appointment_log_changes('booking_log', 'id', 'status=status');
	CREATE TABLE document (id int PRIMARY KEY, a ext.appointment, e ext.appointment_event);
	-- no key: rows are found by their values
	CREATE TABLE loose (a ext.appointment, o ext.occupancy);
	ALTER TABLE loose REPLICA IDENTITY FULL;"
own="INSERT INTO ext.appointment_lifecycle (lifecycle, from_status, to_status)
	SELECT 'clinic', from_status, to_status FROM ext.appointment_lifecycle WHERE lifecycle = 'default'"

new_server publisher || exit
publisher=$PGHOST
on_publisher()
{
	PGHOST=$publisher PGDATABASE=postgres sql "$@"
}
on_publisher "CREATE SCHEMA ext; CREATE EXTENSION appointment SCHEMA ext; $own; $tables" |
	grep ERROR
for format in caspen sqod avon savvycal; do
	on_publisher "INSERT INTO document (id, a) SELECT count(*), ext.appointment_from_json('$(sed "s/'/''/g" "test/data/$format.json")', '$format') FROM document" >/dev/null
done
on_publisher "INSERT INTO document (id, e) VALUES (100, ext.appointment_event_from_json('$(sed "s/'/''/g" test/data/appointment_one.json)', 'appointment_one'));
	INSERT INTO loose SELECT a, ext.appointment_occupancy(a) FROM document;
	INSERT INTO loose SELECT jsonb_build_object('id', i::text)::ext.appointment, ext.occupancy_all('2030-01-01Z', '2030-01-02Z', 's' || i) FROM generate_series(1, 50) i;
	INSERT INTO booking SELECT i, ext.occupancy(t, t + interval '1 hour', '{r1,r2}'), 'pending'
		FROM (SELECT i, timestamptz '2030-01-01Z' + i * interval '1 hour' AS t FROM generate_series(1, 100) i) x;
	UPDATE booking SET status = 'scheduled' WHERE id % 2 = 0;
	UPDATE booking SET status = 'arrived' WHERE id % 4 = 0;
	CREATE PUBLICATION everything FOR ALL TABLES" | grep -A3 ERROR

new_server subscriber "max_logical_replication_workers=10" "wal_retrieve_retry_interval=200ms" || exit
subscriber=$PGHOST

# wait_for QUERY EXPECTED
wait_for()
{
	local got _
	for _ in $(seq 1 200); do
		got=$(sql "$1")
		[ "$got" != "$2" ] || return 0
		sleep 0.1
	done
	printf '%s\n' "$got"
	return 1
}

# says PATTERN: wait until the subscriber's log says so, after line $log_lines
says()
{
	local _
	for _ in $(seq 1 200); do
		! tail -n "+$((log_lines + 1))" "$subscriber.log" | grep "$1" >/dev/null || return 0
		sleep 0.1
	done
	tail -n "+$((log_lines + 1))" "$subscriber.log"
	return 1
}

# The sums of a database.  Values are compared in their text form.
sums="SELECT (SELECT md5(string_agg(x::text, ' ' ORDER BY id)) FROM booking x), (SELECT md5(string_agg(x::text, ' ' ORDER BY id)) FROM document x),
	(SELECT md5(string_agg(x::text, ' ' ORDER BY x::text)) FROM loose x), (SELECT md5(string_agg(x::text, ' ' ORDER BY seq)) FROM booking_log x),
	(SELECT md5(string_agg(x::text, ' ' ORDER BY x::text)) FROM ext.appointment_lifecycle x)"
# same DATABASE WHAT: it has what the publisher has
same()
{
	ok "$2" wait_for "$sums" "$(on_publisher "$sums")"
}

for mode in text binary; do
	sql "CREATE DATABASE in_$mode" -d postgres >/dev/null
	export PGDATABASE=in_$mode
	sql "CREATE SCHEMA ext; CREATE EXTENSION appointment SCHEMA ext" >/dev/null
	sql "$tables" >/dev/null
	sql "CREATE SUBSCRIPTION s_$mode CONNECTION 'host=$publisher port=$PGPORT user=postgres dbname=postgres'
		PUBLICATION everything WITH (binary = $([ "$mode" = binary ] && echo true || echo false))" >/dev/null
	same "$mode" "$mode: what was there is copied, life cycles of the user's own with it"

	# Triggers do not fire: the publisher has checked, filled in and logged.
	is "$(sql "SELECT count(*) FROM booking_log")" "$(on_publisher "SELECT count(*) FROM booking_log")" \
		"$mode: nothing is logged twice"

	on_publisher "UPDATE booking SET status = 'cancelled' WHERE id IN (2, 3);
		DELETE FROM booking WHERE id = 10;
		INSERT INTO booking SELECT 200, o, 'pending' FROM booking WHERE id = 2;
		UPDATE document SET a = ext.appointment_set(a, 'note', '\"gr\\u00fcn\"') WHERE a IS NOT NULL;
		UPDATE loose SET o = ext.occupancy_buffer(o, 5, 5) WHERE ext.appointment_id(a) = '7';
		DELETE FROM loose WHERE ext.appointment_id(a) = '8';
		INSERT INTO ext.appointment_lifecycle (lifecycle, from_status, to_status) VALUES ('clinic', 'completed', 'billed');
		UPDATE ext.appointment_lifecycle SET requires = '{changed_by}' WHERE to_status = 'billed'" | grep ERROR
	same "$mode" "$mode: changes arrive"
	is "$(sql "SELECT array_agg(n) FROM ext.appointment_next_statuses('completed', 'clinic') n")" \
		"{billed}" "$mode: a step that arrived counts"
	on_publisher "DELETE FROM ext.appointment_lifecycle WHERE to_status = 'billed'" >/dev/null
	same "$mode" "$mode: a step is taken back"
	is "$(sql "SELECT count(*) FROM ext.appointment_next_statuses('completed', 'clinic') n")" 0 \
		"$mode: and does not count any more"
	is "$(sql "SELECT count(*) FILTER (WHERE shipped) FROM ext.appointment_lifecycle")" \
		"$(on_publisher "SELECT count(*) FILTER (WHERE shipped) FROM ext.appointment_lifecycle")" \
		"$mode: the shipped steps are the subscriber's own"
	is "$(sql "SET enable_seqscan = off; SELECT count(*) FROM booking a JOIN booking b ON a.o OPERATOR(ext.&&) b.o AND a.status IS DISTINCT FROM 'cancelled' AND b.status IS DISTINCT FROM 'cancelled'")" \
		"$(sql "SELECT count(*) FROM booking WHERE status <> 'cancelled'")" "$mode: its index finds what arrived"

	# A booking of the subscriber's own is in the way: the constraint stops the
	# replication there, until it has gone.
	sql "SET session_replication_role = replica;
		INSERT INTO booking VALUES (-1, '[2040-01-01T00:00:00Z,2040-01-02T00:00:00Z){r1}', 'pending')" >/dev/null
	log_lines=$(wc -l <"$subscriber.log")
	on_publisher "INSERT INTO booking VALUES (300, '[2040-01-01T10:00:00Z,2040-01-01T11:00:00Z){r1}', 'pending')" >/dev/null
	ok "$mode: the constraint holds against the publisher" \
		says 'conflicting key value violates exclusion constraint'
	is "$(sql "SELECT count(*) FROM booking WHERE id = 300")" 0 "$mode: nothing is doubly booked"
	sql "SET session_replication_role = replica; DELETE FROM booking WHERE id = -1" >/dev/null
	same "$mode" "$mode: and it goes on when the slot is free"

	# The guard does the same where it is enabled, and a life cycle, too.
	sql "ALTER TABLE booking ENABLE ALWAYS TRIGGER zz_guard;
		SET session_replication_role = replica;
		INSERT INTO booking VALUES (-1, '[2041-01-01T00:00:00Z,2041-01-02T00:00:00Z){r1}', 'pending')" >/dev/null
	log_lines=$(wc -l <"$subscriber.log")
	on_publisher "INSERT INTO booking VALUES (301, '[2041-01-01T10:00:00Z,2041-01-01T11:00:00Z){r1}', 'pending')" >/dev/null
	ok "$mode: the guard, when it is enabled always" \
		says 'double booking: conflict with an existing row'
	sql "SET session_replication_role = replica; DELETE FROM booking WHERE id = -1" >/dev/null
	same "$mode" "$mode: it goes on, too"

	# The guard that skips would skip the publisher's row.
	sql "SET session_replication_role = replica;
		CREATE OR REPLACE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON booking FOR EACH ROW
			EXECUTE FUNCTION ext.occupancy_guard('booking_no_overlap', 'on_conflict=skip');
		ALTER TABLE booking ENABLE ALWAYS TRIGGER zz_guard;
		INSERT INTO booking VALUES (-1, '[2042-01-01T00:00:00Z,2042-01-02T00:00:00Z){r1}', 'pending')" >/dev/null
	on_publisher "INSERT INTO booking VALUES (302, '[2042-01-01T10:00:00Z,2042-01-01T11:00:00Z){r1}', 'pending'),
		(303, '[2042-01-02T10:00:00Z,2042-01-02T11:00:00Z){r1}', 'pending')" >/dev/null
	ok "$mode: a guard that skips takes what is free" wait_for "SELECT count(*) FROM booking WHERE id = 303" 1
	is "$(sql "SELECT count(*) FROM booking WHERE id = 302")" 0 "$mode: and drops the publisher's row without a word"

	sql "DROP SUBSCRIPTION s_$mode" >/dev/null
	on_publisher "DELETE FROM booking WHERE id IN (200, 300, 301, 302, 303); UPDATE booking SET status = 'scheduled' WHERE id = 2" >/dev/null
done

# ------------------------------------------------------------------
# logical decoding
# ------------------------------------------------------------------

if ! on_publisher "SELECT pg_create_logical_replication_slot('decoding', 'test_decoding')" | grep '^(decoding,' >/dev/null; then
	skip "logical decoding" "test_decoding is not installed"
else
	on_publisher "INSERT INTO loose VALUES ('{\"id\": \"x\", \"status\": \"pending\"}', '[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){r1}');
		UPDATE loose SET o = ext.occupancy_all('2030-01-01Z', '2030-01-02Z', 's') WHERE ext.appointment_id(a) = 'x'" >/dev/null
	is "$(on_publisher "SELECT data FROM pg_logical_slot_get_changes('decoding', NULL, NULL, 'include-xids', '0', 'skip-empty-xacts', '1') WHERE data LIKE 'table%'")" \
		"table public.loose: INSERT: a[ext.appointment]:'{\"id\":\"x\",\"status\":\"pending\"}' o[ext.occupancy]:'[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){r1}'
table public.loose: UPDATE: old-key: a[ext.appointment]:'{\"id\":\"x\",\"status\":\"pending\"}' o[ext.occupancy]:'[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){r1}' new-tuple: a[ext.appointment]:'{\"id\":\"x\",\"status\":\"pending\"}' o[ext.occupancy]:'s:[2030-01-01T00:00:00Z,2030-01-02T00:00:00Z){*}'" \
		"changes are decoded in the types' text form"
	on_publisher "SELECT pg_drop_replication_slot('decoding')" >/dev/null
fi

done_testing
