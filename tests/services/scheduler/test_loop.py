"""The scheduler's loop: when it looks again, and what it does beside handing out pages."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.scheduler.loop import Scheduler
from shared.ledger import Ledger, LedgerFullError, watching
from shared.queues import configure, queue_lengths
from shared.settings import Settings
from shared.stage import FETCH, PARSE, Asked, Failed, Refused
from tests.shared.ledger.work import Work
from tests.valkey import Valkey


@pytest.fixture
def settings(valkey: Valkey, tmp_path: Path) -> Settings:
    made = Settings(_env_file=None, redis_url=valkey.url, data=tmp_path, fetch_delay=0.05, fetch_host_patience=0)  # type: ignore[call-arg]
    configure(made)
    return made


@pytest.fixture
def work(settings: Settings) -> Iterator[Work]:
    ledger = Ledger.connect(settings)
    yield Work(ledger, now=ledger.clock.now())
    ledger.client.close()


def test_it_looks_again_when_the_next_turn_comes(work: Work, settings: Settings) -> None:
    scheduler = Scheduler(work.ledger, settings)
    assert 0.05 < scheduler.turn() <= 0.1  # nothing to do
    work.crawl("http://a.example/1", "http://a.example/2")
    assert 0 < scheduler.turn() <= 0.02
    assert queue_lengths(work.ledger.client)["fetch"] == 1
    [page] = work.ledger.client.zrange("ready:fetch", 0, 0)
    started = work.now = work.ledger.clock.now()
    claim = work.one(FETCH, page.decode())
    work.end(claim, FETCH, Refused("no", asked=Asked(started, "answered")))
    pause = scheduler.turn()
    assert 0 < pause <= 0.05
    time.sleep(pause)
    while queue_lengths(work.ledger.client)["fetch"] < 2:
        assert work.ledger.clock.now() < started + 1000
        time.sleep(scheduler.turn())
    assert work.ledger.clock.now() >= started + 50


def test_pages_of_a_forsaken_host_are_quarantined(work: Work, settings: Settings) -> None:
    crawl = work.crawl(*(f"http://a.example/{n}" for n in range(8)))
    for _ in range(5):
        [page] = work.dispatch()
        claim = work.one(FETCH, page)
        asked = Asked(work.now, "failed", why="refused the connection", cause="connect")
        work.end(claim, FETCH, Failed("no", "connect", asked=asked))
        work.now += 50
    Scheduler(work.ledger, settings).turn()
    status = work.ledger.crawl(crawl)
    assert status.finished is not None
    reasons = {line.reason for line in work.ledger.report(crawl)}
    assert len(reasons) == 1
    assert "a.example has not answered since" in str(reasons)


def test_a_full_ledger_is_freed_though_looks_are_due_that_it_cannot_take(work: Work, settings: Settings) -> None:
    work.crawl("http://a.example/1")
    [page] = work.dispatch()
    watching.watch(work.ledger, [page], now=work.now - 100 * 3_600_000)
    work.fetch(page)
    work.end(work.one(PARSE, page), PARSE, Failed("no", "ValueError", final=True))
    work.ledger.client.zadd("watch", {page: 0})
    work.ledger.client.config_set("maxmemory", 1)
    try:
        with pytest.raises(LedgerFullError):
            Scheduler(work.ledger, settings).turn()
    finally:
        work.ledger.client.config_set("maxmemory", 0)
    assert work.ledger.client.keys("body:*") == []
    assert [file.name for file in (settings.data / "quarantine").iterdir()] == [f"{page}.zst"]
