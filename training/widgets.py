"""What annotated widgets teach: where to cut, and which kind a piece is."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.parser.engine import core_with
from shared.markup.tree import source_of
from training.alignment import words_of
from training.models import WIDGET_KINDS
from training.pages import Page
from training.trees import Matrix

# A piece counts as an annotated widget from this intersection over union on, as the measure has it. Else it costs what
# a false find takes of an F1 of 0.6, over what a true one adds: F / (2 - F).
_FOUND, _COST = 0.5, 0.4
# What a decision weighs at least and at most: one that changes nothing teaches little, and a menu cut into a hundred
# links is no hundred times worse than one cut in two.
_LEAST_WEIGHT, _MOST_WEIGHT = 0.05, 4.0
# Of decisions that come only after a wrong one.
_BELOW = 0.3


@dataclass(slots=True)
class WidgetExample:
    """What one annotated page teaches of widgets."""

    elements: Matrix
    whole: NDArray[np.bool_]
    weight: NDArray[np.float32]
    boxes: Matrix
    kinds: NDArray[np.int64]
    """Places in `WIDGET_KINDS`; past them where a piece is none."""
    texts: list[list[str]]
    """The words of each box."""
    names: list[list[str]]
    """Those in its markup."""


def widget_example(page: Page, weights: Path) -> WidgetExample | None:
    """Cuts the page's annotated widgets out in the best way that its elements allow; None where it has none.

    `weights`: of the models that label what is no widget.
    """
    core = core_with(weights)
    about = {"html": source_of(page.path.read_bytes()).decode(), "url": page.url}
    parts = page.parts or {"widgets": []}
    gold = [(Counter(words_of(w["text"])), w["kind"]) for w in parts["widgets"]]
    gold = [g for g in gold if g[0]]
    uncut = core.call("uncut", **about) if gold else None
    if uncut is None:
        return None
    cut = _Cut(uncut, [g for g, _ in gold])
    visited, share = cut.decisions()
    whole = cut.whole[visited]
    margin = np.clip(np.abs(cut.keep[visited] - cut.split[visited]), _LEAST_WEIGHT, _MOST_WEIGHT)
    weight = (margin * share).astype(np.float32)
    boxes = core.call("boxes", whole=cut.whole.tolist(), **about)
    chosen, kinds = [], []
    for n, box in enumerate(boxes["boxes"]):
        own = Counter(words_of(" ".join(uncut["texts"][k] for k in box["texts"])))
        best = max(gold, key=lambda g: overlap(own, g[0]))
        if overlap(own, best[0]) >= _FOUND and best[1] in WIDGET_KINDS:
            chosen.append(n)
            kinds.append(WIDGET_KINDS.index(best[1]))
        elif box["is_short"]:
            chosen.append(n)
            kinds.append(len(WIDGET_KINDS))
    table = np.array(uncut["table"], np.float32)
    rows = np.array([boxes["rows"][n] for n in chosen], np.float32).reshape(len(chosen), boxes["columns"])
    texts, names = ([boxes[what][n] for n in chosen] for what in ("words", "names"))
    return WidgetExample(table[visited], whole, weight, rows, np.array(kinds, np.int64), texts, names)


def overlap(a: Counter[str], b: Counter[str]) -> float:
    """Intersection over union of two multisets of words."""
    union = (a | b).total()
    return (a & b).total() / union if union else 0.0


class _Element(NamedTuple):
    tag: str
    first: int
    last: int
    children: list[int]


class _Cut:
    """The best cut of a page's rest into widgets: for each element what it is worth whole, and cut further."""

    def __init__(self, uncut: dict[str, Any], gold: list[Counter[str]]) -> None:
        """`uncut`: as the core says it: the page's `texts`, which of them are `free`, and its `elements`."""
        self.elements = [_Element(*e) for e in uncut["elements"]]
        is_free = uncut["free"]
        free = np.array([0, *np.cumsum(is_free)])
        words = [words_of(t) if is_free[n] else [] for n, t in enumerate(uncut["texts"])]
        self.free = np.array([free[e.last] - free[e.first] for e in self.elements])
        self.pure = np.array([f == e.last - e.first for f, e in zip(self.free, self.elements, strict=True)])
        self.keep = np.full(len(self.elements), -1e9)
        self.split = np.zeros(len(self.elements))
        for n in reversed(range(len(self.elements))):
            if not self.free[n]:
                continue
            e = self.elements[n]
            kids = [c for c in e.children if self.free[c]]
            self.split[n] = sum(max(self.keep[c], self.split[c]) for c in kids)
            if not kids:
                self.split[n] = -1e9
            if self.pure[n] and e.tag != "body":
                own = Counter(w for some in words[e.first : e.last] for w in some)
                best = max((overlap(own, g) for g in gold if not own.keys().isdisjoint(g)), default=0.0)
                self.keep[n] = best if best >= _FOUND else -_COST
            elif not kids:
                self.split[n] = 0
        self.whole: NDArray[np.bool_] = self.keep >= self.split

    def decisions(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The elements that are decided on, and what share of its weight each decision has: less below a widget."""
        found: list[tuple[int, float]] = []
        stack: list[tuple[int, float]] = [(0, 1.0)]
        while stack:
            n, share = stack.pop()
            if not self.free[n]:
                continue
            e = self.elements[n]
            kids = [c for c in e.children if self.elements[c].last > self.elements[c].first]
            if self.pure[n] and e.tag != "body" and kids:
                found.append((n, share))
                if self.whole[n]:
                    share = _BELOW
            stack.extend((c, share) for c in kids)
        found.sort()
        return np.array([n for n, _ in found], np.int64), np.array([share for _, share in found], np.float32)
