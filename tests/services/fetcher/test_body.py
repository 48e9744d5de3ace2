"""Bodies: unpacked as they come, up to the cap; what came of one that was cut off is kept."""

import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.body import unpacker
from services.fetcher.causes import RefusedError
from services.fetcher.fetch import Fetcher
from shared.stage import Failed, Fetched, Refused, Unchanged
from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import claim, quick_settings, site_of

PAGE = b"<!DOCTYPE html><title>A page</title>" + b"<p>A sentence to be read." * 100


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    "Deflate ": raw_deflate,
    "identity": bytes,
    "": bytes,
}


@pytest.mark.parametrize("coding", PACKERS)
@given(data=st.binary(max_size=3000), pieces=st.integers(1, 50), room=st.integers(1, 4000))
def test_unpacking_gives_back_what_was_packed(coding: str, data: bytes, pieces: int, room: int) -> None:
    packed = PACKERS[coding](data)
    # zlib's header is told from raw deflate by its first two bytes, which come in one piece.
    cuts = [0, *range(2, len(packed), max(2, len(packed) // pieces)), len(packed)]
    unpack = unpacker(coding)
    out = b""
    for start, end in pairwise(cuts):
        if start < end and len(out) < room:
            out += unpack.feed(packed[start:end], room - len(out))
    assert out == data[:room]
    if len(data) < room:
        assert unpack.complete()


def test_members_of_a_gzip_body_are_joined() -> None:
    unpack = unpacker("gzip")
    assert unpack.feed(gzip.compress(b"one ") + gzip.compress(b"two") + b"padding", 100) == b"one two"


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress", "nonsense"])
def test_what_was_not_asked_for_is_refused(coding: str) -> None:
    with pytest.raises(RefusedError, match="packed as"):
        unpacker(coding)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_packed_bodies_from_a_server(coding: str, fetcher: Fetcher) -> None:
    packed = PACKERS.get(coding, bytes)(PAGE)
    with site_of(lambda x: x.reply(packed, Content_Encoding=coding)) as site:
        ending = fetcher.fetch(claim(site.at("/")))
    if coding == "br":
        assert ending == Refused("the body is packed as 'br', which is not read")
    else:
        assert isinstance(ending, Fetched)
        assert ending.raw.body == PAGE


@pytest.mark.parametrize(("size", "fits"), [(999, True), (1000, True), (1001, False)])
@pytest.mark.parametrize("packed", [True, False])
def test_the_cap_counts_unpacked_bytes(size: int, fits: bool, packed: bool) -> None:
    body = b"<p>" + b"a" * (size - 3)
    fetcher = Fetcher(quick_settings(fetch_max_bytes=1000), None)

    def answer(x: Exchange) -> None:
        if packed:
            x.reply(gzip.compress(body), Content_Encoding="gzip")
        else:
            x.reply(body)

    with site_of(answer) as site:
        ending = fetcher.fetch(claim(site.at("/")))
    if fits:
        assert isinstance(ending, Fetched)
        assert ending.raw.body == body
    else:
        assert ending == Refused("larger than 1 KB")


def test_a_packed_stream_that_gives_nothing_ends_at_the_cap() -> None:
    """After a gzip member's end, zlib keeps whatever follows; and a deflate block may be empty."""
    fetcher = Fetcher(quick_settings(fetch_max_bytes=300_000, fetch_total_timeout=20.0), None)
    empty_blocks = gzip.compress(b"<p>x")[:10] + b"\x00\x00\x00\xff\xff" * 200_000
    trailing = gzip.compress(b"<p>x") + bytes(1_000_000)

    def answer(x: Exchange) -> None:
        x.head(Content_Encoding="gzip").send(empty_blocks if x.path == "/blocks" else trailing)

    with site_of(answer) as site:
        assert fetcher.fetch(claim(site.at("/blocks"))) == Refused("larger than 300 KB")
        assert fetcher.fetch(claim(site.at("/trailing"))) == Refused("larger than 300 KB")


def cut_off_length(x: Exchange) -> None:
    x.head(Content_Length=str(len(PAGE) + 1000)).send(PAGE)


def cut_off_chunk(x: Exchange) -> None:
    x.head(Transfer_Encoding="chunked").send(b"%x\r\n%b" % (len(PAGE) + 1000, PAGE))


def cut_off_between_chunks(x: Exchange) -> None:
    x.head(Transfer_Encoding="chunked").send(b"%x\r\n%b\r\n" % (len(PAGE), PAGE))


def cut_off_gzip(x: Exchange) -> None:
    packer = zlib.compressobj(wbits=31)
    packed = packer.compress(PAGE) + packer.flush(zlib.Z_SYNC_FLUSH)  # all of the page, and no end
    x.head(Content_Encoding="gzip").send(packed)


@pytest.mark.parametrize("answer", [cut_off_length, cut_off_chunk, cut_off_between_chunks, cut_off_gzip])
def test_a_body_that_is_cut_off(answer, fetcher: Fetcher) -> None:
    """What came is a page, unless the store has the whole one."""
    with site_of(answer) as site:
        ending = fetcher.fetch(claim(site.at("/")))
        assert isinstance(ending, Fetched)
        assert ending.raw.body == PAGE
        again = fetcher.fetch(claim(site.at("/"), stored_version=7, content_hash="another"))
        assert again == Failed(f"the connection was closed after {len(PAGE):,} bytes", "truncated")
        same = fetcher.fetch(claim(site.at("/"), stored_version=7, content_hash=ending.content_hash))
        assert same == Unchanged()


def test_nothing_of_a_body_that_was_announced(fetcher: Fetcher) -> None:
    with site_of(lambda x: x.head(Content_Length="1000")) as site:
        ending = fetcher.fetch(claim(site.at("/")))
    assert ending == Failed("the connection was closed before the body came", "truncated")


@pytest.mark.parametrize("packed", [b"\x1f\x8b\x08\x00garbage that is no gzip", b"\x1f\x8b"])
def test_what_cannot_be_unpacked(packed: bytes, fetcher: Fetcher) -> None:
    with site_of(lambda x: x.reply(packed, Content_Encoding="gzip")) as site:
        ending = fetcher.fetch(claim(site.at("/")))
    assert isinstance(ending, Failed)
    assert ending.cause in {"encoding", "truncated"}
