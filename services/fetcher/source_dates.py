"""Dates of feeds and sitemaps, in the shapes that these come in. Nothing here raises.

RFC 822 with its two-digit years, missing seconds, wrong weekdays and named zones; ISO 8601 whole or in part; the shapes
of databases; seconds since 1970. A time without a zone is taken as UTC, as RSS's own examples are.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?Z?")
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?")
_LONGEST = 80


def read_date(text: str | None) -> datetime | None:
    """A moment with its zone; None where the text is no date that is understood."""
    text = " ".join((text or "")[:_LONGEST].split())
    if not text:
        return None
    for read in (_iso, _compact, _mail, _epoch, _year):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if found is not None and 1900 <= found.year <= 2200:
            return found
    return None


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    moment = datetime(
        int(year), int(month), int(day or 1), int(hour or 0), int(minute or 0), min(59, int(second or 0)), tzinfo=UTC
    )
    if zone and zone.upper() != "Z":
        return datetime.fromisoformat(moment.strftime("%Y-%m-%dT%H:%M:%S") + zone)
    return moment


def _compact(text: str) -> datetime | None:
    match = _COMPACT.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _mail(text: str) -> datetime | None:
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) > 10 else 1), tz=UTC)


def _year(text: str) -> datetime | None:
    return datetime(int(text), 1, 1, tzinfo=UTC) if _YEAR.fullmatch(text) else None
