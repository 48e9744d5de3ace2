"""Submission: each line is accounted for, once, whatever it is and however often it comes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.ids import page_id
from shared.ledger import Ledger, LedgerError, UnknownCrawlError
from shared.ledger.audit import audit
from shared.stage import FETCH, INDEX, Indexed, Outcome, Refused, version_of
from tests.shared.ledger.work import ONE_ARTICLE, Work
from tests.valkey import Valkey

A, B = "http://a.example/1", "http://b.example/2"


@pytest.fixture
def work(ledger: Ledger) -> Work:
    return Work(ledger)


def test_each_line_has_its_ending_in_the_report(work: Work) -> None:
    lines = [A, "nonsense", f"{A}#part", B, "nonsense", "HTTP://B.example:80/2"]
    crawl = work.crawl(*lines)
    work.finish_all()
    report = list(work.ledger.report(crawl))
    assert [line.url for line in report] == lines
    assert [line.outcome for line in report] == ["indexed", "refused", "duplicate", "indexed", "duplicate", "duplicate"]
    assert report[2].reason == "same page as line 1"
    assert report[1].reason == "not a URL (an absolute one starts with http:// or https://)"
    assert report[0].page_id == page_id(A)
    status = work.ledger.crawl(crawl)
    assert status.submitted == 6
    assert status.in_flight == 0
    assert status.outcomes == {"indexed": 2, "refused": 1, "duplicate": 3, "unchanged": 0, "read": 0, "quarantined": 0}
    assert status.records.articles == 2
    assert status.records.replies == 2
    assert status.finished is not None
    assert audit(work.ledger, work.store).lines == []


def test_lines_that_are_no_text_in_utf8_or_very_long_are_reported(work: Work) -> None:
    lines = ["\ud800\x00", "http://a.example/" + "x" * 20_000, ""]
    crawl = work.crawl(*lines)
    report = list(work.ledger.report(crawl))
    assert [line.outcome for line in report] == [Outcome.REFUSED] * 3
    assert report[0].url == lines[0]
    assert report[1].reason == "longer than 8000 characters"
    assert report[2].reason == "empty"
    assert audit(work.ledger, work.store).lines == []


def test_an_empty_crawl_is_finished_when_it_is_closed(work: Work) -> None:
    crawl = work.crawl()
    assert work.ledger.crawl(crawl).finished is not None


def test_an_interrupted_submission_is_taken_up_again(work: Work) -> None:
    first = work.ledger.open_crawl(digest="same", label="x")
    assert not first.resumed
    work.ledger.submit(first.id, [A])
    again = work.ledger.open_crawl(digest="same", label="x")
    assert again.resumed
    assert again.id == first.id
    assert again.submitted == 1
    work.ledger.submit(again.id, [B])
    work.ledger.close_submission(again.id)
    work.finish_all()
    other = work.ledger.open_crawl(digest="same", label="x")
    assert not other.resumed
    assert other.id != first.id


def test_lines_sent_again_because_the_reply_was_lost_are_taken_once(work: Work) -> None:
    crawl = work.crawl(close=False)
    work.ledger.submit(crawl, [A, B], at=0)
    work.ledger.submit(crawl, [A, B, "nonsense"], at=0)
    status = work.ledger.crawl(crawl)
    assert status.submitted == 3
    assert status.outcomes[Outcome.DUPLICATE] == 0
    assert status.outcomes[Outcome.REFUSED] == 1


def test_a_page_in_flight_ends_once_for_both_its_crawls(work: Work) -> None:
    one = work.crawl(A, digest="one")
    [page] = work.dispatch()
    two = work.crawl(A, digest="two")
    work.fetch(page)
    work.parse(page)
    work.index(page)
    assert work.dispatch() == []
    for crawl in (one, two):
        status = work.ledger.crawl(crawl)
        assert status.outcomes[Outcome.INDEXED] == 1
        assert status.finished is not None
    assert work.ledger.status().submitted == 2


def test_a_finished_page_is_fetched_anew_for_another_crawl(work: Work) -> None:
    work.crawl(A, digest="one")
    work.finish_all()
    before = work.ledger.page(page_id(A))
    work.now -= 100_000  # a clock that went back
    work.crawl(A, digest="two")
    [page] = work.dispatch()
    claim = work.one(FETCH, page)
    assert before is not None
    assert claim.stored_version == before.version
    assert claim.validator == '"tag"'
    assert claim.content_hash == "0123456789abcdef"
    assert version_of(claim.fetch_id) > (before.version or 0)


def test_a_page_that_ended_already_is_a_duplicate_in_its_own_crawl_though_another_had_it_since(work: Work) -> None:
    one = work.crawl(A, digest="one", close=False)
    work.finish_all()
    two = work.crawl(A, digest="two", close=False)
    work.finish_all()
    assert work.ledger.submit(one, [A])[0].outcome is Outcome.DUPLICATE
    assert work.ledger.submit(two, [A])[0].outcome is Outcome.DUPLICATE


def test_a_paused_crawl_waits_and_others_go_on(work: Work) -> None:
    one = work.crawl("http://a.example/1", "http://a.example/both", digest="one")
    two = work.crawl("http://a.example/2", "http://a.example/both", digest="two")
    work.ledger.pause(one)
    assert work.ledger.crawl(one).paused
    assert set(work.dispatch()) == {page_id("http://a.example/2"), page_id("http://a.example/both")}
    assert audit(work.ledger, work.store).lines == []
    three = work.crawl("http://a.example/1", digest="three")  # somebody else wants the parked page
    assert work.dispatch() == [page_id("http://a.example/1")]
    work.ledger.resume(one)
    assert not work.ledger.crawl(one).paused
    assert work.ledger.crawl(two).in_flight == 2
    assert work.ledger.crawl(three).in_flight == 1


def test_resuming_brings_parked_pages_back(work: Work) -> None:
    crawl = work.crawl(*(f"http://a.example/{n}" for n in range(1200)))
    other = work.crawl("http://b.example/", digest="other")
    work.ledger.pause(crawl)
    work.ledger.pause(other)
    assert work.dispatch(window=2000) == []
    work.ledger.resume(crawl)
    assert len(work.dispatch(window=2000)) == 32
    assert audit(work.ledger, work.store).lines == []
    with pytest.raises(UnknownCrawlError, match="no crawl 77"):
        work.ledger.resume("77")


def test_cancelling_refuses_what_waits_and_lets_the_rest_end(work: Work) -> None:
    urls = [f"http://a.example/{n}" for n in range(40)]
    crawl = work.crawl(*urls, digest="one", close=False)
    other = work.crawl(urls[0], digest="two")
    under_way = work.dispatch(window=3)
    claim = work.one(FETCH, under_way[0])
    work.ledger.cancel(crawl)
    status = work.ledger.crawl(crawl)
    assert status.cancelled
    assert status.in_flight + status.outcomes[Outcome.REFUSED] == 40
    assert status.in_flight == (0 if claim.url == urls[0] else 1)
    work.end(claim, FETCH, Refused("no"))
    assert work.ledger.crawl(crawl).finished is not None
    work.finish_all()
    assert work.ledger.crawl(other).finished is not None
    assert audit(work.ledger, work.store).lines == []
    with pytest.raises(UnknownCrawlError, match="takes no more URLs"):
        work.ledger.submit(crawl, [B])


def test_submitting_where_nothing_is_kept_on_disk_fails_in_words(work: Work, valkey: Valkey) -> None:
    crawl = work.crawl(close=False)
    work.ledger.client.config_set("appendonly", "no")
    with pytest.raises(LedgerError, match="set `appendonly yes`"):
        work.ledger.submit(crawl, [A])


def test_what_was_submitted_survives_a_kill_of_the_server(work: Work, valkey: Valkey) -> None:
    crawl = work.crawl(A, B)
    valkey.restart(kill=True)
    assert work.ledger.crawl(crawl).in_flight == 2
    work.finish_all()
    assert audit(work.ledger, work.store).balanced


def test_records_are_counted_at_the_last_state_of_a_page(work: Work) -> None:
    work.crawl(A, digest="one")
    work.finish_all()
    work.crawl(A, digest="two")
    [page] = work.dispatch()
    work.fetch(page)
    work.parse(page)
    claim = work.one(INDEX, page)
    less = ONE_ARTICLE.model_copy(update={"comments": 1, "replies": 0, "gone": 1})
    work.store.write(claim, less)
    work.end(claim, INDEX, Indexed(version_of(claim.fetch_id), less))
    assert work.ledger.status().records == less
    assert audit(work.ledger, work.store).balanced


@given(
    picks=st.lists(st.sampled_from([A, B, f"{A}#x", "nonsense", "http://c.example/"]), max_size=12),
    ended=st.integers(0, 3),
    start=st.integers(0, 14),
    count=st.integers(1, 5),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_some_lines_are_those_of_the_report(work: Work, picks: list[str], ended: int, start: int, count: int) -> None:
    work.ledger.client.flushall()
    crawl = work.crawl(*picks)
    for page in work.dispatch()[:ended]:
        claim = work.one(FETCH, page)
        work.end(claim, FETCH, Refused("a reason"))
    assert work.ledger.lines(crawl, start, count) == list(work.ledger.report(crawl))[start : start + count]


def test_lines_of_no_crawl(work: Work) -> None:
    with pytest.raises(UnknownCrawlError):
        work.ledger.lines("99", 0, 1)


def test_the_latest_crawls_come_first(work: Work) -> None:
    ids = [work.crawl(f"http://a.example/{n}", digest=str(n)) for n in range(5)]
    assert [c.id for c in work.ledger.latest(3)] == ids[:1:-1]
    assert [c.id for c in work.ledger.latest(3, after=ids[2])] == [ids[1], ids[0]]
    with pytest.raises(UnknownCrawlError):
        work.ledger.latest(3, after="99")
