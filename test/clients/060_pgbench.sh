#!/bin/bash
#
# pgbench: clients that book, cancel, move and read, by each of the protocols

. test/clients/lib.sh

seed=20260301
make_tables
psql -X -q -v ON_ERROR_STOP=1 -f test/clients/pgbench/schema.sql

# bench DESCRIPTION TRANSACTIONS OPTION...: eight clients; nothing fails
bench()
{
	local description=$1 transactions=$2 output status=0
	shift 2
	output=$("$PG_BINDIR/pgbench" -n -c 8 -j 2 -t "$transactions" \
		--random-seed="$seed" --failures-detailed \
		-f test/clients/pgbench/book.sql@4 \
		-f test/clients/pgbench/cancel.sql@1 \
		-f test/clients/pgbench/read.sql@1 "$@" 2>&1) || status=$?
	is "$status" 0 "$description: no client is aborted (seed $seed)"
	like "$output" "number of transactions actually processed: $((8 * transactions))/" \
		"$description: all transactions are done"
	like "$output" $'\nnumber of failed transactions: 0 ' "$description: none has failed"
	[ "$status" = 0 ] || printf '%s\n' "$output" | sed 's/^/#   /'
	is "$(overlaps booking_no_overlap) $(overlaps booking_skip_held) $(overlaps booking_nothing_no_overlap)" \
		"0 0 0" "$description: nothing overlaps"
}

for protocol in simple extended prepared; do
	sql "TRUNCATE booking, booking_skip, booking_nothing RESTART IDENTITY"
	bench "$protocol" 300 -M "$protocol"
done
# What two transactions change at once is tried again.
sql "TRUNCATE booking, booking_skip, booking_nothing RESTART IDENTITY"
PGOPTIONS='-c default_transaction_isolation=repeatable\ read' \
	bench "repeatable read" 300 -M prepared --max-tries=1000

# The runs have done what they are for.
for what in "booking WHERE status = 'scheduled'" \
	"booking WHERE status = 'cancelled' AND booked_by LIKE 'client %'" \
	booking_skip booking_nothing; do
	is "$(sql "SELECT count(*) > 10 FROM $what")" t "there are rows: $what"
done
is "$(sql "SELECT count(*) FROM pg_locks WHERE locktype = 'userlock'")" 0 \
	"no lock of the guard is left"

done_testing
