#!/bin/bash
#
# in_release.sh VERSION
#		What tools/test_packages.sh runs inside a Debian release, as root: the
#		release's files, which are in /dist, are unpacked, built in every way,
#		made into a package, and used.  Nothing comes from the checkout but the
#		set-up.  In /other there may be a PostgreSQL of another version.
#
# Prints TAP, and the sum as the last line.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
tools/setup.sh packages || exit
. test/lib/tap.sh

version=$1
work=$(mktemp -d)
config=/usr/lib/postgresql/$version/bin/pg_config
sharedir=$("$config" --sharedir)
pkglibdir=$("$config" --pkglibdir)
includedir=$("$config" --includedir-server)
docdir=$("$config" --docdir)
export PG_CONFIG=$config LC_ALL=C

# quiet LOG COMMAND...: its output goes to a file, and is shown if it fails
quiet()
{
	local log=$work/$1.log
	shift
	"$@" >"$log" 2>&1 || {
		tail -n 40 "$log"
		return 1
	}
}

# files DIRECTORY: what is in it, as paths from there
files()
{
	(cd "$1" && find . ! -type d | sed 's/^\.//' | sort)
}

# ------------------------------------------------------------------
# the release's files
# ------------------------------------------------------------------

release=$(basename /dist/appointment-*.tar.gz .tar.gz)
tar -xzf "/dist/$release.tar.gz" -C "$work"
mkdir "$work/zip"
unzip -q "/dist/$release.zip" -d "$work/zip"
ok "the zip file has what the tar file has" diff -r "$work/$release" "$work/zip/$release"
source=$work/$release
files "$source" >"$work/source"

# documentation PATTERN: the files of doc, and the pages beside it
documentation()
{
	find "$source" -type f \( -path "$source/doc/*" -o -path "$source/$1.md" \) -printf '%P\n'
}

# What belongs to an installation, without and with bitcode; the package has the
# documentation in another place
{
	printf '%s\n' "$sharedir/extension/appointment.control" "$pkglibdir/appointment.so" \
		"$includedir/extension/appointment/appointment.h"
	# this version's script, which is made, and the others'
	(
		cd "$source" || exit
		sed -n "s/^default_version = '\(.*\)'$/appointment--\1.sql/p" appointment.control
		cd sql && find . -name 'appointment--*.sql' -printf '%P\n'
	) | sed "s|^|$sharedir/extension/|"
} | sort >"$work/module"
{
	cat "$work/module"
	echo "$pkglibdir/bitcode/appointment.index.bc"
	(cd "$source" && printf "$pkglibdir/bitcode/appointment/%s\n" src/*.c src/*/*.c) | sed 's/\.c$/.bc/'
} | sort >"$work/packaged"
for kind in module packaged; do
	{
		cat "$work/$kind"
		documentation '[A-Z]*' | sed "s|^|$docdir/extension/appointment/|"
	} | sort >"$work/$kind.installed"
done
mv "$work/module.installed" "$work/plain"
mv "$work/packaged.installed" "$work/bitcode"

# ------------------------------------------------------------------
# in the tree, with the server's compiler and its clang for the bitcode
# ------------------------------------------------------------------

jobs=-j$(nproc)
ok "make" quiet make make -C "$source" "$jobs"
is "$(grep -iE 'warning|error:' "$work/make.log")" "" "without a warning"
cp -a "$source" "$work/first"
ok "make, once more" quiet again make -C "$source" "$jobs"
is "$(grep -cE '(gcc|clang)' "$work/again.log")" 0 "has nothing to do"
ok "make install DESTDIR=" quiet install make -C "$source" install "DESTDIR=$work/image"
is "$(files "$work/image")" "$(cat "$work/bitcode")" "what is installed belongs there, and nothing else"
ok "make uninstall" quiet uninstall make -C "$source" uninstall "DESTDIR=$work/image"
is "$(files "$work/image")" "" "leaves nothing"
ok "make clean" quiet clean make -C "$source" clean
is "$(files "$source")" "$(cat "$work/source")" "leaves what was there before"
ok "make, from the start" quiet second make -C "$source" "$jobs"
differ=$(files "$source" | grep -E '\.(so|o|bc)$' | while read -r file; do
	cmp -s "$source$file" "$work/first$file" || echo "$file"
done)
is "$differ" "" "builds the same, to the byte"
ok "make distclean" quiet distclean make -C "$source" distclean
is "$(files "$source")" "$(cat "$work/source")" "leaves what was there before, too"

# ------------------------------------------------------------------
# out of the tree, several versions side by side, without bitcode
# ------------------------------------------------------------------

