"""Links that change a query: another filter, one less, another order, the next results."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal
from urllib.parse import urlencode

from shared.query.errors import QueryError
from shared.query.links import with_filter, without_filter
from shared.query.nodes import And, Everything, Filter, Node, Or, Text
from shared.query.unparse import unparse
from shared.query.values import filter_of
from shared.search.search import order_of
from shared.stores.protocol import FacetName

# Values of facets: some hundred on a page, most of them those of the page before.
_MOST_KEPT = 4096

Order = Literal["relevance", "newest", "oldest"]
View = Literal["pages", "records"]

FACETS: Mapping[FacetName, tuple[str, str]] = {
    "kind": ("kind", "Kind"),
    "site": ("site", "Site"),
    "language": ("lang", "Language"),
    "author": ("author", "Author"),
    "month": ("date", "Month"),
    "widget": ("widget", "Widget"),
}
"""Facet -> the field of the query language that keeps to one of its values, and its heading."""


@lru_cache(_MOST_KEPT)
def _month(value: str) -> str:
    """`2024-05` as `May 2024`."""
    try:
        return f"{datetime.strptime(value, '%Y-%m'):%b %Y}"
    except ValueError:
        return value


_READABLE: Mapping[FacetName, Callable[[str], str]] = {"month": _month, "widget": lambda kind: kind.replace("_", " ")}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: what a click on it asks for is `url`; None where no query can say it."""

    value: str
    name: str
    """As people read it."""
    count: int
    url: str | None
    on: bool
    """The query keeps to it already, and the link takes that back."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet's values, the most frequent first."""

    name: str
    title: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for, as far as its links repeat it."""

    node: Node
    sort: Order | None = None
    view: View = "pages"
    path: str = "/"

    def text(self) -> str:
        """The query as it is written."""
        return unparse(self.node)

    def url(self, after: str | None = None) -> str:
        """This search; `after`: its results behind a cursor."""
        values = {
            "q": self.text(),
            "sort": self.sort or "",
            "view": self.view if self.view != "pages" else "",
            "after": after or "",
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{self.path}?{query}" if query else self.path

    def order(self) -> Order:
        """The order that results have: by relevance where there are words, unless another was chosen."""
        return self.sort or order_of(self.node)

    def other(self, *, sort: Order | None = None, view: View | None = None) -> str:
        """The same in another order or view."""
        return replace(self, sort=sort or self.sort, view=view or self.view).url()

    def within(self, page_id: str) -> str:
        """The same, of one page alone, record by record."""
        only = with_filter(self.node, Filter("in", Text(page_id)))
        return replace(self, node=only, view="records", path="/").url()

    def filters(self) -> Iterator[tuple[str, str]]:
        """Filters that all results pass: as they are written, and this search without each."""
        for part in _parts(self.node):
            for each in part.nodes if isinstance(part, Or) else (part,):
                if isinstance(each, Filter) and (gone := without_filter(self.node, each)) != self.node:
                    yield unparse(each), replace(self, node=gone).url()

    def facets(self, found: Mapping[FacetName, Sequence[tuple[str, int]]]) -> list[Facet]:
        """Facets with links; those left out that leave nothing to choose."""
        facets = (Facet(name, FACETS[name][1], tuple(self._values(name, values))) for name, values in found.items())
        return [facet for facet in facets if len(facet.values) > 1]

    def _values(self, facet: FacetName, values: Sequence[tuple[str, int]]) -> Iterator[Value]:
        for value, count in values:
            name = _READABLE.get(facet, str)(value)
            only = said(FACETS[facet][0], value)
            if only is None:
                yield Value(value, name, count, None, on=False)
                continue
            on = self.keeps_to(only)
            node = without_filter(self.node, only) if on else with_filter(self.node, only)
            yield Value(value, name, count, replace(self, node=node).url(), on)

    def keeps_to(self, only: Filter) -> bool:
        """Whether all results pass this filter, since the query says so."""
        return only in _parts(self.node)

    def without(self, field: str) -> Node:
        """The query without its filters of a field, where it keeps to some for all it finds."""
        node = self.node
        for part in _parts(node):
            for each in part.nodes if isinstance(part, Or) else (part,):
                if isinstance(each, Filter) and each.field == field:
                    node = without_filter(node, each)
        return node


def narrowed(node: Node, options: Mapping[str, tuple[str, str]]) -> Node:
    """The query with filters more: parameter -> field and value. Raises QueryError, which names the parameter."""
    for parameter, (field, value) in options.items():
        try:
            node = with_filter(node, filter_of(field, value))
        except QueryError as error:
            raise QueryError(f"{parameter}: {error.message}") from None
    return node


@lru_cache(_MOST_KEPT)
def said(field: str, value: str) -> Filter | None:
    """`field:value`; None where no query can say it."""
    try:
        return filter_of(field, value)
    except QueryError:
        return None


def _parts(node: Node) -> list[Node]:
    return [part for part in (node.nodes if isinstance(node, And) else (node,)) if not isinstance(part, Everything)]
