"""Forgetting: gone from ledger, store and files, counted by the audit, never fetched again."""

from pathlib import Path

import pytest

from shared.ids import page_id
from shared.ledger import Ledger
from shared.ledger.audit import audit
from shared.ledger.forget import delete_pending, forget
from shared.ledger.quarantine import move_bodies
from shared.stage import FETCH, INDEX, PARSE, Failed, Outcome
from shared.urls import NotAUrlError
from tests.shared.ledger.work import Work

A = "http://www.a.example/secret?name=jane"
OTHER = "http://other.example/"


@pytest.fixture
def work(ledger: Ledger) -> Work:
    return Work(ledger)


def everything(work: Work) -> bytes:
    """All that the ledger holds, in one text."""
    client = work.ledger.client
    parts: list[bytes] = []
    for key in client.scan_iter():
        parts += [key, client.dump(key) or b""]
        match client.type(key):
            case b"hash":
                parts += [word for pair in client.hgetall(key).items() for word in pair]
            case b"list":
                parts += client.lrange(key, 0, -1)
            case b"string":
                parts.append(client.get(key) or b"")
    return b"\n".join(parts)


def test_a_stored_url_is_forgotten_everywhere(work: Work, tmp_path: Path) -> None:
    crawl = work.crawl(f"{A}#part", OTHER, label=f"crawl of {A}")
    work.finish_all()
    assert b"secret" in everything(work)
    done = forget(work.ledger, work.store, tmp_path, url=A)
    assert (len(done.page_ids), done.in_flight, done.records, done.pending) == (1, 0, 2, 0)
    assert b"jane" not in everything(work)
    assert list(work.store.held) == [page_id(OTHER)]
    report = audit(work.ledger, work.store)
    assert report.lines == []
    assert report.forgotten == 1
    assert [line.url for line in work.ledger.report(crawl)] == ["(forgotten)", OTHER]
    again = work.crawl(A, digest="again")
    assert work.dispatch() == []
    [line] = work.ledger.report(again)
    assert line.outcome is Outcome.REFUSED
    assert line.reason == "forgotten: it was asked never to be fetched again"
    assert audit(work.ledger, work.store).balanced
    assert forget(work.ledger, work.store, tmp_path, url=A).records == 0  # again, harmless


def test_a_site_is_forgotten_with_what_waits_and_what_is_in_quarantine(work: Work, tmp_path: Path) -> None:
    site = [f"http://{www}a.example:{port}/{n}" for www in ("", "www.") for port in (80, 81) for n in range(3)]
    crawl = work.crawl(*site, OTHER, "https://sub.a.example/")
    pages = work.dispatch()
    [claim] = work.claim(FETCH, page_id(site[0].replace(":80", "")))
    work.end(claim, FETCH, Failed("x", "x"))
    bad, leased, *_ = [p for p in pages if p not in (claim.page_id, page_id(OTHER), page_id("https://sub.a.example/"))]
    work.fetch(bad)
    claim = work.one(PARSE, bad)
    work.end(claim, PARSE, Failed("bad", "bad", final=True))
    move_bodies(work.ledger, tmp_path / "quarantine", 10_000)
    late = work.one(FETCH, leased)
    done = forget(work.ledger, work.store, tmp_path, site="WWW.a.example")
    assert (len(done.page_ids), done.in_flight, done.files) == (12, 11, 1)
    assert work.end(late, FETCH, Failed("late", "late")).lost
    assert audit(work.ledger, work.store).lines == []
    status = work.ledger.crawl(crawl)
    assert (status.in_flight, status.outcomes[Outcome.REFUSED]) == (2, 11)
    more = work.crawl("http://a.example/new", "http://b.example/", digest="more")
    assert work.ledger.crawl(more).outcomes[Outcome.REFUSED] == 1
    assert audit(work.ledger, work.store).lines == []


def test_a_page_that_is_just_being_stored_stays_pending_until_its_worker_is_done(work: Work, tmp_path: Path) -> None:
    from shared.ledger.clock import local_ms

    work.now = local_ms()
    work.crawl(A)
    [page] = work.dispatch()
    work.fetch(page)
    work.parse(page)
    # Long enough that a busy machine forgets the page before it ends.
    [late] = work.claim(INDEX, page, lease=2)
    done = forget(work.ledger, work.store, tmp_path, url=A)
    assert done.pending == 1
    assert work.end(late, INDEX, work.store.write(late)).lost
    report = audit(work.ledger, work.store)
    assert any("was forgotten, and the store holds" in line for line in report.lines)
    while local_ms() < work.now + 2000:
        pass
    assert delete_pending(work.ledger, work.store) == (2, 0)
    assert audit(work.ledger, work.store).balanced


def test_a_url_that_was_never_seen_is_never_fetched(work: Work, tmp_path: Path) -> None:
    assert forget(work.ledger, work.store, tmp_path, url=A).page_ids == (page_id(A),)
    work.crawl(A)
    assert work.dispatch() == []
    with pytest.raises(NotAUrlError):
        forget(work.ledger, work.store, tmp_path, url="nonsense")
    with pytest.raises(ValueError, match="either a URL or a site"):
        forget(work.ledger, work.store, tmp_path)
    assert audit(work.ledger, work.store).balanced
