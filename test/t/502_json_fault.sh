#!/bin/bash
#
# json-c runs out of memory: each of its allocations fails once, in everything
# that reads a document.  That is an error of class 53, nothing of the tree
# remains, and nothing that is read is less than the whole.  A preloaded
# library refuses the allocations (test/modules/json_fault).

. test/lib/tap.sh

# The sanitizers' and valgrind's servers have an allocator of their own.
if [ -n "${SERVER_RUNNER:-}${LD_PRELOAD:-}" ]; then
	skip "json-c's allocations fail" "the server has another allocator"
	done_testing
fi

module=$PWD/test/modules/json_fault
ok "the module builds" make -s -C "$module" "PG_CONFIG=$PG_CONFIG" with_llvm=no
export LD_PRELOAD=$module/json_fault.so
new_server faulty || exit
unset LD_PRELOAD

psql -X -q -v ON_ERROR_STOP=1 -v "library=$module/json_fault" <<'SQL'
CREATE EXTENSION appointment;
CREATE FUNCTION json_fault(bigint) RETURNS boolean LANGUAGE c STRICT AS :'library';
CREATE FUNCTION json_fault_asked() RETURNS bigint LANGUAGE c AS :'library';
CREATE FUNCTION json_fault_refused() RETURNS bigint LANGUAGE c AS :'library';
CREATE FUNCTION json_fault_live() RETURNS bigint LANGUAGE c AS :'library';

CREATE TABLE example (format text PRIMARY KEY, doc text);
CREATE TABLE work (n serial, what text, query text);
CREATE TABLE outcome (n int, what text, allocations bigint, failed bigint, harmless bigint, wrong text);

-- Let one allocation after the other fail, until the query needs no more.
CREATE PROCEDURE try_all(n int, what text, query text) LANGUAGE plpgsql AS $$
DECLARE
	statement text := format('SELECT md5(string_agg(x::text, '','' ORDER BY x::text)) FROM (%s) AS x', query);
	expected text;
	result text;
	allocations bigint;
	leaked bigint;
	failed bigint := 0;
	harmless bigint := 0;
	wrong text;
	state text;
	message text;
BEGIN
	EXECUTE statement INTO expected;
	PERFORM json_fault(0);
	EXECUTE statement INTO result;
	allocations := json_fault_asked();
	leaked := json_fault_live();
	IF result IS DISTINCT FROM expected OR result IS NULL OR leaked <> 0 THEN
		wrong := format('without a fault: %s, then %s, %s not freed', expected, result, leaked);
	END IF;
	FOR i IN 1 .. allocations + 1 LOOP
		EXIT WHEN wrong IS NOT NULL;
		BEGIN
			PERFORM json_fault(i);
			EXECUTE statement INTO result;
			IF result IS DISTINCT FROM expected THEN
				wrong := format('allocation %s: another result', i);
			ELSIF json_fault_refused() > 0 THEN
				harmless := harmless + 1;
			END IF;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
			IF state <> '53200' OR message <> 'out of memory' THEN
				wrong := format('allocation %s: %s %s', i, state, message);
			END IF;
			failed := failed + 1;
		END;
		IF wrong IS NULL AND json_fault_live() <> 0 THEN
			wrong := format('allocation %s: %s not freed', i, json_fault_live());
		END IF;
		PERFORM json_fault(0);
	END LOOP;
	INSERT INTO outcome VALUES (n, what, allocations, failed, harmless, wrong);
END $$;
SQL

for format in caspen sqod avon savvycal appointment_one; do
	sql "INSERT INTO example SELECT '$format', pg_read_file('$PWD/test/data/$format.json')" >/dev/null
done

psql -X -q -v ON_ERROR_STOP=1 <<'SQL'
INSERT INTO work (what, query)
	SELECT format || ' read', format('SELECT %s(doc, %L) FROM example WHERE format = %2$L',
		CASE format WHEN 'appointment_one' THEN 'appointment_event_from_json' ELSE 'appointment_from_json' END, format)
	FROM example;
INSERT INTO work (what, query)
	SELECT format || ' validated', format('SELECT appointment_is_valid(doc, %L), p FROM example LEFT JOIN LATERAL appointment_validate(doc, format) AS p ON true WHERE format = %1$L', format)
	FROM example;
INSERT INTO work (what, query)
	SELECT format || ' as jsonb', format('SELECT %s(doc::jsonb, %L) FROM example WHERE format = %2$L',
		CASE format WHEN 'appointment_one' THEN 'appointment_event_from_json' ELSE 'appointment_from_json' END, format)
	FROM example;
INSERT INTO work (what, query)
	SELECT format || ' as canonical JSON', format('SELECT %s(doc, %L)::text::%s FROM example WHERE format = %2$L',
		CASE format WHEN 'appointment_one' THEN 'appointment_event_from_json' ELSE 'appointment_from_json' END, format,
		CASE format WHEN 'appointment_one' THEN 'appointment_event' ELSE 'appointment' END)
	FROM example;
