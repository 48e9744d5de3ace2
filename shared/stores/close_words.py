"""Words that are nearly a word that nothing was found for: looked for in records that hold one."""

from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz.distance import OSA

from shared.stores.indexed import EMPTY, TokenField

CLOSE_FIELDS: tuple[TokenField, ...] = ("title_words", "author_words", "names_words", "text_words")
CLOSE_RECORDS = 50
"""Records of each field that are looked through."""


def close_in(texts: Iterable[str], word: str) -> Iterator[str]:
    """The tokens of these texts within one edit of `word`: a letter more, less or another, or two the other way round.

    Optimal string alignment distance (Damerau, 1964).
    """
    seen = {each for text in texts for each in text.split()} - {word, EMPTY}
    return (each for each in seen if OSA.distance(word, each, score_cutoff=1) <= 1)


def most_frequent(counts: Mapping[str, int], limit: int) -> list[tuple[str, int]]:
    """Words and counts, most frequent first, then by word."""
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))[:limit]
