"""Nodes of a query into clauses for a store: words are cut, folded and stemmed, filters become what is indexed."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from shared.language import query_stems, stop_languages, words
from shared.query.errors import QueryError
from shared.query.nodes import And, Everything, Filter, Near, Node, Not, Or, Phrase, Range, Text, Word
from shared.stores import clauses as c
from shared.stores.indexed import milliseconds, value_key
from shared.stores.protocol import SEARCHED, RecordKind

Languages = Collection[str] | None
Texts = Word | Phrase | Near

_ALL_KINDS: tuple[RecordKind, ...] = ("page", *SEARCHED)
_KEYWORDS: dict[str, c.KeywordField] = {
    "kind": "kind",
    "widget": "widget",
    "region": "region",
    "page": "page_kind",
    "has": "flags",
    "is": "flags",
    "in": "thread",
    "id": "id",
    "site": "site",
    "url": "url",
    "lang": "language",
}


def resolve(node: Node, stored: Languages = None) -> c.Clause:
    """The clause of a query; where it names no language, in the `stored` ones (None: all). Raises QueryError."""
    return _resolve(node, _languages(node) or stored)


def kinds_of(node: Node) -> tuple[RecordKind, ...]:
    """The kinds that a query searches: pages' own records only where it names them or one's id."""
    named = ((f.field, f.value.text) for f in filters_of(node) if isinstance(f.value, Text))
    pages = any((field == "kind" and value == "page") or (field == "id" and ":" not in value) for field, value in named)
    return _ALL_KINDS if pages else SEARCHED


def texts_of(node: Node) -> Iterator[Texts]:
    """What of a query is to be found in texts, not what must be absent."""
    match node:
        case Word() | Phrase() | Near():
            yield node
        case And(nodes) | Or(nodes):
            for each in nodes:
                yield from texts_of(each)


def filters_of(node: Node) -> Iterator[Filter]:
    """All filters of a query, also those that must not hold."""
    match node:
        case Filter():
            yield node
        case And(nodes) | Or(nodes):
            for each in nodes:
                yield from filters_of(each)
        case Not(inner):
            yield from filters_of(inner)


def match_of(node: Word | Phrase, languages: Languages = None) -> c.Match:
    """What a word or phrase matches. Raises QueryError where it has no letter or digit."""
    return _match(node.text, node.at, () if node.exact else None, languages)


def _match(
    text: str,
    at: int,
    stems: tuple[()] | None,
    languages: Languages,
    fields: tuple[c.TextField, ...] = c.EVERY_FIELD,
) -> c.Match:
    cut = words(text)
    if not cut:
        raise QueryError("nothing to search for here: words are letters and digits", at, len(text))
    return c.Match(cut, query_stems(text, languages) if stems is None else stems, fields)


def _resolve(node: Node, languages: Languages) -> c.Clause:
    match node:
        case Word(prefix=True):
            return _prefix(node)
        case Word() | Phrase():
            return match_of(node, languages)
        case Near(left, right, distance):
            return c.Near(match_of(left, languages), match_of(right, languages), distance)
        case Filter():
            return _filter(node, languages)
        case Not(inner):
            return c.Not(_resolve(inner, languages))
        case And(nodes):
            return c.All(tuple(_of_and(nodes, languages)))
        case Or(nodes):
            return c.Any(tuple(_resolve(each, languages) for each in nodes))
        case Everything():
            return c.Everything()


def _prefix(node: Word) -> c.Clause:
    """The last of its words begins a word; those before it stand before it somewhere."""
    cut = words(node.text)
    if not cut:
        raise QueryError("nothing to search for here: words are letters and digits", node.at, len(node.text) + 1)
    *before, last = cut
    return c.All((c.Match(tuple(before)), c.Prefix(last))) if before else c.Prefix(last)


def _of_and(nodes: Sequence[Node], languages: Languages) -> Iterator[c.Clause]:
    """Each must hold; but a record need not have a stop word of its language, unless all that is asked for is one."""
    stops = [_stop_languages(node) for node in nodes]
    asked = [found for node, found in zip(nodes, stops, strict=True) if next(texts_of(node), None) is not None]
    all_stop = frozenset.intersection(*asked) if asked else frozenset()
    for node, found in zip(nodes, stops, strict=True):
        clause = _resolve(node, languages)
        spared = sorted(found - all_stop)
        yield c.Any((clause, c.Keyword("lang", tuple(spared)))) if spared else clause


def _stop_languages(node: Node) -> frozenset[str]:
    if not isinstance(node, Word) or node.exact or node.prefix:
        return frozenset()
    cut = words(node.text)
    return stop_languages(cut[0]) if len(cut) == 1 else frozenset()


def _filter(node: Filter, languages: Languages) -> c.Clause:
    if isinstance(node.value, Range):
        return _range(node.field, node.value)
    text = node.value.text
    match node.field:
        case "title" | "text":
            return _match(text, node.at, None, languages, ("title",) if node.field == "title" else ("text",))
        case "author":
            return _match(text, node.at, (), languages, ("author",))
        case "tag" | "source":
            return c.Keyword("tag" if node.field == "tag" else "source", (value_key(text),))
        case "lang":
            return c.Keyword("language", (text.lower(),))
        case _:
            return c.Keyword(_KEYWORDS[node.field], (text,))


def _range(field: str, value: Range) -> c.Number:
    low, high = _number(value.low), _number(value.high)
    if low is not None and not value.include_low:
        low += 1
    if high is not None and not value.include_high:
        high -= 1
    return c.Number("depth" if field == "depth" else "time", low, high)


def _number(bound: int | datetime | None) -> int | None:
    return milliseconds(bound) if isinstance(bound, datetime) else bound


def _languages(node: Node) -> Languages:
    """The languages that a query asks for; None: all. A word is stemmed as in these."""
    nodes = node.nodes if isinstance(node, And) else (node,)
    for each in nodes:
        of_or = each.nodes if isinstance(each, Or) else (each,)
        named = [
            f.value.text for f in of_or if isinstance(f, Filter) and f.field == "lang" and isinstance(f.value, Text)
        ]
        if len(named) == len(of_or):
            return tuple(dict.fromkeys(tag.lower().split("-")[0] for tag in named))
    return None
