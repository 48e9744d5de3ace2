"""Several trained ensembles as one."""

from collections.abc import Sequence

import numpy as np

from training.trees import Trees


def mean_of(models: Sequence[Trees]) -> Trees:
    """Ensembles of one depth as one, which says the mean of what each says before the logistic function."""
    leaves = np.concatenate([trees.leaves for trees in models])
    biases = np.stack([trees.bias for trees in models])
    return Trees(
        np.concatenate([trees.feature for trees in models]),
        np.concatenate([trees.border for trees in models]),
        (leaves / len(models)).astype(np.float32),
        biases.mean(axis=0).astype(np.float32),
    )
