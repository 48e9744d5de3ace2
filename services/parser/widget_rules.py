"""Cuts what is neither article nor comment into widgets, and tells their kinds and regions.

Top down: a block is one widget where it names a kind or has one purpose; a container of several is cut into them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from services.parser.keywords import kind_of_heading, kind_of_name, plain
from services.parser.visible_text import HEADINGS, Element, VisiblePage
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
_CONTAINER = re.compile(
    r"\bsection\b|sidebar|wrapper|wrap\b|container|column|\bcol\b|\brow\b|\bgrid|content|main|inner|outer|primary|secondary|widgets?-?area|layout|page|site\b|body|holder|area",
    re.IGNORECASE,
)
_WIDGET = re.compile(
    r"(?:^|\s)(?:widget|gadget|module|portlet|panel|card|box|block|widget-container|sidebar-?(?:box|item|widget|block|module))(?:\s|$|-\d)",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"©|\(c\)\s*\d{4}|copyright|all rights reserved|powered by|alle rechte|tous droits|todos los derechos|designed by|impressum",
    re.IGNORECASE,
)
_COMMENT_FORM = re.compile(
    r"^(?:add|leave|post|write) (?:a |your )?(?:comment|reply|review|answer)|^comment form|^reply to (?:this|thread)|^log ?in (?:or \w+ )?to (?:comment|reply|post|leave)|comments? (?:are|is) closed",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"^(?:log ?in|sign ?in|sign ?up|register|subscribe|my account|create account|join)\b", re.IGNORECASE
)
_SKIP = re.compile(
    r"^(?:skip|jump|go|direkt|zum|aller|ir|saltar|back|pular|přejít|przejdź) (?:to|zum|inhalt|au|al|a|do|para|content)",
    re.IGNORECASE,
)
# Names that say where a block stands rather than what it is; and those that say little against its heading.
_WEAK = frozenset(["header", "footer", "navigation", "labels", "ad", "notice", "gallery", "stats"])
_GENERAL = frozenset(["navigation", "labels", "ad", "notice", "gallery", "stats"])
# Kinds whose blocks are one widget whatever parts they have.
_WHOLE_KINDS = frozenset(["comment_form", "search", "poll", "archive", "calendar", "subscribe", "social", "translate"])
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

    def __init__(
        self, page: VisiblePage, free: Callable[[int], bool], *, main: Element | None, start: int, end: int
    ) -> None:
        """`free`: whether a text (by its number) has no record yet; `start`, `end`: texts between which the main
        content stands; `main`: the element that holds it."""
        self.page = page
        self.boxes: list[Box] = []
        self.start = start
        self.end = end
        self.main = main
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
        if len(kids) == 1 and kids[0].first == e.first and kids[0].last == e.last:
            # A wrapper with one child is cut as that child is, if its own name does not say more.
            return not kind_of_name(kids[0].name) and self._whole(kids[0]) if e.tag not in ("nav",) else True
        if e.tag in (
            "nav",
            "ul",
            "ol",
            "table",
            "form",
            "p",
            "dl",
            "figure",
            "select",
            "fieldset",
            "blockquote",
            "pre",
            "details",
            "a",
            "button",
            *HEADINGS,
        ):
            return not (e.tag in ("nav", "form", "table") and page.chars(e) > 3000)
        if any(self._names_other(k, e) for k in kids):
            return False
        kind = kind_of_name(e.name)
        if kind in _WHOLE_KINDS and page.chars(e) < 1500:
            return True
        headings = [x for x in page.inside(e) if x.tag in HEADINGS and x.last > x.first]
        inner = self._kinds(e, kind)
        if headings and e.tag not in ("header", "footer") and kind not in ("header", "footer") and page.chars(e) < 2500:
            top = min(h.tag for h in headings)
            if sum(h.tag == top for h in headings) == 1 and headings[0].tag == top and headings[0].first <= e.first + 1:
                large = {k for k, size in inner.items() if size > 0.3 * page.chars(e)}
                if len(large) < 2:
                    return True
        if kind is not None and kind not in ("header", "footer", "notice") and not _SIDEBAR.search(plain(e.name)):
            return len(inner) < 2 or page.chars(e) < _SMALL
        if kind == "footer" or e.tag == "footer":
            return len(inner) < 1 or (len(inner) < 2 and page.chars(e) < _SMALL)
        if len(inner) > 1:
            return False
        if len(inner) == 1 and page.chars(e) > _SMALL:
            return False
        if _WIDGET.search(e.name) and len(headings) < 2:
            return True
        if page.chars(e) < _SMALL and len(headings) < 2:
            return True
        return self._alike(kids) or (len(headings) < 2 and page.chars(e) < 1200 and not inner)

    def _names_other(self, child: Element, parent: Element) -> bool:
        """Whether a child is a widget of its own that its parent merely holds."""
        return bool(_WIDGET.search(child.name)) and "data-version" in child.attrs and child is not parent

    def _kinds(self, e: Element, own: WidgetKind | None) -> dict[WidgetKind, int]:
        """Kinds that blocks inside an element name, its own apart, with their largest block's characters."""
        found: dict[WidgetKind, int] = {}
        skip = 0
        for x in self.page.inside(e)[1:]:
            if x.index < skip or x.last == x.first or not x.name and x.tag not in ("nav", "form", "footer"):
                continue
            if x.tag in ("a", "span", "button", "i", "b", "strong", "em", "p", "li", "input", "label", *HEADINGS):
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
                self._flush(run, region, later)
                continue
            simple = self._pure(c) and (
                c.index in listed
                or c.tag
                in (
                    "a",
                    "span",
                    "p",
                    "b",
                    "strong",
                    "em",
                    "i",
                    "ul",
                    "ol",
                    "dl",
                    "label",
                    "img",
                    "button",
                    "small",
                    "font",
                    "input",
                    "time",
                    "br",
                    *HEADINGS,
                )
            )
            if c.tag in HEADINGS and self._pure(c):
                self._flush(run, region, later)
                run.append(c)
            elif simple and not kind_of_name(c.name):
                run.append(c)
            elif run and run[0].tag in HEADINGS and len(run) == 1 and self._pure(c) and self._whole(c):
                run.append(c)
                self._flush(run, region, later)
            else:
                self._flush(run, region, later)
                later.append(c)
        self._flush(run, region, later)
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

    def _flush(self, run: list[Element], region: Region | None, later: list[Element]) -> None:
        if run:
            self._add(list(run), region)
            run.clear()

    def _add_texts(self, numbers: list[int], owner: Element, region: Region | None) -> None:
        text = " ".join(self.page.texts[n].value for n in numbers)
        self.boxes.append(Box([owner], numbers, _kind_of_text(text) or "text", region or self._place(numbers[0]), 0.3))

    def _add(self, elements: list[Element], region: Region | None) -> None:
        numbers = [n for e in elements for n in range(e.first, e.last) if self.free(n)]
        if not numbers:
            return
        title = next((x for e in elements for x in self.page.inside(e) if x.tag in HEADINGS and x.last > x.first), None)
        kind, score = self._kind(elements, title, region)
        self.boxes.append(Box(elements, numbers, kind, region or self._place(numbers[0]), score, title))

    def _place(self, number: int) -> Region:
        if number < self.start:
            return "header"
        return (
            "inline"
            if number < self.end
            else "footer"
            if number > self.end + 0.7 * (len(self.page.texts) - self.end)
            else "inline"
        )

    def _kind(self, elements: list[Element], title: Element | None, region: Region | None) -> tuple[WidgetKind, float]:
        """A box's kind, and how sure that is."""
        page = self.page
        first = elements[0]
        text = " ".join(page.text(e)[:400] for e in elements)[:600]
        if _COMMENT_FORM.search(text):
            return "comment_form", 0.8
        heading = page.text(title) if title is not None else ""
        by_heading = kind_of_heading(heading) if heading else None
        names = [k for k in (kind_of_name(e.name) for e in elements if e.name) if k]
        by_name = next((k for k in names if k not in _WEAK), None) or (names[0] if names else None)
        size = sum(page.chars(e) for e in elements)
        links = sum(page.link_chars(e) for e in elements)
        if by_name and by_name not in _WEAK:
            return by_name, 0.7
        if by_heading:
            return by_heading, 0.7
        if by_name in _GENERAL and not (by_name == "ad" and size > 400):
            return by_name, 0.6
        inner = self._inner_kind(elements)
        if inner and inner not in ("header", "footer"):
            return inner, 0.6
        if _COPYRIGHT.search(text) and size < 800:
            return "footer", 0.7
        if any(e.tag == "nav" for e in elements):
            return "navigation", 0.8
        if any(x.get("type") == "search" or x.get("role") == "search" for e in elements for x in page.inside(e)):
            return "search", 0.7
        if _LOGIN.search(text) and size < 100:
            return "subscribe", 0.5
        if _SKIP.search(text) and size < 60:
            return "navigation", 0.6
        if by_name == "footer" or region == "footer":
            return ("navigation" if links > 0.8 * size and size > 60 else "footer"), 0.4
        if links > 0.7 * size and (size > 40 or by_name != "header"):
            return "navigation", 0.4
        if by_name == "header" and size < _SMALL:
            return "header", 0.6
        up = next(
            (k for k in (kind_of_name(a.name) for a in list(first.ancestors())[:3] if a.name) if k and k not in _WEAK),
            None,
        )
        if up:
            return up, 0.4
        return ("navigation" if first.tag in ("ul", "ol") and links > 0.4 * size else "text"), 0.3

    def _inner_kind(self, elements: list[Element]) -> WidgetKind | None:
        """The kind that the largest part of a box names."""
        best, size = None, 0
        total = sum(self.page.chars(e) for e in elements)
        for e in elements:
            for x in self.page.inside(e)[1:]:
                n = self.page.chars(x)
                if n > size and n >= 0.4 * total and x.name and (kind := kind_of_name(x.name)):
                    best, size = kind, n
        return best


def _kind_of_text(text: str) -> WidgetKind | None:
    if _COPYRIGHT.search(text):
        return "footer"
    return "comment_form" if _COMMENT_FORM.search(text) else None
