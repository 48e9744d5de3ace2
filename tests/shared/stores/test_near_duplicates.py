"""Signatures of texts: what they tell alike, and that they stay what they are."""

import hashlib
import random

from hypothesis import given
from hypothesis import strategies as st

from shared.stores.near_duplicates import THRESHOLD, bands, likeness, shingles, signature
from tests.shared.stores.stories import CHANGED, STORY, text

STORY_TEXT = text(*STORY)


def signed(words: str) -> bytes:
    found = signature(words)
    assert found is not None
    return found


def share_a_band(one: bytes, other: bytes) -> bool:
    return not set(bands(one)).isdisjoint(bands(other))


def test_signatures_are_those_that_are_stored() -> None:
    """Where this fails the library makes others: those stored before meet none of them, which a release has to say."""
    assert hashlib.sha256(signed(STORY_TEXT)).hexdigest()[:16] == "16421031c75f766a"
    assert bands(signed(STORY_TEXT))[:2] == ["near:YbC1w1vtlQE", "near:OL-tx4ZNX7k"]


def test_their_size() -> None:
    assert len(signed(STORY_TEXT)) == 252
    assert len(set(bands(signed(STORY_TEXT)))) == 21


def test_a_changed_paragraph_leaves_texts_alike() -> None:
    one, other = signed(STORY_TEXT), signed(text(*CHANGED))
    assert likeness(one, other) >= THRESHOLD
    assert share_a_band(one, other)


def test_case_accents_and_punctuation_make_no_difference() -> None:
    plain = "Ο δρομος του χειμωνα ειναι μακρυς και η νυχτα πεφτει νωρις " * 5
    assert signature(plain) == signature(plain.replace("ο", "ό").upper().replace(" ", ", "))


def test_the_estimate_is_near_the_jaccard_index() -> None:
    draw = random.Random(5)
    for _ in range(50):
        shared, own = draw.randrange(1, 12), draw.randrange(0, 6)
        one = text(*range(shared), *range(100, 100 + own))
        other = text(*range(shared), *range(200, 200 + own))
        a, b = shingles(one), shingles(other)
        # Five standard deviations of an estimate from 126 values.
        assert abs(likeness(signed(one), signed(other)) - len(a & b) / len(a | b)) < 0.23


def test_signs_of_unspaced_scripts_are_words() -> None:
    """A paragraph of Chinese or Thai is no one word."""
    for letters in ("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出", "กขคงจฉชซญดตถทธนบปผฝพฟมยรลวศษสหอฮ"):
        draw = random.Random(3)
        story = "".join(draw.choice(letters) for _ in range(400))
        changed = story[:180] + "".join(draw.choice(letters) for _ in range(30)) + story[210:]
        assert signature(story) != signature(changed)
        assert likeness(signed(story), signed(changed)) >= THRESHOLD


def test_short_texts_have_none() -> None:
    assert signature("") is None
    assert signature(" ".join(f"word{n}" for n in range(49))) is None
    assert signature(" ".join(f"word{n}" for n in range(50))) is not None


def test_of_a_very_long_text_the_start_counts() -> None:
    start = " ".join(f"word {n:04}" for n in range(20_000))
    assert len(start) >= 200_000
    assert signature(start) == signature(start + " and more" * 100_000)


LETTERS = st.text("abcdefgh", min_size=1, max_size=3)


@given(st.lists(LETTERS, min_size=50, max_size=300))
def test_equal_texts_are_always_linked(words: list[str]) -> None:
    one, other = signed(" ".join(words)), signed("\n\n".join(words).upper())
    assert likeness(one, other) == 1
    assert bands(one) == bands(other)


@given(st.lists(LETTERS, min_size=50, max_size=300), st.lists(LETTERS, min_size=50, max_size=300))
def test_texts_without_a_shingle_in_common_never_are(one: list[str], other: list[str]) -> None:
    a, b = " ".join(one), " ".join(f"{word}x" for word in other)
    assert shingles(a).isdisjoint(shingles(b))
    assert likeness(signed(a), signed(b)) < THRESHOLD / 4
    assert not share_a_band(signed(a), signed(b))


@given(st.text(max_size=2000))
def test_any_text_has_a_signature_or_none(any_text: str) -> None:
    found = signature(any_text)
    assert found is None or len(found) == 252
    assert (found is None) == (not shingles(any_text))
