#!/bin/bash
#
# META.json is what PGXN's specification 1.0.0 asks for, and agrees with the
# control file, the changelog, the Makefile and Debian's changelog.  The
# specification's rules are below; nothing is looked up elsewhere.

. test/lib/tap.sh

psql -X -q -v ON_ERROR_STOP=1 <<'SQL'
-- Kinds of values, by the specification's names
CREATE FUNCTION is_kind(value jsonb, kind text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(CASE kind
		WHEN 'string' THEN jsonb_typeof(value) = 'string' AND value #>> '{}' <> ''
		WHEN 'strings' THEN is_kind(value, 'string') OR jsonb_typeof(value) = 'array' AND jsonb_array_length(value) > 0
			AND NOT EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE '[]' END) v WHERE NOT is_kind(v, 'string'))
		WHEN 'term' THEN jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^[^][:space:][:cntrl:]/\\]{2,}$'
		WHEN 'tag' THEN jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^[^[:cntrl:]/\\]{1,255}$'
		WHEN 'version' THEN jsonb_typeof(value) = 'string'
			AND value #>> '{}' ~ '^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-?[A-Za-z][0-9A-Za-z-]*(\.[0-9A-Za-z-]+)*)?$'
		WHEN 'range' THEN value = '0' OR is_kind(value, 'string') AND NOT EXISTS (
			SELECT FROM regexp_split_to_table(value #>> '{}', '\s*,\s*') part
			WHERE NOT is_kind(to_jsonb(regexp_replace(part, '^(==|!=|<=|>=|<|>)\s*', '')), 'version'))
		WHEN 'file' THEN jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^[^/\\].*[^/]$' AND value #>> '{}' !~ '(^|/)\.\.(/|$)'
		WHEN 'licence' THEN value #>> '{}' IN ('agpl_3', 'apache_1_1', 'apache_2_0', 'artistic_1', 'artistic_2', 'bsd', 'freebsd', 'gfdl_1_2', 'gfdl_1_3',
			'gpl_1', 'gpl_2', 'gpl_3', 'lgpl_2_1', 'lgpl_3_0', 'mit', 'mozilla_1_0', 'mozilla_1_1', 'openssl', 'perl_5', 'postgresql', 'qpl_1_0', 'ssleay', 'sun',
			'zlib', 'open_source', 'restricted', 'unrestricted', 'unknown')
		WHEN 'status' THEN value #>> '{}' IN ('stable', 'testing', 'unstable')
		WHEN 'map' THEN jsonb_typeof(value) = 'object'
		WHEN 'tags' THEN jsonb_typeof(value) = 'array' AND NOT EXISTS (
			SELECT FROM jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE '[]' END) v WHERE NOT is_kind(v, 'tag'))
		END, false) $$;

-- The members of an object: name, kind, required?
CREATE FUNCTION faults(place text, object jsonb, members text[]) RETURNS SETOF text LANGUAGE sql AS $$
	WITH allowed AS (SELECT split_part(m, ' ', 1) AS name, split_part(m, ' ', 2) AS kind, m LIKE '% required' AS required FROM unnest(members) m),
	present AS (SELECT * FROM jsonb_each(CASE jsonb_typeof(object) WHEN 'object' THEN object ELSE '{}' END))
	SELECT place || ' is no map' WHERE jsonb_typeof(object) IS DISTINCT FROM 'object'
	UNION ALL SELECT place || ' lacks ' || name FROM allowed WHERE required AND name NOT IN (SELECT key FROM present)
	UNION ALL SELECT place || ' has an unknown ' || key FROM present WHERE key NOT IN (SELECT name FROM allowed) AND key !~ '^[xX]_'
	UNION ALL SELECT place || '.' || key || ' is no ' || kind FROM present JOIN allowed ON name = key WHERE NOT is_kind(value, kind) $$;

CREATE FUNCTION meta_faults(meta jsonb) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT faults('meta', meta, '{abstract string required,maintainer strings required,license licence required,provides map required,name term required,version version required,meta-spec map required,description string,generated_by string,tags tags,no_index map,prereqs map,release_status status,resources map}')
	UNION ALL SELECT faults('meta-spec', meta -> 'meta-spec', '{version version required,url string}')
	UNION ALL SELECT 'meta-spec is not 1.0.0' WHERE meta #>> '{meta-spec,version}' IS DISTINCT FROM '1.0.0'
	UNION ALL SELECT 'meta-spec.url is another' WHERE meta #>> '{meta-spec,url}' !~ '^https?://pgxn\.org/meta/spec\.txt$'
	UNION ALL SELECT 'provides nothing' WHERE coalesce(meta -> 'provides', '{}') = '{}'
	UNION ALL SELECT faults('provides.' || key, value, '{file file required,version version required,abstract string,docfile file}') FROM jsonb_each(meta -> 'provides')
	UNION ALL SELECT 'provides.' || key || ' is no term' FROM jsonb_each(meta -> 'provides') WHERE NOT is_kind(to_jsonb(key), 'term')
	UNION ALL SELECT faults('prereqs', coalesce(meta -> 'prereqs', '{}'), '{configure map,build map,test map,runtime map,develop map}')
	UNION ALL SELECT faults('prereqs.' || key, value, '{requires map,recommends map,suggests map,conflicts map}') FROM jsonb_each(coalesce(meta -> 'prereqs', '{}'))
	UNION ALL SELECT format('prereqs.%s.%s.%s is no term with a range', p.key, r.key, e.key)
		FROM jsonb_each(coalesce(meta -> 'prereqs', '{}')) p, jsonb_each(p.value) r, jsonb_each(r.value) e
		WHERE NOT (is_kind(to_jsonb(e.key), 'term') AND is_kind(e.value, 'range')) $$;
