"""What a search store does. Two stores answer it, tantivy (embedded) and OpenSearch; one contract suite tests both."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from shared.records import AnyRecord, Article, Page, ParsedPage, RecordCounts
from shared.stage import fetch_of
from shared.stores.clauses import Clause, KeywordField
from shared.stores.cursors import Value, cursor
from shared.stores.reindexing import Reindexed

RecordKind = Literal["page", "article", "comment", "widget"]


class StoreDownError(Exception):
    """The store cannot be reached or cannot write now (disk full, read-only): nothing is wrong with the records."""


class NothingStoredError(StoreDownError):
    """Nothing was ever stored: there is nothing to search yet."""


class UnknownSchemaError(Exception):
    """The store was written by another schema version; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class PageWrite:
    """A page's records, to be written together as `version`; or a page to be marked gone."""

    page_id: str
    version: int
    parsed: ParsedPage | None
    """None: the page is gone (404, 410) and is marked so."""
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageWritten:
    """What became of one `PageWrite`."""

    page_id: str
    version: int
    """That the store now holds: the one written, or a newer one that was there already."""
    counts: RecordCounts
    """Of what the store now holds of the page: `comments` with `gone` (marked `gone_since`) among them."""
    changed: bool
    """Whether the article's words or the comments are others than the store held before."""
    refused: tuple[tuple[str, str], ...] = ()
    """(record id, the store's words) of records that it would not take; the page's others are stored."""


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """An article as a page held it until a newer version took its place."""

    article: Article
    version: int

    @property
    def fetched_at(self) -> datetime:
        """When it was last fetched in these words: versions begin with the milliseconds of their fetch."""
        return datetime.fromtimestamp(fetch_of(self.version) / 1000, tz=UTC)


FacetName = Literal["kind", "site", "language", "author", "day", "month", "widget", "group"]
"""`group`: how many records of each `Finding.group`."""
FACET_FIELDS: Mapping[FacetName, KeywordField] = {
    "kind": "kind",
    "site": "host",
    "language": "lang",
    "author": "author",
    "day": "day",
    "month": "month",
    "widget": "widget",
    "group": "group",
}
"""The fields whose values are counted."""
Sort = Literal["relevance", "newest", "oldest", "written"]
"""By time undated records come last; `written`: pages by when they were written, oldest first."""
SEARCHED: tuple[RecordKind, ...] = ("article", "comment", "widget")
"""The kinds that are searched where none is named: pages' own records come only when asked for."""


@dataclass(frozen=True, slots=True)
class Find:
    """What a store is asked for."""

    clause: Clause
    kinds: tuple[RecordKind, ...] = SEARCHED
    sort: Sort = "relevance"
    limit: int = 10
    """0: how many there are, and the facets, alone."""
    after: str | None = None
    """A `Finding.after` of an earlier answer to the same question: goes on behind it."""
    facets: Mapping[FacetName, int] = field(default_factory=dict)
    """Name -> at most so many values, the most frequent first, then by value."""


@dataclass(frozen=True, slots=True)
class Place:
    """A record that was found, not read yet."""

    group: str
    """`group_of` the page that leads the near-duplicates of its page's article; without any of the page's own."""
    score: float
    """0 where it was not sorted by relevance."""
    sort: Sort
    keys: tuple[Value, ...] = field(compare=False)
    """Where it stands in that order."""
    handle: Any = field(compare=False, repr=False)
    """Of the store that found it: how it is read."""
    mark: tuple[int, int] = field(compare=False)
    """The record's `newest` and `oldest`: the same whenever it is found, and hardly ever those of another record."""

    @property
    def after(self) -> str:
        """A cursor: what follows this one."""
        return cursor(self.sort, *self.keys)


@dataclass(frozen=True, slots=True)
class Finding:
    """A record that was found."""

    place: Place
    record: AnyRecord
    kind: RecordKind
    page_url: str


@dataclass(frozen=True, slots=True)
class Findings:
    """An answer."""

    total: int
    """Of all that match, wherever the answer begins."""
    findings: list[Finding] = field(default_factory=list)
    facets: dict[FacetName, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Places:
    """An answer whose records are not read yet."""

    total: int
    """Of all that match, wherever the answer begins."""
    places: list[Place]
    facets: dict[FacetName, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """What the audit asks of a page: its version and how many records the store holds of it."""

    page_id: str
    version: int
    counts: RecordCounts


class Store(Protocol):
    """A search store. Every call raises StoreDownError where the store does not answer."""

    name: str

    def prepare(self) -> None:
        """Creates what is missing (index, templates, aliases); the indexer calls it. Raises UnknownSchemaError."""

    def write(self, writes: Sequence[PageWrite]) -> list[PageWritten]:
        """Writes pages, each whole and durable on return, in the order given.

        A version older than the stored one changes nothing. What a newer one replaces: the article's earlier
        version moves to the versions, a comment gone from the page is marked `gone_since`, widgets go.
        """

    def delete(self, page_ids: Iterable[str]) -> int:
        """Deletes pages with all records and versions; returns how many records went."""

    def delete_older(self, versions: Mapping[str, int]) -> int:
        """Deletes of these pages, by id, what is not newer than the version; returns how many records went."""

    def page(self, page_id: str) -> ParsedPage | None:
        """A page and its records as `parse` gives them (comments in order of position), without segments."""

    def record(self, record_id: str) -> AnyRecord | None:
        """One record."""

    def find(self, asked: Find) -> Findings:
        """Records by what stands in them. Raises CursorError."""

    def places(self, asked: Find) -> Places:
        """What `find` finds, unread: a fraction of its work. Raises CursorError."""

    def read(self, places: Sequence[Place]) -> tuple[list[Finding], dict[str, Page]]:
        """The records of places that this store gave a moment ago, in their order, without those that went since.

        And by their ids the own records of the pages on which they stand.
        """

    def similar(self, record_id: str, limit: int) -> list[Finding] | None:
        """Records of the same kind on other pages that share the most telling words, best first.

        Their cursors lead nowhere. None: there is no such record.
        """

    def close_words(self, word: str, limit: int) -> list[tuple[str, int]]:
        """Folded words within one edit of a folded word, and in how many records they stand, most first.

        An edit: a letter more, less or another, or two the other way round.
        """

    def stored(self, page_ids: Sequence[str]) -> dict[str, StoredPage]:
        """What is stored of these pages, each record counted, for the audit.

        Version 0 is that of a page whose records are there while its own is not.
        """

    def page_ids(self) -> Iterator[str]:
        """Every stored page's id, once."""

    def export(self) -> Iterator[AnyRecord]:
        """Every record but versions, page by page."""

    def versions(self, page_id: str) -> list[ArticleVersion]:
        """Earlier versions of a page's article, oldest first."""

    def reindex(self, tell: Callable[[str], None]) -> Reindexed:
        """Makes the index anew from the records that it holds, of an earlier layout too; `tell` is given progress.

        Raises ReindexError, UnknownSchemaError: nothing has changed then.
        """

    def refresh(self) -> None:
        """Makes all that was written visible to reads through this object."""

    def close(self) -> None:
        """Lets go of connections and locks."""


def kind_of(record: AnyRecord) -> RecordKind:
    """The kind of a record, as filters name it."""
    return "page" if isinstance(record, Page) else type(record).__name__.lower()  # type: ignore[return-value]
