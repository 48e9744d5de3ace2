"""Content codings undone: gzip, deflate, br and zstd, piece by piece, in memory that does not depend on the sender.

What a decoder holds: deflate 32 KB (RFC 1951), zstd 8 MB (RFC 9659), brotli 16 MB at most (RFC 7932, whose larger
windows are another format that is not read).
"""

import sys
import zlib
from collections.abc import Callable
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
"""What the fetcher asks for."""

# As sent, and as given on: larger pieces are no faster.
PIECE = 65536
# A page in two codings is seen where a proxy packs what was packed; in three, only from who means harm.
_CODINGS = 2
# A file of many members costs a decoder each. bgzip's members have 64 KB, so the largest page has 153 of them.
_MEMBERS = 1000
_ZLIB_WINDOW = 15
# RFC 9659 3: what a zstd body may ask a reader to hold, as a power of two.
_ZSTD_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 23}
# RFC 8878 3.1.1 and 3.1.2: a frame, and frames to skip, by all but their first byte.
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPED = b"\x2a\x4d\x18"


class PackedError(Exception):
    """A body is packed in a way that is not read; the message says in which."""


class BrokenError(PackedError):
    """A body cannot be unpacked; the message says why."""


class Source(Protocol):
    """Bytes that are asked for piece by piece."""

    def read(self, most: int) -> bytes:
        """The next bytes, `most` (> 0) at most; empty at the end. Raises PackedError."""

    def complete(self) -> bool:
        """After the end: whether that is where the sender meant it to be."""


class _Member(Protocol):
    """A decoder of one gzip member, zstd frame or brotli stream; those of Python's library look so."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Zlib:
    """zlib's decoder, which leaves it to its user to keep what was not unpacked yet."""

    def __init__(self, window: int) -> None:
        self._inflate = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)


class _Brotli:
    """brotli's decoder, which gives more than it is asked for: up to a block of its own, 32 KB and then 64."""

    unused_data = b""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()
        self._held = b""

    @property
    def eof(self) -> bool:
        return not self._held and bool(self._decoder.is_finished())

    @property
    def needs_input(self) -> bool:
        return not self._held and bool(self._decoder.can_accept_more_data())

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if not self._held:
            self._held = self._decoder.process(data, output_buffer_limit=max_length)
        out, self._held = self._held[:max_length], self._held[max_length:]
        return out


def _gzip(start: bytes) -> _Member | None:
    return _Zlib(_ZLIB_WINDOW + 16) if b"\x1f\x8b".startswith(start[:2]) else None


def _deflate(start: bytes) -> _Member | None:
    # RFC 1950 2.2: method 8 in the low bits, and the first two bytes are a multiple of 31. Where they are not, a server
    # took the name at its word and sends RFC 1951.
    wrapped = len(start) > 1 and start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
    return _Zlib(_ZLIB_WINDOW if wrapped else -_ZLIB_WINDOW)


def _brotli(start: bytes) -> _Member | None:  # noqa: ARG001 - brotli has no signature
    return _Brotli()


def _zstd(start: bytes) -> _Member | None:
    skipped = start[1:4] == _ZSTD_SKIPPED and start[0] & 0xF0 == 0x50
    return zstd.ZstdDecompressor(options=_ZSTD_WINDOW) if _ZSTD_MAGIC.startswith(start[:4]) or skipped else None


_BEGIN: dict[str, Callable[[bytes], _Member | None]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
"""By coding: the decoder of a member that begins with these bytes (at least one); None where they begin none."""
_SEVERAL = {"gzip", "x-gzip", "zstd"}
_ERRORS = (zlib.error, zstd.ZstdError, brotli.error)


class Unpacked:
    """A source's bytes with one coding undone. Bytes that only claim to be packed are given as they are."""

    def __init__(self, below: Source, coding: str) -> None:
        """`coding`: a key of `_BEGIN`."""
        self._below = below
        self._begin = _BEGIN[coding]
        self._several = coding in _SEVERAL
        self._started = False
        self._member: _Member | None = None
        """What the bytes go through; None where they are plain."""
        self._members = 0
        self._waiting = b""
        """Received, and not yet given to the decoder."""
        self._gave = self._ended = self._whole = False

    def complete(self) -> bool:
        """After the end: whether the packed data came to its own."""
        return self._whole and self._below.complete()

    def read(self, most: int) -> bytes:
        """The next bytes.

        Raises BrokenError where the first of them cannot be unpacked, PackedError (too many members), and what the
        source raises. Broken data behind good ends what is read.
        """
        if not self._started:
            self._started = True
            self._next_member(b"")
        out = b""
        while not out and not self._ended:
            out = self._take(most) if self._member is None else self._unpack(self._member, most)
        self._gave = self._gave or bool(out)
        return out

    def _take(self, most: int) -> bytes:
        """Bytes that are not packed."""
        if not self._waiting:
            self._waiting = self._below.read(PIECE)
            self._ended = self._whole = not self._waiting
        out, self._waiting = self._waiting[:most], self._waiting[most:]
        return out

    def _unpack(self, member: _Member, most: int) -> bytes:
        data, dry = b"", False
        if member.needs_input:
            data, self._waiting = self._waiting or self._below.read(PIECE), b""
            dry = not data
        try:
            out = member.decompress(data, most)
        except _ERRORS as error:
            if not self._gave:
                raise BrokenError(f"the body cannot be unpacked: {error}") from None
            self._ended = True
            return b""
        if member.eof:
            self._next_member(member.unused_data)
        elif dry and not out:
            self._ended = True  # There is no more, and the decoder holds nothing either.
        return out

    def _next_member(self, start: bytes) -> None:
        """Begins with the next member, which begins with `start`; what follows the last one is no part of the body."""
        while len(start) < len(_ZSTD_MAGIC) and (self._several or not self._members):
            piece = self._below.read(PIECE)
            if not piece:
                break
            start += piece
        following = self._begin(start) if start and (self._several or not self._members) else None
        if following is None and self._members:
            self._below.read(PIECE)  # which brings it to its own end
            self._ended = self._whole = True
            return
        self._members += 1
        if self._members > _MEMBERS:
            raise PackedError(f"the body is packed in more than {_MEMBERS:,} parts")
        self._member, self._waiting = following, start


def unpacked(source: Source, content_encoding: str | None) -> Source:
    """The source with the codings of a Content-Encoding header undone (RFC 9110 8.4: the last was applied last).

    Raises PackedError for what was not asked for.
    """
    named = [coding.strip().lower() for coding in (content_encoding or "").split(",")]
    codings = [coding for coding in named if coding not in {"", "identity", "none"}]
    if len(codings) > _CODINGS or any(coding not in _BEGIN for coding in codings):
        raise PackedError(f"the body is packed as {', '.join(codings)[:40]!r}, which is not read")
    for coding in reversed(codings):
        source = Unpacked(source, coding)
    return source
