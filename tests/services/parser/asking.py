"""Pages as the core reads them, for the tests of its functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.parser.engine import ask
from shared.markup.tree import source_of


def html_of(source: str) -> str:
    """A page as the core is given it."""
    return source_of(source).decode()


def ask_of(function: str, source: str, **arguments: Any) -> Any:
    """What a function of the core answers of a page."""
    return ask(function, html=html_of(source), **arguments)


@dataclass(frozen=True)
class Element:
    """An element of the visible page; others are their numbers."""

    index: int
    tag: str
    name: str
    attrs: dict[str, str]
    parent: int | None
    children: list[int]
    first: int
    last: int
    end: int
    depth: int
    text: str
    beginning: str
    chars: int
    link_chars: int


@dataclass(frozen=True)
class Text:
    """A text of it."""

    value: str
    parent: int
    line: int
    chars: int
    visible: bool


class Page:
    """A page's visible elements and texts."""

    def __init__(self, source: str, most: int = 0) -> None:
        """`most`: characters of each element's `beginning`."""
        said = ask_of("read", source, most=most)
        self.elements = [Element(**e) for e in said["elements"]]
        self.texts = [Text(**t) for t in said["texts"]]
        self.paragraphs: str = said["paragraphs"]
        self.shown: int = said["shown"]

    @property
    def body(self) -> Element:
        return self.elements[0]

    def inside(self, e: Element) -> list[Element]:
        """The element and all elements in it."""
        return self.elements[e.index : e.end]

    def with_ancestors(self, number: int | None) -> Iterator[Element]:
        """The element with this number, and all around it."""
        while number is not None:
            yield self.elements[number]
            number = self.elements[number].parent

    def text(self, number: int) -> str:
        """An element's text."""
        return self.elements[number].text

    def by_id(self, ident: str) -> Element:
        return next(e for e in self.elements if e.attrs.get("id") == ident)


def elements_of(html: str) -> list[Element]:
    """The elements of a page as the core is given it, the body before all others."""
    return [Element(**e) for e in ask("read", html=html)["elements"]]
