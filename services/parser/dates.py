"""Dates as pages write them, in any language, to points in time.

Nearly all are one of a few shapes, whose words are looked up in `date_words`. What those tables do not hold literally
("vor einer Stunde") goes through dateparser itself, which takes a hundred times longer.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, timezone
from functools import cache

from dateparser.date import DateDataParser

from services.parser import jalali
from services.parser.cache_sizes import TEXTS
from services.parser.date_words import TOKEN, Unit, Words, everyday_words, fold, order_for, words_for
from services.parser.time_of_day import cut_time
from shared.remembered import remembered

# A byline with a date in it is shorter; what is longer is prose.
_LONGEST = 200
# dateparser's time grows with the text, and what is left to it is short.
_LONGEST_LEFT_OVER = 50
# 'May 3' in a longer text is a sentence's, not a date's.
_MOST_WORDS = 7
_YEARS = range(1800, 2101)

_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T ].*)?")
_EPOCH = re.compile(r"[12]\d{9}(\d{3})?")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\.?\d)")
_YEAR_LAST = re.compile(r"(?<![\d.v])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d%_])(?!\.\d)")
_EAST = re.compile(r"(?:(\d{4})\s*[年년]\s*)?(?<!\d)(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s*(?:thang|thg)\s*(\d{1,2})[\s,]*(?:nam\s*)?(\d{4})")

# Between a day and its month, or a month and its year: "9 de mayo de 2021", "9th of May", "9ος".
_FILLERS = frozenset("de del d di da of the st nd rd th o er eme e a an den der ος η m g gada la 's".split())
# Around words like 'yesterday'.
_LINKS = _FILLERS | frozenset("at um klo kl alle om on am as στισ v o ob u i la las les".split())

# The hours that the world's clocks differ from UTC by, the nearest first.
_ZONES = sorted((timedelta(minutes=15 * n) for n in range(-48, 57)), key=lambda z: (z.seconds % 3600 > 0, abs(z)))

Tables = tuple[Words, ...]


def parse_date(text: str, *, languages: Sequence[str] = (), base: datetime | None = None) -> datetime | None:
    """The first date in a text, with its zone: UTC is assumed where it names none, midnight where it names no time.

    `languages` are BCP 47 codes, the likeliest first; the first one's region decides what 6/7/2021 means. `base` is
    the time of reading, with its zone: what "3 hours ago", "yesterday" and a date without a year are counted from;
    without it these are None. A month or year without its day is None. Texts over 200 characters are not looked at.
    """
    text = text.strip()
    if not 3 <= len(text) <= _LONGEST:
        return None
    return _parse(text, tuple(languages), base)


def in_zone_of(claimed: datetime, shown: datetime, *, by_day: bool = True) -> datetime:
    """A time that the head gives in UTC, in the page's own zone, where the page shows the day before or after it.

    `by_day`: a day alone tells the zone; else the minute has to agree as well.
    """
    if claimed.utcoffset() or claimed.date() == shown.date():
        return claimed
    for zone in _ZONES:
        local = claimed.astimezone(timezone(zone))
        exact = (shown.hour, shown.minute) == (local.hour, local.minute)
        if local.date() == shown.date() and (exact or (by_day and shown.hour == shown.minute == 0)):
            return local
    return claimed


@remembered(TEXTS)
def _parse(text: str, languages: tuple[str, ...], base: datetime | None) -> datetime | None:
    try:
        if text[0].isdigit() and (exact := _machine_written(text)):
            return exact
        folded = fold(text)
        tables = words_for(languages)
        rest, at = cut_time(folded, tables)
        tokens = TOKEN.findall(rest)
        return (
            _counted(tokens, tables, base)
            or _numbered_month(rest, at, base)
            or _named_month(tokens, at, tables, base)
            or _digits(rest, at, languages, base)
            or _named_day(tokens, at, tables, base)
            or _left_over(text, tokens, tables, base)
        )
    except (ValueError, OverflowError):
        return None


def _machine_written(text: str) -> datetime | None:
    """ISO 8601, or seconds or milliseconds since 1970."""
    if _ISO.fullmatch(text):
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)) if found.year in _YEARS else None
    if epoch := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text) / (1000 if epoch[1] else 1), UTC)
    return None


def _counted(tokens: list[str], tables: Tables, base: datetime | None) -> datetime | None:
    """3 hours ago, πριν από 2 ώρες, 3小时前; also 1 year, 2 months ago."""
    if base is None:
        return None
    if everyday_words().counting.isdisjoint(tokens) and all(t.counting.isdisjoint(tokens) for t in tables):
        return None
    for index, token in enumerate(tokens):
        if not token.isdigit() or len(token) > 4:
            continue
        # The longest phrase first; the tables have up to three words on either side of the number.
        for start in range(max(0, index - 3), index + 1):
            for end in range(min(len(tokens), index + 5), index, -1):
                ending = " ".join(tokens[index + 1 : end])
                phrase = " ".join([*tokens[start:index], "#", ending]).rstrip()
                meaning = _relative(phrase, tables)
                if meaning is not None:
                    found = _shift(base, meaning[0], int(token) * meaning[1])
                    return _with_larger_unit(tokens[:start], ending, found, tables)
    return None


def _with_larger_unit(before: list[str], ending: str, found: datetime, tables: Tables) -> datetime:
    """Also counts the '1 year' of '1 year, 2 months ago'."""
    if len(before) >= 2 and before[-2].isdigit():
        meaning = _relative(f"# {before[-1]} {ending.partition(' ')[2]}", tables)
        if meaning is not None:
            return _shift(found, meaning[0], int(before[-2]) * meaning[1])
    return found


def _relative(phrase: str, tables: Tables) -> tuple[Unit, int] | None:
    for table in tables:
        if phrase in table.relative:
            return table.relative[phrase]
    return everyday_words().relative.get(phrase)


def _shift(base: datetime, unit: Unit, count: int) -> datetime:
    if unit in ("month", "year"):
        months = base.year * 12 + base.month - 1 + count * (12 if unit == "year" else 1)
        year, month = months // 12, months % 12 + 1
        return base.replace(year=year, month=month, day=min(base.day, monthrange(year, month)[1]))
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}[unit]
    return base + timedelta(seconds=seconds * count)


def _numbered_month(rest: str, at: time | None, base: datetime | None) -> datetime | None:
    """2021年6月28日, 2021년 6월 28일, both also without the year; 28 tháng 6, 2021."""
    if east := _EAST.search(rest):
        year, month, day = east.groups()
        return _day(int(year), int(month), int(day), at) if year else _latest(int(month), int(day), at, base)
    if southeast := _VIETNAMESE.search(rest):
        day, month, year = map(int, southeast.groups())
        return _day(year, month, day, at)
    return None


def _named_month(tokens: list[str], at: time | None, tables: Tables, base: datetime | None) -> datetime | None:
    """28 June 2021, June 28th, 2021, 2021. június 28., 2021. gada 28. jūnijs, 28 Jun."""
    padded = ["", "", *(t for t in tokens if t not in _FILLERS), "", "", ""]
    for index in range(2, len(padded) - 3):
        first, before, token, after, *later = padded[index - 2 : index + 4]
        if not token or token.isdigit() or not (before.isdigit() or after.isdigit()):
            continue
        if token in jalali.MONTHS and before.isdigit() and after.isdigit():
            found = _jalali(int(after), jalali.MONTHS[token], int(before), at)
        else:
            own = next((t.months[token] for t in tables if token in t.months), None)
            month = own or everyday_words().months.get(token)
            found = _around_month(month, (first, before, after, *later), at) if month else None
            if found is None and own and len(tokens) <= _MOST_WORDS:
                found = _incomplete(own, before, after, at, base)
        if found is not None:
            return found
    return None


def _around_month(month: int, around: tuple[str, ...], at: time | None) -> datetime | None:
    """The date of a month's name and the two words before it and three after it."""
    first, before, after, second, third = around
    if _is_day(after) and _is_year(second):
        return _day(int(second), month, int(after), at)
    if _is_day(after) and _is_day(second) and _is_year(third):  # October 7-8, 2026
        return _day(int(third), month, int(after), at)
    if _is_day(before) and _is_year(after):
        return _day(int(after), month, int(before), at)
    if _is_year(before) and _is_day(after):
        return _day(int(before), month, int(after), at)
    if _is_year(first) and _is_day(before):
        return _day(int(first), month, int(before), at)
    return None


