"""Crawls that grow: what sources name and pages link to becomes lines of the crawl, each once, whatever happens."""

from pathlib import Path

import pytest

from shared.ids import page_id, source_id
from shared.ledger import Ledger, watching
from shared.ledger.audit import audit
from shared.ledger.forget import forget
from shared.ledger.quarantine import retry
from shared.scope import Scope
from shared.stage import (
    FETCH,
    INDEX,
    PARSE,
    Failed,
    Fetched,
    Finding,
    Findings,
    Line,
    Outcome,
    PartFetched,
    Read,
    Unchanged,
    Wants,
)
from tests.shared.ledger.growing import FEED, A, B, leads, looked, opened, source, urls_of
from tests.shared.ledger.work import Work, body
from tests.valkey import Valkey


@pytest.fixture
def work(ledger: Ledger) -> Work:
    return Work(ledger)


def test_a_source_leads_to_pages_and_is_read(work: Work) -> None:
    crawl = opened(work, Line(FEED, "feed"), A)
    claim = source(work)
    assert (claim.kind, claim.url, claim.crawls) == ("feed", FEED, (crawl,))
    moved = work.end(claim, FETCH, Read("a feed of 3 entries", found=(leads(crawl, [A, B, B]),)))
    assert moved.outcome is Outcome.READ
    status = work.ledger.crawl(crawl)
    assert (status.submitted, status.found, status.sources, status.finished) == (3, 1, 1, None)
    work.fetch(page_id(A))
    work.parse(page_id(A))
    work.index(page_id(A))
    assert work.ledger.crawl(crawl).finished is None
    work.finish_all()
    status = work.ledger.crawl(crawl)
    assert status.finished is not None
    assert (status.outcomes[Outcome.READ], status.outcomes[Outcome.INDEXED]) == (1, 2)
    report = [(line.url, line.outcome, line.reason) for line in work.ledger.report(crawl)]
    assert report == [(FEED, "read", "a feed of 3 entries"), (A, "indexed", None), (B, "indexed", None)]
    entry = work.ledger.page(source_id("feed", FEED))
    assert entry is not None
    assert (entry.state, entry.kind) == ("read", "feed")
    assert audit(work.ledger, work.store).balanced


def test_looks_ask_a_source_whether_it_changed_and_crawls_want_all_of_it(work: Work) -> None:
    first = opened(work, Line(FEED, "feed"), scope=Scope(exclude=("2",)))
    claim = source(work)
    work.end(claim, FETCH, Read("a feed", found=(leads(first, [A]),), validator='"1"'))
    crawl, claim = looked(work, "w1")
    assert claim.validator is None  # what the crawl left out is still to be found
    work.end(claim, FETCH, Read("a feed", found=(leads(crawl, [A, B]),), validator='"1"'))
    crawl, claim = looked(work, "w2")
    assert claim.validator == '"1"'
    assert work.end(claim, FETCH, Unchanged()).outcome is Outcome.UNCHANGED
    assert work.ledger.crawl(crawl).outcomes[Outcome.UNCHANGED] == 1
    opened(work, Line(FEED, "feed"), digest="d2")
    claim = source(work)
    assert claim.validator is None
    assert work.end(claim, FETCH, Failed("no", "dns", final=True)).outcome is Outcome.QUARANTINED
    crawl, claim = looked(work, "w3")
    assert claim.validator == '"1"'
    joined = opened(work, Line(FEED, "feed"), digest="d3")
    work.end(claim, FETCH, Unchanged())
    again = source(work)
    assert (again.crawls, again.validator) == ((joined,), None)
    work.end(again, FETCH, Read("a feed", found=(leads(joined, [A, B]),), validator='"2"'))
    crawl, claim = looked(work, "w4")
    assert claim.validator is None
    work.end(claim, FETCH, Read("a feed", found=(leads(crawl, [A, B]),)))
    assert looked(work, "w5")[1].validator is None  # it gave none
    assert audit(work.ledger, work.store).balanced


