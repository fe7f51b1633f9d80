"""
Free time as a brute force finds it: the zone's clock is read tick by tick.

availability_oracle.py SEED FIRST COUNT FILE: write statements with their
results for COPY, those of COUNT cases from number FIRST on.  A case depends on
SEED and its number only.

A tick is a minute, or half a minute where a case has seconds.  Nothing here
knows periods but as ticks that are open or not; the words are those of
doc/availability.md.
"""

import collections
import datetime
import functools
import multiprocessing
import random
import sys
import zoneinfo

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)
ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Dublin",
         "Africa/Casablanca", "America/St_Johns", "Pacific/Apia", "UTC"]

Rule = collections.namedtuple("Rule", "days opens closes zone valid kind priority capacity every anchor nth")
Busy = collections.namedtuple("Busy", "starts ends before after seats")


# ----------------------------------------------------------------------
# The clock
# ----------------------------------------------------------------------

@functools.lru_cache(None)
def clock_at(quarter, zone):
    """Clocks change at quarters of an hour, and differ by whole minutes from UTC."""
    at = datetime.datetime.fromtimestamp(quarter * 900, zoneinfo.ZoneInfo(zone))
    return int(at.utcoffset().total_seconds())


def local(at, zone):
    """What the zone's clock shows at an instant in seconds, in seconds since 1970 of that clock."""
    return at + clock_at(at // 900, zone)


def clock_of(first, last, tick, zone):
    """The latest time that the clock has shown, at each tick."""
    latest = max(local(at, zone) for at in range(first - 3 * 86400, first, tick * 30))
    latest = max(latest, local(first - tick, zone))
    highest = []
    for at in range(first, last, tick):
        latest = max(latest, local(at, zone))
        highest.append(latest)
    return highest


def date_of(local_seconds):
    return datetime.date(1970, 1, 1) + DAY * (local_seconds // 86400)


# ----------------------------------------------------------------------
# Open
# ----------------------------------------------------------------------

def monday(date):
    return date - DAY * date.weekday()


def matches(rule, date):
    if rule.valid:
        lower, upper = rule.valid
        if lower and date < lower or upper and date >= upper:
            return False
    if rule.days and date.isoweekday() not in rule.days:
        return False
    if rule.nth:
        week = (date.day - 1) // 7 + 1
        last = (date.replace(day=28) + 4 * DAY).replace(day=1) - DAY
        if week not in rule.nth and -((last.day - date.day) // 7 + 1) not in rule.nth:
            return False
    if rule.every > 1:
        weeks = (monday(date) - monday(rule.anchor or rule.valid[0])).days // 7
        return weeks % rule.every == 0
    return True


def spans(rule, date):
    """From and to on the clock on a date, in seconds; nothing for an override without hours."""
    midnight = (date - datetime.date(1970, 1, 1)).days * 86400
    if rule.opens is None:
        return None if rule.kind == "override" else (midnight, midnight + 86400)
    closes = rule.closes + (1440 if rule.closes <= rule.opens else 0)
    return midnight + rule.opens * 60, midnight + closes * 60


def local_times(rule, first, last, tick):
    """Each time of the clock at which a rule is there, with the dates whose period contains it."""
    result = {}
    date = date_of(first) - 2 * DAY
    while date <= date_of(last) + DAY:
        span = spans(rule, date)
        if span and matches(rule, date):
            for now in range(max(span[0], first - first % tick), min(span[1], last + tick), tick):
                result.setdefault(now, []).append(date)
        date += DAY
    return result


def capacities(rules, first, last, tick):
    """
    The capacity at each tick, 0 where it is closed.  A local time stands for
    the first instant at which the clock shows it or a later one, so a period
    of local times has the ticks whose latest time so far lies in it.
    """
    clocks = {zone: clock_of(first, last, tick, zone) for zone in {rule.zone for rule in rules}}
    overridden = {}

    def is_overridden(level, date):
        key = level, date
        if key not in overridden:
            overridden[key] = any(rule.kind == "override" and rule.priority == level and matches(rule, date)
                                  for rule in rules)
        return overridden[key]

    levels = [(level, [(rule.kind, rule.capacity, clocks[rule.zone],
                        local_times(rule, clocks[rule.zone][0], clocks[rule.zone][-1], tick))
                       for rule in rules if rule.priority == level])
              for level in sorted({rule.priority for rule in rules})]
    result = []
    for n in range(len(range(first, last, tick))):
        open_now = []		# (date, capacity)
        for level, here in levels:
            there = [(kind, capacity, times[clock[n]]) for kind, capacity, clock, times in here if clock[n] in times]
            open_now += [(date, capacity) for kind, capacity, dates in there if kind == "open" for date in dates]
            open_now = [each for each in open_now if not is_overridden(level, each[0])]
            open_now += [(date, capacity) for kind, capacity, dates in there if kind == "override" for date in dates]
            if any(kind == "closed" for kind, capacity, dates in there):
                open_now = []
        result.append(max((capacity for date, capacity in open_now), default=0))
    return result


def runs(values, first, tick):
    """Longest periods of equal values."""
    begin = 0
    for n in range(1, len(values) + 1):
        if n == len(values) or values[n] != values[begin]:
            yield first + begin * tick, first + n * tick, values[begin]
            begin = n


# ----------------------------------------------------------------------
# Free
# ----------------------------------------------------------------------

ALL = 10 ** 9
EVER = 10 ** 12


def taken(busy, at):
    """The seats that are taken at an instant by those who are there, with their buffers."""
    return sum(ALL if each.seats is None else each.seats for each in busy
               if each.starts - each.before * 60 <= at < each.ends + each.after * 60)


class Search:
    """
    A booking needs its seats from its buffer before its start to its buffer
    after its end, at each of these instants.  So at an instant of its own time
    as many are in the way as are taken at one time within these buffers.
    """

    def __init__(self, capacity, first, tick, zone, busy, wanted):
        self.capacity, self.first, self.tick, self.zone = capacity, first, tick, zone
        self.busy, self.wanted = busy, wanted
        before, after = wanted["buffer_before"] // tick, wanted["buffer_after"] // tick
        seats = [taken(busy, at) for at in range(first - before * tick, first + (len(capacity) + after) * tick, tick)]
        self.in_the_way = [max(seats[n:n + before + after + 1]) for n in range(len(capacity))]
        self.left = [max(0, places - seats) for places, seats in zip(capacity, self.in_the_way)]

    def stretches(self):
        free = [left >= self.wanted["seats"] for left in self.left]
        return [(begin, end) for begin, end, is_free in runs(free, self.first, self.tick) if is_free]

    def day_full(self, at):
        most = self.wanted["max_per_day"]
        day = date_of(local(at, self.zone))
        return most is not None and most <= sum(
            1 for each in self.busy if each.seats is not None and each.starts > -EVER and date_of(local(each.starts, self.zone)) == day)

    def grid(self):
        """What could start by the rules and bookings, whatever the policies are."""
        wanted = self.wanted
        duration, step, align = wanted["duration"], wanted["step"] or wanted["duration"], wanted["align"]
        if align is None:
            align = next((m * 60 for m in (60, 30, 20, 15, 10, 5) if step % (m * 60) == 0), 0)
        for begin, end in self.stretches():
            at = max(begin, wanted["at"] + wanted["notice"])
            at = int(-(-at // 60) * 60)
            while align and at + duration <= end and local(at, self.zone) % 86400 % align:
                at += self.tick
            while at + duration <= end:
                yield at
                at += step

    def too_late(self, at):
        return self.wanted["horizon"] is not None and at >= self.wanted["at"] + self.wanted["horizon"]

    def slots(self):
        for at in self.grid():
            if not self.too_late(at) and not self.day_full(at):
                end = at + self.wanted["duration"]
                ticks = slice((at - self.first) // self.tick, -(-(end - self.first) // self.tick))
                yield at, end, min(self.left[ticks])

    def refusals(self, at, windowed):
        """
        Why a slot is none, busy and full as one; None where that cannot be
        known from this window.
        """
        wanted = self.wanted
        begin, end = (at - self.first) // self.tick, -(-(at + wanted["duration"] - self.first) // self.tick)
        left = self.left[begin:end]
        if end >= len(self.left) or not windowed and 0 not in [self.left[n] for n in range(begin)]:
            return None
        codes = set()
        for n in range(begin, end):
            if not self.capacity[n]:
                codes.add("closed")
                if self.in_the_way[n]:
                    return None
        if any(places and seats < wanted["seats"] for places, seats in zip(self.capacity[begin:end], left)):
            codes.add("blocked")
        if at < wanted["at"] + wanted["notice"]:
            codes.add("too_soon")
        if not codes and at not in set(self.grid()):
            codes.add("off_grid")
        if self.too_late(at):
            codes.add("too_late")
        if self.day_full(at):
            codes.add("day_full")
        return codes


# ----------------------------------------------------------------------
# SQL
# ----------------------------------------------------------------------

def stamp(at):
    text = datetime.datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return text + (".5+00" if at % 1 else "+00")


def quoted(at):
    return f"timestamptz '{stamp(at)}'" if abs(at) < EVER else "NULL::timestamptz"


def time_of(minutes):
    return f"'{minutes // 60:02}:{minutes % 60:02}'" if minutes is not None else "NULL"


def sql_of_rule(rule):
    days = f"ARRAY{sorted(rule.days)}" if rule.days else "NULL"
    more = ""
    if rule.valid:
        more += ", valid => '[{},{})'".format(*(bound or "" for bound in rule.valid))
    for name, default in (("kind", "open"), ("priority", 0), ("capacity", 1), ("every", 1), ("anchor", None)):
        value = getattr(rule, name)
        if value != default:
            more += f", {name} => " + (str(value) if isinstance(value, int) else f"'{value}'")
    if rule.nth:
        more += f", nth => ARRAY{sorted(rule.nth)}"
    return f"open_hours({days}, {time_of(rule.opens)}, {time_of(rule.closes)}, '{rule.zone}'{more})"


def sql_of_rules(rules, aggregate):
    if aggregate:
        return "(SELECT open_hours_agg(r) FROM unnest(ARRAY[" + ", ".join(map(sql_of_rule, rules)) + "]) AS r)"
    return " + ".join(map(sql_of_rule, rules))


def sql_of_busy(busy, form):
    if not busy:
        return "NULL"
    columns = {"plain": "s, e", "buffers": "s, e, b, a", "seats": "s, e, b, a, n", "ranges": "tstzrange(s, e)"}[form]
    rows = ", ".join(f"({quoted(b.starts)}, {quoted(b.ends)}, {b.before}, {b.after}, "
                     f"{'NULL' if b.seats is None else b.seats}::int)" for b in busy)
    return f"(SELECT busy_agg({columns}) FROM (VALUES {rows}) AS v (s, e, b, a, n))"


def sql_of_interval(seconds):
    return f"interval '{seconds} s'" if seconds % 60 else f"interval '{seconds // 60} min'"


def sql_of_wanted(wanted, names):
    text = ""
    for name in names:
        value = wanted[name]
        if value is None or value == 0 and name in ("buffer_before", "buffer_after", "notice"):
            continue
        if name == "at":
            text += f", at => {quoted(value)}"
        elif name in ("seats", "max_per_day", "max_slots"):
            text += f", {name} => {value}"
        else:
            text += f", {name} => {sql_of_interval(value)}"
    return text


def rows_of(rows):
    return " ".join("(" + ",".join(f'"{stamp(value)}"' if value > 1000000 else str(value) for value in row) + ")"
                    for row in rows)


# ----------------------------------------------------------------------
# Cases
# ----------------------------------------------------------------------

def changes(zone):
    """The half hours before which the zone's clock changes."""
    years = (2011, 2013) if zone == "Pacific/Apia" else (2024, 2029)
    first, last = (int(datetime.datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in years)
    result = []
    for day in range(first, last, 86400):
        if local(day, zone) + 86400 != local(day + 86400, zone):
            result += [at for at in range(day, day + 86400, 1800)
                       if local(at, zone) + 1800 != local(at + 1800, zone)]
    return [at + 1800 for at in result]


def make_rule(rng, zone, date, tick, plain):
    """A rule that has something to do with a date."""
    around = [date + DAY * n for n in range(-2, 4)]
    night = rng.random() < 0.5
    grid = rng.choice([1, 5, 15, 15, 30, 60])

    def minutes(low, high):
        return rng.randrange(low, high + 1, grid)

    chance = rng.random()
    if chance < 0.12:
        opens = closes = None
    elif chance < 0.24:
        opens, closes = rng.choice([(1320, 360), (1380, 90), (1200, 1440), (0, 1440), (0, 0), (540, 540), (1440, 120),
                                    (1439, 1), (0, 1), (120, 180), (60, 120), (90, 150), (150, 120)])
    elif night:
        opens, closes = minutes(0, 240), minutes(0, 300)
    else:
        opens, closes = minutes(360, 900), minutes(600, 1380)
    often = 0.4 if plain else 1
    days = None
    if rng.random() < 0.6 * often:
        days = tuple({d.isoweekday() for d in rng.sample(around, rng.randint(1, 3))} | set(rng.sample(range(1, 8), 2)))
    lower = rng.choice(around + [None, date - 100 * DAY]) if rng.random() < 0.35 * often else None
    upper = rng.choice(around + [None, date + 100 * DAY]) if rng.random() < 0.35 * often else None
    if lower and upper and upper <= lower:
        upper = lower + DAY
    every, anchor = 1, None
    if rng.random() < 0.15 * often:
        every = rng.choice([2, 2, 3, 5])
        if not lower or rng.random() < 0.5:
            anchor = rng.choice(around) + 7 * DAY * rng.randint(-60, 60)
    nth = None
    if rng.random() < 0.12 * often:
        nth = tuple(rng.sample([1, 2, 3, 4, 5, -1, -2, -3, -4, -5], rng.randint(1, 5)))
    kind = "open" if plain else rng.choices(["open", "override", "closed"], [55, 20, 25])[0]
    capacity = 1 if kind == "closed" or rng.random() < 0.5 else rng.randint(1, 5)
    return Rule(days, opens, closes, zone, (lower, upper) if lower or upper else None, kind,
                0 if plain or rng.random() < 0.5 else rng.randint(-1, 2), capacity, every, anchor, nth)


def make_case(arguments):
    seed, number = arguments
    rng = random.Random(f"{seed}/{number}")
    zone = rng.choice(ZONES)
    tick = 30 if rng.random() < 0.1 else 60
    if zone not in CHANGES:
        CHANGES[zone] = changes(zone)
    known = CHANGES[zone]
    if known and rng.random() < 0.8:
        centre = rng.choice(known)
    else:
        centre = int(datetime.datetime(rng.randint(2012, 2030), rng.randint(1, 12), rng.randint(1, 28),
                                       tzinfo=UTC).timestamp())
    date = date_of(local(centre, zone))
    unit = rng.choice([tick, 300, 900, 3600])
    first = (centre - rng.randint(0, 40 * 3600)) // unit * unit
    last = first + max(unit, rng.choices([rng.randint(600, 86400), rng.randint(86400, 3 * 86400), 12 * 86400],
                                         [45, 53, 2])[0] // unit * unit)

    # rules
    zones = {zone}
    rules = [make_rule(rng, zone, date, tick, plain=True)]
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 4])):
        other = rng.choice(ZONES) if rng.random() < 0.07 else zone
        zones.add(other)
        rules.append(make_rule(rng, other, date, tick, plain=False))
    rng.shuffle(rules)
    hours = sql_of_rules(rules, rng.random() < 0.3)
    capacity = capacities(rules, first, last, tick)
    if rng.random() < 0.12:
        others = [make_rule(rng, zone, date, tick, plain=True) for _ in range(rng.randint(1, 3))]
        hours = f"({hours}) * ({sql_of_rules(others, False)})"
        capacity = [min(pair) for pair in zip(capacity, capacities(others, first, last, tick))]
    during = f"tstzrange('{stamp(first)}', '{stamp(last)}')"

    # bookings
    form = rng.choice(["plain", "buffers", "seats", "seats", "seats", "ranges"])
    busy = []
    small = rng.choice([tick, 300, 900])
    # where it is open, more often
    open_ticks = [n for n, places in enumerate(capacity) if places]
    for _ in range(rng.choice([0, 0, 1, 2, 3, 5, 8, 12])):
        if open_ticks and rng.random() < 0.8:
            starts = first + rng.choice(open_ticks) * tick - rng.choice([0, 0, 1800, 3600])
        else:
            starts = rng.randint(first - 7200, last + 7200)
        starts = starts // small * small
        buffers = form in ("buffers", "seats") and rng.random() < 0.5
        ends = starts + max(small, rng.randint(0, 3 * 3600) // small * small)
        if rng.random() < 0.02:
            starts, ends = rng.choice([(-EVER, ends), (starts, EVER)])
        busy.append(Busy(starts, ends,
                         rng.choice([0, 0, 5, 10, 45]) if buffers else 0, rng.choice([0, 0, 5, 15, 60]) if buffers else 0,
                         rng.randint(1, 3) if form == "seats" and rng.random() < 0.8 else None))

    # what is wanted
    duration = rng.choice([5, 10, 15, 20, 30, 30, 45, 60, 60, 90, 120, 50, 7, 25]) * 60
    if tick == 30 and rng.random() < 0.5:
        duration = rng.choice([30, 90, 150, 630])
    step = rng.choice([None, None, None, 5, 10, 15, 15, 30, 20, 40, 45, 60, 90, 7, 25, 120])
    aligns = [0, 5, 10, 15, 30] if len(zones) > 1 else [0, 0, 5, 10, 15, 20, 30, 45, 60, 60, 90, 120, 180, 240, 7, 50, 1440]
    align = rng.choice(aligns) * 60 if rng.random() < 0.4 or len(zones) > 1 else None
    wanted = {
        "duration": duration, "step": step and step * 60, "align": align,
        "buffer_before": rng.choice([0, 0, 0, 5, 10, 20]) * 60, "buffer_after": rng.choice([0, 0, 0, 5, 15, 30]) * 60,
        "notice": rng.choice([0, 0, 0, 0, 15, 60, 240, 1440, 61]) * 60,
        "horizon": rng.choice([None] * 6 + [60, 600, 1440, 2000, 2880, 3001]),
        "seats": rng.choice([1, 1, 1, 1, 1, 1, 2, 3]),
        "max_per_day": rng.choice([1, 2, 3]) if form == "seats" and len(zones) == 1 and rng.random() < 0.3 else None,
        "max_slots": None,
        "at": first + rng.choice([-86400, -3600, -60, rng.randint(-86400, last - first)]) + rng.choice([0, 0, 0.5]),
    }
    if wanted["horizon"] is not None:
        wanted["horizon"] *= 60
    search = Search(capacity, first, tick, zone, busy, wanted)
    people = sql_of_busy(busy, form)

    # statements of one column each
    periods = [run for run in runs(capacity, first, tick) if run[2]]
    yield f"SELECT p FROM open_periods({hours}, {during}) AS p", rows_of(periods)
    if rng.random() < 0.2:
        yield f"SELECT open_periods(({hours})::text::open_hours, {during})", rows_of(periods)
    points = sorted(first + rng.randrange(len(capacity)) * tick for _ in range(8))
    for begin, end, _ in rng.sample(periods, min(2, len(periods))):
        points += [begin, end - tick] + ([end] if end < last else [])
    yield (f"SELECT is_open({hours}, t) FROM unnest('{{" + ",".join(map(stamp, points)) + "}'::timestamptz[]) AS t",
           " ".join("t" if capacity[(at - first) // tick] else "f" for at in points))
    after = rng.choice(points)
    opening = [at for at, _, is_open in runs([places > 0 for places in capacity], first, tick)
               if is_open and at > after and at > first]
    if opening:
        yield f"SELECT next_opening({hours}, {quoted(after)})", stamp(opening[0])
    else:
        yield f"SELECT coalesce(next_opening({hours}, {quoted(after)}) >= {quoted(last)}, true)", "t"
    yield (f"SELECT f FROM free_periods({hours}, {people}, {during}"
           + sql_of_wanted(wanted, ["buffer_before", "buffer_after", "seats"]) + ") AS f",
           rows_of(search.stretches()))
    names = list(wanted)
    slots = list(search.slots())
    asked = f"({hours}, {people}, {during}{sql_of_wanted(wanted, names)})"
    yield f"SELECT f FROM free_slots{asked} AS f", rows_of(slots)
    yield f"SELECT row(starts_at, ends_at, seats_left) FROM slots{asked} WHERE refusal IS NULL", rows_of(slots)
    for _ in range(3):
        if slots and rng.random() < 0.4:
            at = rng.choice(slots)[0]
        else:
            at = first + rng.randrange(len(capacity)) * tick
        windowed = rng.random() < 0.5
        codes = search.refusals(at, windowed)
        if codes is not None:
            # Off the grid says something only of a time that is free, and a
            # closed time is in no zone, so on no day.
            known = "WHERE code <> 'off_grid' " if codes & {"blocked", "closed", "too_soon"} else ""
            if "closed" in codes:
                codes.discard("day_full")
                known = "WHERE code NOT IN ('off_grid', 'day_full') "
            yield (f"SELECT DISTINCT CASE WHEN code IN ('busy', 'full') THEN 'blocked' ELSE code END AS c FROM slot_refusals("
                   f"{hours}, {people}, {quoted(at)}{sql_of_wanted(wanted, names)}{f', during => {during}' if windowed else ''}) {known}ORDER BY c",
                   " ".join(sorted(codes)))
    wanted["max_slots"] = rng.randint(1, 4)
    asked = f"({hours}, {people}, {during}{sql_of_wanted(wanted, names)})"
    yield (f"SELECT free_slots{asked}" if rng.random() < 0.5 else f"SELECT f FROM free_slots{asked} AS f",
           rows_of(slots[:wanted["max_slots"]]))


CHANGES = {}


def case(arguments):
    return arguments[1], list(make_case(arguments))


def main():
    seed, first, count, file = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    with multiprocessing.Pool() as pool, open(file, "w") as out:
        for number, statements in pool.imap(case, [(seed, n) for n in range(first, first + count)], 8):
            for statement, expected in statements:
                print(number, statement, expected, sep="\t", file=out)


if __name__ == "__main__":
    main()
