#!/bin/bash
#
# A dump restores into an empty database of another server, also by an
# ordinary user who owns it, with the extension in a schema of its own.

. test/lib/tap.sh

sql "CREATE ROLE owner LOGIN" >/dev/null
sql "CREATE SCHEMA ext; CREATE EXTENSION appointment SCHEMA ext" >/dev/null
pg_dump -Fc -f "$SCRATCH/dump"

new_server restored || exit
sql "CREATE ROLE owner LOGIN" >/dev/null
sql "CREATE DATABASE restored OWNER owner" >/dev/null
ok "the dump restores as the database's owner" \
	pg_restore --no-owner -U owner -d restored --exit-on-error "$SCRATCH/dump"
is "$(sql "SELECT extnamespace::regnamespace FROM pg_extension
	WHERE extname = 'appointment'" -d restored)" \
	"ext" "the extension is in its schema again"

done_testing