def test_a_source_of_which_a_look_left_something_is_read_again(work: Work) -> None:
    crawl = work.ledger.open_crawl(digest="w", label="", watch=True, scope=Scope(limit=1), now=work.now)
    work.ledger.submit(crawl.id, [Line(FEED, "feed")], now=work.now)
    work.end(source(work), FETCH, Read("a feed", found=(leads(crawl.id, [A, B]),), validator='"1"'))
    assert looked(work, "w2")[1].validator is None


def test_a_look_that_came_too_late_for_what_a_source_names_reads_it_again(work: Work) -> None:
    first = opened(work, Line(FEED, "feed"))
    claim = source(work)
    late = work.ledger.open_crawl(digest="w", label="", watch=True, now=work.now)
    work.ledger.submit(late.id, [Line(FEED, "feed")], now=work.now)
    work.end(claim, FETCH, Read("a feed", found=(leads(first, [A]),), validator='"1"'))
    again = source(work)
    assert (again.crawls, again.validator) == ((late.id,), None)


def test_a_page_and_a_site_of_the_same_url_are_two(work: Work) -> None:
    crawl = opened(work, Line(A, "site"), Line(A, "site"), A, f"{A}#x")
    assert [line.outcome for line in work.ledger.report(crawl)] == [None, "duplicate", None, "duplicate"]


def test_what_is_done_twice_is_done_once(work: Work) -> None:
    """A worker dies while it hands in 500 pages; another one fetches the source again."""
    crawl = opened(work, Line(FEED, "feed"))
    many = [f"http://b.example/{n}" for n in range(500)]
    first = source(work)
    some = [f for url in many[:150] for f in (page_id(url), url, "", 0, "", 0, 0)]
    for _ in range(2):
        assert work.ledger.run("found", [first.page_id, first.token, work.now, crawl, 1000, 0, *some]) == 1
    work.ledger.lapse(first.token, "died", "crash", now=work.now)
    assert audit(work.ledger, work.store).balanced
    late = Read("late", found=(leads(crawl, ["http://c.example/late"]),))
    assert work.end(first, FETCH, late).lost
    again = source(work)
    assert work.end(again, FETCH, Read("a feed", found=(leads(crawl, many),))).outcome is Outcome.READ
    assert urls_of(work, crawl) == [FEED, *many]
    assert audit(work.ledger, work.store).balanced


def test_pages_that_link_to_each_other_end(work: Work) -> None:
    crawl = opened(work, A)
    rounds = 0
    while pages := work.dispatch():
        rounds += 1
        for page in pages:
            claim = work.one(FETCH, page)
            found = leads(crawl, [A, B, "http://a.example/3"], depth=claim.depth(crawl) + 1)
            work.end(claim, FETCH, Fetched(body(claim.url), "h", found=(found,)))
            work.parse(page)
            work.index(page)
        work.now += 1
    assert rounds == 2
    assert urls_of(work, crawl) == [A, B, "http://a.example/3"]
    assert work.ledger.crawl(crawl).finished is not None
    assert audit(work.ledger, work.store).balanced


def test_the_limit_counts_pages_and_what_is_left_is_told(work: Work) -> None:
    crawl = opened(work, Line(FEED, "feed"), A, scope=Scope(limit=3))
    found = (leads(crawl, ["http://a.example/s.xml"], "sitemap"), leads(crawl, [A, *(f"{B}/{n}" for n in range(5))]))
    work.end(source(work), FETCH, Read("a feed", found=found))
    status = work.ledger.crawl(crawl)
    assert (status.submitted - status.sources, status.sources, status.left) == (3, 2, 3)


def test_of_one_shape_no_more_than_its_share(work: Work) -> None:
    crawl = opened(work, A)
    [page] = work.dispatch()
    urls = tuple(Finding(f"{A}?q={n}", depth=1, shape="a.example/1?q", most=3) for n in range(10))
    work.end(work.one(FETCH, page), FETCH, Fetched(body(A), "h", found=(Findings(crawl, urls),)))
    status = work.ledger.crawl(crawl)
    assert (status.found, status.left) == (3, 7)
    work.parse(page)
    work.index(page)
    work.finish_all()
    assert not work.ledger.client.keys("crawl:*:shapes")


