"""Words as a search compares them: stemmed by the language of their record, signs of unspaced scripts in pairs.

A stem names its language (`en:fox`), so that what one language makes of a word never meets what another does. Of 1,500
English words one in six would else find, by another language's rules, different words in more than a tenth as many
texts (*planet* as *plan*, *companion* as *company*, *party* as *part*). What has no letter of the language's script is
no stem: numbers, a Greek word in an English text.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain, pairwise, product
from math import prod

import Stemmer

from shared.language.accents import with_accents
from shared.language.folding import MOST_CHARACTERS, cased, fold
from shared.language.languages import LANGUAGES, analysed_languages, language_of
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
_APART = ":"
"""Between a stem's language and the stem; no letter, so that no folded word is taken for a stem."""
_ZERO_WIDTH_NON_JOINER = "\u200c"


_Piece = tuple[str, int, int, bool]
"""A word as it stands in the text, or a token made of signs; its start and end; whether it is a word."""


def stems(text: str, language: str | None) -> tuple[str, ...]:
    """The tokens of a text in this language (a BCP 47 tag); of None or an unknown one, words are only folded."""
    tag = _stemmed_as(language)
    return tuple(
        chain.from_iterable(
            _kept(chunk, tag) if len(chunk) <= LONGEST_KEPT else _of_chunk(chunk, tag) for chunk in chunks(text)
        )
    )


def analysed(text: str, language: str | None) -> tuple[str, str]:
    """A text's words and its stems, each joined by spaces, as a store indexes them: both at once take half the time."""
    tag = _stemmed_as(language)
    both = [_kept_joined(c, tag) if len(c) <= LONGEST_KEPT else _joined(c, tag) for c in text.split()]
    return " ".join([word for word, _ in both if word]), " ".join([stem for _, stem in both if stem])


def stems_by_chunk(text: str, language: str | None) -> list[tuple[str, ...]]:
    """The tokens of each stretch between white space, as `words_by_chunk`."""
    tag = _stemmed_as(language)
    return [_kept(c, tag) if len(c) <= LONGEST_KEPT else _of_chunk(c, tag) for c in text.split()]


def stems_at(text: str, language: str | None) -> list[tuple[str, int, int]]:
    """The tokens of a text with their starts and ends; those of a pair of signs are the pair's."""
    stem = _stem(_stemmed_as(language))
    return [(stem(piece) if is_word else piece, start, end) for piece, start, end, is_word in _pieces(text)]


def query_stems(text: str, languages: Collection[str] | None) -> tuple[tuple[str, ...], ...]:
    """What a query's word or phrase becomes in these languages, or in all that are known: distinct, none empty.

    The most common languages' come first, then what it becomes where accents were left out, by who wrote what is sought
    or by who seeks it.
    """
    wanted = None if languages is None else frozenset(languages)
    return _kept_query(text, wanted) if len(text) <= _LONGEST_QUERY else _of_query(text, wanted)


def letters_of(stem: str, language: str | None) -> str:
    """The letters that words of this stem hold in a text of the language; empty where none of its words has the stem.

    A stem ends in another letter than its words at times: *happi*, *happy*. A few words in a language have nothing but
    a letter of their stem (*die*, *dying*), and what is folded has none of an accent (`fold`).
    """
    tag, apart, letters = stem.rpartition(_APART)
    if not apart:
        return letters
    return letters[: max(2, len(letters) - 1)] if tag == _stemmed_as(language) else ""


def may_meet(one: Collection[str], other: Collection[str]) -> bool:
    """Whether one text can hold both sequences of tokens: stems of different languages never stand together."""
    tags = {token.partition(_APART)[0] for tokens in (one, other) for token in tokens if _APART in token}
    return len(tags) <= 1


def _of_query(text: str, languages: frozenset[str] | None) -> tuple[tuple[str, ...], ...]:
    pieces = list(_pieces(text))
    tags = _ways(languages)
    found = [_of_pieces(pieces, tag) for tag in tags]
    found += chain.from_iterable(_without_accents(pieces, tag) for tag in tags if tag)
    return tuple(tokens for tokens in dict.fromkeys(found) if tokens)


_kept_query = lru_cache(_MOST_QUERIES)(_of_query)