INSERT INTO work (what, query)
	SELECT format || ' written', format('SELECT %s(%s(doc, %L), %3$L) FROM example WHERE format = %3$L',
		CASE format WHEN 'appointment_one' THEN 'appointment_event_to_json' ELSE 'appointment_to_json' END,
		CASE format WHEN 'appointment_one' THEN 'appointment_event_from_json' ELSE 'appointment_from_json' END, format)
	FROM example;
INSERT INTO work (what, query)
	SELECT format || ' in a list', format('SELECT l FROM example, appointment_list_from_json(
			CASE format WHEN ''avon'' THEN ''{"object":"list","data":['' || doc || '',{"id":7},'' || doc || '']}''
				ELSE ''{"data":['' || doc || '',7,'' || doc || '']}'' END, %L) AS l WHERE format = %1$L', format)
	FROM example WHERE format IN ('avon', 'caspen');
INSERT INTO work (what, query) VALUES
	('an item of a list that is none', $$SELECT l FROM appointment_list_from_json('{"object":"list","data":[[1,[2,{"a":{"b":null}}]],{"x":"\u00e4\n"}]}', 'avon') AS l$$),
	('a document that is bad', $$SELECT p FROM appointment_validate('{"id":1,"starts_at":[1.5,-2,30000000000000000000,true,null,"x"],"resource_ids":{"a":"b"},"q":[[]]}', 'caspen') AS p$$),
	('unknown members', $$SELECT '{"id":"x","unknown":{"avon":{"a":[1,2,{"b":"\"c\""}],"d\u0041":0.10}}}'::appointment$$),
	('forty members', (SELECT format($f$SELECT %L::appointment$f$, '{"id":"x","unknown":{"avon":{' || string_agg(format('"m%s":%s', i, i), ',') || '}}}') FROM generate_series(1, 40) i)),
	('an array of forty', (SELECT format($f$SELECT %L::appointment$f$, '{"id":"x","resource_ids":[' || string_agg(format('"r%s"', i), ',') || ']}') FROM generate_series(1, 40) i)),
	('one member twice', $$SELECT '{"id":"x","id":"y","note":"n","id":"z"}'::appointment$$),
	('options', $$SELECT appointment_from_json(doc, format, '{"unknown_words":"keep"}') FROM example WHERE format = 'savvycal'$$),
	('recognised', $$SELECT appointment_format(doc) FROM example$$),
	('a field set', $$SELECT appointment_set('{"id":"x"}', 'attendees', '[{"id":"u","attendance_status":"going"},{"id":"v"}]')$$),
	('a row', $$SELECT appointment_from_row(r) FROM (SELECT '7' AS id, '{"name":"N","email":"e"}'::jsonb AS claimant, '["a","b"]'::json AS resource_ids) AS r$$),
	('a create request', $$SELECT appointment_from_request('{"name":"A","description":"","group":false,"internal":true,"host":"user_Z1zXZKvqrpwxbznuW6lJ","start_time":1772438400000,"end_time":1772440200000,"attendees":["user_IsW3SoxZQxW0agHKyP2V"],"created_by":"user_xeDpGyt67wTor93qKtS7"}', 'avon', 'appt_2UxtAULYUrX7GVsTKePy', '2026-01-01Z')$$),
	('an update request', $$SELECT appointment_apply_request(appointment_from_json(doc, 'avon'), '{"updated_by":"user_xeDpGyt67wTor93qKtS7","attendees":["user_IsW3SoxZQxW0agHKyP2V"],"name":"B"}', 'avon', at => '2100-01-01Z') FROM example WHERE format = 'avon'$$),
	('a request validated', $$SELECT p FROM appointment_validate('{"updated_by":1,"attendees":["x",2,{"y":[]}],"nothing":1}', 'avon', 'update') AS p$$),
	('a step of the life cycle', $$SELECT appointment_transition('{"id":"x","status":"scheduled","status_history":[{"status":"scheduled","changed_at":"2026-01-01T00:00:00Z"}]}', 'cancelled', '2026-02-01Z', 'usr')$$);
SQL

while IFS='|' read -r n what; do
	sql "DO \$\$ DECLARE w work; BEGIN
			SELECT * INTO w FROM work WHERE n = $n;
			CALL try_all(w.n, w.what, w.query);
		END \$\$" >"$SCRATCH/out" 2>&1
	got=$(sql "SELECT allocations, coalesce(wrong, 'as it should'), failed + harmless = allocations FROM outcome WHERE n = $n")
	IFS='|' read -r allocations wrong all <<<"$got"
	is "$wrong|$all$(cat "$SCRATCH/out")" "as it should|t" "$what: ${allocations:-?} allocations"
done < <(sql "SELECT n, what FROM work ORDER BY n")
printf '# %s\n' "$(sql "SELECT format('%s allocations refused: %s errors, %s without harm', sum(allocations), sum(failed), sum(harmless)) FROM outcome")"

ok "most of them allocate" test "$(sql "SELECT count(*) FROM outcome WHERE allocations > 5")" -gt 25
is "$(grep -cE 'terminated by signal|TRAP:|PANIC:' "$PGHOST.log")" 0 "the server lives"

done_testing
