"""JSON-LD as pages really write it: broken, nested, listed, or huge. Nothing here raises for what a page holds."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from services.parser.references import unescape

Item = dict[str, Any]

# Characters of all blobs. The largest of 234 on 250 pages had 31,390; a million of small objects take some 75 ms.
_MOST_CHARS = 1_000_000
# A blob holds a page's own items near its top; what is deeper or later is lists of other pages' items.
_MOST_ITEMS = 200

_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_SPACE = re.compile(r"\s+")
_DECODER = json.JSONDecoder(strict=False)


def items_of(blobs: Sequence[str]) -> list[Item]:
    """The items that a page's blobs describe, in order: those at the top, in @graph, and as mainEntity of these."""
    budget = _MOST_CHARS
    items: list[Item] = []
    for text in blobs:
        budget -= len(text)
        if budget < 0:
            break
        for value in _values(text):
            _collect(value, items)
    return items


def _values(text: str) -> Iterator[object]:
    """The JSON values of a blob: one as a rule, several where pages write one after the other."""
    if "<!" in text or "-->" in text or "]]>" in text:
        text = _WRAPPING.sub("", _WRAPPING.sub("", text))
    text = text.strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        at, found = 0, []
        try:
            while at < len(attempt):
                value, at = _DECODER.raw_decode(attempt, at)
                found.append(value)
                at += len(attempt[at:]) - len(attempt[at:].lstrip(" \t\r\n,;"))
        except (ValueError, RecursionError):
            if not found:
                continue
        yield from found
        return


def _collect(value: object, items: list[Item]) -> None:
    pending = [value]
    while pending and len(items) < _MOST_ITEMS:
        value = pending.pop(0)
        if isinstance(value, list):
            pending[:0] = value[:_MOST_ITEMS]
        elif isinstance(value, dict):
            if isinstance(value.get("@graph"), list):
                pending[:0] = value["@graph"][:_MOST_ITEMS]
            if "@type" in value:
                items.append(value)
            main = value.get("mainEntity")
            if isinstance(main, dict | list) and "ItemList" not in types_of(value):
                pending.append(main)


def types_of(item: Item) -> list[str]:
    """The schema.org types of an item, without their prefix."""
    types = item.get("@type")
    names = types if isinstance(types, list) else [types]
    return [n.rstrip("/").rpartition("/")[2].rpartition(":")[2] for n in names if isinstance(n, str)]


def text_of(value: object) -> str | None:
    """A value as one line of text: itself, a number, or the first of a list, or what @value holds.

    HTML's character references stand in JSON-LD that a template wrote, though they mean nothing there.
    """
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return _SPACE.sub(" ", unescape(value)).strip() or None


def body_of(value: object) -> str | None:
    """A value as a text with its line breaks."""
    return unescape(value).strip() or None if isinstance(value, str) else None


def names_of(value: object, by_id: dict[str, Item]) -> list[str]:
    """Names of people or organisations, also where they are only referred to by @id."""
    names = []
    for one in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(one, dict) and "name" not in one:
            one = by_id.get(str(one.get("@id")), one)
        name = text_of(one)
        if name and "://" not in name:
            names.append(name)
    return names


def urls_of(value: object, by_id: dict[str, Item]) -> list[str]:
    """URLs of images: as text, as ImageObject, or as @id of one."""
    urls = []
    for one in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(one, dict):
            target = by_id.get(str(one.get("@id")), one)
            one = target.get("url") or target.get("contentUrl") or one.get("@id")
        if isinstance(one, list):
            one = one[0] if one else None
        if isinstance(one, str) and one:
            urls.append(one)
    return urls


def count_of(value: object) -> int | None:
    """A count that may be written as text."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def truth_of(value: object) -> bool | None:
    """A truth value that may be written as text, or as schema.org's own."""
    if isinstance(value, bool):
        return value
    word = text_of(value)
    return {"true": True, "false": False}.get(word.lower().rpartition("/")[2]) if word else None


def interactions(item: Item) -> int | None:
    """The number of comments among an item's interaction counters."""
    counters = item.get("interactionStatistic")
    for counter in counters if isinstance(counters, list) else [counters]:
        if isinstance(counter, dict):
            kind = counter.get("interactionType")
            name = (types_of(kind) or [""])[0] if isinstance(kind, dict) else str(kind)
            if name.rpartition("/")[2] in ("CommentAction", "ReplyAction"):
                return count_of(counter.get("userInteractionCount"))
    return None
