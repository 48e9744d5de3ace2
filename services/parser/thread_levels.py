"""Parents from levels: where a thread is a flat list whose comments say how deep they stand, by an attribute, a class
('depth-2'), an indentation, or the width of an empty image."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from services.parser.comment_item import Item
from services.parser.platforms import also, named
from services.parser.visible_text import Element, VisiblePage

_ATTRIBUTES = (
    *named("depth"),
    "data-depth",
    "data-level",
    "data-comment-depth",
    "data-comment-level",
    "data-indent",
    "data-nesting-level",
    "aria-level",
    "level",
    *named("indent"),
)
_CLASS = re.compile(
    rf"(?:^|[\s_-])(?:depth|level|lvl|indent|nest(?:ed|ing)?|offset|tier{also('level')})(?:-?level)?[-_]?"
    r"(\d{1,2})(?:$|\s)",
    re.IGNORECASE,
)
_STYLE = re.compile(
    r"(?:^|[;\s])(?:(?:margin|padding)-(?:left|inline-start)\s*:\s*|margin\s*:\s*\S+\s+\S+\s+\S+\s+)(\d+(?:\.\d+)?)(?:px|r?em|%|ch)",
    re.IGNORECASE,
)
# Elements at a comment's beginning among which a spacer is looked for.
_FIRST = 10
# Threads show at most so many levels; more values are something else (a user's points).
_MOST_LEVELS = 25
# Share of the comments that must have an attribute or class, and that may stand more than one level below the last
# (its parent was removed).
_MOST_HAVE, _MAY_JUMP = 0.8, 0.1


def nest_by_level(page: VisiblePage, items: list[Item]) -> bool:
    """Sets the parents of a flat list's comments by their levels; whether it found any."""
    wrappers = [list(_wrappers(items, n)) for n in range(len(items))]
    starts = [page.inside(i.element)[1:_FIRST] for i in items]
    for values, may_lack in _sources(wrappers, starts):
        known = [v for v in values if v is not None]
        if len(set(known)) < 2 or (not may_lack and len(known) < _MOST_HAVE * len(items)):
            continue
        least = 0.0 if may_lack else min(known)
        levels = [least if v is None else v for v in values]
        if _is_thread(levels):
            _nest(items, levels)
            return True
    return False


def _sources(wrappers: list[list[Element]], starts: list[list[Element]]) -> Iterator[tuple[list[float | None], bool]]:
    """What may be each comment's level, and whether comments without one stand at the top."""
    for name in _ATTRIBUTES:
        yield [_attribute(name, w) for w in wrappers], False
    for name in named("indent"):
        yield [_attribute(name, s) for s in starts], False
    yield [_number(_CLASS, (e.get("class") for e in w)) for w in wrappers], False
    yield [_number(_STYLE, (e.get("style") for e in w)) for w in wrappers], True
    yield [_spacer(s) for s in starts], True


def _wrappers(items: list[Item], n: int) -> Iterable[Element]:
    """A comment's block and the elements around it that hold no other comment."""
    element = items[n].element
    yield element
    for up in element.ancestors():
        if n and up.index <= items[n - 1].element.index:
            return
        if n + 1 < len(items) and items[n + 1].element.index < up.end:
            return
        if up.tag == "body":
            return
        yield up


def _attribute(name: str, elements: Iterable[Element]) -> float | None:
    return next((float(v) for e in elements if (v := e.get(name)).isdecimal()), None)


def _number(pattern: re.Pattern[str], values: Iterable[str]) -> float | None:
    return next((float(found.group(1)) for v in values if v and (found := pattern.search(v))), None)


def _spacer(elements: list[Element]) -> float | None:
    """The width of an image one pixel high."""
    return next(
        (
            float(e.get("width"))
            for e in elements
            if e.tag == "img" and e.get("height") in ("0", "1") and e.get("width").isdecimal()
        ),
        None,
    )


def _is_thread(levels: list[float]) -> bool:
    """Whether these may be a thread's levels: from the top, and each at most one below the one before."""
    order = sorted(set(levels))
    if not 1 < len(order) <= _MOST_LEVELS or levels[0] != order[0]:
        return False
    ranks = [order.index(v) for v in levels]
    return sum(b > a + 1 for a, b in pairwise(ranks)) <= _MAY_JUMP * len(ranks)


def _nest(items: list[Item], levels: list[float]) -> None:
    opened: list[tuple[float, Item]] = []
    for level, item in zip(levels, items, strict=True):
        while opened and opened[-1][0] >= level:
            opened.pop()
        item.parent = opened[-1][1] if opened else None
        opened.append((level, item))
