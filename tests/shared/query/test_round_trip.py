"""Any text is a tree or an error with a place in it, and a tree is written as a query that means the same."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shared.query.errors import QueryError
from shared.query.fields import NAMED
from shared.query.grammar import parse
from shared.query.nodes import And, Everything, Filter, Near, Node, Not, Or, Phrase, Range, Text, Word
from shared.query.tokens import MAX_LENGTH
from shared.query.unparse import unparse

PIECES = [
    *("a", "b", "sn", "x-y", "漢", "ש", "é", "e\u0301", "2021", "1", "10:30", "http://a.b/c"),
    *("OR", "AND", "NOT", "NEAR", "NEAR/3", "NEAR/99", "and"),
    *'()"“»*-=&|:/\\\u2013.><,@#\x00\ud800\u200f \u3000\n',
    *(" ",) * 8,
    *(f"{name}:" for name in NAMED),
    *("foo:", "Foo:", "comment", "reply", "recent-posts", "el", "pt-br", "example.com", "2021-06-28T14:30Z", ".."),
    *("tag:a", "lang:el", "date:>2021", "depth:1..2", '"a b"', "=a", "-", " (", ") "),
]
RUBBISH = st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=24).map("".join)
TERMS = st.sampled_from(["a", "b-c", "sno*", "=d", '"a b"', '="c d"', "漢字", "http://a.b/(c)", "“q r”", "e\u0301"])
FILTERS = st.sampled_from(["tag:a", "tag:b", 'author:"a b"', "lang:el", "date:>2021", "depth:1..2", "in:x", "is:reply"])
NEARS = st.lists(TERMS, min_size=2, max_size=4).flatmap(
    lambda terms: st.sampled_from([" NEAR ", " NEAR/10 ", " NEAR/3 "]).map(lambda near: near.join(terms))
)
VALUES = st.lists(st.sampled_from(["a", "-b", '"c d"', "(e f)", "(g OR -h)"]), min_size=1, max_size=3).flatmap(
    lambda values: st.sampled_from([" ", " OR ", " AND "]).map(lambda join: f"tag:({join.join(values)})")
)
QUERIES = st.recursive(
    TERMS | FILTERS | NEARS | VALUES,
    lambda inner: (
        st.tuples(inner, st.sampled_from([" ", " OR ", " AND ", " -", " NOT "]), inner).map("".join)
        | st.tuples(st.sampled_from(["(", "-(", "NOT (", "a OR ("]), inner).map(lambda pair: f"{''.join(pair)})")
    ),
    max_leaves=10,
)


@given(st.text(max_size=60) | RUBBISH | QUERIES)
@example("site:;")
@example("in:;")
def test_any_text_is_a_tree_or_an_error_within_it(text: str) -> None:
    problem = None
    tree: Node = Everything()
    try:
        tree = parse(text)
    except QueryError as error:
        problem = error
    if problem:
        assert 0 <= problem.at <= problem.at + problem.length <= len(text)
        assert problem.message.isprintable()
        query, carets = problem.pointed(text).split("\n")
        assert query.isprintable()
        assert set(carets) <= {" ", "^"}
        return
    check(tree, top=True)
    written = unparse(tree)
    assume(len(written) <= MAX_LENGTH)
    assert parse(written) == tree
    assert unparse(parse(written)) == written


def check(node: Node, *, top: bool = False) -> None:
    """What nodes.py says of trees."""
    match node:
        case And():
            assert len(node.nodes) >= 2
            assert not any(isinstance(n, And) for n in node.nodes)
            assert not all(isinstance(n, Not) for n in node.nodes)
            assert not any(isinstance(n, Everything) for n in node.nodes[1:])
            for inner in node.nodes:
                check(inner)
        case Or():
            assert len(node.nodes) >= 2
            assert not any(isinstance(n, Or | Not | Everything) for n in node.nodes)
            for inner in node.nodes:
                check(inner)
        case Not():
            assert not top
            assert not isinstance(node.node, Not)
            check(node.node)
        case Near():
            assert not any(isinstance(side, Word) and side.prefix for side in (node.left, node.right))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        (" a  AND b ", "a b"),
        ("(a b) OR ((c))", "a b OR c"),
        ("NOT a b", "-a b"),
        ("a NOT (b NEAR/10 c)", "a NOT b NEAR c"),
        ("a NEAR b NEAR/2 c d", "a NEAR b NEAR/2 c d"),
        ('author:"maria" “x y”', 'author:maria "x y"'),
        ("kind:article OR kind:comment", "kind:(article OR comment)"),
        ("a (kind:article OR b)", "a (kind:article OR b)"),
        ("author:(maria silva)", "author:maria author:silva"),
        ("after:2021-06-28", "date:>=2021-06-28"),
        ("before:2022", "date:<2022"),
        ("date:2021..2022", "date:2021..2022"),
        ("date:2021-01..2021-12", "date:2021"),
        ("depth:1..1", "depth:1"),
        ("-site:www.example.com", "-site:example.com"),
        ('tag:"OR" tag:"a b" tag:"-a"', 'tag:"OR" tag:"a b" tag:"-a"'),
        ('url:https://example.com/a?b=c tag:"x*"', 'url:https://example.com/a?b=c tag:"x*"'),
    ],
)
def test_how_queries_are_written(text: str, written: str) -> None:
    assert unparse(parse(text)) == written


@given(st.text(min_size=1, max_size=20), st.sampled_from(["author", "title", "tag", "source"]))
def test_any_value_can_be_written(value: str, field: str) -> None:
    assume(any(c.isalnum() for c in value))
    node = parse(unparse(Filter(field, Text(value))))
    assert isinstance(node, Filter)
    assert isinstance(node.value, Text)
    assert parse(unparse(node)) == node


def test_a_word_that_cannot_stand_bare_is_written_in_quotes() -> None:
    assert unparse(And((Word("a b"), Word("OR"), Word("-c", exact=True), Word("site:x")))) == '"a b" "OR" =-c "site:x"'


def test_range_that_no_text_means_is_written_to_the_second() -> None:
    low, high = parse("date:2021-06-28T14:30:05Z"), parse("date:2022")
    assert isinstance(low, Filter)
    assert isinstance(high, Filter)
    assert isinstance(low.value, Range)
    assert isinstance(high.value, Range)
    value = Range(low.value.low, high.value.low, include_low=False, include_high=True)
    assert unparse(Filter("date", value)) == "date:2021-06-28T14:30:06Z..2022-01-01T00:00:00Z"


def test_a_phrase_keeps_its_quotes() -> None:
    assert unparse(Phrase('the "red" \\ line')) == r'"the \"red\" \\ line"'
