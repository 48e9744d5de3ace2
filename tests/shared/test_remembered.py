"""Answers are kept until they are forgotten, and no more of them than was said."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from shared.remembered import forget, remembered


def _counted(most: int) -> tuple[Callable[[int], int], list[int]]:
    asked: list[int] = []

    @remembered(most)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    return double, asked


def test_is_asked_again_once_forgotten() -> None:
    double, asked = _counted(2)
    assert [double(1), double(1)] == [2, 2]
    assert asked == [1]
    forget()
    assert double(1) == 2
    assert asked == [1, 1]


def test_forgets_the_answers_of_all_functions() -> None:
    one, asked_of_one = _counted(2)
    other, asked_of_other = _counted(2)
    for function in (one, other, one, other):
        function(7)
    forget()
    one(7)
    other(7)
    assert asked_of_one == asked_of_other == [7, 7]


@given(st.lists(st.integers(0, 5), max_size=40))
def test_keeps_the_most_that_were_asked_for_last(numbers: list[int]) -> None:
    double, asked = _counted(3)
    kept: list[int] = []
    expected: list[int] = []
    for number in numbers:
        assert double(number) == 2 * number
        if number in kept:
            kept.remove(number)
        else:
            expected.append(number)
        kept = [*kept, number][-3:]
    assert asked == expected
