"""
Feeds made at random, and when they say that somebody is busy.

icalendar_feeds.py SEED FIRST COUNT: an object of JSON a line, of
    n           the number
    ics         the feed
    during      a window, as a tstzrange
    zone        the zone that floating times are of
    options     of busy_from_ics
    expected    a tstzmultirange: all periods that overlap the window, whole
    simple      whether the feed has nothing that the package ical.js reads
                differently, so that it can read it, too

The periods are those of the values that the feed is written from, not of its
text: rules are python-dateutil's, zones are those of zoneinfo.  Each case has a
seed of its own.
"""

import datetime
import functools
import json
import random
import signal
import sys
import zoneinfo

import dateutil.rrule

import rrule_dateutil
import rrule_random

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)
SECOND = datetime.timedelta(seconds=1)
ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Dublin",
         "Africa/Casablanca", "America/St_Johns", "Pacific/Apia", "America/Sao_Paulo", "UTC"]
# names that only a VTIMEZONE explains
OWN_NAMES = ["Customized Time Zone", "(UTC+01:00) Amsterdam, Berlin; Bern", "tz 1", "Zone^'1", "Büro"]
# What others put before the name of a zone
PREFIXES = ["/freeassociation.sourceforge.net/", "/mozilla.org/20070129_1/", "/softwarestudio.org/Olson_20011030_5/", "/citadel.org/20210210_1/"]

# The yearly rules of some zones, since 2008 or before: offsets, then month, day
# and local time of each change
YEARLY = {
    "America/New_York": [(-300, -240, "EDT", "DAYLIGHT", "BYMONTH=3;BYDAY=2SU", "20070311T020000"),
                         (-240, -300, "EST", "STANDARD", "BYMONTH=11;BYDAY=1SU", "20071104T020000")],
    "Europe/Berlin": [(60, 120, "CEST", "DAYLIGHT", "BYMONTH=3;BYDAY=-1SU", "19960331T020000"),
                      (120, 60, "CET", "STANDARD", "BYMONTH=10;BYDAY=-1SU", "19961027T030000")],
    # standard time is that of the summer
    "Europe/Dublin": [(0, 60, "IST", "STANDARD", "BYMONTH=3;BYDAY=-1SU", "19960331T010000"),
                      (60, 0, "GMT", "DAYLIGHT", "BYMONTH=10;BYDAY=-1SU", "19961027T020000")],
    "Australia/Lord_Howe": [(660, 630, "LHST", "STANDARD", "BYMONTH=4;BYDAY=1SU", "20080406T020000"),
                            (630, 660, "LHDT", "DAYLIGHT", "BYMONTH=10;BYDAY=1SU", "20081005T020000")],
}


# ---------------------------------------------------------------------
# what it means
# ---------------------------------------------------------------------

