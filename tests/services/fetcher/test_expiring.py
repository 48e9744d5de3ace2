"""What is worth keeping for a while, and no more of it than fits."""

from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.expiring import Expiring


def test_the_oldest_go_first() -> None:
    kept: Expiring[str, int] = Expiring(2)
    for number, key in enumerate("abac"):
        kept.put(key, number, 60)
    assert [kept.get(key) for key in "abc"] == [2, None, 3]


def test_what_is_over_is_gone() -> None:
    kept: Expiring[str, int] = Expiring(2)
    kept.put("a", 1, 0)
    assert kept.get("a") is None


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 6))))
def test_never_more_is_kept_than_may_weigh(entries: list[tuple[str, int]]) -> None:
    kept: Expiring[str, int] = Expiring(10)
    for key, weight in entries:
        kept.put(key, weight, 60, weight=weight)
        assert kept.get(key) == weight
        assert sum(kept.get(each) or 0 for each in "abcdef") <= 10
