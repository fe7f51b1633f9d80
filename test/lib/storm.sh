# shellcheck shell=bash
#
# storm.sh
#		Many clients at once, for the TAP tests.  Sourced after tap.sh, never run.

# storm NAME: 8 clients run the pgbench script of the input for STORM seconds; an
# error ends a client, a deadlock is a failed transaction, and both are failures
# of the test
storm()
{
	local status=0 log=$SCRATCH/$1.log count failed
	cat >"$SCRATCH/$1.sql"
	pgbench -n -c 8 -j 2 -T "${STORM:-4}" --random-seed=1 -f "$SCRATCH/$1.sql" >"$log" 2>&1 || status=$?
	count=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$log")
	failed=$(sed -n 's/^number of failed transactions: \([0-9]*\).*/\1/p' "$log")
	is "$status ${failed:-?}" "0 0" "$1: none of $count fails"
	grep -m 5 -iE 'error|deadlock' "$log" | sed 's/^/# /'
}
