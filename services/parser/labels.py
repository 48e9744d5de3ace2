"""Labels: which record each visible text belongs to, and its role there."""

from dataclasses import dataclass
from typing import Literal

from services.parser.visible_text import Element
from shared.records import PageKind, Region, Role, WidgetKind


@dataclass(slots=True, eq=False)
class Part:
    """A record to be."""

    kind: Literal["article", "comment", "widget", "hidden"]
    """`hidden`: no record, of text that is not visible and neither the article's nor a comment's."""
    element: Element
    """The block that it stands in."""
    score: float = 0.5
    widget_kind: WidgetKind = "text"
    region: Region = "inline"
    parent: "Part | None" = None
    """The comment that a comment answers."""


@dataclass(frozen=True, slots=True)
class Label:
    """One text's place."""

    part: Part
    role: Role
    score: float


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page's labels: one for each of its texts, in their order."""

    labels: list[Label]
    page_kind: PageKind
