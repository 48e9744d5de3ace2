"""Titles: those of the pages that records stand on, and what a query matches in them."""

from collections.abc import Callable, Iterable

from markupsafe import Markup

from services.web.pages.words import marked
from shared.ids import page_of
from shared.query.nodes import Node
from shared.records import Page
from shared.search.request import Hit, Snippet
from shared.search.resolve import Languages, resolve
from shared.search.snippets import Snippets, positive
from shared.stores.clauses import Keyword
from shared.stores.protocol import Find, Store

# Characters of a title in which matches are looked for.
_LONGEST = 500


def pages_of(store: Store, hits: Iterable[Hit]) -> dict[str, Page]:
    """The own records of the hits' pages, by id, in one question."""
    ids = tuple(dict.fromkeys(page_of(hit.record.id) for hit in hits))
    if not ids:
        return {}
    found = store.find(Find(Keyword("id", ids), ("page",), "newest", len(ids))).findings
    return {finding.record.id: finding.record for finding in found if isinstance(finding.record, Page)}


def marker(node: Node, languages: Languages) -> Callable[[str, str | None], Markup]:
    """Of a title in a language: the title with what the query matches marked. Raises QueryError.

    `languages`: those that are stored.
    """
    snippets = Snippets(positive(resolve(node, languages)))

    def mark(title: str, language: str | None) -> Markup:
        return marked(Snippet(title, snippets.marks(title[:_LONGEST], language)))

    return mark
