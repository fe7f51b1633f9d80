#!/bin/bash
#
# Node.js with Kysely, in TypeScript

. test/clients/lib.sh

need_node kysely typescript appointment-client
make_tool_tables
compile_ts kysely || { fail "kysely.ts compiles"; done_testing; }
exec node "$SCRATCH/kysely.js"
