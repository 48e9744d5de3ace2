"""The piece of a record's text that shows why it was found."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from heapq import merge
from itertools import chain, islice

from shared.language import bare, hard_to_find, letters_of, stems_at, stems_by_chunk, words_at, words_by_chunk
from shared.search.request import Snippet
from shared.stores import clauses as c

_LENGTH = 200
"""Characters: two lines of a terminal or of a result on a page."""
_BEFORE = 40
"""Characters shown before the first match."""
_LOOKED_THROUGH = 100_000
"""Characters: a match further on is not shown, as finding it would take longer than the search."""
_LOOKED_AT_FIRST = 10_000
"""Characters: some 1,500 words, enough for most texts and matches."""
_MOST_TRIED = 500
"""Places where a word may begin that are looked at: some 7 µs each, so that a hostile text takes a few milliseconds."""
_TELLING = 3
"""Letters that do not stand in every other word."""
_REACH = 400
"""Characters in which a phrase stands with all that is between its words."""
_LONG = 100
"""Characters: what is longer between two spaces is no word but text of a script without any."""
_GAPS = 20
"""Stretches without a word, dashes and the like, that may stand between the words of a phrase."""
_SPACE = re.compile(r"\s+")
_CHUNK = re.compile(r"\S+")

Place = tuple[int, int, int]
"""Start, end, which of the matches that were asked for."""
_Starts = dict[str, list[tuple[tuple[str, ...], int]]]
"""First token -> each way in which a match may stand that begins so, and which match it is of."""
_Cut = Callable[[str], list[tuple[str, ...]]]
"""The tokens of each stretch of a text between white space."""
_Rest = tuple[tuple[str, ...], int, _Cut]
"""Tokens that must follow, of which match, and how a text is cut to see it."""


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


class Snippets:
    """Finds what one query asked for in texts, and cuts snippets."""

    def __init__(self, wanted: Iterable[c.Match | c.Prefix]) -> None:
        """`wanted`: what is marked (`positive`)."""
        self._words: _Starts = defaultdict(list)
        self._stems: _Starts = defaultdict(list)
        self._prefixes: list[tuple[str, int]] = []
        self._needles: dict[str | None, list[str]] = {}
        self._longest = 1
        self._numbers: set[int] = set()
        # Few stretches hold a match, and most of them come again: as they are, or in another text.
        self._chunks: dict[tuple[str, str | None], tuple[set[int], list[_Rest]]] = {}
        self._pieces: dict[tuple[str, str | None], list[Place]] = {}
        for number, each in enumerate(wanted):
            self._numbers.add(number)
            if isinstance(each, c.Prefix):
                self._prefixes.append((each.text, number))
                continue
            self._longest = max(self._longest, len(each.words))
            self._words[each.words[0]].append((each.words, number))
            for stem in each.stems:
                self._stems[stem[0]].append((stem, number))

    def of(self, text: str, language: str | None) -> Snippet:
        """The first stretch of `text` with the most different matches, or its beginning where none is in it."""
        rough = self._rough(text, language)
        start = max(0, _best(rough) - _BEFORE) if rough else 0
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
        for piece, marked in _pieces(text, start, end, self._exact(text, start, end, rough, language)):
            plain = _SPACE.sub(" ", piece)
            if marked:
                marks.append((len(line), len(line) + len(plain)))
            line += plain
        return Snippet(line.rstrip() + (" …" if end < len(text) else ""), tuple(marks))

    def marks(self, text: str, language: str | None) -> tuple[tuple[int, int], ...]:
        """Where in a short text the matches stand, in order; none overlaps another."""
        rough = self._rough(text, language)
        return tuple((start, end) for start, end, _ in self._exact(text, 0, len(text), rough, language))

    def _rough(self, text: str, language: str | None) -> list[Place]:
        """Where matches stand, give or take a word: in the beginning of a text, if any is there, else in more."""
        if not self._numbers:
            return []
        near = self._near(text[:_LOOKED_THROUGH], language)
        if near is not None:
            return near
        found = self._in_chunks(text[:_LOOKED_AT_FIRST], language)
        return found or (self._in_chunks(text[:_LOOKED_THROUGH], language) if len(text) > _LOOKED_AT_FIRST else [])

    def _near(self, text: str, language: str | None) -> list[Place] | None:
        """Matches where the letters stand that they begin with: a hundredth of the work of cutting the whole text.

        None where that may pass over some, as in a script without spaces.
        """
        letters = bare(text)
        if len(letters) != len(text):
            return None
        places = merge(*(_places_of(each, letters) for each in self._beginnings(language)))
        found: list[Place] = []
        last: dict[int, int] = {}
        done, tried, end = 0, 0, len(text)
        for at in islice(places, _MOST_TRIED):
            tried += 1
            if at < done:
                continue
            if at >= end:
                return found  # no stretch has more matches than the one that ended
            start = at
            while start > done and not text[start - 1].isspace():
                start -= 1
            chunk = _CHUNK.match(text, at)
            done = chunk.end() if chunk else at + 1
            if done - start > _LONG:
                return None
            for number in self._first_in(text, start, done, language):
                found.append((start, done, number))
                last[number] = start
            if len(last) == len(self._numbers) and done <= (first := min(last.values())) + _LENGTH - _BEFORE:
                end = min(end, first + _LENGTH)
        if len(last) < len(self._numbers) and (tried == _MOST_TRIED or hard_to_find(text)):
            return None
        return found

    def _beginnings(self, language: str | None) -> list[str]:
        """Letters without which no match stands in a text of this language."""
        known = self._needles.get(language)
        if known is None:
            all_of = {*self._words, *(prefix for prefix, _ in self._prefixes)}
            all_of.update(letters for stem in self._stems if (letters := letters_of(stem, language)))
            # What holds another one is found with it.
            known = [each for each in all_of if not any(other != each and other in each for other in all_of)]
            self._needles[language] = known
        return known

    def _first_in(self, text: str, start: int, end: int, language: str | None) -> set[int]:
        """Which matches begin in a stretch between white space."""
        known = self._chunks.get((text[start:end], language))
        if known is None:  # else it was met before, as most that are looked at
            known = self._chunks[text[start:end], language] = self._begun_in(text[start:end], language)
        found, longer = known
        if not longer:
            return found
        return found | {number for rest, number, cut in longer if _goes_on(text, end, rest, cut)}

    def _begun_in(self, chunk: str, language: str | None) -> tuple[set[int], list[_Rest]]:
        """Which matches stand in a stretch, and what must follow it that others do."""
        (written,) = words_by_chunk(chunk)
        found = {number for prefix, number in self._prefixes if any(word.startswith(prefix) for word in written)}
        longer = list(_rests(written, self._words, words_by_chunk))
        if self._stems:
            stems = partial(stems_by_chunk, language=language)
            longer += _rests(stems(chunk)[0], self._stems, stems)
        found.update(number for rest, number, _ in longer if not rest)
        return found, [each for each in longer if each[0]]

    def _exact(self, text: str, start: int, end: int, rough: Iterable[Place], language: str | None) -> list[Place]:
        """The matches that stand whole between two places, by where they stand roughly."""
        found: list[Place] = []
        for first, last in {(first, last) for first, last, _ in rough if start <= first < end}:
            piece = text[first : self._end_of_match(text, last, min(end, max(last, first + _REACH)))]
            places = self._pieces.get((piece, language))
            if places is None:
                places = self._pieces[piece, language] = self._places(piece, language)
            found += [(first + at, first + to, n) for at, to, n in places if first + at < last]
        return _apart(sorted(found, key=_first_and_longest))

    def _end_of_match(self, text: str, at: int, end: int) -> int:
        """Where the longest match ends that begins in the stretch before `at`."""
        more = self._longest - 1
        for chunk in _CHUNK.finditer(text, at, end) if more else ():
            at = chunk.end()
            more -= words_by_chunk(chunk[0]) != [()]
            if not more:
                break
        return min(at, end)

    def _places(self, text: str, language: str | None) -> list[Place]:
        """Where in a few words the matches stand, in order; none overlaps another."""
        written = words_at(text)
        found = list(_runs(written, self._words))
        if self._stems:
            found += _runs(stems_at(text, language), self._stems)
        for prefix, number in self._prefixes:
            found += [(start, end, number) for word, start, end in written if word.startswith(prefix)]
        return _apart(sorted(found, key=_first_and_longest))

    def _in_chunks(self, text: str, language: str | None) -> list[Place]:
        """Matches by the stretches between white space that they begin in, which `shared.language` has cut before."""
        written = words_by_chunk(text)
        begun = list(_begun(written, self._words))
        if self._stems:
            begun += _begun(stems_by_chunk(text, language), self._stems)
        for prefix, number in self._prefixes:
            begun += [(n, number) for n, cut in enumerate(written) if any(word.startswith(prefix) for word in cut)]
        if not begun:
            return []
        chunks = [match.span() for match in _CHUNK.finditer(text)]
        found: list[Place] = []
        for n in sorted({n for n, _ in begun if chunks[n][1] - chunks[n][0] > _LONG}):
            first, last = chunks[n]  # a script without spaces: the place is somewhere in it
            found += [(first + at, first + to, number) for at, to, number in self._places(text[first:last], language)]
        found += [(*chunks[n], number) for n, number in begun if chunks[n][1] - chunks[n][0] <= _LONG]
        return sorted(found)


def _rests(tokens: tuple[str, ...], starts: _Starts, cut: _Cut) -> Iterator[_Rest]:
    """Of each match that may begin in a stretch of these tokens: what must follow, which one it is, how that is cut."""
    if starts.keys().isdisjoint(tokens):
        return
    for i, token in enumerate(tokens):
        for sequence, number in starts.get(token, ()):
            here = tokens[i : i + len(sequence)]
            if here == sequence[: len(here)]:
                yield sequence[len(here) :], number, cut


def _goes_on(text: str, end: int, rest: tuple[str, ...], cut: _Cut) -> bool:
    """Whether a text goes on with these tokens behind a stretch; it is cut as far as it is needed."""
    at = 0
    for chunk in islice(_CHUNK.finditer(text, end), len(rest) + _GAPS):
        for token in cut(chunk[0])[0]:
            if token != rest[at]:
                return False
            at += 1
            if at == len(rest):
                return True
    return False


def _begun(cut: Sequence[tuple[str, ...]], starts: _Starts) -> Iterator[tuple[int, int]]:
    """(stretch, which match) of each match."""
    keys = starts.keys()
    for n, tokens in enumerate(cut):
        if keys.isdisjoint(tokens):
            continue
        for i, token in enumerate(tokens):
            for sequence, number in starts.get(token, ()):
                if len(sequence) == 1:
                    yield n, number
                else:
                    following = chain(tokens[i:], chain.from_iterable(islice(cut, n + 1, n + len(sequence) + _GAPS)))
                    if tuple(islice(following, len(sequence))) == sequence:
                        yield n, number


def _places_of(letters: str, text: str) -> Iterator[int]:
    """Where the letters stand."""
    if len(letters) < _TELLING and letters.isascii():
        yield from (match.start() for match in _beginning(letters).finditer(text))
    else:
        at = text.find(letters)
        while at >= 0:
            yield at
            at = text.find(letters, at + 1)


@lru_cache(1024)
def _beginning(letters: str) -> re.Pattern[str]:
    """Words that begin with a letter or two, which stand within every other word."""
    plain = re.escape(letters)
    return re.compile(rf"{plain}(?<![^\W_]{plain})")  # the letters first, as `re` looks for these fast


def _runs(tokens: Sequence[tuple[str, int, int]], starts: _Starts) -> Iterator[Place]:
    """The places of each match in a text's tokens."""
    for i, (token, start, _) in enumerate(tokens):
        for sequence, number in starts.get(token, ()):
            run = tokens[i : i + len(sequence)]
            if tuple(word for word, _, _ in run) == sequence:
                yield start, run[-1][2], number


def _first_and_longest(place: Place) -> tuple[int, int]:
    return place[0], -place[1]


def _apart(found: Iterable[Place]) -> list[Place]:
    apart: list[Place] = []
    for place in found:
        if not apart or place[0] >= apart[-1][1]:
            apart.append(place)
    return apart


def _pieces(text: str, at: int, end: int, found: Iterable[Place]) -> Iterator[tuple[str, bool]]:
    """A stretch of a text in pieces, each with whether it is a match."""
    for first, last, _ in found:
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
