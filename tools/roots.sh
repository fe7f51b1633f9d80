# shellcheck shell=bash
#
# roots.sh
#		The Debian releases that have the supported versions of PostgreSQL, to
#		run a suite in.  Sourced after lib.sh, never run.
#
# A release is unpacked once into tmp_roots/RELEASE, minimal but for make; each
# run happens in a new copy of that, so that the set-up has to bring the rest,
# and a step that it lacks shows.  Only the package files are kept for the next
# run.
#
# A copy is entered in a mount namespace of its own: what is mounted there is
# never seen outside, so removing the copy cannot reach anything else.  Needs
# root.
#
# A suite is a function that opens a copy, enters it as often as it likes, and
# closes it; run_in_releases calls it for one release after another:
#
#	test_release()
#	{
#		local status=0
#		open_root "$1"
#		enter make -C /checkout test || status=$?
#		close_root
#		return "$status"
#	}
#	run_in_releases test_release "$@"

# A release, the version it has, and debootstrap's script if not its own
releases='
bookworm 15
trixie   17
forky    18 sid
'

# shellcheck disable=SC2154
roots=$top/tmp_roots
copy=
copies=()
passed=0
failed=0

# remove_copies: those that are open, and one that is not whole yet
remove_copies()
{
	[ ${#copies[@]} = 0 ] || rm -rf --one-file-system "${copies[@]}"
	copies=()
	copy=
}

roots_cleanup()
{
	trap '' HUP INT TERM
	if [ -n "$child" ]; then
		# The namespace's first process takes all the others with it.
		kill -KILL "$child" 2>/dev/null || :
		wait "$child" 2>/dev/null || :
	fi
	remove_copies
}

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

# unpack RELEASE: the pristine base, whole or not at all
unpack()
{
	local base=$roots/$1 new=$roots/$1.new script uri
	[ ! -e "$base" ] || return 0
	script=$(awk -v release="$1" '$1 == release { print $3 }' <<<"$releases")
	say "unpack $1 into ${base#"$top"/}"
	uri=$(mirror)
	copies+=("$new")
	rm -rf --one-file-system "$new"
	mkdir -p "$new"
	if [ -z "$uri" ] && [ -n "$script" ]; then
		# debootstrap takes a script only after a mirror
		uri=$(sed -n 's/^ *default_mirror //p' "/usr/share/debootstrap/scripts/$script" |
			head -n 1)
	fi
	quietly "$base.log" debootstrap --variant=minbase --include=make \
		"$1" "$new" ${uri:+"$uri"} \
		${uri:+${script:+"/usr/share/debootstrap/scripts/$script"}} ||
		die "debootstrap $1 failed"
	mv "$new" "$base"
}

# open_root RELEASE [NAME]: a new copy of the release, tmp_roots/NAME, with the
# checkout's sources and nothing else in /checkout; it becomes $copy, which
# "enter" enters
open_root()
{
	copy=$roots/${2:-$1.run}
	unpack "$1"
	copies+=("$copy")
	rm -rf --one-file-system "$copy"
	cp -a --reflink=auto "$roots/$1" "$copy" || die "no copy of $1"
	printf '%s\n' "$1" >"$copy/etc/release"

	cp -L /etc/resolv.conf /etc/hosts "$copy/etc/"
	apt_settings >"$copy/etc/apt/apt.conf.d/99host"
	# The copy need not survive a power failure.
	echo force-unsafe-io >"$copy/etc/dpkg/dpkg.cfg.d/unsafe-io"
	cp -l "$roots/$1.archives"/*.deb "$copy/var/cache/apt/archives/" 2>/dev/null || :
	mkdir "$copy/checkout"
	sources | tar --null --no-recursion -T - -cf - | tar -xf - -C "$copy/checkout"
}

# close_root: keep the package files of $copy, and remove it
close_root()
{
	local archives
	archives=$roots/$(cat "$copy/etc/release").archives
	mkdir -p "$archives"
	cp -lf "$copy"/var/cache/apt/archives/*.deb "$archives/" 2>/dev/null || :
	rm -rf --one-file-system "$copy"
	copy=
}

# enter COMMAND...: in $copy, as the first process of a namespace
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

# run_in_releases FUNCTION [RELEASE...]: call it with each release and its
# version, by default all but $SKIP_RELEASE, and print the sum of its last lines "N passed, M
# failed", to which a suite may have added before.  The output is in
# tmp_roots/RELEASE.SUITE.log, too.
run_in_releases()
{
	local function=$1 suite=${0##*/} chosen release version _ log tee status
	local sum p f report=''
	shift
	suite=${suite#test_}
	chosen=" ${*:-$(awk '{ print $1 }' <<<"$releases" | xargs)} "

	while read -r release version _; do
		[[ -n $release && $chosen == *" $release "* ]] || continue
		[ "$release" != "${SKIP_RELEASE:-}" ] || continue
		printf '== PostgreSQL %s, %s\n' "$version" "$release"
		log=$roots/$release.${suite%.sh}.log
		status=0
		exec 3> >(tee "$log" 9>&-)
		tee=$!
		"$function" "$release" "$version" >&3 3>&- 9>&- || status=$?
		exec 3>&-
		wait "$tee"

		sum=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1) || :
		read -r p _ f _ <<<"${sum:-0 passed, 1 failed}"
		if [ "$status" != 0 ] && [ "$f" = 0 ]; then
			f=1
		fi
		report+="PostgreSQL $version: $p passed, $f failed"$'\n'
		passed=$((passed + p))
		failed=$((failed + f))
	done <<<"$releases"

	printf '==\n%s' "$report"
	printf '%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

on_exit roots_cleanup

[ "$(id -u)" = 0 ] ||
	die "needs root, to unpack Debian releases and to change into them"
tools/setup.sh roots
unshare --mount --pid --fork true 2>/dev/null ||
	die "needs the right to make mount and process namespaces (unshare)"

mkdir -p "$roots"
exec 9>"$roots/.lock"
flock -n 9 || die "another run is using ${roots#"$top"/}"
