"""Pages that another crawl, a duplicate or a death changes while they are under way."""

from pathlib import Path

import pytest

from shared.ids import page_id
from shared.ledger import Ledger
from shared.ledger.audit import audit
from shared.ledger.forget import forget
from shared.stage import (
    FETCH,
    INDEX,
    PARSE,
    Duplicate,
    Outcome,
    Wants,
)
from tests.shared.ledger.growing import A, B, opened
from tests.shared.ledger.work import Work


@pytest.fixture
def work(ledger: Ledger) -> Work:
    return Work(ledger)


def test_a_duplicate_that_a_late_crawl_wants_to_follow_is_a_page_until_it_ends_again(work: Work) -> None:
    work.crawl(B, digest="the page")
    work.finish_all()
    work.crawl(A, digest="plain")
    [page] = work.dispatch()
    work.fetch(page)
    opened(work, A, digest="late")
    work.parse(page)
    work.end(work.one(INDEX, page), INDEX, Duplicate(page_id(B), "the same page"))
    assert audit(work.ledger, work.store).lines == []
    work.now += 1
    work.finish_all()
    assert work.ledger.page(page).state == "indexed"  # type: ignore[union-attr]
    assert audit(work.ledger, work.store).lines == []


def test_a_duplicate_of_a_page_that_was_forgotten_meanwhile_is_stored_itself(work: Work, tmp_path: Path) -> None:
    work.crawl(B, digest="the page")
    work.finish_all()
    work.crawl(A, digest="plain")
    [page] = work.dispatch()
    work.fetch(page)
    work.parse(page)
    claim = work.one(INDEX, page)
    forget(work.ledger, work.store, tmp_path, url=B)
    moved = work.end(claim, INDEX, Duplicate(page_id(B), "the same page"))
    assert (moved.next, moved.outcome) == ("index", None)
    assert work.index(page).outcome is Outcome.INDEXED
    assert audit(work.ledger, work.store).lines == []


def test_the_last_death_with_a_part_publishes_the_page_for_the_parser(work: Work) -> None:
    work.ledger.max_attempts = 1
    work.crawl(A)
    [page] = work.dispatch()
    work.fetch(page)
    work.end(work.one(PARSE, page), PARSE, Wants(((f"{B}/comments", "comments"),)))
    work.now += 1
    work.dispatch()
    part = work.one(FETCH, page)
    assert work.ledger.lapse(part.token, "died", "crash", now=work.now) == [("parse", page)]
    assert audit(work.ledger, work.store).balanced
