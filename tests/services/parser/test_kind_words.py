"""What words say of a widget's kind: read, learnt, kept in a file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask, packed, read_arrays
from tests.services.parser.asking import html_of
from training.kind_words import foretold, learn
from training.trees import Matrix

WORDS = [["privacy", "terms"], ["share", "tweet"], ["privacy", "menu"]] * 10
KINDS = np.array([0, 1, 0] * 10)


def of_box(source: str) -> tuple[list[str], list[str]]:
    """The words and the names of a box that is the first element of a page and has all its texts."""
    html = html_of(source)
    texts = list(range(len(ask("visible", html=html)["texts"])))
    ((words, names),) = ask("box_words", html=html, boxes=[[[1], texts]])
    return words, names


def kept(path: Path, words: Sequence[Sequence[str]]) -> Matrix:
    """What the core says of lists of words, by what a file keeps."""
    rows = ask("learnt_scores", arrays=packed(read_arrays(path, "learnt")).hex(), words=words)
    return np.stack([np.frombuffer(bytes.fromhex(row), np.float32) for row in rows])


def test_words_and_names_of_a_box() -> None:
    words, names = of_box(
        "<div class='siteFooter wide-2'><b id=legal>Privacy &amp; terms</b> <i>privacy 2024 ©</i></div>"
    )
    assert words == ["privacy", "terms"]
    assert names == ["site", "footer", "wide", "legal"]


def test_a_huge_box_is_read_in_part() -> None:
    words, names = of_box(
        f"<div>{''.join(f'<i class=c{chr(97 + n % 26)}x>{n} word{n}</i> ' for n in range(9000))}</div>"
    )
    assert 0 < len(words) <= 60
    assert 0 < len(names) <= 40


def test_what_is_learnt_is_said(tmp_path: Path) -> None:
    learnt = learn(WORDS, KINDS, 2)
    assert sorted(learnt.words) == ["menu", "privacy", "share", "terms", "tweet"]
    said = learnt.scores([["privacy"], ["tweet", "unheard"], []])
    assert said[0, 0] > 0 > said[0, 1]
    assert said[1, 1] > 0 > said[1, 0]
    assert not said[2].any()
    learnt.save(tmp_path / "w.npz")
    alone = [[word] for word in learnt.words]
    for words in (WORDS, alone, [["tweet", "unheard"], []]):
        assert np.array_equal(kept(tmp_path / "w.npz", words), learnt.scores(words))


def test_nothing_learnt_says_nothing(tmp_path: Path) -> None:
    learn([["rare"]], np.array([1]), 2).save(tmp_path / "w.npz")
    said = kept(tmp_path / "w.npz", [["rare"], []])
    assert said.shape == (2, 2)
    assert not said.any()


@given(st.lists(st.integers(0, 3), min_size=30, max_size=30))
def test_no_widget_is_told_by_its_own_fold(folds: list[int]) -> None:
    said = foretold(WORDS, KINDS, np.array(folds), 2)
    for fold in set(folds):
        others = [n for n in range(30) if folds[n] != fold]
        expected = learn([WORDS[n] for n in others], KINDS[others], 2)
        own = [n for n in range(30) if folds[n] == fold]
        assert np.array_equal(said[own], expected.scores([WORDS[n] for n in own]))
