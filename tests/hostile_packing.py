"""What the hostile site answers where the body is packed, badly or in bad faith."""

import gzip
from functools import cache

import brotli
import zstandard

from tests.hostile_exchange import Answer, Exchange

_PAGE = b"<!DOCTYPE html><title>Packed</title>" + b"".join(
    b"<p>The %dth sentence of a page that was packed with care, and sent as it is.</p>" % n for n in range(400)
)
_RUBBISH = bytes(n * n % 251 for n in range(5000))


@cache
def _brotli_bomb() -> bytes:
    """100 MB of zeros."""
    packer = brotli.Compressor(quality=5)
    zeros = bytes(1_000_000)
    return b"".join([*(packer.process(zeros) for _ in range(100)), packer.finish()])


@cache
def _zstd_bomb() -> bytes:
    """100 MB of zeros."""
    packer = zstandard.ZstdCompressor().compressobj()
    zeros = bytes(1_000_000)
    return b"".join([*(packer.compress(zeros) for _ in range(100)), packer.flush()])


@cache
def _members() -> bytes:
    return gzip.compress(b"a") * 200_000


def _window() -> bytes:
    """RFC 8878 3.1.1.1.2: a window of 2^31 bytes; then a block of one letter."""
    return b"\x28\xb5\x2f\xfd" + b"\x00" + bytes([(31 - 10) << 3]) + b"\x0b\x00\x00a"


def _packed(coding: str, body: bytes) -> Answer:
    def answer(x: Exchange) -> None:
        x.reply(body, Content_Encoding=coding)

    return answer


PACKED: dict[str, Answer] = {
    "/bomb/brotli": lambda x: _packed("br", _brotli_bomb())(x),
    "/bomb/zstd": lambda x: _packed("zstd", _zstd_bomb())(x),
    "/bomb/twice": lambda x: _packed("gzip, br", brotli.compress(gzip.compress(bytes(10_000_000))))(x),
    "/bomb/small": lambda x: _packed("gzip", gzip.compress(bytes(9_000_000)))(x),
    "/bomb/members": lambda x: _packed("gzip", _members())(x),
    "/bomb/window": _packed("zstd", _window()),
    "/packed/gzip": _packed("gzip", b"\x1f\x8b\x08" + _RUBBISH),
    "/packed/deflate": _packed("deflate", _RUBBISH),
    "/packed/brotli": _packed("br", _RUBBISH),
    "/packed/zstd": _packed("zstd", b"\x28\xb5\x2f\xfd" + _RUBBISH),
    "/packed/cut": lambda x: x.head(Content_Encoding="br").send(brotli.compress(_PAGE, quality=1)[:-100]),
    "/packed/unknown": _packed("compress", _PAGE),
    "/packed/brotli-good": _packed("br", brotli.compress(_PAGE)),
    "/packed/zstd-good": _packed("zstd", zstandard.ZstdCompressor().compress(_PAGE)),
}
