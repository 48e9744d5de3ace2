"""Retention: what is too old goes from the store, the audit adds up, what is fetched again meanwhile loses nothing."""

import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import services.indexer.task as task
from services.indexer.circuit import Circuit
from services.indexer.index import index
from services.scheduler.loop import Scheduler
from shared import tasks
from shared.ids import page_id
from shared.ledger import keys, retention, watching
from shared.ledger.audit import audit
from shared.ledger.clock import local_ms
from shared.ledger.retention import Expired, expire
from shared.queues import configure, queue_lengths
from shared.records import Article
from shared.settings import Settings
from shared.stage import FETCH, INDEX, PARSE, Outcome, Parsed
from shared.stores import open_store
from shared.stores.tantivy_store import TantivyStore
from shared.workers.slots import Slots
from tests.shared.ledger.work import Work, records
from tests.valkey import Valkey

OLD = datetime.now(UTC) - timedelta(days=40)


def bring(work: Work, store: TantivyStore, url: str, fetched_at: datetime, digest: str = "d") -> str:
    """A URL through all stages; as it was fetched at that time."""
    crawl = work.crawl(url, digest=digest)
    work.dispatch()
    work.fetch(page_id(url))
    stored(work, store, url, fetched_at)
    work.now += 1000
    return crawl


def stored(work: Work, store: TantivyStore, url: str, fetched_at: datetime) -> None:
    """From its body to the store."""
    claim = work.one(PARSE, page_id(url))
    parsed = records(claim)
    page = parsed.page.model_copy(update={"fetched_at": fetched_at})
    article = Article(id=f"{page.id}:a", page_id=page.id, title="A title", text=f"text of {url}")
    work.end(claim, PARSE, Parsed(parsed.model_copy(update={"page": page, "article": article})))
    for done, ending in index([work.one(INDEX, page.id)], work.ledger, store, Circuit()):
        work.end(done, INDEX, ending)


def test_what_is_too_old_goes_and_may_come_again(work: Work, store: TantivyStore) -> None:
    old = [f"http://old.example/{n}" for n in range(3)]
    for number, url in enumerate(old):
        bring(work, store, url, OLD, digest=str(number))
    bring(work, store, "http://new.example/", datetime.now(UTC), digest="new")
    assert expire(work.ledger, store, 60, 5) == Expired(0, 0, more=False)
    assert expire(work.ledger, store, 30, 5) == Expired(3, 6, more=False)
    assert list(store.page_ids()) == [page_id("http://new.example/")]
    report = audit(work.ledger, store)
    assert report.lines == []
    assert (report.outcomes[Outcome.INDEXED], report.stored, report.entries) == (4, 1, 4)
    assert work.ledger.status().records.articles == 1
    assert expire(work.ledger, store, 30, 5) == Expired(0, 0, more=False)
    # It is no 'unchanged' when it is asked for again, as nothing of it is stored.
    work.crawl(old[0], digest="again")
    [page] = work.dispatch()
    claim = work.one(FETCH, page)
    assert (claim.validator, claim.content_hash, claim.stored_version) == (None, None, None)


def test_what_is_worked_on_or_watched_stays(work: Work, store: TantivyStore) -> None:
    for number, url in enumerate(("http://a.example/", "http://b.example/", "http://c.example/")):
        bring(work, store, url, OLD, digest=str(number))
    work.crawl("http://a.example/", digest="again")
    watching.watch(work.ledger, [page_id("http://b.example/")], now=work.now)
    assert expire(work.ledger, store, 30, 5) == Expired(1, 2, more=False)
    assert sorted(store.page_ids()) == sorted(map(page_id, ("http://a.example/", "http://b.example/")))
    assert audit(work.ledger, store).lines == []


def test_what_is_fetched_again_before_it_is_deleted_stays(work: Work, store: TantivyStore) -> None:
    """As where the store goes down between the two."""
    url = "http://a.example/"
    bring(work, store, url, OLD)
    [held] = store.stored([page_id(url)]).values()
    assert work.ledger.run("expire", [held.page_id, held.version]) == 1
    assert work.ledger.ask("ZCARD", keys.EXPIRED_PENDING) == 1
    bring(work, store, url, datetime.now(UTC), digest="again")
    assert expire(work.ledger, store, 30, 5) == Expired(0, 0, more=False)
    assert work.ledger.ask("ZCARD", keys.EXPIRED_PENDING) == 0
    assert store.stored([page_id(url)])[page_id(url)].version > held.version
    assert audit(work.ledger, store).lines == []


def test_many_are_done_in_turns(work: Work, store: TantivyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 2)
    urls = [f"http://old{n}.example/" for n in range(5)]
    for number, url in enumerate(urls):
        bring(work, store, url, OLD, digest=str(number))
    watching.watch(work.ledger, [page_id(urls[0])], now=work.now)
    assert expire(work.ledger, store, 30, 0) == Expired(0, 0, more=True)
    assert expire(work.ledger, store, 30, 5) == Expired(4, 8, more=False)


def test_the_indexer_does_it_when_the_scheduler_asks(
    work: Work, valkey: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(redis_url=valkey.url, data=tmp_path, store="tantivy", retention_days=30)
    configure(settings)
    monkeypatch.setattr(tasks, "_runtime", None)
    slots = Slots(multiprocessing.get_context("fork"), 1)
    slots.attach()
    tasks.bind(settings, work.ledger, slots, name="test", exclusive=False)
    task.prepare(settings, work.ledger)
    work.now = local_ms()
    bring(work, task._store, "http://old.example/", OLD)  # type: ignore[arg-type]
    Scheduler(work.ledger, settings).turn()
    assert queue_lengths(work.ledger.client)["index"] >= 1
    task.delete_expired()
    reader = open_store(settings, write=False)
    assert list(reader.page_ids()) == []
    assert audit(work.ledger, reader).lines == []
    reader.close()
    task._store.close()
