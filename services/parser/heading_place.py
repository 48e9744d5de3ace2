"""Where an article's head may stand: around its title, where its body begins, and below its end."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from services.parser.any_case import Pattern, Subject
from services.parser.cache_sizes import NAMES
from services.parser.parts import PartTexts
from services.parser.visible_text import INLINE, Element, VisiblePage, line_text
from shared.remembered import remembered

_ELSEWHERE = Pattern(
    r"sidebar|(?:^|\s)(?:widget|gadget)(?:\s|$)|related|recommend|popular|trending|comments?(?:$|[\s_-])|"
    r"respond|newsletter|footer-|site-footer|colophon|read-?next|more-?(?:from|stories|articles|news)|"
    r"(?:^|[\s_-])(?:nav|menu|breadcrumbs?|cookie|consent)(?:$|[\s_-])"
)
_META = re.compile(r"(?:^|[\s_-])(?:meta|byline)(?:$|[\s_-])", re.IGNORECASE)
# Texts that are looked at: before the title, in the body's begin, before and after its end.
_BEFORE_TITLE, _INTO_BODY, _BEFORE_END, _AFTER_END = 15, 12, 6, 25
# Without a title: before the body.
_BEFORE_BODY = 60
# An aside with fewer letters is a note in the article's head.
_NOTE = 200
# Characters of a line in which a byline or a date is looked for.
_LONGEST = 100
_FIRST, _LINE = attrgetter("first"), attrgetter("line")


@dataclass(slots=True)
class Line:
    """The texts of one line near the article."""

    first: int
    last: int
    text: str


@dataclass(slots=True)
class Place:
    """An article's title and body, and what stands near them."""

    page: VisiblePage
    title: Element | None
    body: Element
    taken: set[int]
    with_foot: bool = True
    """Whether what stands below the body's end may be the article's own."""
    languages: tuple[str, ...] = ()
    """What dates are read in: what the page says that it is in."""
    low: int = field(init=False)
    """The first text that may be of the head."""
    high: int = field(init=False)
    """One past the last text that may be of the article's foot."""
    _head_end: int = field(init=False)
    _foot_start: int = field(init=False)
    _elsewhere: dict[int, bool] = field(default_factory=dict)
    _lines: list[Line] | None = None

    def __post_init__(self) -> None:
        """Head and foot follow from title and body."""
        title, body = self.title, self.body
        self.low = max(0, body.first - _BEFORE_BODY if title is None else title.first - _BEFORE_TITLE)
        self.high = min(len(self.page.texts), body.last + (_AFTER_END if self.with_foot else 0))
        start = body.first if title is None else max(body.first, min(title.last, body.last))
        self._head_end = min(start + _INTO_BODY, self.high)
        self._foot_start = max(self._head_end, body.last - _BEFORE_END)

    def is_head(self, last: int) -> bool:
        """Whether what ends before this text stands in the head."""
        return last <= self._head_end

    def elements(self) -> Iterator[Element]:
        """The elements with texts in the head or in the foot, not amid the body."""
        elements = self.page.elements
        for start, end in ((self.low, self._head_end), (self._foot_start, self.high)):
            for at in range(bisect_left(elements, start, key=_FIRST), len(elements)):
                e = elements[at]
                if e.first >= end:
                    break
                if e.first < e.last <= end and e.index not in self.taken:
                    yield e

    def farness(self, first: int, last: int) -> float:
        """How far texts are from where a byline stands: 0 right below the title, up to 1 in the foot or far above."""
        anchor = self.title.last if self.title is not None else self.body.first
        if first >= anchor:
            return min((first - anchor) / 40, 0.7) if self.is_head(last) else 0.9
        return min(0.2 + (anchor - last) / 40, 1.0)

    def stands_elsewhere(self, e: Element) -> bool:
        """Whether an element stands in a block beside the body that is another's: a sidebar, a thread, teasers."""
        known = self._elsewhere
        if (found := known.get(e.index)) is not None:
            return found
        path: list[int] = []
        found = False
        at: Element | None = e
        while at is not None:
            if at.index in known:
                found = known[at.index]
                break
            if at.has(self.body) or (self.title is not None and at.has(self.title)):
                break
            path.append(at.index)
            if self._is_elsewhere(at):
                found = True
                break
            at = at.parent
        for index in path:
            known[index] = found
        return found

    def _is_elsewhere(self, e: Element) -> bool:
        if e.index in self.taken:
            return True
        if e.tag == "aside" and not _is_named_meta(e.name):
            return self.page.chars(e) > _NOTE or not self.is_head(e.last) or _is_named_elsewhere(e.name)
        return e.tag == "nav" or _is_named_elsewhere(e.name)

    def lines(self) -> list[Line]:
        """The lines of head and foot, title, other blocks and what is too long left out."""
        # Byline and date are looked for in the same ones.
        if self._lines is None:
            self._lines = list(self._read_lines())
        return self._lines

    def _read_lines(self) -> Iterator[Line]:
        texts = self.page.texts
        title = self.title
        for start, end in ((self.low, self._head_end), (self._foot_start, self.high)):
            last = start
            for _, run in groupby(texts[start:end], key=_LINE):
                these = list(run)
                first, last = last, last + len(these)
                if sum([len(t.value) for t in these]) > _LONGEST or (title and title.first <= first < title.last):
                    continue
                if not self.stands_elsewhere(_block_of(these[0].parent)):
                    yield Line(first, last, line_text(these))


def _block_of(e: Element) -> Element:
    while e.tag in INLINE and e.parent is not None:
        e = e.parent
    return e


def place_of(texts: PartTexts) -> Place:
    """The place of an article whose texts were labelled: its own block and what stands above."""
    page = texts.page.visible
    titles = texts.texts("title")
    title: Element | None = titles[0].parent if titles else None
    while title is not None and title.last - title.first < len(titles):
        title = title.parent
    return Place(page, title, texts.part.element, set(), False, texts.page.metadata.languages)


@remembered(NAMES)
def _is_named_meta(name: str) -> bool:
    return _META.search(name) is not None


@remembered(NAMES)
def _is_named_elsewhere(name: str) -> bool:
    return _ELSEWHERE.is_in(Subject(name))
