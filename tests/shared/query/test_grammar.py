"""What queries mean: texts and their trees."""

import pytest

from shared.query.grammar import parse
from shared.query.nodes import And, Everything, Filter, Near, Node, Not, Or, Phrase, Text, Word

A, B, C, D = (Word(letter) for letter in "abcd")


def f(field: str, value: str) -> Filter:
    return Filter(field, Text(value))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        (" \t\n\x00\u3000", Everything()),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a (b OR c) d", And((A, Or((B, C)), D))),
        ("(a)(b)", And((A, B))),
        ("((a b) (c))", And((A, B, C))),
        ("a OR (b OR c)", Or((A, B, C))),
        ('"a  b"', Phrase("a b")),
        ('a"b c"d', And((A, Phrase("b c"), D))),
        ('"OR" =OR', And((Phrase("OR"), Word("OR", exact=True)))),
        ('=a ="a b"', And((Word("a", exact=True), Phrase("a b", exact=True)))),
        ("sn* =sno*", And((Word("sn", prefix=True), Word("sno", exact=True, prefix=True)))),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("-a b", And((Not(A), B))),
        ('a -"b c" -=d', And((A, Not(Phrase("b c")), Not(Word("d", exact=True))))),
        ("a -(b OR c)", And((A, Not(Or((B, C)))))),
        ("a NOT (b c)", And((A, Not(And((B, C)))))),
        ("a or b and not c", And((A, Word("or"), B, Word("and"), Word("not"), C))),
    ],
)
def test_words_and_operators(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a NEAR b", Near(A, B, 10)),
        ("a NEAR/0 b", Near(A, B, 0)),
        ('"a b" NEAR/20 ="c d"', Near(Phrase("a b"), Phrase("c d", exact=True), 20)),
        ("a NEAR b NEAR/3 c", And((Near(A, B, 10), Near(B, C, 3)))),
        ("a b NEAR c d", And((A, Near(B, C, 10), D))),
        ("a NOT b NEAR c", And((A, Not(Near(B, C, 10))))),
        ("a -(b NEAR c)", And((A, Not(Near(B, C, 10))))),
        ("a NEAR b OR c", Or((Near(A, B, 10), C))),
        ("a near b", And((A, Word("near"), B))),
    ],
)
def test_near(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "word",
    [
        "e-mail", "example.com", "www.example.com:8080", "l'Iran", "#tag", "@name", "c++", "AT&T", "a=b", "1,000",
        "http://example.com/a?b=c#d", "https://en.wikipedia.org/wiki/Fox_(animal)", "https://example.com/*/a",
        "http://a.b/site:c", "12:30", "12:30:59", "1:0", "localhost:8080", "mailto:ann@example.com", "doi:10.1/x",
        "std::vector", "c:\\folder", "s:t", ":smile:", "Re:Invent", "Update:", "note:", "TEXT:", "naïve:é",
        "όνομα:τιμή", "50%",
        "OR,", "ORacle", "nota", "it's", 'צה"ל', "漢字", "don’t", "😀a", "a\\b", "…a", "±5", "!important", "+a",
    ],
)  # fmt: skip
def test_words_that_hold_signs(word: str) -> None:
    assert parse(word) == Word(word)
    assert parse(f"({word} b)") == And((Word(word), B))


def test_signs_alone_mean_nothing_beside_words() -> None:
    assert parse("a & b – c … = ! ?") == And((A, B, C))


@pytest.mark.parametrize("text", ["“a b”", "„a b“", "«a b»", '"a b"', '“a b"'])
def test_typographic_quotes(text: str) -> None:
    assert parse(text) == Phrase("a b")


def test_quotes_within_quotes() -> None:
    assert parse(r'"the \"red\" \\ line"') == Phrase(r'the "red" \ line')
    assert parse('"צה"ל אמר"') == Phrase('צה"ל אמר')


def test_control_characters_and_halves_of_pairs_part_words() -> None:
    assert parse("a\x00b\ud800c\u200f") == And((A, B, C))
    assert parse('"a\x1f\udfffb"') == Phrase("a b")


def test_offsets() -> None:
    tree = parse('aa  -(site:example.com OR "b c")  d NEAR e')
    assert isinstance(tree, And)
    _, negation, near = tree.nodes
    assert isinstance(negation, Not)
    assert isinstance(negation.node, Or)
    assert isinstance(near, Near)
    inner = [n.at for n in negation.node.nodes if isinstance(n, Filter | Phrase)]
    assert (tree.at, negation.at, negation.node.at, inner) == (0, 4, 6, [6, 26])
    assert (near.at, near.left.at, near.right.at) == (34, 34, 41)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("kind:comment a", And((f("kind", "comment"), A))),
        ("KIND:Comment", f("kind", "comment")),
        ("widget:recent-posts", f("widget", "recent_posts")),
        ('widget:"recent posts"', f("widget", "recent_posts")),
        ("author:maria a", And((f("author", "maria"), A))),
        ('author:"de silva"', f("author", "de silva")),
        ('author:(maria OR "de silva")', Or((f("author", "maria"), f("author", "de silva")))),
        ("title:(red line)", And((f("title", "red"), f("title", "line")))),
        ("lang:(el OR -en) a", And((Or((f("lang", "el"), And((Everything(), Not(f("lang", "en")))))), A))),
        ("tag:(a (b OR c))", And((f("tag", "a"), Or((f("tag", "b"), f("tag", "c")))))),
        ("-tag:(a b) c", And((Not(And((f("tag", "a"), f("tag", "b")))), C))),
        ("-kind:widget", And((Everything(), Not(f("kind", "widget"))))),
        ("language:pt-br", f("lang", "pt-BR")),
        ("lang:ZH-hant-tw", f("lang", "zh-Hant-TW")),
        ("site:WWW.Example.com", f("site", "example.com")),
        ("site:https://www.example.com/a", f("site", "example.com")),
        ("site:example.com:8080", f("site", "example.com")),
        ("site:bücher.example", f("site", "xn--bcher-kva.example")),
        ("site:127.0.0.1", f("site", "127.0.0.1")),
        ("tag:c++", f("tag", "c++")),
        ('tag:"a* \\"b\\""', f("tag", 'a* "b"')),
        ("in:abc:c:12 id:abc", And((f("in", "abc:c:12"), f("id", "abc")))),
        ("thread:abc", f("in", "abc")),
        ("id:(abc:c:1 OR b)", Or((f("id", "abc:c:1"), f("id", "b")))),
        ("url:https://example.com/Fox_(animal)", f("url", "https://example.com/Fox_(animal)")),
        ("url:HTTPS://Example.com?utm_source=x", f("url", "https://example.com/")),
        ("has:comments is:Reply", And((f("has", "comments"), f("is", "reply")))),
        ("author:e\u0301a", f("author", "éa")),
        ("=site:a", Word("site:a", exact=True)),
    ],
)
def test_fields(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize("text", ["a - b", "a -- b", "- a b", "a b -", "a * b", "** a b"])
def test_signs_between_the_words_of_a_title_mean_nothing(text: str) -> None:
    assert parse(text) == parse("a b")


def test_a_plain_quote_holds_other_quotes() -> None:
    assert parse('"he said “no” twice" c') == And((Phrase("he said “no” twice"), Word("c")))
