"""How OpenSearch finds: one request a question, as data, and its reply as an answer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import TransportError

from shared.query.errors import QueryError
from shared.records import Page
from shared.stores.close_words import most_frequent
from shared.stores.cursors import read_cursor
from shared.stores.indexed import EMPTY, tokens
from shared.stores.opensearch_documents import Document, kind_of_id, read_record
from shared.stores.opensearch_errors import answering
from shared.stores.opensearch_mappings import alias
from shared.stores.opensearch_queries import STEMS, WORDS, Body, of_kind, of_pages, query_of
from shared.stores.protocol import FACET_FIELDS, FacetName, Find, Finding, Findings, Place, Places, Sort
from shared.stores.searchable import KIND_WEIGHTS

# What is missing or fails is an error: no part of an answer is given as the whole.
_WHOLE = {"allow_partial_search_results": "false"}
# How often a word stands in all shards weighs in, not how often in that of a record; of one it asks nothing apart.
_OF_ALL = _WHOLE | {"search_type": "dfs_query_then_fetch"}
# Without anything stored, an id neither, which would be unpacked together with the record.
_FIELDS = ("store.group", "store.newest", "store.oldest", "store.page_id")
_NO_RECORDS: Body = {"_source": False, "stored_fields": "_none_", "docvalue_fields": _FIELDS}
# A shard that is not done by then gives up.
_TIME = "1s"
# Of equal scores the newer first.
_ORDERS: Mapping[Sort, list[dict[str, str]]] = {
    "relevance": [{"_score": "desc"}, {"store.newest": "desc"}],
    "newest": [{"store.newest": "desc"}, {"store.oldest": "asc"}],
    "oldest": [{"store.oldest": "asc"}, {"store.newest": "desc"}],
    "written": [{"store.written": "asc"}, {"store.newest": "desc"}],
}
_CURSORS: Mapping[Sort, list[type | tuple[type, ...]]] = {
    "relevance": [(int, float), int],
    "newest": [int, int],
    "oldest": [int, int],
    "written": [int, int],
}
# More values than are asked for, as each shard gives its own most frequent ones.
_SHARD_FACETS = 1000
# Of a record that others are to be like: so many stems of its title and of its text, each in another record too.
_LIKE_WORDS = 25
# Words within one edit that a shard gives; none is left out for being frequent.
_CLOSE = 1000
_ANY_FREQUENCY = 1e9
_TOO_SLOW = "the query takes too long: narrow it by another word or a filter"
# A node takes 1,024 (indices.query.bool.max_clause_count): a word is 6, a phrase 4 and twice the ways to read it.
_TOO_MANY = "the query has too many parts: leave some out"


class Finder:
    """Asks a node for records."""

    def __init__(self, client: OpenSearch, where: str, prefix: str) -> None:
        """`where`: the node's address, for messages."""
        self._client = client
        self._where = where
        self._index = alias(prefix, "record")

    def find(self, asked: Find) -> Findings:
        """Records by what stands in them. Raises CursorError, StoreDownError; QueryError where it takes too long."""
        reply = self._found(asked)
        findings = [_finding(hit, asked.sort) for hit in reply["hits"]["hits"]]
        return Findings(reply["hits"]["total"]["value"], findings, _facets(reply))

    def places(self, asked: Find) -> Places:
        """The same, unread."""
        reply = self._found(asked, _NO_RECORDS)
        found = [
            _place(hit, asked.sort, *(hit["fields"][name][0] for name in _FIELDS)) for hit in reply["hits"]["hits"]
        ]
        return Places(reply["hits"]["total"]["value"], found, _facets(reply))

    def read(self, places: Sequence[Place]) -> tuple[list[Finding], dict[str, Page]]:
        """The records of places, and their pages, by one request."""
        if not places:
            return [], {}
        newest, oldest = zip(*(place.mark for place in places), strict=True)
        page_ids = list(dict.fromkeys(place.handle for place in places))
        marked = {"bool": {"filter": [{"terms": {"store.newest": newest}}, {"terms": {"store.oldest": oldest}}]}}
        query = {"bool": {"should": [marked, {"ids": {"values": page_ids}}]}}
        body = {"size": len(places) + len(page_ids), "timeout": _TIME, "query": query}
        found = self._search(body, _WHOLE)["hits"]["hits"]
        hits = {_mark(hit): hit for hit in found}
        pages = [read_record(hit) for hit in found if kind_of_id(hit["_id"]) == "page"]
        findings = [_read(place, hits[place.mark]) for place in places if place.mark in hits]
        return findings, {page.id: page for page in pages if isinstance(page, Page)}

    def _found(self, asked: Find, given: Body | None = None) -> dict[str, Any]:
        return self._search(find_body(asked) | (given or {}), _OF_ALL if asked.sort == "relevance" else _WHOLE)

    def similar(self, doc: Document, limit: int) -> list[Finding]:
        """Records of the same kind as that of `doc` on other pages, by the stems that they share."""
        body = like_body(doc, limit)
        if body is None:
            return []
        reply = self._search(body, _OF_ALL)
        return [_finding(hit | {"sort": [0.0, 0]}, "relevance") for hit in reply["hits"]["hits"]]

    def close_words(self, word: str, limit: int) -> list[tuple[str, int]]:
        """Words within one edit of this one, and in how many records each stands in the field that has most."""
        reply = self._search(close_body(word), _WHOLE)
        counts: Counter[str] = Counter()
        for field in WORDS:
            for option in reply["suggest"][field][0]["options"]:
                counts[option["text"]] = max(counts[option["text"]], option["freq"])
        del counts[EMPTY]
        return most_frequent(counts, limit)

    def _search(self, body: Body, params: Mapping[str, str]) -> dict[str, Any]:
        with answering(self._where):
            try:
                reply: dict[str, Any] = self._client.search(index=self._index, body=body, params=dict(params))
            except TransportError as error:
                if (words := too_expensive(error.info)) is not None:
                    raise QueryError(words) from error
                raise
        return reply


