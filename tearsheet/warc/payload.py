"""What a WARC record holds, as the fetcher sees an answer: its status, its headers, and its body piece by piece."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from shared.archive import ArchiveError
from shared.unpacking import unpacked

# A line that says how long a chunk is, with whatever extensions it has.
_CHUNK_LINE = 1024


class _Body(io.RawIOBase):
    """A record's body without its chunks, where it has any, and packed as it came."""

    def __init__(self, record: ArcWarcRecord, *, chunked: bool) -> None:
        super().__init__()
        self._stream = record.raw_stream
        self._chunked = chunked
        self._left = 0
        """Bytes of the chunk that are still to come."""
        self._before = b""
        """Read already, and no length of a chunk: some crawlers undo the chunks and leave the header."""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        most = size if size is not None and size >= 0 else 1 << 30
        if self._chunked and not self._left:
            self._next_chunk()
        if self._before:
            begin, self._before = self._before[:most], self._before[most:]
            return begin
        data: bytes = self._stream.read(min(most, self._left) if self._chunked else most)
        self._left -= len(data) if self._chunked else 0
        return data

    def complete(self) -> bool:
        """Whether it is cut off is said by the record's headers."""
        return True

    def _next_chunk(self) -> None:
        """Reads how long the next chunk is (RFC 9112 7.1); the last one has no length, and so ends the body."""
        line: bytes = self._stream.readline(_CHUNK_LINE)
        if line in {b"\r\n", b"\n"}:  # the end of the chunk before
            line = self._stream.readline(_CHUNK_LINE)
        try:
            self._left = max(0, int(line.partition(b";")[0], 16))
        except ValueError:
            self._chunked, self._before = False, line


def answer(record: ArcWarcRecord) -> requests.Response:
    """A record's answer, its body still to be read. A `resource` record has no headers but its type."""
    headers = HTTPHeaderDict()
    status = 200
    if record.http_headers is not None:
        code = record.http_headers.get_statuscode()
        status = int(code) if code.isdigit() else 0
        for name, value in record.http_headers.headers:
            headers.add(name, value)
    elif record.content_type:
        headers.add("Content-Type", record.content_type)
    headers.discard("Transfer-Encoding")
    raw = HTTPResponse(
        _body(record),
        headers,
        status,
        preload_content=False,
        decode_content=False,
        enforce_content_length=False,  # a crawler may have kept less, or have unpacked it
    )
    request = requests.PreparedRequest()
    request.url = ""
    response: requests.Response = HTTPAdapter().build_response(request, raw)
    return response


def first_bytes(record: ArcWarcRecord, most: int) -> bytes:
    """How the body of a record with an answer begins, unpacked. Raises PackedError."""
    coding = record.http_headers.get_header("Content-Encoding") if record.http_headers else None
    return unpacked(_body(record), coding).read(most)


def _body(record: ArcWarcRecord) -> _Body:
    coding = record.http_headers.get_header("Transfer-Encoding") if record.http_headers else None
    return _Body(record, chunked="chunked" in (coding or "").lower())


@contextmanager
def record_at(path: Path, offset: int) -> Iterator[ArcWarcRecord]:
    """The record that stands there. Raises ArchiveError, OSError."""
    with path.open("rb") as file:
        file.seek(offset)
        try:
            record = next(ArchiveIterator(file))
        except (ArchiveLoadFailed, StopIteration, ValueError) as error:
            raise ArchiveError(f"{path} has no record at byte {offset:,}: is it another file by now? {error}") from None
        yield record
