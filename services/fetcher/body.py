"""Reading a response's body: in pieces, unpacked as they come, up to a number of bytes and no further."""

import http.client
import math
from dataclasses import dataclass

import requests
import urllib3.exceptions

from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.recording import EXCHANGE
from shared.unpacking import PIECE, BrokenError, PackedError, unpacked

# Bytes from which on the ratio counts: a little page of one letter over and over harms nobody.
_RATIO_FROM = 1_000_000


@dataclass(frozen=True, slots=True)
class Body:
    """What was read of a body, unpacked."""

    data: bytes
    complete: bool
    """False where the connection was closed, or the packed data ended, before the announced end."""
    larger: bool
    """There is more than the cap; `data` holds that many bytes."""


def announced_length(response: requests.Response) -> int | None:
    """The Content-Length, where there is one number."""
    text = response.headers.get("Content-Length", "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def read_body(response: requests.Response, cap: int, max_ratio: float = math.inf) -> Body:
    """Reads and unpacks a body until its end or until `cap` bytes, counted unpacked.

    `max_ratio`: bytes that a byte of it may unpack to, on the whole, once there is more than a megabyte.

    Raises RefusedError (a coding that is not read, the ratio), FailedError (cannot be unpacked, took too long), and
    what requests and urllib3 raise where the connection breaks.
    """
    received = _Received(response, cap)
    try:
        return _read(received, response.headers.get("Content-Encoding"), cap, max_ratio)
    except BrokenError as error:
        raise FailedError(str(error), "encoding") from None
    except PackedError as error:
        raise RefusedError(str(error)) from None


def is_too_dense(unpacked_size: int, sent: int, max_ratio: float) -> bool:
    """Whether so many bytes come from too few that were sent."""
    return unpacked_size > max(_RATIO_FROM, max_ratio * sent)


def _read(received: "_Received", coding: str | None, cap: int, max_ratio: float) -> Body:
    source = unpacked(received, coding)
    pieces: list[bytes] = []
    size = 0
    while size <= cap and (piece := source.read(min(PIECE, cap + 1 - size))):
        pieces.append(piece)
        size += len(piece)
        if is_too_dense(size, received.count, max_ratio):
            raise RefusedError(f"a body that unpacks to more than {max_ratio:g} times its size is no page")
    while size <= cap and received.read(PIECE):
        pass  # What follows the packed data: read to the end of the answer, the connection can be used again.
    if size > cap:
        pieces[-1] = pieces[-1][: cap - size]
    body = Body(b"".join(pieces), complete=source.complete(), larger=size > cap or received.count > cap)
    if source is received and not body.larger:
        received.came_as(body.data)
    return body


class Stream:
    """A body as it comes, unpacked, up to a number of bytes. Raises as `read_body` does, the ratio apart."""

    def __init__(self, response: requests.Response, cap: int, recorded: int) -> None:
        """`cap`: bytes, unpacked and as sent; `recorded`: bytes as sent that are kept, where the exchange is."""
        self._left = cap
        self._received = _Received(response, cap, recorded)
        try:
            self._source = unpacked(self._received, response.headers.get("Content-Encoding"))
        except PackedError as error:
            raise RefusedError(str(error)) from None

    def read(self, most: int) -> bytes:
        """The next bytes, `most` at most; empty at the end, and at the cap."""
        try:
            data = self._source.read(min(most, self._left)) if self._left else b""
        except BrokenError as error:
            raise FailedError(str(error), "encoding") from None
        except PackedError as error:
            raise RefusedError(str(error)) from None
        self._left -= len(data)
        while not data and self._left and self._received.read(PIECE):
            pass  # as in `_read`
        return data

    @property
    def sent(self) -> int:
        """Bytes received so far, as they were sent."""
        return self._received.count

    def complete(self) -> bool:
        """After the end: whether that is where the sender meant it to be."""
        return self._source.complete()


class _Received:
    """A body as sent. It ends at the cap too: a packed stream may go on for ever and unpack to nothing."""

    def __init__(self, response: requests.Response, cap: int, recorded: float = math.inf) -> None:
        self._response = response
        self._cap = cap
        self._recorded = recorded
        self._whole = True
        self._exchange = EXCHANGE.get()
        self.count = 0
        """Bytes received."""

    def complete(self) -> bool:
        return self._whole

    def read(self, most: int) -> bytes:
        if self.count > self._cap:
            return b""
        data = self._receive(most) if self._whole else b""
        self.count += len(data)
        if self._exchange is not None and self.count <= self._recorded:
            if data:
                self._exchange.body.append(data)
            else:
                self._exchange.read(whole=self._whole)
        return data

    def came_as(self, data: bytes) -> None:
        """The body, which was not packed, in one piece: one copy of it is enough."""
        if self._exchange is not None:
            self._exchange.body = [data]

    def _receive(self, most: int) -> bytes:
        try:
            data: bytes = self._response.raw.read(most, decode_content=False)
        except urllib3.exceptions.ProtocolError as error:
            for cut_off in error.args:
                if isinstance(cut_off, http.client.IncompleteRead):
                    self._whole = False
                    return _came_of(cut_off)
            raise
        return data


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
