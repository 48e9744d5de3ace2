"""Nodes joined in the one form that trees have: no And in an And, no Or in an Or, and never negations alone."""

from collections.abc import Iterable

from shared.query.errors import QueryError
from shared.query.nodes import And, Everything, Filter, Node, Not, Or


def all_of(nodes: Iterable[Node], at: int = 0) -> Node:
    """What all the nodes match; Everything where there are none."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, And) else [node])
    flat = [node for node in flat if not isinstance(node, Everything)]
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else And(tuple(flat), at)


def any_of(nodes: Iterable[Node], at: int = 0) -> Node:
    """What one or more of the nodes (at least one) match. Raises QueryError where one negates words alone."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, Or) else [node])
    return flat[0] if len(flat) == 1 else Or(tuple(wanted(node) for node in flat), at)


def wanted(node: Node) -> Node:
    """A node that says what to look for: negated filters alone are those of Everything.

    Raises QueryError where it negates words and says nothing to look for: that would find nearly all records, in no
    order that anybody wants.
    """
    for part in _negations(node):
        if not _filters(part.node):
            raise QueryError("this says only what must not be there; say also what to look for", part.at, 1)
    return grounded(node)


def grounded(node: Node) -> Node:
    """The same node; where it holds negations alone, with the Everything that they are of."""
    negations = _negations(node)
    return And((Everything(), *negations), negations[0].at) if negations else node


def _negations(node: Node) -> list[Not]:
    """The negations of a node that holds nothing else; none of one that does."""
    nodes = node.nodes if isinstance(node, And) else (node,)
    negations = [n for n in nodes if isinstance(n, Not)]
    return negations if len(negations) == len(nodes) else []


def _filters(node: Node) -> bool:
    """Whether a node is made of filters alone."""
    match node:
        case Filter() | Everything():
            return True
        case Not():
            return _filters(node.node)
        case And() | Or():
            return all(_filters(n) for n in node.nodes)
    return False
