"""The fetcher's task: URL -> raw page."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial

import redis

from services.fetcher.fetch import Fetcher
from shared.archive import ArchiveWriter
from shared.ledger import Ledger
from shared.settings import Settings
from shared.stage import FETCH, Claim, Ending
from shared.tasks import Work, stage_task

# Seconds for which status tells what is wrong with the archive, unless it is said again.
_SHOWN = 60.0
_fetcher: Fetcher


def prepare(settings: Settings, ledger: Ledger) -> None:
    """Makes the process's fetcher, before its first task."""
    global _fetcher
    archive = None
    if settings.archive:
        archive = ArchiveWriter(settings, partial(_say, ledger))
        archive.open()
    _fetcher = Fetcher(
        settings,
        ledger.client,
        begin=lambda claim, address: ledger.begin(claim, address, now=ledger.clock.now()),
        archive=archive,
        scope=ledger.scope,
    )


def _say(ledger: Ledger, wrong: str) -> None:
    """What is wrong with the archive, for status."""
    with suppress(redis.RedisError):
        ledger.set_note("archive", wrong, _SHOWN)


@stage_task(FETCH)
def fetch_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
    """Makes one request for each page."""
    for claim in work:
        yield claim, _fetcher.turn(claim)
