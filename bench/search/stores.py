"""The two stores filled with so many records, once: the next run finds them."""

import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from bench.search.many import many
from shared.records import ParsedPage
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import PageWrite, Store
from shared.stores.tantivy_store import TantivyStore

PREFIX = "bench-search"
# Pages that one commit takes: far more than the indexer's, since nobody waits for one of them.
_BATCH = {"tantivy": 1000, "opensearch": 100}


def tantivy(folder: Path, pages: Sequence[ParsedPage], count: int) -> Path:
    """A data folder with a store of so many records, or of more where more are there."""
    data = folder / "tantivy"
    data.mkdir(parents=True, exist_ok=True)
    _fill(TantivyStore(data / "store", write=True), data / "pages-in", pages, count)
    return data


def opensearch(folder: Path, url: str, pages: Sequence[ParsedPage], count: int) -> str:
    """The prefix of indices with so many records, or more."""
    folder.mkdir(parents=True, exist_ok=True)
    _fill(OpenSearchStore(url, PREFIX), folder / "opensearch-pages-in", pages, count)
    return PREFIX


def _fill(store: Store, mark: Path, pages: Sequence[ParsedPage], count: int) -> None:
    """Writes the pages; a fill that broke off goes on behind its last batch, which the mark names."""
    done = int(mark.read_text()) if mark.exists() else 0
    store.prepare()
    batch, started = _BATCH[store.name], time.monotonic()
    made = many(pages, count, done)
    while chunk := list(islice(made, batch)):
        store.write([PageWrite(page.page.id, 1, page) for page in chunk])
        done += len(chunk)
        mark.write_text(str(done))
        print(f"{store.name}: {done:,} pages in after {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    store.refresh()
    store.close()
