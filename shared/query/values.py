"""Values of fields: each kind of field reads its own, and says what it wants where it cannot."""

import difflib
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime

from shared.query.dates import span
from shared.query.errors import QueryError
from shared.query.fields import NAMED, Field
from shared.query.nodes import Filter, FilterValue, Range, Text
from shared.query.tokens import Token, searchable, shown
from shared.urls import NotAUrlError, normalise, page_url, site_of

_MAX_NUMBER = 999_999_999
_MAX_ID = 1024
_MAX_HOST = 253
"""Of a name in the DNS (RFC 1035, 2.3.4, as text)."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_COMPARED = re.compile(r"(>=|<=|>|<)(.*)")


def filter_of(name: str, value: str) -> Filter:
    """The filter that `name:"value"` means; `name` may be an alias. Raises QueryError; its place is within `value`."""
    return read(NAMED[name], Token("value", value, 0, len(value), quoted=True))


def read(field: Field, token: Token, at: int | None = None) -> Filter:
    """A field's filter from the token of its value; `at`: where the filter begins. Raises QueryError."""
    try:
        value = _READ[field.kind](field, token)
    except ValueError as error:
        raise QueryError(str(error), token.at, token.length) from None
    return Filter("date" if field.kind == "date" else field.name, value, token.at if at is None else at)


def _words(field: Field, token: Token) -> Text:
    if not token.quoted and token.text.startswith("="):
        raise ValueError(f'= stands before words, not in a field; leave it out, or write {field.name}:"…"')
    if not token.quoted and "*" in token.text:
        raise ValueError(
            f"a * ends a word that stands alone, not one of a field; write whole words after {field.name}:"
        )
    return _whole(field, token)


def _whole(field: Field, token: Token) -> Text:
    text = " ".join(unicodedata.normalize("NFC", token.text).split())
    if not searchable(text):
        raise ValueError(f"no letter or digit after {field.name}: to search for")
    return Text(text)


def _choice(field: Field, token: Token) -> Text:
    value = _normal_choice(token.text)
    if value in field.choices:
        return Text(value)
    several = [_normal_choice(part) for part in token.text.split(",")]
    if set(several) <= set(field.choices):
        raise ValueError(
            f"{field.name}: takes one value; for any of several write {field.name}:({' OR '.join(several)})"
        )
    close = [c for c in field.choices if value and value in c] or difflib.get_close_matches(value[:40], field.choices)
    if close:
        raise ValueError(f"{field.name}: has no {shown(token.text)}; did you mean {' or '.join(close)}?")
    raise ValueError(f"{field.name}: has no {shown(token.text)}; it takes {', '.join(field.choices)}")


def _normal_choice(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def _host(field: Field, token: Token) -> Text:
    text = token.text.strip()
    if text.startswith("*."):
        raise ValueError(f"subdomains are found without a *; write {field.name}:{shown(text[2:])[1:-1]}")
    try:
        bare = "://" not in text and not re.search(r"[/?#@\\]", text)
        host = site_of(normalise(f"http://{text}/" if bare else text)).rstrip(".")
    except NotAUrlError:
        host = ""
    if not searchable(host) or len(host) > _MAX_HOST:
        raise ValueError(f"{shown(text)} is no host; write one like {field.name}:{field.example}")
    return Text(host)


def _language(field: Field, token: Token) -> Text:
    text = token.text.strip()
    if len(text) > 35 or not _LANGUAGE.fullmatch(text):  # RFC 5646, 4.4.1: tags that are longer need not be taken
        raise ValueError(
            f"{shown(text)} is no code of a language; write one as in {field.name}:{field.example}: el, en, pt-BR"
        )
    first, *rest = text.lower().split("-")
    return Text("-".join([first, *(part.upper() if len(part) == 2 else _script(part) for part in rest)]))


def _script(part: str) -> str:
    return part.title() if len(part) == 4 and part.isalpha() else part


def _id(field: Field, token: Token) -> Text:
    text = token.text.strip()
    if not searchable(text) or len(text) > _MAX_ID:
        raise ValueError(f"{shown(text)} is no id for {field.name}; write one as `tearsheet search --json` shows it")
    return Text(text)


def _url(field: Field, token: Token) -> Text:
    try:
        return Text(page_url(token.text))
    except NotAUrlError as error:
        raise ValueError(f"{shown(token.text)}: {error}; write a whole address, as in url:{field.example}") from None


def _number(field: Field, token: Token) -> Range:
    def one(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise ValueError(
                f"{shown(token.text)} is no number from 0 to {_MAX_NUMBER:,}; "
                f"write {field.name}:2, {field.name}:1..3 or {field.name}:>2"
            )
        return int(text)

    return _range(
        token.text,
        single=lambda text: Range(one(text), one(text), include_low=True, include_high=True),
        compared=lambda sign, text: _half(sign, one(text)),
    )


def _half(sign: str, number: int) -> Range:
    included = "=" in sign
    if ">" in sign:
        return Range(number, None, include_low=included, include_high=False)
    return Range(None, number, include_low=False, include_high=included)


def _date(field: Field, token: Token) -> Range:
    def one(text: str) -> tuple[datetime, datetime]:
        try:
            return span(text)
        except ValueError:
            raise ValueError(
                f"{shown(text)} is no date; write a year, month, day or time, as in 2021, 2021-06, 2021-06-28 or "
                "2021-06-28T14:30Z"
            ) from None

    def compared(sign: str, text: str) -> Range:
        start, end = one(text)
        bound = start if sign in {">=", "<"} else end
        if ">" in sign:
            return Range(bound, None, include_low=True, include_high=False)
        return Range(None, bound, include_low=False, include_high=False)

    if field.name == "after":
        return compared(">=", token.text.strip())
    if field.name == "before":
        return compared("<", token.text.strip())
    return _range(
        token.text,
        single=lambda text: Range(*one(text), include_low=True, include_high=False),
        compared=compared,
    )


def _range(text: str, *, single: Callable[[str], Range], compared: Callable[[str, str], Range]) -> Range:
    """`one`, `>one` and the like, `one..other` with both of them within, or one end left out."""
    text = "".join(text.split())
    found = _COMPARED.fullmatch(text)
    if found:
        return compared(found[1], found[2])
    low, dots, high = text.partition("..")
    if not dots:
        return single(text)
    if not low:
        return compared("<=", high)
    if not high:
        return compared(">=", low)
    first, last = single(low), single(high)
    if first.low > last.low:  # type: ignore[operator]
        raise ValueError(f"the range {shown(text)} ends before it begins; write the lower end first")
    return Range(first.low, last.high, first.include_low, last.include_high)


_READ: dict[str, Callable[[Field, Token], FilterValue]] = {
    "text": _words,
    "keyword": _words,
    "choice": _choice,
    "host": _host,
    "language": _language,
    "date": _date,
    "number": _number,
    "id": _id,
    "url": _url,
}
