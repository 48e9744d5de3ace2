"""A reindex under load loses nothing: `python -m bench.reindex --opensearch URL [--pages N] [--writers N]`.

Stores pages, then runs `tearsheet reindex` while writers write some of them again, add new ones and delete others, each
trying again while the store is down, as the indexer does. In the end every page that was written last has to be there
with its version and its number of records, and none else. Prints the counts; exit code 0 only where nothing is lost
and nothing came back. Indices are made under a prefix of their own, and removed.
"""

import argparse
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from opensearchpy import OpenSearch

from shared.ids import RecordIds, article_id, page_id
from shared.records import Article, Comment, Page, ParsedPage, Widget
from shared.stores.chunks import chunks
from shared.stores.opensearch_mappings import PARTS, alias
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import PageWrite, StoreDownError, StoredPage

TEARSHEET = Path(sys.executable).with_name("tearsheet")
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("n", "s", "rk", "lt", "m")]
BATCH = 32
T = TypeVar("T")


def made(url: str, version: int, rng: random.Random) -> PageWrite:
    """A page of about ten records."""
    page = page_id(url)
    ids = RecordIds(page)
    texts = [" ".join(rng.choices(WORDS, k=rng.randrange(20, 120))) for _ in range(rng.randrange(6, 13))]
    parsed = ParsedPage(
        page=Page(
            id=page,
            url=url,
            final_url=url,
            fetched_at=datetime.now(UTC),
            content_hash=str(version),
            parser_version="bench",
            title=texts[0][:40],
            language="en",
        ),
        article=Article(id=article_id(page), page_id=page, title=texts[0][:40], text=texts[0], language="en"),
        comments=[
            Comment(id=ids.comment(None, None, "Ann", text), page_id=page, position=str(n), depth=0, text=text)
            for n, text in enumerate(texts[1:-2], 1)
        ],
        widgets=[Widget(id=ids.widget("links", text), page_id=page, kind="links", text=text) for text in texts[-2:]],
    )
    return PageWrite(page, version, parsed)


class Writer(threading.Thread):
    """Writes and deletes pages of its own until it is stopped, and knows what has to be there."""

    def __init__(self, url: str, prefix: str, number: int, count: int) -> None:
        super().__init__(daemon=True)
        self.store = OpenSearchStore(url, prefix)
        self.rng = random.Random(number)
        self.urls = [f"https://w{number}.example/{n}" for n in range(count)]
        self.version = 1
        self.expected: dict[str, StoredPage] = {}
        self.writes = self.deletes = self.waits = 0
        self.waited = self.longest = 0.0
        self.stopped = threading.Event()

    def fill(self) -> None:
        for some in chunks(self.urls, BATCH):
            self._write(some)

    def run(self) -> None:
        new = 0
        while not self.stopped.is_set():
            self.version += 1
            new += 4
            urls = self.rng.sample(self.urls, BATCH - 4) + [f"{self.urls[0]}/new{n}" for n in range(new - 4, new)]
            self._write(dict.fromkeys(urls))
            gone = self.rng.sample(sorted(self.expected), 3)
            self._until_up(lambda gone=gone: self.store.delete(gone))  # type: ignore[misc]
            for page in gone:
                del self.expected[page]
            self.deletes += len(gone)

    def _write(self, urls: object) -> None:
        batch = [made(url, self.version, self.rng) for url in urls]  # type: ignore[attr-defined]
        for page in self._until_up(lambda: self.store.write(batch)):
            self.expected[page.page_id] = StoredPage(page.page_id, page.version, page.counts)
            self.writes += 1

    def _until_up(self, call: Callable[[], T]) -> T:
        since = time.monotonic()
        while True:
            try:
                found = call()
            except StoreDownError:
                self.waits += 1
                time.sleep(0.1)
            else:
                if self.waits:
                    self.longest = max(self.longest, time.monotonic() - since)
                return found


def records(client: OpenSearch, prefix: str) -> int:
    """Documents of all kinds."""
    names = ",".join(alias(prefix, part) for part in PARTS)
    client.indices.refresh(index=names)
    return int(client.count(index=names)["count"])


def faults(store: OpenSearchStore, expected: dict[str, StoredPage]) -> tuple[int, int, int]:
    """Pages that are lost, that came back, and that are not as they were written."""
    store.refresh()
    there = set(store.page_ids())
    wrong = 0
    for some in chunks(expected.keys() & there, 500):
        found = store.stored(some)
        wrong += sum(found.get(page) != expected[page] for page in some)
    return len(expected.keys() - there), len(there - expected.keys()), wrong


def main() -> None:
    """Fills, reindexes under load, compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--opensearch", required=True, help="URL of a real node")
    parser.add_argument("--pages", type=int, default=20_000, help="pages before the reindex (default 20,000)")
    parser.add_argument("--writers", type=int, default=2, help="threads that write and delete (default 2)")
    args = parser.parse_args()
    prefix = f"bench-{os.getpid()}"
    with closing(OpenSearchStore(args.opensearch, prefix)) as store, OpenSearch([args.opensearch]) as client:
        store.prepare()
        try:
            sys.exit(run(args.opensearch, prefix, store, client, args.pages, args.writers))
        finally:
            for index in client.indices.get(index=f"{prefix}-*"):
                client.indices.delete(index=index)
            for part in PARTS:
                client.indices.delete_index_template(name=alias(prefix, part))


def run(url: str, prefix: str, store: OpenSearchStore, client: OpenSearch, pages: int, count: int) -> int:
    writers = [Writer(url, prefix, number, pages // count) for number in range(count)]
    for writer in writers:
        writer.fill()
    before, filled = records(client, prefix), sum(writer.writes for writer in writers)
    for writer in writers:
        writer.start()
    environment = {
        "TEARSHEET_STORE": "opensearch",
        "TEARSHEET_OPENSEARCH_URL": url,
        "TEARSHEET_OPENSEARCH_PREFIX": prefix,
    }
    done = subprocess.run([TEARSHEET, "reindex"], env={**os.environ, **environment}, capture_output=True, text=True)
    for writer in writers:
        writer.stopped.set()
    for writer in writers:
        writer.join()
    expected = {page: stored for writer in writers for page, stored in writer.expected.items()}
    lost, back, wrong = faults(store, expected)
    print(f"records before: {before:,} of {filled:,} pages")
    print(done.stderr + done.stdout, end="")
    print(
        f"meanwhile: {sum(w.writes for w in writers) - filled:,} pages written, "
        f"{sum(w.deletes for w in writers):,} deleted; tried again {sum(w.waits for w in writers):,} times, "
        f"the longest write took {max(w.longest for w in writers):.1f} s"
    )
    print(f"records after: {records(client, prefix):,} of {len(expected):,} pages")
    print(f"lost {lost}, came back {back}, other than written {wrong}")
    return done.returncode or int(bool(lost or back or wrong))


if __name__ == "__main__":
    main()
