#!/bin/bash
#
# The documentation cannot rot: the SQL of README.md and doc/*.md runs and gives
# the output that is shown there, each chapter by itself; everything that the
# extension has is described; links lead somewhere.
#
# A chapter begins with a heading "## ".  It runs in a database of its own that
# has the extension in schema ext, with ext in the search path; one that says
# CREATE EXTENSION starts without.  A page with a line "<!-- one path -->" is one
# chapter.
#
# A block "sql" is run; one "sql error" has to fail.  A block "text" right
# behind it is what psql prints, but for the count of rows and spaces at the
# end of lines.
#
# PAGES="doc/a.md ..." looks only at the blocks of these pages.

. test/lib/tap.sh

# cut PAGE DIRECTORY: its chapters, one line "CHAPTER LINE" each; their blocks,
# CHAPTER.NUMBER.sql, CHAPTER.NUMBER.out if the output is shown, and a line
# "NUMBER KIND LINE" for each in CHAPTER.blocks
cut_page()
{
	awk -v dir="$2" '
		/^<!-- one path -->$/ { one = 1 }
		/^## / && !inside && !one { chapter = 0 }
		/^```/ && !inside {
			inside = 1
			kind = substr($0, 4)
			file = ""
			if (kind == "sql" || kind == "sql error") {
				if (!chapter) {
					chapter = ++chapters
					n = 0
					print chapter, NR
				}
				file = dir "/" chapter "." (++n) ".sql"
				print n, (kind == "sql" ? "ok" : "error"), NR \
					> (dir "/" chapter ".blocks")
			} else if (kind == "text" && chapter && n > 0 && NR <= last + 2)
				file = dir "/" chapter "." n ".out"
			next
		}
		/^```/ {
			inside = 0
			if (file ~ /sql$/)
				last = NR
			next
		}
		inside && file != "" { print > file }
	' "$1"
}

# run_chapter PAGE LINE PREFIX: its blocks in one session of a new database
run_chapter()
{
	local page=$1 start=$2 prefix=$3 template=documentation_ext path='' database
	local number kind line got status
	database=chapter_$((++databases))
	if grep -qi 'CREATE EXTENSION' "$prefix".*.sql; then
		template=template0
	else
		path='SET search_path = public, ext;'
	fi
	while read -r number kind _; do
		printf '\\echo @@ %s\n' "$number"
		[ "$kind" = ok ] || printf '\\set ON_ERROR_STOP off\n'
		cat "$prefix.$number.sql"
		printf '\\set ON_ERROR_STOP on\n'
	done <"$prefix.blocks" >"$prefix.all.sql"
	# copying files is twice as fast here as the default, writing them to the log
	sql "CREATE DATABASE $database TEMPLATE $template STRATEGY file_copy" >/dev/null
	PGTZ=UTC PGDATABASE=$database psql -X -q -v ON_ERROR_STOP=1 -P footer=off \
		-P pager=off <<<"$path $(cat "$prefix.all.sql")" >"$prefix.all.out" 2>&1
	status=$?
	if [ "$status" = 0 ]; then
		pass "$page, line $start: the chapter runs to its end"
	else
		fail "$page, line $start: the chapter runs to its end"
		tail -n 5 "$prefix.all.out" | sed 's/^/# /'
	fi
	while read -r number kind line; do
		got=$(awk -v n="$number" '/^@@ / { on = $2 == n; next } on' \
			"$prefix.all.out" | sed -e 's/ *$//' -e '/^$/d')
		if [ "$kind" = error ]; then
			[[ $got =~ ERROR: ]] || fail "$page: the block at line $line fails"
		elif grep -q '^ERROR:' <<<"$got"; then
			fail "$page: the block at line $line runs"
		fi
		if [ -e "$prefix.$number.out" ]; then
			is "$got" "$(sed -e 's/ *$//' -e '/^$/d' "$prefix.$number.out")" \
				"$page: the block at line $line prints what it shows"
		fi
	done <"$prefix.blocks"
	sql "DROP DATABASE $database" >/dev/null
}

databases=0
main=$PGDATABASE
sql "CREATE DATABASE documentation_ext" >/dev/null
PGDATABASE=documentation_ext sql "CREATE SCHEMA ext;
	CREATE EXTENSION appointment SCHEMA ext" >/dev/null
