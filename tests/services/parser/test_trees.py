"""Boosted oblivious trees: the arrays say what the trees say."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.parser.models import WEIGHTS, Models, choose
from services.parser.trees import Trees


def ensemble(seed: int, trees: int, depth: int, outputs: int) -> tuple[Trees, np.random.Generator]:
    chance = np.random.default_rng(seed)
    return (
        Trees(
            chance.integers(0, 7, (trees, depth)).astype(np.int16),
            chance.normal(size=(trees, depth)).astype(np.float32),
            chance.normal(size=(trees, 2**depth, outputs)).astype(np.float32),
            chance.normal(size=outputs).astype(np.float32),
        ),
        chance,
    )


@given(st.integers(0, 2**32), st.integers(1, 12), st.integers(1, 6), st.integers(1, 4), st.integers(0, 600))
@settings(max_examples=40, deadline=None)
def test_sums_the_leaves_that_the_answers_lead_to(seed: int, trees: int, depth: int, outputs: int, rows: int) -> None:
    model, chance = ensemble(seed, trees, depth, outputs)
    table = chance.normal(size=(rows, 7)).astype(np.float32)
    said = model.raw(table)
    assert said.shape == (rows, outputs)
    for row in range(0, rows, 37):
        by_hand = model.bias.astype(float).copy()
        for tree in range(trees):
            leaf = sum(
                1 << level
                for level in range(depth)
                if table[row, model.feature[tree, level]] > model.border[tree, level]
            )
            by_hand += model.leaves[tree, leaf]
        assert np.allclose(said[row], by_hand, atol=1e-4)


def test_many_rows_say_what_each_says_alone() -> None:
    model, chance = ensemble(3, 700, 5, 26)
    table = chance.normal(size=(61, 7)).astype(np.float32)
    alone = np.concatenate([model.raw(row[None]) for row in table])
    assert np.allclose(model.raw(table), alone, atol=1e-3)


def test_probabilities_are_ones() -> None:
    model, chance = ensemble(1, 5, 3, 3)
    table = chance.normal(size=(50, 7)).astype(np.float32)
    assert np.allclose(model.probabilities(table).sum(axis=1), 1, atol=1e-5)
    single, _ = ensemble(1, 5, 3, 1)
    p = single.probability(table)
    assert ((p > 0) & (p < 1)).all()


def test_reads_what_it_wrote(tmp_path: Path) -> None:
    model, chance = ensemble(2, 9, 4, 2)
    table = chance.normal(size=(50, 7)).astype(np.float32)
    model.save(tmp_path / "trees.npz")
    assert np.allclose(Trees.load(tmp_path / "trees.npz").raw(table), model.raw(table), atol=0.01)


def test_the_parsers_own_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 4_000_000
    Models.load(WEIGHTS)


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(1, 50)), max_size=9))
@settings(deadline=None)
def test_chooses_the_set_of_highest_expected_f1(blocks: list[tuple[float, int]]) -> None:
    p = np.array([b[0] for b in blocks], np.float32)
    words = np.array([b[1] for b in blocks], np.float32)

    def expected(chosen: np.ndarray) -> float:
        size = words[chosen].sum() + (p * words).sum()
        return float(2 * (p * words)[chosen].sum() / size) if len(words) else 0.0

    best = expected(choose(p, words))
    for number in range(2 ** len(blocks)):
        some = np.array([bool(number >> n & 1) for n in range(len(blocks))], bool)
        assert expected(some) <= best + 1e-4
