#!/bin/bash
#
# test_packages.sh [RELEASE...]
#		What people install: "make dist", and what is made of it in each Debian
#		release (roots.sh), by default all of them: builds of every kind, and
#		Debian's package, by test/packages/in_release.sh.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. test/lib/tap.sh
. tools/roots.sh

# ------------------------------------------------------------------
# make dist, in a repository of its own
# ------------------------------------------------------------------

clone=$(mktemp -d)
copies+=("$clone")
sources | tar --null --no-recursion -T - -cf - | tar -xf - -C "$clone"

# in_clone COMMAND...: without anybody's settings
in_clone()
{
	env -u GIT_DIR HOME="$clone" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a \
		GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b \
		GIT_AUTHOR_DATE="2026-01-01T00:00:00Z" \
		GIT_COMMITTER_DATE="2026-01-01T00:00:00Z" \
		"$1" -C "$clone" "${@:2}" 2>&1
}

# dist [ARGUMENT...]: without a PostgreSQL
dist()
{
	in_clone make -s --no-print-directory PG_CONFIG=/nowhere "$@" dist
}

# not "version": that is PostgreSQL's below
number=$(sed -n 's/^\t"version": "\(.*\)",$/\1/p' META.json)
like "$(dist)" "not a clone of the repository" "make dist says that it needs the repository"
quietly "$clone/.git.log" in_clone git init -q
in_clone git add -A . >/dev/null
in_clone git reset -q .git.log || :
in_clone git commit -qm release
like "$(dist)" "there is no tag \"v$number\"; \"git tag" "it says that it needs a tag"
in_clone git tag "v$number"
in_clone git tag "v9.8.7"
is "$(dist 2>&1 | grep -v unreleased | xargs)" "appointment-$number.tar.gz appointment-$number.zip" \
	"it makes a tar and a zip file"
sums=$(cd "$clone" && sha256sum appointment-*)
echo change >>"$clone/README.md"
dist >/dev/null
is "$(cd "$clone" && sha256sum appointment-*)" "$sums" "and the same again, whatever has changed since"
like "$(dist TAG=v9.8.7)" "tag \"v9.8.7\" has version \"$number\" in META.json" "a tag of another version is refused"
sed -i "s/^\t\"version\": \"$number\"/\t\"version\": \"9.8.7-rc1\"/" "$clone/META.json"
in_clone git commit -qam candidate
in_clone git tag v9.8.7-rc1
is "$(dist TAG=v9.8.7-rc1 | xargs)" "appointment-9.8.7-rc1.tar.gz appointment-9.8.7-rc1.zip" \
	"TAG= chooses any that fits"
is "$(tar -tzf "$clone/appointment-$number.tar.gz" | grep -vc "^appointment-$number/")" 0 \
	"all is in one directory"
is "$(tar -tzf "$clone/appointment-$number.tar.gz" | sed "s|^appointment-$number/||; /\/$/d; /^$/d" | sort)" \
	"$(in_clone git ls-tree -r --name-only "v$number" | grep -v '^\.' | sort)" \
	"the files are the repository's but for its own"
passed=$((tap_count - tap_failed))
failed=$tap_failed

# ------------------------------------------------------------------
# in the releases
# ------------------------------------------------------------------

# unpack_others RELEASE: the pg_config and headers of the versions in the
# releases before, if their packages are there; they run in a later one
unpack_others()
{
	local release other _ file
	mkdir "$copy/other"
	while read -r release other _; do
		[ -n "$release" ] || continue
		[ "$release" != "$1" ] || break
		for file in "$roots/$release.archives"/postgresql-{client,server-dev}-"$other"_*.deb; do
			[ ! -e "$file" ] || dpkg-deb -x "$file" "$copy/other"
		done
	done <<<"$releases"
}

# test_release RELEASE VERSION
test_release()
{
	local status=0
	open_root "$1"
	mkdir "$copy/dist"
	cp "$clone/appointment-$number".* "$copy/dist/"
	unpack_others "$1"
	enter bash /checkout/test/packages/in_release.sh "$2" 2>&1 || status=$?
	close_root
	return "$status"
}

run_in_releases test_release "$@"
