"""The grammar of the query language (docs/search.md): text -> tree, by descent.

any     = all, { "OR", all }
all     = one, { [ "AND" ], one }
one     = "NOT", near | "-", atom | near
near    = atom, { "NEAR", atom }
atom    = word | phrase | field, ( value | "(", any, ")" ) | "(", any, ")"
"""

from shared.query.errors import QueryError
from shared.query.fields import FIELDS, Field
from shared.query.joining import all_of, any_of, wanted
from shared.query.nodes import Everything, Near, Node, Not, Phrase, Word
from shared.query.tokens import ASKS, Token, TokenKind, tokens
from shared.query.values import read

MAX_NESTING = 20
"""Of parentheses: far more than anybody reads, far fewer than Python's stack holds."""
_BEGIN: frozenset[TokenKind] = frozenset({"word", "phrase", "field", "value", "(", "-", "NOT"})


def parse(text: str) -> Node:
    """The tree of a query. Raises QueryError, whose place is within the text; takes time linear in its length."""
    return _Parser(tokens(text)).run()


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._next = 0
        self._open: list[Token] = []
        """The parentheses around the place."""
        self._field: Field | None = None
        """Whose values stand between the parentheses."""

    def run(self) -> Node:
        if self._is("end"):
            return Everything()
        node = wanted(self._any())
        if not self._is("end"):
            raise self._misplaced()
        return node

    @property
    def _here(self) -> Token:
        return self._tokens[self._next]

    def _is(self, *kinds: TokenKind) -> bool:
        return self._here.kind in kinds

    def _take(self) -> Token:
        token = self._here
        self._next += 1
        return token

    def _any(self) -> Node:
        at = self._here.at
        nodes = [self._all()]
        while self._is("OR"):
            self._take()
            nodes.append(self._all())
        return any_of(nodes, at)

    def _all(self) -> Node:
        at = self._here.at
        nodes = [self._one()]
        while self._is("AND", *_BEGIN):
            if self._is("AND"):
                self._take()
            nodes.append(self._one())
        return all_of(nodes, at)

    def _one(self) -> Node:
        if not self._is("NOT", "-"):
            return self._near()
        sign = self._take()
        if self._is("NOT", "-"):
            end = self._here.at + self._here.length
            raise QueryError("two negations in a row; write one", sign.at, end - sign.at)
        node = self._near() if sign.kind == "NOT" else self._atom()
        if self._is("NEAR"):
            raise QueryError("put what is NEAR each other in parentheses, as in -(one NEAR other)", sign.at, 1)
        return Not(wanted(node), sign.at)

    def _near(self) -> Node:
        begin = self._here
        node = self._atom()
        pairs: list[Near] = []
        while self._is("NEAR"):
            left = _side(node, begin)
            near = self._take()
            begin = self._here
            node = self._atom()
            pairs.append(Near(left, _side(node, begin), near.distance, left.at))
        return all_of(pairs, pairs[0].at) if pairs else node

    def _atom(self) -> Node:
        token = self._here
        match token.kind:
            case "word":
                return Word(token.text, token.exact, token.prefix, self._take().at)
            case "phrase":
                return Phrase(token.text, token.exact, self._take().at)
            case "value" if self._field:
                return read(self._field, self._take())
            case "field":
                return self._filter()
            case "(":
                return self._group()
        raise self._misplaced()

    def _filter(self) -> Node:
        name = self._take()
        field = FIELDS[name.text]
        if self._is("value"):
            return read(field, self._take(), name.at)
        self._field = field
        node = self._group()
        self._field = None
        return node

    def _group(self) -> Node:
        self._open.append(self._take())
        if len(self._open) > MAX_NESTING:
            raise QueryError(f"parentheses stand in one another more than {MAX_NESTING} deep", self._open[-1].at, 1)
        node = self._any()
        if not self._is(")"):
            raise QueryError("a parenthesis is not closed; write ) at its end", self._open[-1].at, 1)
        self._take()
        self._open.pop()
        return node

    def _misplaced(self) -> QueryError:
        """What is wrong with the token here, where something to search for should stand."""
        token = self._here
        before = self._tokens[self._next - 1] if self._next else None
        if before and before.kind in ASKS:
            return _nothing("after", before)
        if token.kind == ")":
            if self._open:
                opened = self._open[-1].at
                return QueryError("nothing stands between the parentheses", opened, token.at + 1 - opened)
            return QueryError("a ) without its (; leave it out, or write it in quotes", token.at, 1)
        return _nothing("before", token)


def _nothing(where: str, operator: Token) -> QueryError:
    return QueryError(
        f'nothing to search for {where} {operator.text}; write a word or a "phrase" there, or the {operator.text} in '
        "quotes if it is a word",
        operator.at,
        operator.length,
    )


def _side(node: Node, token: Token) -> Word | Phrase:
    """What stands on a side of NEAR; `token` is its first."""
    if isinstance(node, Phrase) or (isinstance(node, Word) and not node.prefix):
        return node
    raise QueryError(
        "NEAR stands between two words or phrases, not beside a field, a word* or parentheses", token.at, token.length
    )
