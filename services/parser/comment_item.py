"""A comment as it is found on a page, before it is a record."""

from dataclasses import dataclass, field

from services.parser.comment_names import Family
from services.parser.visible_text import Element, Text, VisiblePage


@dataclass(slots=True, eq=False)
class Item:
    """One comment as found: its block, and what stands in it."""

    element: Element
    family: Family
    body: list[Element] = field(default_factory=list)
    author: Element | None = None
    date: Element | None = None
    date_text: int | None = None
    """Without an element of its own: the text that says when."""
    parent: "Item | None" = None
    inner: list[Element] = field(default_factory=list)
    """The blocks of comments that stand in this one's block."""


def head_texts(page: VisiblePage, item: Item) -> list[Text]:
    """An item's texts before the first comment inside it."""
    return page.texts[item.element.first : item.inner[0].first if item.inner else item.element.last]
