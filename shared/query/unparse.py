"""A tree written as a query again: for links that change one, and for other spellings that are offered."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from shared.query.dates import instant, label
from shared.query.errors import QueryError
from shared.query.nodes import And, Everything, Filter, Near, Node, Not, Or, Phrase, Range, Text, Word
from shared.query.tokens import DISTANCE, QUOTES, tokens

_ESCAPE = re.compile(rf"[\\{re.escape(QUOTES)}]")
_PLAIN = re.compile(r"[^\W_][\w.,@/:#&+%?=~-]*")
_OPERATOR = re.compile(r"AND|OR|NOT|NEAR(?:/.*)?")


def unparse(node: Node) -> str:
    """A query of the same meaning: of a tree that `parse` made, it makes the same one again.

    It may be longer than what was parsed, and so than `parse` takes.
    """
    return " OR ".join(_branches(node)) if isinstance(node, Or) and not _field(node) else _all(node)


def _branches(node: Or) -> Iterable[str]:
    return filter(None, (_all(branch) for branch in node.nodes))


def _all(node: Node) -> str:
    """A node that may stand beside OR."""
    if not isinstance(node, And):
        return _one(node)
    written: list[str] = []
    chain: list[Near] = []
    for part in node.nodes:
        if chain and not (isinstance(part, Near) and part.left == chain[-1].right):
            written.append(_chain(chain))
            chain = []
        if isinstance(part, Near):
            chain.append(part)
        else:
            written.append(_one(part))
    if chain:
        written.append(_chain(chain))
    return " ".join(filter(None, written))


def _one(node: Node) -> str:
    """A node that may stand beside others which all must match."""
    match node:
        case Word() | Phrase():
            return _term(node)
        case Near():
            return _chain([node])
        case Filter():
            return f"{node.field}:{_value(node)}"
        case Not():
            return _not(node.node)
        case Everything():
            return ""
        case Or() if field := _field(node):
            values = " OR ".join(_value(n) for n in node.nodes if isinstance(n, Filter))
            return f"{field}:({values})"
    return f"({unparse(node)})"


def _not(node: Node) -> str:
    if isinstance(node, Near) or (isinstance(node, And) and _is_chain(node.nodes)):
        return f"NOT {_all(node)}"
    return f"-({_one(node)})" if isinstance(node, Not) else f"-{_one(node)}"


def _is_chain(nodes: Sequence[Node]) -> bool:
    nears = [n for n in nodes if isinstance(n, Near)]
    return len(nears) == len(nodes) and all(one.right == other.left for one, other in pairwise(nears))


def _chain(nears: Sequence[Near]) -> str:
    """`a NEAR b NEAR/5 c`."""
    written = [_term(nears[0].left)]
    for near in nears:
        written += ["NEAR" if near.distance == DISTANCE else f"NEAR/{near.distance}", _term(near.right)]
    return " ".join(written)


def _field(node: Or) -> str | None:
    """The field of which an Or names values, and nothing else."""
    fields = {n.field if isinstance(n, Filter) else None for n in node.nodes}
    return fields.pop() if len(fields) == 1 else None


@lru_cache(1024)  # links that change a query write most of it again, a hundred of them on a page
def _term(node: Word | Phrase) -> str:
    sign = "=" if node.exact else ""
    if isinstance(node, Word):
        bare = f"{sign}{node.text}{'*' if node.prefix else ''}"
        if _reads_as(bare, node):
            return bare
    return sign + _quoted(node.text)


def _reads_as(text: str, word: Word) -> bool:
    try:
        found = tokens(text)
    except QueryError:
        return False
    return [(t.kind, t.text, t.exact, t.prefix) for t in found[:-1]] == [("word", word.text, word.exact, word.prefix)]


def _quoted(text: str) -> str:
    return '"' + _ESCAPE.sub(r"\\\g<0>", text) + '"'


@lru_cache(1024)
def _value(node: Filter) -> str:
    value = node.value
    if isinstance(value, Text):
        plain = _PLAIN.fullmatch(value.text) and not _OPERATOR.fullmatch(value.text)
        return value.text if plain else _quoted(value.text)
    if isinstance(value.low, datetime) or isinstance(value.high, datetime):
        return _dates(value)
    return _numbers(value)


def _numbers(value: Range) -> str:
    low, high = value.low, value.high
    if high is None:
        return f">{'=' if value.include_low else ''}{low}"
    if low is None:
        return f"<{'=' if value.include_high else ''}{high}"
    return str(low) if low == high else f"{low}..{high}"


def _dates(value: Range) -> str:
    """Dates to the second, as the language knows no parts of one."""
    low = _whole(value.low, later=not value.include_low)
    high = _whole(value.high, later=value.include_high)
    if low and high:
        return label(low, high)
    return f">={instant(low)}" if low else f"<{instant(high)}" if high else ""


def _whole(bound: int | datetime | None, *, later: bool) -> datetime | None:
    """A bound as the second from which on moments are within (a low one) or beyond (a high one)."""
    if not isinstance(bound, datetime):
        return None
    second = bound.replace(microsecond=0)
    return second + timedelta(seconds=1) if later or second < bound else second
