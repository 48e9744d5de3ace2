"""Moving pages: leases, attempts, batches that die, and what a stale worker may do (nothing)."""

import pytest

from shared.ids import page_id
from shared.ledger import Ledger
from shared.ledger.audit import audit
from shared.stage import (
    FETCH,
    INDEX,
    PARSE,
    Failed,
    Fetched,
    Indexed,
    Outcome,
    Parsed,
    Postponed,
    RecordCounts,
    Refused,
    Unchanged,
    version_of,
)
from tests.shared.ledger.work import Work, body, records

A = "http://a.example/1"
PAGE = page_id(A)
NO_QUEUES = {"fetch": 0, "parse": 0, "index": 0}


@pytest.fixture
def work(ledger: Ledger) -> Work:
    return Work(ledger)


def test_a_page_goes_from_submission_to_its_records(work: Work) -> None:
    crawl = work.crawl(A)
    assert work.dispatch() == [PAGE]
    claim = work.one(FETCH, PAGE)
    assert claim.url == A
    assert claim.crawls == (crawl,)
    assert claim.fetch_id == work.now
    raw = body(A, b"\x00\xff" * 1000)
    assert work.end(claim, FETCH, Fetched(raw, "hash")).next == "parse"
    assert work.ledger.raw(PAGE) == raw
    claim = work.one(PARSE, PAGE)
    parsed = records(claim)
    assert work.end(claim, PARSE, Parsed(parsed)).next == "index"
    assert work.ledger.parsed([PAGE]) == [(parsed, None)]
    claim = work.one(INDEX, PAGE)
    assert work.end(claim, INDEX, work.store.write(claim)).outcome is Outcome.INDEXED
    assert work.ledger.raw(PAGE) is None
    assert work.ledger.parsed([PAGE]) == [(None, None)]
    entry = work.ledger.page(PAGE)
    assert entry is not None
    assert (entry.state, entry.version, entry.content_hash) == ("indexed", version_of(work.now), "hash")
    left = {k.decode() for k in work.ledger.client.scan_iter()}
    assert left == {"schema", "counts", "crawls", "crawls:last", "run", f"p:{PAGE}"} | {
        f"crawl:{crawl}{end}" for end in ("", ":urls", ":ended")
    }


def test_what_outlived_its_lease_changes_nothing(work: Work) -> None:
    work.crawl(A)
    work.dispatch()
    [old] = work.claim(FETCH, PAGE, lease=1)
    work.now += 2000
    assert work.ledger.reconcile(now=work.now, queue_lengths=NO_QUEUES) == []
    assert work.dispatch() == [PAGE]
    new = work.one(FETCH, PAGE)
    for ending in (Fetched(body(A), "old"), Refused("old"), Failed("old", "old"), Postponed("old", 1), Unchanged()):
        assert work.end(old, FETCH, ending).lost
    assert not work.end(new, FETCH, Fetched(body(A), "new")).lost
    assert work.end(new, FETCH, Fetched(body(A), "new")).lost  # the same twice, as after a lost reply
    assert audit(work.ledger, work.store).balanced


def test_a_claim_asked_twice_gives_the_same(work: Work) -> None:
    work.crawl(A)
    work.dispatch()
    assert work.claim(FETCH, PAGE, name="t") == work.claim(FETCH, PAGE, name="t")
    assert work.claim(FETCH, PAGE, name="other") == []


def test_failures_are_tried_again_later_and_later_then_quarantined(work: Work) -> None:
    crawl = work.crawl(A)
    waits = []
    for attempt in range(3):
        assert work.dispatch() == [PAGE]
        claim = work.one(FETCH, PAGE)
        assert claim.attempts == attempt
        moved = work.end(claim, FETCH, Failed("no such host", "dns"))
        if moved.retry_at:
            assert work.dispatch() == []
            waits.append(moved.retry_at - work.now)
            assert work.ledger.next_due() == moved.retry_at
            work.now = moved.retry_at
    assert 3750 <= waits[0] <= 6250
    assert 7500 <= waits[1] <= 12500
    assert moved.outcome is Outcome.QUARANTINED
    status = work.ledger.crawl(crawl)
    assert status.errors == {"dns": 3}
    assert status.outcomes[Outcome.QUARANTINED] == 1
    [line] = work.ledger.report(crawl)
    assert (line.outcome, line.reason) == ("quarantined", "no such host")
    assert audit(work.ledger, work.store).balanced


