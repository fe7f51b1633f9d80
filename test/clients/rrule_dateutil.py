"""
Random recurrence rules with their occurrences as python-dateutil has them.

rrule_dateutil.py SEED COUNT FILE: write COUNT rules for COPY, but those that
the two read differently, for which doc/recurrence.md says why.
"""

import collections
import datetime
import random
import signal
import sys
import zoneinfo

import dateutil.rrule

from rrule_random import ZONES, make_rule, make_start, text_of

UTC = datetime.timezone.utc


class TooSlow(Exception):
    pass


def too_slow(signum, frame):
    raise TooSlow


def read_differently(rule):
    """Why the two disagree; None if they do not."""
    if "BYWEEKNO" in rule:
        if not {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & rule.keys():
            return "BYWEEKNO without days"
        if "INTERVAL" in rule:
            return "BYWEEKNO with INTERVAL"
        if "BYSETPOS" in rule:
            return "BYWEEKNO with BYSETPOS"
        if min(rule["BYWEEKNO"]) <= -52:
            return "BYWEEKNO of week one from the end"
    if rule["FREQ"] == "WEEKLY" and "BYSETPOS" in rule:
        return "WEEKLY with BYSETPOS"
    if len({day[0] in "+-123456789" for day in rule.get("BYDAY", [])}) > 1:
        return "BYDAY with and without ordinals"
    return None


def occurrences(text, start, most):
    """The first local times, and whether they are all."""
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        result = []
        for local in dateutil.rrule.rrulestr(text, dtstart=start):
            if len(result) == most:
                return result, False
            result.append(local)
        return result, True
    except ValueError as error:
        # its way to say that a rule never happens
        if "Invalid combination of interval" not in str(error) and "empty set" not in str(error):
            raise
        return [], True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def instants(locals_, zone):
    """
    As RFC 5545 section 3.3.5 reads local times: so does Python, where they are
    the first of two, or left out.
    """
    zone = zoneinfo.ZoneInfo(zone)
    return sorted({local.replace(tzinfo=zone).astimezone(UTC) for local in locals_})


def changes_near(local, zone):
    day = datetime.timedelta(days=2)
    zone = zoneinfo.ZoneInfo(zone)
    return (local - day).replace(tzinfo=zone).utcoffset() != (local + day).replace(tzinfo=zone).utcoffset()


def main():
    seed, count, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    rng = random.Random(seed)
    reasons = collections.Counter()
    signal.signal(signal.SIGALRM, too_slow)
    with open(file, "w") as out:
        for n in range(count):
            rule = make_rule(rng)
            start = make_start(rng)
            zone = rng.choice(ZONES)
            until = rng.random()
            reason = read_differently(rule)
            if reason:
                reasons[reason] += 1
                continue
            try:
                found, complete = occurrences(text_of(rule), start, 40)
                # an end at one of them, or a second before
                if "COUNT" not in rule and found and until < 0.25:
                    found = found[:int(until * 4 * len(found)) + 1]
                    end = found[-1]
                    if until < 0.05:
                        end -= datetime.timedelta(seconds=1)
                        found.pop()
                    rule["UNTIL"] = end.strftime("%Y%m%dT%H%M%S")
                    complete = True
            except TooSlow:
                reasons["too slow for dateutil"] += 1
                continue
            result = instants(found, zone)
            # a time that is left out may be later than one that was not asked for
            if not complete and changes_near(found[-1], zone):
                reasons["the last one is near the change of a clock"] += 1
                continue
            print(n, text_of(rule), start, zone, "{" + ",".join(map(str, result)) + "}",
                  "t" if complete else "f", sep="\t", file=out)
    with open(file + ".log", "w") as log:
        for reason, number in sorted(reasons.items()):
            print(f"left out: {number} {reason}", file=log)


if __name__ == "__main__":
    main()
