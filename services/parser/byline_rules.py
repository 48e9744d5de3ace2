"""Finds who wrote an article, on its page: elements named so, links to authors, lines that begin with 'by'."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise

from services.parser.bylines import (
    BY,
    is_byline,
    is_credit,
    is_full_name,
    is_short_byline,
    names_a_role,
    names_in,
    whole_names,
)
from services.parser.cache_sizes import NAMES
from services.parser.dates import parse_date
from services.parser.heading_place import Line, Place
from services.parser.keywords import plain
from services.parser.visible_text import Element, Text, VisiblePage
from shared.remembered import remembered

_NAMED = re.compile(
    r"author(?!i[sz]|it)|by-?line|(?:^|[\s-])(?:writers?|autor(?:in|en|es|e|i)?|auteurs?|redakteur|contributors?|"
    r"creators?|vcard|wrote|written|verfasser|forfatter|skribent|journalists?|reporters?|kirjoittaja|poster|"
    r"(?:big)?user-?name|nick(?:name)?|display-name)(?:$|[\s-])|(?:^|\s)fn(?:$|\s)"
)
# Parts of an author's box that are not the name.
_NOT_THE_NAME = re.compile(
    r"(?:^|[\s-])(?:bio|biography|desc|description|about|avatar|image|img|photo|picture|social|follow|role|position|"
    r"job|jobtitle|function|funktion|related|more|credits?|caption|licen[sc]e|lizenz|quote)(?:$|[\s-])"
)
_PROFILE = re.compile(
    r"[?&](?:authors?|autor|people|users?|profile)=|"
    r"(?:^|[/.])(?:authors?|autor(?:en|es|in|innen)?|auteurs?|autor[ei]|people|persons?|personen|staff|profiles?|"
    r"profil|users?|members?|mitarbeiter|contributors?|writers?|journalists?|journalisten|redakteure?|redaktion|"
    r"columnists?|reporters?|bloggers?|producers?|creators?|by|newsteam|our-team|team)[/=-]",
    re.IGNORECASE,
)
# Where links to what it is about lead, not to whom it is from.
_TOPIC = re.compile(r"/(?:tags?|categor(?:y|ies)|topics?|themen?|kategorien?|rubriken?|schlagworte?)/", re.IGNORECASE)
_AND = re.compile(r"(?:^|.*[\s,;&])(?:and|und|et|y|e|i|og|och|и|,|;|&)\s*$", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:[|·•∙]|\s[-–—/]\s|,\s)\s*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MORE = re.compile(
    r"\W*(?:alle|all|more|mehr|weitere|autres|todos)\b.{0,20}\b(?:artikel|articles|posts|beiträge|stories)\b",
    re.IGNORECASE,
)
_EMPHASIS = frozenset(["em", "i", "strong", "b"])
# Texts before a body's end in which a signature stands; and how long a text is that is signed.
_SIGNED, _SIGNS = 3, 600
_LONGEST, _META = 100, 40
# Texts below a title in which a line that begins with 'by' is its byline beyond doubt; and the rank of that, and of a
# name there that leads to whoever bears it.
_CLOSE, _BY, _LINKED_BY = 8, 5.5, 4.2
# The least rank of an element that says that somebody is named in it.
_TOLD = 4
# Words in a link to somebody that are not the name: 'By', 'Staff Writer'.
_MOST_BESIDE = 3
# More than so many that are no names in full are categories.
_MOST_LOOSE = 2


@dataclass(frozen=True, slots=True)
class Found:
    """Texts that say who wrote the article, and how sure that is: 0 to 6."""

    element: Element | None
    text: int | None
    rank: float


def find_byline(place: Place) -> Found | None:
    """The byline near an article's title, where its body begins, or below its end."""
    best: Found | None = None
    for found in (_named_element(place), _line(place)):
        if found is not None and (best is None or found.rank > best.rank):
            best = found
    return best


