#!/bin/bash
#
# private_cluster.sh [-t] [-b NAME] [-m VARIABLE=VALUE]... [-x PROGRAM]
#		[-c NAME=VALUE]... COMMAND [ARGUMENT]...
#		Build the extension, start a throw-away server that has it, and run
#		COMMAND in the checkout as its client; nothing remains but tmp_check/.
#
#	-t	a build for tests: all warnings, fatal if CI=true, and assertions if
#		ASSERTS=yes; without -t the build is what users get
#	-b	a build with the compiler's options in COPT, under a name of its own
#	-m	a variable of make for that build, such as CC=clang
#	-x	what to run the server's program by: words that end in a program, such
#		as "env LD_PRELOAD=library" or "valgrind OPTION..."; nothing but that
#		program and its children run so.  COMMAND sees it as SERVER_RUNNER.
#	-c	a setting of the server
#
# As in core's "make check" the server is a temporary install: a copy of the
# programs beside links to everything else, which PostgreSQL finds relative to
# its own program.  So neither the system's PostgreSQL nor any cluster is
# touched, and no right is needed.  The server listens on a Unix-domain socket
# only, in a private directory that holds the data too.
#
# The extension is built in a copy of the sources, one for each version and
# kind of build, so that neither a build in the checkout nor another version's
# objects get in the way.
#
# COMMAND sees PGHOST, PGPORT, PGUSER, PGDATABASE, and
#	PG_CONFIG	the version's pg_config
#	PG_BINDIR	the temporary install's programs, to start more servers with
#	BUILD_DIR	the copy of the sources, built
#	SCRATCH		the private directory, writable for the server's user
#	AS_SERVER	a prefix that runs a command as the server's user
#	SERVER_LOG	the server's log; it survives in tmp_check/

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

for_tests=
build_name=
make_variables=()
SERVER_RUNNER=
settings=()
while getopts tb:m:x:c: option; do
	case $option in
		t) for_tests=yes ;;
		b) build_name=$OPTARG ;;
		m) make_variables+=("$OPTARG") ;;
		x) SERVER_RUNNER=$OPTARG ;;
		c) settings+=("$OPTARG") ;;
		*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))

# ------------------------------------------------------------------
# Cleaning up
# ------------------------------------------------------------------

private=

# A test may have started more servers there, and been stopped itself.
cleanup()
{
	local data
	trap '' HUP INT TERM
	stop_child
	if [ -n "$private" ]; then
		find "$private" -name postmaster.pid -printf '%h\n' |
			while read -r data; do
				as_server "$PG_BINDIR/pg_ctl" -D "$data" -m immediate -w stop \
					</dev/null >/dev/null 2>&1 || :
			done
		if [ -e "$private/server.log" ]; then
			cp "$private/server.log" "$BUILD_DIR/server.log" || :
		fi
		rm -rf "$private"
	fi
}
on_exit cleanup

# ------------------------------------------------------------------
# Build
# ------------------------------------------------------------------

