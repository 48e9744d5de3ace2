"""The embedded store: a tantivy index in a folder. One process writes, any number read."""

import contextlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import tantivy

from shared.ids import page_of
from shared.records import AnyRecord, Article, Page, ParsedPage, RecordCounts
from shared.stores.chunks import chunks
from shared.stores.linking import MOST_CANDIDATES, link
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
from shared.stores.replacing import Held, Leader, change, each_page_once, gather, spread
from shared.stores.searchable import stored_page
from shared.stores.tantivy_find import close_words, find, pages, places, read, similar
from shared.stores.tantivy_index import (
    RECORDS,
    any_of,
    count,
    exists,
    first,
    in_a_line,
    leaders_query,
    open_index,
    page_documents,
    page_ids_from,
    read_leader,
    read_record,
    term,
)
from shared.stores.tantivy_queries import View

# One thread and the least heap that tantivy takes (15 MB): a batch of 64 pages is a few MB, and is committed at once.
_WRITER_HEAP = 15_000_000
_WRITER_THREADS = 1
# Pages read at once by `export`; their records are in memory together.
_EXPORT_PAGES = 50
# Pages deleted at once.
_DELETED = 1000

T = TypeVar("T")


class TantivyStore:
    """A store in a folder. `write=False` opens without a lock, from any process, and sees each commit."""

    name = "tantivy"

    def __init__(self, folder: Path, *, write: bool) -> None:
        """Nothing is opened before it is used."""
        self._folder = folder
        self._write = write
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._seen: tuple[tuple[int, int], View] | None = None

    def prepare(self) -> None:
        """Creates the index and takes the writer's lock; a reader's only looks at the format."""
        if self._write:
            self._open_writer()
        else:
            self._searcher()

    # writing

    def write(self, writes: Sequence[PageWrite]) -> list[PageWritten]:
        """Writes pages in one commit (a page that comes twice: one more)."""
        written: list[PageWritten] = []
        for group in each_page_once(writes):
            written += self._write_group(group)
        return written

    def _write_group(self, writes: Sequence[PageWrite]) -> list[PageWritten]:
        writer = self._open_writer()
        held = self._held([w.page_id for w in writes])
        written: list[PageWritten] = []
        changes = {w.page_id: change(held.get(w.page_id), w) for w in writes}
        news = {page_id: after for page_id, after in changes.items() if after is not None}
        news = link(held, news, self._leaders)
        now = datetime.now(UTC)
        for write in writes:
            before, after = held.get(write.page_id), news.get(write.page_id)
            if after is None:
                counts = before.parsed.counts() if before else RecordCounts()
                written.append(
                    PageWritten(write.page_id, before.version if before else write.version, counts, changed=False)
                )
                continue
            docs, counts, refused = page_documents(after, now)
            self._disk(writer.delete_documents_by_term, "page_id", write.page_id)
            for doc in docs:
                self._disk(writer.add_document, doc)
            written.append(PageWritten(write.page_id, write.version, counts, after.changed, refused))
        if news:
            self._disk(writer.commit)
        return written

    def delete(self, page_ids: Iterable[str]) -> int:
        """Deletes pages whole."""
        writer = self._open_writer()
        gone = 0
        for some in chunks(page_ids, _DELETED):
            searcher = self._searcher()
            for field in ("page_id", "version_of"):
                gone += count(searcher.search(any_of(field, some), limit=1))
                for page_id in some:
                    self._disk(writer.delete_documents_by_term, field, page_id)
            self._disk(writer.commit)
        return gone

    def delete_older(self, versions: Mapping[str, int]) -> int:
        """Deletes pages whole, as all of a page is of one version."""
        stored = self.stored(list(versions))
        return self.delete(page_id for page_id, page in stored.items() if page.version <= versions[page_id])

    def _open_writer(self) -> tantivy.IndexWriter:
        if not self._write:
            raise StoreDownError(f"the store in {self._folder} was opened for reading only")
        if self._writer is None:
            try:
                self._index = self._index or open_index(self._folder)
                self._writer = self._index.writer(_WRITER_HEAP, _WRITER_THREADS)
            except (ValueError, OSError) as error:
                if "LockBusy" in str(error):
                    raise StoreDownError(f"another process is writing to the store in {self._folder}") from None
                raise StoreDownError(f"the store in {self._folder} cannot be opened: {self._why(error)}") from error
        return self._writer

    def _disk(self, call: Callable[..., T], *args: object) -> T:
        """Calls the writer; where the disk fails, the writer is let go of, and the next write opens another."""
        try:
            return call(*args)
        except (ValueError, OSError) as error:
            self._let_go()
            raise StoreDownError(f"the store in {self._folder} cannot be written: {self._why(error)}") from error

    def _let_go(self) -> None:
        """Gives the lock back at once, whoever still refers to the writer (a traceback does)."""
        writer, self._writer = self._writer, None
        if writer is not None:
            # It is broken, so it has nothing to wait for but its threads, and says again what is wrong.
            with contextlib.suppress(ValueError):
                writer.wait_merging_threads()

    def _why(self, error: Exception) -> str:
        """An error in one line; tantivy does not say that a disk is full."""
        free = shutil.disk_usage(self._folder).free
        return f"the disk is full ({free:,} bytes are free)" if free < _WRITER_HEAP else in_a_line(error)

    # reading

    def page(self, page_id: str) -> ParsedPage | None:
        """A page whole."""
        held = self._held([page_id]).get(page_id)
        return held.parsed if held else None

    def record(self, record_id: str) -> AnyRecord | None:
        """One record."""
        docs = list(self._documents(term("id", record_id)))
        return next((read_record(doc) for doc in docs if first(doc, "is") in RECORDS), None)

    def find(self, asked: Find) -> Findings:
        """Records by what stands in them."""
        return find(self._view(), asked)

    def places(self, asked: Find) -> Places:
        """The same, unread."""
        return places(self._view(), asked)

    def read(self, places: Sequence[Place]) -> tuple[list[Finding], dict[str, Page]]:
        """All of them, as they were when they were found; their pages as they are."""
        found = read(places)
        page_ids = dict.fromkeys(page_of(finding.record.id) for finding in found)
        return found, pages(self._view(), [*page_ids]) if found else {}

    def similar(self, record_id: str, limit: int) -> list[Finding] | None:
        """Records like one."""
        record = self.record(record_id)
        if record is None:
            return None
        page = self.record(page_of(record_id))
        return similar(self._view(), record, page.language if page is not None else None, limit)

    def close_words(self, word: str, limit: int) -> list[tuple[str, int]]:
        """Words that are nearly this one."""
        return close_words(self._searcher(), word, limit)

    def stored(self, page_ids: Sequence[str]) -> dict[str, StoredPage]:
        """Counts by one aggregation over the records themselves."""
        if not page_ids or not self._is_there():
            return {}
        by_page = {
            "terms": {"field": "page_id", "size": len(page_ids)},
            "aggs": {"is": {"terms": {"field": "is"}}, "version": {"max": {"field": "version"}}},
        }
        found = self._searcher().aggregate(any_of("page_id", page_ids), {"pages": by_page})
        return {bucket["key"]: stored_page(bucket) for bucket in found["pages"]["buckets"]}

    def page_ids(self) -> Iterator[str]:
        """Every page's id, in order, a few at a time."""
        if not self._is_there():
            return
        searcher = self._searcher()
        for some in page_ids_from("", searcher):
            # Terms of deleted documents stay until a merge, so each is looked for.
            by_page = {"terms": {"field": "page_id", "size": len(some)}}
            found = searcher.aggregate(any_of("id", some), {"pages": by_page})
            yield from sorted(bucket["key"] for bucket in found["pages"]["buckets"])

    def export(self) -> Iterator[AnyRecord]:
        """Every record, page by page in order of id."""
        for some in chunks(self.page_ids(), _EXPORT_PAGES):
            held = self._held(some)
            for page_id in some:
                if page_id in held:
                    yield from spread(held[page_id].parsed)

    def versions(self, page_id: str) -> list[ArticleVersion]:
        """Earlier versions of the page's article."""
        docs = sorted(self._documents(term("version_of", page_id)), key=lambda doc: first(doc, "version"))
        return [
            ArticleVersion(Article.model_validate_json(bytes(first(doc, "record"))), first(doc, "version"))
            for doc in docs
        ]

    def reindex(self, tell: Callable[[str], None]) -> Reindexed:
        """All records into a fresh index, which takes the folder's place. Nobody may write meanwhile.

        Raises ReindexError, StoreDownError, UnknownSchemaError.
        """
        from shared.stores.tantivy_reindex import rebuild

        self.close()
        try:
            return rebuild(self._folder, tell)
        except (ValueError, OSError) as error:
            raise StoreDownError(f"the store in {self._folder} cannot be reindexed: {self._why(error)}") from error

    def refresh(self) -> None:
        """Nothing to do: every read looks for a new commit."""

    def close(self) -> None:
        """Lets go of the lock. A merge under way is given up; another does it again later."""
        self._writer = None
        self._index = None
        self._seen = None

    def _searcher(self) -> tantivy.Searcher:
        return self._view().searcher

    def _view(self) -> View:
        """A view of the newest commit. Each commit replaces meta.json, so a look at that file tells of a new one."""
        try:
            if self._index is None:
                if not self._is_there():
                    raise NothingStoredError(f"nothing is stored yet in {self._folder}")
                self._index = open_index(self._folder)
            state = (self._folder / "meta.json").stat()
            now = (state.st_ino, state.st_mtime_ns)
            seen = self._seen
            if seen is None or now != seen[0]:
                self._index.reload()
                self._seen = seen = now, View(self._index.searcher())
            return seen[1]
        except (ValueError, OSError) as error:
            raise StoreDownError(f"the store in {self._folder} cannot be read: {in_a_line(error)}") from error

    def _is_there(self) -> bool:
        """Whether anything was ever stored: by id nothing is found then, a search says so."""
        return self._index is not None or exists(self._folder)

    def _documents(self, query: tantivy.Query) -> Iterator[tantivy.Document]:
        if not self._is_there():
            return
        searcher = self._searcher()
        found = count(searcher.search(query, limit=1))
        if found:
            for _, address in searcher.search(query, limit=found, count=False).hits:
                yield searcher.doc(address)

    def _leaders(self, signatures: Sequence[bytes]) -> list[list[Leader]]:
        """The articles that share bands with each."""
        searcher = self._searcher()
        found: list[list[Leader]] = []
        for signature in signatures:
            hits = searcher.search(leaders_query(signature), limit=MOST_CANDIDATES, count=False).hits
            leaders = (read_leader(searcher.doc(address)) for _, address in hits)
            found.append([leader for leader in leaders if leader is not None])
        return found

    def _held(self, page_ids: Sequence[str]) -> dict[str, Held]:
        """What is held of pages, by one query."""
        versions: dict[str, int] = {}
        since: dict[str, int] = {}
        found: dict[str, list[tuple[int, AnyRecord]]] = defaultdict(list)
        for doc in self._documents(any_of("page_id", page_ids)):
            record = read_record(doc)
            page_id = page_of(record.id)
            found[page_id].append((first(doc, "place"), record))
            if first(doc, "is") == "page":
                versions[page_id] = first(doc, "version")
            elif (leader := read_leader(doc)) is not None:
                since[page_id] = leader.since
        held: dict[str, Held] = {}
        for page_id, records in found.items():
            parsed = gather(record for _, record in sorted(records, key=lambda placed: placed[0]))
            if parsed is not None:
                held[page_id] = Held(versions[page_id], parsed, since.get(page_id))
        return held
