"""Deaths and absences: processes killed from outside, a ledger that goes away or is full, a shutdown."""

import os
import signal
from contextlib import suppress
from datetime import UTC, datetime

import psutil

from shared.ledger import Ledger
from shared.ledger.clock import local_ms
from shared.queues import app, configure, publish
from shared.raw_page import RawPage
from shared.records import Page, ParsedPage
from shared.settings import Settings
from shared.stage import FETCH, PARSE, Fetched, Outcome, Parsed

from .conftest import wait_for

NOW = datetime(2026, 11, 24, tzinfo=UTC)
GOOD = [f"good/{n}" for n in range(60)]


def test_a_loop_in_the_threads_pool_is_ended_and_costs_its_own_page_alone(make_house, monkeypatch):
    monkeypatch.setenv("PROBE_FETCH_DEADLINE", "1.5")
    house = make_house()
    crawl = house.submit("fetch/loop", *GOOD)
    house.start()
    assert house.finished(crawl) == {Outcome.INDEXED: 60, Outcome.QUARANTINED: 1}, house.told()
    assert "took longer than its deadline" in (house.outcomes(crawl)["fetch/loop"][1] or "")


def test_pages_of_a_process_that_is_killed_are_tried_again(house):
    crawl = house.submit(*[f"fetch/nap/{n}" for n in range(8)], *[f"parse/nap/{n}" for n in range(2)], *GOOD)
    house.start()
    for _ in range(3):
        wait_for(lambda: any(leased for _, leased in house.ledger.backlog().values()), told=house.told)
        for child in house.children():
            with suppress(psutil.NoSuchProcess):  # the supervisor may have replaced it in this very moment
                child.kill()
    assert house.finished(crawl) == {Outcome.INDEXED: 70}, house.told()


def test_processes_end_when_the_supervisor_is_killed(house):
    house.start()
    wait_for(lambda: len(house.children()) == 5, told=house.told)
    children = house.children()
    house.process.kill()
    house.process.wait()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive


def test_leases_of_a_supervisor_that_is_killed_are_taken_back(house):
    crawl = house.submit("parse/nap/1", "parse/nap/2", *GOOD)
    house.start()
    wait_for(lambda: house.ledger.backlog()["parse"][1], told=house.told)
    house.process.kill()
    house.process.wait()
    house.start()
    # Far sooner than the leases of the parse stage lapse.
    assert house.finished(crawl) == {Outcome.INDEXED: 62}, house.told()


def test_workers_outlive_a_restart_of_the_ledger(house, valkey):
    crawl = house.submit(*[f"fetch/nap/{n}" for n in range(8)], *GOOD)
    house.start()
    wait_for(lambda: house.ledger.crawl(crawl).outcomes[Outcome.INDEXED], told=house.told)
    valkey.restart()
    assert house.finished(crawl) == {Outcome.INDEXED: 68}, house.told()
    later = house.submit("late/1")
    assert house.finished(later) == {Outcome.INDEXED: 1}, house.told()
    assert house.stop() == 0


def test_a_full_ledger_ends_no_worker_and_work_goes_on_by_itself(make_house, valkey):
    house = make_house(memory_mark=1)
    crawl = house.submit(*GOOD)
    with valkey.client() as client:
        client.config_set("maxmemory", 1)
        house.start()
        wait_for(lambda: len(house.children()) == 5, told=house.told)
        children = house.children()
        client.config_set("maxmemory", 0)
    assert house.finished(crawl) == {Outcome.INDEXED: 60}, house.told()
    assert house.children() == children


def test_a_shutdown_lets_tasks_end(house):
    crawl = house.submit("parse/nap/1")
    house.start("fetcher", "parser", "scheduler")
    wait_for(lambda: house.ledger.backlog()["parse"][1], told=house.told)
    assert house.stop() == 0
    assert house.ledger.backlog()["index"] == (1, 0)
    assert house.ledger.crawl(crawl).by_state["indexing"] == 1


def test_a_shutdown_gives_back_the_leases_of_tasks_that_do_not_end(make_house):
    house = make_house(worker_grace=0.5, parse_deadline=50)
    house.submit("parse/sleep")
    house.start()
    wait_for(lambda: house.ledger.backlog()["parse"][1], told=house.told)
    assert house.stop() == 0
    assert house.ledger.backlog()["parse"] == (1, 0)
    (page_id,) = [row.decode() for row in house.ledger.client.zrange("ready:parse", 0, -1)]
    page = house.ledger.page(page_id)
    assert page is not None
    assert (page.attempts, page.alone) == (0, False)


def make_ready_to_index(ledger: Ledger, path: str) -> None:
    """Takes a page by hand to where the indexer finds it."""
    crawl = ledger.open_crawl(digest=path, label="test")
    ledger.submit(crawl.id, [f"http://site.example/{path}"])
    (page_id,) = ledger.dispatch(now=local_ms(), window=1)
    (claim,) = ledger.claim(FETCH, [page_id], token="f", lease=9, now=local_ms())
    ledger.end(claim, FETCH, Fetched(RawPage(b"", claim.url, claim.url, 200, None, NOW), "h"), local_ms())
    (claim,) = ledger.claim(PARSE, [page_id], token="p", lease=9, now=local_ms())
    page = Page(id=page_id, url="", final_url="", fetched_at=NOW, content_hash="h", parser_version="0")
    ledger.end(claim, PARSE, Parsed(ParsedPage(page=page)), local_ms())
    publish([("index", page_id)])


def test_a_worker_ends_itself_where_work_waits_and_none_ends(make_house, valkey):
    house = make_house(worker_stall=1)
    configure(Settings(redis_url=valkey.url))
    make_ready_to_index(house.ledger, "index/sleep")
    house.start("indexer")
    wait_for(lambda: house.ledger.backlog()["index"] == (0, 1), told=house.told)
    make_ready_to_index(house.ledger, "good/1")
    assert house.process.wait(60) == 1
    assert house.ledger.backlog()["index"] == (2, 0)
    app.close()


def test_an_idle_worker_gives_signs_of_life_and_stays(make_house, tmp_path):
    beat = tmp_path / "beat"
    house = make_house(worker_heartbeat=beat, worker_stall=0.1)
    house.start("parser")
    wait_for(beat.exists, told=house.told)
    first = beat.stat().st_mtime_ns
    wait_for(lambda: beat.stat().st_mtime_ns > first, told=house.told)
    assert house.stop() == 0


def test_a_terminal_s_interrupt_is_a_warm_shutdown(house):
    crawl = house.submit("parse/nap/1")
    house.start("fetcher", "parser", "scheduler")
    wait_for(lambda: house.ledger.backlog()["parse"][1], told=house.told)
    for child in house.children():
        os.kill(child.pid, signal.SIGINT)
    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(60) == 0
    assert house.ledger.crawl(crawl).by_state["indexing"] == 1
