"""Text for a terminal."""

import re

# C0 and C1 control characters (ECMA-48) but tab and newline; an ESC that begins a colour code is ours, or harmless.
_CONTROL = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")


def harmless(text: str) -> str:
    """Text of others without what could move a terminal's cursor, name its window or type into it."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def counted(count: int, what: str) -> str:
    """`1 page`, `2,000 pages`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