def test_a_page_reached_by_two_ways_has_the_smaller_depth(work: Work) -> None:
    crawl = opened(work, A, B)
    one, two = work.dispatch()
    far = "http://a.example/far"
    for page, depth in ((one, 5), (two, 2)):
        claim = work.one(FETCH, page)
        work.end(claim, FETCH, Fetched(body(claim.url), "h", found=(leads(crawl, [far], depth=depth),)))
    work.dispatch()
    assert work.one(FETCH, page_id(far)).depth(crawl) == 2


def test_a_crawl_that_follows_and_comes_late_has_the_page_fetched_once_more(work: Work) -> None:
    plain = work.crawl(A, digest="plain")
    [page] = work.dispatch()
    work.fetch(page)
    late = opened(work, A, digest="late")
    also = work.crawl(A, digest="also")
    work.parse(page)
    work.index(page)
    assert work.ledger.crawl(plain).finished is not None
    assert work.ledger.crawl(also).finished is not None
    assert work.ledger.crawl(late).in_flight == 1
    assert audit(work.ledger, work.store).balanced
    work.now += 1
    assert work.dispatch() == [page]
    claim = work.one(FETCH, page)
    assert claim.crawls == (late,)
    work.end(claim, FETCH, Unchanged(found=(leads(late, [B], depth=1),)))
    work.finish_all()
    assert [line.outcome for line in work.ledger.report(late)] == ["unchanged", "indexed"]
    assert audit(work.ledger, work.store).balanced


def test_a_cancelled_crawl_that_came_late_has_nothing_fetched_once_more(work: Work) -> None:
    work.crawl(A, digest="plain")
    [page] = work.dispatch()
    work.fetch(page)
    late = opened(work, A, digest="late")
    work.parse(page)
    claim = work.one(INDEX, page)
    work.ledger.cancel("1")
    work.ledger.cancel(late)
    work.end(claim, INDEX, work.store.write(claim))
    assert work.ledger.crawl(late).finished is not None
    assert work.dispatch() == []
    assert audit(work.ledger, work.store).balanced


def test_a_cancelled_crawl_takes_nothing_more(work: Work) -> None:
    crawl = opened(work, Line(FEED, "feed"))
    claim = source(work)
    work.ledger.cancel(crawl)
    work.end(claim, FETCH, Read("a feed", found=(leads(crawl, [A]),)))
    assert urls_of(work, crawl) == [FEED]
    assert work.ledger.crawl(crawl).finished is not None


def test_submitting_goes_on_where_it_was_though_pages_were_found_meanwhile(work: Work) -> None:
    crawl = opened(work, Line(FEED, "feed"), close=False)
    work.end(source(work), FETCH, Read("a feed", found=(leads(crawl, [A, B]),)))
    resumed = work.ledger.open_crawl(digest="d", label="")
    assert (resumed.resumed, resumed.submitted) == (True, 1)
    for _ in range(2):  # the second time as after a lost reply
        work.ledger.submit(crawl, ["http://c.example/"], at=1)
    assert urls_of(work, crawl) == [FEED, A, B, "http://c.example/"]


def test_a_full_ledger_postpones_a_source_and_loses_none_of_its_pages(work: Work, valkey: Valkey) -> None:
    crawl = opened(work, Line(FEED, "feed"))
    claim = source(work)
    read = Read("a feed", found=(leads(crawl, [A, B]),))
    work.ledger.client.config_set("maxmemory", 1)
    assert work.end(claim, FETCH, read).outcome is None
    work.ledger.client.config_set("maxmemory", 0)
    assert urls_of(work, crawl) == [FEED]
    work.now += 20_000
    assert work.end(source(work), FETCH, read).outcome is Outcome.READ
    assert urls_of(work, crawl) == [FEED, A, B]
    assert audit(work.ledger, work.store).balanced


