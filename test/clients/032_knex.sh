#!/bin/bash
#
# Node.js with Knex

. test/clients/lib.sh

need_node knex appointment-client
make_tool_tables
exec node test/clients/knex.js
