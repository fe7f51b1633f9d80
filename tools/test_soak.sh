#!/bin/bash
#
# test_soak.sh [SECONDS]
#		Many clients book, cancel, reschedule, confirm and read while the server
#		is killed again and again; then everything that was acknowledged has to
#		be there, and nothing is booked twice.  A minute by default.
#
#	SEED			of the choices, printed; a fixed one by default
#	SOAK_CLIENTS	24
#
# The private server writes to disk as a real one does.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export ASSERTS=${ASSERTS:-yes}
exec tools/private_cluster.sh -t -c fsync=on -c synchronous_commit=on \
	-c full_page_writes=on -c max_prepared_transactions=300 \
	-c deadlock_timeout=200ms -c checkpoint_timeout=30s -c max_wal_size=256MB \
	-c autovacuum_naptime=2s -c autovacuum_vacuum_cost_delay=0 \
	-c shared_buffers=64MB -c 'log_line_prefix=%m [%p] %e ' \
	-c log_error_verbosity=terse tools/run_soak.sh "${1:-60}"
