"""Boosted oblivious trees: the arrays say what the trees say, in the core as in training."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.parser.engine import WEIGHTS, ask, core_with, packed, read_arrays
from training.trees import Matrix, Trees


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


def of_core(arrays: bytes, table: Matrix, outputs: int) -> tuple[Matrix, Matrix, Matrix]:
    """What the core makes of rows: sums, probabilities of each output, and those of yes where there is but one."""
    said = ask("ensemble", arrays=arrays.hex(), rows=table.tobytes().hex(), columns=table.shape[1])
    raw, several, one = (np.frombuffer(bytes.fromhex(each), np.float32) for each in said)
    return raw.reshape(len(table), outputs), several.reshape(len(table), outputs), one


def arrays_of(model: Trees) -> bytes:
    arrays = {"feature": model.feature, "border": model.border, "leaves": model.leaves, "bias": model.bias}
    return packed({f"trees/{name}": array for name, array in arrays.items()})


def rounding(model: Trees) -> float:
    """How far the core's sums may be off: it rounds leaves of more than eight outputs to the smallest unit with
    which no sum overflows 16 bits."""
    trees, _, outputs = model.leaves.shape
    unit = float(np.abs(model.leaves).max(axis=(1, 2)).sum()) / (2**15 - 1 - trees)
    return 1e-4 + (unit * trees / 2 if outputs > 8 else 0)


@given(st.integers(0, 2**32), st.integers(1, 12), st.integers(1, 6), st.integers(1, 32), st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_sums_the_leaves_that_the_answers_lead_to(seed: int, trees: int, depth: int, outputs: int, rows: int) -> None:
    model, chance = ensemble(seed, trees, depth, outputs)
    table = chance.normal(size=(rows, 7)).astype(np.float32)
    said, _, _ = of_core(arrays_of(model), table, outputs)
    assert model.raw(table).shape == (rows, outputs)
    assert np.allclose(said, model.raw(table), atol=rounding(model))
    for row in range(0, rows, 37):
        by_hand = model.bias.astype(float).copy()
        for tree in range(trees):
            leaf = sum(
                1 << level
                for level in range(depth)
                if table[row, model.feature[tree, level]] > model.border[tree, level]
            )
            by_hand += model.leaves[tree, leaf]
        assert np.allclose(said[row], by_hand, atol=rounding(model))


def test_many_rows_say_what_each_says_alone() -> None:
    model, chance = ensemble(3, 700, 5, 26)
    table = chance.normal(size=(61, 7)).astype(np.float32)
    alone = np.concatenate([model.raw(row[None]) for row in table])
    assert np.allclose(model.raw(table), alone, atol=1e-3)
    arrays = arrays_of(model)
    alone_of_core = np.concatenate([of_core(arrays, row[None], 26)[0] for row in table])
    assert np.allclose(of_core(arrays, table, 26)[0], alone_of_core, atol=1e-3)
    assert np.allclose(alone_of_core, alone, atol=rounding(model))


def test_leaves_of_one_sign_and_of_nothing_do_not_overflow() -> None:
    largest = np.full((900, 4, 9), 7.5, np.float32)
    for leaves in (largest, -largest, np.zeros_like(largest)):
        model = Trees(np.zeros((900, 2), np.int16), np.zeros((900, 2), np.float32), leaves, np.zeros(9, np.float32))
        raw, _, _ = of_core(arrays_of(model), np.zeros((2, 1), np.float32), 9)
        assert np.allclose(raw, model.raw(np.zeros((2, 1), np.float32)), atol=rounding(model))


def test_probabilities_are_ones() -> None:
    model, chance = ensemble(1, 5, 3, 3)
    table = chance.normal(size=(50, 7)).astype(np.float32)
    _, several, _ = of_core(arrays_of(model), table, 3)
    for shares in (model.probabilities(table), several):
        assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert np.allclose(several, model.probabilities(table), atol=rounding(model))
    single, _ = ensemble(1, 5, 3, 1)
    _, _, one = of_core(arrays_of(single), table, 1)
    for p in (single.probability(table), one):
        assert ((p > 0) & (p < 1)).all()
    assert np.allclose(one, single.probability(table), atol=1e-5)


def test_reads_what_it_wrote(tmp_path: Path) -> None:
    model, chance = ensemble(2, 9, 4, 2)
    table = chance.normal(size=(50, 7)).astype(np.float32)
    model.save(tmp_path / "trees.npz")
    read = packed(read_arrays(tmp_path / "trees.npz", "trees"))
    assert np.allclose(of_core(read, table, 2)[0], model.raw(table), atol=0.01 + rounding(model))


def test_the_parsers_own_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 4_000_000
    core_with(WEIGHTS)


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(1, 50)), max_size=9))
@settings(deadline=None)
def test_chooses_the_set_of_highest_expected_f1(blocks: list[tuple[float, int]]) -> None:
    p = np.array([b[0] for b in blocks], np.float32)
    words = np.array([b[1] for b in blocks], np.float32)

    def expected(chosen: np.ndarray) -> float:
        size = words[chosen].sum() + (p * words).sum()
        return float(2 * (p * words)[chosen].sum() / size) if len(words) else 0.0

    best = expected(np.array(ask("choose", p=p.tolist(), words=words.tolist()), bool))
    for number in range(2 ** len(blocks)):
        some = np.array([bool(number >> n & 1) for n in range(len(blocks))], bool)
        assert expected(some) <= best + 1e-4
