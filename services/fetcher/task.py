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
    _fetcher = Fetcher(settings, ledger.client)


@stage_task(FETCH)
def fetch_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
    """Fetches each page."""
    for claim in work:
        yield claim, _fetcher.fetch(claim)