def test_pages_that_failed_together_do_not_come_back_together(work: Work) -> None:
    urls = [f"http://{n}.example/" for n in range(20)]
    work.crawl(*urls)
    claims = [work.one(FETCH, page) for page in work.dispatch()]
    moved = [work.end(claim, FETCH, Failed("no answer", "connect")) for claim in claims]
    assert len({each.retry_at for each in moved}) > 10


def test_a_final_failure_is_quarantined_at_once_and_attempts_count_per_stage(work: Work) -> None:
    work.crawl(A)
    work.dispatch()
    claim = work.one(FETCH, PAGE)
    work.end(claim, FETCH, Failed("slow", "timeout"))
    work.now += 60_000
    work.dispatch()
    work.fetch(PAGE)
    claim = work.one(PARSE, PAGE)
    assert claim.attempts == 0
    assert work.end(claim, PARSE, Failed("once", "parse_error")).next == "parse"
    claim = work.one(PARSE, PAGE)
    assert claim.attempts == 1
    assert work.end(claim, PARSE, Failed("never", "parse_error", final=True)).outcome is Outcome.QUARANTINED


def test_postponed_pages_wait_without_an_attempt(work: Work) -> None:
    work.crawl(A)
    work.dispatch()
    claim = work.one(FETCH, PAGE)
    moved = work.end(claim, FETCH, Postponed("later", 5))
    assert (moved.next, moved.retry_at) == (None, work.now + 5000)
    assert work.dispatch() == []
    work.now += 5000
    work.dispatch()
    work.fetch(PAGE)
    work.parse(PAGE)
    claim = work.one(INDEX, PAGE)
    work.end(claim, INDEX, Postponed("the store is down", 5))
    assert work.claim(INDEX, PAGE) == []
    work.now += 5000
    claim = work.one(INDEX, PAGE)
    assert claim.attempts == 0


def test_a_gone_page_is_marked_in_the_store_before_it_is_refused(work: Work) -> None:
    work.crawl(A, digest="one")
    work.finish_all()
    crawl = work.crawl(A, digest="two")
    work.dispatch()
    claim = work.one(FETCH, PAGE)
    assert work.end(claim, FETCH, Refused("404 Not Found", gone=True)).next == "index"
    [(parsed, gone_at)] = work.ledger.parsed([PAGE])
    assert parsed is None
    assert gone_at is not None
    assert gone_at.timestamp() * 1000 == work.now
    claim = work.one(INDEX, PAGE)
    assert work.end(claim, INDEX, work.store.write(claim)).outcome is Outcome.REFUSED
    [line] = work.ledger.report(crawl)
    assert (line.outcome, line.reason) == ("refused", "404 Not Found")
    work.crawl(A, digest="three")
    work.now += 5000
    work.dispatch()
    # Nothing to compare with: the same body, when it comes back, is no 'unchanged' that leaves the mark.
    assert work.one(FETCH, PAGE).content_hash is None
    assert audit(work.ledger, work.store).balanced


def test_a_gone_page_that_was_never_stored_is_just_refused(work: Work) -> None:
    work.crawl(A)
    work.dispatch()
    claim = work.one(FETCH, PAGE)
    assert work.end(claim, FETCH, Refused("404 Not Found", gone=True)).outcome is Outcome.REFUSED


def test_an_unchanged_page_keeps_what_is_stored(work: Work) -> None:
    work.crawl(A, digest="one")
    work.finish_all()
    before = work.ledger.page(PAGE)
    crawl = work.crawl(A, digest="two")
    work.dispatch()
    claim = work.one(FETCH, PAGE)
    assert work.end(claim, FETCH, Unchanged()).outcome is Outcome.UNCHANGED
    after = work.ledger.page(PAGE)
    assert before is not None
    assert after is not None
    assert (after.version, after.counts, after.etag) == (before.version, before.counts, before.etag)
    assert work.ledger.crawl(crawl).records.comments == 2
    assert audit(work.ledger, work.store).balanced


def test_a_page_that_kills_its_worker_alone_is_quarantined_after_its_attempts(work: Work) -> None:
    work.crawl(A)
    work.dispatch()
    work.fetch(PAGE)
    for attempt in range(3):
        work.claim(PARSE, PAGE, name=f"worker {attempt}")
        again = work.ledger.lapse(f"worker {attempt}", "ended by SIGKILL", "crash", now=work.now)
        assert again == ([("parse", PAGE)] if attempt < 2 else [])
    entry = work.ledger.page(PAGE)
    assert entry is not None
    assert (entry.state, entry.reason) == ("quarantined", "ended by SIGKILL")
    assert audit(work.ledger, work.store).balanced


