"""A page's records as OpenSearch's documents, and back."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import TypeAdapter

from shared.records import AnyRecord, Article, Comment, Page, Widget
from shared.stores.near_duplicates import bands
from shared.stores.opensearch_bulk import Action
from shared.stores.opensearch_indices import Generation
from shared.stores.protocol import RecordKind, kind_of
from shared.stores.replacing import Change, Leader, spread, version_id
from shared.stores.searchable import marks, searchable, sites

_MODELS: dict[RecordKind, TypeAdapter[AnyRecord]] = {
    "page": TypeAdapter(Page),
    "article": TypeAdapter(Article),
    "comment": TypeAdapter(Comment),
    "widget": TypeAdapter(Widget),
}


def version_action(into: Generation, article: Article, version: int) -> Action:
    """Writes an article's earlier version."""
    source = _source(article) | {"store": {"page_id": article.page_id, "version": version}}
    return Action(into.name("version"), version_id(article, version), version, source)


def record_actions(into: Generation, after: Change) -> Iterator[Action]:
    """Writes a page's records but its own."""
    for place, record in enumerate(spread(after.parsed)[1:], 1):
        yield _action(into, record, after, {"place": place})


def page_action(into: Generation, after: Change, kept: Iterable[AnyRecord]) -> Action:
    """Writes a page's own record, which names the others that the store holds."""
    return _action(into, after.parsed.page, after, {"place": 0, "record_ids": [r.id for r in kept]})


def deletion(generation: Generation, record_id: str, version: int) -> Action:
    """Deletes a record."""
    return Action(generation.name(record_kind(record_id)), record_id, version, None)


def _action(into: Generation, record: AnyRecord, after: Change, more: dict[str, Any]) -> Action:
    page = after.parsed.page
    time = searchable(record).time
    store = {
        "page_id": page.id,
        "page_url": page.url,
        "is": marks(record),
        "site": sites(page),
        "time": time.isoformat() if time is not None else None,
        "version": after.version,
    }
    leader = after.leader
    if leader is not None and leader.id == record.id:
        signature = base64.b64encode(leader.signature).decode()
        store |= {"leads_since": leader.since, "signature": signature, "bands": bands(leader.signature)}
    return Action(into.name(kind_of(record)), record.id, after.version, _source(record) | {"store": store | more})


def _source(record: AnyRecord) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_none=True)


def bare(doc: dict[str, Any]) -> dict[str, Any]:
    """A document's record, as JSON has it."""
    return {name: value for name, value in doc["_source"].items() if name != "store"}


def record_of(doc: dict[str, Any]) -> AnyRecord:
    """A document's record."""
    return _MODELS[record_kind(doc["_id"])].validate_python(bare(doc))


def leader_of(doc: dict[str, Any]) -> Leader | None:
    """As what an article leads near-duplicates; None where it does not."""
    store = doc["_source"]["store"]
    if "leads_since" not in store:
        return None
    return Leader(doc["_id"], store["leads_since"], base64.b64decode(store["signature"]))


def record_kind(record_id: str) -> RecordKind:
    """A record's kind, from its id (`shared.ids`)."""
    letter = record_id.partition(":")[2][:1]
    kinds: dict[str, RecordKind] = {"": "page", "a": "article", "c": "comment", "w": "widget"}
    return kinds[letter]