@lru_cache(64)  # a search asks for each of its words, and most searches in what is stored
def _ways(languages: frozenset[str] | None) -> tuple[str | None, ...]:
    """The languages whose stems these need, None for only folding, each once, the most common first."""
    if languages is None:
        return tuple(dict.fromkeys(_stemmed_as(tag) for tag in analysed_languages()))
    known = {language_of(tag) for tag in languages} or {None}
    ranked = [_stemmed_as(each.tags[0]) for each in LANGUAGES if each in known]
    return tuple(dict.fromkeys([*ranked, None] if None in known else ranked))


def _stemmed_as(language: str | None) -> str | None:
    """The base tag by which this language is stemmed; None where it is not."""
    known = language_of(language)
    return known.tags[0] if known and known.stemmer else None


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


def _of_pieces(pieces: Iterable[_Piece], tag: str | None) -> tuple[str, ...]:
    stem = _stem(tag)
    return tuple([stem(piece) if is_word else piece for piece, _, _, is_word in pieces])


def _of_chunk(chunk: str, tag: str | None) -> tuple[str, ...]:
    return _of_pieces(_pieces(chunk), tag)


def _joined(chunk: str, tag: str | None) -> tuple[str, str]:
    bare = chunk.strip(AROUND)
    # Most of what was not met before is one plain word, and needs no look at what it is made of.
    if bare.isascii() and bare.isalnum() and len(bare) <= LONGEST_KEPT:
        return bare.lower(), _stem(tag)(bare)
    return " ".join(words(bare)), " ".join(_of_chunk(bare, tag))


# No token holds white space, so what stands between two spaces can be looked up whole.
_kept = lru_cache(MOST_KEPT)(_of_chunk)
_kept_joined = lru_cache(MOST_KEPT)(_joined)


@cache
def _stem(tag: str | None) -> Callable[[str], str]:
    """How a language's words become stems: by their accented form, folded afterwards."""
    if tag is None:
        return fold
    stem, cased_here, letters = _snowball(tag), _CASED.get(tag, cased), _letters(tag)
    beginning = f"{tag}{_APART}"

    def of(word: str) -> str:
        found = fold(stem(cased_here(word)))
        return f"{beginning}{found}" if letters.search(found) else fold(word)

    return of


def _without_accents(pieces: Collection[_Piece], tag: str) -> Iterator[tuple[str, ...]]:
    choices = [_readings(piece, tag) if is_word else [piece] for piece, _, _, is_word in pieces]
    if prod(map(len, choices)) <= _MOST_READINGS:
        yield from product(*choices)
    else:
        for n in range(max(map(len, choices))):
            yield tuple(choice[min(n, len(choice) - 1)] for choice in choices)


def _readings(word: str, tag: str) -> list[str]:
    """A word's stem; that of the word without its accents; that of a word without, with those that it may want."""
    found = _stem(tag)(word)
    if _APART not in found:
        return [found]
    stem, bare, plain = _snowball(tag), fold(word), cased(word)
    others = [bare, with_accents(bare, tag)] if bare == plain else [bare]
    if tag not in _CASED:
        others = [other for other in others if other != plain]  # whose stem is found
    return list(dict.fromkeys([found, *(f"{tag}{_APART}{fold(each)}" for other in others if (each := stem(other)))]))


@cache
def _snowball(tag: str) -> Callable[[str], str]:
    known = language_of(tag)
    # Without a cache of its own: chunks are kept here.
    stem: Callable[[str], str] = Stemmer.Stemmer(known.stemmer if known else None, 0).stemWord
    return stem


@cache
def _letters(tag: str) -> re.Pattern[str]:
    known = language_of(tag)
    return re.compile(f"[{known.letters if known else ''}]")


def _cased_turkish(word: str) -> str:
    return cased(word.translate(_DOTS))


def _cased_arabic(word: str) -> str:
    return _AND.sub("", cased(word).translate(_ARABIC))


def _cased_persian(word: str) -> str:
    # The stemmer knows endings by the non-joiner before them.
    return _ZERO_WIDTH_NON_JOINER.join(map(cased, word.split(_ZERO_WIDTH_NON_JOINER)))


_CASED = {"tr": _cased_turkish, "ar": _cased_arabic, "fa": _cased_persian}
