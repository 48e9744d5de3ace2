"""A record's document in OpenSearch: the record as it is and, in `store`, what it is found by; and back."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from shared.records import AnyRecord, Article, Comment, Page, Widget
from shared.stage import fetch_of
from shared.stores.indexed import index_page, written_at
from shared.stores.near_duplicates import bands
from shared.stores.protocol import RecordKind
from shared.stores.replacing import Change, Leader

Document = dict[str, Any]

_MODELS: dict[RecordKind, TypeAdapter[AnyRecord]] = {
    "page": TypeAdapter(Page),
    "article": TypeAdapter(Article),
    "comment": TypeAdapter(Comment),
    "widget": TypeAdapter(Widget),
}


def documents(after: Change, written: datetime) -> Iterator[tuple[AnyRecord, Document]]:
    """A page's records in order, its own first, each with its document. `written`: when its write began."""
    for place, (record, found) in enumerate(index_page(after.parsed, written)):
        store: Document = {"page_url": after.parsed.page.url, "place": place, "version": after.version}
        for part in (found.texts, found.keywords, found.numbers):
            store.update(part.items())
        leader = after.leader
        if leader is not None and leader.id == record.id:
            signature = base64.b64encode(leader.signature).decode()
            store |= {"leads_since": leader.since, "signature": signature, "bands": bands(leader.signature)}
        yield record, _source(record) | {"store": store}


def version_document(article: Article, version: int) -> Document:
    """The document of an article's earlier version: found by its page, never by a search."""
    return _source(article) | {"store": {"page_id": article.page_id, "version": version}}


def read_record(doc: Document) -> AnyRecord:
    """The record that a document, as OpenSearch gives it, was made of."""
    return _MODELS[kind_of_id(doc["_id"])].validate_python(_bare(doc))


def read_version(doc: Document) -> tuple[Article, int]:
    """An article's earlier version, and which."""
    return Article.model_validate(_bare(doc)), doc["_source"]["store"]["version"]


def read_leader(doc: Document) -> Leader:
    """What the document of a leader keeps of it."""
    store = doc["_source"]["store"]
    return Leader(doc["_id"], store["leads_since"], base64.b64decode(store["signature"]))


def read_written(doc: Document) -> datetime:
    """When the write of a page's own document began; where that was not noted yet, when it was fetched."""
    key = doc["_source"]["store"].get("written")
    return written_at(key) if key is not None else datetime.fromtimestamp(fetch_of(doc["_version"]) / 1000, tz=UTC)


def kind_of_id(record_id: str) -> RecordKind:
    """A record's kind, from its id (`shared.ids`)."""
    letter = record_id.partition(":")[2][:1]
    kinds: dict[str, RecordKind] = {"": "page", "a": "article", "c": "comment", "w": "widget"}
    return kinds[letter]


def _source(record: AnyRecord) -> Document:
    return record.model_dump(mode="json", exclude_none=True)


def _bare(doc: Document) -> Document:
    return {name: value for name, value in doc["_source"].items() if name != "store"}
