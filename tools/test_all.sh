#!/bin/bash
#
# test_all.sh [RELEASE...]
#		"make test" on every PostgreSQL version that is supported: each in the
#		Debian release that has it, by default all of them.
#
# A release is unpacked once into tmp_roots/RELEASE, minimal but for make; each
# run happens in a new copy of that with the checkout's sources and nothing
# else, so that the set-up has to bring the rest, and a step that it lacks
# shows.  Only the package files are kept for the next run.
#
# The copy is entered in a mount namespace of its own: what is mounted there
# is never seen outside, so removing the copy cannot reach anything else.
# Needs root.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A release, the version it has, and debootstrap's script if not its own
releases='
bookworm 15
trixie   17
forky    18 sid
'

roots=$top/tmp_roots
copy=

cleanup()
{
	trap '' HUP INT TERM
	if [ -n "$child" ]; then
		# The namespace's first process takes all the others with it.
		kill -KILL "$child" 2>/dev/null || :
		wait "$child" 2>/dev/null || :
	fi
	remove_copy
}

remove_copy()
{
	[ -z "$copy" ] || rm -rf --one-file-system "$copy"
	copy=
}

on_exit cleanup

[ "$(id -u)" = 0 ] ||
	die "needs root, to unpack Debian releases and to change into them"
tools/setup.sh roots
unshare --mount --pid --fork true 2>/dev/null ||
	die "needs the right to make mount and process namespaces (unshare)"

# What apt on this machine needs to reach its mirror, the releases do too.
apt_settings()
{
	apt-config dump Acquire 2>/dev/null |
		grep -vE '^Acquire::(Languages|Changelogs|CompressionTypes|IndexTargets)' || :
}

# The mirror of this machine, if apt knows one; else debootstrap's own
mirror()
{
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		'Origin: Debian' 2>/dev/null | grep -v -- '-security/*$' | head -n 1 || :
}

# unpack RELEASE SCRIPT: the pristine base, whole or not at all
unpack()
{
	local base=$roots/$1 uri
	[ ! -e "$base" ] || return 0
	say "unpack $1 into ${base#"$top"/}"
	uri=$(mirror)
	copy=$base.new
	rm -rf --one-file-system "$copy"
	mkdir -p "$copy"
	if [ -z "$uri" ] && [ -n "$2" ]; then
		# debootstrap takes a script only after a mirror
		uri=$(sed -n 's/^ *default_mirror //p' "/usr/share/debootstrap/scripts/$2" |
			head -n 1)
	fi
	quietly "$base.log" debootstrap --variant=minbase --include=make \
		"$1" "$copy" ${uri:+"$uri"} \
		${uri:+${2:+"/usr/share/debootstrap/scripts/$2"}} ||
		die "debootstrap $1 failed"
	mv "$copy" "$base"
	copy=
}

# enter COMMAND...: in the copy, as the first process of a namespace
enter()
{
	# shellcheck disable=SC2016
	run unshare --mount --pid --fork --kill-child sh -e -c '
		copy=$1
		shift
		mount --make-rprivate /
		mount --rbind /dev "$copy/dev"
		mount -t proc proc "$copy/proc"
		exec chroot "$copy" /usr/bin/env -i HOME=/root LC_ALL=C \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			"$@"' enter "$copy" \
		${http_proxy+"http_proxy=$http_proxy"} \
		${https_proxy+"https_proxy=$https_proxy"} \
		${no_proxy+"no_proxy=$no_proxy"} \
		${CI+"CI=$CI"} ${ASSERTS+"ASSERTS=$ASSERTS"} ${TESTS+"TESTS=$TESTS"} \
		"$@"
}

# test_release RELEASE VERSION: "make test" in a new copy of the base, its
# output on stdout; the last line is the sum
test_release()
{
	local archives=$roots/$1.archives
	copy=$roots/$1.run
	rm -rf --one-file-system "$copy"
	cp -a --reflink=auto "$roots/$1" "$copy"

	cp -L /etc/resolv.conf /etc/hosts "$copy/etc/"
	apt_settings >"$copy/etc/apt/apt.conf.d/99host"
	# The copy need not survive a power failure.
	echo force-unsafe-io >"$copy/etc/dpkg/dpkg.cfg.d/unsafe-io"
	if [ -d "$archives" ]; then
		cp -l "$archives"/*.deb "$copy/var/cache/apt/archives/" 2>/dev/null || :
	fi
	mkdir "$copy/checkout"
	sources | tar --null --no-recursion -T - -cf - | tar -xf - -C "$copy/checkout"

	local status=0
	enter make -C /checkout --no-print-directory test 2>&1 || status=$?

	mkdir -p "$archives"
	cp -lf "$copy"/var/cache/apt/archives/*.deb "$archives/" 2>/dev/null || :
	remove_copy
	return "$status"
}

# The sources, NUL-separated: what git knows or would, else all but products
sources()
{
	if git -c safe.directory="$top" rev-parse >/dev/null 2>&1; then
		git -c safe.directory="$top" ls-files -z --cached --others \
			--exclude-standard --deduplicate |
			while IFS= read -r -d '' file; do
				# not what is deleted, but not yet in git's eyes
				if [ -e "$file" ] || [ -L "$file" ]; then
					printf '%s\0' "$file"
				fi
			done
	else
		find . \( -path './tmp_*' -o -path ./.git -o -path ./results \
			-o -path ./output_iso \) -prune -o \
			! -name '*.o' ! -name '*.bc' ! -name '*.so' -print0
	fi
}

mkdir -p "$roots"
exec 9>"$roots/.lock"
flock -n 9 || die "another run is using ${roots#"$top"/}"

chosen=" ${*:-$(awk '{ print $1 }' <<<"$releases" | xargs)} "
report=
passed=0
failed=0
while read -r release version script; do
	[[ -n $release && $chosen == *" $release "* ]] || continue
	printf '== PostgreSQL %s, %s\n' "$version" "$release"
	unpack "$release" "$script" 9>&-
	log=$roots/$release.test.log
	status=0
	exec 3> >(tee "$log" 9>&-)
	tee=$!
	test_release "$release" >&3 3>&- 9>&- || status=$?
	exec 3>&-
	wait "$tee"

	sum=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1) || :
	read -r p _ f _ <<<"${sum:-0 passed, 1 failed}"
	# The set-up is to bring the version that the release is here for.
	if ! grep -q "^build for PostgreSQL $version " "$log"; then
		printf 'this was not PostgreSQL %s\n' "$version"
		f=$((f + 1))
	elif [ "$status" != 0 ] && [ "$f" = 0 ]; then
		f=1
	fi
	sum="$p passed, $f failed"
	report+="PostgreSQL $version: $sum"$'\n'
	passed=$((passed + p))
	failed=$((failed + f))
done <<<"$releases"

printf '==\n%s' "$report"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
