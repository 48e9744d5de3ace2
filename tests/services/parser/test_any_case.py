"""Patterns in any case find what `re.IGNORECASE` finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.any_case import Pattern, Subject

PATTERNS = [r"^is(?: it)?\b", r"k\w+ı", r"[éß]+|µ", r"σς|последние", r"\(c\)\s*\d{4}", r"ö.å"]
# Letters that `re` takes for others: dotless and dotted i, long s, Kelvin, Ångström, micro, final sigma, sharp s.
LETTERS = "iIıİsSſkK\u212aÅå\u212bµμσΣςßẞéÉöÖ(c) 2024tПо’"


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text(LETTERS, max_size=12) | st.text(max_size=12))
def test_it_finds_the_same(pattern: str, text: str) -> None:
    rule = re.compile(pattern, re.IGNORECASE)
    assert Pattern(pattern).is_in(Subject(text)) == (rule.search(text) is not None)
    assert Pattern(pattern).begins(Subject(text)) == (rule.match(text) is not None)
    assert Pattern(pattern).is_all_of(Subject(text)) == (rule.fullmatch(text) is not None)


def test_each_letter_is_found_as_by_re() -> None:
    letters = "".join(map(chr, range(0x20, 0x250)))
    for letter in filter(str.islower, letters.replace("ſ", "")):
        rule, pattern = re.compile(letter, re.IGNORECASE), Pattern(letter)
        assert [c for c in letters if pattern.is_in(Subject(c))] == [c for c in letters if rule.search(c)]
