"""Whose turn it is: due times, a delay and a number of requests at once for each host."""

from time import perf_counter

import pytest

from shared.ids import page_id
from shared.ledger import Ledger
from shared.ledger.audit import audit
from shared.stage import FETCH, Asked, Begun, Failed, Fetched, Refused
from tests.shared.ledger.work import Work, body
from tests.valkey import Valkey


@pytest.fixture
def polite(valkey: Valkey) -> Work:
    return Work(Ledger(valkey.client(), host_delay=1.0, host_concurrency=2))


def test_a_host_is_asked_once_a_delay_and_by_as_many_as_it_may(polite: Work) -> None:
    polite.crawl(*(f"http://a.example/{n}" for n in range(4)), "http://b.example/")
    first = polite.dispatch()
    assert len(first) == 2  # one of each host
    assert polite.dispatch() == []
    polite.now += 400  # until a worker has come to them
    for page in first:
        [claim] = polite.claim(FETCH, page, name=page)
        assert polite.begin(claim) is Begun.GO
    assert polite.ledger.next_due() == polite.now + 1000
    polite.now += 999
    assert polite.dispatch() == []
    polite.now += 1
    [second] = polite.dispatch()
    [claim] = polite.claim(FETCH, second)
    polite.begin(claim)
    polite.now += 1000
    assert polite.dispatch() == []  # two are under way
    polite.end(claim, FETCH, Refused("no", asked=Asked(polite.now - 1000, "answered")))
    assert len(polite.dispatch()) == 1
    assert audit(polite.ledger, polite.store).balanced


def test_a_turn_that_was_not_used_passes_to_the_next_page(polite: Work) -> None:
    polite.crawl(*(f"http://a.example/{n}" for n in range(3)))
    [page] = polite.dispatch()
    [claim] = polite.claim(FETCH, page)
    polite.end(claim, FETCH, Refused("robots.txt says no"))
    assert len(polite.dispatch()) == 1


def test_the_delay_holds_for_pages_that_come_after_the_queue_was_empty(polite: Work) -> None:
    polite.crawl("http://a.example/1", digest="one")
    [page] = polite.dispatch()
    [claim] = polite.claim(FETCH, page)
    polite.end(claim, FETCH, Refused("no", asked=Asked(polite.now, "answered")))
    polite.crawl("http://a.example/2", digest="two")
    polite.now += 999
    assert polite.dispatch() == []
    polite.now += 1
    assert len(polite.dispatch()) == 1


def test_ports_are_hosts_of_their_own_and_the_window_holds(polite: Work) -> None:
    polite.crawl(*(f"http://[::1]:{port}/" for port in range(8000, 8010)))
    assert len(polite.dispatch(window=4)) == 4
    assert polite.dispatch(window=4) == []
    assert len(polite.dispatch(window=6)) == 2


def test_a_page_that_waits_for_its_next_attempt_holds_up_no_other(polite: Work) -> None:
    polite.crawl("http://a.example/1", digest="one")
    [page] = polite.dispatch()
    [claim] = polite.claim(FETCH, page)
    moved = polite.end(claim, FETCH, Failed("reset", "reset", asked=Asked(polite.now, "answered")))
    polite.now += 1000
    polite.crawl("http://a.example/2", digest="two")
    assert polite.dispatch() == [page_id("http://a.example/2")]
    [claim] = polite.claim(FETCH, page_id("http://a.example/2"))
    polite.end(claim, FETCH, Refused("no"))
    assert moved.retry_at is not None
    polite.now = moved.retry_at
    assert polite.dispatch() == [page]


def test_every_way_out_of_a_fetch_frees_its_host(polite: Work) -> None:
    polite.crawl(*(f"http://a.example/{n}" for n in range(6)))
    for turn in range(6):
        polite.now += 100_000
        [page] = polite.dispatch()
        [claim] = polite.claim(FETCH, page, name=f"t{turn}")
        match turn:
            case 0:
                polite.end(claim, FETCH, Fetched(body(claim.url), "h"))
            case 1:
                polite.end(claim, FETCH, Refused("no"))
            case 2:
                polite.end(claim, FETCH, Failed("no", "dns", final=True))
            case 3:
                polite.ledger.lapse("t3", "died", "crash", now=polite.now)
            case _:
                for n in range(3):
                    polite.ledger.lapse(f"t{turn}" if n == 0 else f"t{turn}-{n}", "died", "crash", now=polite.now)
                    if n < 2:
                        polite.now += 1000
                        [page] = polite.dispatch()
                        polite.claim(FETCH, page, name=f"t{turn}-{n + 1}")
        assert polite.ledger.client.hlen("hostbusy") == 0
    assert audit(polite.ledger, polite.store).balanced


def test_a_wrong_count_of_requests_is_set_right(polite: Work) -> None:
    polite.crawl("http://a.example/1", "http://a.example/2", "http://b.example/")
    pages = polite.dispatch()
    for page in pages:
        [claim] = polite.claim(FETCH, page, name=page)
        polite.begin(claim)
    polite.ledger.client.hset("hostbusy", "a.example", 9)
    polite.ledger.client.hset("hostbusy", "c.example", 1)
    polite.ledger.client.hdel("hostbusy", "b.example")
    polite.ledger.client.hset("addresses", "192.0.2.1", 8)
    polite.ledger.client.hset("addresses", "192.0.2.9", 8)
    polite.ledger.client.zrem("hosts", "a.example")
    assert not audit(polite.ledger, polite.store).balanced
    polite.now += 1000
    assert polite.dispatch() == []
    polite.ledger.reconcile(now=polite.now, queue_lengths={"fetch": 9, "parse": 0, "index": 0})
    assert audit(polite.ledger, polite.store).balanced
    assert len(polite.dispatch()) == 1


def test_one_fast_host_is_dispatched_at_thousands_a_second(ledger: Ledger) -> None:
    work = Work(ledger)
    urls = [f"http://a.example/{n}" for n in range(1000)]
    crawl = work.crawl(*urls)
    started = perf_counter()
    ended = 0
    while pages := work.dispatch():
        assert len(pages) <= 32
        for page in pages:
            claim = work.one(FETCH, page)
            work.end(claim, FETCH, Refused("no"))
            ended += 1
    assert ended == 1000
    # A thousand pages dispatched, claimed and ended: two seconds are ten times what it takes on two cores.
    print(f"{1000 / (perf_counter() - started):.0f} pages a second")
    assert ledger.crawl(crawl).finished is not None
