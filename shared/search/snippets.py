"""The piece of a record's text that shows why it was found."""

import re
from collections.abc import Iterable, Iterator, Sequence

from shared.language import stems_at, stems_by_chunk, words_at, words_by_chunk
from shared.search.request import Snippet
from shared.stores import clauses as c

_LENGTH = 200
"""Characters: two lines of a terminal or of a result on a page."""
_BEFORE = 40
"""Characters shown before the first match."""
_LOOKED_THROUGH = 100_000
"""Characters: a match further on is not shown, as finding it would take longer than the search."""
_MOST_LOOKED_AT = 300
"""Of a word that stands in every line the places further on are passed over."""
_SPACE = re.compile(r"\s+")
_CHUNK = re.compile(r"\S+")

Place = tuple[int, int, int]
"""Start, end, which of the matches that were asked for."""
Tokens = Sequence[tuple[str, int, int]]


def positive(clause: c.Clause) -> Iterable[c.Match | c.Prefix]:
    """What of a clause a record's text may show."""
    match clause:
        case c.Match() | c.Prefix():
            yield clause
        case c.Near(left, right):
            yield from (left, right)
        case c.All(clauses) | c.Any(clauses):
            for each in clauses:
                yield from positive(each)


def snippet(text: str, language: str | None, wanted: Sequence[c.Match | c.Prefix]) -> Snippet:
    """The first stretch of `text` with the most different matches, or its beginning where none is in it."""
    found = places(text[:_LOOKED_THROUGH], language, wanted)
    start = max(0, _best(found) - _BEFORE) if found else 0
    if start:
        start = text.find(" ", start, start + _BEFORE) + 1 or start
    end = min(len(text), start + _LENGTH)
    if end < len(text):
        space = text.rfind(" ", start + _LENGTH // 2, end)
        end = space if space > 0 else end
    while start < end and text[start].isspace():
        start += 1
    line = "… " if text[:start].strip() else ""
    marks: list[tuple[int, int]] = []
    for piece, marked in _pieces(text, start, end, found):
        plain = _SPACE.sub(" ", piece)
        if marked:
            marks.append((len(line), len(line) + len(plain)))
        line += plain
    return Snippet(line.rstrip() + (" …" if end < len(text) else ""), tuple(marks))


def places(text: str, language: str | None, wanted: Sequence[c.Match | c.Prefix]) -> list[Place]:
    """Where in a text the matches stand, in order; none overlaps another."""
    found: list[Place] = []
    for first, last in _stretches(text, language, wanted):
        found += [
            (first + start, first + end, number) for start, end, number in _in(text[first:last], language, wanted)
        ]
    return _apart(sorted(found, key=lambda place: (place[0], -place[1])))


def _stretches(text: str, language: str | None, wanted: Sequence[c.Match | c.Prefix]) -> Iterator[tuple[int, int]]:
    """The stretches of a text in which matches may stand: most of a text is not looked at word by word."""
    matches = [each for each in wanted if isinstance(each, c.Match)]
    prefixes = tuple(each.text for each in wanted if isinstance(each, c.Prefix))
    firsts = {each.words[0] for each in matches}
    stem_firsts = {stem[0] for each in matches for stem in each.stems}
    written = words_by_chunk(text)
    found = {n for n, cut in enumerate(written) if not firsts.isdisjoint(cut)}
    if stem_firsts:
        found |= {n for n, cut in enumerate(stems_by_chunk(text, language)) if not stem_firsts.isdisjoint(cut)}
    if prefixes:
        found |= {n for n, cut in enumerate(written) if any(word.startswith(prefixes) for word in cut)}
    if not found:
        return
    longest = max((len(way) for each in matches for way in (each.words, *each.stems)), default=1)
    chunks = list(_CHUNK.finditer(text))
    runs: list[tuple[int, int]] = []
    for n in sorted(found)[:_MOST_LOOKED_AT]:
        begun = runs.pop()[0] if runs and n < runs[-1][1] else n
        runs.append((begun, min(n + longest, len(chunks))))
    yield from ((chunks[first].start(), chunks[last - 1].end()) for first, last in runs)


def _in(text: str, language: str | None, wanted: Sequence[c.Match | c.Prefix]) -> list[Place]:
    written = words_at(text)
    found: list[Place] = []
    for number, each in enumerate(wanted):
        if isinstance(each, c.Prefix):
            found += [(start, end, number) for word, start, end in written if word.startswith(each.text)]
        else:
            found += _runs(written, [each.words], number)
    if any(isinstance(each, c.Match) and each.stems for each in wanted):
        stemmed = stems_at(text, language)
        for number, each in enumerate(wanted):
            if isinstance(each, c.Match):
                found += _runs(stemmed, each.stems, number)
    return found


def _runs(tokens: Tokens, sequences: Sequence[tuple[str, ...]], number: int) -> Iterable[Place]:
    """The places of each sequence of tokens."""
    standing = {token for token, _, _ in tokens}
    for sequence in sequences:
        if not standing.issuperset(sequence):
            continue
        first, length = sequence[0], len(sequence)
        for i, (token, start, end) in enumerate(tokens):
            if token != first:
                continue
            if length == 1:
                yield start, end, number
            elif tuple(t for t, _, _ in tokens[i : i + length]) == sequence:
                yield start, tokens[i + length - 1][2], number


def _apart(found: Iterable[Place]) -> list[Place]:
    apart: list[Place] = []
    for place in found:
        if not apart or place[0] >= apart[-1][1]:
            apart.append(place)
    return apart


def _pieces(text: str, start: int, end: int, found: Iterable[Place]) -> Iterable[tuple[str, bool]]:
    """The stretch in pieces, each with whether it is a match."""
    at = start
    for first, last, _ in found:
        if first >= at and last <= end:
            yield text[at:first], False
            yield text[first:last], True
            at = last
    yield text[at:end], False


def _best(found: Sequence[Place]) -> int:
    """Where the first window with the most different matches starts."""
    best, most, last = found[0][0], 0, 0
    for i, (start, _, _) in enumerate(found):
        last = max(last, i)
        while last < len(found) and found[last][1] <= start + _LENGTH - _BEFORE:
            last += 1
        different = len({number for _, _, number in found[i:last]})
        if different > most:
            best, most = start, different
    return best
