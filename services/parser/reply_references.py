"""Parents that a comment names: by an attribute ('data-parent-id'), a link to the comment that it answers, the words
'in reply to #3', or '@name' where it begins."""

import re
from collections import Counter
from collections.abc import Iterator

from services.parser.comment_item import Item, head_texts
from services.parser.platforms import also, named
from services.parser.reply_words import refers
from services.parser.visible_text import Element, VisiblePage

_PARENT_ATTRIBUTE = re.compile(
    r"^(?:data-)?(?:parent|reply-?to|in-?reply-?to)(?:-?(?:comment|post|reply|message))?"
    rf"(?:-?(?:id|cid{also('parent id')}))?$"
)
_ID_ATTRIBUTE = re.compile(rf"^(?:id|name|itemid|about|data-[\w-]*id{also('own id')})$")
# Ids of others than the comment itself.
_OTHERS_ID = re.compile(r"parent|reply|user|author|owner|member|thread|topic|subject|-[ut]id")
_PARENT_LINK = re.compile(
    rf"in-?reply-?to|replied-?to|reply-?to(?:$|\s)|jump-?to-?parent{also('parent link')}", re.IGNORECASE
)
# What such a link may say instead, and no more.
_PARENT_WORDS = frozenset(named("parent word"))
# Attributes that say what a link is for.
_LINK_NAMES = ("class", "rel", *named("link name"))
_NUMBER = re.compile(r"^\W*#\s?(\d{1,6})$")
_BEGINS_WITH_NUMBER = re.compile(r"\W*#\s?(\d{1,6})\b")
_SEPARATOR = re.compile(r"[-_:/=#?&.]+")
_LONGEST_REFERENCE = 200
# Words of a name at most.
_LONGEST_NAME = 5


def nest_by_reference(page: VisiblePage, items: list[Item]) -> None:
    """Sets the parents of comments that name them by id or link, or by a number of the thread."""
    ids = _ids(items)
    numbers: dict[int, Item] | None = None
    by_author: dict[str, Item] = {}
    before: set[int] = set()
    for item in items:
        names = (*_by_attribute(item), *_by_link(page, item))
        owner = next((ids[name] for name in names if name in ids), None)
        if owner is None and any(refers(t.value) is not None for t in head_texts(page, item)):
            numbers = _numbers(page, items) if numbers is None else numbers
            owner = _by_words(page, item, by_author, ids, numbers)
        if owner is not None and id(owner) in before:
            item.parent = owner
        before.add(id(item))
        if item.author is not None:
            by_author[page.text(item.author).casefold()] = item


def nest_by_mention(page: VisiblePage, items: list[Item]) -> None:
    """Sets the parents of a flat thread's comments that begin with '@' and the name of one who wrote before them: that
    one's last comment. Where a comment's microformat calls it a direct answer (`u-comment`), it stays one."""
    by_author: dict[str, Item] = {}
    by_address: dict[str, Item] = {}
    for item in items:
        first = _first_text(page, item)
        if first is not None and item.parent is None and "u-comment" not in item.element.get("class").split():
            words = page.text(item.body[0])[: _LONGEST_REFERENCE + 1].lstrip("@ ").casefold().split(" ")
            names = (" ".join(words[:n]) for n in range(min(_LONGEST_NAME, len(words)), 0, -1))
            owner = next(
                (by_author[name] for n in names for name in (n, n.rstrip(":,.!?;")) if name in by_author), None
            )
            links = (e.get("href") for e in page.inside(item.body[0]) if e.tag == "a" and e.first <= first + 1)
            item.parent = owner or next((by_address[link] for link in links if link in by_address), None)
        if item.author is not None:
            by_author[page.text(item.author).casefold()] = item
            if address := _address(item):
                by_address[address] = item


def _first_text(page: VisiblePage, item: Item) -> int | None:
    """The number of the body's first text, where that begins with '@'."""
    if not item.body or item.body[0].last == item.body[0].first:
        return None
    first = item.body[0].first
    return first if page.texts[first].value.lstrip().startswith("@") else None


