"""A query's text cut into tokens: words, phrases, operators, fields and their values."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from shared.query.errors import QueryError
from shared.query.fields import FIELDS, NAMED

MAX_LENGTH = 4096
"""Characters of a query: a URL of that length still passes servers and proxies, most of which take 8,000 octets."""
MAX_WORDS = 64
"""Words and phrases, and filters likewise. Each makes a few clauses; OpenSearch takes 1,024 a query
(indices.query.bool.max_clause_count)."""
MAX_DISTANCE = 20
DISTANCE = 10
"""Of a NEAR without a number."""

TokenKind = Literal["word", "phrase", "field", "value", "(", ")", "-", "NOT", "AND", "OR", "NEAR", "end"]

# Telephones and word processors turn quotes into typographic ones.
QUOTES = '"“”„‟«»'
_Q = re.escape(QUOTES)
# Between two Hebrew letters a quote is the sign of an abbreviation (gershayim) and part of the word.
_GERSHAYIM = rf"(?<=[\u05d0-\u05ea])[{_Q}](?=[\u05d0-\u05ea])"
_RUN = re.compile(rf"(?:[^\s(){_Q}]|{_GERSHAYIM})++")
_QUOTED = re.compile(rf"[{_Q}]((?:\\[\\{_Q}]|{_GERSHAYIM}|[^{_Q}])*+)[{_Q}]")
# What begins with a plain quote and has another ends there: quotations within are part of it.
_PLAINLY_QUOTED = re.compile(rf'"((?:\\[\\{_Q}]|{_GERSHAYIM}|[^"])*+)"')
_DASHES = re.compile(r"-+(?=\s|\)|$)")
_ESCAPED = re.compile(rf"\\([\\{_Q}])")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://")
_NAME = re.compile(r"([A-Za-z][A-Za-z_]+):(?!:)")
# What has one colon and is no field: schemes of addresses without slashes, and a host with its port.
_NOT_FIELDS = frozenset({"mailto", "tel", "urn", "doi", "localhost"})
_NEAR = re.compile(r"NEAR(?:/([0-9]{1,2}))?")
_OPERATORS: dict[str, TokenKind] = {"AND": "AND", "OR": "OR", "NOT": "NOT"}
ASKS: frozenset[TokenKind] = frozenset({"-", "NOT", "AND", "OR", "NEAR"})
"""After these something to search for has to stand."""
# Control characters, halves of pairs and marks of direction stand for nothing that is searched: they part words.
_BLANKS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; `at` and `length` say where it stands."""

    kind: TokenKind
    text: str
    at: int
    length: int
    exact: bool = False
    prefix: bool = False
    quoted: bool = False
    """A value that stood in quotes: no sign in it means anything."""
    distance: int = 0


def tokens(text: str) -> list[Token]:
    """A query's tokens, the last one of kind `end`. Raises QueryError."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query has {len(text):,} characters; at most {MAX_LENGTH:,} are read", MAX_LENGTH, 1)
    return _Lexer(_BLANKS.sub(" ", text)).run()


def searchable(text: str) -> bool:
    """Whether a letter or digit is in it: other signs are not indexed."""
    return any(c.isalnum() for c in text)


def shown(text: str) -> str:
    """A piece of a query as messages quote it."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


