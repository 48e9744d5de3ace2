from hypothesis import given
from hypothesis import strategies as st

from shared.language import words
from shared.query.errors import QueryError
from shared.query.grammar import parse
from shared.search.resolve import resolve
from shared.search.snippets import Snippets, positive


def shown(text: str, query: str, language: str | None = None) -> str:
    return Snippets(positive(resolve(parse(query)))).of(text, language).marked()


def test_matches_stand_between_marks() -> None:
    assert shown("A fox, the Fox.", "fox") == "A «fox», the «Fox»."
    assert shown("In the snow, the snow", '"the snow" in') == "«In» «the snow», «the snow»"
    assert shown("Στην ΟΔΌ Σταδίου", "οδο σταδιου") == "Στην «ΟΔΌ» «Σταδίου»"
    assert shown("東京都の天気", "天気") == "東京都の«天気»"
    assert shown("أحمد في المدرسة", "احمد المدرسه") == "«أحمد» في «المدرسة»"
    assert shown("snowy and snow", "sno*") == "«snowy» and «snow»"
    assert shown("a fox in the deep snow", "fox NEAR/5 snow") == "a «fox» in the deep «snow»"


def test_what_has_the_same_stem_is_marked() -> None:
    assert shown("They were running", "runs", "en") == "They were «running»"
    assert shown("They were running", "=runs", "en") == "They were running"
    assert shown("running dogs and a dog that runs", '"running dog"', "en") == "«running dogs» and a dog that runs"


def test_what_must_not_be_there_is_not_marked() -> None:
    assert shown("fox and hare", "fox -hare") == "«fox» and hare"


def test_without_a_match_it_is_the_beginning() -> None:
    assert Snippets([]).of("word " * 100, None).text == ("word " * 40).strip() + " …"
    assert shown("", "fox") == ""
    assert shown("  \n two\nlines", "fox") == "two lines"


def test_the_first_window_with_the_most_terms_is_shown() -> None:
    text = "fox " + "x " * 300 + "the fox met the hare " + "y " * 300
    piece = shown(text, "fox hare")
    assert "the «fox» met the «hare»" in piece
    assert piece.startswith("… ")
    assert piece.endswith(" …")


def test_a_match_far_on_is_shown() -> None:
    assert "the «fox» is here" in shown("word " * 4000 + "the fox is here " + "word " * 400, "fox", "en")
    far = "東京都の空" * 60 + "天気がいい"
    assert "«天気»がいい" in shown(far, "天気", "ja")
    assert shown("one — two — three", '"one two three"') == "«one — two — three»"


FORMS = [["running", "runs", "Run"], ["happy", "happiness"], ["café", "Cafe", "cafés"], ["cities", "city"]]


@given(
    st.lists(st.sampled_from(["word", "œuvre", "‘quoted’", "the", "—", "\n"]), max_size=300),
    st.lists(st.sampled_from(FORMS), min_size=1, max_size=2, unique_by=str),
    st.data(),
)
def test_what_stands_in_a_text_is_marked_however_it_is_written(
    around: list[str], forms: list[list[str]], data: st.DataObject
) -> None:
    phrase = data.draw(st.booleans())
    standing = " ".join(data.draw(st.sampled_from(each)) for each in forms)
    typed = " ".join(data.draw(st.sampled_from(each)) for each in forms)
    at = data.draw(st.integers(0, len(around)))
    text = " ".join([*around[:at], standing, *around[at:]])
    for query in (f'"{typed}"' if phrase else typed, f"{typed[:2].lower()}*"):
        piece = Snippets(positive(resolve(parse(query)))).of(text, "en")
        marked = {piece.text[start:end] for start, end in piece.marks}
        assert marked == ({standing} if phrase else set(standing.split())) or (query.endswith("*") and marked)


@given(st.text(max_size=600), st.text(alphabet="ab é漢", min_size=1, max_size=5))
def test_a_snippet_is_a_short_line_of_the_text(text: str, query: str) -> None:
    try:
        wanted = list(positive(resolve(parse(query))))
    except QueryError:
        wanted = []
    piece = Snippets(wanted).of(text, "fr")
    assert len(piece.text) < 300
    assert "\n" not in piece.text
    bare = piece.text.removeprefix("… ").removesuffix(" …")
    assert "".join(bare.split()) in "".join(text.split())
    assert all(words(piece.text[start:end]) for start, end in piece.marks)
    assert [place for mark in piece.marks for place in mark] == sorted(place for mark in piece.marks for place in mark)
