"""The trained models and what they are asked."""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from services.parser.columns import Matrix
from services.parser.features import page_row
from services.parser.kind_words import KindWords
from services.parser.trees import Trees
from shared.records import PageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

WEIGHTS: Final = Path(__file__).parent / "weights"
"""The weights that the parser comes with; docs/model-card.md says what they learnt from."""
KINDS: Final[tuple[PageKind, ...]] = (
    "article",
    "forum",
    "product",
    "collection",
    "listing",
    "documentation",
    "service",
)
"""The kinds of pages in the order of the model's outputs."""


@dataclass(frozen=True, slots=True)
class Models:
    """What labels a page."""

    kind: Trees
    """A page's kind."""
    main: Trees
    """Whether a block is what a reader came for."""
    whole: Trees
    """Whether an element is one widget."""
    widget: Trees
    """A widget's kind."""
    texts: KindWords
    """What a widget's words say of its kind."""
    names: KindWords
    """What the names in its markup say of it."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads what `save` wrote. Raises OSError where a file is missing."""
        parts: dict[str, Any] = {}
        for field in fields(cls):
            of_words = field.name in ("texts", "names")
            parts[field.name] = (KindWords if of_words else Trees).load(folder / f"{field.name}.npz")
        return cls(**parts)

    def save(self, folder: Path) -> None:
        """Writes a file for each."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(self):
            getattr(self, field.name).save(folder / f"{field.name}.npz")

    def kinds(self, rows: Matrix, in_thread: NDArray[np.bool_]) -> NDArray[np.float32]:
        """The probability of each of `KINDS`. `rows`: the blocks' features; `in_thread`: which stand in a comment."""
        return self.kind.probabilities(page_row(rows, in_thread)[None]).reshape(-1)

    def mains(self, rows: Matrix, in_thread: NDArray[np.bool_], kinds: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each block the probability that it is of what a reader came for: an article's text or a thread's, or of
        a page without one its list."""
        return self.main.probability(main_rows(rows, in_thread, kinds))

    def widgets(self, rows: Matrix, texts: "Sequence[Sequence[str]]", names: "Sequence[Sequence[str]]") -> Matrix:
        """For each box the probability of each kind of widget, and of none. `rows`: the boxes' (`element_features`);
        `texts`, `names`: their words (`kind_words`)."""
        columns = (rows, self.texts.scores(texts), self.names.scores(names))
        return self.widget.probabilities(np.concatenate(columns, axis=1, dtype=np.float32))


def main_rows(rows: Matrix, in_thread: NDArray[np.bool_], kinds: NDArray[np.float32]) -> Matrix:
    """The blocks' features with what was found of the page meanwhile."""
    found = np.broadcast_to(kinds.astype(np.float32), (len(rows), len(kinds)))
    return np.concatenate([rows, found, in_thread[:, None].astype(np.float32)], axis=1, dtype=np.float32)


def choose(p: NDArray[np.float32], words: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The blocks whose words, taken together, have the highest expected F1.

    `p`: each block's probability; `words`: how many it has. A set's expected F1 is about twice its expected hits over
    its size and the expected size of the gold, so the best set is a head of the blocks by falling probability.
    """
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum((p * words)[order])
    size = np.cumsum(words[order])
    chosen = np.zeros(len(p), bool)
    if len(p) and hits[-1] > 0:
        best = int(np.argmax(2 * hits / (size + hits[-1])))
        chosen[order[: best + 1]] = True
    return chosen


@lru_cache(maxsize=1)
def models() -> Models:
    """The weights that the parser comes with."""
    return Models.load(WEIGHTS)
