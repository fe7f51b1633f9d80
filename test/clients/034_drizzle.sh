#!/bin/bash
#
# Node.js with Drizzle, in TypeScript

. test/clients/lib.sh

need_node drizzle-orm typescript appointment-client
make_tool_tables
compile_ts drizzle || { fail "drizzle.ts compiles"; done_testing; }
exec node "$SCRATCH/drizzle.js"
