"""A thread put together from several places: sound parents, siblings in order, positions as a reader counts."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from shared.records import Comment

# Deeper replies stand beside those at this depth, as most sites show them: positions grow with depth.
_DEEPEST = 100

Place = Literal["by time", "before", "after"]


def is_nested(comments: Sequence[Comment]) -> bool:
    """Whether replies follow what they answer, all through the list."""
    children: dict[str | None, list[Comment]] = defaultdict(list)
    for comment in comments:
        children[comment.parent_id].append(comment)
    return [c.id for c in comments] == [c.id for c in _walk(children)]


def sound_parents(comments: Sequence[Comment]) -> list[Comment]:
    """The comments, with no parent where it is not among them or leads in a circle, and none deeper than a limit, or
    than the deepest now."""
    deepest = max(_DEEPEST, max((c.depth for c in comments), default=0))
    parents = {c.id: c.parent_id for c in comments}
    depths: dict[str | None, int] = {None: -1}
    for each in parents:
        path: dict[str, None] = {}
        at: str | None = each
        while at is not None and at not in depths:
            path[at] = None
            above = parents[at]
            if above is not None and (above not in parents or above in path):
                parents[at] = above = None
            at = above
        for ident in reversed(path):
            above = parents[ident]
            if depths[above] >= deepest and above is not None:
                parents[ident] = above = parents[above]
            depths[ident] = depths[above] + 1
    return [c if parents[c.id] == c.parent_id else c.model_copy(update={"parent_id": parents[c.id]}) for c in comments]


def ordered(own: Sequence[Comment], added: Sequence[Comment], place: Place, *, nested: bool) -> list[Comment]:
    """The page's own comments and those that were added, in the order that a reader meets them.

    Replies follow what they answer. Where the page itself lists its comments otherwise (not `nested`: a board in order
    of time, with links to what is answered), its list stays as it is, and what was added stands after or before it.
    """
    children: dict[str | None, list[Comment]] = defaultdict(list)
    for comment in own:
        children[comment.parent_id].append(comment)
    of: dict[str | None, list[Comment]] = defaultdict(list)
    for comment in added:
        of[comment.parent_id].append(comment)
    for parent, new in of.items():
        children[parent] = _together(children[parent], new, place)
    every = list(_walk(children))
    if nested:
        return every
    listed = {c.id for c in own}
    others = [c for c in every if c.id not in listed]
    return [*others, *own] if place == "before" else [*own, *others]


def numbered(comments: Iterable[Comment]) -> list[Comment]:
    """The comments with position and depth, where parents stand before their replies; others count as at the top."""
    positions: dict[str | None, str] = {}
    counts: dict[str | None, int] = defaultdict(int)
    done = []
    for comment in comments:
        above = comment.parent_id if comment.parent_id in positions else None
        counts[above] += 1
        position = f"{positions[above]}.{counts[above]}" if above is not None else str(counts[above])
        positions[comment.id] = position
        place = {"parent_id": above, "position": position, "depth": position.count(".")}
        same = comment.position == position and comment.parent_id == above
        done.append(comment if same else comment.model_copy(update=place))
    return done


def _walk(children: dict[str | None, list[Comment]]) -> Iterable[Comment]:
    """Each comment, its replies behind it."""
    pending = list(reversed(children.get(None, ())))
    while pending:
        comment = pending.pop()
        yield comment
        pending.extend(reversed(children.get(comment.id, ())))


def _together(own: list[Comment], new: list[Comment], place: Place) -> list[Comment]:
    """Siblings in order."""
    if place != "by time":
        return [*new, *own] if place == "before" else [*own, *new]
    known = [c.published_at for c in own if c.published_at is not None]
    newest_first = are_newest_first(own)
    dated = sorted((c for c in new if c.published_at), key=_time, reverse=newest_first)
    undated = [c for c in new if not c.published_at]
    if known != sorted(known, reverse=newest_first):
        # The best first, or no order at all.
        return [*own, *dated, *undated]
    return [*_merged(own, dated, newest_first=newest_first), *undated]


def are_newest_first(siblings: Sequence[Comment]) -> bool:
    """Whether comments stand in falling order of their times."""
    known = [c.published_at for c in siblings if c.published_at is not None]
    return len(set(known)) > 1 and known == sorted(known, reverse=True)


def _merged(own: list[Comment], new: list[Comment], *, newest_first: bool) -> list[Comment]:
    """Both in the order of their times; what has none of the page's own stays behind its neighbour."""
    sign = -1 if newest_first else 1
    keys: list[float] = []
    for comment in own:
        before = keys[-1] if keys else float("-inf")
        keys.append(sign * comment.published_at.timestamp() if comment.published_at else before)
    placed: dict[int, list[Comment]] = defaultdict(list)
    for comment in new:
        placed[bisect_right(keys, sign * _time(comment).timestamp())].append(comment)
    out = list(placed[0])
    for n, comment in enumerate(own, 1):
        out += [comment, *placed[n]]
    return out


def _time(comment: Comment) -> datetime:
    assert comment.published_at is not None  # noqa: S101 - callers ask only for those
    return comment.published_at
