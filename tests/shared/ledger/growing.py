"""Crawls that grow, as their tests make them."""

from collections.abc import Sequence

from shared.ids import source_id
from shared.scope import Scope
from shared.stage import (
    FETCH,
    Claim,
    Finding,
    Findings,
    Kind,
    Line,
)
from tests.shared.ledger.work import Work

FEED = "http://a.example/feed"
A, B = "http://a.example/1", "http://b.example/2"


def opened(work: Work, *lines: str | Line, scope: Scope | None = None, digest: str = "d", close: bool = True) -> str:
    crawl = work.ledger.open_crawl(digest=digest, label="", scope=scope or Scope(follow=True))
    work.ledger.submit(crawl.id, lines, now=work.now)
    if close:
        work.ledger.close_submission(crawl.id)
    return crawl.id


def source(work: Work, url: str = FEED, kind: Kind = "feed") -> Claim:
    work.dispatch()
    return work.one(FETCH, source_id(kind, url))


def leads(crawl: str, urls: Sequence[str], kind: Kind = "page", depth: int = 0) -> Findings:
    return Findings(crawl, tuple(Finding(url, kind, depth) for url in urls))


def urls_of(work: Work, crawl: str) -> list[str]:
    return [line.url for line in work.ledger.report(crawl)]


def looked(work: Work, digest: str, url: str = FEED) -> tuple[str, Claim]:
    """A look at a watched source: its crawl, and what the fetcher is given."""
    crawl = work.ledger.open_crawl(digest=digest, label="", watch=True, now=work.now)
    work.ledger.submit(crawl.id, [Line(url, "feed")], now=work.now)
    work.ledger.close_submission(crawl.id)
    return crawl.id, source(work, url)
