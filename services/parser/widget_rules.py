"""Cuts what is neither article nor comment into widgets, and tells their kinds and regions.

Top down: a block is one widget where it names a kind or has one purpose; a container of several is cut into them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from services.parser.keywords import kind_of_name, plain
from services.parser.visible_text import HEADINGS, Element, VisiblePage
from services.parser.widget_kinds import kind_of, kind_of_loose
from shared.records import Region, WidgetKind

_SIDEBAR = re.compile(
    r"side-?bar|\baside\b|secondary|rightcol|right-?col|left-?col|column-(?:right|left)|\brail\b|widget-?area",
    re.IGNORECASE,
)
_LEFT = re.compile(r"left|lhs", re.IGNORECASE)
_FOOTER = re.compile(r"footer|colophon|copyright|\bfoot\b|bottom-?bar|site-?info", re.IGNORECASE)
_HEADER = re.compile(
    r"^header|\bheader\b|masthead|site-?header|top-?bar|\bnavbar|page-?header|global-?nav", re.IGNORECASE
)
_WIDGET = re.compile(
    r"(?:^|\s)(?:widget|gadget|module|portlet|panel|card|box|block|widget-container|sidebar-?(?:box|item|"
    r"widget|block|module))(?:\s|$|-\d)",
    re.IGNORECASE,
)
# Kinds whose blocks are one widget whatever parts they have.
_WHOLE_KINDS = frozenset(["comment_form", "search", "poll", "archive", "calendar", "subscribe", "social", "translate"])
# Elements that are one thing whatever is in them; and those that go together with their like beside them.
_UNITS = HEADINGS | frozenset(
    "nav ul ol table form p dl figure select fieldset blockquote pre details a button".split()
)
_TOO_SMALL = HEADINGS | frozenset("a span button i b strong em p li input label".split())
_SIMPLE = frozenset("a span p b strong em i ul ol dl label img button small font input time".split())
# Characters at most: of a menu, form or table; of a block of a kind in `_WHOLE_KINDS`; of one under one heading; of a
# block that names nothing.
_LONGEST_UNIT, _LONGEST_WHOLE, _LONGEST_TITLED, _LONGEST_PLAIN = 3000, 1500, 2500, 1200
# A container that is cut no further: what is left of it is one widget.
_SMALL = 200
# A block of more elements is never one widget; looking through it at every level would cost too much.
_MOST_ELEMENTS = 3000
# So many siblings alike, of at most so many characters each, are one list.
_LIST, _LIST_CHARS = 5, 300


@lru_cache(maxsize=16_384)
def _places(name: str) -> tuple[bool, bool, bool, bool]:
    """Whether a name speaks of a footer, a sidebar, the left, a header."""
    text = plain(name)
    return tuple(rule.search(text) is not None for rule in (_FOOTER, _SIDEBAR, _LEFT, _HEADER))  # type: ignore[return-value]


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

    def __init__(self, page: VisiblePage, free: Callable[[int], bool], *, start: int, end: int) -> None:
        """`free`: whether a text (by its number) has no record yet; `start`, `end`: texts between which the main
        content stands."""
        self.page = page
        self.boxes: list[Box] = []
        self.start = start
        self.end = end
        taken = [0]
        for n in range(len(page.texts)):
            taken.append(taken[-1] + (not free(n)))
        self._taken = taken
        self.free = free

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
        footer, sidebar, left, header = _places(e.name)
        if (e.tag == "footer" and not self._in_article(e)) or (footer and e.first >= self.end):
            return "footer"
        if e.tag == "aside" or sidebar:
            return "left" if left or e.last <= self.start else "right"
        if (e.tag == "header" or header or e.get("role") == "banner") and e.last <= self.start:
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
        page = self.page
        kids = self._blocks(e)
        if e.tag == "body" or e.end - e.index > _MOST_ELEMENTS:
            return False
        if not kids:
            return True
        if len(kids) == 1 and kids[0].first == e.first and kids[0].last == e.last and e.tag != "nav":
            # A wrapper with one child is cut as that child is, if its own name does not say more.
            return not kind_of_name(kids[0].name) and self._whole(kids[0])
        if e.tag in _UNITS:
            return not (e.tag in ("nav", "form", "table") and page.chars(e) > _LONGEST_UNIT)
        if any(self._names_other(k) for k in kids):
            return False
        kind = kind_of_name(e.name)
        if kind in _WHOLE_KINDS and page.chars(e) < _LONGEST_WHOLE:
            return True
        inner = self._kinds(e, kind)
        if e.tag == "footer" or kind == "footer":
            return not inner or (len(inner) < 2 and page.chars(e) < _SMALL)
        headings = [x for x in page.inside(e) if x.tag in HEADINGS and x.last > x.first]
        if e.tag != "header" and kind != "header" and self._has_one_heading(e, headings, inner):
            return True
        if kind not in (None, "header", "notice") and not _SIDEBAR.search(plain(e.name)):
            return len(inner) < 2 or page.chars(e) < _SMALL
        return self._is_plain(e, kids, headings, inner)

    def _has_one_heading(self, e: Element, headings: list[Element], inner: dict[WidgetKind, int]) -> bool:
        """Whether an element begins with a heading that is the only one of its level, and holds one kind of thing."""
        size = self.page.chars(e)
        if not headings or size > _LONGEST_TITLED:
            return False
        top = min(h.tag for h in headings)
        first = headings[0]
        if first.tag != top or first.first > e.first + 1 or sum(h.tag == top for h in headings) > 1:
            return False
        return sum(n > 0.3 * size for n in inner.values()) < 2

    def _is_plain(self, e: Element, kids: list[Element], headings: list[Element], inner: dict[WidgetKind, int]) -> bool:
        """Whether an element without a name of its own is one thing: small, or a list, or a text under a heading."""
        size = self.page.chars(e)
        if len(inner) > 1 or (inner and size > _SMALL):
            return False
        if len(headings) < 2 and (size < _SMALL or _WIDGET.search(e.name)):
            return True
        return self._alike(kids) or (len(headings) < 2 and size < _LONGEST_PLAIN and not inner)

    def _names_other(self, child: Element) -> bool:
        """Whether a child is a widget of its own (in Blogger's markup) that its parent merely holds."""
        return "data-version" in child.attrs and _WIDGET.search(child.name) is not None

    def _kinds(self, e: Element, own: WidgetKind | None) -> dict[WidgetKind, int]:
        """Kinds that blocks inside an element name, its own apart, with their largest block's characters."""
        found: dict[WidgetKind, int] = {}
        skip = 0
        least = 0.25 * self.page.chars(e)
        for x in self.page.inside(e)[1:]:
            if x.index < skip or x.last == x.first or (not x.name and x.tag not in ("nav", "form", "footer")):
                continue
            if x.tag in _TOO_SMALL and (x.tag not in ("span", "p") or self.page.chars(x) < least):
                continue
            kind = "navigation" if x.tag == "nav" else kind_of_name(x.name)
            if kind and kind != own and self.page.chars(x) > 2:
                found[kind] = max(found.get(kind, 0), self.page.chars(x))
                skip = x.end
        return found

    def _alike(self, kids: list[Element]) -> bool:
        """Whether an element's children are entries of one list."""
        if len(kids) < 3:
            return False
        signatures = [(k.tag, k.get("class").split()[:1]) for k in kids]
        most = max(signatures.count(s) for s in signatures)
        return most >= 3 and most >= 0.7 * len(kids) and not any(k.tag in HEADINGS for k in kids)

    def _children(self, e: Element, region: Region | None) -> list[Element]:
        """What of an element's children is to be cut on; loose texts and a heading with what follows it are boxes."""
        later: list[Element] = []
        run: list[Element] = []
        loose = {n for n in range(e.first, e.last) if self.free(n)} if self._has_loose(e) else set()
        for c in self._blocks(e):
            loose.difference_update(range(c.first, c.last))
        listed = self._listed(self._blocks(e))
        for c in self._blocks(e):
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
            self._add_texts(sorted(loose), e, region)
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

    def _has_loose(self, e: Element) -> bool:
        return sum(c.last - c.first for c in self._blocks(e)) < e.last - e.first

    def _flush(self, run: list[Element], region: Region | None) -> None:
        """Makes a box of the elements gathered so far."""
        if run:
            self._add(list(run), region)
            run.clear()

    def _add_texts(self, numbers: list[int], owner: Element, region: Region | None) -> None:
        text = " ".join(self.page.texts[n].value for n in numbers)
        self.boxes.append(Box([owner], numbers, kind_of_loose(text) or "text", region or self._place(numbers[0]), 0.3))

    def _add(self, elements: list[Element], region: Region | None) -> None:
        numbers = [n for e in elements for n in range(e.first, e.last) if self.free(n)]
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
