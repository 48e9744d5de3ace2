"""Parents from lists beside comments: a list or an indented block that follows a comment holds the answers to it."""

import re
from bisect import bisect_left

from services.parser.comment_item import Item
from services.parser.platforms import also
from services.parser.visible_text import Element

_ANSWERS = re.compile(
    r"(?:^|[\s_-])(?:children|child-?(?:comments|posts|list)|repl(?:ies|y-?(?:list|thread|container))|nested|"
    rf"sub-?(?:comments?|thread|replies)|inner-?comments{also('answers')})(?:$|[\s_-])",
    re.IGNORECASE,
)
_LISTS = frozenset(["ul", "ol", "dl"])
_ENTRIES = frozenset(["li", "dd"])
# A block of more comments than this is no comment with its answers.
_MOST = 100


def nest_by_branch(items: list[Item]) -> bool:
    """Sets the parents of comments that stand in a list beside the comment which they answer; whether it found any."""
    found = False
    places = [i.element.index for i in items]
    for item in items:
        if item.parent is None and (owner := _owner(items, places, item)) is not None:
            item.parent = owner
            found = True
    return found


def _owner(items: list[Item], places: list[int], item: Item) -> Item | None:
    """The comment that the nearest list of answers around an item follows."""
    branch = item.element
    for up in item.element.ancestors():
        if _holds_answers(branch, up) and (owner := _last_beside(items, places, branch, up)) is not None:
            return owner
        branch = up
    return None


def _holds_answers(branch: Element, up: Element) -> bool:
    return _ANSWERS.search(branch.name) is not None or (branch.tag in _LISTS and up.tag in _ENTRIES)


def _last_beside(items: list[Item], places: list[int], branch: Element, up: Element) -> Item | None:
    """The last comment before a list of answers that stands beside it, and in no list of answers itself."""
    for n in range(bisect_left(up.children, branch.index, key=_place) - 1, -1, -1):
        child = up.children[n]
        start, end = bisect_left(places, child.index), bisect_left(places, child.end)
        if start == end or _holds_answers(child, up):
            continue
        inside = items[start : min(end, start + _MOST)]
        tops = [i for i in inside if i.parent is None or not child.has(i.parent.element)]
        return tops[0] if len(tops) == 1 else None
    return None


def _place(e: Element) -> int:
    return e.index
