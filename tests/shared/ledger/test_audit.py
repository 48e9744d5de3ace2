"""The audit balances while work goes on and at rest, and fails, naming the page, for one thing done by hand."""

from collections.abc import Callable

import pytest

from shared.ids import page_id
from shared.ledger import Ledger
from shared.ledger.audit import audit
from shared.records import RecordCounts
from shared.stage import FETCH, INDEX, Failed
from shared.stores.protocol import StoredPage
from tests.shared.ledger.work import ONE_ARTICLE, Work

URLS = [f"http://a.example/{n}" for n in range(12)]
DONE, NEW, RAW, PARSED, LEASED, BAD = (page_id(url) for url in URLS[:6])


@pytest.fixture
def work(ledger: Ledger) -> Work:
    """Pages everywhere: one stored, one in quarantine, others at every step."""
    work = Work(ledger)
    work.crawl(URLS[0], digest="first")
    work.finish_all()
    work.crawl(*URLS[:6], "nonsense", URLS[1], digest="second")
    pages = work.dispatch()
    for page in pages:
        if page == BAD:
            claim = work.one(FETCH, page)
            work.end(claim, FETCH, Failed("no such host", "dns", final=True))
        elif page != NEW:
            work.fetch(page)
        if page in (PARSED, LEASED, DONE):
            work.parse(page)
    claim = work.one(INDEX, DONE)
    work.store.write(claim)  # stored, and the ledger has not heard of it
    work.crawl(*URLS[6:], digest="third")
    return work


def test_it_balances_while_pages_are_everywhere(work: Work) -> None:
    report = audit(work.ledger, work.store)
    assert report.lines == []
    assert not report.at_rest
    assert (report.submitted, report.in_flight, report.entries, report.stored) == (15, 11, 13, 1)
    assert report.submitted == report.in_flight + sum(report.outcomes.values())


def test_it_balances_at_rest(ledger: Ledger) -> None:
    work = Work(ledger)
    work.crawl(*URLS)
    work.finish_all()
    report = audit(ledger, work.store)
    assert report.balanced
    assert report.at_rest
    assert report.stored == 12


def _delete(key: str) -> Callable[[Work], object]:
    return lambda work: work.ledger.client.delete(key)


def _move(work: Work) -> None:
    work.ledger.client.zadd("ready:parse", {NEW: 1})


@pytest.mark.parametrize(
    ("hand", "page", "word"),
    [
        (_delete(f"p:{DONE}"), DONE, "its ledger entry is missing"),
        (_delete(f"p:{NEW}"), NEW, "its ledger entry is missing"),
        (_delete(f"p:{BAD}"), BAD, "its ledger entry is missing"),
        (_delete(f"p:{page_id('nonsense')}"), page_id("nonsense"), "its ledger entry is missing"),
        (_delete(f"raw:{RAW}"), RAW, "its raw body is missing"),
        (_delete(f"out:{PARSED}"), PARSED, "its records are missing"),
        (lambda w: w.ledger.client.zrem("ready:parse", RAW), RAW, "stands in no queue"),
        (lambda w: w.ledger.client.zadd("lease:parse", {RAW: 1}), RAW, "stands in two places"),
        (lambda w: w.ledger.client.hdel(f"p:{DONE}", "l"), DONE, "its lease and its place"),
        (lambda w: w.ledger.client.hset(f"p:{RAW}", "c", "1"), RAW, "is not in flight for it"),
        (lambda w: w.ledger.client.hset(f"p:{RAW}", "s", "I"), RAW, "still names a crawl"),
        (lambda w: w.ledger.client.set(f"raw:{BAD}", "x"), BAD, "a raw body is left"),
        (lambda w: w.ledger.client.set(f"out:{'z' * 20}", "x"), "z" * 20, "its ledger entry is missing"),
        (lambda w: w.ledger.client.hdel("quarantine", BAD), BAD, "quarantine do not agree"),
        (lambda w: w.ledger.client.rpop("crawl:2:ended"), BAD, "is not in flight for it"),
        (lambda w: w.store.held.pop(DONE), DONE, "the store does not hold it"),
        (lambda w: w.store.held.update({"y" * 20: StoredPage("y" * 20, 1, RecordCounts())}), "y" * 20, "not in the"),
        (lambda w: w.store.held.update({BAD: StoredPage(BAD, 1, RecordCounts())}), BAD, "has not been indexed"),
    ],
)
def test_one_thing_done_by_hand_makes_it_fail_and_is_named(
    work: Work, hand: Callable[[Work], object], page: str, word: str
) -> None:
    hand(work)
    report = audit(work.ledger, work.store)
    assert not report.balanced
    assert any(page in line and word in line for line in report.lines), report.lines


@pytest.mark.parametrize(
    ("hand", "word"),
    [
        (lambda w: w.ledger.client.hincrby("counts", "s:f", 1), "pages in the queues of fetch"),
        (lambda w: w.ledger.client.hincrby("counts", "s:w", 1), "pages waiting for hosts"),
        (lambda w: w.ledger.client.hincrby("counts", "submitted", 1), "submitted lines of all crawls"),
        (lambda w: w.ledger.client.hincrby("counts", "o:I", -1), "ended o:I"),
        (lambda w: w.ledger.client.hincrby("counts", "s:U", 1), "pages in state U"),
        (lambda w: w.ledger.client.hincrby("crawl:2", "o:Q", 1), "crawl 2: its counter o:Q"),
        (lambda w: w.ledger.client.hincrby("crawl:2", "s:w", 1), "crawl 2: 5 lines are in flight"),
        (lambda w: w.ledger.client.hset("crawl:2", "finished", 1), "crawl 2: whether it is finished"),
        (lambda w: w.ledger.client.rpush("crawl:2:urls", "z" * 20), "crawl 2: its counter n"),
        (lambda w: w.ledger.client.delete("crawl:2"), "crawl 2: it is listed"),
        (
            lambda w: (w.ledger.client.zrem("hosts", "a.example"), w.ledger.client.delete("hostbusy")),
            "waiting for hosts",
        ),
    ],
)
def test_a_wrong_counter_makes_it_fail(work: Work, hand: Callable[[Work], object], word: str) -> None:
    hand(work)
    report = audit(work.ledger, work.store)
    assert not report.balanced
    assert any(word in line for line in report.lines), report.lines


def test_versions_and_record_counts_are_compared(ledger: Ledger) -> None:
    work = Work(ledger)
    work.crawl(*URLS)
    work.finish_all()
    held = work.store.held[DONE]
    work.store.held[DONE] = StoredPage(DONE, held.version + 1024, held.counts)
    work.store.held[NEW] = StoredPage(NEW, work.store.held[NEW].version, ONE_ARTICLE + ONE_ARTICLE)
    report = audit(ledger, work.store)
    assert len(report.lines) == 2
    assert any(DONE in line and f"the store {held.version + 1024}" in line for line in report.lines)
    assert any(NEW in line and "4 comments" in line for line in report.lines)


def test_hundreds_of_thousands_of_problems_are_told_as_a_number(ledger: Ledger) -> None:
    work = Work(ledger)
    for n in range(1500):
        page = page_id(str(n))
        work.store.held[page] = StoredPage(page, 1, RecordCounts())
    report = audit(ledger, work.store)
    assert report.problems == 1500
    assert len(report.lines) == 1000
