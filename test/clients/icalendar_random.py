"""
Appointments made at random, with what a reader has to find in their calendars.

icalendar_random.py SEED COUNT: an object of JSON a line, of
    n           the number
    appointment, method, options    the arguments of appointment_to_ics
    expected    the event: texts, instants in seconds since 1970, attendees
    series      of a series, for rrule_occurrences: rule, starts_at, zone, exdates
    odd         whether the series has a time that its clock skips or shows twice
"""

import datetime
import json
import random
import sys
import zoneinfo

import dateutil.rrule

UTC = datetime.timezone.utc
ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Dublin",
         "Africa/Casablanca", "America/St_Johns", "Pacific/Apia", "UTC"]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
PIECES = [
    "Check-up", "follow-up", ";", ",", ":", "\\", "\\n", "\\N", "\\,", "\\;", "\n", "\n\n", "\t", "  ", '"', "'", "^", "^n", "%0A",
    "Müller", "Łukasz", "漢字かな交じり文", "한국어", "ไทย", "\u05e4\u05d2\u05d9\u05e9\u05d4", "\u0645\u0648\u0639\u062f \u0637\u0628\u064a\u0628", "\u202eabc\u202c",
    "e\u0301", "Z\u0337\u0351\u0310", "n\u0303a", "\U0001f600", "\U0001f469\U0001f3fd\u200d\u2695\ufe0f", "\U0001f1e9\U0001f1ea", "\U00010348",
    "\nBEGIN:VEVENT\n", "END:VCALENDAR", "\nDTSTART:20000101T000000Z", "DESCRIPTION;X=\"", "\u00a0", "\u0085", "\u2028", "\ufeff", "</b>", "https://example.com/?a=1&b=2;c",
]


def make_text(rng):
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(["Check-up", "First visit", "Kontrolle"])
    if kind < 0.4:
        # characters of two, three and four bytes at each place of a line
        return "x" * rng.randint(0, 90) + rng.choice("é漢\U0001f600") * rng.randint(1, 60)
    text = "".join(rng.choice(PIECES) + rng.choice(["", " ", "a"]) for _ in range(rng.randint(1, rng.choice([4, 12, 80]))))
    # libical says that nothing is there
    return text if text.strip(" \t") else "x"


def make_name(rng):
    return rng.choice(["Ada Lovelace", "Müller, Jürgen", "O'Brien; Sinéad", "a:b", 'the "boss"', "caret ^ here", "^n", "two\nlines",
                       "\U0001f469\u200d\u2695\ufe0f Dr. No", "\u05d3\u05e0\u05d4 \u05dc\u05d5\u05d9", "x" * 90, "é" * 60, "漢字" * 30])


def shown_once(local, zone):
    """Whether the clock shows it, and not twice."""
    both = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return both[0] == both[1]


