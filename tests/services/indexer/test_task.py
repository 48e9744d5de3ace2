"""The indexer's own task beside its stage's: it deletes what was forgotten, as its process holds the store's writer."""

import multiprocessing
from pathlib import Path

import pytest

import services.indexer.task as task
from services.scheduler.loop import Scheduler
from shared import tasks
from shared.ids import page_id
from shared.ledger.audit import audit
from shared.ledger.clock import local_ms
from shared.ledger.forget import forget, is_pending
from shared.queues import configure, queue_lengths
from shared.settings import Settings
from shared.stage import INDEX
from shared.stores import open_store
from shared.workers.slots import Slots
from tests.shared.ledger.work import Work
from tests.valkey import Valkey

URL = "https://example.com/post"


def test_what_is_forgotten_while_the_indexer_holds_the_writer_is_deleted_by_it(
    work: Work, valkey: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(redis_url=valkey.url, data=tmp_path, store="tantivy")
    configure(settings)
    monkeypatch.setattr(tasks, "_runtime", None)
    slots = Slots(multiprocessing.get_context("fork"), 1)
    slots.attach()
    tasks.bind(settings, work.ledger, slots, name="test", exclusive=False)
    task.prepare(settings, work.ledger)
    work.now = local_ms()
    work.crawl(URL)
    page = page_id(URL)
    work.dispatch()
    work.fetch(page)
    work.parse(page)
    tasks.runtime().run(INDEX, _body(), [page], "task")
    beside = open_store(settings, write=True)
    assert set(beside.page_ids()) == {page}

    done = forget(work.ledger, beside, tmp_path, url=URL)
    beside.close()
    assert (len(done.page_ids), done.pending) == (1, 1)
    assert is_pending(work.ledger)
    Scheduler(work.ledger, settings).turn()
    assert queue_lengths(work.ledger.client)["index"] >= 1  # the indexer is asked
    task.delete_forgotten()
    assert not is_pending(work.ledger)
    reader = open_store(settings, write=False)
    assert list(reader.page_ids()) == []
    assert audit(work.ledger, reader).lines == []
    reader.close()
    task._store.close()


def _body() -> tasks.Body:
    from services.indexer.index import index

    return lambda work: index(work.claims, work.ledger, task._store)
