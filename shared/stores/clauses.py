"""What a store is asked for: a query after its words were cut, folded and stemmed, as both stores translate it.

Scores: a `Match` scores by BM25 (k1 1.2, b 0.75) in the best of its fields, `All` and `Any` add up, all others score
nothing. What is written in several ways in several languages (`Match.stems`) scores as one word: as often as the most
frequent of them stands in the store, so that a rare language's does not win by its rarity.
"""

from dataclasses import dataclass
from typing import Literal

TextField = Literal["title", "text", "author", "names"]
"""`names`: tags, the source of a reprint, a page's site name. Of each the folded words are indexed, of title and text
stems too."""
KeywordField = Literal[
    "id", "page_id", "is", "kind", "flags", "site", "host", "language", "lang", "author", "day", "month", "widget",
    "region", "page_kind", "thread", "group", "tag", "source", "url",
]  # fmt: skip
"""Fields of whole values; docs/stores.md says what is in each."""
NumberField = Literal["time", "depth", "written"]
"""`time`: milliseconds since 1970 (published; of a page: fetched). `written`: of a page, when it was, likewise."""

EVERY_FIELD: tuple[TextField, ...] = ("title", "text", "author", "names")
STEMMED: tuple[TextField, ...] = ("title", "text")

WORD_WEIGHTS: dict[TextField, float] = {"title": 3.0, "text": 1.0, "author": 1.0, "names": 1.0}
"""A score of a field's words is multiplied by these."""
STEM_WEIGHTS: dict[TextField, float] = {"title": 2.4, "text": 0.8}
"""The same for stems: less than the word as it was typed."""
TIE_BREAKER = 0.3
"""Part of the scores of a match's other fields that is added to that of the best."""


@dataclass(frozen=True, slots=True)
class Match:
    """Records with, in one of `fields`, `words` one after the other, or one of the sequences `stems`."""

    words: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...] = ()
    """Of title and text alone; none where only the words themselves will do."""
    fields: tuple[TextField, ...] = EVERY_FIELD


@dataclass(frozen=True, slots=True)
class Prefix:
    """Records with a word in one of `fields` that begins so; scores 1."""

    text: str
    fields: tuple[TextField, ...] = EVERY_FIELD


@dataclass(frozen=True, slots=True)
class Near:
    """Records with both in one field, in either order, at most `distance` words between them.

    Both as words or both as stems; their `fields` are the same. Scores 1.
    """

    left: Match
    right: Match
    distance: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """Records with one of these values."""

    field: KeywordField
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """Records with a number between these, both included; None: no bound."""

    field: NumberField
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """Records that are not in `clause`."""

    clause: "Clause"


@dataclass(frozen=True, slots=True)
class All:
    """Records that are in each; not empty."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Records that are in one or more; not empty."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """All records."""


Clause = Match | Prefix | Near | Keyword | Number | Not | All | Any | Everything
