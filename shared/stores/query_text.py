"""What a person types to search: words that must all stand there, "phrases", and -not."""

import re
from dataclasses import dataclass

from shared.language import words
from shared.stores.protocol import Query
from shared.urls import NotAUrlError, normalise, site_of

_MAX_TERMS = 64
"""Each makes a few clauses; OpenSearch takes 1,024 a query (indices.query.bool.max_clause_count)."""
_MAX_RESULT = 10_000
"""OpenSearch pages no further (index.max_result_window); kept by both stores."""
_TERM = re.compile(r'\s*(-?)(?:"([^"]*)"|([^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase of a query."""

    text: str
    negated: bool
    words: tuple[str, ...]
    """Folded; more than one where the term is a phrase or a word such as `e-mail`."""


def terms(text: str) -> list[Term]:
    """A query's terms. Raises ValueError with one line where it cannot be read."""
    found: list[Term] = []
    end = len(text.rstrip())
    at = 0
    while at < end:
        match = _TERM.match(text, at)
        if match is None or (match[3] == "-" and text.startswith('"', match.end())):
            raise ValueError(f"a quote is not closed in the query: {_line(text)}")
        at = match.end()
        word = match[3] if match[2] is None else match[2]
        cut = words(word)
        if cut:
            found.append(Term(word, bool(match[1]), cut))
    if end and not found:
        raise ValueError(f"no word to search for in the query: {_line(text)}")
    if len(found) > _MAX_TERMS:
        raise ValueError(f"a query has at most {_MAX_TERMS} words and phrases, this one {len(found)}")
    return found


def site(text: str) -> str:
    """The host that a `site` filter means. Raises ValueError."""
    try:
        return site_of(normalise(text if "://" in text else f"http://{text}/")).rstrip(".")
    except NotAUrlError:
        raise ValueError(f"not a site: {_line(text)}") from None


def check_window(query: Query) -> None:
    """Raises ValueError where the query asks for results that no store gives."""
    if query.limit < 0 or query.offset < 0:
        raise ValueError("limit and offset are not below 0")
    if query.limit + query.offset > _MAX_RESULT:
        raise ValueError(f"only the first {_MAX_RESULT:,} results can be listed; narrow the query, or use export")


def _line(text: str) -> str:
    return " ".join(text.split())
