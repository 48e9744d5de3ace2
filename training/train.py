"""From pages to weights: `python -m training.train --pages PAGES [--folds DIR]` (needs the `training` extra).

Writes `services/parser/weights/`, the same each time; with `--folds` also weights for each fold, learnt from the pages
of the others, which `bench.quality` measures with. docs/model-card.md says where the pages are to be had.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from numpy.typing import NDArray

from services.parser.engine import WEIGHTS
from training.ensembles import mean_of
from training.examples import Example, example
from training.export import trees_of
from training.kind_words import KindWords, foretold, learn
from training.models import KINDS, WIDGET_KINDS, Models, main_rows
from training.pages import FOLDS, Page, read
from training.trees import Trees
from training.widgets import WidgetExample, widget_example

# A box's kind, or none.
_OUTPUTS = len(WIDGET_KINDS) + 1
# A model is the mean of several that differ in what they drew. A third one of each takes time for what is no
# more than chance: by folds text F1 was 0.8792 with three and is 0.8813 with two, leaks 0.026 and 0.027.
_SEEDS = (1, 2)
_COMMON = {
    "bootstrap_type": "Bernoulli",
    "allow_writing_files": False,
    "verbose": 0,
    "thread_count": 2,  # the sums that trees are chosen by depend on it in their last digits
}


def _mean(
    rows: NDArray[np.float32],
    known: NDArray[Any],
    weight: NDArray[np.float32] | None = None,
    seeds: Sequence[int] = _SEEDS,
    **how: float | str,
) -> Trees:
    """The mean of models that are trained alike."""
    models = [CatBoostClassifier(**_COMMON, random_seed=seed, **how) for seed in seeds]
    return mean_of([trees_of(model.fit(rows, known, sample_weight=weight)) for model in models])


def _fit_kind(rows: NDArray[np.float32], kinds: NDArray[np.int64]) -> Trees:
    return _mean(
        rows,
        kinds,
        seeds=(1, 2, 3),
        loss_function="MultiClass",
        classes_count=len(KINDS),
        iterations=300,
        depth=4,
        learning_rate=0.06,
        l2_leaf_reg=4,
        rsm=0.3,
        subsample=0.8,
    )


def _fit_main(rows: NDArray[np.float32], main: NDArray[np.bool_], weight: NDArray[np.float32]) -> Trees:
    return _mean(
        rows,
        main,
        weight,
        iterations=400,
        depth=6,
        learning_rate=0.06,
        l2_leaf_reg=5,
        rsm=0.3,
        subsample=0.7,
        border_count=64,
    )


def _fit_widgets(examples: Sequence[WidgetExample], of_page: NDArray[np.int64]) -> dict[str, Trees | KindWords]:
    """Where to cut, and a piece's kind; `of_page`: the fold of each example."""
    elements = np.concatenate([e.elements for e in examples])
    is_whole, weight = np.concatenate([e.whole for e in examples]), np.concatenate([e.weight for e in examples])
    whole = _mean(elements, is_whole, weight, iterations=250, depth=6, learning_rate=0.06, rsm=0.3, subsample=0.7)
    kinds = np.concatenate([e.kinds for e in examples])
    folds = np.repeat(of_page, [len(e.kinds) for e in examples])
    texts, names = [w for e in examples for w in e.texts], [w for e in examples for w in e.names]
    boxes = [np.concatenate([e.boxes for e in examples])]
    boxes += [foretold(words, kinds, folds, _OUTPUTS) for words in (texts, names)]
    widget = _mean(
        np.concatenate(boxes, axis=1),
        kinds,
        loss_function="MultiClass",
        classes_count=_OUTPUTS,
        iterations=500,
        depth=5,
        learning_rate=0.05,
        rsm=0.3,
        subsample=0.7,
        border_count=64,
    )
    learnt = {"texts": learn(texts, kinds, _OUTPUTS), "names": learn(names, kinds, _OUTPUTS)}
    return {"whole": whole, "widget": widget, **learnt}


def _constant(outputs: int) -> Trees:
    """An ensemble that says nothing, in the place of one that is not trained yet."""
    return Trees(
        np.zeros((1, 1), np.int16),
        np.full((1, 1), np.inf, np.float32),
        np.zeros((1, 2, outputs), np.float32),
        np.zeros(outputs, np.float32),
    )


def fit(pages: Sequence[Page], examples: Sequence[Example]) -> Models:
    """The models that these pages teach."""
    known = [n for n, page in enumerate(pages) if page.kind is not None and len(examples[n].rows)]
    table = np.stack([e.of_page for e in examples])
    kind_of = np.array([KINDS.index(p.kind) if p.kind in KINDS else -1 for p in pages])
    folds = np.array([p.fold for p in pages])
    # What the main model learns from must be kinds as they are foretold, not as they were taught.
    foretold = np.zeros((len(pages), len(KINDS)), np.float32)
    for fold in np.unique(folds):
        others = [n for n in known if folds[n] != fold]
        foretold[folds == fold] = _fit_kind(table[others], kind_of[others]).probabilities(table[folds == fold])
    rows = [main_rows(e.rows, e.in_thread, foretold[n])[e.weight > 0] for n, e in enumerate(examples)]
    main = np.concatenate([e.main[e.weight > 0] for e in examples])
    weight = np.concatenate([e.weight[e.weight > 0] for e in examples])
    models = Models(
        _fit_kind(table[known], kind_of[known]),
        _fit_main(np.concatenate(rows), main, weight),
        _constant(1),
        _constant(_OUTPUTS),
        KindWords({}, np.zeros((0, _OUTPUTS), np.float32)),
        KindWords({}, np.zeros((0, _OUTPUTS), np.float32)),
    )
    annotated = [page for page in pages if page.parts is not None]
    # What cuts and names widgets is learnt on pages that these two have labelled.
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor() as pool:
        models.save(Path(folder))
        found = pool.map(widget_example, annotated, repeat(Path(folder)), chunksize=4)
        widgets = [(each, page.fold) for each, page in zip(found, annotated, strict=True) if each is not None]
    learnt: dict[str, Any] = _fit_widgets([w for w, _ in widgets], np.array([fold for _, fold in widgets]))
    return replace(models, **learnt)


def _say(words: str, began: float) -> None:
    print(f"{time.monotonic() - began:5.0f} s  {words}", file=sys.stderr, flush=True)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="folder with wcxb-dev/ and trafilatura-dev/")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go (default: the parser's own)")
    parser.add_argument("--folds", type=Path, help="also the weights of each fold, here")
    asked = parser.parse_args()
    began = time.monotonic()
    pages = read(asked.pages)
    _say(f"{len(pages)} pages, {sum(p.parts is not None for p in pages)} with their parts annotated", began)
    with ProcessPoolExecutor() as pool:
        examples = list(pool.map(example, pages, chunksize=8))
    _say(f"{sum(len(e.rows) for e in examples)} blocks", began)
    if asked.folds:
        for fold in range(FOLDS):
            these = [n for n, page in enumerate(pages) if page.fold != fold]
            fit([pages[n] for n in these], [examples[n] for n in these]).save(asked.folds / str(fold))
            _say(f"fold {fold} of {FOLDS}", began)
    fit(pages, examples).save(asked.out)
    _say(f"weights in {asked.out}", began)


if __name__ == "__main__":
    main()