def names_of(page: VisiblePage, texts: Sequence[Text]) -> list[str]:
    """The names that a byline's texts hold: those of a line that begins with 'by', else of links, else of any line."""
    texts = [t for t in texts if not _is_topic(page, t)]
    lines = [_pieces(list(line)) for _, line in groupby(texts, key=lambda t: t.line)]
    for piece in (p for pieces in lines for p in pieces):
        if is_byline(piece):
            return names_in(piece)
    beside = next((name for pieces in lines if (name := _name_beside_date(pieces)) is not None), None)
    if beside is not None:
        return [beside]
    linked = whole_names(_linked(page, texts))
    if any(map(is_full_name, linked)):
        return linked
    found = [names for pieces in lines for piece in pieces if (names := names_in(piece))]
    return next((names for names in found if any(map(is_full_name, names))), found[0] if found else linked)


def names_found(page: VisiblePage, found: Found) -> list[str]:
    """The names of a byline that was found."""
    if found.element is not None:
        return names_of(page, page.texts[found.element.first : found.element.last])
    return names_of(page, page.texts[found.text : found.text + 1]) if found.text is not None else []


def _is_topic(page: VisiblePage, text: Text) -> bool:
    """Whether a text is a link to a tag or a category."""
    if not page.in_link[text.parent.index]:
        return False
    link = next((e for e in (text.parent, *text.parent.ancestors()) if e.tag == "a"), None)
    return link is not None and _TOPIC.search(link.get("href")) is not None


def _linked(page: VisiblePage, texts: Sequence[Text]) -> Iterator[str]:
    """Names in links, but for those of others who had a part in it: 'Reviewed by'."""
    before = ""
    for t in texts:
        if page.in_link[t.parent.index] and not is_credit(before):
            yield from names_in(t.value)
        before = t.value


def _pieces(line: Sequence[Text]) -> list[str]:
    """One line's texts, those in elements of their own apart, unless a word joins them."""
    pieces = [line[0].value.strip()]
    for before, t in pairwise(line):
        value = t.value.strip()
        if t.parent is before.parent or _are_joined(pieces[-1], value):
            pieces[-1] += " " + value
        else:
            pieces.append(value)
    return pieces


def _are_joined(said: str, value: str) -> bool:
    """Whether two texts in elements of their own are one byline: 'By' and a name, a name and 'and', 'Jane', 'Roe'."""
    words = value.split()
    return (
        BY.fullmatch(said) is not None
        or _AND.match(said) is not None
        or value[:1] in ",;&."
        or _AND.match(words[0]) is not None
        or (said.isalpha() and value.isalpha() and not names_a_role(value))
    )


def _named_element(place: Place) -> Found | None:
    page = place.page
    best: Found | None = None
    for e in place.elements():
        rank: float = _rank(e) if e.attrs and page.chars(e) <= _LONGEST else 0
        if not rank or (place.title is not None and (place.title.has(e) or e.has(place.title))):
            continue
        loose = rank < _TOLD
        if loose and place.title is not None and 0 <= e.first - place.title.last <= _CLOSE:
            rank = _LINKED_BY
        score = rank - place.farness(e.first, e.last)
        if best is not None and score <= best.rank:
            continue
        if place.stands_elsewhere(e):
            continue
        names = names_of(page, page.texts[e.first : e.last])
        full = [*map(is_full_name, names)]
        if loose and (not all(full) or _words_beside(page.text(e), names) > _MOST_BESIDE):
            continue
        if not names or (len(names) > _MOST_LOOSE and not any(full)):
            continue
        best = Found(e, None, score)
    return best


def _words_beside(text: str, names: Sequence[str]) -> int:
    """How many words of a text are of none of its names."""
    return len(text.split()) - sum(len(name.split()) for name in names)


def _rank(e: Element) -> int:
    """How surely an element holds an author's name, by its attributes."""
    if e.attrs.get("rel") == "author" or "author" in e.get("itemprop").split():
        return 6
    if e.name:
        rank = _rank_of_name(e.name)
        if rank:
            return rank
    if e.tag == "address":
        return _TOLD
    return 3 if e.tag == "a" and _PROFILE.search(e.get("href")) else 0


@remembered(NAMES)
def _rank_of_name(name: str) -> int:
    words = plain(name)
    return 5 if _NAMED.search(words) and not _NOT_THE_NAME.search(words) else 0


