"""OpenSearch's requests as data, apart from the client."""

from collections.abc import Sequence
from typing import Any

from shared.stores.linking import MOST_CANDIDATES


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
