"""OpenSearch's indices as data: one of records, one of articles' earlier versions, strict, the format in `_meta`."""

from typing import Any, get_args

from shared.records import SCHEMA_VERSION
from shared.stores.clauses import KeywordField, NumberField
from shared.stores.indexed import SortKey, TokenField
from shared.stores.protocol import FACET_FIELDS

LAYOUT = 3
"""Raised when the mappings change, or what stands in `store`, or in which index."""
META = {"schema_version": SCHEMA_VERSION, "layout": LAYOUT}

PARTS = ("record", "version")
"""Of a store, each with an index: records of all kinds, since each index more makes a search dearer and how frequent a
word is has to be asked of each; earlier versions of articles, which no search finds."""
KINDS = ("page", "article", "comment", "widget", "version")
"""Of documents; in layouts 1 and 2 each had an index of its own."""

WAYS = "|"
"""Between two ways to write a word in what a `store` text is asked for; no word holds it."""


def alias(prefix: str, part: str) -> str:
    """The name by which a part is read; a reindex points it at a fresh index."""
    return f"{prefix}-{part}s"


def template(prefix: str, part: str) -> dict[str, Any]:
    """The index template of a part."""
    return {
        "index_patterns": [f"{alias(prefix, part)}-*"],
        "priority": 200,
        "template": {
            "settings": _SETTINGS,
            "mappings": {
                "dynamic": "strict",
                "_meta": META,
                # They are made from the record, and again by a reindex.
                "_source": {"excludes": [f"store.{name}" for name in get_args(TokenField)]},
                "properties": _PROPERTIES[part] | {"store": _STORE},
            },
        },
    }


_SETTINGS: dict[str, Any] = {
    "index": {
        # Searches see what was written within this time; nothing waits for it.
        "refresh_interval": "1s",
        # A word is some twenty stems in as many languages, each looked up in each segment: a third of the segments that
        # there are by default (10, 16mb) make a search a third cheaper.
        "merge.policy.segments_per_tier": 4,
        "merge.policy.floor_segment": "64mb",
        # Where too many merges wait, writes and refreshes wait as well: longer than a request may take, at 50 pages a
        # second and the speed that OpenSearch holds merges to (20 MB a second at first).
        "merge.scheduler.auto_throttle": False,
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
_ARTICLE: dict[str, Any] = {
    "schema_version": _NUMBER,
    "id": _KEYWORD,
    "provenance": _KEPT_OBJECT,
    "language": _LANGUAGE,
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
_PAGE: dict[str, Any] = {
    "url": _KEYWORD,
    "final_url": _KEYWORD,
    "canonical_url": _KEYWORD,
    "site_name": _NAME,
    "fetched_at": _DATE,
    "gone_at": _DATE,
    "content_hash": _KEYWORD,
    "parser_version": _KEYWORD,
}
_COMMENT: dict[str, Any] = {
    "parent_id": _KEYWORD,
    "position": _KEYWORD,
    "depth": _NUMBER,
    "author": _NAME,
    "author_url": _KEYWORD,
    "published_raw": _KEPT,
    "edited_at": _DATE,
    "quotes": _KEPT,
    "permalink": _KEYWORD,
    "votes": _NUMBER,
    # A page's is a number, a comment's a word.
    "status": _KEYWORD,
    "gone_since": _DATE,
}
_WIDGET: dict[str, Any] = {"items": _KEPT_OBJECT, "region": _KEYWORD, "embed_url": _KEYWORD, "kind": _KEYWORD}
_PROPERTIES = {"record": _ARTICLE | _PAGE | _COMMENT | _WIDGET, "version": _ARTICLE}
