#!/bin/bash
#
# PostGraphile 4

. test/clients/lib.sh

need_node postgraphile appointment-client
make_tool_tables
exec node test/clients/postgraphile.js
