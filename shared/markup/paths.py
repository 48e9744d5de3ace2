"""Paths: where on its page a record stands, in the child sequences of EPUB Canonical Fragment Identifiers.

Of an element's children the elements have the numbers 2, 4, 6 …, and the text before, between and after them 1, 3, 5 …;
comments count for nothing (https://idpf.org/epub/linking/cfi/ 2.1). `/4` is body, the second child of `html`; `/4/2/6`
the third element in the first of body. A path may end in neighbours: `/4/2/6-11`.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

BODY = "/4"

_PATH = re.compile(r"(?P<parent>/4(?:/[0-9]{1,6})*?)(?:/(?P<first>[0-9]{1,6})(?:-(?P<last>[0-9]{1,6}))?)?")


@dataclass(frozen=True, slots=True)
class _Child:
    place: int
    node: "LexborNode"


class Places:
    """What paths lead to in a tree. It holds until the tree changes."""

    def __init__(self, tree: "LexborHTMLParser") -> None:
        """`tree`: as `tree_of` makes it."""
        self._children: dict[str, list[_Child]] = {}
        self._body = tree.body

    def nodes(self, path: str) -> list["LexborNode"]:
        """The elements and texts that a path leads to, in their order; none where it is no path of this tree."""
        parsed = _PATH.fullmatch(path)
        if parsed is None or self._body is None:
            return []
        if parsed["first"] is None:
            return [self._body] if parsed["parent"] == BODY else []
        first = int(parsed["first"])
        last = int(parsed["last"] or first)
        return [c.node for c in self._in(parsed["parent"]) if first <= c.place <= last]

    def _in(self, path: str) -> list[_Child]:
        """The children of an element, by its path."""
        steps = path.split("/")[2:]
        at = BODY
        found = self._known(at, self._body)
        for step in steps:
            place = int(step)
            element = next((c.node for c in found if c.place == place), None)
            if element is None or place % 2:
                return []
            at = f"{at}/{step}"
            found = self._known(at, element)
        return found

    def _known(self, path: str, element: "LexborNode | None") -> list[_Child]:
        found = self._children.get(path)
        if found is None:
            found = self._children[path] = _children(element)
        return found


def _children(element: "LexborNode | None") -> list[_Child]:
    found: list[_Child] = []
    place = 0
    node = element.first_child if element is not None else None
    while node is not None:
        if node.is_text_node:
            found.append(_Child(place + 1, node))
        elif node.is_element_node:
            place += 2
            found.append(_Child(place, node))
        node = node.next
    return found
