"""Boosted oblivious trees, evaluated with numpy while models are trained (the core has them in `core/src/trees.rs`).

In an oblivious tree all nodes of one level ask the same question (CatBoost: Prokhorenkova et al., 2018), so a row's
leaf is a number whose bits are the answers, and a whole ensemble is two comparisons and two look-ups of arrays.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

# Numbers of leaves looked up at once, which stay within a processor's cache, and the rows that this is at least.
_LEAVES, _ROWS = 400_000, 16


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble. Shapes: trees T, levels D, outputs C."""

    feature: NDArray[np.int16]
    """T x D: the column that a level asks about."""
    border: NDArray[np.float32]
    """T x D: its bit is set where the value is above."""
    leaves: NDArray[np.float32]
    """T x 2^D x C."""
    bias: NDArray[np.float32]
    """C."""

    def save(self, path: Path) -> None:
        """Writes a .npz without pickles; leaves as half floats, which changes no probability by more than 0.001."""
        np.savez_compressed(
            path, feature=self.feature, border=self.border, leaves=self.leaves.astype(np.float16), bias=self.bias
        )

    def raw(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sums of leaves: rows x C."""
        count, outputs = len(rows), len(self.bias)
        found = np.empty((count, outputs), np.float32)
        trees, depth = self.feature.shape
        # What each level asks, and where each tree's leaves begin.
        columns = self.feature.T.astype(np.intp)
        borders = np.ascontiguousarray(self.border.T)[:, :, None]
        begins = np.arange(0, trees << depth, 1 << depth)[:, None]
        leaves = self.leaves.reshape(-1, outputs)
        step = max(_ROWS, _LEAVES // (trees * outputs))
        for at in range(0, count, step):
            part = np.ascontiguousarray(rows[at : at + step].T)
            leaf = np.zeros((trees, part.shape[1]), np.uint8)
            for level in reversed(range(depth)):
                leaf += leaf
                leaf += (part.take(columns[level], axis=0) > borders[level]).view(np.uint8)
            found[at : at + step] = leaves.take(begins + leaf, axis=0).sum(axis=0)
        return found + self.bias

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of one output: the probability of yes for each row."""
        return (1 / (1 + np.exp(-self.raw(rows)[:, 0]))).astype(np.float32)

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of several outputs: the probability of each, rows x C."""
        raw = self.raw(rows)
        grown = np.exp(raw - raw.max(axis=1, keepdims=True))
        total: NDArray[np.float32] = grown.sum(axis=1, keepdims=True)
        shares: NDArray[np.float32] = np.divide(grown, total, dtype=np.float32)
        return shares
