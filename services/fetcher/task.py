"""The fetcher's task: URL -> raw page."""

from collections.abc import Iterable

from services.fetcher.fetch import Fetcher
from shared.ledger import Ledger
from shared.settings import Settings
from shared.stage import FETCH, Claim, Ending
from shared.tasks import Work, stage_task

_fetcher: Fetcher


def prepare(settings: Settings, ledger: Ledger) -> None:
    """Makes the process's fetcher, before its first task."""
    global _fetcher
    _fetcher = Fetcher(
        settings, ledger.client, begin=lambda claim, address: ledger.begin(claim, address, now=ledger.clock.now())
    )


@stage_task(FETCH)
def fetch_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
    """Makes one request for each page."""
    for claim in work:
        yield claim, _fetcher.turn(claim)
