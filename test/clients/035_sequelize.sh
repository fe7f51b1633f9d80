#!/bin/bash
#
# Node.js with Sequelize

. test/clients/lib.sh

need_node sequelize appointment-client
make_tool_tables
exec node test/clients/sequelize.js
