"""OpenSearch's indices as data: one a kind of record, behind an alias, strict, with the schema version in `_meta`."""

from typing import Any

from shared.records import SCHEMA_VERSION
from shared.stores.protocol import RecordKind
from shared.stores.words import fold

LAYOUT = 1
"""Raised when the mappings or the analyzer change."""
META = {"schema_version": SCHEMA_VERSION, "layout": LAYOUT}

KINDS = ("page", "article", "comment", "widget", "version")
"""`version`: earlier versions of articles."""
RECORD_KINDS: tuple[RecordKind, ...] = ("page", "article", "comment", "widget")


def alias(prefix: str, kind: str) -> str:
    """The name by which an index is written and read; a reindex points it at a fresh one."""
    return f"{prefix}-{kind}s"


def template(prefix: str, kind: str) -> dict[str, Any]:
    """The index template of a kind."""
    return {
        "index_patterns": [f"{alias(prefix, kind)}-*"],
        "priority": 200,
        "template": {
            "settings": _SETTINGS,
            "mappings": {"dynamic": "strict", "_meta": META, "properties": _PROPERTIES[kind] | {"store": _STORE}},
        },
    }


def later_fields(kind: str) -> dict[str, Any]:
    """The fields that an index made by an earlier version may lack."""
    if kind == "page":
        return {}
    if kind not in {"article", "version"}:
        return {"paths": _KEPT}
    of_store = {name: _STORE["properties"][name] for name in ("leads_since", "signature", "bands")}
    return {"paths": _KEPT, "near_duplicate_of": _KEYWORD, "store": {"properties": of_store}}


# Greek and Cyrillic letters as `words.fold` has them; the rest is done by the lowercase and asciifolding filters.
_LETTERS = [*range(0x0386, 0x0400), *range(0x0400, 0x0530), *range(0x1F00, 0x2000)]
_FOLDED = [f"{chr(c)}=>{fold(chr(c))}" for c in _LETTERS if chr(c).isalpha() and fold(chr(c)) != chr(c)]

_SETTINGS: dict[str, Any] = {
    "index": {
        # Searches see what was written within this time; nothing waits for it.
        "refresh_interval": "1s",
    },
    "analysis": {
        "char_filter": {
            "letters": {"type": "mapping", "mappings": _FOLDED},
            # Words are letters and digits, as in the embedded store: `l'Iran` and `example.com` are two each.
            "apart": {"type": "pattern_replace", "pattern": r"[^\p{L}\p{N}\p{M}]+", "replacement": " "},
        },
        "analyzer": {
            "words": {
                "type": "custom",
                "char_filter": ["letters", "apart"],
                "tokenizer": "standard",
                "filter": ["lowercase", "asciifolding"],
            }
        },
        "normalizer": {"lower": {"type": "custom", "filter": ["lowercase"]}},
    },
}

_TEXT = {"type": "text", "analyzer": "words"}
# Lucene takes terms up to 32,766 bytes: 8,191 characters of at most four. A longer value is kept, not indexed.
_KEYWORD = {"type": "keyword", "ignore_above": 8191}
_NAME = _TEXT | {"fields": {"keyword": _KEYWORD}}
_LANGUAGE = _KEYWORD | {"normalizer": "lower"}
_DATE = {"type": "date", "format": "strict_date_optional_time"}
_NUMBER = {"type": "long"}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}
_KEPT_OBJECT = {"type": "object", "enabled": False}

# What the store adds to a record, in a field of its own.
_STORE = {
    "properties": {
        "page_id": _KEYWORD,
        "page_url": _KEPT,
        "is": _KEYWORD,
        "site": _KEYWORD,
        "time": _DATE,
        "place": _NUMBER,
        "version": _NUMBER,
        # Of a page: the ids of its other records, so that they are found before a refresh has made them visible.
        "record_ids": _KEPT,
        # Of an article that leads near-duplicates: the version since which it does, its signature and its bands.
        "leads_since": _NUMBER,
        "signature": _KEPT,
        "bands": _KEYWORD,
    }
}
_COMMON = {"schema_version": _NUMBER, "id": _KEYWORD, "provenance": _KEPT_OBJECT, "language": _LANGUAGE}
_ARTICLE = _COMMON | {
    "page_id": _KEYWORD,
    "paths": _KEPT,
    "title": _TEXT,
    "subtitle": _TEXT,
    "authors": _NAME,
    "published_at": _DATE,
    "modified_at": _DATE,
    "source": _NAME,
    "text": _TEXT,
    "html": _KEPT,
    "description": _TEXT,
    "tags": _NAME,
    "images": _KEPT_OBJECT,
    "links": _KEPT_OBJECT,
    "comment_count": _NUMBER,
    "paywalled": {"type": "boolean"},
    "updates": _KEPT_OBJECT,
    "near_duplicate_of": _KEYWORD,
}
_PROPERTIES: dict[str, dict[str, Any]] = {
    "page": _COMMON
    | {
        "url": _KEYWORD,
        "final_url": _KEYWORD,
        "canonical_url": _KEYWORD,
        "site_name": _NAME,
        "fetched_at": _DATE,
        "gone_at": _DATE,
        "status": _NUMBER,
        "kind": _KEYWORD,
        "title": _TEXT,
        "content_hash": _KEYWORD,
        "parser_version": _KEYWORD,
    },
    "article": _ARTICLE,
    "version": _ARTICLE,
    "comment": _COMMON
    | {
        "page_id": _KEYWORD,
        "paths": _KEPT,
        "parent_id": _KEYWORD,
        "position": _KEYWORD,
        "depth": _NUMBER,
        "author": _NAME,
        "author_url": _KEYWORD,
        "published_at": _DATE,
        "published_raw": _KEPT,
        "edited_at": _DATE,
        "text": _TEXT,
        "html": _KEPT,
        "quotes": _KEPT,
        "permalink": _KEYWORD,
        "votes": _NUMBER,
        "status": _KEYWORD,
        "gone_since": _DATE,
    },
    "widget": _COMMON
    | {
        "page_id": _KEYWORD,
        "paths": _KEPT,
        "kind": _KEYWORD,
        "title": _TEXT,
        "text": _TEXT,
        "items": _KEPT_OBJECT,
        "region": _KEYWORD,
        "embed_url": _KEYWORD,
    },
}
