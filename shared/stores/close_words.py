"""Words that are nearly a word for which nothing was found: one edit away (Damerau, 1964; optimal string alignment).

An edit is a letter more, less or another, or two the other way round.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from shared.language import fold
from shared.stores.indexed import TokenField

CLOSE_FIELDS: tuple[TokenField, ...] = ("title_words", "author_words", "names_words", "text_words")
# Letters that a word and its neighbours have in common at their beginnings, unless the edit is there.
_BEGINNING = 2
# Characters of a part of Unicode that are taken for one alphabet.
_BLOCK = 128


def close_in(
    word: str, beginning_with: Callable[[str], Iterable[tuple[str, int]]], count: Callable[[str], int]
) -> set[str]:
    """The words of a list within one edit of `word` (three letters or more), itself not among them.

    `beginning_with`: the words of the list with a beginning, each with its count; `count`: that of a word, 0 of others.
    """
    alike = [each for each, _ in beginning_with(word[:_BEGINNING])]
    found = {near for near, _, _ in extract(word, alike, scorer=OSA.distance, score_cutoff=1, limit=None)}
    found.update(filter(count, set(_edited_at_the_beginning(word))))
    return found - {word}


def most_frequent(counts: Mapping[str, int], limit: int) -> list[tuple[str, int]]:
    """Words and counts, most frequent first, then by word."""
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))[:limit]


def _edited_at_the_beginning(word: str) -> Iterator[str]:
    """What edits make of a word that change its first letters."""
    letters = "".join(_alphabet(block) for block in {ord(letter) // _BLOCK for letter in word})
    for at in range(_BEGINNING):
        before, letter, behind = word[:at], word[at : at + 1], word[at + 1 :]
        yield before + behind
        yield before + behind[:1] + letter + behind[1:]
        for other in letters:
            yield before + other + behind
            yield before + other + letter + behind


@cache
def _alphabet(block: int) -> str:
    """The letters and digits of a part of Unicode, as words are folded."""
    characters = map(chr, range(block * _BLOCK, (block + 1) * _BLOCK))
    return "".join(each for each in characters if each.isalnum() and fold(each) == each)