def test_pages_whose_batch_died_are_tried_alone(work: Work) -> None:
    urls = [f"http://a.example/{n}" for n in range(5)]
    work.crawl(*urls)
    pages = work.dispatch()
    for page in pages:
        work.fetch(page)
        work.parse(page)
    assert len(work.claim(INDEX, pages[0], name="batch")) == 5
    again = work.ledger.lapse("batch", "ended by SIGKILL", "crash", now=work.now)
    assert sorted(again) == sorted(("index", page) for page in pages)
    extra = work.crawl("http://a.example/extra", digest="extra")
    [more] = work.dispatch()
    work.fetch(more)
    work.parse(more)
    for page in pages:  # a message that names them all takes one, alone
        [claim] = work.claim(INDEX, *([page] if page == pages[0] else pages))
        assert claim.alone
        assert claim.attempts == 0
        work.end(claim, INDEX, work.store.write(claim))
    [claim] = work.claim(INDEX, pages[0])  # a stale message brings what else is ready
    assert claim.page_id == more
    work.end(claim, INDEX, work.store.write(claim))
    assert work.ledger.crawl(extra).finished is not None
    assert audit(work.ledger, work.store).balanced


def test_a_threaded_process_that_died_blames_none_of_its_pages(work: Work) -> None:
    work.crawl(A)
    work.dispatch()
    work.claim(FETCH, PAGE, name="thread")
    assert work.ledger.lapse("thread", "ended", "crash", now=work.now, shared=True) == []
    assert work.dispatch() == [PAGE]
    claim = work.one(FETCH, PAGE)
    assert claim.alone
    assert claim.attempts == 0


def test_a_released_lease_costs_nothing(work: Work) -> None:
    work.crawl(A)
    work.dispatch()
    work.claim(FETCH, PAGE, name="stopped")
    assert work.ledger.release("stopped", now=work.now) == []
    assert work.dispatch() == [PAGE]
    claim = work.one(FETCH, PAGE)
    assert not claim.alone
    assert claim.attempts == 0
    assert work.ledger.release("never seen", now=work.now) == []


def test_lapsed_leases_and_lost_messages_are_published_again(work: Work) -> None:
    urls = [f"http://a.example/{n}" for n in range(4)]
    work.crawl(*urls)
    pages = work.dispatch()
    work.claim(FETCH, pages[0], lease=1)
    # All four were published just now; nothing is late.
    assert work.ledger.reconcile(now=work.now, queue_lengths=NO_QUEUES) == []
    work.now += 10_000
    again = work.ledger.reconcile(now=work.now, queue_lengths={**NO_QUEUES, "fetch": 2})
    # As many of the three that nobody claimed as the queue holds no message of; the lapsed one waits for its host.
    assert len(again) == 1
    assert again[0][1] in pages[1:]
    assert work.dispatch() == [pages[0]]
    assert audit(work.ledger, work.store).balanced


def test_a_page_alone_that_hangs_for_ever_ends_in_quarantine_by_lapsed_leases_only(work: Work) -> None:
    work.crawl(A)
    work.dispatch()
    work.fetch(PAGE)
    for _ in range(4):
        assert work.claim(PARSE, PAGE, lease=1)
        work.now += 2000
        work.ledger.reconcile(now=work.now, queue_lengths=NO_QUEUES)
    entry = work.ledger.page(PAGE)
    assert entry is not None
    assert entry.state == "quarantined"
    assert entry.reason == "its worker died or hung at parse: the lease lapsed"


def test_records_that_the_store_refused_are_kept_until_the_page_is_indexed_without(work: Work) -> None:
    from shared.ledger.quarantine import list_records

    work.crawl(A, digest="one")
    work.dispatch()
    work.fetch(PAGE)
    work.parse(PAGE)
    claim = work.one(INDEX, PAGE)
    version = version_of(claim.fetch_id)
    work.end(
        claim, INDEX, Indexed(version, RecordCounts(), refused=((f"{PAGE}:a", "mapper_parsing_exception: no date"),))
    )
    [refused] = list_records(work.ledger)
    assert (refused.record_id, refused.reason) == (f"{PAGE}:a", "mapper_parsing_exception: no date")
    work.crawl(A, digest="two")
    work.now += 1
    work.finish_all()
    assert list(list_records(work.ledger)) == []
