"""Words as they are written: folded, each sign of an unspaced script alone."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.language import MOST_CHARACTERS, fold, words, words_at
from tests.shared.language.any_text import ANY_TEXT


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Fox, the FOX.", "the fox the fox"),
        ("Στην ΟΔΌ Σταδίου, ΟΔΟΣ οδός", "στην οδο σταδιου οδοσ οδοσ"),
        ("l'Iran d’example.com", "l iran d example com"),
        ("Straße STRASSE Øre Łódź Ærø œuvre İstanbul ısı", "strasse strasse ore lodz aero oeuvre istanbul isi"),
        ("Ёлка й", "елка и"),
        ("東京の天気", "東 京 の 天 気"),
        ("カメラ 한국 ไทย", "カ メ ラ 한 국 ไ ท ย"),
        ("iPhone手机", "iphone 手 机"),
        ("हिन्दी में", "हिन्दी में"),
        ("தமிழ் বাংলা", "தமிழ் বাংলা"),
        ("می‌خواهم کتاب", "ميخواهم كتاب"),
        ("שָׁלוֹם", "שלום"),
        ("m² 1º Ⅻ ½ x①", "m2 1o xii ½ x1"),
        ("0\ufad0", "0 \U00022844"),
        ("❤️ 1️⃣ 👍🏽", "1"),
        ("a_b", "a b"),
        ("", ""),
    ],
)
def test_words_of_a_text(text: str, found: str) -> None:
    assert words(text) == tuple(found.split())


def test_words_say_where_they_stand() -> None:
    assert words_at("Cafe\u0301, ｶﾞス") == [("cafe", 0, 5), ("ガ", 7, 9), ("ス", 9, 10)]


def test_long_words_are_cut() -> None:
    assert words("x" * 101) == words("X" * 5000) == ("x" * MOST_CHARACTERS,)
    assert words("ß" * 80) == ("s" * MOST_CHARACTERS,)
    assert words_at("x" * 101) == [("x" * 100, 0, 101)]


@settings(deadline=None)
@given(ANY_TEXT)
def test_words_of_words_are_the_same(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found
    assert all(word and not any(c.isspace() for c in word) for word in found)
    assert all(fold(word) == word for word in found)


@settings(deadline=None)
@given(ANY_TEXT)
def test_words_and_their_places_agree(text: str) -> None:
    found = words_at(text)
    assert words(text) == tuple(word for word, _, _ in found)
    assert all(0 <= start < end <= len(text) for _, start, end in found)
    assert all(one[2] <= other[1] for one, other in pairwise(found))


# Without ypogegrammeni, whose capital is a letter of its own (ᾳ, ΑΙ), and letters whose capital is two.
@settings(deadline=None)
@given(st.text(st.characters(categories=["Lu", "Ll"], exclude_characters="ŉẚ"), max_size=30))
def test_case_and_normal_form_make_no_difference(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert words(apart) == words(text)
    if "\u0345" not in apart:
        assert words(text.swapcase()) == words(text.lower()) == words(text)
