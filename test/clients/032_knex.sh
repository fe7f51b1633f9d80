#!/bin/bash
#
# Node.js with Knex

. test/clients/lib.sh

need_node knex appointment-client
make_tables tools.sql
exec node test/clients/knex.js
