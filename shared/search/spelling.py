"""Another spelling where hardly anything is found: one word of the query by one that stands in the store."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from shared.language import words
from shared.query.nodes import And, Node, Or, Word
from shared.search.languages import languages_of, records_of
from shared.search.resolve import match_of
from shared.stores.protocol import Find, Store

_SHORTEST = 3
"""Letters: of shorter words nearly every other is one edit away."""
_MOST_WORDS = 6
"""Words of a query that are tried."""
_KNOWN, _KNOWN_SHARE = 10, 1 / 1000
"""In so many records, and in this share of all, a word is taken for no slip. So three more of the 300 slips of
`bench.relevance` stay as they are, and a search whose words never stand together takes two fifths of the time."""
_CANDIDATES = 4
"""Spellings of each that are tried."""


def better(store: Store, node: Node, find: Callable[[Node], Find], total: int) -> Node | None:
    """The query with one word spelt otherwise that finds most; None where none finds more than `total`.

    A word that stands nowhere goes first, then the rarest; those in many records are spelt as their writers meant them.
    Raises StoreDownError.
    """
    best: tuple[int, Node] | None = None
    for word in _by_rarity(store, node):
        for spelling, _ in store.close_words(words(word.text)[0], _CANDIDATES):
            other = _replaced(node, word, replace(word, text=spelling))
            count = store.find(replace(find(other), limit=0, facets={})).total
            if count > max(total, best[0] if best else 0):
                best = count, other
        if best is not None:
            return best[1]
    return None


def _by_rarity(store: Store, node: Node) -> list[Word]:
    languages = languages_of(store)
    tried = islice(_words(node), _MOST_WORDS)
    found = [(store.find(Find(match_of(word, languages), limit=0)).total, n, word) for n, word in enumerate(tried)]
    known = max(_KNOWN, records_of(store) * _KNOWN_SHARE)
    return [word for total, _, word in sorted(found, key=lambda each: each[:2]) if total < known]


def _words(node: Node) -> Iterator[Word]:
    """The words that may be misspelt."""
    match node:
        case Word(exact=False, prefix=False):
            cut = words(node.text)
            if len(cut) == 1 and len(cut[0]) >= _SHORTEST:
                yield node
        case And(nodes) | Or(nodes):
            for each in nodes:
                yield from _words(each)


def _replaced(node: Node, old: Word, new: Word) -> Node:
    if node is old:
        return new
    if isinstance(node, And | Or):
        return replace(node, nodes=tuple(_replaced(each, old, new) for each in node.nodes))
    return node
