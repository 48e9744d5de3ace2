"""What an image is, by its bytes; and which of an `img` element's candidates the archive holds."""

import re
from collections.abc import Iterator, Mapping

MOST_BYTES = 10_000_000
"""Of an image that is served."""

_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), name)
    for pattern, name in (
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF....WEBPVP", "image/webp"),
        (rb"....ftyp(?:avif|avis)", "image/avif"),
        (rb"BM", "image/bmp"),
        (rb"\0\0[\x01\x02]\0", "image/x-icon"),
    )
)
"""WHATWG MIME Sniffing 6.1, and AVIF, as browsers know it."""
# After what may stand before its root: an XML declaration, a doctype, comments.
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:(?:<\?[^>]*+>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\])?[^>]*+>)\s*+)*+<svg[\s>/]",
    re.DOTALL | re.IGNORECASE,
)
_LOOKED_AT = 4096
# Where scripts find the image that they put in the place of a lazy one's.
_LAZY = ("data-src", "data-lazy-src", "data-original")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_CANDIDATES = 20


def type_of(body: bytes) -> str | None:
    """The media type of an image; None where it is none that is served."""
    for pattern, name in _SIGNATURES:
        if pattern.match(body):
            return name
    return "image/svg+xml" if _SVG.match(body[:_LOOKED_AT]) else None


def candidates(attributes: Mapping[str, str | None]) -> Iterator[str]:
    """The references of an `img` or `source` to one picture: what a script would show before what stands for it."""
    for name in (*_LAZY, "src"):
        value = (attributes.get(name) or "").strip()
        if value and not value.startswith("#") and value[:5].lower() != "data:":
            yield value
    for name in _SETS:
        yield from of_set(attributes.get(name) or "")


def of_set(value: str) -> list[str]:
    """The references of a `srcset` (HTML Standard 4.8.4.2.1), the first ones."""
    found = []
    for part in re.split(r",\s+", value.strip())[:_CANDIDATES]:
        words = part.split(None, 1)
        if words and words[0][:5].lower() != "data:":
            found.append(words[0].strip(","))
    return [reference for reference in found if reference]
