"""Where following links would never end: calendars, session ids, paths that grow, lists in all orders.

Each rule is about a URL alone, but for the last: how many URLs of one shape a crawl takes, which the ledger counts.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

# No page is known to have a longer one that a person would read; RFC 9110 asks servers for 8,000.
_LONGEST = 2000
# Sites for people are seldom more than six deep.
_DEEPEST = 16
# `/a/b/a/b/a/b`: a relative link that leads one level deeper each time. Dates and page numbers may repeat.
_REPEATED = 3
# The web's first pages are of 1991; a calendar has links to years before and after for ever.
_FIRST_YEAR = 1990
_YEARS_AHEAD = 1
# Pages of one shape that differ in their query alone. One parameter names a page (`?id=17`), and a large site has
# thousands; two are a page and its page number; from three on it is lists, sorted and filtered in all ways.
_MOST_BY_PARAMETERS = {1: 10_000, 2: 1000, 3: 100}
# Pages of a calendar or an archive by date: a year of days and the months of three.
_MOST_BY_DATE = 400

_SESSION_NAMES = re.compile(
    r"(?:phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|sessionid|session_id|sessid|zenid|oscsid)",
    re.IGNORECASE,
)
# Names that mean other things too: only with a value that looks like drawn by lot.
_MAYBE_SESSION = re.compile(r"(?:sid|s)", re.IGNORECASE)
_BY_LOT = re.compile(r"(?=[^&]*\d)[0-9a-zA-Z]{24,}")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.IGNORECASE)
_DATE_IN_PATH = re.compile(r"/(\d{4})[-/](\d{1,2})(?=[-/]|$)")
_DATE_AT_END = re.compile(r"/\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?/?$")
_DATE_NAMES = {"year", "month", "day", "date", "yr", "mon", "cal", "tribe-bar-date", "start_date", "from", "week"}
_DATE_VALUE = re.compile(r"(\d{4})(?:[-/]?\d{1,2}){0,2}")
# What is certainly no page, by its name: asking for it would only be refused.
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|mp[34]|m4[av]|ogg|webm|mov|avi|wav|flac|pdf|docx?|xlsx?|pptx?|od[tsp]"
    r"|zip|gz|bz2|xz|7z|rar|tar|exe|dmg|apk|iso|css|js|json|xml|rss|atom|woff2?|ttf|eot|epub|ics)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """URLs that differ in a few values alone."""

    key: str
    most: int
    """So many of them are taken into a crawl."""


def without_session(url: str) -> str:
    """The URL without what names a visit and not a page."""
    head, mark, query = url.partition("?")
    head = _PATH_SESSION.sub("", head)
    if not mark:
        return head
    kept = [part for part in query.split("&") if not _is_session(part)]
    return f"{head}?{'&'.join(kept)}" if kept else head


def _is_session(part: str) -> bool:
    name, _, value = part.partition("=")
    if _SESSION_NAMES.fullmatch(name):
        return True
    return bool(_MAYBE_SESSION.fullmatch(name) and _BY_LOT.fullmatch(value))


def trap(url: str, now: datetime) -> str | None:
    """Why a normal URL found on a page is not followed; None where it is. `now`: against which calendars are read."""
    path, query = _split(url)
    segments = [segment for segment in path.split("/") if segment]
    if len(url) > _LONGEST:
        return f"longer than {_LONGEST} characters"
    if len(segments) > _DEEPEST:
        return f"deeper than {_DEEPEST} levels"
    if any(segments.count(segment) >= _REPEATED for segment in set(segments) if not _is_small_number(segment)):
        return "a path that repeats itself"
    if _FILES.search(path):
        return "a file that is no page"
    if any(not _FIRST_YEAR <= year <= now.year + _YEARS_AHEAD for year in _years(path, query)):
        return "a calendar far from now"
    return None


def shape_of(url: str) -> Shape | None:
    """What a normal URL has in common with others of its kind; None where it is one of a kind."""
    path, query = _split(url)
    names = sorted({name for name, _ in parse_qsl(query, keep_blank_values=True, max_num_fields=None)})
    if _DATE_AT_END.search(path) or any(name.lower() in _DATE_NAMES for name in names):
        return Shape(f"{_host(url)}{re.sub(r'[0-9]+', '0', path)}?{'&'.join(names)}", _MOST_BY_DATE)
    if names:
        return Shape(f"{_host(url)}{path}?{'&'.join(names)}", _MOST_BY_PARAMETERS[min(3, len(names))])
    return None


def _split(url: str) -> tuple[str, str]:
    rest = url.split("/", 3)[3] if url.count("/") > 2 else ""
    path, _, query = rest.partition("?")
    return f"/{path}", query


def _host(url: str) -> str:
    return url.split("/", 3)[2]


def _is_small_number(segment: str) -> bool:
    return segment.isdigit() and len(segment) < 3


def _years(path: str, query: str) -> list[int]:
    """Years that the URL names as part of a date."""
    found = [int(year) for year, month in _DATE_IN_PATH.findall(path) if 1 <= int(month) <= 12]
    for name, value in parse_qsl(query):
        if name.lower() in _DATE_NAMES and (match := _DATE_VALUE.fullmatch(value)):
            found.append(int(match.group(1)))
    return found
