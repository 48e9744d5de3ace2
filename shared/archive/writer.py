"""Writing exchanges to the archive: one writer a process, for all its threads."""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import structlog

from shared import log
from shared.archive import files, house
from shared.archive.exchange import OF_MANY, Exchange, Fetch
from shared.archive.index import Capture, Index
from shared.archive.records import EMPTY, Original, Packed, date_of, digest_of, noarchive, pack, warcinfo
from shared.archive.room import Room
from shared.ids import page_id
from shared.settings import Settings

logger = structlog.get_logger()

# Seconds for which a disk that refused a write is left alone, and after which what is wrong is said again.
_PAUSE = 10.0
_REMEDY = "`tearsheet archive rebuild` makes it anew"
_KEPT_OUT = "; pages are fetched and not archived"


class ArchiveWriter:
    """Keeps what went over the wire. Safe in threads; it fails no fetch: what is wrong is told."""

    def __init__(self, settings: Settings, warn: Callable[[str], None]) -> None:
        """`warn`: told what is wrong, in words, again and again while it is; an empty text takes it back."""
        self._folder = settings.data / "warc"
        self._file_most = settings.archive_file_bytes
        self._room = Room(self._folder, settings.archive_max_bytes)
        self._info = {
            "software": settings.fetch_user_agent.partition(" ")[0],
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "robots": "obey" if settings.fetch_robots else "ignore",
            "http-header-user-agent": settings.fetch_user_agent,
        }
        self._warn = warn
        self._lock = threading.Lock()
        self._file: files.WarcFile | None = None
        self._serial = 0
        self._index: Index | None = None
        self._wrong = ""
        self._again_at = float("-inf")

    def open(self) -> None:
        """Makes the folder, and closes what a dead process left there."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._index = Index(self._folder)
            for closed in house.tidy(self._folder, self._index):
                logger.info(log.ARCHIVE_CLOSED, file=closed.name, cut=closed.cut)
        except OSError as error:
            self._fails(f"the archive cannot be opened: {_words(error)}")
        except sqlite3.Error as error:
            self._fails(f"the archive's index cannot be opened: {error} ({_REMEDY})")

    def close(self) -> None:
        """Closes the file and the index."""
        with self._lock:
            with suppress(OSError, sqlite3.Error):
                self._close_file()
            if self._index:
                self._index.close()
                self._index = None

    def may_keep(self) -> bool:
        """Whether there is an archive, and room in it."""
        with self._lock:
            return self._may()

    def keep(self, fetch: Fetch, exchanges: Sequence[Exchange]) -> bool:
        """Writes a fetch's exchanges in their order, those without an answer left out; returns whether all are kept."""
        answered = [exchange for exchange in exchanges if exchange.head]
        if not answered or not self.may_keep():
            return False
        kept = True
        for exchange in answered:
            kept &= self._keep_out(fetch, exchange) if exchange.noarchive else self._keep(fetch, exchange)
        return kept

    def _keep(self, fetch: Fetch, exchange: Exchange) -> bool:
        page = page_id(exchange.url) if exchange.role in OF_MANY else fetch.page_id
        digest = digest_of(exchange.body)
        original: Original | None = None
        if exchange.status == 304 or (digest != EMPTY and not exchange.truncated):
            with self._lock:
                original = self._original(page, exchange, digest)
        packed = pack(fetch, exchange, digest, original)
        with self._lock:
            return self._write(packed.data, _capture(fetch, exchange, page, packed, original))

    def _keep_out(self, fetch: Fetch, exchange: Exchange) -> bool:
        record, data = noarchive(fetch, exchange)
        packed = Packed(data, len(data), record, date_of(exchange.started), EMPTY)
        capture = _capture(fetch, exchange, fetch.page_id, packed, None)
        with self._lock:
            return self._write(data, replace(capture, noarchive=True, status=0))

    # Under the lock

    def _original(self, page: str, exchange: Exchange, digest: str) -> Original | None:
        """The answer that this one confirms: by its status, or by an equal body."""
        try:
            found = self._index.original(page, exchange.url) if self._index else None
        except sqlite3.Error as error:
            logger.warning(log.ARCHIVE_INDEX_BEHIND, error=str(error))
            return None
        return found if found and (exchange.status == 304 or found.digest == digest) else None

    def _may(self) -> bool:
        """Whether there is an archive, and room in it."""
        now = time.monotonic()
        if self._wrong and now < self._again_at:
            return False
        if self._index is None:
            self.open()
        try:
            lacks = self._room.lacks() if self._index else ""
        except OSError as error:
            lacks = f"the archive is not there: {_words(error)}"
        if lacks:
            self._fails(lacks)
        return self._index is not None and not lacks

    def _write(self, data: bytes, capture: Capture) -> bool:
        """Writes to the file, and then to the index where that is."""
        try:
            file = self._file_for(len(data))
            start = file.append(data)
        except OSError as error:
            self._fails(f"the archive cannot be written: {_words(error)}")
            return False
        self._room.takes(len(data))
        self._note(file.name, start, start + len(data), [replace(capture, offset=start)])
        if self._wrong:
            logger.info(log.ARCHIVE_GOES_ON)
            self._wrong = ""
            self._warn("")
        return True

    def _note(self, name: str, start: int, end: int, captures: list[Capture]) -> None:
        """What the index cannot take now it takes from the file later."""
        try:
            if self._index:
                self._index.add(name, start, end, captures)
        except sqlite3.Error as error:
            logger.warning(log.ARCHIVE_INDEX_BEHIND, error=str(error))
            self._warn(f"the archive's index cannot be written: {error} ({_REMEDY})")

    def _file_for(self, size: int) -> files.WarcFile:
        """The open file, or the next one where it is full. Raises OSError."""
        if self._file and self._file.size + size > self._file_most:
            self._close_file()
        if self._file is None:
            self._serial += 1
            file = files.WarcFile(self._folder, self._serial)
            try:
                file.append(warcinfo(file.name, self._info))
            except OSError:
                file.discard()
                raise
            self._file = file
            self._note(file.name, 0, file.size, [])
        return self._file

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()
            if self._index:
                house.catch_up(self._index, self._folder, file.name)

    def _fails(self, reason: str) -> None:
        if reason != self._wrong:
            logger.warning(log.ARCHIVE_FAILS, reason=reason)
        self._wrong = reason
        self._again_at = time.monotonic() + _PAUSE
        self._warn(reason + _KEPT_OUT)


def _capture(fetch: Fetch, exchange: Exchange, page: str, packed: Packed, original: Original | None) -> Capture:
    return Capture(
        page_id=page,
        fetch_id=fetch.fetch_id if exchange.role == "page" else None,
        url=exchange.url,
        submitted=fetch.url if exchange.role == "page" else exchange.url,
        time=packed.date,
        status=exchange.status,
        digest=packed.digest,
        truncated=packed.truncated,
        record=packed.record,
        original=original.record if original else None,
        offset=0,
        length=packed.length,
    )


def _words(error: OSError) -> str:
    return error.strerror or str(error)
