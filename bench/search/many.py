"""Many records made of real ones, so that their words are as many and as frequent as in so many real ones.

Each copy of a page gets an address, dates and rare words of its own. Words that stand in at least one record of 1,000
stay as they are: however much is read, they come again in the same share of records. Of the others more and more are
met: by Heaps' law with the exponent 0.6, 25 times the records have 7 times the words. So in the nth copy a rare word is
one of n to the 0.6 (itself, or its letters turned round), the same one throughout the copy: what is said twice on a
page, in title and text, a phrase and its quotation, stays the same, and copies are no near-duplicates.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count as counter
from typing import Any

from shared.ids import page_id
from shared.records import ParsedPage

_RARE = 1 / 1000
_HEAPS = 0.6
# Years by which a copy is older than its page.
_YEARS = 8
# Shorter words are hardly ever rare, and turned round they would often be other ones.
_WORD = re.compile(r"[^\W\d_]{4,}")


def many(pages: Sequence[ParsedPage], count: int, skipped: int = 0) -> Iterator[ParsedPage]:
    """Pages with at least `count` records together, pages' own included; the first ones are the real ones.

    `skipped`: so many pages are left out at the start, without being made.
    """
    rare = _rare_words(pages)
    made = 0
    for number in counter():
        copy, place = divmod(number, len(pages))
        if made >= count:
            return
        made += records_of(pages[place])
        if number >= skipped:
            yield _copied(pages[place], copy, rare) if copy else pages[place]


def copies(pages: Sequence[ParsedPage], first: int) -> Iterator[ParsedPage]:
    """Copies of all pages without end, from the one of number `first` on."""
    rare = _rare_words(pages)
    for copy in counter(first):
        yield from (_copied(page, copy, rare) for page in pages)


def records_of(page: ParsedPage) -> int:
    """How many records a page has, its own included."""
    return 1 + (page.article is not None) + len(page.comments) + len(page.widgets)


def _rare_words(pages: Sequence[ParsedPage]) -> frozenset[str]:
    records = sum(map(records_of, pages))
    found: Counter[str] = Counter()
    for page in pages:
        for record in (page.article, *page.comments, *page.widgets):
            if record is not None:
                found.update({word.lower() for word in _WORD.findall(record.text)})
    return frozenset(word for word, count in found.items() if count < records * _RARE)


def _copied(page: ParsedPage, copy: int, rare: frozenset[str]) -> ParsedPage:
    url = f"{page.page.url}/{copy}"
    old, new = page.page.id, page_id(url)
    variants = round((copy + 1) ** _HEAPS)
    older = timedelta(days=zlib.crc32(new.encode()) % (365 * _YEARS))

    def varied(match: re.Match[str]) -> str:
        word = match.group()
        lower = word.lower()
        if lower not in rare:
            return word
        at = zlib.crc32(f"{copy}{lower}".encode()) % variants % len(word)
        turned = lower[at:] + lower[:at]
        return turned if word == lower else turned.capitalize()

    def changed(record: dict[str, Any]) -> dict[str, Any]:
        for name, value in record.items():
            if name in ("title", "text", "author", "description", "source"):
                record[name] = _WORD.sub(varied, value) if value else value
            elif name in ("authors", "tags"):
                record[name] = [_WORD.sub(varied, each) for each in value]
            elif name in ("published_at", "modified_at", "edited_at"):
                record[name] = value - older if value else value
            elif name in ("id", "page_id", "parent_id"):
                record[name] = value.replace(old, new) if value else value
        return record

    whole = page.model_dump(exclude={"segments"})
    whole["page"] = changed(whole["page"]) | {"url": url, "final_url": url, "canonical_url": url}
    whole["article"] = changed(whole["article"]) if whole["article"] else None
    for kind in ("comments", "widgets"):
        whole[kind] = [changed(record) for record in whole[kind]]
    return ParsedPage.model_validate(whole)
