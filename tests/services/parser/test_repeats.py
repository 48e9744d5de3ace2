"""What a page says twice is its article's once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from services.parser.blocks import Blocks, blocks_of
from services.parser.reader import read
from services.parser.repeats import without_repeats

LONG = "The ferry to the outer islands stays in harbour until the ice has gone from the sound, said the harbour master."
OTHER = "Freight is carried over by the ice road, which opened on Monday, and is weighed at the quay before it goes."


def blocks(html: str) -> Blocks:
    return blocks_of(read(LexborHTMLParser(f"<body>{html}</body>")))


def kept(html: str) -> list[str]:
    page = blocks(html)
    left = without_repeats(np.ones(len(page), bool), page)
    return [page.texts[n] for n in np.flatnonzero(left)]


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
    page = blocks(f"<div><p>{LONG}</p></div><div><p>{LONG}</p></div>")
    assert without_repeats(np.array([False, True]), page).tolist() == [False, True]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([LONG, OTHER, "Short.", "Ferries"])), max_size=12),
    st.integers(0, 2**12 - 1),
)
def test_keeps_each_text_once_and_takes_nothing_in(where: list[tuple[int, str]], bits: int) -> None:
    page = blocks("".join(f"<div><p>{text}</p></div>" if k else f"<p>{text}</p>" for k, text in where))
    chosen = np.array([bits >> n & 1 == 1 for n in range(len(page))], bool)
    left = without_repeats(chosen, page)
    assert not (left & ~chosen).any()
    texts = np.array(page.texts, object)
    assert set(texts[left]) == set(texts[chosen])
