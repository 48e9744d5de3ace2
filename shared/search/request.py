"""What is searched for and what comes back, the same for the command, the API and the page."""

from dataclasses import dataclass, field
from typing import Literal

from shared.query.nodes import Filter
from shared.records import AnyRecord, Page
from shared.stores.protocol import FacetName, RecordKind

Order = Literal["relevance", "newest", "oldest"]
MOST_HITS = 100
"""Hits, or groups, an answer has at most."""
MOST_FACET_VALUES = 20
"""Values of a facet, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Search:
    """A question."""

    text: str = ""
    """In the query language (docs/search.md); empty: everything that the filters let through."""
    filters: tuple[Filter, ...] = ()
    """Each must hold, beside the text: options of the command, parameters of API and page (`filters`)."""
    sort: Order | None = None
    """None: by relevance where there are words to be relevant to, else the newest first."""
    limit: int = 10
    """1 to `MOST_HITS`."""
    after: str | None = None
    """`Result.next` of an earlier answer to the same question: goes on behind it."""
    group: bool = False
    """By page: an article with its matching comments and widgets, reprints of it folded in."""
    facets: tuple[FacetName, ...] = ()


@dataclass(frozen=True, slots=True)
class Snippet:
    """The piece of a record's text that shows why it was found."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """(start, end) of the matches in it, in order."""

    def marked(self, before: str = "«", after: str = "»") -> str:
        """The text with signs around its matches."""
        pieces: list[str] = []
        at = 0
        for start, end in self.marks:
            pieces += [self.text[at:start], before, self.text[start:end], after]
            at = end
        return "".join([*pieces, self.text[at:]])


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found."""

    record: AnyRecord
    kind: RecordKind
    score: float
    """0 where the order is that of time."""
    page_url: str
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Group:
    """A page with what was found of it."""

    page: Page | None
    """The best hit's; None where it went while the answer was made."""
    page_url: str
    hits: tuple[Hit, ...]
    """The best ones, in order."""
    more: int
    """Matching records of the page and its reprints that are not among `hits` and `reprints`."""
    reprints: tuple[Hit, ...] = ()
    """Articles of other pages that are nearly the same and match too."""


@dataclass(frozen=True, slots=True)
class Result:
    """An answer."""

    total: int
    """Records that match, exactly."""
    hits: list[Hit] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    """In the place of hits where `Search.group` asks for it."""
    facets: dict[FacetName, list[tuple[str, int]]] = field(default_factory=dict)
    next: str | None = None
    """A cursor for `Search.after`; None: this was all."""
    corrected: str | None = None
    """Nothing was found for the text as it was typed, and this was searched in its place."""
    did_you_mean: str | None = None
    """Hardly anything was found, and this would find more."""