def _incomplete(month: int, before: str, after: str, at: time | None, base: datetime | None) -> datetime | None:
    """A day and month without the year, or with two digits of it."""
    if _is_day(before) and after.isdigit() and len(after) == 2:
        return _day(_full_year(after, base), month, int(before), at)
    if _is_day(before) or _is_day(after):
        return _latest(month, int(before if _is_day(before) else after), at, base)
    return None


def _is_day(token: str) -> bool:
    return token.isdigit() and len(token) <= 2 and 1 <= int(token) <= 31


def _is_year(token: str) -> bool:
    return token.isdigit() and len(token) == 4


def _full_year(digits: str, base: datetime | None) -> int:
    """A year of two digits is in this century up to the year after `base`, else in the last."""
    if len(digits) != 2:
        return int(digits)
    year = 2000 + int(digits)
    return year if year <= (base or datetime.now(UTC)).year + 1 else year - 100


def _day(year: int, month: int, day: int, at: time | None) -> datetime | None:
    """A day at a time; None where there is no such day. Years over 2400 are Buddhist (Thailand)."""
    if 2400 < year < 2644:
        year -= 543
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    at = at or time(tzinfo=UTC)
    return datetime(year, month, day, at.hour, at.minute, at.second, tzinfo=at.tzinfo)


