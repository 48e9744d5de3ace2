"""Watched pages: when they are looked at again."""

from datetime import UTC, datetime

import pytest

from shared.ids import page_id
from shared.ledger import Ledger, watching
from shared.ledger.audit import audit
from shared.ledger.crawls import id_of
from shared.ledger.forget import forget
from shared.records import RecordCounts
from shared.scope import Scope
from shared.stage import (
    FETCH,
    INDEX,
    Duplicate,
    Failed,
    Finding,
    Findings,
    Indexed,
    Line,
    Read,
    Refused,
    Unchanged,
    version_of,
)
from tests.shared.ledger.work import Work

URL = "http://a.example/post"
PAGE = page_id(URL)
HOUR, DAY = 3600, 86_400


def watched(ledger: Ledger) -> Work:
    """A page that is watched and was looked at for the first time."""
    work = Work(ledger)
    work.crawl(URL)
    assert watching.watch(ledger, [PAGE], now=work.now) == 1
    work.finish_all()
    return work


def look(work: Work, how: str) -> int:
    """The next look, when it is due; returns the seconds until the one after."""
    [page] = watching.watched(work.ledger)
    work.now = round(page.due.timestamp() * 1000)
    assert watching.look(work.ledger, now=work.now - 1) == 0
    assert watching.look(work.ledger, now=work.now) == 1
    assert watching.look(work.ledger, now=work.now) == 0
    assert work.dispatch() == [PAGE]
    if how in ("changed", "same"):
        work.fetch(PAGE)
        work.parse(PAGE)
        claim = work.one(INDEX, PAGE)
        work.store.write(claim)
        ending = Indexed(version_of(claim.fetch_id), RecordCounts(articles=1), changed=how == "changed")
        work.end(claim, INDEX, ending)
    else:
        claim = work.one(FETCH, PAGE)
        endings = {"unchanged": Unchanged(), "refused": Refused("no"), "failed": Failed("no", "dns", final=True)}
        work.end(claim, FETCH, endings[how])
    [page] = watching.watched(work.ledger)
    assert page.due.timestamp() * 1000 == work.now + (page.interval or 0) * 1000
    return page.interval or 0


def test_the_interval_follows_the_changes(ledger: Ledger) -> None:
    work = watched(ledger)
    [page] = watching.watched(ledger)
    assert (page.url, page.asked, page.interval) == (URL, True, HOUR)
    assert look(work, "changed") == HOUR / 2
    assert look(work, "changed") == HOUR / 4
    assert look(work, "changed") == HOUR / 4  # the least
    assert look(work, "same") == HOUR * 3 / 8
    assert look(work, "unchanged") == int(HOUR * 9 / 16)
    assert look(work, "refused") == 2 * int(HOUR * 9 / 16)
    assert look(work, "failed") == 4 * int(HOUR * 9 / 16)
    for _ in range(20):
        longest = look(work, "unchanged")
    assert longest == 7 * DAY


@pytest.mark.parametrize(
    ("looked_ago", "updated_ago", "due_in"),
    [
        (12 * HOUR, HOUR, 0),
        (HOUR, HOUR / 2, 5 * HOUR),  # a quarter of the interval has not passed
        (12 * HOUR, 13 * HOUR, 12 * HOUR),  # the last look saw that
        (12 * HOUR, -HOUR, 12 * HOUR),  # a clock that is wrong
        (12 * HOUR, None, 12 * HOUR),
        (23 * HOUR, HOUR, 0),
    ],
)
def test_a_source_that_tells_of_a_change_hastens_the_look(
    ledger: Ledger, looked_ago: float, updated_ago: float | None, due_in: float
) -> None:
    work = watched(ledger)
    feed = "http://a.example/feed"
    while (interval := look(work, "unchanged")) < DAY:
        pass
    crawl = ledger.open_crawl(digest="looks", label="", watch=True, now=work.now)
    ledger.submit(crawl.id, [Line(feed, "feed")], now=work.now)
    work.now += round(looked_ago * interval / DAY) * 1000
    work.dispatch()
    page = Finding(URL, updated=0 if updated_ago is None else work.now - round(updated_ago * interval / DAY * 1000))
    claim = work.one(FETCH, id_of("feed", feed))
    work.end(claim, FETCH, Read("a feed of 1 entry", found=(Findings(crawl.id, (page,)),)))
    [again] = [each for each in watching.watched(ledger) if each.page_id == PAGE]
    assert abs(again.due.timestamp() - work.now / 1000 - due_in * interval / DAY) < 2
    assert again.interval == interval
    assert ledger.crawl(crawl.id).found == 0


