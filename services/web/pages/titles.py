"""The pages that records stand on, for their titles."""

from collections.abc import Iterable

from shared.ids import page_of
from shared.records import Page
from shared.search.request import Hit
from shared.stores.clauses import Keyword
from shared.stores.protocol import Find, Store


def pages_of(store: Store, hits: Iterable[Hit]) -> dict[str, Page]:
    """The own records of the hits' pages, by id, in one question."""
    ids = tuple(dict.fromkeys(page_of(hit.record.id) for hit in hits))
    if not ids:
        return {}
    found = store.find(Find(Keyword("id", ids), ("page",), "newest", len(ids))).findings
    return {finding.record.id: finding.record for finding in found if isinstance(finding.record, Page)}
