#!/bin/bash
#
# A database with everything of the extension in use (test/lib/life.sql) is
# dumped and restored in every way: a dump of the copy is the same, and all of
# it works there.

. test/lib/tap.sh

ask()
{
	psql -X -v ON_ERROR_STOP=1 -d "$1" -f test/lib/life_check.sql 2>&1
}

# dump DATABASE [OPTION...]: as text, without the random keys of its \restrict
dump()
{
	pg_dump -d "$@" | sed '/^\\\(un\)\{0,1\}restrict /d'
}

# same DATABASE WHAT: it is dumped as the source is; rows may lie in another order
same()
{
	ok "$2: a dump of the copy is the same" \
		diff <(dump source | sort) <(dump "$1" | sort)
	ok "$2: in the same order" \
		diff <(dump source --schema-only) <(dump "$1" --schema-only)
}

# works DATABASE WHAT
works()
{
	is "$(ask "$1")" "$answers" "$2: all of it works"
}

# create DATABASE: an empty one, whose sessions have no search_path
create()
{
	sql "CREATE DATABASE \"$1\" TEMPLATE template0" >/dev/null
	sql "ALTER DATABASE \"$1\" SET search_path = ''" >/dev/null
}

new_server source || exit
create source
ok "a database with everything" psql -X -d source -f test/lib/life.sql
answers=$(ask source)
while IFS= read -r line; do
	case $line in
		'ok - '*) pass "${line#ok - }" ;;
		end) ;;
		*) fail "${line#not ok - }" ;;
	esac
done <<<"$answers"
is "$(tail -n 1 <<<"$answers")" end "every question was answered"

dump source >"$SCRATCH/source.sql"
create plain
ok "plain text" psql -X -q -v ON_ERROR_STOP=1 -d plain -f "$SCRATCH/source.sql" -o /dev/null
same plain "plain text"
works plain "plain text"

create inserts
dump source --column-inserts --rows-per-insert=100 >"$SCRATCH/inserts"
ok "INSERT statements" psql -X -q -v ON_ERROR_STOP=1 -d inserts -f "$SCRATCH/inserts" -o /dev/null
same inserts "INSERT statements"
works inserts "INSERT statements"

pg_dump -Fc -f "$SCRATCH/custom" source
create custom
ok "custom format" pg_restore -d custom --exit-on-error "$SCRATCH/custom"
same custom "custom format"
works custom "custom format"

pg_dump -Fd -j 2 -f "$SCRATCH/directory" source
create parallel
# In one go, a partitioned table's triggers may be there before its rows: it has
# no data of its own that they would wait for.
for section in pre-data data post-data; do
	ok "directory, two jobs: $section" pg_restore -j 2 --section="$section" -d parallel --exit-on-error "$SCRATCH/directory"
done
same parallel "directory, two jobs"
works parallel "directory, two jobs"

# A schema first and its data later, when triggers are there already: they
# would take the rows for new ones.
create data
ok "the schema alone" pg_restore --schema-only -d data --exit-on-error "$SCRATCH/custom"
like "$(pg_restore --data-only -d data --exit-on-error "$SCRATCH/custom" 2>&1)" \
	"unknown life cycle \"clinic\"|cannot be the first" "data into a schema with triggers has to pass them"
sql "DROP DATABASE data" >/dev/null
create data
pg_restore --schema-only -d data --exit-on-error "$SCRATCH/custom"
ok "the data alone, with triggers disabled" \
	pg_restore --data-only --disable-triggers -d data --exit-on-error "$SCRATCH/custom"
sql "REFRESH MATERIALIZED VIEW app.busy" -d data >/dev/null
# This way of pg_restore leaves no trigger enabled "always".
is "$(sql "SELECT string_agg(tgname, ' ' ORDER BY tgname) FROM pg_trigger
	WHERE tgrelid = 'ext.appointment_lifecycle'::regclass AND tgenabled = 'O'" -d data)" \
	"changed changed_rows protect protect_all" "the life cycles' triggers are as any now"
sql "ALTER TABLE app.visit_1 ENABLE ALWAYS TRIGGER zz_guard;
	ALTER TABLE ext.appointment_lifecycle ENABLE ALWAYS TRIGGER changed,
		ENABLE ALWAYS TRIGGER changed_rows, ENABLE ALWAYS TRIGGER protect" -d data >/dev/null
same data "schema and data apart"
works data "schema and data apart"

done_testing
