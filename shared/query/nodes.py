"""What a query means, as a tree. Two nodes are equal where they mean the same, wherever they stand in their texts.

`at` is where a node begins: an offset into the query's text, in characters.
"""

import dataclasses
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was typed; analysis may cut it into several, as it does `e-mail`."""

    text: str
    exact: bool = False
    """Typed `=word`: this form only, no other with the same stem."""
    prefix: bool = False
    """Typed `word*`; `text` is without the star."""
    at: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other."""

    text: str
    exact: bool = False
    """Typed `="…"`."""
    at: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Both in either order, with at most `distance` words between them. Neither side is a prefix."""

    left: Word | Phrase
    right: Word | Phrase
    distance: int
    at: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """The value of a field that is no range: words, or for a choice, a host and the like their one normal form."""

    text: str


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`; None: without end on that side, and then not included. Times are UTC."""

    low: int | datetime | None
    high: int | datetime | None
    include_low: bool
    include_high: bool


FilterValue = Text | Range


@dataclass(frozen=True, slots=True)
class Filter:
    """`field:value`. `field` is a name of `FIELDS`, no alias; `after` and `before` have become ranges of `date`."""

    field: str
    value: FilterValue
    at: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Everything:
    """Any record: an empty query. It also stands in the `And` before negated filters that nothing stands beside."""


@dataclass(frozen=True, slots=True)
class Not:
    """What its node does not match."""

    node: "Node"
    at: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more; none of them is an And, and at least one is no Not."""

    nodes: tuple["Node", ...]
    at: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more; none of them is an Or or a Not."""

    nodes: tuple["Node", ...]
    at: int = dataclasses.field(default=0, compare=False)


Node = Word | Phrase | Near | Filter | Not | And | Or | Everything
