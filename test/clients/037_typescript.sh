#!/bin/bash
#
# The types of clients/typescript: made from the catalogue of fields, accepted
# by TypeScript, and those of the server

. test/clients/lib.sh

need_node typescript pg appointment-client
make_tool_tables
node clients/typescript/generate.js --check || { fail "fields.d.ts is up to date"; done_testing; }
compile_ts typescript || { fail "typescript.ts compiles"; done_testing; }
exec node test/clients/typescript.js
