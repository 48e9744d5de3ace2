"""What a page says twice is its article's once."""

from itertools import compress

from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask
from tests.services.parser.asking import html_of

LONG = "The ferry to the outer islands stays in harbour until the ice has gone from the sound, said the harbour master."
OTHER = "Freight is carried over by the ice road, which opened on Monday, and is weighed at the quay before it goes."


def texts_of(html: str) -> list[str]:
    """Of each block of a page."""
    texts: list[str] = ask("blocks", html=html)[3]
    return texts


def without_repeats(html: str, chosen: list[bool]) -> list[bool]:
    left: list[bool] = ask("without_repeats", html=html, chosen=chosen)
    return left


def kept(source: str) -> list[str]:
    html = html_of(f"<body>{source}</body>")
    texts = texts_of(html)
    left = without_repeats(html, [True] * len(texts))
    return list(compress(texts, left))


def test_a_copy_for_other_screens_is_left_out() -> None:
    copy = f"<p>{LONG}</p><p>{OTHER}</p>"
    assert kept(f"<div>{copy}</div><div>{copy}</div>") == [LONG, OTHER]


def test_a_refrain_stays() -> None:
    assert kept(f"<div><p>{LONG}</p><p>{OTHER}</p><p>{LONG}</p></div>") == [LONG, OTHER, LONG]


def test_short_lines_may_be_said_again() -> None:
    assert kept("<div><p>Add to cart</p></div><div><p>Add to cart</p></div>") == ["Add to cart", "Add to cart"]


def test_a_copy_of_short_lines_in_order_is_left_out() -> None:
    lines = "Sound, north side Sound, south side The outer islands The inner islands Every place behind them".split(" ")
    recipe = "".join(f"<li>{line} {n}</li>" for n, line in enumerate(lines))
    assert len(kept(f"<ul>{recipe}</ul><ul>{recipe}</ul>")) == len(lines)


def test_what_is_not_chosen_is_no_first_copy() -> None:
    page = html_of(f"<div><p>{LONG}</p></div><div><p>{LONG}</p></div>")
    assert without_repeats(page, [False, True]) == [False, True]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([LONG, OTHER, "Short.", "Ferries"])), max_size=12),
    st.integers(0, 2**12 - 1),
)
def test_keeps_each_text_once_and_takes_nothing_in(where: list[tuple[int, str]], bits: int) -> None:
    page = html_of("".join(f"<div><p>{text}</p></div>" if k else f"<p>{text}</p>" for k, text in where))
    texts = texts_of(page)
    chosen = [bits >> n & 1 == 1 for n in range(len(texts))]
    left = without_repeats(page, chosen)
    assert not any(is_left and not was for is_left, was in zip(left, chosen, strict=True))
    assert set(compress(texts, left)) == set(compress(texts, chosen))
