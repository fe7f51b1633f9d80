#!/bin/bash
#
# The example application: what it prints, and its exit status

. test/clients/lib.sh

need "a C compiler" "${CC:-gcc}" --version
compile desk || { fail "desk.c compiles"; done_testing; }
psql -X -q -v ON_ERROR_STOP=1 -f test/clients/desk.sql || { fail "desk.sql runs"; done_testing; }
export TZ=UTC PGTZ=UTC

# desk ARGUMENT...: sets output, errors and status
desk()
{
	status=0
	output=$("$SCRATCH/desk" "$@" 2>"$SCRATCH/errors") || status=$?
	errors=$(cat "$SCRATCH/errors")
}

# get PATH: a member of what was printed
get()
{
	psql -X -q -A -t -v doc="$output" -v path="$1" <<<"SELECT :'doc'::json #>> :'path'"
}

# result STATUS MESSAGE DESCRIPTION: as expected, and a message or a document
result()
{
	is "$status: $errors" "$1: $2" "$3"
	[ "$1" = 0 ] || is "$output" "" "and prints no document"
}

# ------------------------------------------------------------------
# book, show, list
# ------------------------------------------------------------------

desk book --actor usr_1 --zone Europe/Berlin --start '2026-03-02 09:00' --minutes 45 \
	--practitioner pra_1 --room blue --items 'chair,lamp' --client cli_1 --note "it's \$1; \"x\" \\ ü"
result 0 "" "an appointment is booked"
id=$(get '{id}')
like "$id" '^app_[0-9A-Z]{26}$' "with an identifier of the service's shape"
is "$(get '{starts_at}') $(get '{ends_at}') $(get '{duration}')" \
	"2026-03-02T08:00:00Z 2026-03-02T08:45:00Z 45" "in the zone that was said"
is "$(get '{note}')" "it's \$1; \"x\" \\ ü" "its note is as it was given"
booked=$output

desk show "$id"
is "$output" "$booked" "it is shown as it was told"

for format in sqod avon savvycal; do
	desk show "$id" --format "$format" --zone Europe/Berlin
	result 0 "" "shown in format $format"
	is "$(get "$([ $format = sqod ] && echo '{data,id}' || echo '{id}')")" "$id" \
		"it is the same appointment"
done
is "$(get '{start_at,local}')" "2026-03-02T09:00:00+01:00" "in the zone"

desk book-event --event 60min --start '2026-03-02 12:00Z' --practitioner pra_1 --client cli_2 --format avon
result 0 "" "an event is booked"
event_id=$(get '{id}')
is "$(get '{name}') $(get '{attendees,0,id}')" "Long consultation cli_2" "with what it says"

desk events
is "$(get '{count}') $(get '{events,0,id}') $(get '{events,1,id}')" "2 30min 60min" \
	"what is offered, in the fifth format"

desk list --day 2026-03-02
is "$(get '{data,0,id}') $(get '{data,1,id}') $(get '{data,2}')" "$id $event_id " \
	"the day's list has both"
desk list --day 2026-03-02 --room blue --format avon
is "$(get '{object}') $(get '{data,0,id}') $(get '{data,1,id}')" "list $id " "one room's list"
desk list --day 2026-03-03
is "$(get '{data}')" "[]" "an empty day is an empty list"

# ------------------------------------------------------------------
# What cannot be
# ------------------------------------------------------------------

desk book --zone Europe/Berlin --start '2026-03-02 09:30' --practitioner pra_2 --room blue --items 'lamp,table'
result 3 "desk: this time is taken: blue, lamp from 2026-03-02 09:30 to 2026-03-02 09:45 by appointment $id" \
	"a double booking is told"
desk book --start '2026-03-02 08:45Z' --room blue
result 0 "" "what begins when it ends is none"
next=$(get '{id}')
desk book --start 'tomorrow-ish' --room blue
result 5 'desk: invalid input syntax for type timestamp with time zone: "tomorrow-ish"' "a bad time"
desk book --start '2026-03-02 20:00Z' --minutes 0 --room blue
like "$status: $errors" '^5: desk: ' "a length of nothing"
desk book --start '2026-03-02 20:00Z' --zone Mars/Olympus
result 5 'desk: invalid value for parameter "TimeZone": "Mars/Olympus"' "a bad zone"
desk show "$id" --format avalon
like "$status: $errors" '^5: .*avalon.*desk: .*caspen' "an unknown format, and the known ones"
desk show "x' OR true --"
result 4 "desk: there is no such appointment" "an identifier that is none"
desk book-event --event old --start '2026-03-02 20:00Z'
like "$status: $errors" '^5: desk: ' "an event that is no longer offered"
desk book-event --event none --start '2026-03-02 20:00Z'
result 4 "desk: there is no such event" "an event that is none"
for arguments in '' 'sell' 'show' 'show a b' 'book' 'list --colour red'; do
	# shellcheck disable=SC2086
	desk $arguments
	like "$status: $errors" '^2: .*usage: desk' "wrong usage: ${arguments:-nothing}"
