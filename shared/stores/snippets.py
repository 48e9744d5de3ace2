"""The piece of a record's text that shows why it was found, matches between « and »."""

import re
from collections.abc import Sequence

from shared.language import words_at
from shared.stores.query_text import Term

_LENGTH = 200
"""Characters: two lines of a terminal or of a result on a page."""
_BEFORE = 40
"""Characters shown before the first match."""
_SPACE = re.compile(r"\s+")


def snippet(text: str, terms: Sequence[Term]) -> str:
    """The first stretch of `text` with the most different terms, or its beginning where none is in it."""
    found = _matches(text, [t.words for t in terms if not t.negated])
    start = max(0, _best(found) - _BEFORE) if found else 0
    if start:
        start = text.find(" ", start, start + _BEFORE) + 1 or start
    end = min(len(text), start + _LENGTH)
    if end < len(text):
        space = text.rfind(" ", start + _LENGTH // 2, end)
        end = space if space > 0 else end
    pieces: list[str] = []
    at = start
    for first, last, _ in found:
        if first >= at and last <= end:
            pieces += [text[at:first], "«", text[first:last], "»"]
            at = last
    pieces.append(text[at:end])
    line = _SPACE.sub(" ", "".join(pieces)).strip()
    return f"{'… ' if start else ''}{line}{' …' if end < len(text) else ''}"


def _matches(text: str, wanted: Sequence[tuple[str, ...]]) -> list[tuple[int, int, int]]:
    """(start, end, which term) of each match, in order."""
    starts: dict[str, list[int]] = {}
    for number, words in enumerate(wanted):
        starts.setdefault(words[0], []).append(number)
    tokens = words_at(text) if starts else []
    found: list[tuple[int, int, int]] = []
    for i, (word, start, _) in enumerate(tokens):
        for number in starts.get(word, ()):
            run = tokens[i : i + len(wanted[number])]
            if tuple(w for w, _, _ in run) == wanted[number]:
                found.append((start, run[-1][2], number))
    return found


def _best(found: Sequence[tuple[int, int, int]]) -> int:
    """Where the first window with the most different terms starts."""
    best, most, last = found[0][0], 0, 0
    for i, (start, _, _) in enumerate(found):
        last = max(last, i)
        while last < len(found) and found[last][1] <= start + _LENGTH - _BEFORE:
            last += 1
        different = len({number for _, _, number in found[i:last]})
        if different > most:
            best, most = start, different
    return best