# build DIRECTORY PG_CONFIG [ARGUMENT...]
build()
{
	local directory=$work/$1 pg_config=$2
	shift 2
	mkdir "$directory"
	quiet out make -C "$directory" "$jobs" -f "../$release/Makefile" \
		"VPATH=../$release" "PG_CONFIG=$pg_config" with_llvm=no "$@" all
}
ok "out of the tree" build outside "$config"
ok "with clang" build clang "$config" "CC=$(basename "$(command -v /usr/bin/clang-[0-9]* | head -n 1)")" \
	"COPT=-Wno-ignored-attributes -Wno-unknown-warning-option -Wno-ignored-optimization-argument"
is "$(grep -iE 'warning:|error:' "$work/out.log")" "" "without a warning"
ok "make install from there" quiet install make -C "$work/outside" -f "../$release/Makefile" \
	"VPATH=../$release" with_llvm=no install "DESTDIR=$work/outside.image"
is "$(files "$work/outside.image")" "$(cat "$work/plain")" "what is installed belongs there, and nothing else"
for other in /other/usr/lib/postgresql/*/bin/pg_config; do
	if [ ! -x "$other" ]; then
		skip "for another version" "no other version is here"
		continue
	fi
	other_version=$("$other" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
	ok "for PostgreSQL $other_version, too" build "other$other_version" "$other"
	is "$(grep -c "postgresql/$other_version/server" "$work/out.log" | sed 's/[1-9][0-9]*/some/') $(grep -c "postgresql/$version/server" "$work/out.log")" \
		"some 0" "with its headers"
	ok "make install for PostgreSQL $other_version" quiet install make -C "$work/other$other_version" -f "../$release/Makefile" \
		"VPATH=../$release" "PG_CONFIG=$other" with_llvm=no install "DESTDIR=$work/other$other_version.image"
	is "$(files "$work/other$other_version.image" | sed 's|^/other||')" "$(sed -E "s#postgresql(/|-doc-)$version/#postgresql\1$other_version/#" "$work/plain" | sort)" \
		"goes to its directories"
done
is "$(files "$source")" "$(cat "$work/source")" "the sources are as they were"
is "$(make -s -f "$source/Makefile" PG_CONFIG=/nowhere/pg_config 2>&1 | grep -c '/nowhere/pg_config: no PostgreSQL with its server headers')" 1 \
	"a PG_CONFIG that is not there is told of"

# ------------------------------------------------------------------
# Debian's package
# ------------------------------------------------------------------

package=postgresql-$version-appointment
cp "/dist/$release.tar.gz" "$work/appointment_${release#appointment-}.orig.tar.gz"
(cd "$source" && pg_buildext updatecontrol) >"$work/control.log" 2>&1
is "$(sed -n 's/^Package: //p' "$source/debian/control" | xargs)" "$package" "pg_buildext names the package for the release's PostgreSQL"
# The tests follow, with the package installed.
debuild()
{
	cd "$source" && DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" DEB_BUILD_PROFILES=nocheck dpkg-buildpackage -us -uc
}
ok "dpkg-buildpackage" quiet debuild debuild
is "$(grep -iE 'warning:' "$work/debuild.log")" "" "without a warning"
deb=$(printf '%s\n' "$work/$package"_*.deb)
contents=$(dpkg-deb --fsys-tarfile "$deb" | tar -t | grep -v '/$' | sed 's/^\.//; s/\(changelog.*\)\.gz$/\1/')
is "$(grep -v '^/usr/share/doc/' <<<"$contents" | sort)" "$(cat "$work/packaged")" \
	"what is in the package belongs there, and nothing else"
is "$(sed -n 's|^/usr/share/doc/||p' <<<"$contents" | sort)" \
	"$({
		documentation '[RS]E[A-Z]*'
		printf '%s\n' changelog changelog.Debian copyright
	} | sed "s|^|$package/|" | sort)" "and its documentation"
like "$(dpkg-deb -f "$deb" Depends)" "postgresql-$version(,| \().*libjson-c5 " "it depends on the server and json-c"
# Nobody has asked Debian for it, so no bug of theirs is closed.
ok "lintian has no errors or warnings" quiet lintian lintian --tag-display-limit 0 -I --pedantic \
	--suppress-tags initial-upload-closes-no-bugs --fail-on error,warning "$work"/appointment_*.changes
sed 's/^/# lintian: /' "$work/lintian.log"

