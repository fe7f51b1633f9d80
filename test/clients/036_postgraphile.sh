#!/bin/bash
#
# PostGraphile 4

. test/clients/lib.sh

need_node postgraphile appointment-client
make_tables tools.sql
exec node test/clients/postgraphile.js
