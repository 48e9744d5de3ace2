"""Dates as pages write them, in any language, to points in time."""

from collections.abc import Sequence
from datetime import UTC, datetime

import dateparser


def parse_date(text: str, *, languages: Sequence[str] = (), base: datetime | None = None) -> datetime | None:
    """The first date in a text, with its zone; UTC is assumed where the text names none.

    `languages` are BCP 47 codes, the likeliest first; `base` is the time that relative dates count from.
    """
    if len(text) > 200 or not any(c.isdigit() for c in text):
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        settings = {
            "TIMEZONE": "UTC",
            "RETURN_AS_TIMEZONE_AWARE": True,
            "RELATIVE_BASE": base.replace(tzinfo=None) if base else False,
        }
        found = dateparser.parse(text, languages=[x.split("-")[0] for x in languages] or ["en"], settings=settings)
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
