"""
What python3-icalendar and python3-vobject read in calendars.

icalendar_read.py icalendar|vobject: lines of a number and a calendar in
hexadecimal, separated by a tab, become objects of JSON as icalendar_check.c
writes them.  Local times are read by the VTIMEZONE of the calendar: by
vobject with its own means, for icalendar with dateutil's.
"""

import datetime
import io
import itertools
import json
import re
import sys

import dateutil.rrule
import dateutil.tz

MOST = 40
UTC = datetime.timezone.utc


def epoch(time):
    """Whole seconds; of a time in a zone of dateutil."""
    if time is None:
        return None
    # two times of one zone are subtracted on the wall clock
    return int((time.astimezone(UTC) - datetime.datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def epoch_of_end(start, end, duration):
    if end is None and duration is not None:
        return epoch(start) + int(duration.total_seconds())
    return epoch(end)


def unfold(text):
    return text.replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")


def zones_of(text):
    """The zones of a calendar as dateutil reads them."""
    lines = unfold(text)
    if "BEGIN:VTIMEZONE" not in lines:
        return None
    first = lines.index("BEGIN:VTIMEZONE")
    last = len(lines) - lines[::-1].index("END:VTIMEZONE")
    return dateutil.tz.tzical(io.StringIO("\r\n".join(lines[first:last]) + "\r\n"))


def first_occurrences(rule, start, excluded):
    """
    A rule of wall clock times in the zone of the start, as instants.  UNTIL
    is an instant, as RFC 5545 section 3.3.10 wants it.
    """
    until = re.search("UNTIL=([0-9TZ]+)", rule)
    if until:
        rule = re.sub(";?UNTIL=[0-9TZ]+", "", rule).lstrip(";")
        until = datetime.datetime.strptime(until.group(1), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    found = []
    for local in dateutil.rrule.rrulestr(rule, dtstart=start.replace(tzinfo=None)):
        time = epoch(local.replace(tzinfo=start.tzinfo))
        if len(found) == MOST or until and local.replace(tzinfo=start.tzinfo).astimezone(UTC) > until:
            break
        if time not in excluded:
            found.append(time)
    return sorted(found)


def read_icalendar(text):
    import icalendar
    calendar = icalendar.Calendar.from_ical(text)
    zones = zones_of(text)

    def time(prop):
        """Its own zones are those of pytz; the calendar's are asked for."""
        if prop is None:
            return None
        local = prop.dt
        if "TZID" in prop.params:
            return local.replace(tzinfo=zones.get(prop.params["TZID"]))
        return local

    events = []
    for event in calendar.walk("VEVENT"):
        start = time(event.get("DTSTART"))
        attendees = event.get("ATTENDEE", [])
        occurrences = None
        if "RRULE" in event:
            excluded = event.get("EXDATE", [])
            excluded = {epoch(d.dt.replace(tzinfo=start.tzinfo) if "TZID" in exdate.params else d.dt)
                        for exdate in (excluded if isinstance(excluded, list) else [excluded])
                        for d in exdate.dts}
            occurrences = first_occurrences(event["RRULE"].to_ical().decode(), start, excluded)
        events.append({
            "uid": event.get("UID"),
            "starts": epoch(start),
            "ends": epoch_of_end(start, time(event.get("DTEND")), event["DURATION"].dt if "DURATION" in event else None),
            "summary": event.get("SUMMARY"),
            "description": event.get("DESCRIPTION"),
            "location": event.get("LOCATION"),
            "url": event.get("URL"),
            "status": event.get("STATUS"),
            "transp": event.get("TRANSP"),
            "organizer": event.get("ORGANIZER"),
            "sequence": event.get("SEQUENCE"),
            "attendees": [[a, a.params.get("CN"), a.params.get("PARTSTAT")]
                          for a in (attendees if isinstance(attendees, list) else [attendees])],
            "occurrences": occurrences,
        })
    return events


def read_vobject(text):
    import vobject
    # it would take the zones of the calendar before
    getattr(vobject.icalendar, "__tzidMap").clear()
    calendar = vobject.readOne(text)
    events = []
    for event in calendar.contents.get("vevent", []):
        def value(name):
            return event.getChildValue(name)

        occurrences = None
        if hasattr(event, "rrule"):
            start = event.dtstart.value
            excluded = {epoch(d) for exdate in event.contents.get("exdate", []) for d in exdate.value}
            occurrences = first_occurrences(event.rrule.value, start, excluded)
        events.append({
            "uid": value("uid"),
            "starts": epoch(value("dtstart")),
            "ends": epoch_of_end(value("dtstart"), value("dtend"), value("duration")),
            "summary": value("summary"),
            "description": value("description"),
            "location": value("location"),
            "url": value("url"),
            "status": value("status"),
            "transp": value("transp"),
            "organizer": value("organizer"),
            "sequence": None if value("sequence") is None else int(value("sequence")),
            "attendees": [[a.value, *(a.params.get(name, [None])[0] for name in ("CN", "PARTSTAT"))]
                          for a in event.contents.get("attendee", [])],
            "occurrences": occurrences,
        })
    return events


def main():
    read = {"icalendar": read_icalendar, "vobject": read_vobject}[sys.argv[1]]
    for line in sys.stdin:
        n, digits = line.rstrip("\n").split("\t")
        try:
            events = read(bytes.fromhex(digits).decode())
        except Exception as error:
            raise RuntimeError(f"calendar {n}") from error
        print(json.dumps({"n": int(n), "events": events}))


main()
