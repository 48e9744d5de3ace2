"""What words say of widgets' kinds, learnt from annotated widgets."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.parser.columns import Matrix
from services.parser.kind_words import KindWords

# Widgets that a word must stand in to be learnt, and what each kind is given beforehand of a word's.
_LEAST, _PRIOR = 8, 2.0


def learn(words: Sequence[Sequence[str]], kinds: NDArray[np.int64], count: int) -> KindWords:
    """Counts in which of `count` kinds of widgets each word stands; `words`: those of each widget, each once."""
    places: dict[str, list[int]] = defaultdict(list)
    for kind, some in zip(kinds.tolist(), words, strict=True):
        for word in some:
            places[word].append(kind)
    of_kinds = np.bincount(kinds, minlength=count) + 1
    prior = of_kinds / of_kinds.sum()
    kept = sorted(word for word, at in places.items() if len(at) >= _LEAST)
    table = np.stack([np.bincount(places[word], minlength=count) for word in kept] or [np.zeros(count, np.int64)])
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
