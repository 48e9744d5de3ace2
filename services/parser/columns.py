"""A page's elements as columns: sizes, places, names and tags around each, and how they repeat."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.parser.blocks import Blocks
from services.parser.name_groups import GROUPS, groups_of_name
from services.parser.visible_text import Element, VisiblePage

Matrix = NDArray[np.float32]

# Elements looked at around a block beside its own.
STEPS = 5
# Distances beyond this say no more.
FAR = 8
AROUND: Final = (
    "nav header footer aside main article section form table ul ol dl figure blockquote details button td".split()
)
_BIT: Final = {tag: n for n, tag in enumerate(AROUND)}
_ROLES: Final = {
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "main": "main",
    "article": "article",
    "search": "form",
    "dialog": "details",
}


class Columns:
    """Numbers of a page's elements, as columns."""

    def __init__(self, page: VisiblePage, blocks: Blocks) -> None:
        """Reads all elements once."""
        elements = page.elements
        self.parent = np.array([e.parent.index if e.parent else 0 for e in elements], np.int32)
        self.depth = np.array([e.depth for e in elements], np.int32)
        first = np.array([e.first for e in elements], np.int32)
        last = np.array([e.last for e in elements], np.int32)
        self.has_text = last > first
        self.first, self.last = blocks.of_text[first], blocks.of_text[last]
        order = np.argsort(self.depth, kind="stable")
        ends = np.searchsorted(self.depth[order], np.arange(int(self.depth.max(initial=0)) + 2))
        self.levels = [order[a:b] for a, b in pairwise(ends[1:])]
        """The elements of each depth, from body's children down."""
        kinds = [f"{e.tag} {c.partition(' ')[0] if (c := e.attrs.get('class')) else ''}" for e in elements]
        ids = {kind: n for n, kind in enumerate(dict.fromkeys(kinds))}
        self.kind = np.array([ids[kind] for kind in kinds], np.int64)
        self.names, self.around = self._distances(elements)
        """How many levels above each element one of each group is named, or one of each tag stands."""
        # Siblings of one tag and class, and the signature of the path of three.
        key = self.parent.astype(np.int64) * (len(ids) + 1) + self.kind
        _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
        self.siblings = counts[inverse].astype(np.float32)
        up, upup = self.parent, self.parent[self.parent]
        path = (self.kind * 1_000_003 + self.kind[up]) * 1_000_003 + self.kind[upup]
        self.path = path

    def _distances(self, elements: list[Element]) -> tuple[Matrix, Matrix]:
        """Levels up to the next of each group, `FAR` where none; and of each tag, `FAR * 2` where none."""
        groups, width = len(GROUPS), len(GROUPS) + len(AROUND)
        far = np.full(width, FAR, np.uint8)
        far[groups:] = FAR * 2
        rows = np.tile(far, (len(elements), 1))
        found = [e.index * width + n for e in elements if e.name for n in groups_of_name(e.name)]
        for e in elements:
            if e.tag in _BIT:
                found.append(e.index * width + groups + _BIT[e.tag])
            if (role := e.attrs.get("role")) and role in _ROLES:
                found.append(e.index * width + groups + _BIT[_ROLES[role]])
        rows.reshape(-1)[found] = 0
        for level in self.levels:
            above = rows.take(self.parent[level], axis=0)
            above += 1
            rows[level] = np.minimum(rows.take(level, axis=0), above)
        return rows[:, :groups].astype(np.float32), rows[:, groups:].astype(np.float32)


def around(tree: Columns, owner: NDArray[np.int32], held: NDArray[np.float32]) -> list[NDArray[np.int32]]:
    """Elements around each block: its own, and `STEPS` times the next that holds more blocks than the one before."""
    bigger = _next_bigger(tree, held)
    found = [owner]
    for _ in range(STEPS):
        found.append(bigger[found[-1]])
    return found


def _next_bigger(tree: Columns, held: NDArray[np.float32]) -> NDArray[np.int32]:
    """For each element the nearest around it with more blocks in it."""
    up = tree.parent.copy()
    for level in tree.levels:
        above = up[level]
        up[level] = np.where(held[above] <= held[level], up[above], above)
    return up
