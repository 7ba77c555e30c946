"""Times of day as exports write them behind a date, with the zone that they state."""

from __future__ import annotations

import re
from typing import Final

# the Arabic letter for "before noon" or "after noon" is no first letter of a word, such as a month's
TIME: Final = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9})\d*)?)?"
    r"(?:\s*(?:(?P<half>[AaPp])\.?\s?[Mm]\.?"
    r"|(?P<arabic>ص(?:باح\u064b?ا\u064b?)?|م(?:ساء\u064b?)?|[قب]\.?ظ\.?)(?![^\W\d_])))?"
    r"(?:\s*(?:(?:UTC|GMT)?(?P<shift>[+-]\d{2}(?::?\d{2})?)(?:\s\([^()]*\))?|(?P<zone>Z|z|UTC|GMT)))?"
)
SECOND: Final = 1_000_000_000  # nanoseconds


def time_of_day(match: re.Match[str]) -> int | None:
    """Return the nanoseconds since midnight, moved to UTC, of what matched `TIME`, or None if no clock shows it.

    Where there was no time it is midnight.

    Examples
    --------
    >>> found = (re.fullmatch(TIME, text) for text in ("2:03 p.m.", "٢:٠٣ م", "10:00 GMT+0330 (Tehran)", "24:00"))
    >>> [moment and moment / 3600 / SECOND for moment in map(time_of_day, found)]
    [14.05, 14.05, 6.5, None]
    """
    if match["hour"] is None:
        return 0
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if half := match["half"] or match["arabic"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "Ppمب" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    written = (match["shift"] or "").replace(":", "")
    shift = (int(written[1:3]) * 60 + int(written[3:5] or 0)) * (1 if written[0] == "+" else -1) if written else 0
    return ((hour * 60 + minute - shift) * 60 + second) * SECOND + int((match["fraction"] or "0").ljust(9, "0"))


def has_zone(match: re.Match[str]) -> bool:
    """Return whether what matched `TIME` states a zone.

    Examples
    --------
    >>> [has_zone(re.fullmatch(TIME, text)) for text in ("10:00", "10:00 UTC", "10:00-08")]
    [False, True, True]
    """
    return bool(match["zone"] or match["shift"])
