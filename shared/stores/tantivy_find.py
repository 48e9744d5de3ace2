"""How the embedded store finds: totals, cursors, facets, what is like a record, and words that are nearly one."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import tantivy

from shared.ids import page_of
from shared.records import AnyRecord
from shared.stores import clauses as c
from shared.stores.close_words import CLOSE_FIELDS, CLOSE_RECORDS, close_in, most_frequent
from shared.stores.cursors import cursor, read_cursor
from shared.stores.indexed import tokens
from shared.stores.protocol import FACET_FIELDS, FacetName, Find, Finding, Findings, kind_of
from shared.stores.tantivy_index import SCHEMA, WEIGHT_OF_COMMENT, count, read_group, read_record, read_url
from shared.stores.tantivy_queries import Translator, behind, close, only

# More values than are asked for, as each segment gives its own most frequent ones.
_SEGMENT_FACETS = 1000
# Of a record that others are to be like: so many of its words, each in more records than it alone.
_LIKE_WORDS = 25


def find(searcher: tantivy.Searcher, asked: Find) -> Findings:
    """Answers from one view of the index. Raises CursorError."""
    query = Translator(searcher).query(c.All((c.Keyword("kind", asked.kinds), asked.clause)))
    facets = _facets(searcher, query, asked.facets) if asked.facets else {}
    if asked.sort == "relevance":
        total, findings = _by_score(searcher, query, asked)
    else:
        total, findings = _by_key(searcher, query, asked)
    return Findings(total, findings, facets)


def _by_score(searcher: tantivy.Searcher, query: tantivy.Query, asked: Find) -> tuple[int, list[Finding]]:
    """Best first; a cursor says how many came before."""
    (offset,) = read_cursor(asked.after, "relevance", [int]) if asked.after else (0,)
    result = searcher.search(query, limit=max(1, asked.limit), offset=max(0, int(offset)), weight_by_field="weight")
    found = [
        _finding(searcher, address, score / WEIGHT_OF_COMMENT, cursor("relevance", place))
        for place, (score, address) in enumerate(result.hits[: asked.limit], int(offset) + 1)
    ]
    return count(result), found


def _by_key(searcher: tantivy.Searcher, query: tantivy.Query, asked: Find) -> tuple[int, list[Finding]]:
    """By a number that each record has another of; a cursor says the last one."""
    order = tantivy.Order.Desc if asked.sort == "newest" else tantivy.Order.Asc
    rest = query
    if asked.after:
        (key,) = read_cursor(asked.after, asked.sort, [int])
        rest = only(query, behind(asked.sort, int(key)))
    result = searcher.search(rest, limit=max(1, asked.limit), order_by_field=asked.sort, order=order)
    found = [_finding(searcher, address, 0.0, cursor(asked.sort, key)) for key, address in result.hits[: asked.limit]]
    total = count(searcher.search(query, limit=1)) if asked.after else count(result)
    return total, found


def _finding(searcher: tantivy.Searcher, address: tantivy.DocAddress, score: float, after: str) -> Finding:
    doc = searcher.doc(address)
    record = read_record(doc)
    return Finding(record, kind_of(record), score, read_url(doc), read_group(doc), after)


def _facets(
    searcher: tantivy.Searcher, query: tantivy.Query, wanted: Mapping[FacetName, int]
) -> dict[FacetName, list[tuple[str, int]]]:
    sizes = {name: size + _SEGMENT_FACETS for name, size in wanted.items()}
    asked = {
        name: {"terms": {"field": FACET_FIELDS[name], "size": size, "segment_size": size}}
        for name, size in sizes.items()
    }
    answer = searcher.aggregate(query, asked)
    return {
        name: sorted(
            ((str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer[name]["buckets"]),
            key=lambda value: (-value[1], value[0]),
        )[:size]
        for name, size in wanted.items()
    }


def similar(searcher: tantivy.Searcher, record: AnyRecord, page_language: str | None, limit: int) -> list[Finding]:
    """Records of the same kind on other pages, those first that share the most telling words."""
    found = tokens(record, page_language)
    stems: dict[str, Any] = {name: [text] for name, text in found.items() if name.endswith("_stems")}
    if not stems:
        return []
    like = tantivy.Query.more_like_this_document_fields_query(
        SCHEMA, stems, min_doc_frequency=2, min_term_frequency=1, max_query_terms=_LIKE_WORDS
    )
    others = c.All((c.Keyword("kind", (kind_of(record),)), c.Not(c.Keyword("page_id", (page_of(record.id),)))))
    hits = searcher.search(only(like, Translator(searcher).query(others)), limit=limit, count=False).hits
    return [_finding(searcher, address, score, "") for score, address in hits]


def close_words(searcher: tantivy.Searcher, word: str, limit: int) -> list[tuple[str, int]]:
    """Words within one edit of this one, and in how many records they stand (in one field)."""
    counts: Counter[str] = Counter()
    for field in CLOSE_FIELDS:
        hits = searcher.search(close(field, word), limit=CLOSE_RECORDS, count=False).hits
        records = (read_record(searcher.doc(address)) for _, address in hits)
        for near in close_in((tokens(record, None).get(field, "") for record in records), word):
            counts[near] = max(counts[near], searcher.doc_freq(field, near))
    return most_frequent(counts, limit)
