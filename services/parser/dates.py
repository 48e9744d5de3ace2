"""Dates as pages write them, in any language, to points in time: the core reads them."""

from collections.abc import Sequence
from datetime import datetime

from services.parser.engine import ask


def parse_date(text: str, *, languages: Sequence[str] = (), base: datetime | None = None) -> datetime | None:
    """The first date in a text, with its zone: UTC is assumed where it names none, midnight where it names no time.

    `languages` are BCP 47 codes, the likeliest first; the first one's region decides what 6/7/2021 means. `base` is
    the time of reading, with its zone: what "3 hours ago", "yesterday" and a date without a year are counted from;
    without it these are None. A month or year without its day is None. Texts over 200 characters are not looked at.
    """
    found = ask("parse_date", text=text, languages=list(languages), base=base.isoformat() if base else None)
    return datetime.fromisoformat(found) if found else None
