"""OpenSearch's queries as data, apart from the client: clauses, and what the store asks for itself."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.stores import clauses as c
from shared.stores.linking import MOST_CANDIDATES
from shared.stores.opensearch_mappings import WAYS

Body = dict[str, Any]
Ways = Sequence[tuple[str, ...]]
"""Sequences of words that all mean the same."""

WORDS: Mapping[c.TextField, str] = {field: f"store.{field}_words" for field in c.EVERY_FIELD}
STEMS: Mapping[c.TextField, str] = {field: f"store.{field}_stems" for field in c.STEMMED}

# BM25's k1 + 1: Lucene leaves out this factor, which is the same for all words. What scores 1 stands beside them.
_BM25 = 2.2
_NOTHING: Body = {"match_none": {}}
_EVERYTHING: Body = {"match_all": {}}


def query_of(clause: c.Clause) -> Body:
    """The query of a clause, with its scores."""
    match clause:
        case c.Match():
            return _match(clause)
        case c.Prefix(text, fields):
            return _constant(_any([{"prefix": {WORDS[field]: {"value": text}}} for field in fields]), 1.0)
        case c.Near():
            return _constant(_any(list(_near(clause))), 1.0)
        case c.Keyword(field, values):
            return {"bool": {"filter": {"terms": {f"store.{field}": list(values)}}}}
        case c.Number(field, low, high):
            bounds = {name: bound for name, bound in (("gte", low), ("lte", high)) if bound is not None}
            return {"bool": {"filter": {"range": {f"store.{field}": bounds}}}}
        case c.Not(inner):
            return {"bool": {"must_not": query_of(inner)}}
        case c.All(inners):
            return _all(inners)
        case c.Any(inners):
            return _any([query_of(inner) for inner in inners])
        case c.Everything():
            return {"bool": {"filter": _EVERYTHING}}


def _all(inners: Iterable[c.Clause]) -> Body:
    """Clauses that score nothing apart: they are asked for once a segment and kept."""
    parts: dict[str, list[Body]] = defaultdict(list)
    for inner in inners:
        match inner:
            case c.Not(not_this):
                parts["must_not"].append(query_of(not_this))
            case c.Keyword() | c.Number():
                parts["filter"].append(query_of(inner)["bool"]["filter"])
            case c.Everything():
                parts["filter"].append(_EVERYTHING)
            case _:
                parts["must"].append(query_of(inner))
    return {"bool": dict(parts)}


def _match(wanted: c.Match) -> Body:
    found = [_weighted(WORDS[field], way, c.WORD_WEIGHTS[field]) for field in wanted.fields for way in [wanted.words]]
    for field in wanted.fields:
        if field in STEMS and wanted.stems:
            ones, longer = _by_length(wanted.stems)
            weight = c.STEM_WEIGHTS[field]
            found += [_weighted(STEMS[field], (WAYS.join(ones),), weight)] if ones else []
            found += [_weighted(STEMS[field], way, weight) for way in longer]
    return {"dis_max": {"queries": found, "tie_breaker": c.TIE_BREAKER}} if found else _NOTHING


def _weighted(field: str, way: Sequence[str], weight: float) -> Body:
    """A word, in one or more ways to write it, or words one after the other."""
    kind = "match" if len(way) == 1 else "match_phrase"
    return {kind: {field: {"query": " ".join(way), "boost": weight * _BM25}}}


def _by_length(ways: Ways) -> tuple[list[str], list[tuple[str, ...]]]:
    """Those of one word, and the longer ones."""
    return [way[0] for way in ways if len(way) == 1], [way for way in ways if len(way) > 1]


def _near(near: c.Near) -> Iterator[Body]:
    for field in near.left.fields:
        yield from _gaps(WORDS[field], [near.left.words], [near.right.words], near.distance)
        if field in STEMS:
            yield from _gaps(STEMS[field], near.left.stems, near.right.stems, near.distance)


def _gaps(field: str, left: Ways, right: Ways, distance: int) -> Iterator[Body]:
    """Both, in either order, with so many words between them.

    Of two intervals the shorter hides the longer that holds it, so ways of other lengths are asked for apart: in "deep
    white snow" the way `deep` is one word from `snow` and hides `deep white`, which stands beside it.
    """
    both = [
        {"all_of": {"ordered": True, "max_gaps": distance, "intervals": [_one_of(first), _one_of(second)]}}
        for one in _same_length(left)
        for other in _same_length(right)
        for first, second in ((one, other), (other, one))
    ]
    if both:
        yield {"intervals": {field: {"any_of": {"intervals": both}}}}


def _same_length(ways: Ways) -> list[list[tuple[str, ...]]]:
    found: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for way in ways:
        found[len(way)].append(way)
    return list(found.values())


def _one_of(ways: Ways) -> Body:
    """An interval of one of these."""
    ones, longer = _by_length(ways)
    found = [{"match": {"query": " ".join(way), "ordered": True, "max_gaps": 0}} for way in longer]
    found += [{"match": {"query": WAYS.join(ones)}}] if ones else []
    return found[0] if len(found) == 1 else {"any_of": {"intervals": found}}


def _any(queries: Sequence[Body]) -> Body:
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}


def _constant(query: Body, score: float) -> Body:
    return {"constant_score": {"filter": query, "boost": score}}


def counts_body(page_ids: Sequence[str]) -> Body:
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


def leaders_body(bands: Sequence[str]) -> Body:
    """The articles that share bands, those that share most of them first."""
    return {
        "size": MOST_CANDIDATES,
        "track_total_hits": False,
        "_source": ["store.leads_since", "store.signature"],
        "query": {"bool": {"should": [{"constant_score": {"filter": {"term": {"store.bands": b}}}} for b in bands]}},
    }


def of_versions(versions: Mapping[str, int]) -> dict[str, Any]:
    """Of these pages all documents of these versions or earlier ones."""
    each = [
        {"bool": {"filter": [{"term": {"store.page_id": page}}, {"range": {"store.version": {"lte": version}}}]}}
        for page, version in versions.items()
    ]
    return {"bool": {"should": each}}


def of_pages(page_ids: Sequence[str]) -> Body:
    """All documents of some pages."""
    return {"terms": {"store.page_id": list(page_ids)}}


def of_kind(kind: str) -> Body:
    """All records of a kind, or `version`s, in the index that holds them, of any layout."""
    return _EVERYTHING if kind == "version" else {"term": {"store.is": kind}}
