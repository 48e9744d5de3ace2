"""Trained models as the parser's arrays."""

import numpy as np

from training.ensembles import mean_of
from training.trees import Trees


def test_the_mean_of_ensembles_says_the_mean() -> None:
    chance = np.random.default_rng(1)
    models = [
        Trees(
            chance.integers(0, 5, (4 + n, 3)).astype(np.int16),
            chance.normal(size=(4 + n, 3)).astype(np.float32),
            chance.normal(size=(4 + n, 8, 2)).astype(np.float32),
            chance.normal(size=2).astype(np.float32),
        )
        for n in range(3)
    ]
    rows = chance.normal(size=(40, 5)).astype(np.float32)
    assert np.allclose(mean_of(models).raw(rows), np.mean([m.raw(rows) for m in models], axis=0), atol=1e-4)