def test_a_source_in_quarantine_is_one_when_it_is_tried_again(work: Work, tmp_path: Path) -> None:
    opened(work, Line(FEED, "feed"))
    claim = source(work)
    work.end(claim, FETCH, Failed("no", "dns", final=True))
    retried = retry(work.ledger, tmp_path, [claim.page_id], now=work.now)
    again = source(work)
    assert (again.kind, again.crawls) == ("feed", (retried.crawl_id,))
    work.end(again, FETCH, Read("a feed", found=(leads(retried.crawl_id, [A]),)))
    assert urls_of(work, retried.crawl_id) == [FEED, A]
    assert audit(work.ledger, work.store).balanced


def test_a_url_is_forgotten_whatever_it_was_taken_for(work: Work, tmp_path: Path) -> None:
    crawl = opened(work, Line(FEED, "feed"), FEED)
    work.end(source(work), FETCH, Read("a feed", found=()))
    assert forget(work.ledger, work.store, tmp_path, url=FEED).page_ids == (page_id(FEED), source_id("feed", FEED))
    assert set(urls_of(work, crawl)) == {"(forgotten)"}
    assert audit(work.ledger, work.store).balanced


def test_a_watched_feed_brings_what_is_new(work: Work) -> None:
    crawl = work.ledger.open_crawl(digest="watch add", label="", watch=True)
    [line] = work.ledger.submit(crawl.id, [Line(FEED, "feed")], now=work.now)
    work.ledger.close_submission(crawl.id)
    watching.watch(work.ledger, [line.page_id], now=work.now)

    def look(urls: list[str], sitemaps: list[str] | None = None) -> int:
        claim = source(work)
        [crawl] = claim.crawls
        found = (leads(crawl, urls), leads(crawl, sitemaps or [], "sitemap", depth=1))
        work.end(claim, FETCH, Read("a feed", found=found))
        for page in work.dispatch():
            for child in work.claim(FETCH, page):
                work.end(child, FETCH, Read("s") if child.kind == "sitemap" else Fetched(body(child.url), "h"))
                if child.kind == "page":
                    work.parse(page)
                    work.index(page)
        return work.ledger.crawl(crawl).found

    def interval() -> int:
        return next(w.interval or 0 for w in watching.watched(work.ledger) if w.url == FEED)

    inner = "http://a.example/inner.xml"
    assert look([A], [inner]) == 2
    assert {w.url for w in watching.watched(work.ledger)} == {FEED, A, inner}
    before = interval()
    watching.unwatch(work.ledger, [page_id(A), source_id("sitemap", inner)])
    work.now += before * 1000
    assert watching.look(work.ledger, now=work.now) == 1
    assert look([A, B], [inner]) == 1
    assert interval() == max(900, before // 2)
    watching.unwatch(work.ledger, [page_id(B)])
    work.now += before * 1000
    assert watching.look(work.ledger, now=work.now) == 1
    assert look([A, B], [inner]) == 0
    assert interval() == max(900, before // 2) * 1.5
    assert audit(work.ledger, work.store).balanced


def test_a_crawl_that_comes_while_a_discussion_is_fetched_is_late_too(work: Work) -> None:
    work.crawl(A, digest="plain")
    [page] = work.dispatch()
    work.fetch(page)
    work.end(work.one(PARSE, page), PARSE, Wants(((f"{B}/comments", "comments"),)))
    late = opened(work, A, digest="late")  # it waits, but not to be fetched itself
    work.now += 1
    work.dispatch()
    part = work.one(FETCH, page)
    assert part.part == f"{B}/comments"
    work.end(part, FETCH, PartFetched(None))
    work.parse(page)
    work.index(page)
    assert work.ledger.crawl(late).in_flight == 1
    work.now += 1
    assert work.dispatch() == [page]
    again = work.one(FETCH, page)
    assert (again.part, again.crawls) == ("", (late,))
    assert audit(work.ledger, work.store).balanced
