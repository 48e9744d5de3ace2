"""Leases of supervisors that gave no sign of life for a while are taken back."""

import pytest

from shared.ledger import Ledger
from shared.ledger.signs import GONE, give_sign, take_back
from shared.stage import FETCH
from tests.shared.ledger.work import Work


@pytest.fixture
def work(ledger: Ledger) -> Work:
    return Work(ledger)


def _lease(work: Work, token: str) -> list[str]:
    work.crawl("http://a.example/1")
    pages = work.ledger.dispatch(now=work.now, window=1)
    return [c.page_id for c in work.ledger.claim(FETCH, pages, token=token, lease=60, now=work.now)]


def test_of_one_that_died_before_its_first_sign(work: Work) -> None:
    pages = _lease(work, "dead.1")
    take_back(work.ledger, now=work.now + GONE - 1)
    assert work.dispatch() == []
    work.now += GONE
    take_back(work.ledger, now=work.now)
    assert work.dispatch() == pages


def test_of_one_that_stopped_giving_signs(work: Work) -> None:
    give_sign(work.ledger, "alive", now=work.now)
    pages = _lease(work, "alive.1")
    give_sign(work.ledger, "alive", now=work.now + 5)
    take_back(work.ledger, now=work.now + GONE)
    assert work.dispatch() == []
    work.now += GONE + 5
    take_back(work.ledger, now=work.now)
    assert work.dispatch() == pages


def test_a_claim_puts_no_sign_back(work: Work) -> None:
    give_sign(work.ledger, "alive", now=work.now + 5)
    _lease(work, "alive.1")
    assert take_back(work.ledger, now=work.now + GONE) == []
