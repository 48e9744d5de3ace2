"""Search as its users mean it, over either store."""

from collections.abc import Iterator
from dataclasses import replace

from shared.query.grammar import parse
from shared.query.joining import all_of
from shared.query.nodes import And, Filter, Node, Or
from shared.query.unparse import unparse
from shared.records import AnyRecord
from shared.search.grouping import grouped
from shared.search.hits import Highlighter
from shared.search.languages import languages_of
from shared.search.request import MOST_FACET_VALUES, MOST_HITS, Hit, Order, Result, Search
from shared.search.resolve import kinds_of, resolve, texts_of
from shared.search.spelling import better
from shared.stores.protocol import Find, Store

# Below so many results another spelling is looked for.
_HARDLY_ANY = 3
# Records read at once where all are wanted.
_AT_ONCE = 500


def search(store: Store, asked: Search) -> Result:
    """Answers. Raises QueryError, CursorError, StoreDownError; ValueError where the limit is not 1 to `MOST_HITS`."""
    if not 1 <= asked.limit <= MOST_HITS:
        raise ValueError(f"a limit is from 1 to {MOST_HITS}")
    typed = parse(asked.text)
    result = _answer(store, asked, _with_filters(typed, asked))
    if result.total >= _HARDLY_ANY or asked.after is not None:
        return result
    found = better(store, typed, lambda node: _find(store, _with_filters(node, asked), asked), result.total)
    if found is None:
        return result
    if result.total:
        return replace(result, did_you_mean=unparse(found))
    return replace(_answer(store, asked, _with_filters(found, asked)), corrected=unparse(found))


def every(store: Store, asked: Search) -> Iterator[AnyRecord]:
    """All records that a search finds, the newest first. Raises QueryError, StoreDownError."""
    node = _with_filters(parse(asked.text), asked)
    find = Find(resolve(node, languages_of(store)), kinds_of(node), "newest", _AT_ONCE)
    while True:
        findings = store.find(find).findings
        yield from (finding.record for finding in findings)
        if len(findings) < _AT_ONCE:
            return
        find = replace(find, after=findings[-1].place.after)


def more_like(store: Store, record_id: str, limit: int = 5) -> list[Hit] | None:
    """Records of other pages that are like one, best first; None where there is no such record."""
    found = store.similar(record_id, limit)
    if found is None:
        return None
    return [Highlighter().hit(finding) for finding in found]


def _answer(store: Store, asked: Search, node: Node) -> Result:
    find = _find(store, node, asked)
    if asked.group:
        return grouped(store, find, asked.limit)
    # Whether there are more the total says; behind a cursor one more than asked for does.
    behind = asked.after is not None
    found = store.find(replace(find, limit=asked.limit + 1) if behind else find)
    shown = found.findings[: asked.limit]
    highlighter = Highlighter(find.clause)
    return Result(
        total=found.total,
        hits=[highlighter.hit(finding) for finding in shown],
        facets=found.facets,
        next=shown[-1].place.after if (len(found.findings) if behind else found.total) > len(shown) else None,
    )


def _find(store: Store, node: Node, asked: Search) -> Find:
    return Find(
        resolve(node, languages_of(store)),
        kinds_of(node),
        asked.sort or order_of(node),
        asked.limit,
        asked.after,
        dict.fromkeys(asked.facets, MOST_FACET_VALUES),
    )


def order_of(node: Node) -> Order:
    """By relevance where there are words."""
    return "relevance" if next(texts_of(node), None) is not None or _asks_for_words(node) else "newest"


def _asks_for_words(node: Node) -> bool:
    match node:
        case Filter(field):
            return field in {"title", "text", "author"}
        case And(nodes) | Or(nodes):
            return any(_asks_for_words(each) for each in nodes)
        case _:
            return False


def _with_filters(node: Node, asked: Search) -> Node:
    return all_of([node, *asked.filters]) if asked.filters else node
