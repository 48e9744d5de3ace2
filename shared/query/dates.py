"""Dates as people write them in a query: years, months, days and times, in UTC where they name no zone."""

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[Tt](\d{2}):(\d{2})(?::(\d{2}))?(Z|z|[+-]\d{2}:?\d{2})?)?)?)?", re.ASCII
)
_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""Python's last second: what would end after it ends there."""

_DAY = {"hour": 0, "minute": 0, "second": 0}
_UNITS: tuple[tuple[Callable[[datetime], str], dict[str, int]], ...] = (
    (lambda m: f"{m.year:04}", {"month": 1, "day": 1, **_DAY}),
    (lambda m: f"{m.year:04}-{m.month:02}", {"day": 1, **_DAY}),
    (lambda m: m.date().isoformat(), _DAY),
    (lambda m: f"{m.date().isoformat()}T{m.hour:02}:{m.minute:02}Z", {"second": 0}),
    (lambda m: f"{m.date().isoformat()}T{m.hour:02}:{m.minute:02}:{m.second:02}Z", {}),
)
"""How a year, month, day, minute and second are written, and how the moment in which one begins."""


def span(text: str) -> tuple[datetime, datetime]:
    """The beginning of the year, month, day, minute or second that a text names, and of the next one.

    Raises ValueError where it names none.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    zone = datetime.strptime(found[7].upper(), "%z").tzinfo if found[7] else UTC
    date = year or 0, 1 if month is None else month, 1 if day is None else day
    local = datetime(*date, hour or 0, minute or 0, second or 0, tzinfo=zone)
    try:
        start = local.astimezone(UTC)
    except OverflowError:
        raise ValueError from None
    if month is None:
        length = timedelta(days=366 if isleap(start.year) else 365)
    elif day is None:
        length = timedelta(days=monthrange(start.year, start.month)[1])
    elif hour is None:
        length = timedelta(days=1)
    else:
        length = timedelta(minutes=1) if second is None else timedelta(seconds=1)
    return start, start + min(length, _LAST - start)


def label(start: datetime, end: datetime) -> str:
    """The shortest text whose span this is, or the first and the last of a range of spans. Both are whole seconds."""
    if end <= start:
        return instant(start)
    written = next(written for written, begin in _UNITS if _begins(start, begin) and _begins(end, begin))
    first, last = written(start), written(end - timedelta(seconds=1))
    return first if first == last else f"{first}..{last}"


def instant(moment: datetime) -> str:
    """The shortest text of a span that begins at a whole second."""
    return next(written(moment) for written, begin in _UNITS if _begins(moment, begin))


def _begins(moment: datetime, begin: dict[str, int]) -> bool:
    return moment == moment.replace(**begin)  # type: ignore[arg-type]
