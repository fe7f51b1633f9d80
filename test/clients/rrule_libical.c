/*-------------------------------------------------------------------------
 *
 * rrule_libical.c
 *		The occurrences of recurrence rules as libical has them.
 *
 * Reads lines of rrule_random.py (number, rule, start) and writes them with
 * the first 40 local times, as an array for COPY.  A rule that libical refuses,
 * takes too long for or dies of has no line: each is a process of its own.
 *
 *-------------------------------------------------------------------------
 */
#include <libical/ical.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST	40

static void
print_times(const char *number, const char *text, const char *at)
{
	struct icalrecurrencetype rule = icalrecurrencetype_from_string(text);
	icalrecur_iterator *walk;

	if (rule.freq == ICAL_NO_RECURRENCE)
		return;
	walk = icalrecur_iterator_new(rule, icaltime_from_string(at));
	if (walk == NULL)
		return;
	printf("%s\t%s\t%s\t{", number, text, at);
	for (int i = 0; i < MOST; i++)
	{
		struct icaltimetype time = icalrecur_iterator_next(walk);

		if (icaltime_is_null_time(time))
			break;
		printf("%s%04d-%02d-%02d %02d:%02d:%02d", i > 0 ? "," : "",
			   time.year, time.month, time.day,
			   time.hour, time.minute, time.second);
	}
	printf("}\n");
	icalrecur_iterator_free(walk);
}

int
main(void)
{
	const struct itimerval limit = {{0, 0}, {0, 20000}};
	char		line[4096];

	icalerror_set_errors_are_fatal(0);
	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		char		number[16];
		char		rule[4000];
		char		start[32];
		pid_t		child;

		if (sscanf(line, "%15s\t%3999s\t%31s", number, rule, start) != 3)
			return 1;
		child = fork();
		if (child < 0)
			return 1;
		if (child == 0)
		{
			/* of the time that it takes itself */
			setitimer(ITIMER_VIRTUAL, &limit, NULL);
			print_times(number, rule, start);
			fflush(stdout);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	return 0;
}
