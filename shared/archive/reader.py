"""Reading the archive: a page as it came, by its id."""

import gzip
import sqlite3
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from shared.archive import files
from shared.archive.bucket import bucket_of
from shared.archive.errors import DAMAGE, ArchiveError
from shared.archive.index import NAME, Capture, Index, Place
from shared.archive.records import date_of
from shared.raw_page import RawPage
from shared.settings import Settings
from shared.unpacking import PIECE, PackedError, unpacked
from shared.urls import NotAUrlError, join, normalise, page_url

# Followed from one URL, as many as a fetch follows by default.
_REDIRECTS = 10


class Archive:
    """What was archived. Not for threads at once."""

    def __init__(self, settings: Settings) -> None:
        """Raises ArchiveError where there is no archive."""
        self._folder = settings.data / "warc"
        self._most = settings.fetch_max_bytes
        self._bucket = bucket_of(settings)
        if not (self._folder / NAME).exists():
            raise ArchiveError(f"there is no archive in {self._folder}")
        try:
            self._index = Index(self._folder)
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive's index in {self._folder} cannot be read: {error}") from None

    def close(self) -> None:
        """Lets go of the index."""
        self._index.close()

    def read(self, page_id: str, version: int | None = None) -> RawPage | None:
        """A page's body as it came with that version of its records, or the latest; None where it was not kept.

        Raises ArchiveError where the index cannot be read, or the record not be found where it says; BucketError where
        the bucket cannot be asked.
        """
        return self._page(lambda: self._index.page(page_id, None if version is None else version >> 10))

    def read_at(self, page_id: str, time: datetime) -> RawPage | None:
        """As `read`: the body of the fetch nearest to a time. A page's records have theirs in `fetched_at`."""
        return self._page(lambda: self._index.page_at(page_id, date_of(time)))

    def _page(self, look: Callable[[], tuple[Capture, Place, Place | None] | None]) -> RawPage | None:
        try:
            found = look()
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive's index cannot be read: {error}") from None
        if found is None or found[0].noarchive:
            return None
        return self._raw(found[0].submitted, *found)

    def nearest(self, url: str, time: datetime | None = None) -> RawPage | None:
        """What a URL gave nearest to a time, else the latest, redirects followed; None where no such answer was kept.

        For stylesheets and images of a page: by their URL, and the page's `fetched_at`. Raises ArchiveError,
        BucketError.
        """
        found = self._answer(url, time)
        return self._raw(url, *found) if found else None

    def holds(self, url: str, time: datetime | None = None) -> bool:
        """Whether `nearest` would find something; its body is not read. Raises ArchiveError, BucketError."""
        return self._answer(url, time) is not None

    def _answer(self, url: str, time: datetime | None) -> tuple[Capture, Place, Place | None] | None:
        """What a URL gave nearest to a time, behind its redirects."""
        near = date_of(time) if time else None
        seen: set[str] = set()
        target: str | None = url
        while target is not None and target not in seen and len(seen) <= _REDIRECTS:
            seen.add(target)
            found = self._nearest(target, near)
            if found is None:
                return None
            if not 301 <= found[0].status <= 308 or found[0].status == 304:
                return found
            headers = self._record(found[1]).http_headers
            location = headers.get_header("Location")
            target = join(found[0].url, location) if location else None
        return None

    def _nearest(self, url: str, near: str | None) -> tuple[Capture, Place, Place | None] | None:
        try:
            # As it stands, and as the ledger knows it: without its tracking parameters.
            return self._index.nearest(normalise(url), near) or self._index.nearest(page_url(url), near)
        except NotAUrlError:
            return None
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive's index cannot be read: {error}") from None

    def _raw(self, url: str, capture: Capture, place: Place, of_body: Place | None) -> RawPage:
        if capture.original is not None and of_body is None:
            raise ArchiveError(f"{place.file} refers to {capture.original}, which is not in the archive")
        record = self._record(of_body or place)
        headers = record.http_headers
        try:
            body = unpacked_body(record, self._most)
        except PackedError as error:
            raise ArchiveError(f"{place.file} at {place.offset}: {error}") from None
        return RawPage(
            body=body,
            url=url,
            final_url=capture.url,
            status=int(headers.get_statuscode()),
            content_type=headers.get_header("Content-Type"),
            fetched_at=datetime.fromisoformat(capture.time),
            etag=headers.get_header("ETag"),
            last_modified=headers.get_header("Last-Modified"),
        )

    def _record(self, place: Place) -> ArcWarcRecord:
        try:
            # Unpacked here: warcio prints that a checksum is wrong, and hands out what there is.
            record = next(iter(ArchiveIterator(BytesIO(gzip.decompress(self._bytes(place))))))
        except (OSError, StopIteration, *DAMAGE) as error:
            raise ArchiveError(f"{place.file} has no record at {place.offset}: {error}") from None
        if record.http_headers is None:
            raise ArchiveError(f"{place.file} has no answer of a server at {place.offset}")
        return record

    def _bytes(self, place: Place) -> bytes:
        """A record as it was written. Raises OSError, ArchiveError."""
        try:
            return files.read(self._folder, place.file, place.offset, place.length)
        except FileNotFoundError:
            if self._bucket is None:
                raise
        return self._bucket.read(place.file, place.offset, place.length)


class _Block:
    """A record's payload as a source of packed bytes."""

    def __init__(self, record: ArcWarcRecord) -> None:
        self._record = record

    def read(self, most: int) -> bytes:
        data: bytes = self._record.raw_stream.read(most)
        return data

    def complete(self) -> bool:
        return True


def unpacked_body(record: ArcWarcRecord, most: int) -> bytes:
    """The body of a record with an answer, at most so many bytes. Raises PackedError."""
    source = unpacked(_Block(record), record.http_headers.get_header("Content-Encoding"))
    pieces: list[bytes] = []
    size = 0
    while size < most and (piece := source.read(min(PIECE, most - size))):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)
