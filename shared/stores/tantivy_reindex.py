"""The embedded store made anew from the records that it holds, of an earlier layout too, while nobody writes.

The fresh index stands beside the folder until it is whole; then the folder moves away and the fresh one takes its
place. A run that is killed is run again from the beginning; killed between the two, the store's next use ends it.
"""

import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import tantivy

from shared.ids import page_of
from shared.records import SCHEMA_VERSION, AnyRecord, Article
from shared.stores.chunks import chunks
from shared.stores.protocol import NothingStoredError, StoreDownError, kind_of
from shared.stores.reindexing import Reindexed, ReindexError
from shared.stores.replacing import Change, Leader, gather, spread, version_id
from shared.stores.tantivy_index import (
    LAYOUT,
    count,
    first,
    format_of,
    open_index,
    page_documents,
    page_ids_from,
    read_leader,
    read_record,
    unknown_format,
    version_document,
)
from shared.stores.tantivy_swap import aside, fresh

# Bytes for one thread, which make segments of some 20,000 records.
_WRITER_HEAP = 100_000_000
# Pages read at once, and committed at once.
_READ, _COMMITTED = 100, 5000
# Seconds between two lines of progress.
_TELL = 5.0


def rebuild(folder: Path, tell: Callable[[str], None]) -> Reindexed:
    """Makes the index in the folder anew. `tell` is given lines of progress.

    Raises ReindexError, StoreDownError, UnknownSchemaError; ValueError or OSError from the disk. The store is then as
    it was.
    """
    started = time.monotonic()
    if not (folder / "meta.json").exists():
        raise NothingStoredError(f"nothing is stored yet in {folder}")
    mark = format_of(folder)
    if not _is_readable(mark):
        raise unknown_format(folder, mark)
    old = tantivy.Index.open(str(folder))
    try:
        lock = old.writer(_WRITER_HEAP, 1)
    except ValueError as error:
        if "LockBusy" in str(error):
            raise StoreDownError(f"another process is writing to the store in {folder}") from None
        raise
    for each in (fresh(folder), aside(folder)):  # of a run that was killed
        shutil.rmtree(each, ignore_errors=True)
    counts = _copy(old, fresh(folder), _Progress(tell))
    there = count(old.searcher().search(tantivy.Query.term_query(old.schema, "is", "page", "basic"), limit=1))
    if counts["page"] != there:
        raise ReindexError(f"there are {there:,} pages, and {counts['page']:,} were copied: nothing was changed")
    folder.rename(aside(folder))
    fresh(folder).rename(folder)
    del lock
    shutil.rmtree(aside(folder), ignore_errors=True)
    return Reindexed(counts, 1, 0.0, time.monotonic() - started)


def _is_readable(mark: object) -> bool:
    """Records and what stands beside them have been kept in these fields since the first layout."""
    if not isinstance(mark, dict) or mark.keys() != {"schema_version", "layout"}:
        return False
    most = {"schema_version": SCHEMA_VERSION, "layout": LAYOUT}
    return all(isinstance(number, int) and 1 <= number <= most[name] for name, number in mark.items())


class _Progress:
    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._next = time.monotonic() + _TELL

    def at(self, pages: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _TELL
            self._tell(f"{pages:,} pages copied")


def _copy(old: tantivy.Index, folder: Path, progress: _Progress) -> Counter[str]:
    """Returns how many records there are now, by kind."""
    counts: Counter[str] = Counter(dict.fromkeys(("page", "article", "comment", "widget", "version"), 0))
    writer = open_index(folder).writer(_WRITER_HEAP, 1)
    now = datetime.now(UTC)
    uncommitted = 0
    for page_ids in page_ids_from("", old.searcher()):
        for some in chunks(page_ids, _READ):
            for after in _pages(old, some):
                docs, _, refused = page_documents(after, now)
                if refused:
                    raise ReindexError(f"{refused[0][0]} cannot be written: {refused[0][1]}; nothing was changed")
                for doc in docs:
                    writer.add_document(doc)
                counts.update(kind_of(record) for record in spread(after.parsed))
            for article, version in _versions(old, some):
                writer.add_document(version_document(article, version_id(article, version), version))
                counts["version"] += 1
            uncommitted += len(some)
            if uncommitted >= _COMMITTED:
                writer.commit()
                uncommitted = 0
            progress.at(counts["page"])
    writer.commit()
    writer.wait_merging_threads()
    return counts


def _pages(old: tantivy.Index, page_ids: Sequence[str]) -> Iterator[Change]:
    records: dict[str, list[tuple[int, AnyRecord]]] = defaultdict(list)
    versions: dict[str, int] = {}
    leaders: dict[str, Leader] = {}
    for doc in _documents(old, "page_id", page_ids):
        record = read_record(doc)
        page_id = page_of(record.id)
        records[page_id].append((first(doc, "place"), record))
        if record.id == page_id:
            versions[page_id] = first(doc, "version")
        elif (leader := _leader(doc, record.id)) is not None:
            leaders[page_id] = leader
    for page_id, of_page in records.items():
        parsed = gather(record for _, record in sorted(of_page, key=lambda placed: placed[0]))
        if parsed is not None:
            yield Change(versions[page_id], parsed, None, changed=False, leader=leaders.get(page_id))


def _leader(doc: tantivy.Document, article_id: str) -> Leader | None:
    """As what an article leads near-duplicates. In the first layout that stood behind the record, after a space."""
    beside = doc.get_all("record")[1:]
    if not beside:
        return read_leader(doc)
    return Leader(article_id, first(doc, "version"), bytes(beside[0]).partition(b" ")[2])


def _versions(old: tantivy.Index, page_ids: Sequence[str]) -> Iterator[tuple[Article, int]]:
    for doc in _documents(old, "version_of", page_ids):
        yield Article.model_validate_json(bytes(first(doc, "record"))), first(doc, "version")


def _documents(old: tantivy.Index, field: str, values: Sequence[str]) -> Iterator[tantivy.Document]:
    searcher = old.searcher()
    asked = tantivy.Query.term_set_query(old.schema, field, list(values))
    found = count(searcher.search(asked, limit=1))
    if found:
        for _, address in searcher.search(asked, limit=found, count=False).hits:
            yield searcher.doc(address)
