"""Records as rows of a table, for CSV and Parquet: what most ask for; JSON lines have everything."""

from datetime import datetime

from shared.records import AnyRecord, Article, Comment, Page, Widget
from shared.stores.protocol import kind_of

COLUMNS: dict[str, type] = {
    "kind": str,
    "id": str,
    "page_id": str,
    "url": str,
    "title": str,
    "authors": str,
    "published_at": datetime,
    "language": str,
    "text": str,
    "parent_id": str,
    "position": str,
    "depth": int,
    "votes": int,
    "status": str,
    "type": str,
    "region": str,
    "fetched_at": datetime,
    "gone_at": datetime,
}
"""Name -> type; docs/api.md says what is in each."""

Value = str | int | datetime | None


def row(record: AnyRecord) -> dict[str, Value]:
    """A record's columns; those that it has not are left out."""
    own: dict[str, Value] = {"kind": kind_of(record), "id": record.id, "language": record.language}
    match record:
        case Page():
            return own | {
                "page_id": record.id,
                "url": record.url,
                "title": record.title,
                "type": record.kind,
                "fetched_at": record.fetched_at,
                "gone_at": record.gone_at,
            }
        case Article():
            return own | {
                "page_id": record.page_id,
                "title": record.title,
                "authors": "; ".join(record.authors) or None,
                "published_at": record.published_at,
                "text": record.text,
            }
        case Comment():
            return own | {
                "page_id": record.page_id,
                "url": record.permalink,
                "authors": record.author,
                "published_at": record.published_at,
                "text": record.text,
                "parent_id": record.parent_id,
                "position": record.position,
                "depth": record.depth,
                "votes": record.votes,
                "status": record.status,
                "gone_at": record.gone_since,
            }
        case Widget():
            return own | {
                "page_id": record.page_id,
                "url": record.embed_url,
                "title": record.title,
                "text": record.text,
                "type": record.kind,
                "region": record.region,
            }
