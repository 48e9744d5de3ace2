"""The models that are trained, and the questions that they answer in order."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from shared.records import PageKind, WidgetKind
from training.kind_words import KindWords
from training.trees import Matrix, Trees

KINDS: Final[tuple[PageKind, ...]] = tuple(kind for kind in get_args(PageKind) if kind != "other")
"""The kinds of pages in the order of the model's outputs."""
WIDGET_KINDS: Final[tuple[WidgetKind, ...]] = get_args(WidgetKind)
"""The kinds of widgets in the order of the model's outputs; one more output stands for what is no widget at all."""


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

    def save(self, folder: Path) -> None:
        """Writes a file for each, as `services.parser.engine` reads them."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(self):
            getattr(self, field.name).save(folder / f"{field.name}.npz")


def main_rows(rows: Matrix, in_thread: NDArray[np.bool_], kinds: NDArray[np.float32]) -> Matrix:
    """The blocks' features with what was found of the page meanwhile, as the core makes them for `main`."""
    found = np.broadcast_to(kinds.astype(np.float32), (len(rows), len(kinds)))
    return np.concatenate([rows, found, in_thread[:, None].astype(np.float32)], axis=1, dtype=np.float32)
