#!/bin/bash
#
# check_layers.sh
#		The layers of the source, as the Makefile's LAYERS names them: a file
#		includes only headers of its own layer and of those before it, and no
#		two files need each other.  A finding is a line on stdout.
#
# What a file needs is what it includes, itself or by its headers, so a
# declaration stands in the header of the file that defines it: "extern" in a .c
# file is a finding, too.  A header of several files would hide what is needed.
# Hooks are not seen: a format's table has functions that lower layers call.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

layers=$(sed -n '/^LAYERS *=/,/[^\\]$/p' Makefile | sed 's/^LAYERS *=//; s/\\$//' | xargs)
[ -n "$layers" ] || die "the Makefile has no LAYERS"

# src/*.c is on top of all; appointment.h and compat.h are below all.
for directory in src/*/; do
	[[ " $layers " == *" $(basename "$directory") "* ]] ||
		printf '%s is not among the LAYERS of the Makefile\n' "$directory"
done

# shellcheck disable=SC2016
find src -name '*.[ch]' -o -name '*.def' | LC_ALL=C sort | xargs awk -v layers="$layers" '
	function layer(file, part) {
		return split(file, part, "/") == 2 ? rank[part[1]] : 0
	}
	# the module of a file: its name without the ending
	function module(file) {
		sub(/\.[a-z]+$/, "", file)
		return file
	}
	BEGIN {
		count = split(layers, name, " ")
		for (i = 1; i <= count; i++)
			rank[name[i]] = i
	}
	FNR == 1 {
		file = FILENAME
		sub(/^src\//, "", file)
		here = file ~ /\// ? layer(file) : (file ~ /\.h$/ ? 0 : count + 1)
		exists[file] = 1
	}
	/^#include "[a-z_]+\/[a-z_]+\.(h|def)"/ {
		split($2, quoted, "\"")
		included = quoted[2]
		there = layer(included)
		if (!there)
			next
		place[module(file), module(included)] = FILENAME ":" FNR
		needs[module(file)] = needs[module(file)] " " module(included)
		if (there > here)
			printf "%s:%d: %s is of a layer above\n", FILENAME, FNR, included
	}
	/^[ \t]*#[ \t]*include/ && (/<[a-z_]+\/[a-z_]+\.h>/ && layer(substr($2, 2)) || /\.\.|\.c[">]|^[ \t]+#|#[ \t]+include/) {
		printf "%s:%d: an include is written #include \"folder/header.h\"\n", FILENAME, FNR
	}
	FNR == 1 && file !~ /\// && file ~ /\.h$/ && file !~ /^(appointment|compat)\.h$/ {
		printf "%s: a header stands in a folder\n", FILENAME
	}
	/^[ \t]*(pg_noreturn )?extern/ && file ~ /\.c$/ {
		printf "%s:%d: what another file defines is declared in its header\n", FILENAME, FNR
	}
	# by pgindent, a function of a header is declared after "extern" and defined
	# at the start of a line
	/^(pg_noreturn )?extern [^(]*\(/ && file ~ /\.h$/ {
		match($0, /[a-z_0-9]+\(/)
		declared[substr($0, RSTART, RLENGTH - 1)] = FILENAME ":" FNR
	}
	/^[a-z_][a-z_0-9]*\(/ && file ~ /\.c$/ {
		match($0, /^[a-z_0-9]+/)
		defined[substr($0, 1, RLENGTH), module(file)] = 1
	}
	# reach FROM TO: FROM needs TO, itself or by others
	function reach(from, to, list, n, i) {
		if (from in seen)
			return 0
		seen[from] = 1
		n = split(needs[from], list, " ")
		for (i = 1; i <= n; i++)
			if (list[i] != from && (list[i] == to || reach(list[i], to)))
				return 1
		return 0
	}
	END {
		for (function_ in declared) {
			file = declared[function_]
			gsub(/^src\/|:.*/, "", file)
			if (!((function_, module(file)) in defined))
				printf "%s: %s is not defined in %s.c\n", declared[function_], function_, module(file)
		}
		for (pair in place) {
			split(pair, two, SUBSEP)
			if (two[1] == two[2])
				continue
			delete seen
			if (reach(two[2], two[1]))
				printf "%s: %s and %s need each other\n", place[pair], two[1], two[2]
		}
	}
'
