"""Pages that come with their bodies: the same outcomes as fetching gives, each capture a line, the later the newer."""

from pathlib import Path

import pytest

from shared.ids import page_id
from shared.ledger import Ledger
from shared.ledger.audit import audit
from shared.ledger.delivery import Delivered, Delivery, Reparsed, deliver, reparse
from shared.ledger.forget import forget
from shared.raw_page import RawPage
from shared.stage import PARSE, Failed, Outcome, Refused, version_of
from tests.shared.ledger.work import Work, body

A = "http://a.example/1"
PAGE = page_id(A)
WEEK = 7 * 86_400_000


@pytest.fixture
def work(ledger: Ledger) -> Work:
    work = Work(ledger)
    work.crawl(digest="archive", close=False)
    return work


def bring(work: Work, days_ago: float, content_hash: str = "hash", url: str = A, **refused: object) -> Delivered:
    """Delivers a page as it was so many days ago."""
    fetch_id = work.now - round(days_ago * 86_400_000)
    page = Refused(**refused) if refused else (body(url), content_hash)  # type: ignore[arg-type]
    at = work.ledger.crawl("1").submitted
    return deliver(work.ledger, "1", Delivery(url, fetch_id, page), at=at, now=work.now)


def finish(work: Work) -> None:
    work.parse(PAGE)
    work.index(PAGE)


def outcomes(work: Work) -> list[tuple[str | None, str | None]]:
    assert audit(work.ledger, work.store).balanced
    return [(line.outcome, line.reason) for line in work.ledger.report("1")]


def test_a_delivered_page_goes_on_as_a_fetched_one(work: Work) -> None:
    assert bring(work, 7) == Delivered(1, publish=("parse", PAGE))
    assert outcomes(work) == [(None, "parsing")]
    raw = work.ledger.raw(PAGE)
    assert isinstance(raw, RawPage)
    assert raw.body == b"<p>words</p>"
    finish(work)
    entry = work.ledger.page(PAGE)
    assert entry is not None
    assert (entry.url, entry.version, entry.content_hash) == (A, version_of(work.now - WEEK), "hash")
    assert outcomes(work) == [("indexed", None)]
    work.ledger.close_submission("1")
    assert work.ledger.crawl("1").finished is not None


def test_each_capture_is_a_line_and_the_later_one_the_newer_version(work: Work) -> None:
    bring(work, 7, "monday")
    assert bring(work, 6, "tuesday") == Delivered(1, busy=True)  # one after the other
    finish(work)
    bring(work, 6, "tuesday")
    finish(work)
    assert bring(work, 5, "tuesday").outcome == Outcome.UNCHANGED
    assert bring(work, 6, "tuesday").outcome == Outcome.UNCHANGED  # the same capture, from another file
    bring(work, 4, "thursday")
    assert outcomes(work)[-1] == (None, "parsing")
    finish(work)
    assert bring(work, 8, "sunday").reason == "older than what is stored"
    assert [outcome for outcome, _ in outcomes(work)] == [
        "indexed",
        "indexed",
        "unchanged",
        "unchanged",
        "indexed",
        "refused",
    ]
    entry = work.ledger.page(PAGE)
    assert entry is not None
    assert entry.version == version_of(work.now - 4 * 86_400_000)
    assert entry.state == "indexed"


def test_a_page_that_is_being_fetched_is_newer(work: Work) -> None:
    work.crawl(A, digest="other")
    assert bring(work, 1).reason == "older than what is being fetched now"
    work.dispatch()
    assert bring(work, 1).outcome == Outcome.REFUSED
    work.fetch(PAGE)
    assert bring(work, 1).busy
    finish(work)
    assert outcomes(work) == [("refused", "older than what is being fetched now")] * 2


def test_what_cannot_be_parsed_is_refused_with_its_reason(work: Work, tmp_path: Path) -> None:
    assert bring(work, 1, reason="a PDF document is not read").reason == "a PDF document is not read"
    assert bring(work, 1, url="http://a:b@a.example/").outcome == Outcome.REFUSED
    forget(work.ledger, work.store, tmp_path, site="b.example")
    assert bring(work, 1, url="http://www.b.example/1").reason == "forgotten: it was asked never to be fetched again"
    assert [outcome for outcome, _ in outcomes(work)] == ["refused"] * 3


