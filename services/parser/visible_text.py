"""A page's visible text, as the design defines it, with the elements that it stands in; `reader.py` reads it."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Elements that stand in a line of text; every other one begins a new line.
INLINE = frozenset(
    "a abbr acronym audio b bdi bdo big button canvas cite code data del dfn em font i img input ins kbd label map "
    "mark meter nobr object output picture progress q rb rp rt ruby s samp select small source span strike strong sub "
    "sup svg time track tt u var video wbr area embed iframe param link meta script style noscript template".split()
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
MOMENTS = ("datetime", "title", "content", "data-content")
"""Attributes that give a moment in the machine's form."""


class Element:
    """An element of the visible page. `texts` of a subtree are `page.texts[first:last]`, its elements
    `page.elements[index:end]`."""

    __slots__ = ("attrs", "children", "depth", "end", "first", "index", "last", "name", "parent", "place", "tag")

    def __init__(
        self,
        tag: str,
        attrs: dict[str, str | None],
        parent: "Element | None",
        index: int,
        first: int,
        place: int = 4,
    ) -> None:
        """An element that starts before the text with number `first`; `place`: among its parent's children, as
        `shared.markup.paths` counts them. Body's is 4."""
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.place = place
        self.index = index
        self.first = first
        self.last = first
        self.end = index + 1
        self.children: list[Element] = []
        self.depth: int = parent.depth + 1 if parent else 0
        self.name = ""
        """Id and classes as written: what keywords are looked for in."""
        if attrs:
            ident, classes = attrs.get("id"), attrs.get("class")
            self.name = f"{ident} {classes}" if ident and classes else ident or classes or ""

    def __repr__(self) -> str:
        """For whoever debugs a rule."""
        return f"<{self.tag} {self.name!r} texts {self.first}:{self.last}>"

    def get(self, attribute: str) -> str:
        """An attribute's value, empty where it has none."""
        return self.attrs.get(attribute) or ""

    def ancestors(self) -> "Iterator[Element]":
        """From the parent up to body."""
        at = self.parent
        while at is not None:
            yield at
            at = at.parent

    def has(self, other: "Element") -> bool:
        """Whether the other is this element or stands in it."""
        return self.index <= other.index < self.end


@dataclass(slots=True)
class Text:
    """A visible text node."""

    value: str
    parent: Element
    line: int
    """Texts with one line number stand in one line or paragraph: no block begins or ends between them."""
    glued: bool
    """Nothing parts this from the text before: where neither has white space there, they are one word."""
    chars: int
    """Characters that are no white space."""
    visible: bool
    preformatted: bool
    place: int
    """Among its parent's children, as `shared.markup.paths` counts them."""


class VisiblePage:
    """The visible elements and texts of a page, in document order."""

    def __init__(self, elements: list[Element], texts: list[Text], *, whole: bool = False) -> None:
        """`elements[0]` is body; `whole`: what is not visible was read as if it were the page."""
        self.whole = whole
        self.elements = elements
        self.texts = texts
        in_link = [False] * len(elements)
        for e in elements:
            if e.tag == "a":
                in_link[e.index : e.end] = [True] * (e.end - e.index)
        self.in_link = in_link
        """Whether each element, by its number, is a link or in one."""
        self._chars = [0, *accumulate([t.chars for t in texts])]
        self._link_chars = [0, *accumulate([t.chars if in_link[t.parent.index] else 0 for t in texts])]

    def release(self) -> None:
        """Breaks the references in circles, so that a page's memory is free at once and not at the next collection."""
        for e in self.elements:
            e.parent = None

    @property
    def body(self) -> Element:
        """The root."""
        return self.elements[0]

    @property
    def shown(self) -> int:
        """Visible characters of the whole page."""
        return sum(t.chars for t in self.texts if t.visible)

    def chars(self, e: Element) -> int:
        """Visible characters in an element, white space not counted."""
        return self._chars[e.last] - self._chars[e.first]

    def link_chars(self, e: Element) -> int:
        """Those of them that are a link's."""
        return self._link_chars[e.last] - self._link_chars[e.first]

    @cached_property
    def tag_links(self) -> list[Element]:
        """Links to what the page is filed under: `rel=tag` (microformats' rel-tag)."""
        links = (e for e in self.elements if e.tag == "a" and "rel" in e.attrs)
        return [a for a in links if "tag" in a.get("rel").lower().split()]

    def inside(self, e: Element) -> list[Element]:
        """The element and all elements in it."""
        return self.elements[e.index : e.end]

    def text(self, e: Element) -> str:
        """An element's visible text in one line."""
        return line_text(self.texts[e.first : e.last])

    def beginning(self, e: Element, most: int) -> str:
        """The first characters of `text`."""
        last = bisect_left(self._chars, self._chars[e.first] + most, e.first, e.last)
        return line_text(self.texts[e.first : last])[:most]


def line_text(texts: list[Text]) -> str:
    """Texts in one line, white space collapsed."""
    if len(texts) == 1:
        return " ".join(texts[0].value.split())
    parts: list[str] = []
    line = None
    for t in texts:
        if line is not None and (t.line != line or not t.glued):
            parts.append(" ")
        line = t.line
        parts.append(t.value)
    return " ".join("".join(parts).split())
