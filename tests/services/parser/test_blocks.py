"""Where the weight of a page's blocks stands."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from services.parser.blocks import blocks_of, smallest_with
from services.parser.reader import read

PAGE = read(LexborHTMLParser("<main><article><p>one<p>two<p>three</article><aside><p>four</aside></main><p>five"))
BLOCKS = blocks_of(PAGE)


def test_the_smallest_element_with_most_of_the_weight() -> None:
    weight = np.array([3, 3, 3, 1, 0], np.float32)
    assert [smallest_with(PAGE, BLOCKS, weight, share).tag for share in (0.3, 0.5, 0.9, 0.95, 1)] == [
        *("p", "article", "article", "main", "main")
    ]


@given(st.lists(st.integers(0, 9), min_size=5, max_size=5), st.floats(0.5, 1))
def test_no_child_holds_as_much(weight: list[int], share: float) -> None:
    found = smallest_with(PAGE, BLOCKS, np.array(weight, np.float32), share)
    held = [sum(weight[BLOCKS.within(e)]) for e in (found, *found.children)]
    least = share * sum(weight)
    assert held[0] >= least - 1e-6
    assert all(h < least + 1e-6 for h in held[1:])
