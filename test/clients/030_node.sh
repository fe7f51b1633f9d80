#!/bin/bash
#
# Node.js with pg

. test/clients/lib.sh

need "Node.js with pg" node -e 'require("./test/clients/node_modules/pg")'
make_tables
exec node test/clients/node.js
