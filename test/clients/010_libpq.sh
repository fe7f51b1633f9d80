#!/bin/bash
#
# libpq: binary values, pipeline mode, the fields of an error, cancel.

. test/clients/lib.sh

need "a C compiler" "${CC:-gcc}" --version
make_tables
compile libpq || { fail "libpq.c compiles"; done_testing; }
exec "$SCRATCH/libpq"
