"""Cuts what is neither article nor comment into widgets, and tells their kinds and regions.

Top down: a block that the model takes for one widget is one; a container of several is cut into them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, groupby

import numpy as np
from numpy.typing import NDArray

from services.parser.any_case import Pattern, Subject
from services.parser.cache_sizes import NAMES
from services.parser.keywords import kind_of_name, plain
from services.parser.visible_text import HEADINGS, Element, VisiblePage
from services.parser.widget_kinds import are_tags, kind_of, kind_of_loose
from shared.records import Region, WidgetKind
from shared.remembered import remembered

_SIDEBAR = Pattern(
    r"side-?bar|\baside\b|secondary|rightcol|right-?col|left-?col|column-(?:right|left)|\brail\b|widget-?area"
)
_LEFT = re.compile(r"left|lhs", re.IGNORECASE)
_FOOTER = Pattern(r"footer|colophon|copyright|\bfoot\b|bottom-?bar|site-?info")
_HEADER = Pattern(r"^header|\bheader\b|masthead|site-?header|top-?bar|\bnavbar|page-?header|global-?nav")
# Elements that go together with their like beside them.
_SIMPLE = frozenset("a span p b strong em i ul ol dl label img button small font input time".split())
# So many siblings alike, of at most so many characters each, are one list.
_LIST, _LIST_CHARS = 5, 300


@remembered(NAMES)
def _is_footer(name: str) -> bool:
    return _FOOTER.is_in(Subject(plain(name)))


@remembered(NAMES)
def _is_sidebar(name: str) -> bool:
    return _SIDEBAR.is_in(Subject(plain(name)))


@remembered(NAMES)
def _is_header(name: str) -> bool:
    return _HEADER.is_in(Subject(plain(name)))


@dataclass(slots=True, eq=False)
class Box:
    """A widget as found: elements that follow one another, or loose texts between others."""

    elements: list[Element]
    texts: list[int]
    kind: WidgetKind
    region: Region
    score: float
    title: Element | None = None


class Divider:
    """Cuts the rest of a page into boxes."""

    def __init__(
        self, page: VisiblePage, free: Callable[[int], bool], whole: NDArray[np.bool_], *, start: int, end: int
    ) -> None:
        """`free`: whether a text (by its number) has no record yet; `whole`: whether each element is one widget;
        `start`, `end`: texts between which the main content stands."""
        self._is_whole = whole
        self.page = page
        self.boxes: list[Box] = []
        self.start = start
        self.end = end
        self._free = [free(n) for n in range(len(page.texts))]
        self._taken = [0, *accumulate(not one for one in self._free)]

    def divide(self) -> list[Box]:
        """All boxes, in document order."""
        stack: list[tuple[Element, Region | None]] = [(self.page.body, None)]
        while stack:
            element, region = stack.pop()
            region = self._region(element) or region
            if not self._left(element):
                continue
            whole = self._pure(element) and self._whole(element)
            if whole:
                self._add([element], region)
                continue
            stack.extend((c, region) for c in reversed(self._children(element, region)))
        self.boxes.sort(key=lambda b: b.texts[0])
        return self.boxes

    def _left(self, e: Element) -> int:
        return e.last - e.first - (self._taken[e.last] - self._taken[e.first])

    def _pure(self, e: Element) -> bool:
        return self._taken[e.last] == self._taken[e.first]

    def _region(self, e: Element) -> Region | None:
        if not e.name and e.tag not in ("footer", "aside", "header"):
            return None
        if e.tag == "body" or self.page.chars(e) > 0.7 * self.page.chars(self.page.body):
            return None
        if (e.tag == "footer" and not self._in_article(e)) or (e.first >= self.end and _is_footer(e.name)):
            return "footer"
        if e.tag == "aside" or _is_sidebar(e.name):
            return "left" if e.last <= self.start or _LEFT.search(plain(e.name)) else "right"
        if e.last <= self.start and (e.tag == "header" or e.get("role") == "banner" or _is_header(e.name)):
            return "header"
        return None

    def _in_article(self, e: Element) -> bool:
        return any(
            a.tag in ("article", "main", "aside", "blockquote") or "comment" in a.name.lower() for a in e.ancestors()
        )

    def _blocks(self, e: Element) -> list[Element]:
        return [c for c in e.children if c.last > c.first]

    def _whole(self, e: Element) -> bool:
        """Whether an element that no record has a part of is one widget."""
        blocks = self._blocks(e)
        if not blocks:
            return True
        if e.tag == "body" or not self._is_whole[e.index]:
            return False
        # The page's tags are a widget of their own beside share buttons and the like.
        return len(blocks) == 1 or are_tags(self.page, [e]) or not any(are_tags(self.page, [c]) for c in blocks)

    def _children(self, e: Element, region: Region | None) -> list[Element]:
        """What of an element's children is to be cut on; loose texts and a heading with what follows it are boxes."""
        later: list[Element] = []
        run: list[Element] = []
        blocks = self._blocks(e)
        loose: list[int] = []
        if sum(c.last - c.first for c in blocks) < e.last - e.first:
            ends = [e.first, *(c.last for c in blocks)]
            starts = [*(c.first for c in blocks), e.last]
            loose = [n for a, b in zip(ends, starts, strict=True) for n in range(a, b) if self._free[n]]
        listed = self._listed(blocks)
        for c in blocks:
            if not self._left(c):
                self._flush(run, region)
                continue
            simple = self._pure(c) and (c.index in listed or c.tag in _SIMPLE or c.tag in HEADINGS)
            if c.tag in HEADINGS and self._pure(c):
                self._flush(run, region)
                run.append(c)
            elif simple and not kind_of_name(c.name):
                run.append(c)
            elif run and run[0].tag in HEADINGS and len(run) == 1 and self._pure(c) and self._whole(c):
                run.append(c)
                self._flush(run, region)
            else:
                self._flush(run, region)
                later.append(c)
        self._flush(run, region)
        if loose:
            self._add_texts(loose, e, region)
        return later

    def _listed(self, kids: list[Element]) -> set[int]:
        """Numbers of the children that are entries of one list: many in a row, all with one tag and class."""
        found: set[int] = set()
        for _, run in groupby(kids, key=lambda k: (k.tag, k.get("class"))):
            these = list(run)
            if (
                len(these) >= _LIST
                and not kind_of_name(these[0].name)
                and sum(map(self.page.chars, these)) < _LIST_CHARS * len(these)
            ):
                found.update(k.index for k in these)
        return found

    def _flush(self, run: list[Element], region: Region | None) -> None:
        """Makes a box of the elements gathered so far."""
        if run:
            self._add(list(run), region)
            run.clear()

    def _add_texts(self, numbers: list[int], owner: Element, region: Region | None) -> None:
        text = " ".join(self.page.texts[n].value for n in numbers)
        self.boxes.append(Box([owner], numbers, kind_of_loose(text) or "text", region or self._place(numbers[0]), 0.3))

    def _add(self, elements: list[Element], region: Region | None) -> None:
        numbers = [n for e in elements for n in range(e.first, e.last) if self._free[n]]
        if not numbers:
            return
        title = next((x for e in elements for x in self.page.inside(e) if x.tag in HEADINGS and x.last > x.first), None)
        kind, score = kind_of(self.page, elements, title, region)
        self.boxes.append(Box(elements, numbers, kind, region or self._place(numbers[0]), score, title))

    def _place(self, number: int) -> Region:
        """The region of a box that stands in none: before the main content, in or after it, or well behind it."""
        if number < self.start:
            return "header"
        rest = len(self.page.texts) - self.end
        return "footer" if number >= self.end and number > self.end + 0.7 * rest else "inline"
