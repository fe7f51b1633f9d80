#!/bin/bash
#
# setup.sh [build | make | roots | clients | fuzz | valgrind | lint | packages |
#		indent | plots]
#		Bring what is needed to build and test, to make anything at all, for
#		"make test-all", "make test-clients", "make fuzz", "make
#		test-valgrind", "make lint", the inside of "make test-packages", for
#		"make indent" or for tools/plots.sh.  Prints the pg_config to use for
#		building, and the pg_bsd_indent for indenting.
#
# What is there is used as it is.  What is missing is installed on Debian with
# apt-get, as root or with sudo; elsewhere the list of it is the answer.
# PG_CONFIG in the environment chooses a version; its packages are installed
# if it names a pg_config in Debian's place that is not there yet.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

oldest=15
purpose=${1:-build}
work=$(mktemp -d)
snippet=
snippet_dir=

cleanup()
{
	[ -z "$snippet" ] || as_root rm -f "$snippet"
	# not if a package has taken it over
	if [ -n "$snippet_dir" ] && ! dpkg -S "$snippet_dir" >/dev/null 2>&1; then
		as_root rmdir "$snippet_dir" 2>/dev/null || :
	fi
	rm -rf "$work"
}
on_exit cleanup

# as_root COMMAND...: only sudo that works without a question, or that can
# ask it at a terminal
as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

may_be_root()
{
	[ "$(id -u)" = 0 ] ||
		{ [ -n "$(type -P sudo)" ] &&
			{ sudo -n true 2>/dev/null || [ -t 2 ]; }; }
}

have_compiler()
{
	echo '#include <stdio.h>' | "${CC:-gcc}" -E - >/dev/null 2>&1
}

have_json_c()
{
	local flags
	flags=$(pkg-config --cflags json-c 2>/dev/null) || flags=
	if have_compiler; then
		# shellcheck disable=SC2086
		echo '#include <json-c/json.h>' |
			"${CC:-gcc}" $flags -E - >/dev/null 2>&1 ||
			echo '#include <json.h>' |
			"${CC:-gcc}" $flags -E - >/dev/null 2>&1
	else
		[ -e /usr/include/json-c/json.h ]
	fi
}

have_libpq()
{
	echo '#include <libpq-fe.h>' |
		"${CC:-gcc}" -I"$("${PG_CONFIG:-pg_config}" --includedir 2>/dev/null)" \
			-E - >/dev/null 2>&1
}

# usable PG_CONFIG: a server, and what extensions are built and tested with
usable()
{
	local bindir pgxs headers
	bindir=$("$1" --bindir 2>/dev/null) &&
		pgxs=$("$1" --pgxs 2>/dev/null) &&
		headers=$("$1" --includedir-server 2>/dev/null) &&
		[ -e "$pgxs" ] && [ -e "$headers/postgres.h" ] &&
		[ -x "$bindir/postgres" ] && [ -x "$bindir/initdb" ]
}

major_version()
{
	"$1" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/'
}

# The chosen one; else that of the path; else Debian's newest.
find_pg_config()
{
	local candidate
	if [ -n "${PG_CONFIG:-}" ]; then
		set -- "$PG_CONFIG"
	else
		# shellcheck disable=SC2046
		set -- pg_config $(
			printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -rV)
	fi
	for candidate; do
		candidate=$(type -P "$candidate") || continue
		if usable "$candidate"; then
			printf '%s\n' "$candidate"
			return
		fi
	done
}

