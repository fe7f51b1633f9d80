#!/bin/bash
#
# pg_upgrade.sh VERSION...
#		pg_upgrade of a database with everything of the extension in use, from
#		each version to the next, and from the oldest to the newest: it works
#		and is dumped as before, and no index was built again.
#
# tools/test_upgrade.sh runs it, where Debian's servers of all of the versions
# are and the extension is installed for each.

. test/lib/tap.sh

servers=/usr/lib/postgresql

# connect VERSION DATA-DIRECTORY: to its database
connect()
{
	PG_BINDIR=$servers/$1/bin
	start_server "$2" || exit
	export PGDATABASE=life PGUSER=postgres
}

stop()
{
	"$PG_BINDIR/pg_ctl" -D "$1" -w -m fast stop >/dev/null || fail "$1 stops"
}

# make VERSION NAME: an empty cluster; all are as the newest are by default
make_cluster()
{
	"$servers/$1/bin/initdb" -D "$SCRATCH/$2" -U postgres -A trust -E UTF8 \
		--no-locale --data-checksums --no-sync >/dev/null || exit
	printf '%s\n' "listen_addresses = ''" "port = 65432" "fsync = off" \
		"unix_socket_directories = '$SCRATCH/$2'" >>"$SCRATCH/$2/postgresql.conf"
}

# What is to stay the same: the answers, the dump by the newest pg_dump with
# the order of rows left out, the files of the tables and indexes, and what the
# catalogs say of the extension.
answers()
{
	psql -X -v ON_ERROR_STOP=1 -f test/lib/life_check.sql 2>&1
}

dump()
{
	"$servers/$newest/bin/pg_dump" |
		# 15 writes a view's column with its only table
		sed -E '/^\\(un)?restrict /d; /^-- Dumped (from|by) /d; s/\<document\.//g' | sort
}

files()
{
	sql "SELECT relname, relfilenode FROM pg_class WHERE relnamespace IN ('app'::regnamespace, 'ext'::regnamespace)
		AND relkind IN ('r', 'i') AND relfilenode <> 0 ORDER BY relname"
}

catalogs()
{
	psql -X -v ON_ERROR_STOP=1 -v extension=appointment -f test/lib/catalogs.sql 2>&1 |
		# the user's own rows and privileges are no part of it
		grep -vE '^row\|.*clinic|^relation\|ext.appointment_lifecycle\||^function\|ext.appointment_erase\('
}

# upgrade FROM OLD-NAME TO NEW-NAME OPTION...: and look at what comes out
upgrade()
{
	local from=$1 old=$2 to=$3 new=$4 what="$1 to $3${5:+ ($5)}" dump_was files_were answers_were
	local line
	shift 4
	connect "$from" "$SCRATCH/$old"
	answers_were=$(answers)
	dump_was=$(dump)
	files_were=$(files)
	stop "$SCRATCH/$old"

	make_cluster "$to" "$new"
	mkdir -p "$SCRATCH/work"
	ok "$what" env -C "$SCRATCH/work" -u PGHOST -u PGPORT -u PGDATABASE -u PGUSER \
		"$servers/$to/bin/pg_upgrade" -U postgres -b "$servers/$from/bin" -B "$servers/$to/bin" \
		-d "$SCRATCH/$old" -D "$SCRATCH/$new" -s "$SCRATCH/work" "$@"

	connect "$to" "$SCRATCH/$new"
	is "$(sql "SHOW server_version_num" | cut -c 1-2)" "$to" "$what: the server is new"
	is "$(files)" "$files_were" "$what: tables and indexes are in the files that they were in"
	ok "$what: a dump is the same" diff <(echo "$dump_was") <(dump)
	while IFS= read -r line; do
		case $line in
			'ok - '*) pass "$what: ${line#ok - }" ;;
			end) ;;
			*) fail "$what: ${line#not ok - }" ;;
		esac
	done < <(answers)
	is "$(answers)" "$answers_were" "$what: all answers are the same"
	is "$(sql "ALTER EXTENSION appointment UPDATE" | head -n 1)" \
		"NOTICE:  00000: version \"1.0\" of extension \"appointment\" is already installed" \
		"$what: the extension is up to date"
	catalogs >"$SCRATCH/catalogs"
	sql "CREATE DATABASE fresh TEMPLATE template0" >/dev/null
	PGDATABASE=fresh sql "CREATE SCHEMA ext; CREATE EXTENSION appointment SCHEMA ext" >/dev/null
	ok "$what: it is as if installed new" diff <(PGDATABASE=fresh catalogs) "$SCRATCH/catalogs"
	sql "DROP DATABASE fresh" >/dev/null
	for line in held_o document_a event_e; do
		sql "CREATE EXTENSION IF NOT EXISTS amcheck" >/dev/null
		ok "$what: amcheck of $line" sql "SELECT bt_index_check('app.$line', true)"
	done
	sql "DROP EXTENSION amcheck" >/dev/null
	stop "$SCRATCH/$new"
}

oldest=$1
newest=${*: -1}
make_cluster "$oldest" first
PG_BINDIR=$servers/$oldest/bin
start_server "$SCRATCH/first" || exit
createdb -U postgres -T template0 life
export PGDATABASE=life PGUSER=postgres
ok "a database with everything" psql -X -f test/lib/life.sql
stop "$SCRATCH/first"


from=$oldest
old=first
for to in "${@:2}"; do
	# the last by links: the old files become the new ones
	if [ "$to" = "$newest" ]; then
		upgrade "$oldest" first "$to" directly --copy
		upgrade "$from" "$old" "$to" "by_$to" --link
	else
		upgrade "$from" "$old" "$to" "by_$to" --copy
	fi
	from=$to
	old=by_$to
done

done_testing