PG_CONFIG=$(tools/setup.sh build)
bindir=$("$PG_CONFIG" --bindir)
sharedir=$("$PG_CONFIG" --sharedir)
pkglibdir=$("$PG_CONFIG" --pkglibdir)
version=$("$PG_CONFIG" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')

# The server's headers are not ours to keep free of warnings.
flags=${COPT:-}
BUILD_DIR=$top/tmp_check/$version
if [ -n "$for_tests" ]; then
	flags+=" -Wall -Wextra -Wno-unused-parameter"
	flags+=" -isystem $("$PG_CONFIG" --includedir-server)"
	if [ "${CI:-}" = true ]; then
		flags+=" -Werror"
	fi
	if [ "${ASSERTS:-no}" = yes ]; then
		flags+=" -DUSE_ASSERT_CHECKING=1"
		BUILD_DIR+=-assert
	fi
else
	[ -n "$build_name" ] || BUILD_DIR+=-release
fi
BUILD_DIR+=${build_name:+-$build_name}
mkdir -p "$BUILD_DIR"

# Two builds in one directory would spoil each other.
exec 9>"$BUILD_DIR.lock"
flock -n 9 || {
	say "waiting for another run in ${BUILD_DIR#"$top"/}"
	run flock 9
}

# Times are kept, so that make builds what changed; what was deleted goes.
find "$BUILD_DIR" \( -type f -o -type l \) \
	! -name '*.o' ! -name '*.so' ! -name .flags -delete
tar -cf - --exclude='./tmp_*' --exclude=./.git --exclude=node_modules --exclude='*.o' \
	--exclude='*.bc' --exclude='*.so' --exclude=./results \
	--exclude=./output_iso . | tar -xf - -C "$BUILD_DIR"
# A part may be gone.
rm -f "$BUILD_DIR/$(sed -n "s/^default_version = '\(.*\)'$/sql\/appointment--\1.sql/p" appointment.control)"

make=$(type -P gmake || echo make)
# Without bitcode: not every machine has the server's clang.
make_build=("$make" -C "$BUILD_DIR" --no-print-directory
	"PG_CONFIG=$PG_CONFIG" with_llvm=no "COPT=$flags"
	${make_variables[@]+"${make_variables[@]}"})

if [ "$(cat "$BUILD_DIR/.flags" 2>/dev/null)" != "${make_build[*]}" ]; then
	find "$BUILD_DIR" \( -name '*.o' -o -name '*.so' \) -delete
	printf '%s\n' "${make_build[*]}" >"$BUILD_DIR/.flags"
fi
say "build for PostgreSQL $version in ${BUILD_DIR#"$top"/}"
run "${make_build[@]}" -s -j"$(nproc 2>/dev/null || echo 1)" all >&2 9>&- ||
	die "the build failed"

# ------------------------------------------------------------------
# The temporary install
# ------------------------------------------------------------------

# A server refuses to run as root.
server_user=
if [ "$(id -u)" = 0 ]; then
	server_user=nobody
	if id postgres >/dev/null 2>&1; then
		server_user=postgres
	fi
fi

# as_server COMMAND...: from a directory that the server's user may enter
as_server()
{
	(
		cd "${private:-/}" || exit
		${server_user:+runuser -u "$server_user" --} "$@" 9>&-
	)
}

# The path of a socket has about a hundred bytes at most, and the server's
# user must get there.
for parent in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
	case $parent in
		/*[!A-Za-z0-9/._+,-]*) continue ;;
		/*) [ ${#parent} -le 60 ] || continue ;;
		*) continue ;;
	esac
	if as_server test -w "$parent" -a -x "$parent" 2>/dev/null; then
		private=$(mktemp -d "$parent/appointment.XXXXXX")
		break
	fi
done
[ -n "$private" ] || die "no directory for temporary files"

install=$private/tmp_install
PG_BINDIR=$install$bindir
mkdir -p "$PG_BINDIR" "$install$sharedir/extension" "$install$pkglibdir"
cp -p "$bindir"/* "$PG_BINDIR/"

# link_all FROM TO: everything there but the extension, if it is installed
link_all()
{
	find "$1" -mindepth 1 -maxdepth 1 ! -name 'appointment.*' \
		! -name 'appointment--*' ! -name appointment ! -name bitcode \
		! -name extension ! -name pgxs -exec ln -sf -t "$2" {} +
}
link_all "$sharedir" "$install$sharedir"
link_all "$sharedir/extension" "$install$sharedir/extension"
link_all "$pkglibdir" "$install$pkglibdir"
if [ -d "$pkglibdir/bitcode" ]; then
	mkdir "$install$pkglibdir/bitcode"
	link_all "$pkglibdir/bitcode" "$install$pkglibdir/bitcode"
fi
quietly "$private/install.log" "${make_build[@]}" -s "DESTDIR=$install" \
	install || die "the temporary install failed"

# ------------------------------------------------------------------
# The server
# ------------------------------------------------------------------

if [ -n "$server_user" ]; then
	chown -R "$server_user" "$private"
fi
export HOME=$private
quietly "$private/initdb.log" as_server "$PG_BINDIR/initdb" -D "$private/data" \
	-U postgres -A trust -E UTF8 --no-locale --no-sync --no-instructions ||
	die "initdb failed"

# From here on, for initdb takes long under valgrind
if [ -n "$SERVER_RUNNER" ]; then
	mv "$PG_BINDIR/postgres" "$PG_BINDIR/postgres.bin"
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nexec %s "${0%%/*}/postgres.bin" "$@"\n' "$SERVER_RUNNER" \
		>"$PG_BINDIR/postgres"
	chmod +x "$PG_BINDIR/postgres"
fi

{
	cat <<-END
		listen_addresses = ''
		unix_socket_directories = '$private'
		port = 65432
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		wal_level = logical
		max_prepared_transactions = 10
		timezone = 'UTC'
		log_timezone = 'UTC'
		log_line_prefix = '%m [%p] %q%d %a '
	END
	for setting in ${settings[@]+"${settings[@]}"}; do
		printf "%s = '%s'\n" "${setting%%=*}" "${setting#*=}"
	done
} >>"$private/data/postgresql.conf"

quietly "$private/start.log" as_server "$PG_BINDIR/pg_ctl" -D "$private/data" \
	-l "$private/server.log" -w -t 60 start || {
	cat "$private/server.log" >&2 || :
	die "the server did not start"
}

export PG_CONFIG PG_BINDIR BUILD_DIR SCRATCH=$private SERVER_RUNNER
export SERVER_LOG=$private/server.log
export AS_SERVER=${server_user:+runuser -u $server_user --}
export PGHOST=$private PGPORT=65432 PGUSER=postgres PGDATABASE=postgres
export PATH=$bindir:$PATH

status=0
run_group "$@" 9>&- || status=$?

# What kills the server fails the run, whatever the command made of it.
if [ -z "$for_tests" ]; then
	report_server_log "$SERVER_LOG" >&2 || status=1
fi
exit "$status"
