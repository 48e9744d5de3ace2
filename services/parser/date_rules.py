"""Finds when an article was published, on its page: microdata, `time` and elements named so, lines with a date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from services.parser.cache_sizes import NAMES
from services.parser.dates import parse_date
from services.parser.heading_place import Place
from services.parser.keywords import plain
from services.parser.visible_text import Element, VisiblePage, line_text
from shared.remembered import remembered

_NAMED = re.compile(
    r"(?:^|[\s-])(?:(?:\w*-)?(?:date|datum|fecha|dated|dateline|pubdate|publishdate|posted-on|published|timestamp|"
    r"datetime|time|zeit|data|published-at|postdate|pub-date))(?:$|[\s-])|(?:post|entry|article|publish|story|news)-?date"
)
# What every such name has in it: passes over nine names of ten.
_STEM = re.compile(r"dat|fecha|posted-on|published|time|zeit")
_MODIFIED = re.compile(
    r"updat|modif|chang|revis|edited|aktualis|geändert|stand\b|mis à jour|actualiz|aggiornat|atualiz", re.IGNORECASE
)
_CHANGE_NAME = re.compile(
    r"modif|last-?updat|updated-?(?:at|on|date)|date-?updated|(?:^|\s)updated(?:\s+hidden)?$", re.IGNORECASE
)
_EVENT = re.compile(
    r"event|deadline|start|end-date|countdown|calendar|clock|copyright|reading-?time|read-?time|duration"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d[./-]\d{2}\b|年")
# A date's own characters; what is left of a text when they are gone are its words: a month, a weekday, 'Posted on'.
_DATE_SIGNS = re.compile(r"[\W\d_]+")
_REST = 32
_LABEL = re.compile(
    r"^\W*(?:published|posted|date|updated|published on|datum|veröffentlicht|erschienen|publié|publicado|fecha|data|"
    r"pubblicato|mise en ligne|gepubliceerd|opublikowano|publicerad|publisert|дата|"
    r"опубликовано|公開日|发布时间)\b",
    re.IGNORECASE,
)
# '29.11.2022 – Mehrfach hatte …': a date that a paragraph begins with; 'Hofheim | Wiesbaden, 11. November 2021': or a
# place and a date, as press releases have them.
_BEGINS = re.compile(
    r"^\W{0,2}(?:[^\W\d_][^\d\n,(:.!?]{1,40}(?:,\s{0,2}(?:den )?\(?|\s?\())?"
    r"(\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{1,2}\.?\s?[^\W\d]{3,9}\s?(?:\d{4}|\d\d(?=\s?\)))|\d{4}-\d\d-\d\d|"
    r"[^\W\d]{3,9}\.? \d{1,2}, \d{4})"
    r"(?:\W{1,3}\s|\s\W|$)"
)
# What a line calls its day, where that is not one of publication: of an event, of a member.
_OTHER_DAY = re.compile(
    r"^\W*(?:termine?|when|wann|quand|quando|cuándo|starts?|beginn?|deadline|registered|registriert|joined|"
    r"member since|mitglied seit|dabei seit|inscrit|registrado|iscritto|lid sinds)(?![^\W_])",
    re.IGNORECASE,
)
_LONGEST, _LABEL_CHARS = 60, 30
_DIGIT = re.compile(r"\d")
_MANY = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Texts that say when the article was published, and how sure that is: 0 to 6."""

    element: Element | None
    text: int | None
    rank: float


def find_date(place: Place) -> Found | None:
    """The date near an article's title, where its body begins, or below its end."""
    best: Found | None = None
    for found in (_named_element(place), _line(place), _in_title(place)):
        if found is not None and (best is None or found.rank > best.rank):
            best = found
    return best


@dataclass(frozen=True, slots=True)
class Said:
    """A date as some texts say it."""

    at: datetime
    has_year: bool
    """Whether it says its year, in words or in its machine's form; else it is counted from the time of the fetch."""


def date_in(page: VisiblePage, numbers: Sequence[int], languages: list[str], base: datetime | None) -> Said | None:
    """The date that texts say: in the machine's form of an element around them, else in words."""
    texts = [page.texts[n] for n in numbers]
    for t in texts:
        for e in (t.parent, *islice(t.parent.ancestors(), 2)):
            if (at := _machine_date(e, languages)) is not None:
                return Said(at, has_year=True)
    for raw in (line_text(texts), *(t.value for t in texts)) if texts else ():
        if (at := parse_date(raw, languages=languages, base=base)) is not None:
            return Said(at, parse_date(raw, languages=languages) is not None)
    return None


