"""Writes pages into a store for some seconds, and says how many a second; a process of its own.

`python -m bench.search.writing SECONDS PAGES.jsonl`, the store by its settings. What it wrote is deleted again.
"""

import sys
import time
from itertools import islice
from pathlib import Path

from bench.real_pages import real_pages
from bench.search.many import copies
from shared.settings import load
from shared.stores import open_store
from shared.stores.protocol import PageWrite

# As many as the indexer takes at most.
_BATCH = 64
# Of copies that no store was filled with.
_FIRST = 1_000_000


def main() -> int:
    seconds = float(sys.argv[1])
    pages = real_pages(Path(), Path(sys.argv[2]))
    store = open_store(load(), write=True)
    store.prepare()
    made = copies(pages, _FIRST)
    written: list[str] = []
    used, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        batch = list(islice(made, _BATCH))
        started = time.monotonic()
        store.write([PageWrite(page.page.id, time.time_ns(), page) for page in batch])
        used += time.monotonic() - started
        written += [page.page.id for page in batch]
    print(len(written) / used)
    store.delete(written)
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
