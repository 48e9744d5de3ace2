"""What a worker must survive: tasks that ignore their limits, deaths of any kind, a ledger that goes away."""

import pytest

from shared.stage import Outcome

GOOD = [f"good/{n}" for n in range(40)]


def test_pages_go_through_all_stages(house):
    crawl = house.submit(*GOOD)
    house.start()
    assert house.finished(crawl) == {Outcome.INDEXED: 40}
    assert house.stop() == 0


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("parse/loop", "took longer than its deadline"),
        ("parse/hog", "memory"),
        ("parse/gulp", "memory"),
        ("parse/die", "its worker process died (SIGKILL)"),
        ("parse/raise", "ValueError: no such page (probe_tasks.py:"),
        ("fetch/hog", "memory"),
        ("fetch/die", "its worker process died (SIGKILL)"),
        ("index/die", "its worker process died (SIGKILL)"),
        ("index/raise", "ValueError: no such page (probe_tasks.py:"),
    ],
)
def test_a_poison_page_ends_in_quarantine_and_the_pages_beside_it_get_through(house, path, words):
    crawl = house.submit(*GOOD[:10], path, *GOOD[10:])
    house.start()
    assert house.finished(crawl) == {Outcome.INDEXED: 40, Outcome.QUARANTINED: 1}, house.told()
    outcome, reason = house.outcomes(crawl)[path]
    assert outcome is Outcome.QUARANTINED
    assert words in reason
    assert house.stop() == 0
