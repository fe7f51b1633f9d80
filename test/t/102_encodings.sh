#!/bin/bash
#
# Databases whose encoding is not UTF-8: documents are the same, what the
# encoding lacks is an error and nothing is lost, and what was stored can be
# dumped and restored.

. test/lib/tap.sh

for encoding in UTF8 LATIN1 EUC_JP SQL_ASCII; do
	createdb -E "$encoding" -T template0 --locale=C "$PGDATABASE.$encoding"
	psql -X -q -d "$PGDATABASE.$encoding" -c "CREATE EXTENSION appointment"
done
# shellcheck disable=SC2154
trap 'for e in UTF8 LATIN1 EUC_JP SQL_ASCII; do dropdb --if-exists "$PGDATABASE.$e"; dropdb --if-exists "$PGDATABASE.$e.restored"; done; tap_stop_servers' EXIT

# ask ENCODING STATEMENT [CLIENT-ENCODING]: its result or error
ask()
{
	PGCLIENTENCODING=${3:-UTF8} sql "$2" -d "$PGDATABASE.$1" | grep -av '^LOCATION'
}

# ä is in LATIN1, 日 in EUC_JP, both in UTF8; SQL_ASCII takes any bytes
latin='{"id":"appt_2UxtAULYUrX7GVsTKePy","name":"Bär","start_time":1692370044000,"end_time":1692373642000,"Größe":{"Maß":["ä","\u00e4"]}}'
japanese='{"id":"appt_2UxtAULYUrX7GVsTKePy","name":"日本","start_time":1692370044000,"end_time":1692373642000,"大きさ":{"寸法":["語","\u8a9e"]}}'

# ------------------------------------------------------------------
# what the encoding has
# ------------------------------------------------------------------

# round_trip ENCODING DOCUMENT: read and written, by text, json and the type's
# own text and binary forms
round_trip()
{
	local written=$2
	is "$(ask "$1" "SELECT appointment_to_json(appointment_from_json('$2'::text, 'avon'), 'avon')")" "$written" "$1: a text is read and written"
	is "$(ask "$1" "SELECT appointment_to_json(appointment_from_json('$2'::json, 'avon'), 'avon')")" "$written" "$1: a json is read and written"
	is "$(ask "$1" "SELECT appointment_from_json('$2'::json, 'avon')::text::appointment = appointment_from_json('$2'::text, 'avon')")" "t" "$1: its text form is read"
	is "$(ask "$1" "SELECT appointment_to_json(appointment, 'avon') FROM appointment_list_from_json('{\"object\":\"list\",\"data\":[$2]}', 'avon')")" "$written" "$1: an item of a list, too"
	ask "$1" "CREATE TABLE t AS SELECT appointment_from_json('$2'::json, 'avon') AS a; CREATE TABLE u (LIKE t)" >/dev/null
	psql -X -q -d "$PGDATABASE.$1" -c "COPY t TO STDOUT (FORMAT binary)" >"$SCRATCH/binary"
	psql -X -q -d "$PGDATABASE.$1" -c "COPY u FROM STDIN (FORMAT binary)" <"$SCRATCH/binary"
	is "$(ask "$1" "SELECT count(*) FROM t JOIN u USING (a)")" 1 "$1: its binary form is read"
	# canonical JSON on the wire is in the client's encoding
	is "$(ask "$1" "SELECT a ->> 'name' FROM t")" "$(ask UTF8 "SELECT '$2'::json ->> 'name'")" "$1: ->>"
	is "$(ask "$1" "SELECT a -> 'name' FROM t")" "\"$(ask UTF8 "SELECT '$2'::json ->> 'name'")\"" "$1: ->"
	is "$(ask "$1" "SELECT appointment_set(a, 'note', a -> 'name') ->> 'note' = a ->> 'name' FROM t")" t "$1: appointment_set"
	is "$(ask "$1" "SELECT appointment_from_row(r) ->> 'name' = a ->> 'name' FROM t, LATERAL (SELECT a ->> 'name' AS name) r")" t "$1: appointment_from_row"
	is "$(ask "$1" "DROP TABLE u")" "" "$1: (clean)"
	pg_dump -d "$PGDATABASE.$1" -f "$SCRATCH/dump"
	createdb -E UTF8 -T template0 --locale=C "$PGDATABASE.$1.restored"
	if [ "$1" != SQL_ASCII ]; then
		ok "$1: a dump restores into UTF8" psql -X -q -v ON_ERROR_STOP=1 -d "$PGDATABASE.$1.restored" -f "$SCRATCH/dump"
		is "$(ask "$1.restored" "SELECT appointment_to_json(a, 'avon') FROM t")" "$written" "$1: and the value is the same"
	fi
	ask "$1" "DROP TABLE t" >/dev/null
}
round_trip UTF8 "$latin"
round_trip LATIN1 "$latin"
round_trip EUC_JP "$japanese"
PGCLIENTENCODING=SQL_ASCII round_trip SQL_ASCII "$japanese"