def instant(local, zone):
    """As RFC 5545 section 3.3.5 reads it: so does Python."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def add_nominal(local, zone, length):
    """
    A duration after a start, RFC 5545 section 3.3.6: weeks and days of the
    calendar, then the exact time.
    """
    days, seconds = length
    return instant(local + days * DAY, zone) + seconds * SECOND


class TooSlow(Exception):
    pass


def too_slow(signum, frame):
    raise TooSlow


def walk(rule, start, end, most=5000):
    """The local times of a rule until an end."""
    found = []
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        for local in dateutil.rrule.rrulestr(rule, dtstart=start):
            if local > end:
                return found
            found.append(local)
            if len(found) > most:
                raise TooSlow
        return found
    except ValueError:
        # it never happens
        raise TooSlow from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


# ---------------------------------------------------------------------
# how it is written
# ---------------------------------------------------------------------

class Writer:
    def __init__(self, rng):
        self.rng = rng
        self.lines = []
        self.odd = rng.random() < 0.6
        self.end = rng.choice(["\r\n", "\r\n", "\n", "\r"]) if self.odd else "\r\n"

    def line(self, name, value, params=()):
        rng = self.rng
        params = list(params)
        rng.shuffle(params)
        if self.odd and rng.random() < 0.2:
            name = rng.choice([name.lower(), name.capitalize()])
            params = [(rng.choice([p, p.lower()]), v) for p, v in params]
        text = name
        for param, content in params:
            content = content.replace("^", "^^").replace('"', "^'")
            if any(c in content for c in ",;:") or rng.random() < 0.1:
                content = f'"{content}"'
            text += f";{param}={content}"
        text += f":{value}"
        self.lines.append(self.fold(text))

    def fold(self, text):
        """At 75 octets; else anywhere, or not at all."""
        rng = self.rng
        if self.odd and rng.random() < 0.1:
            return text
        folded, width = "", 0
        limit = rng.randint(1, 80) if self.odd and rng.random() < 0.3 else 75
        for character in text:
            if width + len(character.encode()) > limit:
                folded += self.end + rng.choice([" ", " ", "\t"] if self.odd else [" "])
                width = 1
            folded += character
            width += len(character.encode())
        return folded

    def text(self):
        text = self.end.join(self.lines) + self.end
        if self.odd and self.rng.random() < 0.2:
            text = "\ufeff" + text
        if self.odd and self.rng.random() < 0.1:
            text = text[:-len(self.end)]
        return text


def offset(minutes):
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


@functools.cache
def changes_of(name):
    """The offset of 2000 in minutes, and the local times of each kind of change until 2037."""
    zone = zoneinfo.ZoneInfo(name)

    def minutes(time):
        return round(time.astimezone(zone).utcoffset() / datetime.timedelta(minutes=1))

    at = datetime.datetime(2000, 1, 1, tzinfo=UTC)
    first = minutes(at)
    changes = {}
    while at.year < 2038:
        before, after = minutes(at), minutes(at + DAY)
        if before != after:
            low, high = at, at + DAY
            while high - low > SECOND:
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if minutes(middle) == before else (low, middle)
            onset = (high + before * 60 * SECOND).strftime("%Y%m%dT%H%M%S")
            changes.setdefault((before, after), []).append(onset)
        at += DAY
    return first, changes


def write_zone(writer, tzid, name):
    """
    A VTIMEZONE, of rules or of the changes from 2000 to 2037; whether it has
    lists of them, of which ical.js has only the first, without DTSTART.
    """
    rng = writer.rng
    writer.line("BEGIN", "VTIMEZONE")
    writer.line("TZID", tzid.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,"))
    observances = []
    if name in YEARLY and rng.random() < 0.6:
        for before, after, abbreviation, kind, by, start in YEARLY[name]:
            observances.append((kind, before, after, abbreviation, start, [f"FREQ=YEARLY;{by}"], []))
    else:
        before, changes = changes_of(name)
        observances.append(("STANDARD", before, before, "A", "19700101T000000", [], []))
        together = rng.random() < 0.4
        for (before, after), onsets in changes.items():
            for first in onsets[:1] if together else onsets:
                observances.append(("DAYLIGHT" if after > before else "STANDARD", before, after, "B", first, [], onsets[1:] if together else []))
    rng.shuffle(observances)
    for kind, before, after, abbreviation, start, rules, rdates in observances:
        writer.line("BEGIN", kind)
        lines = [("DTSTART", start), ("TZOFFSETFROM", offset(before)), ("TZOFFSETTO", offset(after)), ("TZNAME", abbreviation)]
        lines += [("RRULE", rule) for rule in rules]
        while rdates:
            many = rng.randint(1, len(rdates))
            lines.append(("RDATE", ",".join(rdates[:many])))
            rdates = rdates[many:]
        rng.shuffle(lines)
        for line in lines:
            writer.line(*line)
        writer.line("END", kind)
    writer.line("END", "VTIMEZONE")
    return any(observance[-1] for observance in observances)


def duration_text(rng, days, seconds):
    if not seconds and days % 7 == 0 and rng.random() < 0.5:
        return f"P{days // 7}W"
    text = rng.choice(["P", "P", "+P"])
    if days:
        text += f"{days}D"
    if seconds:
        text += "T"
        hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
        if rng.random() < 0.2:
            hours, minutes = 0, seconds // 60
        text += f"{hours}H" if hours else ""
        # no unit may be left out between two others
        text += f"{minutes}M" if minutes or hours and rest else ""
        text += f"{rest}S" if rest else ""
    elif not days:
        text += "T0S"
    return text


class Form:
    """How an event writes its times: in UTC, with a TZID, floating, dates."""

    def __init__(self, feed):
        rng = feed.rng
        self.kind = rng.choice(["utc", "tzid", "tzid", "tzid", "floating", "date"])
        self.tzid = None
        self.zone = feed.zone
        if self.kind == "utc":
            self.zone = UTC
        elif self.kind == "tzid":
            self.tzid, self.zone = feed.some_zone()
        # it has no zone to read them in
        elif feed.zone_name != "UTC":
            feed.simple = False
        self.feed = feed

    def params(self, period=False):
        params = []
        if self.tzid:
            params.append(("TZID", self.tzid))
        if period:
            params.append(("VALUE", "PERIOD"))
        elif self.kind == "date":
            params.append(("VALUE", "DATE"))
        return params

    def value(self, local):
        if self.kind == "date":
            return local.strftime("%Y%m%d")
        return local.strftime("%Y%m%dT%H%M%S") + ("Z" if self.kind == "utc" else "")

    def instant(self, local):
        time = instant(local, self.zone)
        # RFC 5545 section 3.3.5 reads a time that the clock skips by the offset
        # before, ical.js by the one after
        if time.astimezone(self.zone).replace(tzinfo=None) != local:
            self.feed.simple = False
        return time


class Feed:
    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.zone_name = rng.choice(ZONES + ["UTC"] * 5)
        self.zone = zoneinfo.ZoneInfo(self.zone_name)
        self.start = datetime.datetime(rng.randint(2009, 2030), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), tzinfo=UTC)
        self.finish = self.start + rng.choice([1, 7, 31, 100, 366]) * DAY
        self.tentative = rng.random() < 0.7
        self.periods = []
        self.zones = {}
        self.simple = True
        self.writer = Writer(rng)

    def some_zone(self):
        """A TZID, and the zone that it is to be read as."""
        rng = self.rng
        name = rng.choice(ZONES)
        kind = rng.random()
        if kind < 0.4:
            tzid = name
            self.zones.setdefault(tzid, (name, rng.random() < 0.7))
        elif kind < 0.55:
            tzid = rng.choice(PREFIXES) + name
            self.zones.setdefault(tzid, (name, rng.random() < 0.7))
        elif kind < 0.95:
            # since when the rules are those of YEARLY
            if self.start.year < 2011:
                return name, zoneinfo.ZoneInfo(self.zones.setdefault(name, (name, True))[0])
            tzid = rng.choice(OWN_NAMES)
            name = self.zones.setdefault(tzid, (name, True))[0]
        else:
            self.simple = False
            return "Nowhere/Known", self.zone
        return tzid, zoneinfo.ZoneInfo(name)

    def some_local(self, form):
        """Near the window, often near a change of the clocks."""
        rng = self.rng
        if self.rng.random() < 0.8:
            low, high = self.start - 40 * DAY, self.finish + 3 * DAY
        else:
            low, high = self.start - 500 * DAY, self.finish
        at = low + rng.randint(0, (high - low) // SECOND) * SECOND
        if form.kind == "date":
            return datetime.datetime(at.year, at.month, at.day)
        return datetime.datetime(at.year, at.month, at.day, rng.choice([0, 1, 2, 2, 3, 9, 14, 23]), rng.choice([0, 0, 15, 30, 59]), rng.choice([0, 0, 0, 1]))

    def add(self, start, end):
        if start < end and start < self.finish and end > self.start:
            self.periods.append((start, end))

    # -- events

    def some_rule(self, form, local):
        """A rule and its times until the window's end, the first of which is the start."""
        rng = self.rng
        while True:
            if rng.random() < 0.3:
                parts = rrule_random.make_rule(rng)
                parts.pop("COUNT", None)
                # (it has a place of its own below)
                if rrule_dateutil.read_differently(parts) or parts["FREQ"] in ("SECONDLY", "MINUTELY"):
                    continue
                if form.kind == "date" and (parts["FREQ"] == "HOURLY" or {"BYHOUR", "BYMINUTE", "BYSECOND"} & parts.keys()):
                    continue
                rule = rrule_random.text_of(parts)
                plain = False
            else:
                rule = rng.choice(["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
                                   "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"])
                plain = True
            try:
                first = next(iter(walk(rule, local, local + 3000 * DAY, 1000000)), None)
                if first is None:
                    continue
                locals_ = walk(rule, first, self.finish.replace(tzinfo=None) + 3 * DAY)
            except TooSlow:
                continue
            if locals_ and locals_[0] != first:
                continue
            bound = rng.random()
            if bound < 0.3:
                locals_ = locals_[:rng.randint(1, 30)]
                # what is not in the window is not counted
                rule += f";COUNT={max(len(locals_), 1)}"
            elif bound < 0.6 and locals_:
                last = rng.choice(locals_)
                if form.kind == "date":
                    rule += ";UNTIL=" + last.strftime("%Y%m%d")
                elif form.kind == "floating":
                    rule += ";UNTIL=" + last.strftime("%Y%m%dT%H%M%S")
                else:
                    rule += ";UNTIL=" + form.instant(last).strftime("%Y%m%dT%H%M%SZ")
                locals_ = [local for local in locals_ if (local if form.kind in ("date", "floating") else form.instant(local)) <= (last if form.kind in ("date", "floating") else form.instant(last))]
            if not locals_:
                # the first is after the window
                locals_ = [first]
            if not plain:
                self.simple = False
            return rule, locals_

    def some_length(self, form):
        """How the end is written, and the length in days and seconds."""
        rng = self.rng
        if form.kind == "date":
            return rng.choice(["DTEND", "DTEND", "DURATION", None]), rng.randint(1, 4), 0
        how = rng.choice(["DTEND", "DTEND", "DTEND", "DURATION", "DURATION", None])
        if how == "DURATION":
            # days with seconds, too
            return how, *rng.choice([(0, 1800), (0, 3600), (0, 86400), (1, 0), (2, 0), (7, 0), (1, 3600), (0, 5400), (0, 3601), (0, 0)])
        return how, 0, rng.choice([900, 1800, 3600, 5400, 30000, 86400, 100000])

    def write_end(self, form, local, how, days, seconds):
        """The line of the end; it returns the exact length that DTEND says."""
        rng = self.rng
        if how == "DURATION":
            self.writer.line("DURATION", duration_text(rng, days, seconds))
        elif how == "DTEND" and form.kind == "date":
            self.writer.line("DTEND", form.value(local + days * DAY), form.params())
        elif how == "DTEND":
            end = form.instant(local) + seconds * SECOND
            end_local = end.astimezone(form.zone).replace(tzinfo=None, fold=0)
            # another zone, or UTC where the wall clock would say another instant
            if form.instant(end_local) != end or form.tzid and rng.random() < 0.1:
                self.writer.line("DTEND", end.strftime("%Y%m%dT%H%M%SZ"))
            else:
                self.writer.line("DTEND", form.value(end_local), form.params())

    def period_of(self, form, local, how, days, seconds):
        """The period of an occurrence at a local time; None if it takes no time."""
        start = form.instant(local)
        if form.kind == "date":
            return start, form.instant(local + (days if how else 1) * DAY)
        if how is None:
            return None
        if how == "DURATION":
            end = add_nominal(local, form.zone, (days, seconds))
        else:
            end = start + seconds * SECOND
        # it adds exact times on the wall clock, too; RFC 5545 section 3.8.5.3
        if start.astimezone(form.zone).utcoffset() != end.astimezone(form.zone).utcoffset():
            self.simple = False
        return start, end

    def write_head(self, uid):
        rng = self.rng
        self.writer.line("UID", uid)
        self.writer.line("DTSTAMP", "20250101T000000Z")
        if rng.random() < 0.5:
            self.writer.line("SUMMARY", rng.choice(["Besprechung", "a\\, b\\; c", "x:y;z=\\\"", "漢字" * 40, "BEGIN:VEVENT", "", "\\n\\nEND:VEVENT", "é" * 100]), [("LANGUAGE", "de")] if rng.random() < 0.3 else [])
        if rng.random() < 0.2:
            self.writer.line("X-THING", "DTSTART:20200101T000000Z", [("X-A", "b:c;d"), ("X-B", "DTEND:1")])

    def write_tail(self, local):
        rng = self.rng
        if rng.random() < 0.2:
            self.writer.line("BEGIN", "VALARM")
            self.writer.line("ACTION", "DISPLAY")
            self.writer.line("TRIGGER", "-PT15M", [("RELATED", "START")])
            self.writer.line("DURATION", "P9D")
            self.writer.line("REPEAT", "2")
            self.writer.line("END", "VALARM")

    def some_effect(self):
        """Lines about whether it counts, and whether it does."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.6:
            return [], True
        return rng.choice([
            ([("TRANSP", "OPAQUE")], True), ([("STATUS", "CONFIRMED")], True), ([("STATUS", "TENTATIVE")], self.tentative),
            ([("STATUS", "TENTATIVE"), ("TRANSP", "OPAQUE")], self.tentative), ([("TRANSP", "TRANSPARENT")], False), ([("STATUS", "CANCELLED")], False),
            ([("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")], False), ([("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY")], True), ([("X-MICROSOFT-CDO-BUSYSTATUS", "OOF"), ("TRANSP", "OPAQUE")], True),
            ([("TRANSP", "transparent")], False)])

    def lines_in_any_order(self, writers):
        self.rng.shuffle(writers)
        for write in writers:
            write()

    def make_event(self, n):
        rng, writer = self.rng, self.writer
        form = Form(self)
        local = self.some_local(form)
        how, days, seconds = self.some_length(form)
        effect, counts = self.some_effect()
        uid = f"{n}@feed.example"
        recurs = rng.random() < 0.6
        rule, locals_ = (None, [local])
        if recurs and rng.random() < 0.9:
            rule, locals_ = self.some_rule(form, local)
            local = locals_[0]
        elif recurs:
            # it leaves out the start, which RFC 5545 section 3.8.5.2 has in the set
            self.simple = False
        # start as an instant: its period
        found = {form.instant(one): self.period_of(form, one, how, days, seconds) for one in locals_}
        later = []
        if recurs and (rule is None or rng.random() < 0.25):
            for _ in range(rng.randint(1, 3)):
                one = self.some_local(form)
                if rule is None or rng.random() < 0.7 or form.kind == "date":
                    later.append((lambda one=one: writer.line("RDATE", form.value(one), form.params())))
                    found.setdefault(form.instant(one), self.period_of(form, one, how, days, seconds))
                else:
                    length = rng.choice([600, 7200])
                    if form.instant(one) in found or form.instant(one + length * SECOND) != form.instant(one) + length * SECOND:
                        continue
                    end = rng.choice([form.value(one + length * SECOND), f"PT{length // 60}M"])
                    # it has the start only
                    self.simple = False
                    later.append((lambda one=one, end=end: writer.line("RDATE", f"{form.value(one)}/{end}", form.params(True))))
                    found[form.instant(one)] = (form.instant(one), form.instant(one) + length * SECOND)
        if recurs and rng.random() < 0.5:
            some = rng.sample(locals_, min(len(locals_), rng.randint(1, 4)))
            groups = [some] if rng.random() < 0.5 else [[one] for one in some]
            for group in groups:
                if form.tzid and rng.random() < 0.1:
                    # it compares what the clocks show
                    self.simple = False
                    later.append((lambda group=group: writer.line("EXDATE", ",".join(form.instant(one).strftime("%Y%m%dT%H%M%SZ") for one in group))))
                else:
                    later.append((lambda group=group: writer.line("EXDATE", ",".join(form.value(one) for one in group), form.params())))
                for one in group:
                    found.pop(form.instant(one), None)

        components = []

        def write_master():
            writer.line("BEGIN", "VEVENT")
            self.lines_in_any_order([
                lambda: self.write_head(uid),
                lambda: writer.line("DTSTART", form.value(local), form.params()),
                lambda: self.write_end(form, local, how, days, seconds),
                *([lambda: writer.line("RRULE", rule)] if rule else []),
                *(lambda line=line: writer.line(*line) for line in effect), *later])
            self.write_tail(local)
            writer.line("END", "VEVENT")

        components.append(write_master)
        if recurs and rng.random() < 0.5:
            for one in rng.sample(locals_, min(len(locals_), rng.randint(1, 3))):
                if form.instant(one) in found:
                    found.pop(form.instant(one))
                    components.append(self.make_override(uid, form, one))
        elif not recurs and rng.random() < 0.05:
            # one of a series that the feed does not have
            components = [self.make_override(uid, form, local)]
            counts, found = False, {}
        rng.shuffle(components)
        for write in components:
            write()
        if counts:
            for period in found.values():
                if period:
                    self.add(*period)
        # it is asked for the properties of RFC 5545, in capitals
        if any(line[0].startswith("X-") or line[1].islower() for line in effect):
            self.simple = False

    def make_override(self, uid, form, one):
        """What is in place of one occurrence: perhaps of another kind."""
        rng, writer = self.rng, self.writer
        other = form if rng.random() < 0.7 else Form(self)
        if (other.kind == "date") != (form.kind == "date"):
            other = form
        local = one if rng.random() < 0.3 else self.some_local(other)
        how, days, seconds = self.some_length(other)
        effect, counts = self.some_effect()
        if any(line[0].startswith("X-") or line[1].islower() for line in effect):
            self.simple = False
        period = self.period_of(other, local, how, days, seconds)
        if counts and period:
            self.add(*period)
        in_utc = form.tzid and rng.random() < 0.1
        if in_utc:
            self.simple = False

        def write():
            writer.line("BEGIN", "VEVENT")
            self.lines_in_any_order([
                lambda: self.write_head(uid),
                lambda: writer.line("RECURRENCE-ID", form.instant(one).strftime("%Y%m%dT%H%M%SZ")) if in_utc else writer.line("RECURRENCE-ID", form.value(one), form.params()),
                lambda: writer.line("DTSTART", other.value(local), other.params()),
                lambda: self.write_end(other, local, how, days, seconds),
                *(lambda line=line: writer.line(*line) for line in effect)])
            self.write_tail(local)
            writer.line("END", "VEVENT")

        return write

    def make_freebusy(self):
        rng, writer = self.rng, self.writer
        writer.line("BEGIN", "VFREEBUSY")
        writer.line("UID", "free@feed.example")
        writer.line("DTSTAMP", "20250101T000000Z")
        writer.line("DTSTART", self.start.strftime("%Y%m%dT%H%M%SZ"))
        writer.line("DTEND", self.finish.strftime("%Y%m%dT%H%M%SZ"))
        for _ in range(rng.randint(1, 4)):
            kind = rng.choice([None, "BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE", "FREE", "X-SOMETHING", "free"])
            texts = []
            for _ in range(rng.randint(1, 3)):
                start = self.start + rng.randint(-86400, (self.finish - self.start) // SECOND) * SECOND
                length = rng.choice([600, 3600, 90000])
                end = start + length * SECOND
                texts.append(start.strftime("%Y%m%dT%H%M%SZ/") + (end.strftime("%Y%m%dT%H%M%SZ") if rng.random() < 0.5 else duration_text(rng, 0, length)))
                # (a kind that is not known is busy, RFC 5545 section 3.2.9)
                if kind in (None, "BUSY", "BUSY-UNAVAILABLE", "X-SOMETHING") or kind == "BUSY-TENTATIVE" and self.tentative:
                    self.add(start, end)
            writer.line("FREEBUSY", ",".join(texts), [("FBTYPE", kind)] if kind else [])
        writer.line("END", "VFREEBUSY")

    def make_zone(self, tzid, name):
        if write_zone(self.writer, tzid, name):
            self.simple = False

    def make_other(self):
        """What takes no time of anybody."""
        writer = self.writer
        kind = self.rng.choice(["VTODO", "VJOURNAL", "X-COMP", "VAVAILABILITY"])
        writer.line("BEGIN", kind)
        writer.line("UID", "other@feed.example")
        writer.line("DTSTART", self.start.strftime("%Y%m%dT%H%M%SZ"))
        writer.line("DURATION", "P3D")
        writer.line("END", kind)

    def make(self):
        rng = self.rng
        outer, parts = self.writer, []

        def part(make, *args):
            """The lines of a component with those in it."""
            self.writer = Writer(rng)
            self.writer.odd, self.writer.end = outer.odd, outer.end
            make(*args)
            return self.writer.lines

        for n in range(rng.randint(1, 6)):
            parts.append(part(self.make_event, n))
        if rng.random() < 0.2:
            parts.append(part(self.make_freebusy))
        if rng.random() < 0.2:
            parts.append(part(self.make_other))
        for tzid, (name, written) in self.zones.items():
            if not written:
                # it has no zones of its own
                self.simple = False
            else:
                # most have their place before those that use them
                place = rng.randint(0, len(parts)) if rng.random() < 0.2 else 0
                parts.insert(place, part(self.make_zone, tzid, name))
        self.writer = outer
        outer.line("BEGIN", "VCALENDAR")
        outer.line("VERSION", "2.0")
        outer.line("PRODID", "-//feed//EN")
        if rng.random() < 0.3:
            outer.line("X-WR-CALNAME", "Kalender\\, meiner")
        for lines in parts:
            outer.lines += lines
        outer.line("END", "VCALENDAR")
        return outer.text()


def literal(start, end):
    return f"[{start:%Y-%m-%d %H:%M:%S}+00,{end:%Y-%m-%d %H:%M:%S}+00)"


def main():
    seed, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGALRM, too_slow)
    for n in range(first, first + count):
        feed = Feed(f"{seed} {n}")
        text = feed.make()
        print(json.dumps({"n": n, "ics": text, "during": literal(feed.start, feed.finish), "zone": feed.zone_name,
                          "options": {} if feed.tentative else {"tentative": False}, "simple": feed.simple,
                          "expected": "{" + ",".join(literal(*period) for period in feed.periods) + "}"}))


main()