# Debian has it as a package up to 15, and with the server's headers since.
find_pg_bsd_indent()
{
	type -P pg_bsd_indent ||
		printf '%s\n' /usr/lib/postgresql/*/bin/pg_bsd_indent | grep -v '[*]' |
		sort -rV | head -n 1
}

# clang prints a path only if the file is there
have_fuzzer()
{
	[ -e "$(clang -print-file-name=libclang_rt.fuzzer_no_main-x86_64.a 2>/dev/null)" ] &&
		[ -e "$(clang -print-file-name=libclang_rt.asan-x86_64.so 2>/dev/null)" ]
}

apt_get()
{
	quietly "$work/apt.log" as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get -y -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

# The version whose packages to install: that of PG_CONFIG's path, of a server
# that lacks only the headers, or the release's own.
debian_version()
{
	local server version
	case ${PG_CONFIG:-} in
		'') ;;
		/usr/lib/postgresql/*/bin/pg_config)
			version=${PG_CONFIG#/usr/lib/postgresql/}
			printf '%s\n' "${version%%/*}"
			return
			;;
		*) return ;;
	esac
	for server in $(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -rV); do
		version=${server#/usr/lib/postgresql/}
		version=${version%%/*}
		if [ -x "$server" ] && [ "$version" -ge "$oldest" ]; then
			printf '%s\n' "$version"
			return
		fi
	done
	apt-cache depends postgresql 2>/dev/null |
		sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1
}

# Debian's server package creates a cluster of its own and starts it, unless
# this says no.  An existing configuration stays as it is.
forbid_main_cluster()
{
	local common=/etc/postgresql-common
	if [ -e "$common/createcluster.conf" ] &&
		! grep -q '^ *include_dir.*createcluster\.d' "$common/createcluster.conf"; then
		die "$common/createcluster.conf does not read createcluster.d, so installing the server could start a cluster: please install yourself: $*"
	fi
	snippet=$common/createcluster.d/zz-no-main-cluster.conf
	if [ -e "$snippet" ]; then
		snippet=
	else
		if [ ! -d "${snippet%/*}" ]; then
			snippet_dir=${snippet%/*}
			as_root mkdir -p "$snippet_dir"
		fi
		echo 'create_main_cluster = false' | as_root tee "$snippet" >/dev/null
	fi
}

# What is missing?  On Debian as packages; a version of PostgreSQL that only
# apt knows stands as "postgresql" until its lists are there.
missing=()
case $purpose in
	build)
		have_compiler || missing+=(gcc libc6-dev)
		have_json_c || missing+=(libjson-c-dev)
		pg_config=$(find_pg_config)
		[ -n "$pg_config" ] || missing+=(postgresql)
		;;
	make)
		[ -n "$(type -P make)" ] || missing+=(make)
		;;
	roots)
		[ -n "$(type -P debootstrap)" ] || missing+=(debootstrap)
		;;
	clients)
		have_libpq || missing+=(libpq-dev)
		[ -e /usr/include/libical/ical.h ] || missing+=(libical-dev)
		[ -n "$(type -P node)" ] || missing+=(nodejs)
		[ -n "$(type -P npm)" ] || missing+=(npm)
		[ -n "$(PATH=$PATH:/usr/sbin type -P pgbouncer)" ] || missing+=(pgbouncer)
		# the system's Python, which the packages are for
		for module in dateutil icalendar psycopg psycopg2 sqlalchemy vobject; do
			/usr/bin/python3 -c "import $module" 2>/dev/null ||
				missing+=("python3-$module")
		done
		;;
	packages)
		for package in autopkgtest build-essential debhelper libjson-c-dev \
			lintian pkgconf postgresql-server-dev-all unzip; do
			dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
		done
		[ -n "$(find_pg_config)" ] || missing+=(postgresql)
		;;
	indent)
		[ -n "$(find_pg_bsd_indent)" ] || missing+=(pg-bsd-indent)
		[ -n "$(type -P perl)" ] || missing+=(perl)
		;;
	valgrind)
		[ -n "$(type -P valgrind)" ] || missing+=(valgrind libc6-dbg)
		[ -n "$(type -P perl)" ] || missing+=(perl)
		;;
	lint)
		[ -n "$(type -P cppcheck)" ] || missing+=(cppcheck)
		[ -n "$(type -P clang-tidy)" ] || missing+=(clang-tidy)
		[ -n "$(type -P shellcheck)" ] || missing+=(shellcheck)
		;;
	fuzz)
		have_fuzzer || missing+=(clang libclang-rt-dev)
		;;
	plots)
		[ -n "$(type -P gnuplot)" ] || missing+=(gnuplot-nox)
		;;
	*) die "unknown purpose \"$purpose\"" ;;
esac

if [ ${#missing[@]} -gt 0 ]; then
	if [ -z "$(type -P apt-get)" ] || [ -z "$(type -P dpkg)" ]; then
		case $purpose in
			build) die "missing: ${missing[*]}
Needed: a C compiler, GNU make, json-c with its headers, and PostgreSQL $oldest or
later with its server, client programs and server headers (pg_config, PGXS).
This machine has no apt-get: please install them; PG_CONFIG= says which
PostgreSQL." ;;
			*) die "please install: ${missing[*]}" ;;
		esac
	fi
	may_be_root ||
		die "missing, and neither root nor sudo to install it; please install: ${missing[*]}${PG_CONFIG:+ (for $PG_CONFIG)}"

	# No lists yet, or yesterday's
	if [ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mtime -1 2>/dev/null | head -n 1)" ]; then
		say "setup: apt-get update"
		apt_get update
	fi

	packages=()
	for package in "${missing[@]}"; do
		if [ "$package" = postgresql ]; then
			version=$(debian_version)
			[ -n "$version" ] ||
				die "${PG_CONFIG:-pg_config}: no PostgreSQL server with headers (PGXS) there"
			[ "$version" -ge "$oldest" ] ||
				die "PostgreSQL $version is too old, $oldest or later is needed"
			packages+=("postgresql-$version" "postgresql-server-dev-$version")
			forbid_main_cluster "${packages[@]}"
		else
			packages+=("$package")
		fi
	done

	say "setup: apt-get install ${packages[*]}"
	apt_get install --no-install-recommends "${packages[@]}" ||
		{ apt_get update &&
			apt_get install --no-install-recommends "${packages[@]}"; } ||
		die "could not install: ${packages[*]}"
fi

if [ "$purpose" = build ]; then
	pg_config=$(find_pg_config)
	[ -n "$pg_config" ] ||
		die "${PG_CONFIG:-pg_config}: no PostgreSQL server with headers (PGXS) there"
	[ "$(major_version "$pg_config")" -ge "$oldest" ] ||
		die "$pg_config is of $("$pg_config" --version), $oldest or later is needed"
	printf '%s\n' "$pg_config"
fi
if [ "$purpose" = indent ]; then
	find_pg_bsd_indent
fi
