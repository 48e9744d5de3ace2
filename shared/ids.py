"""Ids: a page's from its submitted URL (`shared.urls.page_url`), a record's from its page and what makes it itself.

Page: 20 letters of base32. Article: the page's id and `:a`. Comment: page, `:c:` and the native id, else a hash of
parent, author and text. Widget: page, `:w:`, kind and a hash of its text. Equal ids on one page get an ordinal.
"""

import base64
import hashlib
import re
from collections import Counter
from functools import reduce

PAGE_ID = re.compile(r"[a-z2-7]{20}")
_NATIVE = re.compile(r"[^A-Za-z0-9_.-]+")
# 100 bits: with ten million pages two share an id with a chance of about 4e-17 (birthday bound).
_BYTES = 13
_LETTERS = 20
_GROUP_LETTERS = 12
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


def _hash(*parts: str) -> str:
    """The first 100 bits of BLAKE2b (RFC 7693) over the parts, in lower-case base32 (RFC 4648)."""
    digest = hashlib.blake2b("\x00".join(parts).encode("utf-8", "surrogatepass"), digest_size=_BYTES)
    return base64.b32encode(digest.digest()).decode("ascii")[:_LETTERS].lower()


def page_id(url: str) -> str:
    """The id of the page behind a URL as `shared.urls.page_url` gives it; it never changes."""
    return _hash(url)


def source_id(kind: str, normalised_url: str) -> str:
    """The id of a source of URLs: a home page is a page beside being the way to a site's feeds."""
    return _hash(kind, normalised_url)


def article_id(page: str) -> str:
    """The id of a page's article."""
    return f"{page}:a"


class RecordIds:
    """Gives a page's records their ids, and equal ones an ordinal: `…`, `…~2`, `…~3`."""

    def __init__(self, page: str) -> None:
        """`page`: the page's id."""
        self._page = page
        self._seen: Counter[str] = Counter()

    def comment(self, native: str | None, parent: str | None, author: str | None, text: str) -> str:
        """A comment's id, by the site's own id for it where it has one."""
        own = _NATIVE.sub("-", native).strip("-")[:80] if native else ""
        return self._ordinal(f"{self._page}:c:{own or _hash(parent or '', author or '', text)}")

    def widget(self, kind: str, text: str) -> str:
        """A widget's id."""
        return self._ordinal(f"{self._page}:w:{kind}:{_hash(text)}")

    def _ordinal(self, base: str) -> str:
        self._seen[base] += 1
        return base if self._seen[base] == 1 else f"{base}~{self._seen[base]}"


def group_of(page: str) -> str:
    """What names a page's group of near-duplicates, by the page that leads it: a number of 60 bits of that one's id.

    In decimal digits; a store may keep it as a number. With ten million pages two share one with a chance of 4e-5.
    """
    return str(reduce(lambda number, letter: number << 5 | _BASE32.index(letter), page[:_GROUP_LETTERS], 0))


def page_of(record_id: str) -> str:
    """The id of the page that a record belongs to."""
    return record_id.partition(":")[0]
