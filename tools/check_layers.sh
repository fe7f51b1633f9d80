#!/bin/bash
#
# check_layers.sh DIRECTORY
#		The folders of src/ are layers: each calls only those that stand before
#		it in the Makefile's LAYERS, and no two files of one need each other.
#		DIRECTORY has the objects of a build, in src/.  What is found is printed.
#
# Who calls whom is taken from the symbols that the objects define and lack, so
# that a header does not count for what nobody uses of it.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ $# = 1 ] || die "needs the directory of a build"
layers=$(sed -n '/^LAYERS = /,/[^\\]$/p' Makefile | tr -d '\\' | sed 's/^LAYERS = //' | xargs)

objects=$(cd "$1" && printf '%s\n' src/*.o src/*/*.o)
# shellcheck disable=SC2086
(cd "$1" && nm -P $objects) | awk -v layers="$layers" '
	function layer_of(file,	parts, n)
	{
		n = split(file, parts, "/")
		return n == 3 ? parts[2] : ""
	}
	function finding(text)
	{
		print text
		found = 1
	}
	BEGIN {
		n = split(layers, names, " ")
		for (i = 1; i <= n; i++)
			rank[names[i]] = i
	}
	/:$/ {
		file = substr($0, 1, length($0) - 1)
		sub(/\.o$/, "", file)
		files[file] = 1
		layer = layer_of(file)
		if (layer != "" && !(layer in rank))
			finding(file ": " layer " is not in the Makefile'"'"'s LAYERS")
		next
	}
	$2 == "U" { needs[file, $1] = 1; next }
	$2 ~ /[TDBRVW]/ && $1 !~ /^(pg_finfo_|_PG_|Pg_magic)/ { home[$1] = file }
	END {
		for (need in needs) {
			split(need, part, SUBSEP)
			from = part[1]
			to = home[part[2]]
			if (to == "" || to == from)
				continue
			symbol[from, to] = part[2]
			a = layer_of(from)
			b = layer_of(to)
			# what is in no layer is on top of all
			if ((a != "" && b == "") || (a != "" && b != "" && rank[a] < rank[b]))
				finding(from " calls " to " above it: " part[2])
		}
		for (pair in symbol) {
			split(pair, part, SUBSEP)
			if (part[1] < part[2] && (part[2], part[1]) in symbol)
				finding(part[1] " and " part[2] " need each other: " \
					symbol[part[1], part[2]] ", " symbol[part[2], part[1]])
		}
		exit found
	}' | sort
