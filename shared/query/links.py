"""A query with a filter more or less, as the links of a page want it."""

from shared.query.joining import all_of, any_of, grounded
from shared.query.nodes import And, Everything, Filter, Node, Or


def with_filter(node: Node, added: Filter) -> Node:
    """What the query finds and the filter lets through; the same query where it has the filter."""
    parts = _parts(node)
    return node if added in parts else all_of([*parts, added])


def without_filter(node: Node, removed: Filter) -> Node:
    """The query without a filter that it has for all it finds, alone or among others joined by OR.

    Where words that must not be there are all that is left, `parse` refuses what `unparse` writes of it, as it should.
    """
    parts = [part for part in (_without(part, removed) for part in _parts(node)) if part is not None]
    return grounded(all_of(parts))


def _parts(node: Node) -> list[Node]:
    return [n for n in (node.nodes if isinstance(node, And) else (node,)) if not isinstance(n, Everything)]


def _without(node: Node, removed: Filter) -> Node | None:
    if node == removed:
        return None
    if isinstance(node, Or) and removed in node.nodes and all(isinstance(n, Filter) for n in node.nodes):
        return any_of(n for n in node.nodes if n != removed)
    return node
