"""Queries that cannot be read: each error points at its place and says what to do."""

import time

import pytest

from shared.query.errors import QueryError
from shared.query.grammar import parse


def error_of(text: str) -> QueryError:
    with pytest.raises(QueryError) as found:
        parse(text)
    assert isinstance(found.value, ValueError)
    return found.value


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ('a "b c', '"', "a quote is not closed; write"),
        ('a "b\\" c', '"', "a quote is not closed; write"),
        ('author:"b', '"', "a quote is not closed; write"),
        ('a ""', '""', "no letter or digit between the quotes"),
        ("a (b", "(", "a parenthesis is not closed; write ) at its end"),
        ("a (b (c)", "(", "a parenthesis is not closed"),
        ("kind:(article", "(", "a parenthesis is not closed"),
        ("a) b", ")", "a ) without its (; leave it out"),
        ("a :-)", ")", "a ) without its ("),
        ("a ( & )", "( & )", "nothing stands between the parentheses"),
        ("a tag:()", "()", "nothing stands between the parentheses"),
        ("a OR", "OR", "nothing to search for after OR; write a word"),
        ("OR a", "OR", "nothing to search for before OR; write a word"),
        ("a OR OR b", "OR", "nothing to search for after OR"),
        ("(a AND) b", "AND", "nothing to search for after AND"),
        ("AND a", "AND", "nothing to search for before AND"),
        ("a NOT", "NOT", "nothing to search for after NOT"),
        ("a -OR b", "-", "nothing to search for after -"),
        ("a NEAR", "NEAR", "nothing to search for after NEAR"),
        ("NEAR/3 a", "NEAR/3", "nothing to search for before NEAR/3"),
        ("kind:(OR article)", "OR", "nothing to search for before OR"),
        ("a OR - b", "-", "no letter or digit to search for"),
        ("-", "-", "no letter or digit to search for"),
        ("a --b", "--", "two - in a row; write one"),
        ("a NOT -b", "NOT -", "two negations in a row; write one"),
        ("-a", "-", "this says only what must not be there; say also what to look for"),
        ("NOT a -b", "N", "say also what to look for"),
        ("a OR -b", "-", "say also what to look for"),
        ("a -(-b)", "-", "say also what to look for"),
        ("-kind:article -b", "-", "say also what to look for"),
        ("&", "&", "no letter or digit to search for"),
        ("a OR &", "&", "no letter or digit to search for"),
        ("a -&", "&", "no letter or digit to search for"),
        ("a || b", "||", "write OR in place of ||"),
        ("*", "*", "to find everything, leave the words out"),
        ("a *ing", "*ing", "a word cannot begin with *; write its first letters"),
        ("a wo*d", "wo*d", "a * can only end a word, as in snow*"),
        ("a s*", "s*", "at least 2 letters stand before a *"),
        ("a word-s*", "word-s*", "at least 2 letters stand before a *"),
        ("a =(b)", "=", "a = stands before one word or phrase"),
        ("a NEAR/21 b", "NEAR/21", "after NEAR/ comes a number of words from 0 to 20"),
        ("a NEAR/x b", "NEAR/x", "after NEAR/ comes a number of words from 0 to 20"),
        ("a NEAR/-1 b", "NEAR/-1", "after NEAR/ comes a number of words from 0 to 20"),
        ("(a OR b) NEAR c", "(", "NEAR stands between two words or phrases"),
        ("a NEAR sn*", "sn*", "NEAR stands between two words or phrases"),
        ("a NEAR title:b", "title:", "NEAR stands between two words or phrases"),
        ("a NEAR -b", "NEAR", "nothing to search for after NEAR"),
        ("a -b NEAR c", "-", "put what is NEAR each other in parentheses"),
        ("title:(a NEAR b)", "NEAR", "NEAR stands between words or phrases, not between values"),
        ("auther:ann", "auther:", "unknown field 'auther'; did you mean author? To search for it as words"),
        ("zzz:ann", "zzz:", "unknown field 'zzz'. To search for it as words, write it in quotes. Fields are site, "),
        ('said:"no"', "said:", "unknown field 'said'"),
        ("site: example.com", "site:", "write a value right after the colon, as in site:example.com"),
        ("(a site:)", "site:", "nothing after site:"),
        ("title:(a kind:article)", "kind:", "a field stands between the parentheses of another"),
        ("kind:artcle", "artcle", "kind: has no 'artcle'; did you mean article?"),
        ("kind:zzz", "zzz", "kind: has no 'zzz'; it takes page, article, comment, widget"),
        ("kind:article,comment", "article,comment", "for any of several write kind:(article OR comment)"),
        ("widget:posts", "posts", "did you mean recent_posts or popular_posts or related_posts?"),
        ("is:(reply OR lost)", "lost", "is: has no 'lost'; it takes reply, gone, deleted"),
        ("lang:english", "english", "'english' is no code of a language; write one as in lang:el"),
        ("lang:" + "a-" * 40, "a-" * 40, "is no code of a language"),
        ('site:"a b"', '"a b"', "'a b' is no host; write one like site:example.com"),
        ("site:example.com/blog", "example.com/blog", "is no host"),
        ("site:*.example.com", "*.example.com", "subdomains are found without a *; write site:example.com"),
        ("site:.", ".", "is no host"),
        ("url:example.com/post", "example.com/post", "write a whole address, as in url:https://example.com/post"),
        ("title:snow*", "snow*", "a * ends a word that stands alone, not one of a field"),
        ("title:=snow", "=snow", "= stands before words, not in a field"),
        ("tag:&", "&", "no letter or digit after tag: to search for"),
        ("id:" + "a" * 1025, "a" * 1025, "is no id for id"),
    ],
)  # fmt: skip
def test_errors(text: str, marked: str, message: str) -> None:
    error = error_of(text)
    assert text[error.at : error.at + error.length] == marked
    assert message in error.message
    assert error.message.splitlines() == [error.message]
    assert str(error) == error.message


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a OR", ["a OR", "  ^^"]),
        ('a "b', ['a "b', "  ^"]),
        ("漢字 OR", ["漢字 OR", "     ^^"]),
        ("e\u0301 OR", ["e\u0301 OR", "  ^^"]),
        ("a\tb\x00 kind:漢", ["a b  kind:漢", "          ^^"]),
        ("a " * 30 + "OR " + "b " * 30 + "OR", ["…" + "b " * 20 + "OR", " " * 41 + "^^"]),
        ("OR " + "b " * 60, ["OR " + "b " * 34 + "b…", "^^"]),
    ],
)
def test_a_caret_stands_under_the_place(text: str, lines: list[str]) -> None:
    assert error_of(text).pointed(text).split("\n") == lines


