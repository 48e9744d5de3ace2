"""Watched pages: looked at again and again, the sooner the more often they change.

A look is a line of a crawl, as any submission; what ends it sets the next one (`plan_look` in scripts/looks.lua).
Crawls of looks are dropped after a week, their numbers kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.ledger import keys
from shared.ledger.connection import BATCH, batches
from shared.ledger.crawls import moment
from shared.ledger.ledger import Ledger
from shared.stage import Line, Outcome

# Milliseconds that the crawls of looks are kept, so that `status` and reports can be asked about the last days.
_KEPT = 7 * 86_400_000
# Milliseconds after which a look that never came to an end is due once more.
_LOST = 3_600_000
# Pages that one crawl of looks takes.
_MOST = 5000
# Milliseconds after which nobody fills a crawl of looks, or of pages to watch, any more: a turn of the scheduler is
# ended after a minute, and `watch add` takes seconds.
_FILLED = 600_000
_DIGEST = "watch "


@dataclass(frozen=True, slots=True)
class Watched:
    """A page that is looked at again."""

    page_id: str
    url: str
    asked: bool
    """Somebody asked to watch it; else it was found by watching."""
    due: datetime
    interval: int | None
    """Seconds between its last look and the next; None before its first end."""
    outcome: Outcome | None
    """Of its last look; None while it is under way."""


def watch(ledger: Ledger, page_ids: Sequence[str], *, now: int) -> int:
    """Watches pages that were submitted; returns how many were not watched before."""
    return int(ledger.run("watch", [now, *page_ids]))


def unwatch(ledger: Ledger, page_ids: Sequence[str]) -> int:
    """Watches pages no more; returns how many of them were watched."""
    return int(ledger.run("unwatch", list(page_ids)))


def watched(ledger: Ledger) -> Iterator[Watched]:
    """All watched pages, the next one due first."""
    start = 0
    while found := ledger.ask("ZRANGE", keys.WATCH, start, start + BATCH - 1, "WITHSCORES"):
        start += len(found)
        pipe = ledger.client.pipeline(transaction=False)
        for page, _ in found:
            pipe.hmget(keys.page(page.decode()), "u", "i", "s")
            pipe.sismember(keys.WATCHED, page)
        answers = ledger.execute(pipe)
        for (page, due), (url, interval, state), asked in zip(found, answers[::2], answers[1::2], strict=True):
            yield Watched(
                page_id=page.decode(),
                url=(url or b"").decode("utf-8", "surrogatepass"),
                asked=bool(asked),
                due=moment(int(float(due))),
                interval=int(interval) if interval else None,
                outcome=keys.OUTCOMES.get((state or b"").decode()),
            )


def look(ledger: Ledger, *, now: int) -> int:
    """Submits what is due, as one crawl; returns how many pages that were."""
    due = [page.decode() for page in ledger.ask("ZRANGEBYSCORE", keys.WATCH, "-inf", now, "LIMIT", 0, _MOST)]
    if not due:
        return 0
    _close_left_open(ledger, now)
    at = f"{moment(now):%Y-%m-%d %H:%M:%S}"
    crawl = ledger.open_crawl(digest=f"{_DIGEST}{now}", label=f"watched pages, {at} UTC", watch=True, now=now)
    for pages in batches(due):
        # Not due again while it is under way; its end, which may come at once, says when it is.
        scores = [word for page in pages for word in (now + _LOST, page)]
        ledger.ask("ZADD", keys.WATCH, "XX", *scores)
        # What the disk loses is due once more.
        ledger.submit(crawl.id, list(_lines(ledger, pages)), now=now, sync=False)
    ledger.close_submission(crawl.id)
    return len(due)


def next_look(ledger: Ledger) -> datetime | None:
    """When the next page is due; None where none is watched."""
    first = ledger.ask("ZRANGE", keys.WATCH, 0, 0, "WITHSCORES")
    return moment(int(float(first[0][1]))) if first else None


def drop_old(ledger: Ledger, *, now: int) -> int:
    """Drops the crawls of looks that ended more than a week ago; returns how many."""
    old = ledger.ask("ZRANGEBYSCORE", keys.WATCH_CRAWLS, "-inf", now - _KEPT, "LIMIT", 0, BATCH)
    return sum(ledger.run("drop", [crawl]) for crawl in old)


def _close_left_open(ledger: Ledger, now: int) -> None:
    """Crawls of whoever died while it filled them: `look` (what it did not submit is still due), or `watch add`."""
    for digest, crawl in ledger.ask("HGETALL", keys.OPEN_CRAWLS).items():
        words = digest.decode("utf-8", "replace")
        began = words.rpartition(" ")[2]
        if words.startswith(_DIGEST) and began.isdecimal() and int(began) < now - _FILLED:
            ledger.close_submission(crawl.decode())


def _lines(ledger: Ledger, pages: Sequence[str]) -> Iterator[Line]:
    pipe = ledger.client.pipeline(transaction=False)
    for page in pages:
        pipe.hmget(keys.page(page), "u", "y")
    for url, kind in ledger.execute(pipe):
        if url:
            yield Line(url.decode("utf-8", "surrogatepass"), keys.KIND_OF[(kind or b"").decode()])
