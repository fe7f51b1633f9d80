#!/bin/bash
#
# test_upgrade.sh
#		pg_upgrade from each supported version of PostgreSQL to the next, with
#		everything of the extension in use (test/upgrade/pg_upgrade.sh).
#
# It needs the versions side by side: a copy of the newest release (roots.sh)
# that takes the others' servers from the older releases.  Their packages of
# server headers want compilers of their own, so only their files are unpacked.
# The extension is built and installed for each version, one after another, in
# one checkout, as a user with several versions does it.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. tools/roots.sh

# shellcheck disable=SC2154
versions=$(awk '{ print $2 }' <<<"$releases" | xargs)
newest=$(awk 'NF { release = $1 } END { print release }' <<<"$releases")
log=$(mktemp)
cleanup()
{
	rm -f "$log"
	roots_cleanup
}
on_exit cleanup

# apt_get ARGUMENT...: in the copy
apt_get()
{
	quietly "$log" enter env DEBIAN_FRONTEND=noninteractive \
		apt-get -y -q -o Dpkg::Use-Pty=0 "$@"
}

open_root "$newest" upgrade.run
mirror=$(awk '$1 == "deb" { print $2; exit }' "$copy/etc/apt/sources.list")
# shellcheck disable=SC2013
for release in $(awk '{ print $1 }' <<<"$releases"); do
	[ "$release" != "$newest" ] || continue
	printf 'deb %s %s main\n' "$mirror" "$release" \
		>"$copy/etc/apt/sources.list.d/$release.list"
	# shellcheck disable=SC2154
	cp -l "$roots/$release.archives"/*.deb \
		"$copy/var/cache/apt/archives/" 2>/dev/null || :
done
mkdir -p "$copy/etc/postgresql-common/createcluster.d"
echo 'create_main_cluster = false' \
	>"$copy/etc/postgresql-common/createcluster.d/none.conf"

say "install PostgreSQL $versions"
apt_get update
# shellcheck disable=SC2046,SC2086
apt_get install --no-install-recommends gcc libc6-dev libjson-c-dev \
	$(printf 'postgresql-%s ' $versions)
# shellcheck disable=SC2016,SC2086
quietly "$log" enter sh -e -c '
	cd /var/cache/apt/archives
	for version; do
		apt-get -q download "postgresql-server-dev-$version"
		dpkg-deb -x "postgresql-server-dev-${version}"_*.deb /
	done' headers $versions

for version in $versions; do
	say "build for PostgreSQL $version"
	make=(make -C /checkout -s "-j$(nproc)" with_llvm=no
		"PG_CONFIG=/usr/lib/postgresql/$version/bin/pg_config")
	quietly "$log" enter "${make[@]}" clean
	quietly "$log" enter "${make[@]}" all
	quietly "$log" enter "${make[@]}" install
done

status=0
# shellcheck disable=SC2086
enter runuser -u postgres -- env HOME=/tmp SCRATCH=/tmp/upgrade \
	sh -c 'mkdir /tmp/upgrade; cd /checkout; exec test/upgrade/pg_upgrade.sh "$@"' \
	upgrade $versions 2>&1 | tee "$log" || status=$?
close_root

passed=$(grep -cE '^ok' "$log") || :
failed=$(grep -cE '^not ok' "$log") || :
if [ "$failed" = 0 ] &&
	{ [ "$status" != 0 ] || ! grep -qxF "1..$passed" "$log"; }; then
	failed=1
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
