#!/bin/bash
#
# plots.sh [FILE...]
#		Draw the benchmarks' plots, doc/images/*.svg, from what "make bench"
#		has printed on both of its outputs, which is in the files or comes in on
#		standard input.  The figures that were drawn stay beside them, as *.tsv.
#
#	contention	transactions a second by the number of clients, of each way to
#				prevent double bookings; from herd, run once for each number:
#
#		for n in 1 2 4 8 16 32; do
#			HERD_CLIENTS=$n HERD_LEVELS=read-committed \
#				HERD_WAYS="advisory constraint constraint_guard" \
#				TESTS=herd make bench
#		done >bench.txt 2>&1
#
#	insert		what one insertion costs, of each way; from occupancy:
#
#		TESTS=occupancy make bench >>bench.txt 2>&1
#
# A plot whose figures are not there is left as it is.  NOTE="..." is kept with
# the figures: what else there is to say of the run.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

tools/setup.sh plots

images=doc/images
mkdir -p "$images"
scratch=$(mktemp -d)
cleanup()
{
	rm -rf "$scratch"
}
on_exit cleanup
cat -- "$@" >"$scratch/bench.txt"

# where PATTERN: the server and the machine of the last run before a line that
# matches, without what a compiler or a packager adds
where()
{
	awk -v pattern="$1" '
		/^(commit [^ ]*, )?PostgreSQL [0-9]/ { machine = $0 }
		$0 ~ pattern { found = machine }
		END { print found }
	' "$scratch/bench.txt" | sed -e 's/ ([^)]*)//' -e 's/([RT]M*)//g' -e 's/  */ /g' -e 's/ CPU.*//'
}

# In grey and colours of middle brightness, on nothing: for light pages and
# dark ones
style='
	set border lc rgb "#7d8590"
	set tics textcolor rgb "#7d8590"
	set key textcolor rgb "#7d8590"
	set xlabel textcolor rgb "#7d8590"
	set ylabel textcolor rgb "#7d8590"
	set title textcolor rgb "#7d8590"
	set grid lc rgb "#7d8590" lw 0.3
'

# draw NAME WIDTH HEIGHT: from a script on standard input
draw()
{
	{
		printf 'set terminal svg size %s,%s dynamic noenhanced font "sans-serif,13"\n' "$2" "$3"
		printf 'set output "%s"\n' "$images/$1.svg"
		printf '%s\n' "$style"
		printf 'set datafile separator "\\t"\n'
		cat
	} | gnuplot
	# what gnuplot says of itself
	sed -i -e '/^<title>Gnuplot<\/title>$/d' -e '/^<desc>Produced by GNUPLOT/d' "$images/$1.svg"
	say "plots: $images/$1.svg"
}

# ------------------------------------------------------------------
# Contention
# ------------------------------------------------------------------

awk -F ' *[|] *' '
	/^[0-9]+ clients, / { split($0, word, " "); clients = word[1] }
	$2 == "read-committed" && clients { tps[clients, $3] = $4; seen[clients] = 1 }
	END {
		for (n in seen)
			printf "%d\t%s\t%s\t%s\n", n, tps[n, "advisory"],
				tps[n, "constraint_guard"], tps[n, "constraint"]
	}
' "$scratch/bench.txt" | sort -n >"$scratch/contention"
if [ "$(wc -l <"$scratch/contention")" -gt 1 ]; then
	{
		echo "# Transactions a second, read committed; every client wants the same slots"
		echo "# $(where '^[|] read-committed')${NOTE:+; $NOTE}"
		printf 'clients\tadvisory lock, then check\tguard and constraint\tconstraint alone\n'
		cat "$scratch/contention"
	} >"$images/contention.tsv"
	draw contention 640 380 <<-END
		set title "Many clients want the same slots (more is better)"
		set xlabel "clients"
		set ylabel "transactions/s"
		set logscale x 2
		set logscale y 10
		set yrange [1:100000]
		set format y "%.0f"
		set border 3
		set tics nomirror
		set key outside bottom horizontal
		set style data linespoints
		plot "$images/contention.tsv" using 1:3 title columnheader lw 2.5 pt 7 ps 0.7 lc rgb "#2f81f7", \\
			"" using 1:2 title columnheader lw 2.5 pt 5 ps 0.7 dt 2 lc rgb "#d18616", \\
			"" using 1:4 title columnheader lw 2.5 pt 9 ps 0.8 lc rgb "#e5534b"
	END
fi

# ------------------------------------------------------------------
# Costs of an insertion
# ------------------------------------------------------------------

awk -F ' *[|] *' '
	function cost(label, value) {
		sub(/ us$/, "", value)
		printf "%s\t%s\n", label, value
	}
	$2 == "insert with scope: UNIQUE, which checks no overlap" {
		cost("UNIQUE (checks no overlap)", $4)
		cost("one constraint over occupancy", $3)
	}
	$2 == "insert with scope: btree_gist on the practitioner alone" { cost("btree_gist, practitioner alone", $4) }
	$2 == "insert with scope: three btree_gist constraints, which leave out the list" { cost("btree_gist, three constraints", $4) }
	$2 == "insert with scope: child table with one row a resource" { cost("child table, one row a resource", $4) }
' "$scratch/bench.txt" >"$scratch/insert"
if [ -s "$scratch/insert" ]; then
	{
		echo "# Microseconds to insert one row, with scope"
		echo "# $(where '^[|] insert with scope')${NOTE:+; $NOTE}"
		printf 'way\tmicroseconds\n'
		cat "$scratch/insert"
	} >"$images/insert.tsv"
	draw insert 640 260 <<-END
		set title "Inserting one appointment (less is better)"
		set xlabel "microseconds"
		set xrange [0:*]
		set yrange [*:*] reverse
		set offsets 0, graph 0.12, 0.6, 0.6
		unset key
		unset grid
		set grid x lc rgb "#7d8590" lw 0.3
		set ytics scale 0
		set border 1
		set xtics nomirror
		set style fill solid 1.0 noborder
		set datafile columnheaders
		plot "$images/insert.tsv" using (\$2 / 2):0:(\$2 / 2):(0.38):(strstrt(stringcolumn(1), "occupancy") ? 0x2f81f7 : 0x8b949e):ytic(1) \\
				with boxxyerror lc rgb variable, \\
			"" using 2:0:(sprintf("  %.1f", \$2)) with labels left textcolor rgb "#7d8590"
	END
fi
