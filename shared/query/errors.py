"""A query that cannot be read: what is wrong, where, and what to do."""

import unicodedata

_WIDTH = 72
"""Characters of the query shown around the place; with its marks and an indent a line of a terminal (80)."""
_BEFORE = 40
"""Of these at most so many before the place."""


class QueryError(ValueError):
    """A query cannot be read. `at` and `length` (characters) lie within its text; at its end the length is 0."""

    def __init__(self, message: str, at: int = 0, length: int = 0) -> None:
        """`message`: one line that says what is wrong and what to do."""
        super().__init__(message)
        self.message = message
        self.at = at
        self.length = length

    def pointed(self, text: str) -> str:
        """Two lines: the query, cut to a window where it is long, and carets under the place."""
        start = max(0, self.at - _BEFORE) if len(text) > _WIDTH else 0
        window = text[start : start + _WIDTH]
        lead = "…" if start else ""
        trail = "…" if start + _WIDTH < len(text) else ""
        place = self.at - start
        before, marked = window[:place], window[place : place + self.length]
        carets = "^" * max(1, _columns(marked))
        return f"{lead}{_shown(window)}{trail}\n{' ' * (len(lead) + _columns(before))}{carets}"


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide sign (UAX 11), none for a combining mark."""
    return sum(_width(c) for c in text)


def _width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
