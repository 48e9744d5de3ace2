"""What a widget's words, and the names in its markup, say of its kind: naive Bayes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from services.parser.columns import Matrix
from services.parser.keywords import CAMEL
from services.parser.segments import SegmentedPage
from services.parser.widget_rules import Box

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
# What is looked at of a box: its first texts and their characters, its first elements and the characters of their
# names, and so many words of each.
_TEXTS, _CHARS, _ELEMENTS, _NAME_CHARS = 60, 800, 40, 600
_MOST_WORDS, _MOST_NAMES = 60, 40


@dataclass(frozen=True, slots=True)
class KindWords:
    """What each word says of each kind. Shapes: words W, kinds C."""

    words: dict[str, int]
    """Word -> its row."""
    weights: NDArray[np.float32]
    """W x C: the logarithm of how many times likelier the kind is where the word stands."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads what `save` wrote. Raises OSError or ValueError where the file is none of that."""
        with np.load(path, allow_pickle=False) as read:
            words = str(read["words"]).split()
            return cls({word: n for n, word in enumerate(words)}, read["weights"].astype(np.float32))

    def save(self, path: Path) -> None:
        """Writes a .npz without pickles; weights as half floats."""
        np.savez_compressed(path, words=np.array(" ".join(self.words)), weights=self.weights.astype(np.float16))

    def scores(self, words: Sequence[Sequence[str]]) -> Matrix:
        """One row for each list of words, one column a kind: what its words say together, less the more they are, as
        they do not speak independently of one another."""
        found = np.zeros((len(words), self.weights.shape[1]), np.float32)
        for n, some in enumerate(words):
            at = [self.words[word] for word in some if word in self.words]
            if at:
                found[n] = self.weights[at].sum(axis=0) / len(at) ** 0.5
        return found


def words_of(segmented: SegmentedPage, box: Box) -> list[str]:
    """The words of a box, each once."""
    page = segmented.visible
    text = " ".join(page.texts[n].value for n in box.texts[:_TEXTS])[:_CHARS]
    return list(islice(dict.fromkeys(_WORD.findall(text.lower())), _MOST_WORDS))


def names_of(segmented: SegmentedPage, box: Box) -> list[str]:
    """The words that ids and classes in a box are made of, each once."""
    page = segmented.visible
    largest = max(box.elements, key=page.chars)
    inside = islice(page.elements, largest.index, min(largest.end, largest.index + _ELEMENTS))
    names = " ".join(e.name for e in inside)[:_NAME_CHARS]
    return list(islice(dict.fromkeys(_WORD.findall(CAMEL.sub(" ", names).lower())), _MOST_NAMES))
