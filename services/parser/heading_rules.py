"""Finds an article's title, subtitle, byline and date around its body."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from services.parser.bylines import is_byline
from services.parser.dates import parse_date
from services.parser.segments import SegmentedPage
from services.parser.visible_text import Element, VisiblePage

_TITLE_NAME = re.compile(
    r"(?:^|[\s_-])(?:post-?title|entry-?title|article-?title|headline|title)(?:$|[\s_-])", re.IGNORECASE
)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|post-?author|entry-?author|article-?author|fn|vcard|contributor|"
    r"writer|autor|creator)s?(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:^|[\s_-])(?:(?:post|entry|article|publish(?:ed)?|story)?[-_]?(?:date|time|timestamp|published|"
    r"datetime)(?:-?(?:header|published|line))?|posted-on|pub-?date|dateline|publishdate)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(
    r"(?:^|[\s_-])(?:sub-?title|sub-?head(?:line|ing)?|dek|deck|standfirst|tagline|article-?(?:summary|"
    r"intro|lead)|lead|kicker|entry-subtitle)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"site-?(?:title|name|header|brand\w*|logo)|blog-?(?:title|name|header)|(?:^|[\s_-])(?:logo|brand|"
    r"branding|masthead|"
    r"titlewrapper|header-?(?:inner|text|image))(?:$|[\s_-])",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"sidebar|(?:^|\s)(?:widget|gadget)(?:\s|$)|related|recommend|popular|trending|comments?(?:$|[\s_-])|"
    r"respond|newsletter|footer-|site-footer|colophon",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
# Texts before the body among which title, byline and date are looked for, and after it for byline and date.
_BEFORE, _AFTER = 60, 25
# Texts before the title, after the body's begin, and around its end, for bylines and dates that nothing names.
_NEAR, _LONGEST_LOOSE = 6, 60
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# A date's own characters; what is left of a text when they are gone are its words: a month, a weekday, 'Posted on'.
_DATE_SIGNS = re.compile(r"[\W\d_]+")
_REST = 30
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Heading:
    """An article's head: the elements that hold its parts."""

    title: Element | None
    subtitle: Element | None
    byline: Element | None
    date: Element | None
    byline_text: int | None = None
    date_text: int | None = None
    """Where no element is one: the numbers of the texts that are."""


def find_heading(page: SegmentedPage, body: Element, taken: set[int]) -> Heading:
    """The head of the article with this body."""
    visible = page.visible
    title = _title(page, body, taken)
    low = max(0, body.first - _BEFORE) if title is None or title.first > body.first else max(0, title.first - 15)
    high = min(len(visible.texts), body.last + _AFTER)
    body_text = visible.chars(body)
    byline = date = subtitle = None
    best_byline = best_date = 0
    at = bisect_left(visible.elements, low, key=lambda e: e.first)
    for e in islice(visible.elements, at, None):
        if e.first > high:
            break
        if e.last > high or e.last == e.first or not (e.attrs or e.tag == "time") or e.index in taken:
            continue
        size = visible.chars(e)
        if not 0 < size <= _LONGEST or (title is not None and title.has(e)):
            continue
        inside = body.has(e)
        if inside and e.first > body.first + 12 and e.last < body.last - 6:
            continue
        by, on = _byline_rank(e, size), _date_rank(visible, e, size)
        lead = (
            subtitle is None
            and not inside
            and title is not None
            and title.last <= e.first < title.last + 4
            and _is_subtitle(e.name)
        )
        if not (by > best_byline or on > best_date or lead) or (not inside and _stands_elsewhere(e, body)):
            continue
        if by > best_byline:
            best_byline, byline = by, e
        if on > best_date:
            best_date, date = on, e
        if lead and 15 < size < 0.5 * body_text:
            subtitle = e
    if byline is not None and date is not None and byline is not date and date.has(byline):
        date = date if date.first != byline.first or date.last != byline.last else None
    around = [] if byline is not None and date is not None else _around(visible, title, body, taken)
    return Heading(
        title,
        subtitle,
        byline,
        date,
        byline_text=next((n for n in around if is_byline(visible.texts[n].value.strip())), None)
        if byline is None
        else None,
        date_text=next((n for n in around if _is_date_text(visible.texts[n].value)), None) if date is None else None,
    )


