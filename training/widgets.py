"""What annotated widgets teach: where to cut, and which kind a piece is."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from services.parser import kind_words, segmented
from services.parser.columns import Matrix
from services.parser.element_features import BOX_COLUMNS, ELEMENT_COLUMNS, WIDGET_KINDS, box_rows, is_short
from services.parser.labeller import Painter
from services.parser.labels import Label
from services.parser.models import Models
from training.alignment import words_of
from training.pages import Page

if TYPE_CHECKING:
    from services.parser.visible_text import Element

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
    """The words of each box (`kind_words.words_of`)."""
    names: list[list[str]]
    """Those in its markup."""


def widget_example(page: Page, models: Models) -> WidgetExample:
    """Cuts the page's annotated widgets out in the best way that its elements allow."""
    painter = Painter(segmented(page.path.read_bytes(), page.url), models)
    parts = page.parts or {"widgets": []}
    gold = [(Counter(words_of(w["text"])), w["kind"]) for w in parts["widgets"]]
    gold = [g for g in gold if g[0]]
    if not painter.visible.texts or not gold:
        return WidgetExample(
            np.zeros((0, len(ELEMENT_COLUMNS)), np.float32),
            np.zeros(0, bool),
            np.zeros(0, np.float32),
            np.zeros((0, len(BOX_COLUMNS)), np.float32),
            np.zeros(0, np.int64),
            [],
            [],
        )
    labels = painter.labels()
    table = painter.elements(labels)
    cut = _Cut(painter, labels, [g for g, _ in gold])
    visited, share = cut.decisions()
    whole = cut.whole[visited]
    margin = np.clip(np.abs(cut.keep[visited] - cut.split[visited]), _LEAST_WEIGHT, _MOST_WEIGHT)
    weight = (margin * share).astype(np.float32)
    boxes, kinds = [], []
    for box in painter.boxes(labels, cut.whole):
        own = Counter(words_of(" ".join(painter.visible.texts[n].value for n in box.texts)))
        best = max(gold, key=lambda g: overlap(own, g[0]))
        if overlap(own, best[0]) >= _FOUND and best[1] in WIDGET_KINDS:
            boxes.append(box)
            kinds.append(WIDGET_KINDS.index(best[1]))
        elif is_short(painter.visible, box):
            boxes.append(box)
            kinds.append(len(WIDGET_KINDS))
    rows = box_rows(painter.page, table, boxes)
    texts = [kind_words.words_of(painter.page, box) for box in boxes]
    names = [kind_words.names_of(painter.page, box) for box in boxes]
    return WidgetExample(table[visited], whole, weight, rows, np.array(kinds, np.int64), texts, names)


def overlap(a: Counter[str], b: Counter[str]) -> float:
    """Intersection over union of two multisets of words."""
    union = (a | b).total()
    return (a & b).total() / union if union else 0.0


class _Cut:
    """The best cut of a page's rest into widgets: for each element what it is worth whole, and cut further."""

    def __init__(self, painter: Painter, labels: list[Label | None], gold: list[Counter[str]]) -> None:
        self.page = painter.visible
        elements = self.page.elements
        free = np.array([0, *np.cumsum([label is None for label in labels])])
        words = [words_of(t.value) if labels[n] is None else [] for n, t in enumerate(self.page.texts)]
        self.free = np.array([free[e.last] - free[e.first] for e in elements])
        self.pure = np.array([f == e.last - e.first for f, e in zip(self.free, elements, strict=True)])
        self.keep = np.full(len(elements), -1e9)
        self.split = np.zeros(len(elements))
        for e in reversed(elements):
            if not self.free[e.index]:
                continue
            kids = [c for c in e.children if self.free[c.index]]
            self.split[e.index] = sum(max(self.keep[c.index], self.split[c.index]) for c in kids)
            if not kids:
                self.split[e.index] = -1e9
            if self.pure[e.index] and e.tag != "body":
                own = Counter(w for some in words[e.first : e.last] for w in some)
                best = max((overlap(own, g) for g in gold if not own.keys().isdisjoint(g)), default=0.0)
                self.keep[e.index] = best if best >= _FOUND else -_COST
            elif not kids:
                self.split[e.index] = 0
        self.whole: NDArray[np.bool_] = self.keep >= self.split

    def decisions(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The elements that are decided on, and what share of its weight each decision has: less below a widget."""
        found: list[tuple[int, float]] = []
        stack: list[tuple[Element, float]] = [(self.page.body, 1.0)]
        while stack:
            e, share = stack.pop()
            if not self.free[e.index]:
                continue
            kids = [c for c in e.children if c.last > c.first]
            if self.pure[e.index] and e.tag != "body" and kids:
                found.append((e.index, share))
                if self.whole[e.index]:
                    share = _BELOW
            stack.extend((c, share) for c in kids)
        found.sort()
        return np.array([n for n, _ in found], np.int64), np.array([share for _, share in found], np.float32)
