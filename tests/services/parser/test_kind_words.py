"""What words say of a widget's kind: read, learnt, kept in a file."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from services.parser.kind_words import KindWords, names_of, words_of
from services.parser.metadata import read_metadata
from services.parser.reader import read
from services.parser.segments import SegmentedPage
from services.parser.widget_rules import Box
from training.kind_words import foretold, learn

WORDS = [["privacy", "terms"], ["share", "tweet"], ["privacy", "menu"]] * 10
KINDS = np.array([0, 1, 0] * 10)


def box_of(html: str) -> tuple[SegmentedPage, Box]:
    tree = LexborHTMLParser(html)
    page = SegmentedPage(read(tree), read_metadata(tree, "https://quay.example/"), "https://quay.example/")
    texts = list(range(len(page.visible.texts)))
    return page, Box([page.visible.body.children[0]], texts, "text", "footer", 0.1)


def test_words_and_names_of_a_box() -> None:
    page, box = box_of("<div class='siteFooter wide-2'><b id=legal>Privacy &amp; terms</b> <i>privacy 2024 ©</i></div>")
    assert words_of(page, box) == ["privacy", "terms"]
    assert names_of(page, box) == ["site", "footer", "wide", "legal"]


def test_a_huge_box_is_read_in_part() -> None:
    page, box = box_of(f"<div>{''.join(f'<i class=c{chr(97 + n % 26)}x>{n} word{n}</i> ' for n in range(9000))}</div>")
    assert len(words_of(page, box)) <= 60
    assert len(names_of(page, box)) <= 40


def test_what_is_learnt_is_said(tmp_path: Path) -> None:
    learnt = learn(WORDS, KINDS, 2)
    assert sorted(learnt.words) == ["menu", "privacy", "share", "terms", "tweet"]
    said = learnt.scores([["privacy"], ["tweet", "unheard"], []])
    assert said[0, 0] > 0 > said[0, 1]
    assert said[1, 1] > 0 > said[1, 0]
    assert not said[2].any()
    learnt.save(tmp_path / "w.npz")
    again = KindWords.load(tmp_path / "w.npz")
    assert again.words == learnt.words
    assert np.array_equal(again.scores(WORDS), learnt.scores(WORDS))


def test_nothing_learnt_says_nothing(tmp_path: Path) -> None:
    learn([["rare"]], np.array([1]), 2).save(tmp_path / "w.npz")
    assert not KindWords.load(tmp_path / "w.npz").scores([["rare"], []]).any()


@given(st.lists(st.integers(0, 3), min_size=30, max_size=30))
def test_no_widget_is_told_by_its_own_fold(folds: list[int]) -> None:
    said = foretold(WORDS, KINDS, np.array(folds), 2)
    for fold in set(folds):
        others = [n for n in range(30) if folds[n] != fold]
        expected = learn([WORDS[n] for n in others], KINDS[others], 2)
        own = [n for n in range(30) if folds[n] == fold]
        assert np.array_equal(said[own], expected.scores([WORDS[n] for n in own]))
