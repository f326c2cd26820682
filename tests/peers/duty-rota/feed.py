"""Reads calendar feeds with the Python package icalendar and prints what it found as JSON, one feed a line."""

import json
import sys

from icalendar import Calendar


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    lines = data.split(b"\r\n")
    if b"\n" in b"".join(lines) or b"\r" in b"".join(lines):
        raise SystemExit(f"{path}: a line does not end with CRLF")
    for number, line in enumerate(lines, 1):
        if len(line) > 75:
            raise SystemExit(f"{path}, line {number}: {len(line)} octets")
        line.decode("utf-8")  # Fails where a character was broken.
    calendar = Calendar.from_ical(data)
    if calendar.errors:
        raise SystemExit(f"{path}: {calendar.errors}")
    events = []
    for event in calendar.walk("VEVENT"):
        if event.errors:
            raise SystemExit(f"{path}: {event.errors}")
        start, end = event.decoded("DTSTART"), event.decoded("DTEND")
        events.append({
            "uid": str(event["UID"]),
            "sequence": int(event["SEQUENCE"]),
            "status": str(event["STATUS"]),
            "summary": str(event["SUMMARY"]),
            "start": start.isoformat(),
            "hours": (end - start).total_seconds() / 3600,
            "stamp": event.decoded("DTSTAMP").isoformat(),
        })
    return {
        "name": str(calendar["X-WR-CALNAME"]),
        "refresh": calendar.decoded("REFRESH-INTERVAL").total_seconds(),
        "events": sorted(events, key=lambda event: (event["start"], event["uid"])),
    }


for feed in sys.argv[1:]:
    print(json.dumps(read(feed), ensure_ascii=False))