def test_a_capture_of_a_page_that_was_gone_marks_what_is_stored(work: Work) -> None:
    assert bring(work, 9, reason="status 404: not found", gone=True).outcome == Outcome.REFUSED
    bring(work, 8)
    finish(work)
    assert bring(work, 9, reason="status 404: not found", gone=True).reason == "older than what is stored"
    assert bring(work, 7, reason="status 404: not found", gone=True).publish == ("index", PAGE)
    [(parsed, gone_at)] = work.ledger.parsed([PAGE])
    assert parsed is None
    assert gone_at is not None
    assert gone_at.timestamp() * 1000 == work.now - WEEK
    work.index(PAGE)
    assert outcomes(work)[-1] == ("refused", "status 404: not found")


def test_a_page_in_quarantine_is_taken_up(work: Work) -> None:
    bring(work, 2, "old")
    work.end(work.one(PARSE, PAGE), PARSE, Failed("no", "parse", final=True))
    assert bring(work, 1, "new").publish == ("parse", PAGE)
    finish(work)
    assert [outcome for outcome, _ in outcomes(work)] == ["quarantined", "indexed"]


def test_a_line_is_taken_once_and_a_lost_one_is_missed(work: Work) -> None:
    delivery = Delivery(A, 1, (body(A), "hash"))
    assert deliver(work.ledger, "1", delivery, at=0).at == 1
    assert deliver(work.ledger, "1", delivery, at=0) == Delivered(1)
    assert deliver(work.ledger, "1", delivery, at=5) == Delivered(1)


def test_parsed_again_a_page_is_a_newer_version_of_the_same_fetch(work: Work) -> None:
    bring(work, 7)
    finish(work)
    fetch_id = work.now - WEEK
    for parse in (1, 2):
        crawl = work.crawl(digest=f"reparse {parse}", close=False)
        assert reparse(work.ledger, crawl, PAGE, body(A), now=work.now) is Reparsed.TAKEN
        assert reparse(work.ledger, crawl, PAGE, body(A), now=work.now) is Reparsed.AGAIN
        assert audit(work.ledger, work.store).balanced
        claim = work.one(PARSE, PAGE)
        assert (claim.fetch_id, claim.parse) == (fetch_id, parse)
        work.end(claim, PARSE, Failed("died", "crash"))
        finish(work)
        entry = work.ledger.page(PAGE)
        assert entry is not None
        assert (entry.version, entry.content_hash, entry.etag) == (version_of(fetch_id, parse), "hash", '"tag"')
        assert reparse(work.ledger, crawl, PAGE, body(A), now=work.now) is Reparsed.AGAIN
        work.ledger.close_submission(crawl)
    assert audit(work.ledger, work.store).balanced
    # A fetch begins anew with its first parse.
    work.crawl(A, digest="again")
    work.finish_all()
    entry = work.ledger.page(PAGE)
    assert entry is not None
    assert entry.version == version_of(work.now - 1)


def test_what_is_not_stored_as_fetched_is_not_parsed_again(work: Work) -> None:
    assert reparse(work.ledger, "1", PAGE, body(A)) is Reparsed.NOT_STORED
    bring(work, 7)
    assert reparse(work.ledger, work.crawl(digest="x", close=False), PAGE, body(A)) is Reparsed.BUSY
    finish(work)
    work.ledger.client.hset(f"p:{PAGE}", "v", version_of(work.now, 1023))
    assert reparse(work.ledger, work.crawl(digest="y", close=False), PAGE, body(A)) is Reparsed.TOO_OFTEN


def test_a_reparse_that_fails_leaves_what_is_stored(work: Work) -> None:
    bring(work, 7)
    finish(work)
    crawl = work.crawl(digest="reparse", close=False)
    reparse(work.ledger, crawl, PAGE, body(A), now=work.now)
    work.end(work.one(PARSE, PAGE), PARSE, Failed("no", "parse", final=True))
    assert audit(work.ledger, work.store).balanced
    entry = work.ledger.page(PAGE)
    assert entry is not None
    assert (entry.state, entry.version) == ("quarantined", version_of(work.now - WEEK))