def _address(item: Item) -> str:
    """Where the author's name leads."""
    if item.author is None:
        return ""
    around = (item.author, *list(item.author.ancestors())[:3])
    return next((e.get("href") for e in around if e.tag == "a"), "")


def _key(value: str) -> str:
    """The last part of an id or address: 'comment-501', '/comment/501' and '#comment-501' name the same."""
    parts = [p for p in _SEPARATOR.split(value.strip().lower()) if p]
    return parts[-1] if parts and any(c.isdigit() for c in parts[-1]) else ""


def _ids(items: list[Item]) -> dict[str, Item]:
    """The comments by their ids; what two of them have in common is no id."""
    names = [(name, item) for item in items for name in set(_own_names(item))]
    counts = Counter(name for name, _ in names)
    return {name: item for name, item in names if counts[name] == 1}


def _own_names(item: Item) -> Iterator[str]:
    for e in (item.element, *item.element.children[:2]):
        for name, value in e.attrs.items():
            if value and _ID_ATTRIBUTE.match(name) and not _OTHERS_ID.search(name) and (key := _key(value)):
                yield key
    if item.date is not None:
        for e in (item.date, *list(item.date.ancestors())[:2]):
            if e.tag == "a" and "#" in e.get("href") and (key := _key(e.get("href"))):
                yield key


def _by_attribute(item: Item) -> Iterator[str]:
    for e in (item.element, *item.element.children[:2]):
        for name, value in e.attrs.items():
            if value and _PARENT_ATTRIBUTE.match(name) and (key := _key(value)):
                yield key


def _outside(page: VisiblePage, item: Item) -> Iterator[Element]:
    """Elements of a comment's block that stand neither in its body nor in a comment inside it."""
    skip = {e.index: e.end for e in (*item.inner, *item.body)}
    at = item.element.index + 1
    while at < item.element.end:
        if at in skip:
            at = max(skip[at], at + 1)
            continue
        yield page.elements[at]
        at += 1


def _by_link(page: VisiblePage, item: Item) -> Iterator[str]:
    """Where links lead that name themselves a way to the comment's parent."""
    for e in _outside(page, item):
        if e.tag != "a" or not (href := e.get("href")):
            continue
        said = " ".join(map(e.get, _LINK_NAMES))
        if (_PARENT_LINK.search(said) or page.text(e).strip().lower() in _PARENT_WORDS) and (key := _key(href)):
            yield key


def _by_words(
    page: VisiblePage, item: Item, by_author: dict[str, Item], ids: dict[str, Item], numbers: dict[int, Item]
) -> Item | None:
    """The comment that the words 'in reply to …' name, by a link, a number or its author."""
    said = [e for e in _outside(page, item) if page.chars(e) < _LONGEST_REFERENCE and refers(page.text(e)) is not None]
    if said:
        e = min(said, key=page.chars)
        for x in page.inside(e):
            if x.tag == "a" and (owner := ids.get(_key(x.get("href")))) is not None and owner is not item:
                return owner
        rest = refers(page.text(e)) or ""
        number = _numbered(rest)
        return numbers.get(number) if number is not None else by_author.get(rest.strip(" :,.@").casefold())
    number = _numbered(refers(page.text(item.body[0])[:_LONGEST_REFERENCE]) or "") if item.body else None
    return numbers.get(number) if number is not None else None


def _numbered(words: str) -> int | None:
    """The number that words begin with ('#3, …')."""
    found = _BEGINS_WITH_NUMBER.match(words)
    return int(found.group(1)) if found else None


def _numbers(page: VisiblePage, items: list[Item]) -> dict[int, Item]:
    """The comments by the number that the page gives them ('#3')."""
    numbers: dict[int, Item] = {}
    for item in items:
        for e in _outside(page, item):
            if 0 < e.last - e.first < 3 and (found := _NUMBER.match(page.text(e))):
                numbers.setdefault(int(found.group(1)), item)
                break
    return numbers