def too_expensive(answer: object) -> str | None:
    """What is wrong with a query that a node refused or gave up; None where it is not the query."""
    error = answer.get("error") if isinstance(answer, dict) else None
    causes = error.get("root_cause", []) if isinstance(error, dict) else []
    for cause in causes:
        if "maxClauseCount is set" in str(cause["reason"]):
            return _TOO_MANY
        if cause["type"] == "time_exceeded_exception" or cause["reason"] == "Time exceeded":
            return _TOO_SLOW
    return None


def find_body(asked: Find) -> Body:
    """The search. Raises CursorError."""
    of_kinds = {"terms": {"store.kind": list(asked.kinds)}}
    query: Body = {"bool": {"must": query_of(asked.clause), "filter": of_kinds}}
    body: Body = {"size": asked.limit, "timeout": _TIME, "track_total_hits": True, "query": query}
    if asked.limit:
        body["sort"] = _ORDERS[asked.sort]
        if asked.after is not None:
            body["search_after"] = read_cursor(asked.after, asked.sort, _CURSORS[asked.sort])
        if asked.sort == "relevance":
            weights = [{"filter": of_kind(kind), "weight": KIND_WEIGHTS[kind]} for kind in asked.kinds]
            body["query"] = {"function_score": {"query": query, "functions": weights, "score_mode": "first"}}
    if asked.facets:
        body["aggs"] = {name: _facet(name, size) for name, size in asked.facets.items()}
    return body


def like_body(doc: Document, limit: int) -> Body | None:
    """The search for records like that of a document; None where it has no words."""
    store = doc["_source"]["store"]
    # The whole tag of its language, or its page's, comes first.
    texts = tokens(read_record(doc), next(iter(store.get("language", [])), None))
    like = [
        {
            "more_like_this": {
                "fields": [name],
                "like": text,
                "max_query_terms": _LIKE_WORDS,
                "min_term_freq": 1,
                "min_doc_freq": 2,
                "minimum_should_match": "1",
            }
        }
        for name, text in ((STEMS["title"], texts.get("title_stems")), (STEMS["text"], texts.get("text_stems")))
        if text
    ]
    if not like:
        return None
    others: Body = {"should": like, "minimum_should_match": 1, "must_not": of_pages(store["page_id"])}
    others["filter"] = of_kind(kind_of_id(doc["_id"]))
    return {"size": limit, "timeout": _TIME, "track_total_hits": False, "query": {"bool": others}}


def close_body(word: str) -> Body:
    """The search for words within one edit of this one (Damerau, 1964), in each field."""
    options = {
        "analyzer": "keyword",
        "suggest_mode": "always",
        "max_edits": 1,
        "prefix_length": 0,
        "min_word_length": 1,
        "string_distance": "damerau_levenshtein",
        "accuracy": 0,
        "max_term_freq": _ANY_FREQUENCY,
        "size": _CLOSE,
        "shard_size": _CLOSE,
    }
    suggest: Body = {field: {"text": word, "term": options | {"field": name}} for field, name in WORDS.items()}
    return {"size": 0, "suggest": suggest}


def _facet(name: FacetName, size: int) -> Body:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    field = f"store.{FACET_FIELDS[name]}"
    return {"terms": {"field": field, "size": size, "shard_size": size + _SHARD_FACETS, "order": order}}


def _facets(reply: Mapping[str, Any]) -> dict[FacetName, list[tuple[str, int]]]:
    return {
        name: [(bucket["key"], bucket["doc_count"]) for bucket in found["buckets"]]
        for name, found in reply.get("aggregations", {}).items()
    }


def _place(hit: Document, sort: Sort, group: str, newest: int, oldest: int, page_id: str) -> Place:
    return Place(group, hit["_score"] or 0.0, sort, tuple(hit["sort"]), page_id, (newest, oldest))


def _finding(hit: Document, sort: Sort) -> Finding:
    store = hit["_source"]["store"]
    (group,) = store["group"]
    return _read(_place(hit, sort, group, *_mark(hit), *store["page_id"]), hit)


def _mark(hit: Document) -> tuple[int, int]:
    store = hit["_source"]["store"]
    return store["newest"], store["oldest"]


def _read(place: Place, hit: Document) -> Finding:
    return Finding(place, read_record(hit), kind_of_id(hit["_id"]), hit["_source"]["store"]["page_url"])
