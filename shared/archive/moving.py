"""Closed files of the archive go to the bucket, where there is one.

A file is taken away here when the index knows all of it and the bucket has it whole; what a kill interrupts is done
again, to the same name.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog

from shared import log
from shared.archive import files, house
from shared.archive.bucket import Bucket, bucket_of
from shared.archive.errors import ArchiveError, BucketError
from shared.archive.index import Index, reading
from shared.settings import Settings

logger = structlog.get_logger()

# Seconds between two looks for closed files: a file of a gigabyte takes an hour to fill at thirty pages a second.
_LOOK = 30.0


def keep_moving(settings: Settings, warn: Callable[[str], None], ended: threading.Event) -> None:
    """Moves what running fetchers close, until `ended`. Of several processes in one folder, one at a time does.

    `warn`: as ArchiveWriter has it.
    """
    before = ""
    while True:
        wrong = _try(settings)
        if wrong and wrong != before:
            logger.warning(log.ARCHIVE_WAITS, reason=wrong)
        if wrong or before:
            warn(wrong)
        before = wrong
        if ended.wait(_LOOK):
            return


def _try(settings: Settings) -> str:
    """Moves what it can, and tells why it cannot; empty where nothing is wrong, or there is no bucket."""
    folder = settings.data / "warc"
    try:
        if bucket := bucket_of(settings):
            for name in move(folder, bucket):
                logger.info(log.ARCHIVE_MOVED, file=name, bucket=bucket.name)
    except (ArchiveError, OSError, sqlite3.Error) as error:
        count = sum((folder / name).exists() for name in files.names(folder))
        return f"files of the archive wait to be moved ({count:,} closed ones now): {error}"
    return ""


def move(folder: Path, bucket: Bucket) -> Iterator[str]:
    """Moves the closed files, and tells each; none where another process is at it.

    Raises BucketError, sqlite3.Error; ArchiveError or OSError where a file cannot be moved, once the others are.
    """
    bucket.look()  # says at once what is wrong with it, and not only when the first file is full
    failed: ArchiveError | OSError | None = None
    with files.alone(folder, wait=False) as is_alone:
        if not is_alone:
            return
        closed = [name for name in files.names(folder) if (folder / name).exists()]
        if closed:
            with reading(folder) as index:
                for name in closed:
                    try:
                        house.catch_up(index, folder, name)
                        move_one(index, folder, name, bucket)
                    except BucketError:
                        raise
                    except (ArchiveError, OSError) as error:
                        failed = failed or error
                        continue
                    yield name
    if failed:
        raise failed


def move_one(index: Index, folder: Path, name: str, bucket: Bucket) -> None:
    """Moves a file that the index knows, for one who is alone. Raises ArchiveError, OSError, sqlite3.Error."""
    bucket.put(folder / name)
    index.sync()
    (folder / name).unlink()


def close_after(settings: Settings) -> None:
    """Closes what the fetchers that have just ended left open, and moves it; where that fails, the next ones do."""
    if not settings.archive:
        return
    folder = settings.data / "warc"
    try:
        house.close_abandoned(folder)
    except (OSError, sqlite3.Error) as error:
        logger.warning(log.ARCHIVE_FAILS, reason=str(error))
    if folder.exists() and (wrong := _try(settings)):
        logger.warning(log.ARCHIVE_WAITS, reason=wrong)