run_autopkgtest()
{
	autopkgtest --no-built-binaries "$deb" "$source/" -- null
}
ok "autopkgtest: the regression tests with the package" quiet autopkgtest run_autopkgtest
like "$(cat "$work/autopkgtest.log")" "installcheck +PASS" "they pass"
# In the form of 15, or of later versions
tests=$(grep -cE '^(test .* ok( |$)|ok [0-9])' "$work/autopkgtest.log")
is "$tests" "$(make -s -f "$source/Makefile" print-REGRESS print-ISOLATION | wc -w)" "all $tests"

# ------------------------------------------------------------------
# what is installed, in a server
# ------------------------------------------------------------------

# Since 18 the server's part of JIT is a package of its own.
jit=$(apt-cache search --names-only "^postgresql-$version-jit\$" | cut -d ' ' -f 1)
apt-get install -y -q "$deb" ${jit:+"$jit"} >"$work/apt.log" 2>&1
is "$(dpkg -L "$package" | grep -c 'appointment\.so$')" 1 "the package is installed"

# The same questions with and without compilation; the operator and functions
# are in expressions that are compiled, and inlined.
cat >"$work/questions.sql" <<'SQL'
SELECT count(*), sum(appointment_hash(a)) FROM t WHERE appointment_status(a) = 'scheduled' AND a ->> 'practitioner_id' LIKE 'pra_%';
SELECT count(*) FROM t WHERE o && '[2026-03-02T08:00:00Z,2026-03-03T12:00:00Z){pra_1,pra_2}';
SELECT o * '[2026-03-02T08:00:00Z,2026-03-02T12:00:00Z){pra_1}' AS shared, count(*) FROM t GROUP BY 1 ORDER BY 1;
SELECT appointment_status(a) AS status, max(appointment_ends_at(a)), count(DISTINCT a) FROM t WHERE a > '{"starts_at":"2026-03-02T08:00:00Z"}' GROUP BY 1 ORDER BY 1;
SELECT md5(string_agg(appointment_to_json(a, 'caspen')::text, '' ORDER BY a)) FROM t WHERE appointment_is_sound(a);
SQL
cat >"$work/jit.sh" <<'SH'
set -eu
psql -X -q -v ON_ERROR_STOP=1 <<'SQL'
CREATE EXTENSION appointment;
CREATE TABLE t AS SELECT a, appointment_occupancy(a) AS o FROM (SELECT format('{"id":"%s","starts_at":"%s","ends_at":"%s","status":"%s","practitioner_id":"pra_%s"}', n,
	to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), to_char(at + interval '30 minutes', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), CASE WHEN n % 7 > 0 THEN 'scheduled' ELSE 'cancelled' END, n % 9)::appointment AS a
	FROM (SELECT n, timestamptz '2026-03-01 00:00Z' AT TIME ZONE 'UTC' + n * interval '10 minutes' AS at FROM generate_series(1, 1000) n) x) y;
ANALYZE t;
SQL
above="-c jit=on -c jit_above_cost=0 -c jit_inline_above_cost=0 -c jit_optimize_above_cost=0"
PGOPTIONS="-c jit=off" psql -X -A -t -v ON_ERROR_STOP=1 -f "$1/questions.sql" >"$1/interpreted"
PGOPTIONS=$above psql -X -A -t -v ON_ERROR_STOP=1 -f "$1/questions.sql" >"$1/compiled"
sed 's/^SELECT/EXPLAIN (ANALYZE) SELECT/' "$1/questions.sql" |
	PGOPTIONS=$above psql -X -A -t -v ON_ERROR_STOP=1 >"$1/plans"
for module in clang outside; do
	psql -X -q -v ON_ERROR_STOP=1 -c "LOAD '$1/$module/appointment.so'" -c "SHOW appointment.base_url"
done >"$1/loaded"
SH
chmod a+rx "$work"
ok "a server with the package" quiet jit pg_virtualenv -v "$version" bash "$work/jit.sh" "$work"
is "$(grep -c . "$work/interpreted" | sed 's/^[1-9][0-9]*$/some/')" "some" "it answers"
is "$(cat "$work/compiled")" "$(cat "$work/interpreted")" "and the same with compiled queries (JIT)"
is "$(grep -cE 'Options: Inlining true, Optimization true' "$work/plans")" 5 "which were compiled, with functions inlined"
is "$(grep -c base_url "$work/loaded")" 2 "it loads what clang built, and what was built out of the tree"
dpkg --purge "$package" >"$work/purge.log" 2>&1
is "$(cd / && find usr etc -name '*appointment*')" "" "without the package nothing is left"

rm -rf "$work"
printf '1..%d\n%d passed, %d failed\n' "$tap_count" "$((tap_count - tap_failed))" "$tap_failed"
[ "$tap_failed" = 0 ]
