"""Clauses as tantivy's queries."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import tantivy

from shared.language import may_meet
from shared.stores import clauses as c
from shared.stores.indexed import SortKey, TokenField
from shared.stores.tantivy_index import SCHEMA

_WORDS: dict[c.TextField, TokenField] = {
    "title": "title_words",
    "text": "text_words",
    "author": "author_words",
    "names": "names_words",
}
_STEMS: dict[c.TextField, TokenField] = {"title": "title_stems", "text": "text_stems"}
_MOST_COUNTS = 10_000
"""Words whose counts are kept: a few MB."""
_FEW = 32
"""Values: more than the languages in which a word is a stop word."""
_LOWEST, _HIGHEST = -(1 << 63), (1 << 63) - 1

Tokens = tuple[str, ...]


class View:
    """One view of the index, and clauses as queries for it: how often a word stands in it weighs in."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        """`searcher`: the one that will be asked."""
        self.searcher = searcher
        # A search asks several times for the same words, each in some thirty languages.
        self._count = lru_cache(_MOST_COUNTS)(searcher.doc_freq)

    def query(self, clause: c.Clause) -> tantivy.Query:
        """The query of a clause."""
        match clause:
            case c.Match():
                return self._match(clause)
            case c.Prefix(text, fields):
                regexes = (tantivy.Query.regex_query(SCHEMA, _WORDS[field], f"{text}.*") for field in fields)
                # A word is letters, digits and marks: what means something in a regular expression begins none.
                return _constant(_any(regexes), 1.0) if _is_plain(text) else tantivy.Query.empty_query()
            case c.Near():
                return _constant(_any(self._near(clause)), 1.0)
            case c.Keyword(field, values):
                return _constant(_one_of(field, values), 0.0)
            case c.Number(field, low, high):
                return between(field, low, high)
            case c.Not(inner):
                return _constant(_all([tantivy.Query.all_query()], [self.query(inner)]), 0.0)
            case c.All(inners):
                return self._all(inners)
            case c.Any(inners):
                return _any(self.query(inner) for inner in inners)
            case c.Everything():
                return _constant(tantivy.Query.all_query(), 0.0)

    def _all(self, inners: Iterable[c.Clause]) -> tantivy.Query:
        must: list[tantivy.Query] = []
        must_not: list[tantivy.Query] = []
        for inner in inners:
            if isinstance(inner, c.Not):
                must_not.append(self.query(inner.clause))
            else:
                must.append(self.query(inner))
        return _all(must or [_constant(tantivy.Query.all_query(), 0.0)], must_not)

    def _match(self, wanted: c.Match) -> tantivy.Query:
        found: list[tantivy.Query] = []
        for field in wanted.fields:
            found += self._weighted(_WORDS[field], [wanted.words], c.WORD_WEIGHTS[field])
            if wanted.stems and field in _STEMS:
                found += self._weighted(_STEMS[field], wanted.stems, c.STEM_WEIGHTS[field])
        return tantivy.Query.disjunction_max_query(found, c.TIE_BREAKER) if found else tantivy.Query.empty_query()

    def _weighted(self, field: TokenField, ways: Sequence[Tokens], weight: float) -> Iterator[tantivy.Query]:
        """The ways in which a word may stand, as if they were one word: with the idf of the most frequent."""
        ways = self._standing(field, ways)
        counts = {way[0]: self._count(field, way[0]) for way in ways if len(way) == 1}
        most = max(counts.values(), default=0)
        singles: list[tantivy.Query] = []
        for way in ways:
            if len(way) > 1:
                yield tantivy.Query.boost_query(tantivy.Query.phrase_query(SCHEMA, field, [*way]), weight)
            else:
                word = tantivy.Query.term_query(SCHEMA, field, way[0], "freq")
                singles.append(tantivy.Query.boost_query(word, weight * self._idf(most) / self._idf(counts[way[0]])))
        if singles:
            yield singles[0] if len(singles) == 1 else _any(singles)

    def _standing(self, field: TokenField, ways: Iterable[Tokens]) -> list[Tokens]:
        """Those whose tokens stand somewhere: few of the languages in which a word may be are in a store."""
        return [way for way in ways if all(self._count(field, token) for token in way)]

    def _near(self, near: c.Near) -> Iterator[tantivy.Query]:
        """Each order and each distance as a phrase with a gap."""
        for field in near.left.fields:
            yield from _gaps(_WORDS[field], [near.left.words], [near.right.words], near.distance)
            if stems := _STEMS.get(field):
                left, right = (self._standing(stems, side.stems) for side in (near.left, near.right))
                yield from _gaps(stems, left, right, near.distance)

    def _idf(self, count: int) -> float:
        """Inverse document frequency as BM25 has it in tantivy and Lucene."""
        return math.log(1 + (max(self.searcher.num_docs, count) - count + 0.5) / (count + 0.5))


def _one_of(field: str, values: Sequence[str]) -> tantivy.Query:
    """A set of terms is gathered from the whole index; a few terms are looked up where another clause leads."""
    written = [int(value) for value in values] if field == "group" else list(values)
    if len(values) > _FEW:
        return tantivy.Query.term_set_query(SCHEMA, field, written)
    terms = [tantivy.Query.term_query(SCHEMA, field, value, "basic") for value in written]
    return terms[0] if len(terms) == 1 else _any(terms) if terms else tantivy.Query.empty_query()


def between(field: str, low: int | None, high: int | None) -> tantivy.Query:
    """Documents with a number between these, both included; scores nothing."""
    low, high = low if low is not None else _LOWEST, high if high is not None else _HIGHEST
    if low > high:
        return tantivy.Query.empty_query()
    return _constant(tantivy.Query.range_query(SCHEMA, field, tantivy.FieldType.Integer, low, high), 0.0)


def from_key(sort: SortKey | str, key: int) -> tantivy.Query:
    """What has a sort key, and what comes after it in that order."""
    return between(sort, None, key) if sort == "newest" else between(sort, key, None)


def only(query: tantivy.Query, *filters: tantivy.Query) -> tantivy.Query:
    """What `query` finds and each filter lets through, with its scores."""
    return _all([query, *filters], [])


def _gaps(field: TokenField, left: Sequence[Tokens], right: Sequence[Tokens], distance: int) -> Iterator[tantivy.Query]:
    for one, other in ((one, other) for one in left for other in right if may_meet(one, other)):
        for first, second in ((one, other), (other, one)):
            for gap in range(distance + 1):
                after = len(first) + gap
                words: list[str | tuple[int, str]] = [*enumerate(first), *enumerate(second, after)]
                yield tantivy.Query.phrase_query(SCHEMA, field, words)


def _all(must: Sequence[tantivy.Query], must_not: Sequence[tantivy.Query]) -> tantivy.Query:
    clauses = [(tantivy.Occur.Must, query) for query in must]
    return tantivy.Query.boolean_query([*clauses, *((tantivy.Occur.MustNot, query) for query in must_not)])


def _any(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _constant(query: tantivy.Query, score: float) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, score)


def _is_plain(text: str) -> bool:
    return all(letter.isalnum() or not letter.isascii() for letter in text)
