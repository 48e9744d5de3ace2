"""One page under many URLs is one page, whichever came first."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from services.indexer.circuit import Circuit
from services.indexer.index import index
from services.indexer.same_page import canonical_id, says_all_of
from shared.ids import page_id
from shared.ledger import watching
from shared.ledger.audit import audit
from shared.records import ParsedPage
from shared.stage import INDEX, PARSE, Failed, Parsed
from shared.stores.protocol import PageWrite, PageWritten
from shared.stores.tantivy_store import TantivyStore
from tests.shared.ledger.work import Work
from tests.shared.stores.pages import make

TEXT = "Turnips are sown in late summer and keep well through the winter, in sand or under straw, or in a cellar."
REAL, PHONE, AMP = "https://example.com/post", "https://m.example.com/post", "https://example.com/amp/post"


def named(url: str, canonical: str | None = REAL, text: str = TEXT, **more: object) -> ParsedPage:
    """A page that names its canonical URL."""
    made = make(url, text=text, **more)  # type: ignore[arg-type]
    return made.model_copy(update={"page": made.page.model_copy(update={"canonical_url": canonical})})


class Flow:
    """Crawls pages into a store, one after the other or in one batch."""

    def __init__(self, work: Work, store: TantivyStore) -> None:
        self.work, self.store = work, store
        self.circuit = Circuit()

    def crawl(self, *pages: ParsedPage) -> None:
        work = self.work
        crawl = work.crawl(*(p.page.url for p in pages), digest=str(work.now))
        by_id = {p.page.id: p for p in pages}
        for ident in work.dispatch():
            work.fetch(ident, content_hash=str(work.now))
            claim = work.one(PARSE, ident)
            work.end(claim, PARSE, Parsed(by_id[ident]))
        while work.ledger.crawl(crawl).finished is None:
            work.now += 2000
            claims = work.claim(INDEX, *by_id)
            for claim, ending in list(index(claims, work.ledger, self.store, self.circuit)):
                work.end(claim, INDEX, ending)
        self.store.refresh()
        report = audit(work.ledger, self.store)
        assert report.lines == []

    def outcome(self, url: str) -> tuple[str | None, str | None]:
        entry = self.work.ledger.page(page_id(url))
        return (None, None) if entry is None else (entry.outcome, entry.reason)

    def stored(self) -> set[str]:
        return set(self.store.page_ids())


@pytest.fixture
def flow(work: Work, store: TantivyStore) -> Flow:
    return Flow(work, store)


def test_other_urls_of_a_stored_page_are_duplicates(flow: Flow) -> None:
    flow.crawl(named(REAL))
    flow.crawl(named(PHONE), named(AMP))
    assert flow.outcome(PHONE) == flow.outcome(AMP) == ("duplicate", f"the same page as {REAL}")
    assert flow.stored() == {page_id(REAL)}


def test_the_canonical_page_takes_the_place_of_one_that_came_first(flow: Flow) -> None:
    flow.crawl(named(AMP))
    assert flow.stored() == {page_id(AMP)}
    watching.watch(flow.work.ledger, [page_id(AMP)], now=flow.work.now)
    flow.crawl(named(PHONE))
    assert flow.outcome(PHONE) == ("duplicate", f"the same page as {AMP}")
    flow.crawl(named(REAL, comments=["more"]))
    assert flow.stored() == {page_id(REAL)}
    assert flow.outcome(AMP) == ("duplicate", f"the same page as {REAL}")
    assert [w.url for w in watching.watched(flow.work.ledger)] == [REAL]
    assert flow.work.ledger.status().records.articles == 1


def test_whoever_watches_a_duplicate_watches_the_page_that_it_is(flow: Flow) -> None:
    ledger = flow.work.ledger
    flow.crawl(named(REAL))
    flow.work.crawl(PHONE, digest="watch add")
    watching.watch(ledger, [page_id(PHONE)], now=flow.work.now)
    flow.crawl(named(PHONE))
    [page] = watching.watched(ledger)
    assert (page.url, page.asked) == (REAL, True)


def test_a_page_that_the_store_refused_takes_nobodys_place(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    flow.crawl(named(AMP))
    write = flow.store.write

    def refuse(writes: Sequence[PageWrite]) -> list[PageWritten]:
        return [replace(w, refused=((w.page_id, "no room"),)) for w in write(writes) if w.page_id == page_id(REAL)]

    work = flow.work
    work.crawl(REAL, digest="real")
    [ident] = work.dispatch()
    work.fetch(ident)
    claim = work.one(PARSE, ident)
    work.end(claim, PARSE, Parsed(named(REAL)))
    monkeypatch.setattr(flow.store, "write", refuse)
    [(_, ending)] = list(index(work.claim(INDEX, ident), work.ledger, flow.store, flow.circuit))
    assert isinstance(ending, Failed)
    assert flow.outcome(AMP)[0] == "indexed"


def test_pages_of_one_batch_are_one_page(flow: Flow) -> None:
    flow.crawl(named(PHONE), named(AMP), named(REAL))
    assert len(flow.stored()) == 1
    flow.crawl(named(REAL, text=TEXT + " More."))
    assert flow.stored() == {page_id(REAL)}


def test_a_url_of_a_known_page_is_submitted_as_that_page(flow: Flow) -> None:
    flow.crawl(named(REAL))
    flow.crawl(named(PHONE))
    ledger = flow.work.ledger
    crawl = ledger.open_crawl(digest="again", label="")
    [line, tracked, twice] = ledger.submit(
        crawl.id, [PHONE, f"{AMP}?utm_source=x", f"{REAL}?fbclid=1"], now=flow.work.now
    )
    ledger.close_submission(crawl.id)
    assert (line.page_id, line.outcome) == (page_id(REAL), None)
    assert (tracked.page_id, tracked.outcome) == (page_id(AMP), None)
    assert (twice.page_id, twice.outcome) == (page_id(REAL), "duplicate")
    assert [each.url for each in ledger.report(crawl.id)] == [PHONE, f"{AMP}?utm_source=x", f"{REAL}?fbclid=1"]
    assert audit(ledger, flow.store).lines == []


def test_what_says_more_is_a_page_of_its_own(flow: Flow) -> None:
    flow.crawl(named(REAL, comments=["one"]))
    other = "https://example.com/post?page=2"
    flow.crawl(named(other, comments=["two"]), named(AMP, text="Quite another text about cabbages, beans and leeks."))
    assert flow.outcome(other)[0] == flow.outcome(AMP)[0] == "indexed"
    assert len(flow.stored()) == 3


def test_many_pages_that_name_one_url_by_mistake_are_stored_in_one_go(flow: Flow) -> None:
    pages = [named(f"https://example.com/{n}", text=" ".join(f"w{n}x{k}" for k in range(20))) for n in range(12)]
    flow.crawl(*pages)
    assert len(flow.stored()) == 12


@pytest.mark.parametrize(
    ("url", "canonical", "final", "expected"),
    [
        (PHONE, REAL, PHONE, REAL),
        (PHONE, None, PHONE, PHONE),
        ("http://example.com/post", None, REAL, REAL),
        (PHONE, "https://example.com/", PHONE, PHONE),
        ("http://example.com/", "https://example.com/", "http://example.com/", "https://example.com/"),
        (PHONE, "https://other.example/post", PHONE, PHONE),
        (PHONE, "nothing:", PHONE, PHONE),
        (REAL, f"{REAL}?utm_source=self", REAL, REAL),
    ],
)
def test_which_url_a_page_is_known_by(url: str, canonical: str | None, final: str, expected: str) -> None:
    parsed = named(url, canonical, final_url=final)
    assert canonical_id(parsed) == page_id(expected)


def test_lists_are_compared_by_what_they_list() -> None:
    def listing(*items: str) -> ParsedPage:
        made = make(text=None, widgets=items)
        return made.model_copy(update={"widgets": [w.model_copy(update={"region": "main"}) for w in made.widgets]})

    assert says_all_of(listing("one two three"), listing("one two three"))
    assert not says_all_of(listing("one two three"), listing("four five six"))
    assert not says_all_of(make(), make(comments=["only here"]))


def test_pages_with_neither_are_compared_by_all_that_they_have() -> None:
    """Two applications' shells that name one address by mistake are two pages."""
    assert says_all_of(make(text=None, widgets=["one menu"]), make(text=None, widgets=["one menu"]))
    assert not says_all_of(make(text=None, widgets=["one menu"]), make(text=None, widgets=["another shell of two"]))
