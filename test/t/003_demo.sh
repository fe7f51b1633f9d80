#!/bin/bash
#
# What "make demo" shows runs to its end, the short tour and the full one.

. test/lib/tap.sh

for tour in tour demo; do
	sql "CREATE DATABASE $tour" >/dev/null
	PGDATABASE=$tour ok "test/$tour.sql" psql -X -q -v ON_ERROR_STOP=1 -f "test/$tour.sql"
	sql "DROP DATABASE $tour" >/dev/null
done

done_testing
