"""
Recurrence rules made at random, for what compares engines.

rrule_random.py SEED COUNT: a line for each, of number, rule and start.
"""

import datetime
import random
import sys

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
ZONES = ["UTC", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe",
         "Pacific/Apia", "Africa/Casablanca", "Asia/Kolkata", "America/Sao_Paulo"]


def some(rng, low, high, most=4, negative=False):
    numbers = [n for n in range(low, high + 1)]
    if negative:
        numbers += [-n for n in range(low, high + 1) if n]
    return sorted(rng.sample(numbers, rng.randint(1, min(most, len(numbers)))))


def weekdays(rng, ordinals):
    days = []
    for day in rng.sample(DAYS, rng.randint(1, 4)):
        if ordinals:
            days.append(f"{rng.choice(ordinals)}{day}")
        else:
            days.append(day)
    return days


def make_rule(rng):
    """The parts of a rule, as a dictionary."""
    freq = rng.choice(FREQUENCIES)
    rule = {"FREQ": freq}
    below_day = freq in ("HOURLY", "MINUTELY", "SECONDLY")

    def maybe(chance):
        return rng.random() < chance

    if maybe(0.5):
        rule["INTERVAL"] = rng.choice([2, 3, 4, 5, 7, 12, 24, 48, 90, 100]) if below_day else rng.randint(2, 6)
    if maybe(0.25):
        rule["BYMONTH"] = some(rng, 1, 12)
    if freq == "YEARLY" and maybe(0.25):
        rule["BYWEEKNO"] = some(rng, 1, 53, negative=True)
    if (freq == "YEARLY" or below_day) and maybe(0.25):
        rule["BYYEARDAY"] = some(rng, 1, 366, 20, negative=True)
    if freq != "WEEKLY" and maybe(0.25):
        rule["BYMONTHDAY"] = some(rng, 1, 31, negative=True)
    if maybe(0.4):
        ordinals = None
        if freq == "MONTHLY" and maybe(0.6):
            ordinals = [1, 2, 3, 4, 5, -1, -2, -3, -5]
        elif freq == "YEARLY" and "BYWEEKNO" not in rule and maybe(0.6):
            ordinals = [1, 2, 5, -1, -2] if "BYMONTH" in rule else [1, 2, 10, 20, 52, 53, -1, -2, -30, -53]
        rule["BYDAY"] = weekdays(rng, ordinals)
        if ordinals and maybe(0.2):
            rule["BYDAY"] += weekdays(rng, None)
    if maybe(0.25):
        rule["BYHOUR"] = some(rng, 0, 23)
    if maybe(0.25):
        rule["BYMINUTE"] = some(rng, 0, 59)
    if maybe(0.15):
        rule["BYSECOND"] = some(rng, 0, 59)
    if len([part for part in rule if part.startswith("BY")]) and maybe(0.25):
        rule["BYSETPOS"] = some(rng, 1, 5, 3, negative=True)
    if maybe(0.25):
        rule["WKST"] = rng.choice(DAYS)
    if maybe(0.2):
        rule["COUNT"] = rng.randint(1, 30)
    return rule


def text_of(rule):
    return ";".join(f"{part}={','.join(map(str, value)) if isinstance(value, list) else value}"
                    for part, value in rule.items())


def make_start(rng):
    return datetime.datetime(rng.choice([1970, 1997, 2011, 2023, 2024, 2026]), rng.randint(1, 12),
                             rng.randint(1, 28), rng.randint(0, 23), rng.choice([0, 0, 30, rng.randint(0, 59)]),
                             rng.choice([0, 0, 0, rng.randint(0, 59)]))


def main():
    rng = random.Random(sys.argv[1])
    for n in range(int(sys.argv[2])):
        rule = make_rule(rng)
        print(n, text_of(rule), make_start(rng).strftime("%Y%m%dT%H%M%S"), sep="\t")


if __name__ == "__main__":
    main()
