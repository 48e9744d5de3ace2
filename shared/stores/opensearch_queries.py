"""OpenSearch's requests as data, apart from the client."""

from collections.abc import Sequence
from typing import Any

from shared.stores.linking import MOST_CANDIDATES
from shared.stores.opensearch_mappings import alias
from shared.stores.protocol import Query, RecordKind
from shared.stores.query_text import Term, site
from shared.stores.searchable import EVERY_KIND, KIND_WEIGHTS, TITLE_WEIGHT

_FIELDS = [
    f"title^{TITLE_WEIGHT}",
    "subtitle",
    "description",
    "text",
    "authors",
    "tags",
    "author",
    "site_name",
]
"""The same as `searchable` gives."""


def kinds_of(query: Query) -> tuple[RecordKind, ...]:
    """The kinds that a query searches."""
    return (query.kind,) if query.kind else EVERY_KIND


def search_body(query: Query, terms: Sequence[Term], prefix: str) -> dict[str, Any]:
    """The search for words and filters. Raises ValueError where `site` is none."""
    return {
        "from": query.offset,
        "size": query.limit,
        "track_total_hits": True,
        "indices_boost": [{alias(prefix, kind): KIND_WEIGHTS[kind]} for kind in kinds_of(query)],
        "query": {
            "bool": {
                "must": [_words(t) for t in terms if not t.negated] or [{"match_all": {}}],
                "must_not": [_words(t) for t in terms if t.negated],
                "filter": _filters(query),
            }
        },
    }


def counts_body(page_ids: Sequence[str]) -> dict[str, Any]:
    """How many records of each kind there are of each page, and its version."""
    return {
        "size": 0,
        "query": of_pages(page_ids),
        "aggs": {
            "pages": {
                "terms": {"field": "store.page_id", "size": len(page_ids)},
                "aggs": {"is": {"terms": {"field": "store.is"}}, "version": {"max": {"field": "store.version"}}},
            }
        },
    }


def leaders_body(bands: Sequence[str]) -> dict[str, Any]:
    """The articles that share bands, those that share most of them first."""
    return {
        "size": MOST_CANDIDATES,
        "track_total_hits": False,
        "_source": ["store.leads_since", "store.signature"],
        "query": {"bool": {"should": [{"constant_score": {"filter": {"term": {"store.bands": b}}}} for b in bands]}},
    }


def of_pages(page_ids: Sequence[str]) -> dict[str, Any]:
    """All documents of some pages."""
    return {"terms": {"store.page_id": list(page_ids)}}


def _words(term: Term) -> dict[str, Any]:
    return {"multi_match": {"query": term.text, "type": "phrase", "fields": _FIELDS}}


def _filters(query: Query) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if query.language:
        tag = query.language.lower()
        kinds = [{"term": {"language": tag}}, {"prefix": {"language": f"{tag}-"}}]
        found.append({"bool": {"should": kinds, "minimum_should_match": 1}})
    if query.site:
        found.append({"term": {"store.site": site(query.site)}})
    times = {"gte": query.since, "lt": query.until}
    asked = {name: time.isoformat() for name, time in times.items() if time is not None}
    if asked:
        found.append({"range": {"store.time": asked}})
    return found