class _Lexer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[Token] = []
        self._groups: list[bool] = []
        """Of each open parenthesis whether it stands after a field, so that values are in it."""
        self._dropped: tuple[int, int] | None = None
        self._words = 0
        self._values = 0

    def run(self) -> list[Token]:
        at, end = 0, len(self._text)
        while at < end:
            at = at + 1 if self._text[at].isspace() else self._token(at)
        if not self._tokens and self._dropped:
            raise QueryError("no letter or digit to search for: other signs are not searched", *self._dropped)
        self._emit("end", "", end, end)
        return self._tokens

    def _token(self, at: int) -> int:
        """Reads the token at a place; returns where it ends."""
        sign = self._text[at]
        if sign == "(":
            return self._open(at, values=bool(self._groups and self._groups[-1]))
        if sign == ")":
            del self._groups[-1:]
            return self._emit(")", ")", at, at + 1)
        if self._groups and self._groups[-1]:
            return self._in_field(at)
        if sign in QUOTES:
            return self._phrase(at, at, exact=False)
        if sign == "-":
            return self._minus(at)
        if sign == "=":
            return self._exact(at)
        return self._bare(at)

    def _emit(
        self, kind: TokenKind, text: str, at: int, end: int, *, exact: bool = False, prefix: bool = False,
        quoted: bool = False, distance: int = 0,
    ) -> int:  # fmt: skip
        self._words += kind in {"word", "phrase"}
        self._values += kind == "value"
        if self._words > MAX_WORDS:
            raise QueryError(f"more than {MAX_WORDS} words and phrases; leave some out", at, end - at)
        if self._values > MAX_WORDS:
            raise QueryError(f"more than {MAX_WORDS} filters; leave some out", at, end - at)
        self._tokens.append(Token(kind, text, at, end - at, exact, prefix, quoted, distance))
        return end

    def _open(self, at: int, *, values: bool) -> int:
        self._groups.append(values)
        return self._emit("(", "(", at, at + 1)

    def _minus(self, at: int) -> int:
        if dashes := _DASHES.match(self._text, at):  # between the words of a title that was pasted
            return self._drop(at, dashes.end())
        if self._text[at + 1 : at + 2] == "-":
            raise QueryError("two - in a row; write one, or the word in quotes", at, 2)
        return self._emit("-", "-", at, at + 1)

    def _exact(self, at: int) -> int:
        following = self._text[at + 1 : at + 2]
        if following and following in QUOTES:
            return self._phrase(at, at + 1, exact=True)
        if following == "(":
            raise QueryError("a = stands before one word or phrase, not before parentheses", at, 1)
        return self._word(at, self._run_end(at + 1), exact=True)

    def _phrase(self, at: int, quote: int, *, exact: bool) -> int:
        text, end = self._quoted(quote)
        return self._emit("phrase", text, at, end, exact=exact)

    def _quoted(self, at: int) -> tuple[str, int]:
        """What stands in quotes, and where they end."""
        found = _PLAINLY_QUOTED.match(self._text, at) or _QUOTED.match(self._text, at)
        if found is None:
            raise QueryError('a quote is not closed; write " at the end of the phrase', at, 1)
        text = " ".join(_ESCAPED.sub(r"\1", found[1]).split())
        if not searchable(text):
            raise QueryError("no letter or digit between the quotes", at, found.end() - at)
        return text, found.end()

    def _run_end(self, at: int) -> int:
        """Where a run of signs ends: at a space, a quote or a parenthesis; an address may hold pairs of these."""
        found = _RUN.match(self._text, at)
        end = found.end() if found else at
        if not _URL.match(self._text, at):
            return end
        opened = 0
        while end < len(self._text) and (sign := self._text[end]) not in QUOTES and not sign.isspace():
            opened += (sign == "(") - (sign == ")")
            if opened < 0:
                break
            end += 1
        return end

    def _bare(self, at: int) -> int:
        end = self._run_end(at)
        run = self._text[at:end]
        if run in _OPERATORS:
            return self._emit(_OPERATORS[run], run, at, end)
        if run == "NEAR" or run.startswith("NEAR/"):
            return self._near(run, at, end)
        if run in {"|", "||"}:
            raise QueryError(f"write OR in place of {run}", at, end - at)
        name = None if _URL.match(run) else _NAME.match(run)
        return self._named(name[1], at, end) if name else self._word(at, end, exact=False)

    def _near(self, run: str, at: int, end: int) -> int:
        found = _NEAR.fullmatch(run)
        distance = int(found[1] or DISTANCE) if found else -1
        if not 0 <= distance <= MAX_DISTANCE:
            raise QueryError(f"after NEAR/ comes a number of words from 0 to {MAX_DISTANCE}", at, end - at)
        return self._emit("NEAR", run, at, end, distance=distance)

    def _named(self, name: str, at: int, end: int) -> int:
        """`name:…`: a field and its value, or a word that holds a colon."""
        value = at + len(name) + 1
        followed = value < len(self._text) and not self._text[value].isspace() and self._text[value] != ")"
        field = NAMED.get(name.lower())
        if field is None:
            if followed and name.islower() and name not in _NOT_FIELDS:
                raise QueryError(_unknown(name), at, value - at)
            return self._word(at, end, exact=False)
        if not followed:
            if not name.islower():  # as in a text that was pasted: "Source: Reuters"
                return self._word(at, end, exact=False)
            raise QueryError(
                f"nothing after {name}: write a value right after the colon, as in {name}:{field.example}",
                at,
                value - at,
            )
        self._emit("field", field.name, at, value)
        if self._text[value] == "(":
            return self._open(value, values=True)
        return self._value(value)

    def _value(self, at: int) -> int:
        if self._text[at] in QUOTES:
            text, end = self._quoted(at)
            return self._emit("value", text, at, end, quoted=True)
        end = self._run_end(at)
        return self._emit("value", self._text[at:end], at, end)

    def _in_field(self, at: int) -> int:
        """A token between the parentheses of a field."""
        run = self._text[at : self._run_end(at)]
        if run in _OPERATORS:
            return self._emit(_OPERATORS[run], run, at, at + len(run))
        if run == "NEAR" or run.startswith("NEAR/"):
            raise QueryError("NEAR stands between words or phrases, not between values of a field", at, len(run))
        if run.startswith("-"):
            return self._minus(at)
        name = None if _URL.match(run) else _NAME.match(run)
        if name and name[1] in FIELDS:
            raise QueryError(
                "a field stands between the parentheses of another; close them before it", at, len(name[0])
            )
        return self._value(at)

    def _word(self, at: int, end: int, *, exact: bool) -> int:
        run = self._text[at + exact : end]
        if "*" in run and not _URL.match(run):
            return self._prefix(run, at, end, exact=exact)
        if not searchable(run):
            return self._drop(at, end)
        return self._emit("word", run, at, end, exact=exact)

    def _prefix(self, run: str, at: int, end: int, *, exact: bool) -> int:
        place = at, end - at
        if not run.strip("*"):
            if run != self._text.strip():
                return self._drop(at, end)
            raise QueryError("a * ends a word; to find everything, leave the words out", *place)
        if run.startswith("*"):
            raise QueryError("a word cannot begin with *; write its first letters, as in snow*", *place)
        if run.index("*") < len(run) - 1:
            raise QueryError("a * can only end a word, as in snow*; in quotes it is not searched", *place)
        if not all(unicodedata.category(c)[0] in "LMN" for c in run[-3:-1]) or len(run) < 3:
            raise QueryError("at least 2 letters stand before a *, as in sn*", *place)
        return self._emit("word", run[:-1], at, end, exact=exact, prefix=True)

    def _drop(self, at: int, end: int) -> int:
        """Signs that are not searched mean nothing, but where an operator asks for something."""
        if self._tokens and self._tokens[-1].kind in ASKS:
            raise QueryError("no letter or digit to search for: other signs are not searched", at, end - at)
        self._dropped = self._dropped or (at, end - at)
        return end


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name[:40], NAMED, n=1)
    guess = f"; did you mean {close[0]}?" if close else "."
    return (
        f"unknown field {shown(name)}{guess} To search for it as words, write it in quotes. "
        f"Fields are {', '.join(FIELDS)}"
    )
