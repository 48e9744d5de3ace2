"""Redis down, full, restarted, of another version, or without its scripts: one line, and nothing lost."""

from pathlib import Path

import pytest

from shared.ids import page_id
from shared.ledger import Ledger, LedgerDownError, LedgerFullError, LedgerSchemaError
from shared.ledger.audit import audit
from shared.settings import Settings
from shared.stage import FETCH, INDEX, PARSE, Asked, Fetched, Onward, Parsed, Refused
from tests.shared.ledger.work import Work, body, records
from tests.valkey import Valkey

URLS = [f"http://a.example/{n}" for n in range(4)]


@pytest.fixture
def work(ledger: Ledger) -> Work:
    return Work(ledger)


def _fill(work: Work) -> None:
    """The server is over its limit from here on."""
    work.ledger.client.config_set("maxmemory", 1)


def test_no_server_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(LedgerDownError) as error:
        Ledger.connect(Settings(redis_url=f"unix://{tmp_path}/none"))
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("the ledger does not answer: ")


def test_both_ways_to_name_a_socket_connect(valkey: Valkey) -> None:
    for url in (valkey.url, valkey.url.replace("unix://", "redis+socket://")):
        ledger = Ledger.connect(Settings(redis_url=url))
        assert ledger.status().submitted == 0
        ledger.client.close()


def test_a_ledger_of_another_schema_is_refused(valkey: Valkey) -> None:
    with valkey.client() as client:
        client.set("schema", 99)
        with pytest.raises(LedgerSchemaError, match="the ledger has schema 99 and this Tearsheet knows 1"):
            Ledger(client, host_delay=0, host_concurrency=1)


def test_a_server_that_lost_its_scripts_gets_them_again(work: Work) -> None:
    work.crawl(*URLS)
    pages = work.dispatch()
    work.ledger.client.script_flush()
    claims = [work.claim(FETCH, page)[0] for page in pages]
    work.ledger.client.script_flush()
    moved = work.ledger.end_many([(claim, Refused("no")) for claim in claims], FETCH, work.now)
    assert not any(m.lost for m in moved)
    assert audit(work.ledger, work.store).balanced


def test_work_goes_on_after_a_restart(work: Work, valkey: Valkey) -> None:
    work.crawl(*URLS)
    [first, *_] = work.dispatch()
    work.fetch(first)
    valkey.restart(kill=True)
    work.parse(first)
    work.index(first)
    assert audit(work.ledger, work.store).balanced


def test_a_full_server_refuses_what_adds_to_it_and_lets_pages_end(work: Work) -> None:
    crawl = work.crawl(*URLS)
    one, two, three, four = work.dispatch()
    work.fetch(two)
    work.fetch(three)
    work.parse(three)
    fetching = work.one(FETCH, one)
    parsing = work.one(PARSE, two)
    indexing = work.one(INDEX, three)
    _fill(work)
    with pytest.raises(LedgerFullError, match="the ledger is full"):
        work.ledger.submit(crawl, ["http://b.example/"])
    with pytest.raises(LedgerFullError):
        work.ledger.open_crawl(digest="x", label="x")
    with pytest.raises(LedgerFullError):
        work.dispatch()
    moved = work.end(fetching, FETCH, Fetched(body(fetching.url), "h"))
    assert moved.retry_at == work.now + 10_000
    moved = work.end(parsing, PARSE, Parsed(records(parsing)))
    assert moved.retry_at == work.now + 10_000
    assert not work.end(indexing, INDEX, work.store.write(indexing)).lost
    claim = work.one(FETCH, four)
    assert not work.end(claim, FETCH, Refused("no")).lost
    work.ledger.set_note("memory", "Redis is full", 60)
    assert work.ledger.status().notes == {"memory": "Redis is full"}
    work.ledger.close_submission(crawl)
    assert audit(work.ledger, work.store).balanced
    work.ledger.client.config_set("maxmemory", 0)
    work.now += 10_000
    work.parse(two)
    work.index(two)
    work.finish_all()
    assert work.ledger.crawl(crawl).finished is not None
    assert work.store.held.keys() == {one, two, three}
    assert audit(work.ledger, work.store).balanced


def test_of_a_batch_only_what_a_full_server_cannot_take_is_postponed(work: Work) -> None:
    work.crawl(*URLS)
    pages = work.dispatch()
    claims = [work.claim(FETCH, page)[0] for page in pages]
    _fill(work)
    endings = [(c, Refused("no") if n % 2 else Fetched(body(c.url), "h")) for n, c in enumerate(claims)]
    moved = work.ledger.end_many(endings, FETCH, work.now)
    assert [m.outcome for m in moved] == [None, "refused", None, "refused"]
    assert moved[0].retry_at is not None
    assert audit(work.ledger, work.store).balanced


def test_pages_lapse_and_reconcile_in_a_full_server(work: Work) -> None:
    work.crawl(*URLS)
    one, two, *_ = work.dispatch()
    work.claim(FETCH, one, name="dead")
    work.claim(FETCH, two, lease=1)
    _fill(work)
    assert work.ledger.lapse("dead", "died", "crash", now=work.now) == []
    work.now += 2000
    work.ledger.reconcile(now=work.now, queue_lengths={"fetch": 4, "parse": 0, "index": 0})
    assert work.ledger.status().backlog["fetch"] == (2, 0)  # both wait for their host's turn
    work.ledger.client.config_set("maxmemory", 0)
    assert set(work.dispatch()) == {one, two}
    assert audit(work.ledger, work.store).balanced


def test_a_way_that_a_full_server_cannot_take_is_gone_again_later(work: Work) -> None:
    work.crawl(*URLS)
    [page, *_] = work.dispatch()
    claim = work.one(FETCH, page)
    work.begin(claim)
    _fill(work)
    assert work.end(claim, FETCH, Onward("b.example", "{}", Asked(work.now, "answered"))).retry_at == work.now + 10_000
    assert audit(work.ledger, work.store).balanced
    work.ledger.client.config_set("maxmemory", 0)
    work.now += 10_000
    assert page in work.dispatch()
    assert work.one(FETCH, page).way == ""


def test_notes_are_short_lived(work: Work) -> None:
    work.ledger.set_note("store", "the store is down since 12:00", 60)
    work.ledger.set_note("old", "past", -1)
    assert work.ledger.notes() == {"store": "the store is down since 12:00"}
    work.ledger.set_note("store", "", 60)
    assert work.ledger.notes() == {}


def test_status_tells_where_everything_stands(work: Work) -> None:
    crawl = work.crawl(*URLS)
    [one, two, *_] = work.dispatch(window=3)
    work.claim(FETCH, one)
    status = work.ledger.status()
    assert status.in_flight == {"waiting": 1, "fetching": 3, "parsing": 0, "indexing": 0}
    assert status.backlog == {"fetch": (2, 1), "parse": (0, 0), "index": (0, 0)}
    assert status.on_disk
    assert [c.id for c in status.crawls] == [crawl]
    assert status.memory.used > 0
    assert set(status.oldest) == {"fetch"}
    entry = work.ledger.page(two)
    assert entry is not None
    assert (entry.state, entry.crawls, entry.outcome) == ("fetching", (crawl,), None)
    assert work.ledger.page(page_id("http://never.example/")) is None
