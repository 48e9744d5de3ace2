"""How the embedded store finds: totals, cursors, facets, what is like a record, and words that are nearly one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby, takewhile
from typing import Any, cast

import tantivy

from shared.ids import page_of
from shared.records import AnyRecord, Page
from shared.stores import clauses as c
from shared.stores.close_words import CLOSE_FIELDS, close_in, most_frequent
from shared.stores.cursors import Value, read_cursor
from shared.stores.indexed import EMPTY, tokens
from shared.stores.protocol import FACET_FIELDS, FacetName, Find, Finding, Findings, Place, Places, Sort, kind_of
from shared.stores.tantivy_index import SCHEMA, WEIGHT_OF_COMMENT, count, read_record, read_url
from shared.stores.tantivy_queries import View, from_key, only

# More values than are asked for, as each segment gives its own most frequent ones.
_SEGMENT_FACETS = 1000
# Of a record that others are to be like: so many of its words, each in more records than it alone.
_LIKE_WORDS = 25
# Records with the same sort key: of a thousand of one second one pair in thirty.
_MOST_EQUAL = 1000


def find(view: View, asked: Find) -> Findings:
    """Answers from one view of the index. Raises CursorError."""
    found = places(view, asked)
    return Findings(found.total, read(found.places), found.facets)


def pages(view: View, page_ids: Sequence[str]) -> dict[str, Page]:
    """The own records of pages, by id."""
    asked = Find(c.Keyword("id", tuple(page_ids)), ("page",), "newest", len(page_ids))
    return {each.record.id: each.record for each in find(view, asked).findings if isinstance(each.record, Page)}


def places(view: View, asked: Find) -> Places:
    """Answers from one view of the index, without a look at what is stored of a record. Raises CursorError."""
    searcher, query = view.searcher, view.query(c.All((c.Keyword("kind", asked.kinds), asked.clause)))
    facets = _facets(searcher, query, asked.facets) if asked.facets else {}
    if asked.sort == "relevance":
        total, found = _by_score(searcher, query, asked)
    else:
        total, found = _by_key(searcher, query, asked)
    return Places(total, found, facets)


def read(found: Iterable[Place]) -> list[Finding]:
    """Reads records in the view of the index in which they were found."""
    return [_read(place) for place in found]


def _by_score(searcher: tantivy.Searcher, query: tantivy.Query, asked: Find) -> tuple[int, list[Place]]:
    """Best first; a cursor says how many came before."""
    (offset,) = read_cursor(asked.after, "relevance", [int]) if asked.after else (0,)
    result = searcher.search(query, limit=max(1, asked.limit), offset=max(0, int(offset)), weight_by_field="weight")
    hits = result.hits[: asked.limit]
    keys = [(number,) for number in range(int(offset) + 1, int(offset) + len(hits) + 1)]
    scores = [score / WEIGHT_OF_COMMENT for score, _ in hits]
    return count(result), _places(searcher, asked.sort, [address for _, address in hits], scores, keys)


def _by_key(searcher: tantivy.Searcher, query: tantivy.Query, asked: Find) -> tuple[int, list[Place]]:
    """By a number; a cursor says the last one, and how many records that have it came before."""
    order = tantivy.Order.Desc if asked.sort == "newest" else tantivy.Order.Asc
    rest, last, came = query, None, 0
    if asked.after:
        last, came = map(int, read_cursor(asked.after, asked.sort, [int, int]))
        came = min(max(0, came), _MOST_EQUAL)
        rest = only(query, from_key(asked.sort, last))
    result = searcher.search(rest, limit=max(1, asked.limit + came), order_by_field=asked.sort, order=order)
    addresses: list[tantivy.DocAddress] = []
    keys: list[tuple[int, int]] = []
    for key, of_key in groupby(result.hits, lambda hit: int(hit[0])):
        for number, (_, address) in enumerate(of_key, 1):
            if key != last or number > came:
                addresses.append(address)
                keys.append((key, number))
    total = count(searcher.search(query, limit=1)) if asked.after else count(result)
    some = slice(asked.limit)
    return total, _places(searcher, asked.sort, addresses[some], [0.0] * len(addresses[some]), keys[some])


def _places(
    searcher: tantivy.Searcher,
    sort: Sort,
    addresses: list[tantivy.DocAddress],
    scores: Iterable[float],
    keys: Iterable[tuple[Value, ...]],
) -> list[Place]:
    groups = searcher.fast_field_values("group", addresses)
    newest, oldest = (cast("list[int]", searcher.fast_field_values(key, addresses)) for key in ("newest", "oldest"))
    return [
        Place(str(group), score, sort, key, (searcher, address), mark)
        for group, score, key, address, mark in zip(
            groups, scores, keys, addresses, zip(newest, oldest, strict=True), strict=True
        )
    ]


def _read(place: Place) -> Finding:
    searcher, address = place.handle
    doc = searcher.doc(address)
    record = read_record(doc)
    return Finding(place, record, kind_of(record), read_url(doc))


def _facets(
    searcher: tantivy.Searcher, query: tantivy.Query, wanted: Mapping[FacetName, int]
) -> dict[FacetName, list[tuple[str, int]]]:
    sizes = {name: size + _SEGMENT_FACETS for name, size in wanted.items()}
    asked = {
        name: {"terms": {"field": FACET_FIELDS[name], "size": size, "segment_size": size}}
        for name, size in sizes.items()
    }
    answer = searcher.aggregate(query, asked)
    return {name: _most_frequent(answer[name]["buckets"], size) for name, size in wanted.items()}


def _most_frequent(buckets: list[dict[str, Any]], size: int) -> list[tuple[str, int]]:
    """The first ones of what comes in order of its counts alone, by value where these are equal."""
    least = buckets[size - 1]["doc_count"] if len(buckets) > size else 0
    most = takewhile(lambda bucket: bucket["doc_count"] >= least, buckets)
    found = ((str(bucket["key"]), int(bucket["doc_count"])) for bucket in most)
    return sorted(found, key=lambda value: (-value[1], value[0]))[:size]


def similar(view: View, record: AnyRecord, page_language: str | None, limit: int) -> list[Finding]:
    """Records of the same kind on other pages, those first that share the most telling words."""
    found = tokens(record, page_language)
    stems: dict[str, Any] = {name: [text] for name, text in found.items() if name.endswith("_stems")}
    if not stems:
        return []
    like = tantivy.Query.more_like_this_document_fields_query(
        SCHEMA, stems, min_doc_frequency=2, min_term_frequency=1, max_query_terms=_LIKE_WORDS
    )
    others = c.All((c.Keyword("kind", (kind_of(record),)), c.Not(c.Keyword("page_id", (page_of(record.id),)))))
    hits = view.searcher.search(only(like, view.query(others)), limit=limit, count=False).hits
    addresses, scores = [address for _, address in hits], [score for score, _ in hits]
    return read(_places(view.searcher, "relevance", addresses, scores, [(0,)] * len(hits)))


def close_words(searcher: tantivy.Searcher, word: str, limit: int) -> list[tuple[str, int]]:
    """Words within one edit of this one, and in how many records they stand (in the field that has most)."""
    counts: Counter[str] = Counter()
    for field in CLOSE_FIELDS:
        count_of = partial(searcher.doc_freq, field)
        near = close_in(word, partial(searcher.terms_with_prefix, field), count_of)
        for each in near - {EMPTY}:
            counts[each] = max(counts[each], count_of(each))
    return most_frequent(counts, limit)
