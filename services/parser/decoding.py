"""Bytes of a page to text: BOM, HTTP charset, meta charset, UTF-8 validity, then a guess. Nothing here raises.

The order is the WHATWG's (https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding)
with one difference: a declaration that the bytes contradict is passed over, as half the wrong ones are found so.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import webencodings
from charset_normalizer import from_bytes

# The standard prescans 1,024 bytes; many pages have their scripts first, so we look further, as browsers do that find
# the declaration later and begin again.
_PRESCAN = 100_000
# charset-normalizer's time grows with the sample: 20 ms for 16 KB here, and more text changes the guess rarely.
_SAMPLE = 16_384
# A text in the right encoding may hold a foreign snippet or be cut in mid-character; above this share of its characters
# beyond ASCII being undecodable the encoding is the wrong one.
_TOLERATED = 0.1

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HTTP = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_META = re.compile(rb"<meta[\s/][^>]{0,2000}?charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text and the encoding that it was read in."""

    text: str
    encoding: str


def decode(body: bytes | str, content_type: str | None = None) -> Decoded:
    """The text of a page: no NUL, no lone surrogate, undecodable bytes as U+FFFD."""
    if isinstance(body, str):
        return Decoded(_clean(_SURROGATE.sub("\ufffd", body)), "utf-8")
    for bom, name in _BOMS:
        if body.startswith(bom):
            return Decoded(_clean(body[len(bom) :].decode(name, "replace")), name)
    try:
        if _may_be_utf8(body, content_type):
            text = body.decode("utf-8")
            # Bytes are searched for a NUL thirty times faster than a text whose characters take two bytes each.
            return Decoded(_clean(text) if b"\0" in body else text, "utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return Decoded(_clean(body.decode("utf-8", "replace")), "utf-8")
    return _legacy(body, content_type)


def _may_be_utf8(body: bytes, content_type: str | None) -> bool:
    """Whether valid UTF-8 may be taken at its word: with bytes above ASCII always; else unless 7-bit text is declared
    that only looks like ASCII (ISO-2022-JP)."""
    return not body.isascii() or "iso-2022-jp" not in _declared(body, content_type)


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """Names of the encodings that the response and the page declare, in order of precedence."""
    labels = []
    if content_type and (found := _HTTP.search(content_type)):
        labels.append(found.group(1))
    head = _COMMENT.sub(b"", body[:_PRESCAN])
    labels += [m.group(1).decode("latin-1") for m in (_XML.match(head), _META.search(head)) if m]
    for label in labels:
        encoding = webencodings.lookup(label)
        if encoding is not None:
            # A page whose meta could be read as bytes is not UTF-16, whatever it says (WHATWG, 13.2.3.2, step 15).
            name = encoding.name
            yield "utf-8" if name.startswith("utf-16") else "windows-1252" if name == "x-user-defined" else name


def _legacy(body: bytes, content_type: str | None) -> Decoded:
    """Bytes that are not valid UTF-8, or are declared as something that looks like ASCII."""
    if not body.isascii() and _fits(text := body.decode("utf-8", "replace")):
        return Decoded(_clean(text), "utf-8")
    worst: Decoded | None = None
    for name in _declared(body, content_type):
        text = webencodings.lookup(name).codec_info.decode(body, "replace")[0]
        if _fits(text):
            return Decoded(_clean(text), name)
        worst = worst or Decoded(_clean(text), name)
    guess = from_bytes(_sample(body), steps=3, chunk_size=512).best()
    if guess is not None:
        return Decoded(_clean(body.decode(guess.encoding, "replace")), guess.encoding)
    return worst or Decoded(_clean(body.decode("windows-1252", "replace")), "windows-1252")


def _fits(text: str) -> bool:
    """Whether a text is decoded well enough to have been in this encoding."""
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") <= _TOLERATED * beyond


def _sample(body: bytes) -> bytes:
    """A bounded part of the body around its bytes above ASCII, where the encoding shows."""
    first = re.search(rb"[\x80-\xff]", body)
    start = max(0, first.start() - 256) if first else 0
    return body[start : start + _SAMPLE]


def _clean(text: str) -> str:
    """Without NULs, which HTML drops."""
    return text.replace("\0", "") if "\0" in text else text
