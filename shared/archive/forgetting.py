"""Forgetting pages: the archive's files are written anew without them. Nothing else ever leaves the archive."""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shared.archive import files, house
from shared.archive.bucket import Bucket
from shared.archive.errors import ArchiveError, BucketError
from shared.archive.index import NAME, Index, reading
from shared.archive.moving import move_one
from shared.urls import NotAUrlError, normalise, site_of

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ForgottenFiles:
    """What became of the files with forgotten pages."""

    rewritten: int
    busy: int
    """A fetcher is writing to them: forgotten again once it has ended, they are written anew too."""


def forget(
    folder: Path, page_ids: Collection[str], site: str | None = None, bucket: Bucket | None = None
) -> ForgottenFiles:
    """Takes pages out, and with `site` whatever came from there; of the bucket's files too.

    Raises ArchiveError where a file is damaged or gone, once it was done with the others; BucketError, OSError,
    sqlite3.Error.
    """
    if not (folder / NAME).exists():
        return ForgottenFiles(0, 0)
    rewritten = busy = 0
    failed: ArchiveError | None = None
    with files.alone(folder), reading(folder) as index:
        for _ in house.tidy(folder, index):
            pass
        pages = set(page_ids)
        if site is not None:
            pages |= {page for page, url in index.pages() if _is_of(url, site)}
        for name in index.files_with(pages):
            if (folder / f"{name}{files.OPEN}").exists():
                busy += 1
                continue
            try:
                rewritten += _forget_in(index, folder, name, pages, bucket)
            except BucketError:
                raise
            except ArchiveError as error:
                failed = failed or error
    if failed:
        raise failed
    return ForgottenFiles(rewritten, busy)


def _forget_in(index: Index, folder: Path, name: str, pages: Collection[str], bucket: Bucket | None) -> bool:
    """Whether there is such a file, written anew now."""
    path = folder / name
    if bucket and not path.exists():
        part = folder / f"{name}{files.PART}"
        bucket.fetch(name, part)
        part.replace(path)
    if not path.exists():
        return False
    _rewrite(index, folder, name, pages)
    if bucket:  # at once, as what is there must not stay
        move_one(index, folder, name, bucket)
    return True


def _rewrite(index: Index, folder: Path, name: str, pages: Collection[str]) -> None:
    path = folder / name
    part = folder / f"{name}{files.PART}"
    try:
        with path.open("rb") as old, part.open("wb") as new:
            for start, end in _kept(path, pages):
                old.seek(start)
                while start < end and (piece := old.read(min(_PIECE, end - start))):
                    new.write(piece)
                    start += len(piece)
            new.flush()
            os.fsync(new.fileno())
        shutil.copymode(path, part)
        index.forget_file(name)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    house.catch_up(index, folder, name)


def _kept(path: Path, pages: Collection[str]) -> Iterator[tuple[int, int]]:
    """What stays of a file: from where to where. Raises ArchiveError where damage hides what is in it."""
    at = 0
    size = path.stat().st_size
    if (whole := files.whole_until(path)) < size:
        raise ArchiveError(f"{path.name} is damaged behind byte {whole:,}")
    for capture, until in house.captures(path, 0, size):
        if capture.page_id in pages:
            yield at, capture.offset
            at = until
    yield at, size


def _is_of(url: str, site: str) -> bool:
    with suppress(NotAUrlError):
        return site_of(normalise(url)) == site
    return False