SQL

# faults [CHANGE]: what is wrong with META.json, or with a change of it
faults()
{
	psql -X -q -A -t -v meta="$(cat META.json)" <<<"SELECT string_agg(f, ', ') FROM meta_faults((:'meta'::jsonb) ${1:-}) f" 2>&1
}
# value PATH: of META.json
value()
{
	psql -X -q -A -t -v meta="$(cat META.json)" <<<"SELECT :'meta'::jsonb #>> '$1'" 2>&1
}

is "$(faults)" "" "META.json has no fault"

# The rules find what is wrong.
while IFS=';' read -r change fault; do
	is "$(faults "$change")" "$fault" "found: ${fault:-none}"
done <<'END'
- 'abstract';meta lacks abstract
- 'maintainer';meta lacks maintainer
|| '{"maintainer":[]}';meta.maintainer is no strings
|| '{"license":"mine"}';meta.license is no licence
|| '{"name":"a b"}';meta.name is no term
|| '{"version":"1.0"}';meta.version is no version
|| '{"version":"01.0.0"}';meta.version is no version
|| '{"homepage":"x"}';meta has an unknown homepage
|| '{"x_homepage":"x"}';
|| '{"tags":["a/b"]}';meta.tags is no tags
|| '{"release_status":"good"}';meta.release_status is no status
|| '{"meta-spec":{"version":"2.0.0"}}';meta-spec is not 1.0.0
|| '{"provides":{}}';provides nothing
|| '{"provides":{"ab":{"file":"/x.sql","version":"1.0.0"}}}';provides.ab.file is no file
|| '{"provides":{"ab":{"version":"1.0.0"}}}';provides.ab lacks file
|| '{"prereqs":{"runtime":{"requires":{"PostgreSQL":"15"}}}}';prereqs.runtime.requires.PostgreSQL is no term with a range
|| '{"prereqs":{"runtime":{"requires":{"PostgreSQL":">= 15.0.0, < 19.0.0"}}}}';
|| '{"prereqs":{"runtime":{"needs":{}}}}';prereqs.runtime has an unknown needs
END

# ------------------------------------------------------------------
# the other files
# ------------------------------------------------------------------

version=$(value '{version}')
default_version=$(sed -n "s/^default_version = '\(.*\)'$/\1/p" appointment.control)
is "$version" "$default_version.${version##*.}" "the control file has the version"
is "$(value '{provides,appointment,version}')" "$version" "the extension's is the distribution's"
for file in file docfile; do
	ok "the extension's $file is there" test -f "$(value "{provides,appointment,$file}")"
done
# The script is put together by make, and not among a release's files.
is "$(value '{provides,appointment,file}')" "appointment.control" "it is the control file"
is "$(make -s "PG_CONFIG=$PG_CONFIG" print-DATA_built)" "sql/appointment--$default_version.sql" "the Makefile makes its version's script"
is "$(sed -n 's/^EXTENSION = //p' Makefile)" "$(value '{name}')" "the Makefile has the name"
is "$(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)" "$version" "the changelog begins with the version"
is "$(sed -n '1s/^\(.*\) (\(.*\)-.*) .*/\1 \2/p' debian/changelog)" "appointment $version" "Debian's changelog, too"
is "$(sed -n 's/^  "version": "\(.*\)",$/\1/p' clients/typescript/package.json)" "$version" "the package for TypeScript, too"
is "$(sed -n 's/^  \([a-z_0-9]*\)?: .*/\1/p' clients/typescript/fields.d.ts)" \
	"$(sed -n '/^RECORD(ZONED)$/q; s/^FIELD([A-Z_0-9]*, [0-9]*, "\([a-z_0-9]*\)", .*/\1/p' src/record/fields.def)" \
	"it has the fields of the catalogue (node clients/typescript/generate.js)"
oldest=$(sed -n 's/^oldest=//p' tools/setup.sh)
is "$(value '{prereqs,runtime,requires,PostgreSQL}') $(cat debian/pgversions)" "$oldest.0.0 $oldest+" "the oldest PostgreSQL is the same everywhere"
is "$(value '{release_status}')" "$(grep -q "^## $version (unreleased)" CHANGELOG.md && echo unstable || echo stable)" "the status is that of the changelog"

done_testing
