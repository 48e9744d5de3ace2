"""Moves pages through the ledger as workers do, and stands in for the store where only the audit asks it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count

from shared.ledger import Ledger, Moved
from shared.raw_page import RawPage
from shared.records import Page, ParsedPage, RecordCounts
from shared.stage import FETCH, INDEX, PARSE, Begun, Claim, Ending, Fetched, Indexed, Parsed, Stage, version_of
from shared.stores.protocol import StoredPage

ONE_ARTICLE = RecordCounts(articles=1, comments=2, replies=1, widgets=3)
_tokens = count()


def token() -> str:
    return f"token-{next(_tokens)}"


def body(url: str, content: bytes = b"<p>words</p>", etag: str | None = '"tag"') -> RawPage:
    return RawPage(content, url, url, 200, "text/html", datetime(2026, 1, 1, tzinfo=UTC), etag)


def records(claim: Claim) -> ParsedPage:
    page = Page(
        id=claim.page_id,
        url=claim.url,
        final_url=claim.url,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_hash="0123456789abcdef",
        parser_version="1",
    )
    return ParsedPage(page=page)


@dataclass
class StoredPages:
    """What the audit and `forget` ask of a store."""

    name: str = "stored pages"
    held: dict[str, StoredPage] = field(default_factory=dict)

    def write(self, claim: Claim, counts: RecordCounts = ONE_ARTICLE) -> Indexed:
        version = version_of(claim.fetch_id, claim.parse)
        old = self.held.get(claim.page_id)
        if old is None or old.version <= version:
            self.held[claim.page_id] = StoredPage(claim.page_id, version, counts)
        new = self.held[claim.page_id]
        return Indexed(new.version, new.counts)

    def stored(self, page_ids: Sequence[str]) -> dict[str, StoredPage]:
        return {page: self.held[page] for page in page_ids if page in self.held}

    def page_ids(self) -> Iterator[str]:
        yield from list(self.held)

    def delete(self, page_ids: Iterable[str]) -> int:
        return sum(1 + self.held.pop(p).counts.articles for p in page_ids if p in self.held)

    def refresh(self) -> None:
        pass


@dataclass
class Work:
    """A ledger, a store and a clock that the test moves."""

    ledger: Ledger
    store: StoredPages = field(default_factory=StoredPages)
    now: int = 1_800_000_000_000

    def crawl(self, *urls: str, digest: str = "d", label: str = "", close: bool = True) -> str:
        crawl = self.ledger.open_crawl(digest=digest, label=label)
        if urls:
            self.ledger.submit(crawl.id, urls, now=self.now)
        if close:
            self.ledger.close_submission(crawl.id)
        return crawl.id

    def dispatch(self, window: int = 100) -> list[str]:
        return self.ledger.dispatch(now=self.now, window=window)

    def claim(self, stage: Stage, *page_ids: str, lease: float = 60, name: str | None = None) -> list[Claim]:
        return self.ledger.claim(stage, page_ids, token=name or token(), lease=lease, now=self.now)

    def begin(self, claim: Claim, address: str = "192.0.2.1") -> Begun:
        return self.ledger.begin(claim, address, now=self.now)

    def end(self, claim: Claim, stage: Stage, ending: Ending) -> Moved:
        return self.ledger.end(claim, stage, ending, self.now)

    def one(self, stage: Stage, page_id: str) -> Claim:
        """The page's claim with no other beside it, whatever the stage takes at once."""
        [claim] = self.claim(replace(stage, batch=1), page_id)
        return claim

    def fetch(self, page_id: str, content_hash: str = "0123456789abcdef") -> None:
        claim = self.one(FETCH, page_id)
        assert self.end(claim, FETCH, Fetched(body(claim.url), content_hash)).next == "parse"

    def parse(self, page_id: str) -> None:
        claim = self.one(PARSE, page_id)
        assert self.end(claim, PARSE, Parsed(records(claim))).next == "index"

    def index(self, page_id: str) -> Moved:
        claim = self.one(INDEX, page_id)
        return self.end(claim, INDEX, self.store.write(claim))

    def finish_all(self) -> None:
        """Every waiting page to its records."""
        while pages := self.dispatch():
            for page in pages:
                self.fetch(page)
                self.parse(page)
                self.index(page)
            self.now += 1
