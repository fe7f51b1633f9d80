# shellcheck shell=bash
#
# sanitizers.sh
#		How a server is run with AddressSanitizer's library, which the extension
#		that it loads was built for.  Sourced after lib.sh, never run.
#
# The library must be in the process before everything else, so it is preloaded
# into the server's program; only there (private_cluster.sh -x), because psql
# or runuser may have libraries that do not get on with it.
#
# The server hung at its start in most runs of that kind: libgpg-error's
# constructor, which runs before the sanitizer's, calls bindtextdomain(), which
# calls malloc() under a lock of libc's; with that call the sanitizer starts,
# fails to find a symbol, and libc translates the error's text, for which it
# takes and releases the same lock.  So a second library is preloaded whose
# constructor is the first of all, and starts the sanitizer.

sanitizer_first=

# What gcc and clang are given.  The server is compiled with -fwrapv, and so is
# this: an overflow of a signed number is defined.
# shellcheck disable=SC2034
sanitizer_flags='-g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'

# sanitizer_start CC LIBRARY: set sanitizer_runner, the words for -x
sanitizer_start()
{
	local library asan ubsan
	library=$("$1" -print-file-name="$2")
	[ -e "$library" ] || die "$1 has no $2"
	library=$(readlink -f "$library")

	# where the server's user can read it
	sanitizer_first=$(mktemp -d "${TMPDIR:-/tmp}/appointment_asan.XXXXXX")
	chmod 755 "$sanitizer_first"
	printf '%s\n' 'extern void __asan_init(void);' \
		'__attribute__((constructor)) static void first(void) { __asan_init(); }' |
		"$1" -x c -shared -fPIC -Wl,-z,initfirst -o "$sanitizer_first/first.so" - ||
		die "could not build the library that starts the sanitizer"

	# A backend frees its memory contexts by exiting (leaks); it measures the
	# depth of its stack by a local variable's address (use after return), and
	# brings its own handlers of signals.
	asan=detect_leaks=0:detect_stack_use_after_return=0:use_sigaltstack=0
	# What was freed is kept back for a while: not so much that a test cannot
	# see a leak.
	asan+=:abort_on_error=1:strict_string_checks=1:quarantine_size_mb=32
	ubsan=print_stacktrace=1:halt_on_error=1:abort_on_error=1
	# shellcheck disable=SC2034
	sanitizer_runner="env 'LD_PRELOAD=$library $sanitizer_first/first.so' ASAN_OPTIONS=$asan UBSAN_OPTIONS=$ubsan"
}

# sanitizer_stop: remove what sanitizer_start left
sanitizer_stop()
{
	stop_child
	[ -z "$sanitizer_first" ] || rm -rf "$sanitizer_first"
}
