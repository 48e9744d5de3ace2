"""Machines whose clocks differ keep to one host's delay all the same."""

import time

import pytest

from shared.ledger import Ledger
from shared.ledger.clock import Clock, local_ms
from shared.stage import FETCH, Asked, Refused
from tests.valkey import Valkey


@pytest.mark.parametrize("ahead", [0, 5000, -3_600_000])
def test_a_clock_that_is_off(valkey: Valkey, ahead: int) -> None:
    with valkey.client() as client:
        clock = Clock(client, lambda: local_ms() + ahead)
        assert abs(clock.now() - local_ms()) < 100
        assert abs(clock.offset() + ahead) < 100


def test_a_server_that_is_away(valkey: Valkey) -> None:
    with valkey.client() as client:
        valkey.server.stop()
        try:
            assert abs(Clock(client).now() - time.time() * 1000) < 100
        finally:
            valkey.server.start()


def test_a_fetchers_wrong_clock_cuts_no_delay_short(valkey: Valkey) -> None:
    with valkey.client() as client:
        right, wrong = (Ledger(client, host_delay=5.0, host_concurrency=1) for _ in range(2))
        wrong.clock = Clock(client, lambda: local_ms() - 60_000)
        crawl = right.open_crawl(digest="d", label="")
        right.submit(crawl.id, ["http://a.example/1", "http://a.example/2"])
        [page] = right.dispatch(now=right.clock.now(), window=1)
        [claim] = wrong.claim(FETCH, [page], token="t", lease=60, now=wrong.clock.now())
        asked = Asked(local_ms() - 60_000, "answered")
        wrong.end(claim, FETCH, Refused("no", asked=asked), wrong.clock.now())
        due = right.next_due()
        assert due is not None
        assert 4500 < due - local_ms() <= 5100
