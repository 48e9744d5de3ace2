import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.stores.query_text import Term, site, terms


def test_words_phrases_and_nots() -> None:
    assert terms('Fox -"in the Snow" e-mail  -ΟΔΌΣ') == [
        Term("Fox", negated=False, words=("fox",)),
        Term("in the Snow", negated=True, words=("in", "the", "snow")),
        Term("e-mail", negated=False, words=("e", "mail")),
        Term("ΟΔΌΣ", negated=True, words=("οδοσ",)),
    ]


def test_quotes_need_no_space_around_them() -> None:
    assert [t.text for t in terms('a"b c"d')] == ["a", "b c", "d"]


def test_signs_without_words_are_left_out() -> None:
    assert [t.text for t in terms("fox - & ! snow")] == ["fox", "snow"]


@pytest.mark.parametrize("text", ["", "  \t\n"])
def test_only_space_is_no_term(text: str) -> None:
    assert terms(text) == []


@given(st.text(alphabet=st.sampled_from("ab\"- 'é漢\n\x00"), max_size=30))
def test_any_text_gives_terms_or_one_line(text: str) -> None:
    problem = None
    found: list[Term] = []
    try:
        found = terms(text)
    except ValueError as error:
        problem = str(error)
    assert problem is None or problem.splitlines() == [problem]
    assert all(term.words for term in found)
    assert bool(found or problem) == bool(text.strip())


def test_sites() -> None:
    assert site("WWW.Example.com") == site("https://example.com/a?b") == site("example.com:8080") == "example.com"
    assert site("bücher.example") == "xn--bcher-kva.example"
    assert site("127.0.0.1") == "127.0.0.1"
    with pytest.raises(ValueError, match=r"^not a site: "):
        site("a b")