done
desk list --dbname 'dbname=none_such'
like "$status: $errors" '^1: desk: .*none_such' "no such database"

# ------------------------------------------------------------------
# Changes
# ------------------------------------------------------------------

desk confirm "$id" --actor usr_2
is "$(get '{confirmed}')" true "confirmed"
desk reschedule "$id" --start '2026-03-02 08:30Z'
result 3 "desk: this time is taken: blue from 2026-03-02 08:45 to 2026-03-02 09:15 by appointment $next" \
	"what is in the way of a move is told"
desk reschedule "$id" --start '2026-03-02 15:00Z' --actor usr_3
is "$(get '{starts_at}') $(get '{ends_at}') $(get '{confirmed}')" \
	"2026-03-02T15:00:00Z 2026-03-02T15:45:00Z false" "moved, with its length, and to be confirmed again"
desk reschedule "$id" --start '2026-03-02 16:00Z' --minutes 60
is "$(get '{starts_at}') $(get '{ends_at}')" "2026-03-02T16:00:00Z 2026-03-02T17:00:00Z" "moved, with another length"
desk cancel "$id" --actor usr_4 --reason ill --note 'has a cold'
is "$(get '{status}') $(get '{cancellation_reason_id}')" "cancelled ill" "cancelled"
desk book --start '2026-03-02 16:30Z' --room blue
result 0 "" "its time is free again"
desk show "$id" --format avon
is "$(psql -X -q -A -t -v doc="$output" <<<"SELECT string_agg(h ->> 'status' || ' ' || coalesce(h ->> 'changed_by', '-'), ', ')
	FROM json_array_elements(:'doc'::json -> 'status_history') AS h")" \
	"scheduled usr_1, scheduled usr_2, scheduled usr_3, scheduled -, cancelled usr_4" "the history tells who"

# ------------------------------------------------------------------
# A clerk who sees only some, and two who race
# ------------------------------------------------------------------

trap 'psql -X -q -c "DROP OWNED BY clients_clerk" -c "DROP ROLE clients_clerk" >/dev/null 2>&1; tap_stop_servers' EXIT
psql -X -q -v ON_ERROR_STOP=1 <<'END'
SET client_min_messages = warning;
DROP ROLE IF EXISTS clients_clerk;
CREATE ROLE clients_clerk LOGIN;
GRANT USAGE ON SCHEMA desk, ext TO clients_clerk;
GRANT SELECT, INSERT, UPDATE ON desk.booked TO clients_clerk;
ALTER TABLE desk.booked ENABLE ROW LEVEL SECURITY;
SET search_path = desk, ext;
CREATE POLICY one_practitioner ON booked USING (a ->> 'practitioner_id' = 'pra_9');
END
desk book --dbname user=clients_clerk --start '2026-03-02 12:30Z' --practitioner pra_9 --room green
result 0 "" "a clerk books"
desk book --dbname user=clients_clerk --start '2026-03-02 12:30Z' --practitioner pra_9 --items blue,pra_1
result 3 "desk: this time is taken, by an appointment that you may not see" \
	"and is told no more than may be seen"
desk show "$event_id" --dbname user=clients_clerk
result 4 "desk: there is no such appointment" "another practitioner's is not there"
desk book --dbname user=clients_clerk --start '2026-03-02 21:00Z' --practitioner pra_1
like "$status: $errors" '^1: desk: new row violates row-level security' "nor can be booked"

race=()
for n in $(seq 8); do
	"$SCRATCH/desk" book --start '2026-03-05 09:00Z' --room blue --client "cli_$n" \
		>"$SCRATCH/race.$n" 2>/dev/null &
	race+=($!)
done
statuses=
for pid in "${race[@]}"; do
	status=0
	wait "$pid" || status=$?
	statuses+="$status "
done
is "$(tr ' ' '\n' <<<"$statuses" | sort | xargs)" "0 3 3 3 3 3 3 3" "of eight desks at once one gets the room"
is "$(cat "$SCRATCH"/race.* | grep -c .)" 1 "and prints it"

# without the guard the constraint tells
sql "DROP TRIGGER zz_guard ON desk.booked"
desk book --start '2026-03-05 09:00Z' --room blue
result 3 "desk: this time is taken" "without the guard a double booking is told in short"

done_testing
