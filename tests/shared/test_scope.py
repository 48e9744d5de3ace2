"""A crawl's scope: patterns, and how it is kept."""

import pytest

from shared.scope import Scope, WrongPatternError, compiled


def test_include_and_exclude() -> None:
    scope = Scope(include=("/news/", r"\?p=\d+$"), exclude=("/tag/",))
    assert [scope.allows(f"http://a.example{path}") for path in ("/news/1", "/?p=7", "/news/tag/x", "/other")] == [
        True,
        True,
        False,
        False,
    ]
    assert Scope().allows("http://a.example/")
    assert not Scope(exclude=("example",)).allows("http://a.example/")


def test_it_is_kept_as_it_was() -> None:
    scope = Scope(follow=True, depth=3, limit=7, include=("ö",), exclude=("a", "b"))
    assert Scope.from_json(scope.to_json()) == scope


def test_a_wrong_pattern_is_named() -> None:
    with pytest.raises(WrongPatternError, match=r"'\(news' is no regular expression: .*unterminated"):
        compiled("(news")