def test_what_is_found_by_watching_is_watched_while_it_changes(ledger: Ledger) -> None:
    work = Work(ledger)
    crawl = ledger.open_crawl(digest="watch", label="a feed", watch=True, now=work.now)
    ledger.submit(crawl.id, [URL], now=work.now)
    ledger.close_submission(crawl.id)
    work.finish_all()
    [page] = watching.watched(ledger)
    assert (page.asked, page.interval) == (False, HOUR)
    assert look(work, "changed") == HOUR / 2
    looks = 0
    while list(watching.watched(ledger)):
        [page] = watching.watched(ledger)
        work.now = round(page.due.timestamp() * 1000)
        watching.look(ledger, now=work.now)
        work.dispatch()
        work.end(work.one(FETCH, PAGE), FETCH, Unchanged())
        looks += 1
    assert looks == 13
    entry = ledger.page(PAGE)
    assert entry is not None
    assert entry.interval is None


def test_pages_of_other_crawls_are_not_watched(ledger: Ledger) -> None:
    work = Work(ledger)
    work.crawl(URL)
    work.finish_all()
    assert list(watching.watched(ledger)) == []
    assert watching.next_look(ledger) is None


def test_what_is_watched_no_more_stays_where_it_was(ledger: Ledger) -> None:
    work = watched(ledger)
    assert watching.watch(ledger, [PAGE], now=work.now) == 0
    assert watching.unwatch(ledger, [PAGE]) == 1
    assert watching.unwatch(ledger, [PAGE]) == 0
    assert list(watching.watched(ledger)) == []
    assert ledger.page(PAGE).outcome == "indexed"  # type: ignore[union-attr]


def test_a_look_that_is_lost_is_made_later(ledger: Ledger) -> None:
    work = watched(ledger)
    work.now += HOUR * 1000
    assert watching.look(ledger, now=work.now) == 1
    work.dispatch()
    work.end(work.one(FETCH, PAGE), FETCH, Unchanged())
    # A scheduler dies between the opening of a crawl and its close.
    work.now += 2 * HOUR * 1000
    left = ledger.open_crawl(digest=f"watch {work.now}", label="left open", watch=True, now=work.now)
    work.now += HOUR * 1000
    assert watching.look(ledger, now=work.now) == 1
    assert ledger.crawl(left.id).closed


@pytest.mark.parametrize("digest", ["watch {}", "watch add {}"])
def test_a_look_closes_no_crawl_that_is_still_filled(ledger: Ledger, digest: str) -> None:
    work = watched(ledger)
    work.now += HOUR * 1000
    filling = ledger.open_crawl(digest=digest.format(work.now - 1000), label="", watch=True, now=work.now - 1000)
    assert watching.look(ledger, now=work.now) == 1
    [line] = ledger.submit(filling.id, ["http://a.example/other"], now=work.now)
    assert line.outcome is None


def test_what_is_removed_while_it_is_looked_at_does_not_come_back(ledger: Ledger) -> None:
    work = Work(ledger)
    feed = "http://a.example/feed"
    crawl = ledger.open_crawl(digest="watch add", label="", watch=True, now=work.now)
    ledger.submit(crawl.id, [Line(feed, "feed"), URL], now=work.now)
    ids = [id_of("feed", feed), PAGE]
    watching.watch(ledger, ids, now=work.now)
    work.dispatch()
    claim = work.one(FETCH, ids[0])
    assert watching.unwatch(ledger, ids) == 2
    work.end(claim, FETCH, Read("a feed of 1 entry"))
    work.finish_all()
    assert list(watching.watched(ledger)) == []
    # Nor does that hinder whoever wants it again.
    assert watching.watch(ledger, ids, now=work.now) == 2
    work.now += HOUR * 1000
    assert watching.look(ledger, now=work.now) == 2


