from hypothesis import given
from hypothesis import strategies as st

from shared.language import words
from shared.stores.query_text import terms
from shared.stores.snippets import snippet
from shared.stores.words import fold, for_index


def test_matches_stand_between_marks() -> None:
    assert snippet("A fox, the Fox.", terms("fox")) == "A «fox», the «Fox»."
    assert snippet("In the snow, the snow", terms('"the snow" in')) == "«In» «the snow», «the snow»"
    assert snippet("Στην ΟΔΌ Σταδίου", terms("οδο σταδιου")) == "Στην «ΟΔΌ» «Σταδίου»"
    assert snippet("東京都の天気", terms("天気")) == "東京都の«天気»"


def test_what_must_not_be_there_is_not_marked() -> None:
    assert snippet("fox and hare", terms("fox -hare")) == "«fox» and hare"


def test_without_a_match_it_is_the_beginning() -> None:
    assert snippet("word " * 100, []) == ("word " * 40).strip() + " …"
    assert snippet("", terms("fox")) == ""


def test_the_first_window_with_the_most_terms_is_shown() -> None:
    text = "fox " + "x " * 300 + "the fox met the hare " + "y " * 300
    shown = snippet(text, terms("fox hare"))
    assert "the «fox» met the «hare»" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


@given(st.text(max_size=600), st.text(alphabet="ab é漢", min_size=1, max_size=5))
def test_a_snippet_is_a_short_line_of_the_text(text: str, query: str) -> None:
    shown = snippet(text, terms(query))
    assert len(shown) < 600
    assert "\n" not in shown
    bare = shown.removeprefix("… ").removesuffix(" …").replace("«", "").replace("»", "")
    assert "".join(bare.split()) in "".join(text.replace("«", "").replace("»", "").split()) or not text.isprintable()


@given(st.text(max_size=100))
def test_what_is_indexed_folds_to_the_same(text: str) -> None:
    assert words(fold(for_index(text))) == words(fold(text))
