"""Stylesheets and images of pages in the ledger: lines of their own kind, once a day."""

import pytest

from shared.ids import page_id, source_id
from shared.ledger import Ledger, watching
from shared.ledger.audit import audit
from shared.scope import Scope
from shared.stage import (
    FETCH,
    Fetched,
    Finding,
    Findings,
    Outcome,
    Read,
    Refused,
    Unchanged,
)
from tests.shared.ledger.growing import A, B, opened
from tests.shared.ledger.work import Work, body

IMAGE, STYLE = "http://a.example/i.png", "http://a.example/s.css"


@pytest.fixture
def work(ledger: Ledger) -> Work:
    return Work(ledger)


def test_requisites_are_lines_that_no_limit_of_pages_counts(work: Work) -> None:
    """Two pages share an image; it is one line, and how it ends is told beside the pages' outcomes."""
    crawl = opened(work, A, f"{A}/b", scope=Scope(limit=2))
    for page in work.dispatch():
        claim = work.one(FETCH, page)
        urls = (Finding(IMAGE, "requisite"), Finding(STYLE, "requisite", depth=7))
        work.end(claim, FETCH, Fetched(body(claim.url), "h", found=(Findings(crawl, urls, left=3),)))
        work.parse(page)
        work.index(page)
    status = work.ledger.crawl(crawl)
    assert (status.submitted, status.requisites, status.found, status.sources, status.left) == (4, 2, 2, 0, 0)
    assert status.requisites_left == 6
    assert status.finished is None
    assert [line.kind for line in work.ledger.report(crawl)] == ["page", "page", "requisite", "requisite"]
    work.dispatch()
    style = work.one(FETCH, source_id("requisite", STYLE))
    assert (style.kind, style.depth(crawl)) == ("requisite", 7)
    further = (Finding("http://a.example/deeper.png", "requisite"),)
    work.end(style, FETCH, Read("a stylesheet", found=(Findings(crawl, further),)))
    assert audit(work.ledger, work.store).balanced
    work.dispatch()
    for url in (IMAGE, "http://a.example/deeper.png"):
        claim = work.one(FETCH, source_id("requisite", url))
        work.end(claim, FETCH, Refused("status 404: not found", gone=True))
    status = work.ledger.crawl(crawl)
    assert status.finished is not None
    assert {o: n for o, n in status.requisite_outcomes.items() if n} == {Outcome.READ: 1, Outcome.REFUSED: 2}
    assert {o: n for o, n in status.outcomes.items() if n} == {
        Outcome.INDEXED: 2,
        Outcome.READ: 1,
        Outcome.REFUSED: 2,
    }
    assert audit(work.ledger, work.store).balanced
    work.ledger.client.hincrby(f"crawl:{crawl}", "q:R", 1)
    assert any("requisites" in line for line in audit(work.ledger, work.store).lines)


def test_a_watched_page_s_requisites_are_fetched_once_and_not_watched(work: Work) -> None:
    crawl = work.ledger.open_crawl(digest="w", label="", watch=True).id
    work.ledger.submit(crawl, [A], now=work.now)
    found = (Findings(crawl, (Finding(IMAGE, "requisite"),)),)
    [page] = work.dispatch()
    work.end(work.one(FETCH, page), FETCH, Unchanged(found=found))
    work.now += 1
    work.dispatch()
    work.end(work.one(FETCH, source_id("requisite", IMAGE)), FETCH, Read("an image"))
    assert [one.url for one in watching.watched(work.ledger)] == []
    again = work.ledger.open_crawl(digest="w2", label="", watch=True).id
    work.ledger.submit(again, [A], now=work.now)
    work.now += 1
    [page] = work.dispatch()
    work.end(work.one(FETCH, page), FETCH, Unchanged(found=(Findings(again, found[0].urls),)))
    assert work.ledger.crawl(again).requisites == 0
    assert audit(work.ledger, work.store).balanced


def required(work: Work, url: str, *findings: Findings) -> None:
    """A page was fetched, and leads to these."""
    work.now += 1
    work.dispatch()
    work.end(work.one(FETCH, page_id(url)), FETCH, Unchanged(found=findings))
    work.now += 1
    work.dispatch()


@pytest.mark.parametrize("watch", [False, True])
def test_a_requisite_that_many_pages_share_is_asked_for_once_a_day(work: Work, *, watch: bool) -> None:
    urls = (Finding(IMAGE, "requisite"), Finding(STYLE, "requisite"))
    crawl = opened(work, A, B, scope=Scope())
    required(work, A, Findings(crawl, urls))
    work.end(work.one(FETCH, source_id("requisite", STYLE)), FETCH, Read("a stylesheet", validator='"e"'))
    work.end(work.one(FETCH, source_id("requisite", IMAGE)), FETCH, Refused("status 404: not found", gone=True))
    required(work, B, Findings(crawl, urls))
    assert work.ledger.crawl(crawl).submitted == 4
    for hours, lines in ((20, 1), (25, 3)):
        work.now += hours * 3_600_000
        crawl = work.ledger.open_crawl(digest=f"d{hours}", label="", watch=watch, now=work.now).id
        work.ledger.submit(crawl, [A], now=work.now)
        work.ledger.close_submission(crawl)
        required(work, A, Findings(crawl, urls))
        assert work.ledger.crawl(crawl).submitted == lines
    style = work.one(FETCH, source_id("requisite", STYLE))
    assert style.validator == '"e"'
    work.end(style, FETCH, Unchanged())
    work.end(work.one(FETCH, source_id("requisite", IMAGE)), FETCH, Read("an image"))
    assert work.ledger.crawl(crawl).finished is not None
    assert {one.url for one in watching.watched(work.ledger)} <= {A}
    assert audit(work.ledger, work.store).lines == []


def test_a_requisite_for_two_crawls_is_fetched_once(work: Work) -> None:
    urls = (Finding(STYLE, "requisite"),)
    first, second = opened(work, A), opened(work, B, digest="e")
    required(work, A, Findings(first, urls))
    style = work.one(FETCH, source_id("requisite", STYLE))
    required(work, B, Findings(second, urls))
    work.end(style, FETCH, Read("a stylesheet"))
    assert [work.ledger.crawl(crawl).outcomes[Outcome.READ] for crawl in (first, second)] == [1, 1]
    assert [work.ledger.crawl(crawl).in_flight for crawl in (first, second)] == [0, 0]


def test_a_requisite_that_was_never_asked_for_is_asked_for_by_the_next_crawl(work: Work) -> None:
    urls = (Finding(STYLE, "requisite"),)
    crawl = opened(work, A)
    required(work, A, Findings(crawl, urls))  # it is on its way to a fetcher
    work.ledger.cancel(crawl)
    again = opened(work, B)
    required(work, B, Findings(again, urls))
    assert work.ledger.crawl(again).requisites == 1
    assert audit(work.ledger, work.store).lines == []
