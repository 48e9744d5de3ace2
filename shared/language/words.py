"""Words as they are written: folded, not stemmed."""

from functools import lru_cache
from itertools import chain

from shared.language.folding import fold
from shared.language.signs import signs, written

# What stands between two spaces, and the tokens that it gives: some 300 bytes each, so 10 MB at most. A page of 1,500
# words has some 700 different ones, of which nine in ten were met before.
MOST_KEPT = 32_768
LONGEST_KEPT = 48
AROUND = ".,:;!?()\"'-–“”„‘’«»…"


def words_at(text: str) -> list[tuple[str, int, int]]:
    """Each word of a text, folded, with its start and end; each sign of an unspaced script alone."""
    found = []
    for match, is_run in written(text):
        found += [(fold(each[0]), each.start(), each.end()) for each in (signs(match) if is_run else (match,))]
    return found


def words(text: str) -> tuple[str, ...]:
    """Each word of a text, folded; each sign of an unspaced script alone."""
    return tuple(chain.from_iterable(_kept(c) if len(c) <= LONGEST_KEPT else _of_chunk(c) for c in chunks(text)))


def words_by_chunk(text: str) -> list[tuple[str, ...]]:
    """The words of each stretch between white space (`str.split`), some of which have none: to look for a word fast."""
    return [_kept(c) if len(c) <= LONGEST_KEPT else _of_chunk(c) for c in text.split()]


def chunks(text: str) -> list[str]:
    """What stands between white space, which no word holds, without the commonest signs around it."""
    return [chunk.strip(AROUND) for chunk in text.split()]


def _of_chunk(chunk: str) -> tuple[str, ...]:
    return tuple(word for word, _, _ in words_at(chunk))


_kept = lru_cache(MOST_KEPT)(_of_chunk)
