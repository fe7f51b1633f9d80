# shellcheck shell=bash
#
# lib.sh
#		What the clients' tests share beside test/lib/tap.sh.  Sourced, never run.

. test/lib/tap.sh

# make_tables: schema.sql in the test's database
make_tables()
{
	psql -X -q -v ON_ERROR_STOP=1 -f test/clients/schema.sql
}

# make_tool_tables: tools.sql there
make_tool_tables()
{
	psql -X -q -v ON_ERROR_STOP=1 -f test/clients/tools.sql
}

# compile PROGRAM: a client in C, into the scratch directory
compile()
{
	local flags=(-Wall -Wextra -Wno-unused-parameter -O1 -g)
	[ "${CI:-}" != true ] || flags+=(-Werror)
	"${CC:-gcc}" "${flags[@]}" -I"$("$PG_CONFIG" --includedir)" \
		-o "$SCRATCH/$1" "test/clients/$1.c" \
		-L"$("$PG_CONFIG" --libdir)" -lpq
}

# need_node PACKAGE...: Node.js with these of package.json
need_node()
{
	local package
	for package; do
		need "Node.js with $package" node -e \
			'require.resolve(process.argv[1], { paths: ["test/clients"] })' "$package"
	done
}

# compile_ts PROGRAM: TypeScript is content with it; the program is in the
# scratch directory, with the JavaScript that it uses
compile_ts()
{
	local clients=$PWD/test/clients
	ln -s "$clients/node_modules" "$SCRATCH/node_modules"
	cp test/clients/{samples,tap}.js "$SCRATCH/"
	printf '{ "extends": "%s", "compilerOptions": { "outDir": "%s", "noEmit": false }, "files": ["%s"] }\n' \
		"$clients/tsconfig.json" "$SCRATCH" "$clients/$1.ts" >"$SCRATCH/tsconfig.json"
	node test/clients/node_modules/typescript/bin/tsc -p "$SCRATCH/tsconfig.json" |
		sed 's/^/# /'
}

# overlaps CONSTRAINT: how many pairs of its rows conflict
overlaps()
{
	sql "SELECT count(*) FROM ext.occupancy_conflicts('$1')"
}

# python_with_zones ARGUMENT...: Python whose zoneinfo reads the server's zones
python_with_zones()
{
	local zones
	zones=$("$PG_CONFIG" --sharedir)/timezone
	[ -d "$zones" ] || zones=/usr/share/zoneinfo
	PYTHONTZPATH=$zones /usr/bin/python3 "$@"
}

need_zoneinfo()
{
	need "Python's zoneinfo with the server's zones" python_with_zones \
		-c 'import zoneinfo; zoneinfo.ZoneInfo("Europe/Berlin")'
}
