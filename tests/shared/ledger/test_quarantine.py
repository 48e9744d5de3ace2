"""Quarantine: who, where, why and when; bodies on disk within their cap; and the way back."""

import os
from pathlib import Path

import pytest

from shared.ids import page_id
from shared.ledger import Ledger
from shared.ledger.audit import audit
from shared.ledger.quarantine import body, list_pages, move_bodies, retry
from shared.raw_page import RawPage
from shared.stage import FETCH, PARSE, Failed, Fetched
from tests.shared.ledger.work import Work
from tests.shared.ledger.work import body as raw

A, B = "http://a.example/1", "http://b.example/2"


@pytest.fixture
def work(ledger: Ledger) -> Work:
    """A failed to parse, B was never fetched."""
    work = Work(ledger)
    work.crawl(A, B)
    work.dispatch()
    work.fetch(page_id(A))
    claim = work.one(PARSE, page_id(A))
    work.end(claim, PARSE, Failed("ValueError: \udc80 odd", "ValueError", final=True))
    claim = work.one(FETCH, page_id(B))
    work.end(claim, FETCH, Failed("no such host", "dns", final=True))
    return work


def test_a_quarantined_page_tells_where_it_failed_and_of_what(work: Work, tmp_path: Path) -> None:
    found = {q.url: q for q in list_pages(work.ledger, tmp_path)}
    assert found[A].reason == "ValueError: \\udc80 odd"
    assert (found[A].stage, found[A].cause, found[A].body) == ("parse", "ValueError", True)
    assert f"process {os.getpid()}" in found[A].place
    assert found[A].at.timestamp() * 1000 == work.now
    assert (found[B].stage, found[B].body) == ("fetch", False)


def test_bodies_move_to_disk_and_leave_the_ledger(work: Work, tmp_path: Path) -> None:
    assert audit(work.ledger, work.store).balanced
    assert move_bodies(work.ledger, tmp_path / "quarantine", 1_000_000) == 1
    assert work.ledger.client.keys("body:*") == []
    kept = body(work.ledger, tmp_path / "quarantine", page_id(A))
    assert kept is not None
    assert RawPage.unpack(kept).url == A
    assert move_bodies(work.ledger, tmp_path / "quarantine", 1_000_000) == 0
    assert audit(work.ledger, work.store).balanced


def test_the_oldest_bodies_go_when_they_take_more_than_their_cap(work: Work, tmp_path: Path) -> None:
    for n in range(3):
        old = tmp_path / f"old{n}.zst"
        old.write_bytes(b"x" * 100)
        os.utime(old, (n, n))
    size = len(work.ledger.client.get(f"body:{page_id(A)}") or b"")
    move_bodies(work.ledger, tmp_path, size + 150)
    assert {f.name for f in tmp_path.iterdir()} == {f"{page_id(A)}.zst", "old2.zst"}


def test_without_room_no_body_is_kept(work: Work, tmp_path: Path) -> None:
    assert move_bodies(work.ledger, tmp_path / "none", 0) == 0
    assert not (tmp_path / "none").exists()
    assert body(work.ledger, tmp_path / "none", page_id(A)) is None


@pytest.mark.parametrize("moved", [True, False])
def test_retried_pages_are_parsed_again_where_their_body_was_kept(work: Work, tmp_path: Path, moved: bool) -> None:
    if moved:
        move_bodies(work.ledger, tmp_path, 1_000_000)
    done = retry(work.ledger, tmp_path, [page_id(A), page_id(B), page_id("unknown")], now=work.now)
    assert (done.pages, done.publish) == (2, [("parse", page_id(A))])
    assert list(tmp_path.iterdir()) == []
    assert audit(work.ledger, work.store).balanced
    work.parse(page_id(A))
    work.index(page_id(A))
    work.finish_all()
    assert work.ledger.crawl(done.crawl_id).outcomes["indexed"] == 2
    assert work.ledger.crawl("1").outcomes["quarantined"] == 2  # what it was submitted in keeps its report
    assert audit(work.ledger, work.store).balanced


def test_a_page_submitted_again_leaves_the_quarantine(work: Work, tmp_path: Path) -> None:
    work.crawl(A, digest="again")
    assert [q.url for q in list_pages(work.ledger, tmp_path)] == [B]
    move_bodies(work.ledger, tmp_path, 1_000_000)
    assert list(tmp_path.iterdir()) == []
    assert audit(work.ledger, work.store).balanced


@pytest.mark.parametrize("stage", ["fetch", "parse"])
def test_the_body_of_an_earlier_fetch_is_not_taken_for_the_last_one_s(work: Work, tmp_path: Path, stage: str) -> None:
    page = page_id(A)
    move_bodies(work.ledger, tmp_path, 1_000_000)
    old = body(work.ledger, tmp_path, page)
    work.crawl(A, digest="again")
    work.now += 1
    work.dispatch()
    if stage == "parse":
        claim = work.one(FETCH, page)
        work.end(claim, FETCH, Fetched(raw(A, b"<p>other words</p>"), "fedcba9876543210"))
        work.end(work.one(PARSE, page), PARSE, Failed("no", "ValueError", final=True))
        new = body(work.ledger, tmp_path, page)
        assert new not in (None, old)
        move_bodies(work.ledger, tmp_path, len(new or b"") - 1)
    else:
        work.end(work.one(FETCH, page), FETCH, Failed("no such host", "dns", final=True))
    assert body(work.ledger, tmp_path, page) is None
    [found] = [q for q in list_pages(work.ledger, tmp_path) if q.url == A]
    assert not found.body
    assert retry(work.ledger, tmp_path, [page], now=work.now).publish == []
    assert audit(work.ledger, work.store).balanced
