"""Reading a response's body: in pieces, unpacked as they come, up to a number of bytes and no further."""

import http.client
import zlib
from dataclasses import dataclass
from typing import Protocol

import requests
import urllib3.exceptions

from services.fetcher.causes import FailedError, RefusedError

ACCEPTED = "gzip, deflate"
"""What the fetcher asks for. Brotli and zstd are left out: their windows take what memory the sender likes."""

_PIECE = 65536
_ZLIB_WINDOW = 15


@dataclass(frozen=True, slots=True)
class Body:
    """What was read of a body, unpacked."""

    data: bytes
    complete: bool
    """False where the connection was closed, or the packed data ended, before the announced end."""
    larger: bool
    """There is more than the cap; `data` holds that many bytes."""


class Unpacker(Protocol):
    """Undoes a content coding, piece by piece."""

    def feed(self, data: bytes, room: int) -> bytes:
        """What `data` unpacks to, at most `room` bytes (`room` > 0) of it."""

    def complete(self) -> bool:
        """Whether the packed data came to its end."""


class _Identity:
    """No coding."""

    def feed(self, data: bytes, room: int) -> bytes:
        return data[:room]

    def complete(self) -> bool:
        return True


class _Zlib:
    """gzip (RFC 1952) and deflate (RFC 1950; RFC 1951 where a server took the name at its word)."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._inflate: zlib._Decompress | None = None
        self._plain = False

    def feed(self, data: bytes, room: int) -> bytes:
        if self._plain:
            return data[:room]
        if self._inflate is None:
            window = self._window(data)
            if window is None:
                self._plain = True
                return data[:room]
            self._inflate = zlib.decompressobj(window)
        out = self._inflate.decompress(data, room)
        while self._coding == "gzip" and self._inflate.eof and self._inflate.unused_data[:2] == b"\x1f\x8b":
            # The next member of the file. One that gives nothing is the last: a body of a million of them is no page.
            data = self._inflate.unused_data
            self._inflate = zlib.decompressobj(_ZLIB_WINDOW + 16)
            member = self._inflate.decompress(data, room - len(out)) if room > len(out) else b""
            if not member:
                break
            out += member
        return out

    def complete(self) -> bool:
        return self._plain or (self._inflate is not None and self._inflate.eof)

    def _window(self, data: bytes) -> int | None:
        """zlib's wbits for how the data begins; None where it says that it is packed and is not."""
        if self._coding == "gzip":
            return _ZLIB_WINDOW + 16 if data[:2] == b"\x1f\x8b" else None
        # RFC 1950 2.2: method 8 in the low bits, and the first two bytes are a multiple of 31.
        packed = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
        return _ZLIB_WINDOW if packed else -_ZLIB_WINDOW


def unpacker(content_encoding: str | None) -> Unpacker:
    """For a Content-Encoding header. Raises RefusedError for one that was not asked for."""
    coding = (content_encoding or "").strip().lower()
    if coding in {"", "identity", "none"}:
        return _Identity()
    if coding in {"gzip", "x-gzip", "deflate"}:
        return _Zlib(coding.removeprefix("x-"))
    raise RefusedError(f"the body is packed as {coding[:40]!r}, which is not read")


def announced_length(response: requests.Response) -> int | None:
    """The Content-Length, where there is one number."""
    text = response.headers.get("Content-Length", "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def read_body(response: requests.Response, cap: int) -> Body:
    """Reads and unpacks a body until its end or until `cap` bytes, counted unpacked.

    Raises RefusedError (a coding that is not read), FailedError (cannot be unpacked, took too long), and what requests
    and urllib3 raise where the connection breaks.
    """
    unpack = unpacker(response.headers.get("Content-Encoding"))
    pieces: list[bytes] = []
    received = size = 0
    whole = True
    # Bytes as sent count as well: a packed stream may go on for ever and unpack to nothing.
    while whole and size <= cap and received <= cap:
        data, whole = _receive(response)
        if not data:
            whole = whole and unpack.complete()
            break
        received += len(data)
        try:
            piece = unpack.feed(data, cap + 1 - size)
        except zlib.error as error:
            if not size:
                raise FailedError(f"the body cannot be unpacked: {error}", "encoding") from None
            whole = False
            break
        pieces.append(piece)
        size += len(piece)
    return Body(b"".join(pieces)[:cap], complete=whole, larger=size > cap or received > cap)


def _receive(response: requests.Response) -> tuple[bytes, bool]:
    """The next piece as sent, empty at the end; False beside it where the other side ended before the end."""
    try:
        return response.raw.read(_PIECE, decode_content=False), True
    except urllib3.exceptions.ProtocolError as error:
        for cut_off in error.args:
            if isinstance(cut_off, http.client.IncompleteRead):
                return _came_of(cut_off), False
        raise


def _came_of(cut_off: http.client.IncompleteRead) -> bytes:
    """What http.client had received when it was cut off: whole chunks, and in the cause a part of the last one.

    Nothing where a Content-Length said more than came: that was all given before, and urllib3 puts a number there.
    """
    whole: object = cut_off.partial
    if not isinstance(whole, bytes):
        return b""
    inner = cut_off.__cause__
    part = inner.partial if isinstance(inner, http.client.IncompleteRead) else b""
    return whole + part
