#!/bin/bash
#
# indent.sh [--check]
#		Lay out src/ as PostgreSQL's pgindent does; or only say where it is not.
#
# pg_bsd_indent has to be told the names of types: tools/typedefs.list has
# those that our sources use, of ours, of the server's and of json-c's headers.
# Without --check it is brought up to date first.  pg_bsd_indent 2.1.2 differs
# from 2.1.1 in the continued lines of an initializer; parentheses around its
# expression make both agree.  X-macro files (*.def) are
# tables, and stay as they are.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

check=
case ${1:-} in
	'') ;;
	--check) check=yes ;;
	*) die "unknown option \"$1\"" ;;
esac

PG_CONFIG=$(tools/setup.sh build)
pg_bsd_indent=$(tools/setup.sh indent)
work=$(mktemp -d)
cleanup()
{
	rm -rf "$work"
}
on_exit cleanup

json_c_headers()
{
	pkg-config --variable=includedir json-c 2>/dev/null |
		sed 's,$,/json-c,' | grep . || echo /usr/include/json-c
}

shopt -s nullglob
files=(src/*.[ch] src/*/*.[ch])
typedefs=tools/typedefs.list

if [ -z "$check" ]; then
	{
		printf '%s\0' "${files[@]}"
		find "$("$PG_CONFIG" --includedir-server)" "$(json_c_headers)" \
			-name '*.h' -print0
	} | perl -0ne '
		BEGIN {
			# pgindent leaves out the last line: names that are also common words
			$type{$_} = 1 foreach qw(FILE size_t ssize_t time_t va_list bool);
			$not{$_} = 1 foreach qw(FD_SET U abs allocfunc boolean date digit
				ilist interval iterator other pointer printfunc reference string
				timestamp type wrap);
		}
		chomp;
		open(my $in, "<", $_) or next;
		local $/;
		my $source = <$in>;
		$source =~ s!/\*.*?\*/! !gs;
		if (m{^src/}) { $word{$_} = 1 foreach $source =~ /\w+/g; }
		# typedef ... name;  typedef ... (*name) (...);  typedef struct {...} name;
		$type{$1} = 1 while $source =~ /\btypedef\b[^;{}()]*?(\w+)(?:\s*\[[^;]*\])?\s*;/g;
		$type{$1} = 1 while $source =~ /\btypedef\b[^;{}()]*\(\s*\*?\s*(\w+)\s*\)\s*\(/g;
		$type{$1} = 1 while $source =~ /^\}\s*(\w+);/mg;
		END {
			print map { "$_\n" } sort grep { $word{$_} && !$not{$_} } keys %type;
		}' >"$work/typedefs.list"
	cmp -s "$work/typedefs.list" "$typedefs" ||
		cp "$work/typedefs.list" "$typedefs"
fi

[ -e "$typedefs" ] || die "no $typedefs: make indent"

# What pgindent does before and after: // comments, block comments that begin
# with dashes, comments in a row, and a function's pointer type
# shellcheck disable=SC2016
before='
	s!^([ \t]*)//(.*)$!$1/* $2 */!gm;
	s!/\* +---!/*---X_X!g;'
# shellcheck disable=SC2016
after='
	s!/\*---X_X!/* ---!g;
	s!\*/(/\*.*\*/)$!*/\t$1!gm;
	s!^([A-Za-z_]\S*)[ \t]+\*$!$1 *!gm;
	# not pgindent: a designator as an argument keeps its space
	s!,\.(?=\w+ = )!, .!g;'

# file_typedefs FILE: without those names that are variables here; "text" is
# often one, and pg_bsd_indent cannot tell
file_typedefs()
{
	perl -e '
		my ($typedefs, $file) = @ARGV;
		local $/;
		open(my $in, "<", $file) or die "$file: $!\n";
		my $source = <$in>;
		$source =~ s!/\*.*?\*/! !gs;
		open($in, "<", $typedefs) or die "$typedefs: $!\n";
		foreach my $name (split(/\n/, <$in>))
		{
			next if $name =~ /^[a-z]+$/ &&
				$source =~ /\b$name\s*(?:\[|->|\.|,|;|[-+=])/;
			print "$name\n";
		}' "$typedefs" "$1"
}

status=0
for file in "${files[@]}"; do
	new=$work/${file##*/}
	perl -0777 -pe "$before" "$file" >"$new"
	file_typedefs "$file" >"$work/types"
	(
		# it leaves a backup where it runs
		cd "$work"
		"$pg_bsd_indent" -bad -bap -bbb -bc -bl -cli1 -cp33 -cdb -nce -d0 -di12 \
			-nfc1 -i4 -l79 -lp -lpl -nip -npro -sac -tpg -ts4 \
			-U"$work/types" "$new" >"$work/messages" 2>&1
	) || {
		printf '%s: ' "$file"
		cat "$work/messages"
		status=1
		continue
	}
	perl -0777 -pi -e "$after" "$new"
	if ! cmp -s "$file" "$new"; then
		if [ -n "$check" ]; then
			diff -u --label "$file" --label "$file, indented" "$file" "$new" || :
			status=1
		else
			cat "$new" >"$file"
			printf '%s\n' "$file"
		fi
	fi
done
exit "$status"