def make_rule(rng):
    freq = rng.choice(["DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = [f"FREQ={freq}"]
    if rng.random() < 0.4:
        parts.append(f"INTERVAL={rng.randint(2, 4)}")
    if freq == "WEEKLY" and rng.random() < 0.7:
        parts.append("BYDAY=" + ",".join(rng.sample(DAYS, rng.randint(1, 4))))
    if freq == "DAILY" and rng.random() < 0.2:
        parts.append("BYDAY=MO,TU,WE,TH,FR")
    if freq == "DAILY" and rng.random() < 0.2:
        parts.append("BYMONTH=" + ",".join(map(str, sorted(rng.sample(range(1, 13), 6)))))
    if freq == "MONTHLY" and rng.random() < 0.7:
        parts.append(rng.choice(["BYDAY=-1FR", "BYDAY=2TU", "BYDAY=1MO,3MO", "BYMONTHDAY=1,15", "BYMONTHDAY=31"]))
    if freq == "YEARLY" and rng.random() < 0.7:
        parts.append(rng.choice(["BYMONTH=3;BYDAY=-1SU", "BYMONTH=10;BYDAY=-1SU", "BYMONTH=4,11;BYDAY=1SU", "BYMONTH=3;BYDAY=2SU"]))
    return ";".join(parts)


def make_series(rng):
    """A rule, its first time, zone, times left out, and whether it is odd."""
    name = rng.choice(ZONES)
    zone = zoneinfo.ZoneInfo(name)
    while True:
        rule = make_rule(rng)
        start = datetime.datetime(rng.randint(2009, 2027), rng.randint(1, 12), rng.randint(1, 28),
                                  rng.choice([0, 1, 2, 2, 3, 9, 17, 23]), rng.choice([0, 1, 15, 30, 59]))
        found = []
        for local in dateutil.rrule.rrulestr(rule, dtstart=start):
            found.append(local)
            if len(found) == 40:
                break
        # DTSTART is the first of them
        if not shown_once(found[0], zone):
            continue
        bound = rng.random()
        if bound < 0.3:
            found = found[:rng.randint(1, 40)]
            rule += f";COUNT={len(found)}"
        elif bound < 0.7:
            found = found[:rng.randint(1, 40)]
            last = found[-1]
            if not shown_once(last, zone):
                continue
            form = rng.random()
            if form < 0.33:
                rule += ";UNTIL=" + last.strftime("%Y%m%d")
            elif form < 0.66:
                rule += ";UNTIL=" + last.strftime("%Y%m%dT%H%M%S")
            else:
                rule += ";UNTIL=" + last.replace(tzinfo=zone).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        exdates = []
        if rng.random() < 0.5:
            exdates = sorted(rng.sample(found, min(len(found) - 1, rng.randint(1, 4))))
        return {"rule": rule, "starts_at": found[0].isoformat(), "zone": name,
                "exdates": [local.isoformat() for local in exdates]}, not all(shown_once(local, zone) for local in found)


def make_case(rng, n):
    method = rng.choice(["PUBLISH", "PUBLISH", "REQUEST", "CANCEL"])
    series, odd = make_series(rng) if rng.random() < 0.5 else (None, False)
    length = rng.choice([900, 1800, 3600, 3600, 5400, 36000, 172800, None])
    if series:
        start = datetime.datetime.fromisoformat(series["starts_at"]).replace(tzinfo=zoneinfo.ZoneInfo(series["zone"]))
        zone = series["zone"]
    else:
        start = datetime.datetime.fromtimestamp(rng.randint(0, 2**32), UTC)
        zone = rng.choice(ZONES + [None])
    start = start.astimezone(UTC)

    def stamp(time):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ")

    uid = rng.choice([f"appt_{n}", f"{n}@elsewhere.example", f"id;{n},\\ é", f"{n}-" + "u" * 80])
    status = rng.choice(["pending", "scheduled", "scheduled", "arrived", "in_progress", "completed", "no_show", "cancelled"])
    appointment = {"id": uid, "starts_at": stamp(start), "status": status, "name": "secret name", "note": "secret note",
                   "description": "secret description"}
    expected = {"starts": int(start.timestamp()), "ends": None}
    if length:
        appointment["ends_at"] = stamp(start + datetime.timedelta(seconds=length))
        expected["ends"] = expected["starts"] + length
    if zone:
        appointment["time_zone"] = zone
    options = {"domain": "clinic.example"}
    if series:
        # so that it is not that of the appointment that it was made of
        appointment["recurrence"] = {"is_recurring": True, "series": uid, "rule": series["rule"]}
        uid = f"series-{uid}"
        options["series"] = True
        if series["exdates"]:
            options["exdates"] = series["exdates"]
    # who is asked to come to what is cancelled is an error
    if status == "cancelled" and method == "REQUEST":
        method = "CANCEL"
    expected["uid"] = uid if "@" in uid else f"{uid}@clinic.example"

    personal = rng.random() < 0.5
    if personal:
        options["personal"] = True
    for name, member in (("summary", "name"), ("description", "description"), ("location", "location_text")):
        text = make_text(rng)
        expected[name] = text
        if personal and rng.random() < 0.5:
            appointment[member] = text
        else:
            options[name] = text
    # the note follows the description
    if personal and "description" not in options:
        expected["description"] += "\n\n" + appointment["note"]
    if rng.random() < 0.3:
        options["url"] = expected["url"] = "https://clinic.example/a?b=c;d,e&f=%C3%A9"
    if method != "PUBLISH" or rng.random() < 0.7:
        options["organizer"] = "desk@clinic.example"
        expected["organizer"] = "mailto:desk@clinic.example"
        if rng.random() < 0.5:
            options["organizer_name"] = make_name(rng)
    if method != "PUBLISH":
        people = [(f"p{i}@example.com", make_name(rng) if rng.random() < 0.7 else None) for i in range(rng.randint(1, 5))]
        options["attendees"] = [{"email": mail, "name": name} if name else mail for mail, name in people]
        expected["attendees"] = [[f"mailto:{mail}", name] for mail, name in people]
    else:
        expected["attendees"] = []
    if rng.random() < 0.5:
        options["sequence"] = expected["sequence"] = rng.randint(0, 12)
    if rng.random() < 0.3:
        options["alarm"] = 30
    expected["status"] = "CANCELLED" if status == "cancelled" or method == "CANCEL" else "TENTATIVE" if status == "pending" else "CONFIRMED"
    expected["transp"] = "TRANSPARENT" if status in ("cancelled", "no_show") or method == "CANCEL" else "OPAQUE"
    return {"n": n, "appointment": appointment, "method": method, "options": options, "expected": expected, "series": series, "odd": odd}


def main():
    rng = random.Random(sys.argv[1])
    for n in range(1, int(sys.argv[2]) + 1):
        print(json.dumps(make_case(rng, n), ensure_ascii=True))


main()