for page in ${PAGES:-README.md doc/*.md}; do
	directory=$SCRATCH/${page//\//_}
	mkdir "$directory"
	while read -r chapter start; do
		run_chapter "$page" "$start" "$directory/$chapter" </dev/null
	done < <(cut_page "$page" "$directory")
done
sql "DROP DATABASE documentation_ext" >/dev/null
[ -z "${PAGES:-}" ] || done_testing

# ------------------------------------------------------------------
# Everything is described
# ------------------------------------------------------------------

export PGDATABASE=$main
sql "CREATE SCHEMA ext; CREATE EXTENSION appointment SCHEMA ext" >/dev/null
reference=doc/reference.md

# complete WHAT NAMES PAGE: each name stands in the page as code, on its own or
# with arguments
complete()
{
	local missing='' count=0 name
	while IFS= read -r name; do
		[ -n "$name" ] || continue
		count=$((count + 1))
		grep -qF -e "\`$name\`" -e "\`$name(" "$3" || missing+=" $name"
	done <<<"$2"
	is "$count$missing" "$count" "$1 are in $3"
	[ "$count" -gt 0 ] || fail "there are $1"
}

# objects CATALOGUE NAME-EXPRESSION: what belongs to the extension
objects()
{
	sql "SELECT DISTINCT $2 FROM pg_depend d JOIN $1 o ON o.oid = d.objid
		WHERE d.classid = '$1'::regclass AND d.deptype = 'e'
			AND d.refclassid = 'pg_extension'::regclass
			AND d.refobjid = (SELECT oid FROM pg_extension
				WHERE extname = 'appointment')"
}

export PGOPTIONS='-c search_path=public,ext'
# One heading a function; what only the server calls is in a table.
missing=
while IFS= read -r name; do
	grep -qxE -e "###* \`?$name\`?" -e "\|.*\`$name\`.*\|" "$reference" || missing+=" $name"
done < <(objects pg_proc o.proname)
is "$missing" "" "every function has a heading in $reference"
complete "all types" "$(sql "SELECT typname FROM pg_type
	WHERE typnamespace = 'ext'::regnamespace AND typcategory <> 'A'")" "$reference"
complete "all operators" "$(objects pg_operator o.oprname)" "$reference"
complete "all operator classes" "$(objects pg_opclass o.opcname)" "$reference"
complete "all relations" "$(objects pg_class o.relname; echo appointment)" "$reference"
is "$(objects pg_cast "o.castsource::regtype || '::' || o.casttarget::regtype" |
	LC_ALL=C sort | xargs)" \
	"appointment::json appointment::jsonb appointment_event::json appointment_event::jsonb json::appointment json::appointment_event jsonb::appointment jsonb::appointment_event" \
	"the casts are those of the reference"
complete "all settings" "$(sql "SELECT appointment_formats()" >/dev/null
	psql -X -q -A -t -c "LOAD 'appointment'" \
		-c "SELECT name FROM pg_settings WHERE name LIKE 'appointment.%'")" "$reference"
complete "all options" "$(sql "SELECT appointment_from_json('{}', 'avon',
	'{\"no such option\": 1}')" | sed -n 's/^HINT:  The options are: \(.*\)\.$/\1/p' |
	sed 's/, /\n/g')" "$reference"
complete "all formats" "$(sql "SELECT format FROM appointment_formats()")" doc/formats.md
complete "all status words" "$(sql "SELECT DISTINCT unnest(statuses)
	FROM appointment_formats() WHERE closed OR format = 'sqod'")" doc/formats.md
complete "all fields" "$(sql "SELECT field FROM appointment_fields()
	UNION SELECT field FROM appointment_event_fields()")" "$reference"
complete "all codes of problems" "$(find src -name problem.h -exec \
	sed -n 's/.*PROBLEM([A-Z_]*, "\(.*\)").*/\1/p' {} +)" doc/errors.md

# ------------------------------------------------------------------
# Links lead to pages and headings, and the README to every page
# ------------------------------------------------------------------

# anchors PAGE: of its headings
anchors()
{
	awk '/^```/ { inside = !inside } /^#/ && !inside' "$1" | sed 's/^##* //' |
		tr '[:upper:]' '[:lower:]' | sed -e 's/[^a-z0-9 _-]//g' -e 's/ /-/g'
}

# Not those of code, as in "a[0](b)"
while read -r page link; do
	path=${link%%#*}
	anchor=${link#"$path"}
	target=$page
	[ -z "$path" ] || target=$(dirname "$page")/$path
	if [ ! -e "$target" ]; then
		fail "$page: there is $link"
	elif [ -n "$anchor" ] && ! grep -qxF -- "${anchor#\#}" <<<"$(anchors "$target")"; then
		fail "$page: there is a heading $link"
	fi
done < <(for page in README.md CONTRIBUTING.md SECURITY.md doc/*.md; do
	[ -e "$page" ] || continue
	# shellcheck disable=SC2016
	awk '/^```/ { inside = !inside } !inside' "$page" | sed 's/`[^`]*`//g' |
		grep -oE '\]\([^) ]+\)' | sed -E 's/^\]\((.*)\)$/\1/' |
		grep -vE '^[a-z]+:' | sort -u | sed "s|^|$page |"
done)
for page in doc/*.md; do
	grep -qF "]($page" README.md || fail "README.md leads to $page"
done
is "$(($(wc -l <README.md) <= 450))" 1 "README.md is a door: at most 450 lines"

# ------------------------------------------------------------------
# What PGXN is told agrees with the extension
# ------------------------------------------------------------------

version=$(sql "SELECT extversion FROM pg_extension WHERE extname = 'appointment'")
meta=$(psql -X -q -A -t -F ' ' -v meta="$(cat META.json)" <<-'END'
	SELECT m ->> 'name', m ->> 'version', m #>> '{provides,appointment,version}'
		FROM (SELECT :'meta'::jsonb) AS x (m)
END
)
is "$meta" "appointment $version.0 $version.0" \
	"META.json has the extension's name and version"
ok "the changelog has the version" grep -q "^## $version\.0 " CHANGELOG.md

done_testing
