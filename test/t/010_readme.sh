#!/bin/bash
#
# The README cannot rot: its SQL runs, in order and in one session, in a new
# database, and gives the output that it shows; and everything that the
# extension has is in it.
#
# A block "sql" is run; one "sql error" has to fail.  A block "text" right
# behind it is what psql prints, but for the count of rows and spaces at the
# end of lines.

. test/tap.sh

readme=README.md

# Cut the blocks out: NUMBER.sql, and NUMBER.out if the output is shown; one
# line "NUMBER KIND LINE" for each.
awk -v dir="$SCRATCH" '
	/^```/ && !inside {
		inside = 1
		kind = substr($0, 4)
		file = ""
		if (kind == "sql" || kind == "sql error") {
			n++
			file = dir "/" n ".sql"
			print n, (kind == "sql" ? "ok" : "error"), NR
		} else if (kind == "text" && n > 0 && NR <= last + 2)
			file = dir "/" n ".out"
		next
	}
	/^```/ {
		inside = 0
		if (file ~ /sql$/)
			last = NR
		next
	}
	inside && file != "" { print > file }
' "$readme" >"$SCRATCH/blocks"

while read -r number kind _; do
	printf '\\echo @@ %s\n' "$number"
	[ "$kind" = ok ] || printf '\\set ON_ERROR_STOP off\n'
	cat "$SCRATCH/$number.sql"
	printf '\\set ON_ERROR_STOP on\n'
done <"$SCRATCH/blocks" >"$SCRATCH/all.sql"

PGTZ=UTC psql -X -q -v ON_ERROR_STOP=1 -P footer=off -P pager=off \
	<"$SCRATCH/all.sql" >"$SCRATCH/all.out" 2>&1
status=$?

is "$status" 0 "the SQL of the README runs to its end"
is "$(grep -c . "$SCRATCH/blocks")" "$(grep -c '^@@ ' "$SCRATCH/all.out")" \
	"all of its blocks were run"
[ "$status" = 0 ] || tail -n 5 "$SCRATCH/all.out" | sed 's/^/# /'

while read -r number kind line; do
	got=$(awk -v n="$number" '/^@@ / { on = $2 == n; next } on' \
		"$SCRATCH/all.out" | sed -e 's/ *$//' -e '/^$/d')
	if [ "$kind" = error ]; then
		like "$got" '^ERROR:' "the block at line $line fails"
	elif grep -q '^ERROR:' <<<"$got"; then
		fail "the block at line $line runs"
	fi
	if [ -e "$SCRATCH/$number.out" ]; then
		is "$got" "$(sed -e 's/ *$//' -e '/^$/d' "$SCRATCH/$number.out")" \
			"the block at line $line prints what it shows"
	fi
done <"$SCRATCH/blocks"

# complete WHAT NAMES: each name stands in the README as code, on its own or
# with arguments
complete()
{
	local missing='' count=0 name
	while IFS= read -r name; do
		[ -n "$name" ] || continue
		count=$((count + 1))
		grep -qF -e "\`$name\`" -e "\`$name(" "$readme" || missing+=" $name"
	done <<<"$2"
	is "$count$missing" "$count" "$1 are in the README"
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
complete "all functions" "$(objects pg_proc o.proname)"
complete "all types" "$(sql "SELECT typname FROM pg_type
	WHERE typnamespace = 'ext'::regnamespace AND typcategory <> 'A'")"
complete "all operators" "$(objects pg_operator o.oprname)"
complete "all operator classes" "$(objects pg_opclass o.opcname)"
complete "all relations" "$(objects pg_class o.relname; echo appointment)"
is "$(objects pg_cast "o.castsource::regtype || '::' || o.casttarget::regtype" |
	LC_ALL=C sort | xargs)" \
	"appointment::json appointment::jsonb appointment_event::json appointment_event::jsonb json::appointment json::appointment_event jsonb::appointment jsonb::appointment_event" \
	"the casts are those of the README"
complete "all settings" "$(sql "SELECT appointment_formats()" >/dev/null
	psql -X -q -A -t -c "LOAD 'appointment'" \
		-c "SELECT name FROM pg_settings WHERE name LIKE 'appointment.%'")"
complete "all options" "$(sql "SELECT appointment_from_json('{}', 'avon',
	'{\"no such option\": 1}')" | sed -n 's/^HINT:  The options are: \(.*\)\.$/\1/p' |
	sed 's/, /\n/g')"
complete "all formats" "$(sql "SELECT format FROM appointment_formats()")"
complete "all status words" "$(sql "SELECT DISTINCT unnest(statuses)
	FROM appointment_formats() WHERE closed OR format = 'sqod'")"
complete "all fields" "$(sql "SELECT field FROM appointment_fields()
	UNION SELECT field FROM appointment_event_fields()")"
complete "all codes of problems" "$(sed -n 's/.*PROBLEM([A-Z_]*, "\(.*\)").*/\1/p' \
	src/problem.h)"

# Links within the README lead to its headings.
headings=$(sed -n 's/^##* //p' "$readme" | tr '[:upper:]' '[:lower:]' |
	sed -e 's/[^a-z0-9 _-]//g' -e 's/ /-/g')
while IFS= read -r anchor; do
	grep -qxF -- "$anchor" <<<"$headings" || fail "there is a heading #$anchor"
done < <(grep -o '](#[^)]*)' "$readme" | sed 's/](#\(.*\))/\1/' | sort -u)

# What PGXN is told agrees with the extension.
version=$(sql "SELECT extversion FROM pg_extension WHERE extname = 'appointment'")
meta=$(psql -X -q -A -t -F ' ' -v meta="$(cat META.json)" <<-'END'
	SELECT m ->> 'name', m ->> 'version', m #>> '{provides,appointment,version}',
		m #>> '{provides,appointment,file}' FROM (SELECT :'meta'::jsonb) AS x (m)
END
)
is "$meta" "appointment $version.0 $version.0 sql/appointment--$version.sql" \
	"META.json has the extension's name, version and script"
ok "the changelog has the version" grep -q "^## $version\.0 " CHANGELOG.md

done_testing
