"""Content codings undone: whatever the pieces, what was packed comes back, and no more at once than was asked for."""

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from shared.unpacking import BrokenError, PackedError, Source, unpacked


class Pieces:
    """A source of what a server sent, in pieces of a size."""

    def __init__(self, data: bytes, size: int = 1 << 30) -> None:
        self._data = data
        self._size = size

    def read(self, most: int) -> bytes:
        size = min(most, self._size)
        piece, self._data = self._data[:size], self._data[size:]
        return piece

    def complete(self) -> bool:
        return True


def read(source: Source, most: int) -> bytes:
    out = b""
    while piece := source.read(most):
        assert len(piece) <= most
        out += piece
    return out


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    "Deflate ": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    "br, gzip": lambda data: gzip.compress(brotli.compress(data)),
    "zstd, gzip": lambda data: gzip.compress(zstd(data)),
    "identity, zstd": zstd,
    "identity": bytes,
    "": bytes,
}


@pytest.mark.parametrize("coding", PACKERS)
@given(data=st.binary(max_size=3000), repeated=st.integers(1, 40), size=st.integers(1, 4000), most=st.integers(1, 9999))
def test_unpacking_gives_back_what_was_packed(coding: str, data: bytes, repeated: int, size: int, most: int) -> None:
    source = unpacked(Pieces(PACKERS[coding](data * repeated), size), coding)
    assert read(source, most) == data * repeated
    assert source.complete()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "zstd, gzip"])
@given(data=st.binary(min_size=1, max_size=2000), cut=st.integers(1, 2000), size=st.integers(1, 500))
def test_what_is_cut_off_is_a_beginning(coding: str, data: bytes, cut: int, size: int) -> None:
    packed = PACKERS[coding](data)
    source = unpacked(Pieces(packed[: max(4, len(packed) - cut)], size), coding)
    with suppress(BrokenError):
        assert data.startswith(read(source, 100))
    assert not source.complete()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, zstd"])
@given(data=st.binary(max_size=2000), size=st.integers(1, 500))
def test_any_bytes_end(coding: str, data: bytes, size: int) -> None:
    source = unpacked(Pieces(data, size), coding)
    with suppress(BrokenError):
        read(source, 100)


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("zstd", zstd)])
def test_members_are_joined(coding: str, pack: Callable[[bytes], bytes], size: int) -> None:
    packed = pack(b"one ") + pack(b"") + pack(b"two") + b"padding"
    source = unpacked(Pieces(packed, size), coding)
    assert read(source, 100) == b"one two"
    assert source.complete()


def test_frames_to_skip_are_skipped() -> None:
    skipped = b"\x5a\x2a\x4d\x18\x03\x00\x00\x00..."
    assert read(unpacked(Pieces(skipped + zstd(b"page") + skipped), "zstd"), 100) == b"page"


def test_a_body_of_very_many_members_is_no_page() -> None:
    started = time.monotonic()
    source = unpacked(Pieces(gzip.compress(b"a") * 400_000), "gzip")
    with pytest.raises(PackedError, match="more than 1,000 parts"):
        read(source, 65536)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("coding", ["compress", "nonsense", "gzip, sdch", "gzip, gzip, gzip", "br;q=1"])
def test_what_was_not_asked_for_is_refused(coding: str) -> None:
    with pytest.raises(PackedError, match="packed as"):
        unpacked(Pieces(b""), coding)


def test_a_zstd_window_over_8_mb_is_not_read() -> None:
    """RFC 9659 3."""
    for log, fits in ((23, True), (24, False)):
        parameters = zstandard.ZstdCompressionParameters(window_log=log, compression_level=1)
        packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
        source = unpacked(Pieces(packer.compress(b"a") + packer.flush()), "zstd")
        if fits:
            assert read(source, 100) == b"a"
        else:
            with pytest.raises(BrokenError, match="too much memory"):
                read(source, 100)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "br, gzip"])
def test_a_bomb_is_unpacked_as_far_as_it_is_read(coding: str) -> None:
    source = unpacked(Pieces(PACKERS[coding](bytes(100_000_000))), coding)
    tracemalloc.start()
    for _ in range(20):
        assert 0 < len(source.read(65536)) <= 65536
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