def test_what_is_removed_and_wanted_again_while_it_is_looked_at_is_watched(ledger: Ledger) -> None:
    work = watched(ledger)
    work.now += HOUR * 1000
    watching.look(ledger, now=work.now)
    work.dispatch()
    claim = work.one(FETCH, PAGE)
    assert watching.unwatch(ledger, [PAGE]) == 1
    assert watching.watch(ledger, [PAGE], now=work.now) == 1
    work.end(claim, FETCH, Unchanged())
    [page] = watching.watched(ledger)
    assert (page.asked, page.interval) == (True, HOUR * 1.5)


def test_a_page_is_removed_by_the_url_that_is_a_duplicate_of_it(ledger: Ledger) -> None:
    work = watched(ledger)
    other = "http://a.example/post?print"
    work.crawl(other, digest="other")
    assert watching.watch(ledger, [page_id(other)], now=work.now) == 1
    work.dispatch()
    work.fetch(page_id(other))
    work.parse(page_id(other))
    work.end(work.one(INDEX, page_id(other)), INDEX, Duplicate(PAGE, "the same page"))
    assert [page.page_id for page in watching.watched(ledger)] == [PAGE]
    assert watching.unwatch(ledger, [page_id(other)]) == 1
    assert list(watching.watched(ledger)) == []


def test_what_is_forgotten_is_watched_no_more(ledger: Ledger, tmp_path: object) -> None:
    work = watched(ledger)
    forget(ledger, work.store, tmp_path, url=URL)  # type: ignore[arg-type]
    assert list(watching.watched(ledger)) == []
    assert audit(ledger, work.store).lines == []  # type: ignore[arg-type]


def test_crawls_of_looks_are_dropped_after_a_week_and_the_audit_balances(ledger: Ledger) -> None:
    work = watched(ledger)
    for _ in range(3):
        look(work, "unchanged")
    assert len(ledger.crawls()) == 4
    assert watching.drop_old(ledger, now=work.now + 8 * DAY * 1000) == 3
    assert watching.drop_old(ledger, now=work.now + 8 * DAY * 1000) == 0
    assert len(ledger.crawls()) == 1
    report = audit(ledger, work.store)  # type: ignore[arg-type]
    assert report.lines == []
    assert report.submitted == 4


def test_a_dropped_crawl_leaves_nothing_but_its_numbers(ledger: Ledger) -> None:
    work = watched(ledger)
    crawl = ledger.open_crawl(
        digest="watch feeds", label="", watch=True, scope=Scope(follow=True, limit=3), now=work.now
    )
    feed = Line("http://a.example/feed", "feed")
    ledger.submit(crawl.id, [feed, "http://a.example/b"], now=work.now)
    ledger.close_submission(crawl.id)
    page = page_id("http://a.example/b")
    work.dispatch()
    work.fetch(page)
    work.parse(page)
    work.index(page)  # the crawl still grows, so that the page must know that it ended in it
    found = Finding(URL + "?n=1", "page", 0, "shape", 9)
    claim = work.one(FETCH, id_of("feed", feed.url))
    work.end(claim, FETCH, Read("a feed", found=(Findings(crawl.id, (found,)),)))
    work.finish_all()
    assert watching.drop_old(ledger, now=work.now + 8 * DAY * 1000) == 1
    left = [key for key in ledger.client.scan_iter() if key.startswith(f"crawl:{crawl.id}".encode())]
    assert left == []
    for key in ("crawls", "crawls:watch"):
        assert ledger.client.zscore(key, crawl.id) is None
    assert crawl.id.encode() not in ledger.client.hvals("crawls:open")
    work.crawl("http://a.example/b", digest="later")
    work.now += 1
    work.finish_all()
    assert ledger.client.hget(f"p:{page}", "k") is None
    assert audit(ledger, work.store).lines == []  # type: ignore[arg-type]


def test_due_times_are_moments(ledger: Ledger) -> None:
    work = watched(ledger)
    [page] = watching.watched(ledger)
    assert page.due == watching.next_look(ledger)
    assert page.due > datetime.fromtimestamp(work.now / 1000, tz=UTC)
