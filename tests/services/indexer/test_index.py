"""From the ledger into a real store, and back where the store is down."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from services.indexer.circuit import Circuit
from services.indexer.index import index
from shared.records import ParsedPage, RecordCounts
from shared.stage import (
    FETCH,
    INDEX,
    PARSE,
    Claim,
    Ending,
    Failed,
    Indexed,
    Outcome,
    Parsed,
    Postponed,
    Refused,
    version_of,
)
from shared.stores.tantivy_store import TantivyStore
from tests.shared.ledger.work import Work
from tests.shared.stores.pages import make

URL = "https://example.com/post"


class Clock:
    """A circuit's clock, moved by the test."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit(clock)


def parsed_pages(work: Work, *pages: ParsedPage) -> list[Claim]:
    """Brings pages to the indexer."""
    work.crawl(*(p.page.url for p in pages), digest=str(work.now))
    for page_id in work.dispatch():
        work.fetch(page_id)
        claim = work.one(PARSE, page_id)
        work.end(claim, PARSE, Parsed(next(p for p in pages if p.page.id == page_id)))
    work.now += 1
    return work.claim(INDEX, pages[0].page.id)


def run(work: Work, store: TantivyStore, claims: Sequence[Claim], circuit: Circuit) -> dict[str, Ending]:
    return {claim.page_id: ending for claim, ending in index(claims, work.ledger, store, circuit)}


def test_pages_are_stored_and_their_claims_end(work: Work, store: TantivyStore, circuit: Circuit) -> None:
    pages = [make(f"https://example.com/{n}", comments=["a", "b"], widgets=["w"]) for n in range(5)]
    claims = parsed_pages(work, *pages)
    assert len(claims) == 5, "one task takes them all"
    endings = run(work, store, claims, circuit)
    counts = RecordCounts(articles=1, comments=2, replies=1, widgets=1)
    assert endings == {c.page_id: Indexed(version_of(c.fetch_id), counts) for c in claims}
    for claim in claims:
        assert work.end(claim, INDEX, endings[claim.page_id]).outcome is Outcome.INDEXED
    assert all(store.page(p.page.id) == p for p in pages)
    assert work.ledger.status().records == RecordCounts(articles=5, comments=10, replies=5, widgets=5)


def test_running_twice_is_harmless(work: Work, store: TantivyStore, circuit: Circuit) -> None:
    claims = parsed_pages(work, make(URL, comments=["a"]))
    first = run(work, store, claims, circuit)
    # The second time there is nothing new for a reader.
    assert run(work, store, claims, circuit) == {page: replace(end, changed=False) for page, end in first.items()}
    assert store.versions(claims[0].page_id) == []


def test_a_page_that_is_gone_is_marked(work: Work, store: TantivyStore, circuit: Circuit) -> None:
    page = make(URL)
    [claim] = parsed_pages(work, page)
    work.end(claim, INDEX, run(work, store, [claim], circuit)[claim.page_id])
    work.crawl(URL, digest="again")
    [page_id] = work.dispatch()
    work.end(work.one(FETCH, page_id), FETCH, Refused("404 Not Found", gone=True))
    claim = work.one(INDEX, page_id)
    [ending] = run(work, store, [claim], circuit).values()
    assert work.end(claim, INDEX, ending).outcome is Outcome.REFUSED
    stored = store.page(page_id)
    assert stored is not None
    assert stored.page.gone_at is not None
    assert stored.article == page.article


def test_a_record_that_the_store_refuses_does_not_hold_up_its_page(
    work: Work, store: TantivyStore, circuit: Circuit, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make(URL, comments=["a", "b"])
    [claim] = parsed_pages(work, page)
    bad = page.comments[1].model_copy(update={"text": "\ud800"})
    broken = page.model_copy(update={"comments": [page.comments[0], bad]})
    monkeypatch.setattr(work.ledger, "parsed", lambda _page_ids: [(broken, None)])
    [ending] = run(work, store, [claim], circuit).values()
    assert isinstance(ending, Indexed)
    assert ending.counts == RecordCounts(articles=1, comments=1)
    assert [record_id for record_id, _ in ending.refused] == [bad.id]
    assert work.end(claim, INDEX, ending).outcome is Outcome.INDEXED


def test_a_page_whose_own_record_is_refused_fails_for_good(
    work: Work, store: TantivyStore, circuit: Circuit, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make(URL)
    [claim] = parsed_pages(work, page)
    broken = page.model_copy(update={"page": page.page.model_copy(update={"title": "\ud800"})})
    monkeypatch.setattr(work.ledger, "parsed", lambda _page_ids: [(broken, None)])
    [ending] = run(work, store, [claim], circuit).values()
    assert isinstance(ending, Failed)
    assert ending.final
    assert ending.reason.startswith("the store refused the page: ")


def test_a_page_without_records_in_the_ledger_fails(work: Work, store: TantivyStore, circuit: Circuit) -> None:
    [claim] = parsed_pages(work, make(URL))
    other = replace(claim, page_id="a" * 20)
    endings = run(work, store, [claim, other], circuit)
    assert isinstance(endings[claim.page_id], Indexed)
    assert endings[other.page_id] == Failed("its records are not in the ledger", "records_lost")


def test_while_the_store_is_down_pages_wait_and_nothing_is_lost(
    work: Work, store: TantivyStore, circuit: Circuit, clock: Clock, tmp_path: Path
) -> None:
    page = make(URL)
    claims = parsed_pages(work, page)
    other = TantivyStore(tmp_path / "store", write=True)
    other.prepare()  # a second writer: the store is down for the first
    waits = []
    for _ in range(7):
        [ending] = run(work, store, claims, circuit).values()
        assert isinstance(ending, Postponed)
        assert "another process is writing" in ending.reason
        waits.append(ending.seconds)
        clock.now += ending.seconds / 2
        [between] = run(work, store, claims, circuit).values()
        assert between == Postponed("the store is down", ending.seconds / 2), "it is not even asked"
        clock.now += ending.seconds / 2
    assert waits == [0.5, 1, 2, 4, 8, 10, 10]
    since = circuit.since
    assert since is not None
    note = work.ledger.notes()["store"]
    assert note.startswith(f"tantivy is down since {since:%Y-%m-%dT%H:%M:%SZ}: another process is writing")
    assert work.end(claims[0], INDEX, Postponed("the store is down", 0)).outcome is None

    other.close()
    claims = work.claim(INDEX, page.page.id)
    assert claims[0].attempts == 0
    [ending] = run(work, store, claims, circuit).values()
    assert isinstance(ending, Indexed)
    assert "store" not in work.ledger.notes()
    assert store.page(page.page.id) == page
    assert circuit.wait() == 0


def test_a_store_of_another_format_is_told_and_loses_nothing(
    work: Work, store: TantivyStore, circuit: Circuit, tmp_path: Path
) -> None:
    claims = parsed_pages(work, make(URL))
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "format.json").write_text("{}")
    [ending] = run(work, store, claims, circuit).values()
    assert isinstance(ending, Postponed)
    assert "this Tearsheet reads" in work.ledger.notes()["store"]
