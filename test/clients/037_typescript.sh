#!/bin/bash
#
# The types of clients/typescript: made from the catalogue of fields, accepted
# by TypeScript, and those of the server

. test/clients/lib.sh

need_node typescript pg appointment-client
make_tables tools.sql
node clients/typescript/generate.js --check || { fail "fields.d.ts is up to date"; done_testing; }
grep -q "^  \"version\": \"$(sed -n 's/^\t"version": "\(.*\)",$/\1/p' META.json | head -n 1)\",$" clients/typescript/package.json ||
	{ fail "the package has the extension's version"; done_testing; }
compile_ts typescript || { fail "typescript.ts compiles"; done_testing; }
exec node test/clients/typescript.js
