#!/bin/bash
#
# dist.sh [TAG]
#		What a release is handed out as: appointment-VERSION.tar.gz and .zip,
#		made of a tag of the repository, vVERSION, by default that of META.json.
#
# The files are those of the tag, whatever is in the checkout, but for what
# .gitattributes keeps out; the same tag gives the same bytes.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

git()
{
	command git -c safe.directory="$top" "$@"
}

# meta_version: of the META.json on stdin; the first in it is the whole's
meta_version()
{
	sed -n 's/^\t"version": "\(.*\)",$/\1/p' | head -n 1
}

[ -n "$(type -P git)" ] || die "git is needed"
[ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$top" ] ||
	die "this is not a clone of the repository; a release is made of one of its tags"

tag=${1:-v$(meta_version <META.json)}
git rev-parse -q --verify "refs/tags/$tag^{commit}" >/dev/null ||
	die "there is no tag \"$tag\"; \"git tag -a $tag\" makes it, TAG= chooses another"
version=$(git show "$tag:META.json" | meta_version)
[ "$tag" = "v$version" ] ||
	die "tag \"$tag\" has version \"$version\" in META.json: it should be \"v$version\""
if git show "$tag:CHANGELOG.md" | grep -F "## $version (unreleased)" >/dev/null; then
	say "${0##*/}: CHANGELOG.md of \"$tag\" calls $version unreleased"
fi

for suffix in tar.gz zip; do
	file=appointment-$version.$suffix
	git archive --format="$suffix" --prefix="appointment-$version/" \
		-o "$file" "$tag"
	printf '%s\n' "$file"
done
