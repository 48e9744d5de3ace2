"""What a fuzzer starts from: pages that fit its limit, small inputs of many kinds, and words that markup is made of."""

import re
from collections.abc import Iterator
from pathlib import Path

from bench.fuzz.check import join
from bench.fuzz.mutations import ATTRIBUTES, CHARSETS, CODECS, MOST, TAGS, TEXTS

_RAW = re.compile(rb"(<(script|style|svg)\b[^>]*>)(.*?)(</\2\s*>)", re.DOTALL | re.IGNORECASE)
# Bytes of a script or style that are left; JSON-LD is read, so it stays.
_LEFT = 200


def pages(folder: Path) -> Iterator[bytes]:
    """The pages of a folder and those below it, scripts and styles shortened, and cut where they are still too long."""
    for path in sorted(folder.rglob("*.html")):
        yield _RAW.sub(_shortened, path.read_bytes())[: MOST * 3 // 4]


def _shortened(found: re.Match[bytes]) -> bytes:
    start, _, content, end = found.groups()
    return found[0] if b"json" in start.lower() else start + content[:_LEFT] + end


def small() -> Iterator[bytes]:
    """Small inputs: nothing, what is no page, and one page in many encodings."""
    yield from (b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"%PDF-1.7\n%\xe2\xe3", b"\x89PNG\r\n\x1a\n\0\0", b"{}", b"x")
    for text in TEXTS:
        yield f"<p>{text}".encode()
    page = (
        "<!doctype html><html lang=ru><title>Дом</title><body><article><h1>Дом у реки</h1><p class=byline>By Jane Roe"
        "<time datetime=2024-05-06>6 мая 2024</time><p>Съешь же ещё этих мягких булок, да выпей чаю.</article>"
        '<ol><li id="comment-1" class="comment"><cite>Ann</cite>, 5 minutes ago: <p>日本</ol><nav><a href=/>Ä</a></nav>'
    )
    for codec in CODECS:
        yield page.encode(codec, "replace")
    for charset in CHARSETS:
        yield join(page.encode(), f"text/html; charset={charset}")


def words() -> Iterator[bytes]:
    """What libFuzzer puts into inputs: tags, attributes, names of encodings, odd texts."""
    for tag in TAGS:
        yield from (f"<{tag}>".encode(), f"</{tag}>".encode())
    for word in (*ATTRIBUTES, *TEXTS, *CHARSETS):
        encoded = word.encode()
        # Longer ones it does not take.
        if len(encoded) <= 60:
            yield encoded
    yield from (
        b"<meta charset=",
        b"Content-Type: text/html; charset=",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"<?xml encoding='",
    )


def dictionary() -> str:
    """The words as a dictionary of libFuzzer's."""
    return "".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in words())
