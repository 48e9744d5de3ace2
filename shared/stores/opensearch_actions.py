"""What a page becomes in a generation of indices: the documents to be written there, and those to be deleted."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from shared.records import AnyRecord, Article
from shared.stores.opensearch_bulk import Action
from shared.stores.opensearch_documents import documents, kind_of_id, version_document
from shared.stores.opensearch_indices import Generation
from shared.stores.protocol import kind_of
from shared.stores.replacing import Change, version_id


def version_action(into: Generation, article: Article, version: int) -> Action:
    """Writes an article's earlier version."""
    return Action(into.name("version"), version_id(article, version), version, version_document(article, version))


def record_actions(into: Generation, after: Change, there: Iterable[str], written: datetime) -> Iterator[Action]:
    """Writes a page's records but its own, and deletes those that are `there` and are its no more.

    `written`: when the write began.
    """
    now = set()
    for record, document in islice(documents(after, written), 1, None):
        now.add(record.id)
        yield Action(into.name(kind_of(record)), record.id, after.version, document)
    for record_id in there:
        if record_id not in now:
            yield deletion(into, record_id, after.version)


def page_action(into: Generation, after: Change, kept: Iterable[AnyRecord], written: datetime) -> Action:
    """Writes a page's own record, which names the others that the store holds."""
    page, document = next(documents(after, written))
    document["store"]["record_ids"] = [record.id for record in kept]
    return Action(into.name("page"), page.id, after.version, document)


def deletion(generation: Generation, record_id: str, version: int) -> Action:
    """Deletes a record."""
    return Action(generation.name(kind_of_id(record_id)), record_id, version, None)