# An escape in a field is the character; in an unknown member it stays.
is "$(ask LATIN1 "SELECT appointment_set('{\"unknown\":{\"avon\":{\"x\":\"\\u65e5\"}},\"note\":\"\\u00e4\"}', 'id', '\"i\"')")" \
	'{"id":"i","note":"ä","unknown":{"avon":{"x":"\u65e5"}}}' "LATIN1: an escape of an unknown member stays"
# A client of another encoding sees the same characters.
is "$(ask UTF8 "SELECT ('{\"id\":\"' || chr(228) || '\"}')::appointment" LATIN1 | od -An -c | tr -d ' \n')" '{"id":"344"}\n' "a LATIN1 client reads UTF8"
is "$(ask LATIN1 "SELECT appointment_format('$latin')")" "avon" "LATIN1: recognition"
is "$(ask EUC_JP "SELECT appointment_format('{\"data\":$japanese}')")" "avon" "EUC_JP: recognition"

# Lines of a calendar are folded between characters, at any place.
for encoding in UTF8 LATIN1 EUC_JP SQL_ASCII; do
	letters=日本
	[ "$encoding" != LATIN1 ] || letters=äö
	is "$(ask "$encoding" "SELECT count(DISTINCT n), max(octet_length(line)), bool_and(convert_from(convert_to(line, '$encoding'), '$encoding') = line) FROM generate_series(0, 3) n, LATERAL (SELECT repeat('a', n) || repeat('$letters', 60) AS t) t, LATERAL (SELECT appointment_to_ics('{\"id\":\"i\",\"starts_at\":\"2026-05-04T09:00:00Z\"}', 'PUBLISH', jsonb_build_object('summary', t)) AS ics) i, string_to_table(ics, E'\r\n') line WHERE replace(ics, E'\r\n ', '') LIKE '%' || t || '%' AND line ~ '(SUMMARY|^ )'")" \
		'4|75|t' "$encoding: lines of a calendar"
	is "$(ask "$encoding" "SELECT count(*) FROM ics_problems(E'BEGIN:VCALENDAR\r\nX-A:ä\r\nEND:VCALENDAR')" "$([ "$encoding" = SQL_ASCII ] && echo SQL_ASCII || echo UTF8)")" \
		0 "$encoding: a calendar is read"
done
is "$(ask SQL_ASCII "SELECT count(*) FROM ics_problems(E'\xEF\xBB\xBFBEGIN:VCALENDAR\r\nEND:VCALENDAR')" SQL_ASCII)" 0 "SQL_ASCII: a calendar with a mark of UTF-8"

# ------------------------------------------------------------------
# what it lacks
# ------------------------------------------------------------------

like "$(ask LATIN1 "SELECT '{\"id\":\"x\",\"note\":\"\\u20ac\"}'::appointment")" \
	'22P02: invalid input for type appointment: "note" has a character that the database.s encoding lacks.*[{]"path":"note","code":"malformed"}' "LATIN1: an escape beyond it"
like "$(ask LATIN1 "SELECT appointment_from_json('{\"id\":\"appt_2UxtAULYUrX7GVsTKePy\",\"start_time\":1,\"end_time\":2,\"attendees\":[{\"id\":\"\\ud83d\\ude00\"}]}', 'avon')")" \
	'"attendees.0..id" has a character that the database.s encoding lacks' "LATIN1: a surrogate pair"
like "$(ask LATIN1 "SELECT appointment_set('{}', 'resource_ids', '[\"\\u20ac\"]')")" "22P05" "LATIN1: jsonb itself refuses"
is "$(ask LATIN1 "SELECT '{\"id\":\"x\",\"\\u20ac\":1}'::appointment" | head -n 1)" \
	'ERROR:  22P02: invalid input for type appointment: "["?"]" is not a known key' "LATIN1: a name beyond it is not repeated"
