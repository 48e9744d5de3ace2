"""Where the weight of a page's blocks stands."""

from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask
from tests.services.parser.asking import elements_of, html_of

PAGE = html_of("<main><article><p>one<p>two<p>three</article><aside><p>four</aside></main><p>five")
ELEMENTS = elements_of(PAGE)
# The blocks that begin with, or after, each text.
BLOCKS = ask("blocks", html=PAGE)[4]


def smallest_with(weight: list[int], share: float) -> int:
    found = ask("smallest_with", html=PAGE, weight=weight, share=share)
    assert isinstance(found, int)
    return found


def test_the_smallest_element_with_most_of_the_weight() -> None:
    weight = [3, 3, 3, 1, 0]
    assert [ELEMENTS[smallest_with(weight, share)].tag for share in (0.3, 0.5, 0.9, 0.95, 1)] == [
        *("p", "article", "article", "main", "main")
    ]


@given(st.lists(st.integers(0, 9), min_size=5, max_size=5), st.floats(0.5, 1))
def test_no_child_holds_as_much(weight: list[int], share: float) -> None:
    found = smallest_with(weight, share)
    some = [ELEMENTS[found], *(e for e in ELEMENTS if e.parent == found)]
    held = [sum(weight[BLOCKS[e.first] : BLOCKS[e.last]]) for e in some]
    least = share * sum(weight)
    assert held[0] >= least - 1e-6
    assert all(h < least + 1e-6 for h in held[1:])
