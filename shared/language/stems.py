"""Words as a search compares them: stemmed by the language of their record, signs of unspaced scripts in pairs."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain, pairwise, product
from math import prod

import Stemmer

from shared.language.accents import with_accents
from shared.language.folding import MOST_CHARACTERS, cased, fold
from shared.language.languages import LANGUAGES, Language, language_of
from shared.language.signs import signs, written
from shared.language.words import AROUND, LONGEST_KEPT, MOST_KEPT, chunks, words

_MOST_QUERIES = 4096
_LONGEST_QUERY = 256
# Of a phrase in one language; two words that may be read in two ways make four.
_MOST_READINGS = 4
# Turkish has two letters i, with a dot and without.
_DOTS = str.maketrans({"İ": "i", "I": "ı"})
# As Arabic keyboards have them where a Persian one was used, and as they are read where a final yeh has lost its dots.
_ARABIC = str.maketrans({"ی": "ي", "ى": "ي", "ک": "ك"})
# "And the …", which the stemmer leaves whole, though it knows "with the …" and "like the …".
_AND = re.compile("^و(?=ال.{3})")
_ZERO_WIDTH_NON_JOINER = "\u200c"


_Piece = tuple[str, int, int, bool]
"""A word as it stands in the text, or a token made of signs; its start and end; whether it is a word."""


def stems(text: str, language: str | None) -> tuple[str, ...]:
    """The tokens of a text in this language (a BCP 47 tag); of None or an unknown one, words are only folded."""
    name = _stemmer_of(language)
    return tuple(
        chain.from_iterable(
            _kept(chunk, name) if len(chunk) <= LONGEST_KEPT else _of_chunk(chunk, name) for chunk in chunks(text)
        )
    )


def analysed(text: str, language: str | None) -> tuple[str, str]:
    """A text's words and its stems, each joined by spaces, as a store indexes them: both at once take half the time."""
    name = _stemmer_of(language)
    both = [_kept_joined(c, name) if len(c) <= LONGEST_KEPT else _joined(c, name) for c in text.split()]
    return " ".join([word for word, _ in both if word]), " ".join([stem for _, stem in both if stem])


def stems_by_chunk(text: str, language: str | None) -> list[tuple[str, ...]]:
    """The tokens of each stretch between white space, as `words_by_chunk`."""
    name = _stemmer_of(language)
    return [_kept(c, name) if len(c) <= LONGEST_KEPT else _of_chunk(c, name) for c in text.split()]


def stems_at(text: str, language: str | None) -> list[tuple[str, int, int]]:
    """The tokens of a text with their starts and ends; those of a pair of signs are the pair's."""
    stem = _stem(_stemmer_of(language))
    return [(stem(piece) if is_word else piece, start, end) for piece, start, end, is_word in _pieces(text)]


def query_stems(text: str, languages: Collection[str] | None) -> tuple[tuple[str, ...], ...]:
    """What a query's word or phrase becomes in these languages, or in all that are known: distinct, none empty.

    The most common languages' come first, then what it becomes where accents were left out, by who wrote what is sought
    or by who seeks it.
    """
    wanted = None if languages is None else frozenset(languages)
    return _kept_query(text, wanted) if len(text) <= _LONGEST_QUERY else _of_query(text, wanted)


def _of_query(text: str, languages: frozenset[str] | None) -> tuple[tuple[str, ...], ...]:
    pieces = list(_pieces(text))
    names = _stemmers(languages)
    found = [_of_pieces(pieces, name) for name in names]
    found += chain.from_iterable(_without_accents(pieces, name) for name in names if name)
    return tuple(tokens for tokens in dict.fromkeys(found) if tokens)


_kept_query = lru_cache(_MOST_QUERIES)(_of_query)


