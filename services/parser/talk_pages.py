"""Talk pages of wikis: what was said is plain text, indented by lists and signed with a name and a time in brackets."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import takewhile

from services.parser.comment_item import Item
from services.parser.visible_text import INLINE, Element, VisiblePage

# "09:45, 12 March 2021 (UTC)", "12. Mär. 2021, 11:30 (CET)": how MediaWiki signs in any language.
_SIGNED = re.compile(r"(?=.*\b(?:19|20)\d\d\b)(?=.*\d{1,2}:\d\d).*\([A-Z]{2,5}\)$")
_LONGEST = 60
# Texts between a name and its time: a link to the writer's own talk page, brackets.
_NAME_BEFORE = 8
# Characters of what stands between the links of a signature.
_LONGEST_BETWEEN = 3
_LISTS = frozenset(["dl", "ul", "ol"])


def find_signed(page: VisiblePage) -> list[Item]:
    """The signed comments of a page, in document order and in their thread; none where fewer than two are signed."""
    found: dict[int, Item] = {}
    for n, t in enumerate(page.texts):
        if len(t.value) < _LONGEST and t.value.rstrip().endswith(")") and _SIGNED.match(t.value.strip()):
            item = _item(page, n, found)
            if item is not None:
                found[item.element.index] = item
    if len(found) < 2:
        return []
    items = list(found.values())
    for item in items:
        item.parent = _parent(item, found)
        if item.parent is not None and item.parent.element.has(item.element):
            item.parent.inner.append(item.element)
    return items


def _item(page: VisiblePage, number: int, found: dict[int, Item]) -> Item | None:
    """The comment that ends with a signature's time; None where no name stands before it."""
    time = page.texts[number].parent
    block = time
    while block.tag in INLINE and block.parent is not None:
        block = block.parent
    if block.tag == "body" or block.index in found:
        return None
    author = None
    for n in range(number - 1, max(block.first, number - _NAME_BEFORE) - 1, -1):
        e = page.texts[n].parent
        if e is not time and e.tag == "a" and e.get("href"):
            author = e
        elif len(page.texts[n].value.strip()) > _LONGEST_BETWEEN:
            break
    if author is None:
        return None
    item = Item(block, "post", body=[*_unsigned_before(block, found), block], author=author)
    if time is block:
        item.date_text = number
    else:
        item.date = time
    return item


def _before(e: Element) -> Iterator[Element]:
    """The elements beside one, from the nearest before it to the first."""
    siblings = e.parent.children if e.parent is not None else []
    for n in range(bisect_left(siblings, e.index, key=lambda s: s.index) - 1, -1, -1):
        yield siblings[n]


def _unsigned_before(block: Element, found: dict[int, Item]) -> list[Element]:
    """The paragraphs just before a signed one that are signed by nobody: the same comment's."""
    unsigned = takewhile(lambda e: e.tag == "p" and e.index not in found, _before(block))
    return [*unsigned][::-1] if block.tag == "p" else []


def _parent(item: Item, found: dict[int, Item]) -> Item | None:
    """The comment that the nearest list around a comment stands in or follows."""
    branch = item.element
    for up in item.element.ancestors():
        if up.index in found:
            return found[up.index]
        if branch.tag in _LISTS:
            beside = next((e for e in _before(branch) if e.tag not in _LISTS), None)
            if beside is not None and beside.index in found:
                return found[beside.index]
        branch = up
    return None
