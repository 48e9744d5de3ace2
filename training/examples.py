"""A page as rows to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.parser.engine import ask
from shared.markup.tree import source_of
from training.alignment import align, words_of
from training.pages import Page
from training.trees import Matrix

__all__ = ["Example", "example"]

# Words from which on a block of strings' pages counts in full, and what a page of a few known strings may weigh.
_FULL, _STRING_WEIGHT, _LEAST_WEIGHT = 60, 0.2, 0.05
# A block's weight is its share of the gold's words, of which a page of menus is taken to have at least this share.
_LEAST_GOLD = 0.15
# So that blocks of a word or two count at all: shared by all blocks of a page.
_SPREAD = 0.02
# Annotated pages of the other set stand beside ones whose text was checked by more people.
_ANNOTATED = 0.7


@dataclass(slots=True)
class Example:
    """What one page teaches."""

    rows: Matrix
    of_page: NDArray[np.float32]
    """The page's own numbers, for its kind."""
    in_thread: NDArray[np.bool_]
    main: NDArray[np.bool_]
    """Which blocks are of the main text."""
    weight: NDArray[np.float32]
    """How much each block counts; 0 where nothing is known of it."""


def example(page: Page) -> Example:
    """Reads the page and looks its gold up in it."""
    said = ask("example", html=source_of(page.path.read_bytes()).decode(), url=page.url)
    texts: list[str] = said["blocks"]
    in_thread = np.array(said["in_thread"], bool)
    words = np.array([len(words_of(t)) for t in texts], np.float32)
    of_page = np.array(said["page_row"], np.float32)
    rows = np.array(said["rows"], np.float32).reshape(len(texts), said["columns"])
    if page.text is not None:
        main = np.array(align(texts, page.text), bool)
        return Example(rows, of_page, in_thread, main, _weights(words, main))
    if page.parts is not None:
        main = np.array(align(texts, (page.parts["article"] or {}).get("text") or ""), bool)
        return Example(rows, of_page, in_thread, main, _weights(words, main) * _ANNOTATED)
    return Example(rows, of_page, in_thread, *_by_strings(page, texts, words))


def _weights(words: NDArray[np.float32], main: NDArray[np.bool_]) -> NDArray[np.float32]:
    """A block's weight: about what it changes of its page's F1."""
    if not len(words):
        return words
    gold = max(1.0, float(words[main].sum()), _LEAST_GOLD * float(words.sum()))
    weights: NDArray[np.float32] = (np.minimum(words / gold, 1) + _SPREAD / len(words)).astype(np.float32)
    return weights


def _by_strings(
    page: Page, texts: Sequence[str], words: NDArray[np.float32]
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """What strings that must and must not be in the text say of the blocks that hold them."""
    main = np.zeros(len(texts), bool)
    known = np.zeros(len(texts), bool)
    strings = [(" ".join(s.split()), yes) for yes, some in ((True, page.having), (False, page.lacking)) for s in some]
    for n, text in enumerate(texts):
        for string, yes in strings:
            if string and (string in text or (len(text) > 25 and text in string)):
                main[n], known[n] = yes, True
    weight = np.minimum(words / _FULL, 1) * _STRING_WEIGHT + _LEAST_WEIGHT
    return main, (weight * known).astype(np.float32)