def date_at_start(text: str, languages: list[str]) -> datetime | None:
    """The date that a text's first paragraphs begin with: '29.11.2022 – Mehrfach hatte …', '(21. November 2022) …'."""
    for paragraph in text.split("\n\n", 3)[:3]:
        if found := _BEGINS.match(paragraph):
            return parse_date(found[1], languages=languages)
    return None


def is_of_change(page: VisiblePage, first: int, last: int) -> bool:
    """Whether texts with a date say that it is that of an update."""
    before = page.texts[first - 1].value if first else ""
    words = line_text(page.texts[first:last])
    said = f"{before if len(before) < _LABEL_CHARS else ''} {words}"
    parent = page.texts[first].parent
    return _MODIFIED.search(said) is not None or any(
        _CHANGE_NAME.search(e.name) for e in (parent, *islice(parent.ancestors(), 1))
    )


def _machine_date(e: Element, languages: Sequence[str] = ()) -> datetime | None:
    for name in ("datetime", "content", "data-time-string", "title"):
        value = e.get(name)
        if value and _DIGIT.search(value) and (at := parse_date(value, languages=languages)) is not None:
            return at
    return None


def _named_element(place: Place) -> Found | None:
    page = place.page
    best: Found | None = None
    for e in place.elements():
        rank = _rank(page, e) if e.attrs or e.tag == "time" else 0
        if not rank or (place.title is not None and e.has(place.title)):
            continue
        score = rank - place.farness(e.first, e.last)
        if best is not None and score <= best.rank:
            continue
        if not place.stands_elsewhere(e) and _holds_date(place, e) and not _is_of_a_list(place, e):
            best = Found(e, None, score)
    return best


def _is_of_a_list(place: Place, e: Element) -> bool:
    """Whether an element below the body is one of many of its name: the dates of teasers, not the article's."""
    if place.is_head(e.last) or not e.name:
        return False
    return sum(x.name == e.name for x in place.page.elements) >= _MANY


def _holds_date(place: Place, e: Element) -> bool:
    """Whether an element says a day: in its machine's form, in an element in it, or in words."""
    page = place.page
    if any(_machine_date(x) is not None for x in page.inside(e)):
        return True
    return parse_date(page.text(e), languages=place.languages, base=_SOME_DAY) is not None


_SOME_DAY = datetime.fromisoformat("2020-06-15T12:00:00+00:00")


def _rank(page: VisiblePage, e: Element) -> int:
    """How surely an element holds the article's date, by its attributes."""
    if page.chars(e) > _LONGEST:
        return 0
    props = e.get("itemprop").split() if "itemprop" in e.attrs else []
    rank = 0
    if "datePublished" in props or "dateCreated" in props:
        rank = 6
    elif e.tag == "time":
        rank = 5
    elif e.name and _rank_of_name(e.name) and _DIGIT.search(page.text(e)):
        rank = 4
    return 1 if rank and ("dateModified" in props or is_of_change(page, e.first, e.last)) else rank


@remembered(NAMES)
def _rank_of_name(name: str) -> bool:
    words = plain(name)
    return _STEM.search(words) is not None and _NAMED.search(words) is not None and not _EVENT.search(words)


def _line(place: Place) -> Found | None:
    """The best line that is a date, or has a text that is one."""
    texts = place.page.texts
    best: Found | None = None
    label = False
    for line in place.lines():
        at = next((n for n in range(line.first, line.last) if is_date(texts[n].value, place.languages)), None)
        rank = 0
        if (at is not None or is_date(line.text, place.languages)) and not _OTHER_DAY.match(line.text):
            rank = 1 if _MODIFIED.search(line.text) else 4 if label or _LABEL.match(line.text) else 3
        label = len(line.text) < 30 and _LABEL.match(line.text) is not None and not _MODIFIED.search(line.text)
        score = rank - place.farness(line.first, line.last)
        if rank and (best is None or score > best.rank):
            best = Found(None, line.first if at is None else at, score)
    return best


def _in_title(place: Place) -> Found | None:
    """A date that stands in the title's element, beside the title."""
    if place.title is None or place.title.last - place.title.first < 2:
        return None
    numbers = range(place.title.first, place.title.last)
    return next((Found(None, n, 4) for n in numbers if is_date(place.page.texts[n].value, place.languages)), None)


def is_date(text: str, languages: Sequence[str]) -> bool:
    """Whether a short text is a date with a year, and little else."""
    if not _YEAR.search(text) or len(_DATE_SIGNS.sub("", text)) >= _REST:
        return False
    return parse_date(text, languages=languages) is not None
