"""Bodies: read up to the cap; what came of one that was cut off is kept."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from services.fetcher.fetch import Fetcher
from shared.stage import Ending, Failed, Fetched, Refused, Unchanged
from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import claim, quick_settings, site_of

PAGE = b"<!DOCTYPE html><title>A page</title>" + b"<p>A sentence to be read." * 100
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def fetched(fetcher: Fetcher, coding: str, packed: bytes) -> Ending:
    """How a body in this coding ends."""
    with site_of(lambda x: x.reply(packed, Content_Encoding=coding)) as site:
        return fetcher.fetch(claim(site.at("/")))


@pytest.mark.parametrize("coding", PACKERS)
def test_packed_bodies_from_a_server(coding: str, fetcher: Fetcher) -> None:
    ending = fetched(fetcher, coding, PACKERS[coding](PAGE))
    assert isinstance(ending, Fetched)
    assert ending.raw.body == PAGE


def test_codings_of_a_server_and_of_a_proxy_before_it(fetcher: Fetcher) -> None:
    ending = fetched(fetcher, "gzip, br", brotli.compress(gzip.compress(PAGE)))
    assert isinstance(ending, Fetched)
    assert ending.raw.body == PAGE
    ending = fetched(fetcher, "gzip, gzip, br", b"whatever")
    assert ending == Refused("the body is packed as 'gzip, gzip, br', which is not read")


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_ends_at_the_ratio(coding: str) -> None:
    """Of 300 MB not more than the megabyte is unpacked that a small page may have."""
    fetcher = Fetcher(quick_settings(fetch_max_bytes=400_000_000, fetch_total_timeout=20.0), None)
    ending = fetched(fetcher, coding, BOMBS[coding])
    assert ending == Refused("a body that unpacks to more than 200 times its size is no page")


def bomb(pack: Callable[[bytes], bytes], finish: Callable[[], bytes]) -> bytes:
    """300 MB of one letter."""
    piece = b"a" * 1_000_000
    return b"".join(pack(piece) for _ in range(300)) + finish()


def _bombs() -> dict[str, bytes]:
    gz, raw, br = zlib.compressobj(wbits=31), zlib.compressobj(wbits=-15), brotli.Compressor(quality=4)
    zs = zstandard.ZstdCompressor().compressobj()
    return {
        "gzip": bomb(gz.compress, gz.flush),
        "deflate": bomb(raw.compress, raw.flush),
        "br": bomb(br.process, br.finish),
        "zstd": bomb(zs.compress, zs.flush),
    }


BOMBS = _bombs()


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


# All of the page, and no end.
def cut_off_gzip(x: Exchange) -> None:
    packer = zlib.compressobj(wbits=31)
    x.head(Content_Encoding="gzip").send(packer.compress(PAGE) + packer.flush(zlib.Z_SYNC_FLUSH))


def cut_off_brotli(x: Exchange) -> None:
    packer = brotli.Compressor()
    x.head(Content_Encoding="br").send(packer.process(PAGE) + packer.flush())


def cut_off_zstd(x: Exchange) -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    packed = packer.compress(PAGE) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    x.head(Content_Encoding="zstd").send(packed)


def cut_off_twice(x: Exchange) -> None:
    packer = zlib.compressobj(wbits=31)
    packed = packer.compress(PAGE) + packer.flush(zlib.Z_SYNC_FLUSH)
    x.head(Content_Encoding="gzip, zstd").send(zstandard.ZstdCompressor().compress(packed))


@pytest.mark.parametrize(
    "answer",
    [
        cut_off_length,
        cut_off_chunk,
        cut_off_between_chunks,
        cut_off_gzip,
        cut_off_brotli,
        cut_off_zstd,
        cut_off_twice,
    ],
)
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


RUBBISH = bytes(range(255, 0, -1)) * 10


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", b"\x1f\x8b\x08\x00garbage that is no gzip"),
        ("gzip", b"\x1f\x8b"),
        ("deflate", RUBBISH),
        ("br", RUBBISH),
        ("br", PAGE),
        ("zstd", b"\x28\xb5\x2f\xfd" + RUBBISH),
        ("gzip, br", brotli.compress(b"\x1f\x8b" + RUBBISH)),
    ],
)
def test_what_cannot_be_unpacked(coding: str, packed: bytes, fetcher: Fetcher) -> None:
    ending = fetched(fetcher, coding, packed)
    assert isinstance(ending, Failed)
    assert ending.cause in {"encoding", "truncated"}


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_what_says_that_it_is_packed_and_is_not(coding: str, fetcher: Fetcher) -> None:
    ending = fetched(fetcher, coding, PAGE)
    assert isinstance(ending, Fetched)
    assert ending.raw.body == PAGE


def test_what_is_broken_in_the_middle_is_read_as_far_as_it_came(fetcher: Fetcher) -> None:
    packed = bytearray(zlib.compress(PAGE + bytes(range(256)) * 2000, level=1))
    packed[-3000:] = bytes(3000)
    ending = fetched(fetcher, "deflate", bytes(packed))
    assert isinstance(ending, Fetched)
    assert ending.raw.body.startswith(PAGE)


def test_a_connection_is_used_again_after_a_packed_body(fetcher: Fetcher) -> None:
    """The end of the answer stands behind that of the packed data, and is read too."""
    connections = []

    def answer(x: Exchange) -> None:
        packed = gzip.compress(PAGE)
        connections.append(x)
        for _ in range(2):
            x.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n")
            x.send(b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed))
            x.connection.recv(65536)

    with site_of(answer) as site:
        for _ in range(2):
            assert isinstance(fetcher.fetch(claim(site.at("/"))), Fetched)
    assert len(connections) == 1
