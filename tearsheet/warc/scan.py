"""One walk through a WARC file: which of its records are pages, and where each stands."""

import contextlib
import io
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from services.fetcher import content_type
from services.fetcher.causes import RefusedError
from shared.archive.errors import DAMAGE
from shared.archive.files import whole_until
from shared.unpacking import PackedError
from tearsheet.warc.payload import answer, first_bytes

# Bytes of a body that tell whether it is a page, where the server does not say.
_LOOKED_AT = 4096
_GZIP = b"\x1f\x8b"
# What warcio only minds it logs and prints, and is not passed on.
logging.getLogger("warcio").setLevel(logging.CRITICAL)


class NotWarcError(Exception):
    """A file is no WARC file; the message is one line."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record that is a page, or confirms one."""

    kind: str
    """response, resource or revisit."""
    record: str
    """WARC-Record-ID."""
    url: str
    date: str
    """WARC-Date as it stands there."""
    time: int
    """The same in milliseconds since 1970."""
    digest: str
    """WARC-Payload-Digest."""
    offset: int
    refers_to: str
    """Of a revisit: the WARC-Record-ID of the record with the body; often left out."""
    refers_to_url: str
    refers_to_date: str


@dataclass(slots=True)
class Scan:
    """A walk through a file, and what came of it."""

    path: Path
    records: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    """Answers that are no pages: how many of what."""
    damage: str | None = None
    """Why it could not be read to its end."""

    def __iter__(self) -> Iterator[Found]:
        """Its pages in the order of the file. Raises NotWarcError, OSError."""
        with self.path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            records = ArchiveIterator(file)
            last = 0
            while True:
                try:
                    with contextlib.redirect_stderr(io.StringIO()):
                        record = next(records, None)
                        if record is None:
                            break
                        found = self._look(record)
                        last = records.get_record_offset()
                except DAMAGE as error:
                    self._breaks(error, last)
                    return
                if record.format != "warc":
                    raise NotWarcError(f"{self.path}: this is an ARC file, older than WARC, which is not read")
                if record.length is None or record.raw_stream.limit > 0:
                    self.damage = f"cut off or damaged at byte {last:,}"
                    return
                self.records += 1
                if found:
                    yield replace(found, offset=last)
        if not self.records:
            raise NotWarcError(f"{self.path}: there is no record in it")
        if packed and (end := whole_until(self.path, last)) < self.path.stat().st_size:
            self.damage = f"cut off or damaged at byte {end:,}"

    def _breaks(self, error: Exception, last: int) -> None:
        words = " ".join(str(error).split())
        if "non-chunked gzip" in words:
            raise NotWarcError(
                f"{self.path}: it is packed as a whole and not record by record: `warcio recompress` mends that"
            )
        if not self.records:
            raise NotWarcError(f"{self.path}: this is no WARC file")
        self.damage = f"damaged behind byte {last:,}"

    def _look(self, record: ArcWarcRecord) -> Found | None:
        kind = record.rec_type
        if kind not in {"response", "resource", "revisit"} or record.length is None:
            return None
        url = _header(record, "WARC-Target-URI")
        if not url.lower().startswith(("http://", "https://")):
            return None
        date = _header(record, "WARC-Date")
        time = _milliseconds(date)
        other = "record without a date" if time is None else _other(record, url) if kind != "revisit" else None
        if other or time is None:
            self.passed_over[other or ""] += 1
            return None
        return Found(
            kind,
            _header(record, "WARC-Record-ID"),
            url,
            date,
            time,
            _header(record, "WARC-Payload-Digest"),
            0,
            _header(record, "WARC-Refers-To"),
            _header(record, "WARC-Refers-To-Target-URI").strip("<>"),
            _header(record, "WARC-Refers-To-Date"),
        )


def _other(record: ArcWarcRecord, url: str) -> str | None:
    """What an answer is that is no page; None for a page, or for what claims to be one."""
    if record.rec_type == "response" and record.http_headers is None:
        return "answer without a head"
    got = answer(record)
    status, declared = got.status_code, content_type.media_type(got.headers.get("Content-Type"))
    if not 200 <= status < 300 and not 400 <= status < 600:
        return "redirect" if 300 <= status < 400 else f"answer of status {status}"
    if urlsplit(url).path == "/robots.txt":
        return "robots.txt"
    if declared in content_type.PAGES:
        return None
    if status >= 400:
        return f"answer of status {status}"
    try:
        content_type.check(declared, first_bytes(record, _LOOKED_AT))
    except (RefusedError, PackedError):
        return declared or "answer without a type"
    return None


def _header(record: ArcWarcRecord, name: str) -> str:
    return record.rec_headers.get_header(name) or ""


def _milliseconds(date: str) -> int | None:
    """A WARC-Date (ISO 8601 in UTC, to the second or finer) in milliseconds since 1970."""
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
