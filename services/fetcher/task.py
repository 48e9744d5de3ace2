"""The fetcher's task: URL -> raw page."""

from collections.abc import Iterable

from services.fetcher.fetch import fetch
from shared.stage import FETCH, Claim, Ending
from shared.tasks import Work, stage_task


@stage_task(FETCH)
def fetch_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
    """Fetches each page."""
    for claim in work:
        yield claim, fetch(claim, work.settings)
