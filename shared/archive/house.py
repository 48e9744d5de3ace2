"""Order in the archive's folder: files that a dead process left are cut behind their last whole record and closed, and
the index takes from the files what it lacks."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from shared import log
from shared.archive import files
from shared.archive.bucket import Bucket
from shared.archive.errors import DAMAGE, ArchiveError
from shared.archive.exchange import OF_MANY
from shared.archive.index import Capture, Index, empty, reading
from shared.archive.records import EMPTY
from shared.ids import page_id

logger = structlog.get_logger()

# Answers that one write of the index takes.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Closed:
    """A file that a dead process had left open."""

    name: str
    cut: int
    """Bytes behind the last whole record, which are gone."""


class InUseError(Exception):
    """A process is writing to the archive; the message is one line."""


def tidy(folder: Path, index: Index) -> Iterator[Closed]:
    """Closes what dead processes left open, and lets the index catch up. Raises OSError, sqlite3.Error."""
    for path in sorted(folder.glob(f"*{files.SUFFIX}{files.OPEN}")):
        with files.abandoned(path) as is_abandoned:
            if is_abandoned:
                yield _close(index, path)
    for name in index.files():
        catch_up(index, folder, name)


def close_abandoned(folder: Path) -> None:
    """As `tidy`, for one who needs the index for nothing else. Raises OSError, sqlite3.Error."""
    if any(folder.glob(f"*{files.SUFFIX}{files.OPEN}")):
        with reading(folder) as index:
            for _ in tidy(folder, index):
                pass


def catch_up(index: Index, folder: Path, name: str) -> None:
    """Takes in what the index lacks of a closed file; of one that was moved meanwhile it lacks nothing.

    Raises OSError, sqlite3.Error.
    """
    path = folder / name
    with suppress(FileNotFoundError):
        size = path.stat().st_size
        if index.indexed(name) < size:
            _catch_up(index, path, name, size)


def _close(index: Index, path: Path) -> Closed:
    name = path.name.removesuffix(files.OPEN)
    size = path.stat().st_size
    known, last = index.indexed(name), index.last(name)
    end = files.whole_until(path, last) if known <= size else 0
    if end < known:  # after a power failure: what the index says of it is not to be trusted
        end = files.whole_until(path)
    if end < size:
        files.cut(path, end)
    if known > end:
        index.forget_file(name, end)
    _catch_up(index, path, name, end)
    if end:
        path.rename(path.with_name(name))
    else:
        path.unlink()
    return Closed(name, size - end)


def rebuild(folder: Path, bucket: Bucket | None = None) -> Iterator[tuple[str, int]]:
    """Makes the index anew from the files, here and in the bucket; tells each file and the answers found in it.

    Raises InUseError where a fetcher is at work, ArchiveError, OSError, sqlite3.Error.
    """
    moved = bucket.names() if bucket else []
    for path in folder.glob(f"*{files.SUFFIX}{files.OPEN}"):
        with files.abandoned(path) as is_abandoned:
            if not is_abandoned and path.exists():
                raise InUseError(f"a fetcher is writing to {path.name}: end it first")
    empty(folder)
    with reading(folder) as index:
        here = files.names(folder)
        for name in here:
            path = files.path_of(folder, name)
            yield name, _catch_up(index, path, name, files.whole_until(path))
        with files.alone(folder):
            for name in moved:
                if bucket and name not in here:
                    path = folder / f"{name}{files.PART}"
                    bucket.fetch(name, path)
                    yield name, _catch_up(index, path, name, files.whole_until(path))
                    path.unlink()


def _catch_up(index: Index, path: Path, name: str, end: int) -> int:
    """Takes in what the index lacks of a file's first `end` bytes; returns how many answers that was.

    Of a damaged file that is what stands before the damage.
    """
    start = until = index.indexed(name)
    found = 0
    batch: list[Capture] = []
    try:
        for capture, until in captures(path, start, end):
            batch.append(capture)
            found += 1
            if len(batch) == _BATCH:
                index.add(name, start, until, batch)
                start, batch = until, []
    except ArchiveError as error:
        logger.warning(log.ARCHIVE_DAMAGED, file=name, reason=str(error))
        end = until
    if start < end:
        index.add(name, start, end, batch)
    return found


def captures(path: Path, start: int, end: int) -> Iterator[tuple[Capture, int]]:
    """The answers of a file of ours between two offsets, each with where its last record ends.

    An answer whose metadata record did not make it into the file is nobody's, and left out. Raises ArchiveError where
    the file is damaged, OSError.
    """
    if start >= end:
        return
    at = start
    with path.open("rb") as file:
        file.seek(start)
        records = ArchiveIterator(file)
        answer: tuple[ArcWarcRecord, int, int] | None = None
        while at < end:
            try:
                record = next(records, None)
                if record is None:
                    return
                told = record.raw_stream.read() if record.rec_type == "metadata" else b""
                offset, length = records.get_record_offset(), records.get_record_length()
                if record.rec_type in {"response", "revisit"}:
                    answer = (record, offset, length)
                capture = _capture(record, told, answer, offset, length) if record.rec_type == "metadata" else None
            except DAMAGE as error:
                words = " ".join(str(error).split())[:100]
                raise ArchiveError(f"{path.name} is damaged behind byte {at:,}: {words}") from None
            at = offset + length
            if capture:
                yield capture, at


def _capture(
    metadata: ArcWarcRecord, told: bytes, answer: tuple[ArcWarcRecord, int, int] | None, offset: int, length: int
) -> Capture | None:
    """What a metadata record of ours says of the answer before it, or of a page that was not kept."""
    lines = told.decode("utf-8", "replace").splitlines()
    facts = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    role, page, fetch = (facts.get(f"tearsheet-{name}", "") for name in ("role", "page", "fetch"))
    is_page = fetch.isdigit()
    if not role or (role not in OF_MANY and not page) or (role == "page" and not is_page):
        return None
    headers, status = metadata.rec_headers, 0
    noarchive = role == "noarchive"
    if not noarchive:
        if answer is None:
            return None
        record, offset, length = answer
        headers = record.rec_headers
        if headers.get_header("WARC-Record-ID") != metadata.rec_headers.get_header("WARC-Concurrent-To"):
            return None
        code = record.http_headers.get_statuscode() if record.http_headers else ""
        status = int(code) if code.isdigit() else 0
    url = headers.get_header("WARC-Target-URI")
    return Capture(
        page_id=page_id(url) if role in OF_MANY else page,
        fetch_id=int(fetch) if is_page else None,
        url=url,
        submitted=facts.get("tearsheet-url", url) if is_page else url,
        time=headers.get_header("WARC-Date"),
        status=status,
        digest=EMPTY if noarchive else headers.get_header("WARC-Payload-Digest"),
        truncated=headers.get_header("WARC-Truncated"),
        record=headers.get_header("WARC-Record-ID"),
        original=headers.get_header("WARC-Refers-To"),
        offset=offset,
        length=length,
        noarchive=noarchive,
    )
