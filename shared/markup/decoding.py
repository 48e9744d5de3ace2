"""Bytes of a page to text: BOM, HTTP charset, meta charset, then a guess. Nothing here raises.

The order is the WHATWG's (https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding)
with one difference: a declaration that the bytes contradict is passed over, as half the wrong ones are found so. Bytes
contradict it if they are UTF-8, or cannot be decoded as declared (docs/parsing.md).
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import chardetng_py

from shared.markup.declared_encoding import in_header, in_page
from shared.markup.legacy_encodings import decode_as, fits

# The guess takes a millisecond for so many bytes, and more text changes it rarely.
_SAMPLE = 16_384
# Characters of two bytes that text in a Chinese, Japanese or Korean encoding may look like by chance, if it has no more
# than these beyond ASCII: one in seven of GBK's common pairs is valid UTF-8, five in a row are one in 17,000.
_BY_CHANCE = 4

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
# How UTF-16 without a BOM begins. The Standard names only `<?x`; no page in another encoding has a NUL beside its `<`.
_UTF_16 = ((b"<\0", "utf-16le"), (b"\0<", "utf-16be"))
_PAIRS = frozenset({"big5", "euc-jp", "euc-kr", "gb18030", "gbk", "shift_jis"})
# Escapes that 7-bit text in another encoding has: ISO-2022-…, and HZ.
_ESCAPES = re.compile(rb"\x1b|~\{")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text and the encoding that it was read in, by its name in the Encoding Standard."""

    text: str
    encoding: str
    body: bytes | None = None
    """The page's bytes, where they are the text in UTF-8."""

    @property
    def utf8(self) -> bytes:
        """The text in UTF-8."""
        return self.body if self.body is not None else self.text.encode()


def decode(body: bytes | str, content_type: str | None = None) -> Decoded:
    """The text of a page: no NUL, no lone surrogate, undecodable bytes as U+FFFD."""
    if isinstance(body, str):
        return Decoded(_clean(_SURROGATE.sub("\ufffd", body)), "utf-8")
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _read(body[len(bom) :], name)
    if (wide := _utf_16(body, content_type)) is not None:
        return _read(body, wide)
    if body.isascii():
        return _ascii(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and not body[: error.start].isascii()
        return _read(body, "utf-8") if cut else _legacy(body, content_type)
    if len(body) - len(text) <= _BY_CHANCE and (pairs := _pairs(body, content_type)) is not None:
        return pairs
    # Bytes are searched for a NUL thirty times faster than a text whose characters take two bytes each.
    return Decoded(_clean(text), "utf-8") if b"\0" in body else Decoded(text, "utf-8", body)


def _read(body: bytes, name: str) -> Decoded:
    return Decoded(_clean(decode_as(body, name)), name)


def _utf_16(body: bytes, content_type: str | None) -> str | None:
    """UTF-16 without a BOM: by the header, where the bytes can be, or by the page's beginning."""
    name = in_header(content_type)
    if name and name.startswith("utf-16") and b"\0" in body:
        return name
    return next((name for beginning, name in _UTF_16 if body.startswith(beginning)), None)


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """Names of the encodings that the response and the page declare, in order of precedence."""
    header = in_header(content_type)
    if header is not None and not header.startswith("utf-16"):
        yield header
    page = in_page(body)
    if page is not None:
        yield page


def _ascii(body: bytes, content_type: str | None) -> Decoded:
    """7-bit text: ASCII, whatever is declared, unless it has escapes of an encoding that only looks like it."""
    if not _ESCAPES.search(body):
        return _read(body, "utf-8")
    declared = next(_declared(body, content_type), None)
    if declared == "replacement":
        # HZ, ISO-2022-KR and -CN, which browsers do not read: their text may pass for markup (Encoding Standard 14.1).
        return _read(body, declared)
    guess = declared or _guess(body)
    return _read(body, "iso-2022-jp" if guess == "iso-2022-jp" else "utf-8")


def _pairs(body: bytes, content_type: str | None) -> Decoded | None:
    """The text in the encoding of pairs of bytes that is declared, where it is flawless there."""
    name = next(_declared(body, content_type), None)
    if name not in _PAIRS:
        return None
    decoded = _read(body, name)
    return decoded if "\ufffd" not in decoded.text else None


def _legacy(body: bytes, content_type: str | None) -> Decoded:
    """Bytes above ASCII that are not valid UTF-8."""
    if fits(text := body.decode("utf-8", "replace")):
        return Decoded(_clean(text), "utf-8")
    first: Decoded | None = None
    for name in _declared(body, content_type):
        decoded = _read(body, name)
        if fits(decoded.text):
            return decoded
        first = first or decoded
    guessed = _read(body, _guess(body))
    return first if first is not None and not fits(guessed.text) else guessed


def _guess(body: bytes) -> str:
    """By the look of a bounded part of the body around its first bytes beyond ASCII, never UTF-8."""
    start = re.search(rb"[\x80-\xff\x1b]", body)
    begin = max(0, start.start() - 256) if start else 0
    guess: str = chardetng_py.detect(body[begin : begin + _SAMPLE])
    return {"cp874": "windows-874"}.get(guess, guess.lower())


def _clean(text: str) -> str:
    """Without NULs, which HTML drops."""
    return text.replace("\0", "") if "\0" in text else text