def _jalali(year: int, month: int, day: int, at: time | None) -> datetime | None:
    found = jalali.gregorian(year, month, day)
    return None if found is None else _day(found.year, found.month, found.day, at)


def _latest(month: int, day: int, at: time | None, base: datetime | None) -> datetime | None:
    """The last such day up to a day after `base`: where the page was written, the day may have begun before ours."""
    if base is None:
        return None
    years = (base.year + 1, base.year, base.year - 1)
    found = (_day(year, month, day, at) for year in years)
    return next((f for f in found if f is not None and f <= base + timedelta(days=1)), None)


def _digits(rest: str, at: time | None, languages: tuple[str, ...], base: datetime | None) -> datetime | None:
    """2021-06-28, 28.06.2021, 6/28/21, 1400/04/07."""
    if found := _YEAR_FIRST.search(rest):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
        return _jalali(year, month, day, at) if year in jalali.YEARS else _day(year, month, day, at)
    if (found := _YEAR_LAST.search(rest)) is None:
        return None
    first, separator, second, last = found.groups()
    order = order_for(languages)
    if order == "YMD" and len(last) == 2 and (ymd := _day(_full_year(first, base), int(second), int(last), at)):
        return ymd
    month_first = order == "MDY" and separator != "."
    if int(second) > 12 or int(first) > 12:
        month_first = int(second) > 12
    if month_first:
        first, second = second, first
    return _day(_full_year(last, base), int(second), int(first), at)


def _named_day(tokens: list[str], at: time | None, tables: Tables, base: datetime | None) -> datetime | None:
    """Yesterday, today at 10:30, Sunday at 7:23 PM, now."""
    if base is None:
        return None
    words = [t for t in tokens if t not in _LINKS]
    if not 1 <= len(words) <= 3:
        return None
    meaning = _relative(" ".join(words), tables) or (_relative(words[0], tables) if at else None)
    if meaning is not None:
        unit, count = meaning
        if unit == "day":
            return datetime.combine(base + timedelta(days=count), at or time(tzinfo=UTC))
        return _shift(base, unit, count) if unit in ("second", "minute", "hour") else None
    if at is not None and len(words) == 1:
        weekday = next((t.weekdays[words[0]] for t in tables if words[0] in t.weekdays), None)
        if weekday is not None:
            days = (base.weekday() - weekday) % 7
            found = datetime.combine(base - timedelta(days=days), at)
            return found if found <= base + timedelta(hours=14) else found - timedelta(days=7)
    return None


# What dateparser counts from, so that its answers can be kept whatever the page's own time.
_SOME_DAY = datetime(2020, 6, 15, 12)
_DATEPARSER = {"PARSERS": ["relative-time"], "RELATIVE_BASE": _SOME_DAY, "RETURN_AS_TIMEZONE_AWARE": False}


def _left_over(text: str, tokens: list[str], tables: Tables, base: datetime | None) -> datetime | None:
    """What a word like 'ago' marks as a relative date and the tables do not hold: vor einer Stunde."""
    if base is None or len(text) > _LONGEST_LEFT_OVER:
        return None
    for table in tables:
        if not table.markers.isdisjoint(tokens):
            passed = _passed(text, table.code)
            if passed is not None:
                return base - passed
    return None


@remembered(TEXTS)
def _passed(text: str, code: str) -> timedelta | None:
    """How long ago dateparser says that this is."""
    found = _dateparser(code).get_date_data(text).date_obj
    return None if found is None else _SOME_DAY - found


@cache
def _dateparser(code: str) -> DateDataParser:
    return DateDataParser(languages=[code], settings=_DATEPARSER)
