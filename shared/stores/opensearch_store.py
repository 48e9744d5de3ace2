"""The store of the stack: OpenSearch 3."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from shared.ids import page_of
from shared.records import AnyRecord, Page, ParsedPage, RecordCounts
from shared.stores.chunks import chunks
from shared.stores.linking import link
from shared.stores.near_duplicates import bands
from shared.stores.opensearch_actions import deletion, page_action, record_actions, version_action
from shared.stores.opensearch_bulk import Action, Outcome, send
from shared.stores.opensearch_connection import Access, connect, where
from shared.stores.opensearch_documents import Document, read_leader, read_record, read_version
from shared.stores.opensearch_errors import answering
from shared.stores.opensearch_find import Finder
from shared.stores.opensearch_indices import (
    Generation,
    Shape,
    complete,
    live,
    put_templates,
    replicas,
    survey,
)
from shared.stores.opensearch_listing import listing
from shared.stores.opensearch_mappings import PARTS, alias
from shared.stores.opensearch_pages import Found as FoundPage
from shared.stores.opensearch_pages import Pages, newest, search_all
from shared.stores.opensearch_queries import counts_body, leaders_body, of_pages, of_versions
from shared.stores.opensearch_reindex import Reindex
from shared.stores.opensearch_rollover import LOOK_EVERY, Rollover
from shared.stores.opensearch_schema import check_format
from shared.stores.opensearch_turn import marker
from shared.stores.protocol import (
    ArticleVersion,
    Find,
    Finding,
    Findings,
    NothingStoredError,
    PageWrite,
    PageWritten,
    Place,
    Places,
    StoreDownError,
    StoredPage,
)
from shared.stores.reindexing import Reindexed
from shared.stores.replacing import Change, Leader, change, each_page_once, gather, spread
from shared.stores.searchable import stored_page

# Pages deleted at once, pages exported at once.
_DELETED = 1000
# The same with versions: a query may have 1,024 clauses, and these are two each.
_DELETED_BY_VERSION = 200
_EXPORT_PAGES = 50
# Earlier versions of an article that are told of.
_VERSIONS = 10_000


class OpenSearchStore:
    """A store behind a URL. Reads by id see what was written at once, searches and listings within a second."""

    name = "opensearch"
    place = staticmethod(newest)
    """Which generation a new page goes to."""
    look_every = LOOK_EVERY

    def __init__(self, url: str, prefix: str, access: Access = Access(), shape: Shape = Shape()) -> None:  # noqa: B008 - frozen
        """`url` may hold user and password; `prefix` starts the names of indices and aliases."""
        self._prefix = prefix
        self._shape = shape
        self._where = where(url)  # without its password, for messages
        self._client = connect(url, access)
        self._finder = Finder(self._client, self._where, prefix)
        self._is_known = False
        self._pages = Pages(self._client, self._where, self.place)
        self._rollover = Rollover(self._client, prefix, shape, self.look_every)

    def prepare(self) -> None:
        """Creates templates, indices and aliases."""
        with answering(self._where):
            check_format(self._client, self._where, self._prefix)
            put_templates(self._client, self._prefix, self._shape)
            there = survey(self._client, self._prefix)
            generations = [generation for generation, parts in there.items() if parts.get(PARTS[0])]
            for generation in generations or [Generation(self._prefix, 1)]:
                complete(self._client, generation, there.get(generation, {}), as_live=True)
            if self._shape.replicas is not None:
                self._client.indices.put_settings(index=self._names(*PARTS), body={"index": replicas(self._shape)})

    # writing

    def write(self, writes: Sequence[PageWrite]) -> list[PageWritten]:
        """Writes pages: first what goes to the versions, then the records, then the pages' own.

        So a page's own record at a version says that all its others are in at that version.
        """
        written: list[PageWritten] = []
        with self._writing():
            for group in each_page_once(writes):
                written += self._write_group(group)
        return written

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Tells why no write is taken, where it is a reindex that ends."""
        try:
            yield
        except StoreDownError as error:
            if "blocked by" not in str(error):
                raise
            with answering(self._where):
                if not self._client.indices.exists(index=marker(self._prefix)):
                    raise
            raise StoreDownError(
                f"{error} (a reindex ends just now, or it was killed: then run tearsheet reindex again)"
            ) from error

    def _write_group(self, writes: Sequence[PageWrite]) -> list[PageWritten]:
        generations = self._generations()
        found = self._pages.find([w.page_id for w in writes], generations, orphans=True)
        held = {page_id: page.held for page_id, page in found.items() if page.held is not None}
        changes = {w.page_id: change(held.get(w.page_id), w) for w in writes}
        news = {page_id: after for page_id, after in changes.items() if after is not None}
        news = link(held, news, self._leaders)
        now = datetime.now(UTC)
        self._send(
            version_action(found[page_id].home, *after.earlier)
            for page_id, after in news.items()
            if after.earlier is not None
        )
        done = self._send(a for page_id, after in news.items() for a in _record_actions(after, found[page_id], now))
        refused = done.refused
        kept = {page_id: _kept(after, refused, found[page_id].record_ids) for page_id, after in news.items()}
        done = self._send(
            page_action(found[page_id].home, after, kept[page_id], now) for page_id, after in news.items()
        )
        refused |= done.refused
        with answering(self._where):
            self._rollover.look(generations[-1])
        if done.newer:  # another process wrote a newer version meanwhile
            newer = self._pages.find(list(done.newer), generations, orphans=False)
            held |= {page_id: page.held for page_id, page in newer.items() if page.held is not None}
        written = []
        for write in writes:
            after, before = news.get(write.page_id), held.get(write.page_id)
            if after is None or write.page_id in done.newer:
                counts = before.parsed.counts() if before else RecordCounts()
                written.append(
                    PageWritten(write.page_id, before.version if before else write.version, counts, changed=False)
                )
            else:
                counts = (gather([after.parsed.page, *kept[write.page_id]]) or after.parsed).counts()
                words = tuple((id_, words) for id_, words in refused.items() if page_of(id_) == write.page_id)
                written.append(PageWritten(write.page_id, write.version, counts, after.changed, words))
        return written

    def _send(self, actions: Iterable[Action]) -> Outcome:
        return send(self._client, self._where, actions)

    def delete(self, page_ids: Iterable[str]) -> int:
        """Deletes pages whole."""
        return sum(self._delete(of_pages(some)) for some in chunks(page_ids, _DELETED))

    def delete_older(self, versions: Mapping[str, int]) -> int:
        """Deletes documents by page and version: what is written meanwhile stays."""
        gone = 0
        for some in chunks(versions.items(), _DELETED_BY_VERSION):
            asked = [(generation, page_id) for generation in self._generations() for page_id, _ in some]
            newer = {doc["_id"] for doc in self._pages.get(asked) if int(doc["_version"]) > versions[doc["_id"]]}
            left = {page_id: version for page_id, version in some if page_id not in newer}
            gone += self._delete(of_versions(left)) if left else 0
        return gone

    def _delete(self, query: dict[str, Any]) -> int:
        names = self._names(*PARTS)
        with self._writing(), answering(self._where):
            # What was just written has to be visible to the query.
            self._client.indices.refresh(index=names)
            reply = self._client.delete_by_query(
                index=names, body={"query": query}, params={"refresh": "true", "conflicts": "proceed"}
            )
        return int(reply["deleted"])

    # reading

    def page(self, page_id: str) -> ParsedPage | None:
        """A page whole, as of its last write."""
        held = self._pages.find([page_id], self._generations(), orphans=False)[page_id].held
        return held.parsed if held else None

    def record(self, record_id: str) -> AnyRecord | None:
        """One record, as of its last write."""
        doc = self._document(record_id)
        return read_record(doc) if doc is not None else None

    def _document(self, record_id: str) -> Document | None:
        found = self._pages.get((generation, record_id) for generation in self._generations())
        return max(found, key=lambda doc: int(doc["_version"]), default=None)

    def find(self, asked: Find) -> Findings:
        """Records by what stands in them, by one request. Raises QueryError where it takes too long."""
        self._check_format()
        return self._finder.find(asked)

    def places(self, asked: Find) -> Places:
        """The same, unread."""
        self._check_format()
        return self._finder.places(asked)

    def read(self, places: Sequence[Place]) -> tuple[list[Finding], dict[str, Page]]:
        """The records of places and their pages, by one request."""
        return self._finder.read(places)

    def similar(self, record_id: str, limit: int) -> list[Finding] | None:
        """Records like one."""
        self._check_format()
        doc = self._document(record_id)
        return self._finder.similar(doc, limit) if doc is not None else None

    def close_words(self, word: str, limit: int) -> list[tuple[str, int]]:
        """Words that are nearly this one, by one request."""
        self._check_format()
        return self._finder.close_words(word, limit)

    def _check_format(self) -> None:
        """Indices of an earlier format lack what is asked for, which would look as if nothing were stored."""
        if not self._is_known:
            with answering(self._where):
                self._is_known = check_format(self._client, self._where, self._prefix)

    def stored(self, page_ids: Sequence[str]) -> dict[str, StoredPage]:
        """Counts by one aggregation over the records themselves."""
        if not page_ids:
            return {}
        with answering(self._where):
            reply = self._client.search(index=self._names("record"), body=counts_body(page_ids))
        buckets = reply["aggregations"]["pages"]["buckets"]
        found = {bucket["key"]: stored_page(bucket) for bucket in buckets}
        # Of a page that stands in two generations only the one counts that is read.
        double = [bucket["key"] for bucket in buckets if _pages_in(bucket) > 1]
        if double:
            for page_id, page in self._pages.find(double, self._generations(), orphans=False).items():
                if page.held is not None:
                    found[page_id] = StoredPage(page_id, page.held.version, page.held.parsed.counts())
        return found

    def page_ids(self) -> Iterator[str]:
        """Every page's id as of now, in order, from a point in time."""
        for page_id, _ in listing(self._client, self._where, self._names("record")):
            yield page_id

    def export(self) -> Iterator[AnyRecord]:
        """Every record, page by page."""
        for some in chunks(self.page_ids(), _EXPORT_PAGES):
            for page in self._pages.find(some, self._generations(), orphans=False).values():
                if page.held is not None:
                    yield from spread(page.held.parsed)

    def versions(self, page_id: str) -> list[ArticleVersion]:
        """Earlier versions of the page's article."""
        body = {"query": of_pages([page_id]), "sort": ["store.version"], "size": _VERSIONS}
        names = self._names("version")
        with answering(self._where):
            reply = self._client.search(index=names, body=body)
        # Once each, should it stand in two generations.
        found = {hit["_id"]: ArticleVersion(*read_version(hit)) for hit in reply["hits"]["hits"]}
        return list(found.values())

    def reindex(self, tell: Callable[[str], None]) -> Reindexed:
        """All records into fresh indices; `tell` is given lines of progress.

        Raises ReindexError, StoreDownError, UnknownSchemaError.
        """
        return Reindex(self._client, self._where, self._prefix, self._shape, tell).run()

    def refresh(self) -> None:
        """Makes what was written visible to searches and listings."""
        with answering(self._where):
            self._client.indices.refresh(index=self._names(*PARTS))

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def _names(self, *parts: str) -> str:
        """The aliases of parts, as requests have them. Raises UnknownSchemaError."""
        self._check_format()
        return ",".join(alias(self._prefix, part) for part in parts)

    def _generations(self) -> list[Generation]:
        """The live generations, as of now: another process may begin one, or a reindex replace them."""
        with answering(self._where):
            found = live(self._client, self._prefix)
        if not found:
            raise NothingStoredError(f"nothing is stored yet in OpenSearch at {self._where}")
        return found

    def _leaders(self, signatures: Sequence[bytes]) -> list[list[Leader]]:
        """The articles that share bands with each, as of now."""
        name = alias(self._prefix, "record")
        lines = [line for signature in signatures for line in ({"index": name}, leaders_body(bands(signature)))]
        with answering(self._where):
            # What was just written has to be visible to the query.
            self._client.indices.refresh(index=name)
        replies = search_all(self._client, self._where, lines)
        return [[read_leader(hit) for hit in reply["hits"]["hits"]] for reply in replies]


def _record_actions(after: Change, found: FoundPage, written: datetime) -> Iterator[Action]:
    """Writes a page's records but its own; in other generations nothing stays of it."""
    yield from record_actions(found.home, after, found.record_ids, written)
    for generation, record_id in found.strays:
        yield deletion(generation, record_id, after.version)


def _pages_in(bucket: dict[str, Any]) -> int:
    """Page records among those of a page."""
    return sum(found["doc_count"] for found in bucket["is"]["buckets"] if found["key"] == "page")


def _kept(after: Change, refused: dict[str, str], there: Iterable[str]) -> list[AnyRecord]:
    """The records that the store now holds: of one that was refused an earlier version stays."""
    before = set(there)
    return [r for r in spread(after.parsed)[1:] if r.id not in refused or r.id in before]
