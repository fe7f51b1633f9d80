#!/bin/bash
#
# A CHECK constraint with appointment_is_valid() or appointment_is_sound()
# survives dump and restore, which have an empty search_path, and still holds.

. test/lib/tap.sh

sql "CREATE SCHEMA ext; CREATE EXTENSION appointment SCHEMA ext" >/dev/null
sql "CREATE TABLE inbox (format text NOT NULL, doc json NOT NULL,
		CONSTRAINT inbox_valid CHECK (ext.appointment_is_valid(doc, format)));
	CREATE TABLE update_queue (request jsonb
		CONSTRAINT queue_valid CHECK (ext.appointment_is_valid(request, 'avon', 'update')));
	CREATE TABLE booking (a ext.appointment
		CONSTRAINT booking_sound CHECK (ext.appointment_is_sound(a)));
	CREATE INDEX ON inbox (format) WHERE ext.appointment_is_valid(doc, format)" >/dev/null
for format in caspen avon savvycal sqod appointment_one; do
	sql "INSERT INTO inbox VALUES ('$format', '$(sed "s/'/''/g" "test/data/$format.json")')" >/dev/null
done
sql "INSERT INTO update_queue VALUES ('{\"updated_by\": \"u\", \"name\": \"n\"}');
	INSERT INTO booking SELECT ext.appointment_from_json(doc, format) FROM inbox WHERE format = 'avon'" >/dev/null
pg_dump -Fc -f "$SCRATCH/dump"

# refused CONSTRAINT STATEMENT
refused()
{
	local output
	output=$(sql "$2" -d restored 2>&1) && return 1
	[[ $output == *"violates check constraint \"$1\""* ]]
}

new_server restored || exit
sql "CREATE DATABASE restored" >/dev/null
ok "the dump restores" pg_restore -d restored --exit-on-error "$SCRATCH/dump"
is "$(sql "SELECT (SELECT count(*) FROM inbox) || ' ' || (SELECT count(*) FROM update_queue)
	|| ' ' || (SELECT count(*) FROM booking)" -d restored)" "5 1 1" "every row is there"
ok "a bad document is refused" refused inbox_valid \
	"INSERT INTO inbox VALUES ('caspen', '{\"id\": \"x\"}')"
ok "a bad request is refused" refused queue_valid \
	"INSERT INTO update_queue VALUES ('{\"name\": \"n\"}')"
ok "an unsound value is refused" refused booking_sound \
	"INSERT INTO booking VALUES ('{\"status\": \"scheduled\"}')"
ok "the constraints hold for every row" sql \
	"ALTER TABLE inbox DROP CONSTRAINT inbox_valid,
		ADD CONSTRAINT inbox_valid CHECK (ext.appointment_is_valid(doc, format))" -d restored
ok "the partial index is used" test "$(sql "SET enable_seqscan = off;
	EXPLAIN SELECT * FROM inbox WHERE format = 'avon' AND ext.appointment_is_valid(doc, format)" \
	-d restored | grep -c 'inbox_format_idx')" = 1

done_testing