def _line(place: Place) -> Found | None:
    """The best line that is a byline: 'By …', a name after 'Written by', beside a date or beside what one is."""
    best: Found | None = None
    lines = [_Read(line, _pieces(place.page.texts[line.first : line.last])) for line in place.lines()]
    for before, it, after in zip([None, *lines], lines, [*lines[1:], None], strict=False):
        rank = _rank_of_line(place, before, it, after)
        score = rank - place.farness(it.line.first, it.line.last)
        if rank and (best is None or score > best.rank):
            best = Found(*_holder(place.page, it.line), score)
    return best


@dataclass(frozen=True, slots=True)
class _Read:
    line: Line
    pieces: list[str]

    def is_next_to(self, other: "_Read | None") -> bool:
        return other is not None and (self.line.last == other.line.first or other.line.last == self.line.first)


def _rank_of_line(place: Place, before: _Read | None, it: _Read, after: _Read | None) -> float:
    """How surely a line holds an author's name: 0 to 6."""
    line = it.line
    close = place.title is not None and 0 <= line.first - place.title.last <= _CLOSE
    if any(map(is_byline, it.pieces)) or (close and is_short_byline(it.pieces[0])):
        return _BY if close else 4
    label = BY.fullmatch(before.line.text) if before is not None and it.is_next_to(before) else None
    if label is not None and (is_full_name(it.pieces[0]) or (label["verb"] and names_in(it.pieces[0]))):
        return _BY if close else 4
    if _is_signature(place, it):
        return 1.5
    if not place.is_head(line.last) or _is_entry(place, line):
        return 0
    if _name_beside_date(it.pieces) is not None:
        return 3
    if close and is_full_name(line.text) and any(it.is_next_to(o) and _tells_of(o) for o in (before, after)):
        return 2
    return 0


def _is_signature(place: Place, it: _Read) -> bool:
    """Whether a line at a body's end is a name and nothing else, set off from the text."""
    page, line, body = place.page, it.line, place.body
    if not body.first < line.first < body.last or line.first < body.last - _SIGNED or page.chars(body) < _SIGNS:
        return False
    texts = page.texts[line.first : line.last]
    set_off = all(any(e.tag in _EMPHASIS for e in (t.parent, *islice(t.parent.ancestors(), 1))) for t in texts)
    return set_off and len(it.pieces) == 1 and is_full_name(it.pieces[0])


def _is_entry(place: Place, line: Line) -> bool:
    """Whether a line is of a list in the article's text, as a log of changes is."""
    parent = place.page.texts[line.first].parent
    around = next((e for e in (parent, *parent.ancestors()) if e.tag == "li"), None)
    return around is not None and place.body.has(around)


def _tells_of(other: _Read | None) -> bool:
    """Whether a line is what stands above or below a name: a date, or what somebody is."""
    if other is None or len(other.line.text) > _META:
        return False
    dated = _YEAR.search(other.line.text) is not None and parse_date(other.line.text) is not None
    return dated or names_a_role(other.line.text) or _MORE.match(other.line.text) is not None


def _holder(page: VisiblePage, line: Line) -> tuple[Element | None, int | None]:
    """The element of a line's texts and no others, else the first text that a name is in."""
    owner: Element | None = page.texts[line.first].parent
    while owner is not None and owner.last < line.last:
        owner = owner.parent
    if owner is not None and (owner.first, owner.last) == (line.first, line.last):
        return owner, None
    named = (n for n in range(line.first, line.last) if names_in(page.texts[n].value))
    return None, next(named, line.first)


def name_beside_date(texts: Sequence[Text]) -> str | None:
    """The name in a line that is a date and a name: '11.12.2019 - Amelie Roh'."""
    lines = (_pieces(list(line)) for _, line in groupby(texts, key=lambda t: t.line))
    return next((name for pieces in lines if (name := _name_beside_date(pieces)) is not None), None)


def _name_beside_date(pieces: Sequence[str]) -> str | None:
    if not any(map(_YEAR.search, pieces)):
        return None
    parts = [p for piece in pieces for p in _SEPARATOR.split(piece) if p]
    if not 2 <= len(parts) <= 6 or all(parse_date(p) is None for p in parts):
        return None
    return next((n for p in parts for n in names_in(p) if is_full_name(n)), None)
