"""A page as blocks: what a labeller weighs one by one. A block is the texts of one line or paragraph."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.parser.visible_text import INLINE, Element, VisiblePage


@dataclass(slots=True)
class Blocks:
    """The blocks of a page, in document order."""

    owners: list[Element]
    """The block-level element that each stands in."""
    first: NDArray[np.int32]
    """Number of each block's first text."""
    last: NDArray[np.int32]
    """One past the number of its last text."""
    texts: list[str]
    """Its words, in one line."""
    of_text: NDArray[np.int32]
    """Text number -> block number; one more entry, with the number of blocks, stands at the end."""

    def __len__(self) -> int:
        """How many."""
        return len(self.owners)

    def within(self, e: Element) -> slice:
        """The blocks that begin in an element."""
        return slice(int(self.of_text[e.first]), int(self.of_text[e.last]))


def blocks_of(page: VisiblePage) -> Blocks:
    """The page's blocks."""
    owners: list[Element] = []
    first: list[int] = []
    values: list[str] = []
    of_text: list[int] = []
    line = None
    at = -1
    parts: list[str] = []
    for n, t in enumerate(page.texts):
        if t.line != line:
            if parts:
                values.append(" ".join("".join(parts).split()))
                parts = []
            line = t.line
            owner = t.parent
            while owner.tag in INLINE and owner.parent is not None:
                owner = owner.parent
            owners.append(owner)
            first.append(n)
            at += 1
        elif not t.glued:
            parts.append(" ")
        parts.append(t.value)
        of_text.append(at)
    if parts:
        values.append(" ".join("".join(parts).split()))
    of_text.append(len(owners))
    return Blocks(
        owners,
        np.array(first, np.int32),
        np.array([*first[1:], len(page.texts)] if first else [], np.int32),
        values,
        np.array(of_text, np.int32),
    )


def smallest_with(page: VisiblePage, blocks: Blocks, weight: NDArray[np.float32], share: float) -> Element:
    """The smallest element that holds at least this share of the blocks' weight; `weight`: one number a block."""
    sums = np.concatenate([[0.0], np.cumsum(weight)])
    least = share * sums[-1]
    at, of_text = page.body, blocks.of_text
    while True:
        inner = next((c for c in at.children if sums[of_text[c.last]] - sums[of_text[c.first]] >= least), None)
        if inner is None:
            return at
        at = inner