def test_a_place_at_the_end_is_pointed_at_behind_it() -> None:
    assert QueryError("here", 2).pointed("ab") == "ab\n  ^"


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("a" * 4097, 4096, "the query has 4,097 characters; at most 4,096 are read"),
        ("a" * 10_000_000, 4096, "the query has 10,000,000 characters"),
        ("a " * 65, 128, "more than 64 words and phrases"),
        ('"a"' * 65, 192, "more than 64 words and phrases"),
        ("tag:a " * 65, 388, "more than 64 filters"),
        ("tag:(" + "a " * 65 + ")", 133, "more than 64 filters"),
        ("(" * 21 + "a" + ")" * 21, 20, "parentheses stand in one another more than 20 deep"),
        ("(" * 4096, 20, "more than 20 deep"),
        ("tag:(" * 2 + "a))", 5, "a field stands between"),
        ("NOT " * 1024, 0, "two negations in a row"),
        ("-" * 4095 + "a", 0, "two - in a row"),
        ("a NEAR " * 500, 448, "more than 64 words"),
        ("a OR " * 800, 320, "more than 64 words"),
        ("\ud800" * 5000, 4096, "at most 4,096 are read"),
        ("*" * 4096, 0, "a * ends a word"),
        ("zz" * 2000 + ":b", 0, "unknown field"),
        ("kind:" + "articl" * 600, 5, "kind: has no 'articl"),
        ("x:" + '\\"' * 2000, 3, "a quote is not closed"),
        ('"' + '\\"' * 2000, 0, "a quote is not closed"),
        ("date:" + "2" * 4000, 5, "is no date"),
        ("depth:" + "9" * 4000, 6, "is no number"),
        ("site:" + "a." * 2000, 5, "is no host"),
        ("http://" + "(" * 4000 + '"', 4007, "a quote is not closed"),
    ],
)
def test_what_is_too_much_ends_soon(text: str, at: int, message: str) -> None:
    best = 1.0
    for _ in range(3):  # the machine may be busy
        began = time.perf_counter()
        error = error_of(text)
        pointed = error.pointed(text)
        best = min(best, time.perf_counter() - began)
    assert best < 0.05
    assert message in error.message
    assert error.at == at
    assert len(error.message) < 300
    assert len(pointed) < 300


def test_what_is_just_allowed() -> None:
    parse("(" * 20 + "a" + ")" * 20)
    parse("a " * 64 + "tag:b " * 64)
    parse("a" * 4096)
    parse('"' + "a " * 2047 + '"')
