"""The time of day in a text, with its zone: 10:30, 3.04 pm, 午後3時4分, 10h30, 17:00:05 +0200, 9 PM ET."""

import re
from collections.abc import Sequence
from datetime import UTC, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.parser.date_words import Words

_TIME = re.compile(
    r"(?<![\d:./-])(?:"
    r"(?P<h>\d{1,2})\s?[:時时點点시]\s?(?P<m>\d{1,2})(?!\d)[分분]?(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
    r"|(?P<h2>\d{1,2})h(?P<m2>\d{2})(?!\d)"
    r"|(?:(?<=klo )|(?<=kl ))(?P<h3>\d{1,2})\.(?P<m3>\d{2})(?![\d.])"
    r"|(?P<h4>\d{1,2})(?=\s?[ap]m\b)"
    r")(?![:\d])"
)
_BEFORE = re.compile(r"([^\W\d_]+)[\s,]*$")
_AFTER = re.compile(r"\s?([^\W\d_]+)")
_OFFSET = re.compile(r"[\s(]*(?:utc|gmt)?\s?(?P<sign>[+-])(?P<h>\d{1,2}):?(?P<m>\d{2})?(?!\d)")
_ZONE_WORD = re.compile(r"[\s(]*([a-z]{1,4})\b")
# The zones that pages name by letters; where letters name several, the one with most readers.
_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "cet": 1, "mez": 1, "west": 1, "cest": 2, "mesz": 2, "eet": 2,
    "sast": 2, "eest": 3, "msk": 3, "trt": 3, "ist": 5.5, "wib": 7, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "brt": -3, "edt": -4, "est": -5, "cdt": -5, "cst": -6,
    "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
}  # fmt: skip
_PLACES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}


def cut_time(folded: str, tables: Sequence[Words]) -> tuple[str, time | None]:
    """A folded text without its time of day, and that time with its zone (UTC where none is named)."""
    # An hour alone ('5 pm') only where no minutes stand anywhere: in German 'am' is 'on the'.
    for found in sorted(_TIME.finditer(folded), key=lambda m: m["h4"] is not None):
        hour, minute = (int(g) if g else 0 for g in _hour_and_minute(found))
        start, end, late = _meridiem(folded, found.start(), found.end(), tables)
        if late is not None and hour <= 12:
            hour = hour % 12 + 12 * late
        second = int(found["s"] or 0)
        if hour > 23 or minute > 59 or second > 59:
            continue
        zone, end = _cut_zone(folded, end)
        return f"{folded[:start]} {folded[end:]}", time(hour, minute, second, tzinfo=zone or UTC)
    return folded, None


def _hour_and_minute(found: re.Match[str]) -> tuple[str | None, str | None]:
    hour = found["h"] or found["h2"] or found["h3"] or found["h4"]
    return hour, found["m"] or found["m2"] or found["m3"]


def _meridiem(folded: str, start: int, end: int, tables: Sequence[Words]) -> tuple[int, int, bool | None]:
    """The bounds of a time with its 'pm', and whether it says that; None where it says neither."""
    after = _AFTER.match(folded, end)
    before = _BEFORE.search(folded, 0, start)
    for table in tables:
        if after and after[1] in table.meridiems:
            return start, after.end(), table.meridiems[after[1]]
        # Written together with what stands before in Chinese and Japanese, where the word has two letters.
        for word in (before[1], before[1][-2:]) if before else ():
            if before and word in table.meridiems:
                return before.end(1) - len(word), end, table.meridiems[word]
    return start, end, None


def _cut_zone(folded: str, at: int) -> tuple[tzinfo | None, int]:
    """The zone named at a place in the text, and where its name ends."""
    if offset := _OFFSET.match(folded, at):
        minutes = 60 * int(offset["h"]) + int(offset["m"] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if offset["sign"] == "-" else minutes)), offset.end()
    if word := _ZONE_WORD.match(folded, at):
        name = word[1]
        if name in _HOURS:
            return timezone(timedelta(hours=_HOURS[name])), word.end()
        if name in _PLACES:
            try:
                return ZoneInfo(_PLACES[name]), word.end()
            except ZoneInfoNotFoundError:  # a machine without a zone database
                return None, word.end()
    return None, at
