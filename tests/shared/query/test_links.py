"""A query with a filter more or less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.query.grammar import parse
from shared.query.links import with_filter, without_filter
from shared.query.nodes import Filter, Text
from shared.query.unparse import unparse

COMMENT = Filter("kind", Text("comment"))


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", "kind:comment"),
        ("a b", "a b kind:comment"),
        ("a OR b", "(a OR b) kind:comment"),
        ("kind:comment a", "kind:comment a"),
        ("kind:comment", "kind:comment"),
        ("-lang:en", "-lang:en kind:comment"),
        ("kind:(article OR comment)", "kind:(article OR comment) kind:comment"),
    ],
)
def test_with_a_filter(text: str, more: str) -> None:
    assert unparse(with_filter(parse(text), COMMENT)) == more


@pytest.mark.parametrize(
    ("text", "less"),
    [
        ("kind:comment", ""),
        ("kind:comment a b", "a b"),
        ("a kind:comment kind:comment", "a"),
        ("(a OR b) kind:comment", "a OR b"),
        ("kind:(article OR comment) a", "kind:article a"),
        ("kind:comment -lang:en", "-lang:en"),
        ("kind:comment -a", "-a"),
        ("a -kind:comment", "a -kind:comment"),
        ("a OR kind:comment", "a OR kind:comment"),
        ("kind:article", "kind:article"),
    ],
)
def test_without_a_filter(text: str, less: str) -> None:
    assert unparse(without_filter(parse(text), COMMENT)) == less


@given(st.sampled_from(["", "a", "a OR b", "-lang:en", "a -b", "a NEAR b lang:el"]))
def test_what_is_added_can_be_taken_away(text: str) -> None:
    assert without_filter(with_filter(parse(text), COMMENT), COMMENT) == parse(text)
