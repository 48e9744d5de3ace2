"""A trained CatBoost model as the parser's own arrays."""

import json
import tempfile
from pathlib import Path

import numpy as np
from catboost import CatBoostClassifier

from training.trees import Trees


def trees_of(model: CatBoostClassifier) -> Trees:
    """The model's oblivious trees, read from CatBoost's JSON form."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        said = json.loads(path.read_text())
    trees = said["oblivious_trees"]
    depth = max(len(tree["splits"] or []) for tree in trees)
    scale, bias = said["scale_and_bias"]
    feature = np.zeros((len(trees), depth), np.int16)
    # A tree with fewer levels than the others asks what no value answers.
    border = np.full((len(trees), depth), np.inf, np.float32)
    leaves = np.zeros((len(trees), 2**depth, len(bias)), np.float32)
    for n, tree in enumerate(trees):
        splits = tree["splits"] or []
        for level, split in enumerate(splits):
            feature[n, level] = split["float_feature_index"]
            border[n, level] = split["border"]
        leaves[n, : 2 ** len(splits)] = np.array(tree["leaf_values"]).reshape(-1, len(bias)) * scale
    return Trees(feature, border, leaves, np.array(bias, np.float32))
