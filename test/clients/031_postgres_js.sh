#!/bin/bash
#
# Node.js with postgres.js

. test/clients/lib.sh

need_node postgres appointment-client
make_tool_tables
exec node test/clients/postgres_js.js
