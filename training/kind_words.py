"""What words say of widgets' kinds, learnt from annotated widgets: naive Bayes, which the core then asks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.trees import Matrix

# Widgets that a word must stand in to be learnt, and what each kind is given beforehand of a word's.
_LEAST, _PRIOR = 8, 2.0


@dataclass(frozen=True, slots=True)
class KindWords:
    """What each word says of each kind. Shapes: words W, kinds C."""

    words: dict[str, int]
    """Word -> its row."""
    weights: NDArray[np.float32]
    """W x C: the logarithm of how many times likelier the kind is where the word stands."""

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


def learn(words: Sequence[Sequence[str]], kinds: NDArray[np.int64], count: int) -> KindWords:
    """Counts in which of `count` kinds of widgets each word stands; `words`: those of each widget, each once."""
    places: dict[str, list[int]] = defaultdict(list)
    for kind, some in zip(kinds.tolist(), words, strict=True):
        for word in some:
            places[word].append(kind)
    of_kinds = np.bincount(kinds, minlength=count) + 1
    prior = of_kinds / of_kinds.sum()
    kept = sorted(word for word, at in places.items() if len(at) >= _LEAST)
    table = np.array([np.bincount(places[word], minlength=count) for word in kept], np.int64).reshape(-1, count)
    share = (table + _PRIOR * prior) / (table.sum(axis=1, keepdims=True) + _PRIOR)
    weights = np.log(share / prior).astype(np.float16).astype(np.float32)
    return KindWords({word: n for n, word in enumerate(kept)}, weights)


def foretold(words: Sequence[Sequence[str]], kinds: NDArray[np.int64], folds: NDArray[np.int64], count: int) -> Matrix:
    """For each widget what words say that were learnt from other folds, as a model that learns from it must see it."""
    found = np.zeros((len(words), count), np.float32)
    for fold in np.unique(folds):
        asked = folds == fold
        of_others = [some for some, is_asked in zip(words, asked, strict=True) if not is_asked]
        own = [some for some, is_asked in zip(words, asked, strict=True) if is_asked]
        found[asked] = learn(of_others, kinds[~asked], count).scores(own)
    return found
