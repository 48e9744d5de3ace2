"""What of a record is searched and filtered by."""

from typing import Any

from shared.records import AnyRecord, Comment, Page, RecordCounts
from shared.stores.protocol import RecordKind, StoredPage, kind_of
from shared.urls import site_of

KIND_WEIGHTS: dict[RecordKind, float] = {"page": 1.0, "article": 2.0, "comment": 1.0, "widget": 0.5}
"""A score is multiplied by these: an article stands above the menus and lists of recent posts that name it."""


def marks(record: AnyRecord) -> list[str]:
    """What a record is: its kind, and `reply` or `gone` where a comment is one. The audit counts these."""
    found: list[str] = [kind_of(record)]
    if isinstance(record, Comment):
        found += ["reply"] if record.parent_id is not None else []
        found += ["gone"] if record.gone_since is not None else []
    return found


def stored_page(bucket: dict[str, Any]) -> StoredPage:
    """A page's counts from an aggregation over its records' marks (tantivy answers as OpenSearch does)."""
    counts: dict[str, int] = {found["key"]: found["doc_count"] for found in bucket["is"]["buckets"]}
    return StoredPage(
        bucket["key"],
        int(bucket["version"]["value"]) if "page" in counts else 0,
        RecordCounts(
            articles=counts.get("article", 0),
            comments=counts.get("comment", 0),
            replies=counts.get("reply", 0),
            widgets=counts.get("widget", 0),
            gone=counts.get("gone", 0),
        ),
    )


def sites(page: Page) -> list[str]:
    """The hosts of a page, where it was found (first) and as submitted, and all domains above them."""
    found: dict[str, None] = {}
    for url in (page.final_url, page.url):
        host = site_of(url).rstrip(".")
        labels = host.split(".")
        # An address is no name: there is nothing above it.
        above = 1 if host.startswith("[") or labels[-1].isdigit() else len(labels)
        found |= {".".join(labels[i:]): None for i in range(above)}
    return list(found)


def languages(tag: str | None) -> list[str]:
    """A language tag and all that it is a kind of: `zh-Hant-TW`, `zh-Hant`, `zh`; in lower case."""
    parts = tag.lower().split("-") if tag else []
    return ["-".join(parts[:n]) for n in range(len(parts), 0, -1)]
