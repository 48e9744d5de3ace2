"""Dates that count from now in words that no table holds ("vor einer Stunde"): dateparser itself reads them.

It takes a hundred times longer than the core's own tables do.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from shared.remembered import remembered

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

# What dateparser counts from, so that its answers can be kept whatever the page's own time.
_SOME_DAY: Final = datetime(2020, 6, 15, 12)
_SETTINGS: Final = {"PARSERS": ["relative-time"], "RELATIVE_BASE": _SOME_DAY, "RETURN_AS_TIMEZONE_AWARE": False}
_MICROSECOND: Final = timedelta(microseconds=1)
# Texts that are remembered: a page's comments say "vor einer Stunde" again and again.
_TEXTS: Final = 1024


@remembered(_TEXTS)
def microseconds_ago(text: str, language: str) -> str:
    """How long ago dateparser says that this is; empty where it finds no time, "beyond" where that is none of a
    calendar. `language`: as dateparser calls it."""
    try:
        found = _dateparser(language).get_date_data(text).date_obj
    except (ValueError, OverflowError):
        return "beyond"
    return "" if found is None else str((_SOME_DAY - found) // _MICROSECOND)


@cache
def _dateparser(language: str) -> "DateDataParser":
    # Takes most of a second, for what few pages have.
    from dateparser.date import DateDataParser

    return DateDataParser(languages=[language], settings=_SETTINGS)