def _around(visible: VisiblePage, title: Element | None, body: Element, taken: set[int]) -> list[int]:
    """Numbers of the short texts near title and body in which a byline or a date may stand without a "
    "name of its own."""
    first = min(title.first, body.first) if title is not None else body.first
    begin, end = max(0, first - _NEAR), min(len(visible.texts), body.last + _NEAR)
    near = [*range(begin, min(body.first + _NEAR, body.last)), *range(max(body.last - 2, body.first + _NEAR), end)]
    return [
        n
        for n in near
        if len((t := visible.texts[n]).value) <= _LONGEST_LOOSE
        and t.parent.index not in taken
        and not (title is not None and title.first <= n < title.last)
        and (body.has(t.parent) or not _stands_elsewhere(t.parent, body))
    ]


def _is_date_text(text: str) -> bool:
    """Whether a short text is a date with a year, and little else."""
    return bool(_YEAR.search(text)) and len(_DATE_SIGNS.sub("", text)) < _REST and parse_date(text) is not None


def _stands_elsewhere(e: Element, body: Element) -> bool:
    """Whether an element stands in a block beside the body that is another's: a sidebar, a thread, related articles."""
    for at in (e, *e.ancestors()):
        if at.has(body):
            return False
        if at.tag in ("aside", "nav") or _ELSEWHERE.search(at.name):
            return True
    return False


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _title(page: SegmentedPage, body: Element, taken: set[int]) -> Element | None:
    """The heading that says what the head's titles say; else the h1 nearest before the body."""
    visible = page.visible
    claims = [_words(t) for t in (page.metadata.headline, page.metadata.title, page.metadata.document_title) if t]
    best, best_score = None, 0.0
    for e in visible.elements:
        if e.first > body.first + 6:
            break
        if e.last == e.first or e.index in taken:
            continue
        heading = e.tag in ("h1", "h2", "h3")
        named = bool(e.attrs) and (_is_title(e.name) or e.get("itemprop") in ("headline", "name"))
        if not heading and not named:
            continue
        size = visible.chars(e)
        if size > 300 or size < 2:
            continue
        words = _words(visible.text(e))
        if not words:
            continue
        like = max((2 * len(words & c) / (len(words) + len(c)) for c in claims if c), default=0.0)
        cover = max((len(words & c) / len(words) for c in claims if c), default=0.0)
        score = 2 * like + 0.5 * cover + (0.7 if e.tag == "h1" else 0.3 if heading else 0.0) + (0.4 if named else 0.0)
        score -= min(abs(body.first - e.first), 100) / 200
        if (
            e.tag in ("h1", "h2", "h3")
            and any(c.tag == "a" and c.get("href").rstrip("/").count("/") <= 2 for c in e.children)
            and like < 0.6
        ):
            score -= 1
        if _names_site(e, body):
            score -= 1.2
        if like < 0.3 and e.tag != "h1" and not named:
            continue
        if score > best_score + 0.01:
            best, best_score = e, score
    return best


def _names_site(e: Element, body: Element) -> bool:
    """Whether a heading stands in the site's own head: its name or its logo."""
    return any(_SITE.search(at.name) for at in (e, *islice(e.ancestors(), 3)) if at.name and not at.has(body))


@lru_cache(maxsize=16_384)
def _is_subtitle(name: str) -> bool:
    return _SUBTITLE.search(name) is not None


@lru_cache(maxsize=16_384)
def _is_title(name: str) -> bool:
    return _TITLE_NAME.search(name) is not None


@lru_cache(maxsize=16_384)
def _is_byline(name: str) -> bool:
    return _BYLINE.search(name) is not None


@lru_cache(maxsize=16_384)
def _is_date(name: str) -> bool:
    return _DATE.search(name) is not None


def _byline_rank(e: Element, size: int) -> int:
    if size > 80:
        return 0
    if e.get("rel") == "author" or e.get("itemprop") == "author" or "author" in e.get("itemprop").split():
        return 5
    if e.name and _is_byline(e.name):
        return 4 if e.tag in ("a", "span", "strong", "em", "b", "p") else 3
    return 0


def _date_rank(visible: VisiblePage, e: Element, size: int) -> int:
    if size > 60:
        return 0
    if e.get("itemprop") in ("datePublished", "dateCreated"):
        return 6
    if e.tag == "time":
        return 5
    if e.name and _is_date(e.name) and _DIGIT.search(visible.text(e)):
        return 4
    return 0
