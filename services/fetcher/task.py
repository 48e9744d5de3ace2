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
# The same for its bucket, which is looked at every 30 s and the time that it takes to fail: 180 s where it accepts a
# request and does not answer, and that was a retry (shared/archive/bucket.py, moving.py).
_BUCKET_SHOWN = 240.0
_fetcher: Fetcher


def prepare(settings: Settings, ledger: Ledger) -> None:
    """Makes the process's fetcher, before its first task."""
    global _fetcher
    archive = None
    if settings.archive:
        archive = ArchiveWriter(settings, partial(_say, ledger, "archive", _SHOWN))
        archive.open()
        if settings.archive_bucket:
            moving = (settings, partial(_say, ledger, "bucket", _BUCKET_SHOWN), threading.Event())
            threading.Thread(target=keep_moving, args=moving, name="archive mover", daemon=True).start()
    _fetcher = Fetcher(
        settings,
        ledger.client,
        begin=lambda claim, address: ledger.begin(claim, address, now=ledger.clock.now()),
        archive=archive,
        scope=ledger.scope,
    )


def _say(ledger: Ledger, what: str, shown: float, wrong: str) -> None:
    """What is wrong with the archive, or its bucket, for status."""
    with suppress(redis.RedisError):
        ledger.set_note(what, wrong, shown)


@stage_task(FETCH)
def fetch_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
    """Makes one request for each page."""
    for claim in work:
        yield claim, _fetcher.turn(claim)
