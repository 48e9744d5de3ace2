"""A thread in parts of a size that a browser can hold, each comment in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.records import Comment

PART = 200
"""Comments on one part of a page."""
# Levels that are shown by indenting; deeper ones say whom they answer.
_LEVELS = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment, and how it is placed beside the one before."""

    comment: Comment
    key: str
    """Its anchor on the page."""
    down: bool
    """It is the first answer to the comment before."""
    up: int
    """So many levels end before it."""
    below: int
    """Comments on this part that stand indented under it."""
    answers: Comment | None
    """What it answers, where that is not plain from its place: deeper than what is indented, or on another part."""
    here: bool
    """Whether that stands on this part."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a thread."""

    number: int
    of: int
    shown: tuple[Shown, ...]
    closing: int
    """Levels that are open behind the last."""


def anchor(comment_id: str) -> str:
    """The fragment under which a record stands on its page: `c-…`, `w-…`, `a`."""
    kind, _, rest = comment_id.partition(":")[2].partition(":")
    return f"{kind}-{rest}" if rest else kind


def parts_of(count: int) -> int:
    """How many parts a thread of so many comments has, at least one."""
    return max(1, -(-count // PART))


def part_with(comments: Sequence[Comment], comment_id: str) -> int:
    """The number of the part that holds a comment; 1 where none does."""
    found = next((n for n, comment in enumerate(comments) if comment.id == comment_id), 0)
    return found // PART + 1


def part(comments: Sequence[Comment], number: int) -> Part:
    """A part, numbered from 1, of comments in the order of their positions."""
    by_id = {comment.id: comment for comment in comments}
    held = comments[(number - 1) * PART : number * PART]
    levels: list[int] = []
    level_of: dict[str, int] = {}
    for comment in held:
        above = level_of.get(comment.parent_id or "")
        # What answers something further up than the comment before stands where its level allows.
        level = 0 if above is None else min(above + 1, _LEVELS - 1, levels[-1] + 1)
        level_of[comment.id] = level
        levels.append(level)
    below = _below(levels)
    shown: list[Shown] = []
    for n, comment in enumerate(held):
        before = levels[n - 1] if n else 0
        parent = by_id.get(comment.parent_id or "")
        here = parent is not None and parent.id in level_of
        plain = parent is None or (here and level_of[parent.id] == levels[n] - 1)
        shown.append(
            Shown(
                comment,
                anchor(comment.id),
                down=levels[n] > before,
                up=max(0, before - levels[n]),
                below=below[n],
                answers=None if plain else parent,
                here=here,
            )
        )
    return Part(number, parts_of(len(comments)), tuple(shown), levels[-1] if levels else 0)


def _below(levels: Sequence[int]) -> list[int]:
    """How many of the next ones stand deeper, up to the first that does not."""
    found = [0] * len(levels)
    open_: list[int] = []
    for n, level in enumerate([*levels, -1]):
        while open_ and levels[open_[-1]] >= level:
            at = open_.pop()
            found[at] = n - at - 1
        open_.append(n)
    return found
