"""Cursors: where an answer ended, as an opaque text that a URL can hold."""

import base64
import binascii
import json
from collections.abc import Sequence
from math import isfinite

_LONGEST = 200
# Made once: `json.dumps` makes one for each call that asks for separators, and each finding has a cursor.
_JSON = json.JSONEncoder(separators=(",", ":"))
Value = int | float | str


class CursorError(ValueError):
    """A cursor that no answer gave, or that a later version cannot read."""


def cursor(sort: str, *values: Value) -> str:
    """The cursor of a place in the order of `sort`."""
    return base64.urlsafe_b64encode(_JSON.encode([sort, *values]).encode()).decode().rstrip("=")


def read_cursor(text: str, sort: str, kinds: Sequence[type | tuple[type, ...]]) -> list[Value]:
    """The values of a cursor of this sort, each of its type. Raises CursorError."""
    given: object
    values: list[Value]
    try:
        if len(text) > _LONGEST:
            raise CursorError
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        given, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, TypeError, RecursionError):
        raise CursorError("this cursor cannot be read: begin again without one") from None
    if given != sort:
        raise CursorError(f"this cursor is of another order than {sort}: begin again without one")
    if len(values) != len(kinds) or not all(_is(v, kind) for v, kind in zip(values, kinds, strict=True)):
        raise CursorError("this cursor cannot be read: begin again without one")
    return values


def _is(value: object, kind: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool) or not isinstance(value, kind):
        return False
    return isfinite(value) and abs(value) < 1 << 63 if isinstance(value, int | float) else True
