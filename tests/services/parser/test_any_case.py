"""Patterns in any case find what `re.IGNORECASE` finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask

PATTERNS = [r"^is(?: it)?\b", r"k\w+ı", r"[éß]+|µ", r"σς|последние", r"\(c\)\s*\d{4}", r"ö.å"]
# Letters that `re` takes for others: dotless and dotted i, long s, Kelvin, Ångström, micro, final sigma, sharp s.
LETTERS = "iIıİsSſkK\u212aÅå\u212bµμσΣςßẞéÉöÖ(c) 2024tПо’"


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text(LETTERS, max_size=12) | st.text(max_size=12))
def test_it_finds_the_same(pattern: str, text: str) -> None:
    rule = re.compile(pattern, re.IGNORECASE)
    is_in, begins, is_all = ask("in_any_case", patterns=[pattern], texts=[text])[0][0]
    assert is_in == (rule.search(text) is not None)
    assert begins == (rule.match(text) is not None)
    assert is_all == (rule.fullmatch(text) is not None)


def test_each_letter_is_found_as_by_re() -> None:
    letters = list(map(chr, range(0x20, 0x250)))
    small = [c for c in letters if c.islower() and c != "ſ"]
    for letter, said in zip(small, ask("in_any_case", patterns=small, texts=letters), strict=True):
        rule = re.compile(letter, re.IGNORECASE)
        assert [c for c, (is_in, *_) in zip(letters, said, strict=True) if is_in] == [
            c for c in letters if rule.search(c)
        ]
