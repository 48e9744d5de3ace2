"""Finds an article's title, subtitle, byline and date around its body."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice

from services.parser.byline_rules import find_byline
from services.parser.cache_sizes import NAMES
from services.parser.date_rules import find_date
from services.parser.heading_place import Place
from services.parser.segments import SegmentedPage
from services.parser.title_rules import find_title
from services.parser.visible_text import Element
from shared.remembered import remembered

_SUBTITLE = re.compile(
    r"(?:^|[\s_-])(?:sub-?title|sub-?head(?:line|ing)?|dek|deck|standfirst|tagline|article-?(?:summary|"
    r"intro|lead)|lead|kicker|entry-subtitle)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Texts after the title among which a subtitle is looked for, and its letters.
_NEAR, _SHORTEST, _LONGEST = 4, 15, 160


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
    """The head of the article with this body; `taken`: the numbers of elements that are other records'."""
    title = find_title(page, body, taken)
    place = Place(page.visible, title, body, taken, languages=page.metadata.languages)
    byline, date = find_byline(place), find_date(place)
    said = byline.element if byline is not None else None
    when = date.element if date is not None else None
    if said is not None and when is not None and when.has(said):
        when = when if when.first != said.first or when.last != said.last else None
    return Heading(
        title,
        _subtitle(place),
        said,
        when,
        byline_text=byline.text if byline is not None else None,
        date_text=date.text if date is not None else None,
    )


def _subtitle(place: Place) -> Element | None:
    title, body, page = place.title, place.body, place.page
    if title is None:
        return None
    at = bisect_left(page.elements, title.last, key=lambda e: e.first)
    for e in islice(page.elements, at, None):
        if e.first >= title.last + _NEAR:
            return None
        if body.has(e) or e.index in place.taken or not (e.name and _is_subtitle(e.name)):
            continue
        if _SHORTEST < page.chars(e) <= min(_LONGEST, 0.5 * page.chars(body)) and not place.stands_elsewhere(e):
            return e
    return None


@remembered(NAMES)
def _is_subtitle(name: str) -> bool:
    return _SUBTITLE.search(name) is not None
