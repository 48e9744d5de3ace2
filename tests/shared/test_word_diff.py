"""What changed between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from shared.word_diff import Piece, word_diff, words_in

WORDS = st.sampled_from(["one", "two,", "three.", "四五", "六", "ไทย", "é", "\n"])
TEXTS = st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=6).map("\n\n".join)


@given(TEXTS, TEXTS)
def test_each_text_is_whole_in_its_pieces(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(p.text for p in pieces if p.op != "added") == before
    assert "".join(p.text for p in pieces if p.op != "removed") == after


@given(st.text(), st.text())
def test_any_text_is_whole_in_its_pieces(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(p.text for p in pieces if p.op != "added") == before
    assert "".join(p.text for p in pieces if p.op != "removed") == after


@given(st.text())
def test_equal_texts_have_no_change(text: str) -> None:
    assert word_diff(text, text) == ([Piece("same", text)] if text else [])


def test_words_are_told_apart() -> None:
    pieces = word_diff("Kept in sand.\n\nThe end.", "Kept in straw.\n\nThe end.")
    assert pieces == [
        Piece("same", "Kept in "),
        Piece("removed", "sand"),
        Piece("added", "straw"),
        Piece("same", ".\n\nThe end."),
    ]
    assert (words_in(pieces, "added"), words_in(pieces, "removed")) == (1, 1)


def test_scripts_without_spaces_are_told_apart_by_letters() -> None:
    pieces = word_diff("一月五日発表", "一月六日発表")
    assert [p.text for p in pieces if p.op != "same"] == ["五", "六"]


def test_long_texts_that_share_nothing_end_soon() -> None:
    before, after = " ".join(f"a{n}" for n in range(20_000)), " ".join(f"b{n}" for n in range(20_000))
    assert word_diff(before, after) == [Piece("removed", before), Piece("added", after)]