is "$(ask LATIN1 "SELECT appointment_from_json('{\"id\":\"appt_2UxtAULYUrX7GVsTKePy\",\"start_time\":1,\"end_time\":2,\"\\u20ac\":\"\\u20ac\"}', 'avon') ->> 'unknown'")" \
	'{"avon":{"\u20ac":"\u20ac"}}' "LATIN1: but kept if unknown members are kept"
like "$(ask EUC_JP "SELECT '{\"id\":\"\\ud83d\\ude00\"}'::appointment")" '"id" has a character that the database.s encoding lacks' "EUC_JP: an escape beyond it"
# two bytes that EUC_JP has and UTF-8 has not
gap="convert_from('\\xfefe', 'EUC_JP')"
like "$(ask EUC_JP "SELECT appointment_from_json('{\"id\":\"' || $gap || '\"}', 'caspen')" SQL_ASCII)" \
	"22P02: invalid caspen document: the text has a byte or character that UTF-8 lacks" "EUC_JP: a character that UTF-8 lacks"
like "$(ask EUC_JP "SELECT appointment_from_row(r) FROM (SELECT $gap AS id) r" SQL_ASCII)" "22021: invalid value of type appointment" "EUC_JP: also in a row"
like "$(ask EUC_JP "SELECT appointment_set('{}', 'id', to_jsonb($gap))" SQL_ASCII)" "22021: invalid value of type appointment" "EUC_JP: also in appointment_set"

# ------------------------------------------------------------------
# bytes that are no characters
# ------------------------------------------------------------------

# SQL_ASCII does not check: a text that is not UTF-8 is no JSON.
for bytes in ff e9 c3 eda080 f4908080 c0af e282; do
	like "$(ask SQL_ASCII "SELECT convert_from('\\x7b226964223a22${bytes}227d', 'SQL_ASCII')::appointment" SQL_ASCII)" \
		"22P02: invalid input for type appointment: the text has a byte or character that UTF-8 lacks" "SQL_ASCII: $bytes is refused"
done
like "$(ask SQL_ASCII "SELECT appointment_from_json(convert_from('\\x7b226964223a22ff227d', 'SQL_ASCII')::json, 'caspen')" SQL_ASCII)" "22P02: .* UTF-8 lacks" "SQL_ASCII: in a json"
like "$(ask SQL_ASCII "SELECT convert_from('\\x7b226964223a22ff227d', 'SQL_ASCII')::jsonb::appointment" SQL_ASCII)" "22P02: .* UTF-8 lacks" "SQL_ASCII: in a jsonb"
like "$(ask SQL_ASCII "SELECT appointment_from_row(r) FROM (SELECT convert_from('\\xff', 'SQL_ASCII') AS note) r" SQL_ASCII)" "22021: invalid value of type appointment" "SQL_ASCII: in a row"
like "$(ask SQL_ASCII "SELECT appointment_set('{}', 'note', to_jsonb(convert_from('\\xff', 'SQL_ASCII')))" SQL_ASCII)" "22021: invalid value of type appointment" "SQL_ASCII: in appointment_set"
is "$(ask SQL_ASCII "SELECT string_agg((appointment IS NOT NULL)::text, ' ' ORDER BY ord) FROM appointment_list_from_json('{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"start_time\":1,\"end_time\":2},{\"id\":\"' || convert_from('\\xff', 'SQL_ASCII') || '\"},{\"id\":\"b\",\"start_time\":1,\"end_time\":2}]}', 'avon')" SQL_ASCII)" \
	"true false true" "SQL_ASCII: one bad item does not spoil a list"
# In UTF8 the server refuses them before; so it does in the binary form.
for bytes in ff c3 eda080; do
	{
		printf 'PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1\0\0\0'
		# shellcheck disable=SC2059
		printf "\\$(printf '%03o' $((10 + ${#bytes} / 2)))\\1{\"id\":\""
		# shellcheck disable=SC2059,SC2001
		printf "$(sed 's/../\\x&/g' <<<"$bytes")"
		printf '"}\377\377'
	} >"$SCRATCH/binary"
	ask UTF8 "CREATE TABLE IF NOT EXISTS t (a appointment)" >/dev/null
	like "$(psql -X -q -v VERBOSITY=verbose -d "$PGDATABASE.UTF8" -c "COPY t FROM STDIN (FORMAT binary)" <"$SCRATCH/binary" 2>&1)" \
		"22021: invalid byte sequence" "UTF8: $bytes in the binary form is refused"
done

done_testing
