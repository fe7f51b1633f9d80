#!/bin/bash
#
# run_demo.sh
#		Show test/tour.sql, or all of test/demo.sql with FULL=yes, as a guided
#		tour on the private server: its comments as narrative, each statement,
#		then its result.
#
# psql's own commands in the script work without a trace.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh" inside

bold='' plain=''
if [ -t 1 ]; then
	bold=$'\033[1m' plain=$'\033[0m'
fi
script=test/tour.sql
if [ "${FULL:-no}" = yes ]; then
	script=test/demo.sql
fi

createdb demo
# psql swallows empty lines, so they go in as a command (which would be wrong
# inside a literal).
sed 's/^$/\\echo/' "$script" |
	psql -X -q -a -v ON_ERROR_STOP=1 -P pager=off -d demo 2>&1 |
	sed -u -e '/^\\/d' -e "s/^--\( \(.*\)\)\{0,1\}\$/$bold\2$plain/" | cat -s
