"""OpenSearch's indices as data: one a kind of record, behind an alias, strict, with the schema version in `_meta`."""

from typing import Any, get_args

from shared.records import SCHEMA_VERSION
from shared.stores.clauses import KeywordField, NumberField
from shared.stores.indexed import SortKey, TokenField
from shared.stores.protocol import FACET_FIELDS, RecordKind

LAYOUT = 2
"""Raised when the mappings change, or what stands in `store`."""
META = {"schema_version": SCHEMA_VERSION, "layout": LAYOUT}

KINDS = ("page", "article", "comment", "widget", "version")
"""`version`: earlier versions of articles."""
RECORD_KINDS: tuple[RecordKind, ...] = ("page", "article", "comment", "widget")

WAYS = "|"
"""Between two ways to write a word in what a `store` text is asked for; no word holds it."""


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
            "mappings": {
                "dynamic": "strict",
                "_meta": META,
                # They are made from the record, and again by a reindex.
                "_source": {"excludes": [f"store.{name}" for name in get_args(TokenField)]},
                "properties": _PROPERTIES[kind] | {"store": _STORE},
            },
        },
    }


_SETTINGS: dict[str, Any] = {
    "index": {
        # Searches see what was written within this time; nothing waits for it.
        "refresh_interval": "1s",
    },
    "analysis": {
        "filter": {"ways": {"type": "pattern_capture", "patterns": [f"([^{WAYS}]+)"], "preserve_original": False}},
        # Of a query: `run|running` are two ways to write one word, at one position. Lucene's own tokenizer would part
        # them after 255 letters, which those of some thirty languages have together; this is the most it takes.
        "tokenizer": {"ways": {"type": "whitespace", "max_token_length": 1_048_576}},
        "analyzer": {"ways": {"type": "custom", "tokenizer": "ways", "filter": ["ways"]}},
        "normalizer": {"lower": {"type": "custom", "filter": ["lowercase"]}},
    },
}

# Words, parted by spaces (`indexed`).
_TOKENS = {"type": "text", "analyzer": "whitespace", "search_analyzer": "ways"}
# Lucene takes terms up to 32,766 bytes: 8,191 characters of at most four. A longer value is kept, not indexed.
_KEYWORD = {"type": "keyword", "ignore_above": 8191}
_FILTER = _KEYWORD | {"doc_values": False}
_TEXT = {"type": "match_only_text"}
_NAME = _TEXT | {"fields": {"keyword": _KEYWORD}}
_LANGUAGE = _KEYWORD | {"normalizer": "lower"}
_DATE = {"type": "date", "format": "strict_date_optional_time"}
_NUMBER = {"type": "long"}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}
_KEPT_OBJECT = {"type": "object", "enabled": False}

# What the store adds to a record, in a field of its own: what it is found by, and what belongs to its writing.
_COUNTED = {*FACET_FIELDS.values(), "page_id", "is"}
_STORE: dict[str, Any] = {
    "properties": {
        **dict.fromkeys(get_args(TokenField), _TOKENS),
        **{name: _KEYWORD if name in _COUNTED else _FILTER for name in get_args(KeywordField)},
        **dict.fromkeys((*get_args(NumberField), *get_args(SortKey)), _NUMBER),
        "page_url": _KEPT,
        "place": _NUMBER,
        "version": _NUMBER,
        # Of a page: the ids of its other records, so that they are found before a refresh has made them visible.
        "record_ids": _KEPT,
        # Of an article that leads near-duplicates: the version since which it does, its signature and its bands.
        "leads_since": _NUMBER,
        "signature": _KEPT,
        "bands": _FILTER,
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
