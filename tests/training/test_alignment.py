"""Which blocks a gold text is made of."""

from hypothesis import given
from hypothesis import strategies as st

from training.alignment import align

WORDS = st.lists(st.sampled_from("ash birch cedar dogwood elm fir ginkgo hazel".split()), min_size=1, max_size=8)


def test_finds_blocks_in_order() -> None:
    blocks = ["Home", "The title", "First words of it.", "Share", "Home", "Last words of it."]
    assert align(blocks, "First words of it. Last words of it.") == [False, False, True, False, False, True]


def test_a_short_block_counts_where_its_neighbours_do() -> None:
    blocks = ["Yes", "What a long first sentence this is", "Yes", "And here is what comes after it"]
    gold = "What a long first sentence this is. Yes. And here is what comes after it"
    assert align(blocks, gold) == [False, True, True, True]


def test_a_changed_block_counts_by_its_runs() -> None:
    block = "one two three four five six seven eight nine ten eleven"
    assert align([block], "one two three four five six seven eight changed ten eleven") == [True]
    assert align([block], "eleven ten nine eight seven six five four three two one") == [False]


def test_nothing_in_nothing() -> None:
    assert align([], "words") == []
    assert align(["words", "…"], "") == [False, False]


@given(st.lists(st.tuples(WORDS, st.booleans()), max_size=12))
def test_a_gold_made_of_blocks_is_made_of_enough_of_them(page: list[tuple[list[str], bool]]) -> None:
    blocks = [" ".join(words) for words, _ in page]
    gold = [word for words, mine in page if mine for word in words]
    found = align(blocks, " ".join(gold))
    assert sum(len(w) for (w, _), yes in zip(page, found, strict=True) if yes) >= len(gold)
