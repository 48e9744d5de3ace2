"""The fetcher's task: URL -> raw page."""

import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

import redis

from services.fetcher.fetch import Fetcher
from shared.archive import ArchiveWriter
from shared.archive.moving import keep_moving
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
        archive = ArchiveWriter(settings, partial(_say, ledger, "archive"))
        archive.open()
        if settings.archive_bucket:
            moving = (settings, partial(_say, ledger, "bucket"), threading.Event())
            threading.Thread(target=keep_moving, args=moving, name="archive mover", daemon=True).start()
    _fetcher = Fetcher(
        settings,
        ledger.client,
        begin=lambda claim, address: ledger.begin(claim, address, now=ledger.clock.now()),
        archive=archive,
        scope=ledger.scope,
    )


def _say(ledger: Ledger, what: str, wrong: str) -> None:
    """What is wrong with the archive, or its bucket, for status."""
    with suppress(redis.RedisError):
        ledger.set_note(what, wrong, _SHOWN)


@stage_task(FETCH)
def fetch_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
    """Makes one request for each page."""
    for claim in work:
        yield claim, _fetcher.turn(claim)