def _stemmers(languages: frozenset[str] | None) -> list[str | None]:
    """The stemmers of these languages, None for only folding, each once, the most common languages' first."""
    if languages is None:
        return list(dict.fromkeys(language.stemmer for language in LANGUAGES))
    known = {language_of(tag) for tag in languages}
    ranked: list[Language | None] = [language for language in LANGUAGES if language in known]
    return list(dict.fromkeys(each.stemmer if each else None for each in (*ranked, *known - {*ranked})) or {None: None})


def _stemmer_of(language: str | None) -> str | None:
    known = language_of(language)
    return known.stemmer if known else None


def _pieces(text: str) -> Iterator[_Piece]:
    for match, is_run in written(text):
        if not is_run:
            yield match[0], match.start(), match.end(), True
            continue
        found = [(fold(sign[0]), sign.start(), sign.end()) for sign in signs(match)]
        if len(found) == 1:
            yield *found[0], False
        for (one, start, _), (other, _, end) in pairwise(found):
            yield (one + other)[:MOST_CHARACTERS], start, end, False


def _of_pieces(pieces: Iterable[_Piece], stemmer: str | None) -> tuple[str, ...]:
    stem = _stem(stemmer)
    return tuple([stem(piece) if is_word else piece for piece, _, _, is_word in pieces])


def _of_chunk(chunk: str, stemmer: str | None) -> tuple[str, ...]:
    return _of_pieces(_pieces(chunk), stemmer)


def _joined(chunk: str, stemmer: str | None) -> tuple[str, str]:
    bare = chunk.strip(AROUND)
    # Most of what was not met before is one plain word, and needs no look at what it is made of.
    if bare.isascii() and bare.isalnum() and len(bare) <= LONGEST_KEPT and stemmer not in _CASED:
        word = bare.lower()
        return word, word if stemmer is None else _snowball(stemmer)(word) or word
    return " ".join(words(bare)), " ".join(_of_chunk(bare, stemmer))


# No token holds white space, so what stands between two spaces can be looked up whole.
_kept = lru_cache(MOST_KEPT)(_of_chunk)
_kept_joined = lru_cache(MOST_KEPT)(_joined)


@cache
def _stem(name: str | None) -> Callable[[str], str]:
    """How a language's words become stems: by their accented form, folded afterwards."""
    if name is None:
        return fold
    stem = _snowball(name)
    cased_here = _CASED.get(name, cased)
    return lambda word: fold(stem(cased_here(word))) or fold(word)


def _without_accents(pieces: Collection[_Piece], name: str) -> Iterator[tuple[str, ...]]:
    choices = [_readings(piece, name) if is_word else [piece] for piece, _, _, is_word in pieces]
    if prod(map(len, choices)) <= _MOST_READINGS:
        yield from product(*choices)
    else:
        for n in range(max(map(len, choices))):
            yield tuple(choice[min(n, len(choice) - 1)] for choice in choices)


def _readings(word: str, name: str) -> list[str]:
    """A word's stem; that of the word without its accents; that of a word without, with those that it may want."""
    stem, bare = _snowball(name), fold(word)
    found = [_stem(name)(word), fold(stem(bare))]
    if bare == cased(word):
        found.append(fold(stem(with_accents(bare, name))))
    return list(dict.fromkeys(filter(None, found)))


@cache
def _snowball(name: str) -> Callable[[str], str]:
    # Without a cache of its own: chunks are kept here.
    stem: Callable[[str], str] = Stemmer.Stemmer(name, 0).stemWord
    return stem


def _cased_turkish(word: str) -> str:
    return cased(word.translate(_DOTS))


def _cased_arabic(word: str) -> str:
    return _AND.sub("", cased(word).translate(_ARABIC))


def _cased_persian(word: str) -> str:
    # The stemmer knows endings by the non-joiner before them.
    return _ZERO_WIDTH_NON_JOINER.join(map(cased, word.split(_ZERO_WIDTH_NON_JOINER)))


_CASED = {"turkish": _cased_turkish, "arabic": _cased_arabic, "persian": _cased_persian}
