"""What the words of a block say, whatever stands around them."""

import re
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.parser.phrases import ASKING, CREDITING, points_elsewhere

# Function words of the languages that most pages are in: sentences have them, menus do not.
_FUNCTION_WORDS: Final = frozenset(
    "the of and to in a is that it for was on are as with be this at by not or from have an they you we i but what "
    "which when there can if his her has had were been will would their your our its so than then them these those "
    "der die das und ist nicht ein eine zu den von mit auf für dem sich im des auch es an werden aus er hat dass sie "
    "nach wird bei einer um am sind noch wie einem über so zum war haben nur oder aber vor zur bis mehr durch "
    "le la les de du des et un une est que qui dans pour pas au sur ne se ce il sont avec par plus nous vous "
    "el los las y en del se por con una su para como al lo o più di che è per non del della un sono da i gli "
    "e o os as um uma não em do da na no com que se i w na z się do nie to jest że".split()
)
_PRICE: Final = re.compile(r"[$€£¥₹]\s?\d|\d\s?[$€£]|\b(?:USD|EUR|Rs\.?)\s?\d")
_DATE: Final = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b\d{1,2}:\d\d\b|\bago\b")
_READ_MORE: Final = re.compile(
    r"^(?:read|learn|see|view|show|load|weiter|mehr|lire|leer|continue|find out)\b.{0,30}$",
    re.IGNORECASE,
)
# What that begins with; 'ſ' is an 's' in any case.
_MORE: Final = frozenset("rlsvwmcfRLSVWMCFſ")


def _table(is_one: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Which code points of the basic plane are of a kind; all above share the last entry's, which is no character."""
    return np.array([is_one(chr(n)) for n in range(0xFFFF)] + [False])


# What each code point is, as bits.
_UPPER, _DIGIT, _END, _MARK, _SEPARATOR = 1, 2, 4, 8, 16
_CHARACTERS: Final = (
    (_UPPER, str.isupper),
    (_DIGIT, str.isdecimal),
    (_END, set(".!?…:。！？\"”»’'").__contains__),
    (_MARK, set(".!?…;:,。、！？").__contains__),
    (_SEPARATOR, set("|•·›").__contains__),
)
_KINDS_OF_CHARACTER = np.bitwise_or.reduce([_table(is_one) * np.uint8(bit) for bit, is_one in _CHARACTERS])
_BREAK, _SPACE, _COMMA, _ASKS, _AT, _COPYRIGHT = map(ord, "\n ,?@©")
# What some words are, as bits.
_FUNCTION, _ASKING, _CREDITING = 1, 2, 4
_WORDS_OF_KINDS: Final = ((_FUNCTION, _FUNCTION_WORDS), (_ASKING, ASKING), (_CREDITING, CREDITING))
_KINDS_OF_WORD: Final = {
    word: sum(bit for bit, these in _WORDS_OF_KINDS if word in these) for _, some in _WORDS_OF_KINDS for word in some
}
# Characters of a block that are looked at for capitals and digits; a block of so many is none that a pattern is about.
_SAMPLE, _LINE, _BUTTON = 400, 120, 60


def word_columns(texts: Sequence[str]) -> NDArray[np.float32]:
    """What the words of each block say: one row a text, one column a name in `WORD_COLUMNS`.

    All texts are counted at once, as an array of code points: a page has hundreds of blocks of a few words.
    """
    # A break ends each text; none has one inside.
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.minimum(codes, 0xFFFF).astype(np.uint16)
    ends = np.flatnonzero(codes == _BREAK)
    starts = np.concatenate([[0], ends[:-1] + 1])
    size = (ends - starts).astype(np.float32)
    kinds = _KINDS_OF_CHARACTER[codes]
    after = np.append(codes[1:], _BREAK)
    numbers = np.arange(len(texts))
    text_of = np.repeat(numbers, ends + 1 - starts)

    def count(these: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(text_of[np.flatnonzero(these)], minlength=len(texts))

    def count_sampled(kind: int) -> NDArray[np.int64]:
        at = np.flatnonzero(kinds & kind)
        of = text_of[at]
        return np.bincount(of[at - starts[of] < _SAMPLE], minlength=len(texts))

    n = count(codes == _SPACE) + 1
    digits = count_sampled(_DIGIT)
    upper = count_sampled(_UPPER) * np.maximum(size / _SAMPLE, 1)
    marks = count((kinds & _MARK > 0) & ((after == _SPACE) | (after == _BREAK)))
    lower = joined.lower()
    words = lower.split()
    known = np.frombuffer(bytes(map(_KINDS_OF_WORD.get, words, repeat(0))), np.uint8)
    text_of_word = np.repeat(numbers, n)

    def among(kind: int) -> NDArray[np.int64]:
        return np.bincount(text_of_word[np.flatnonzero(known & kind)], minlength=len(texts))

    copyright_sign = count(codes == _COPYRIGHT) > 0
    lines = lower.split("\n")
    price, date, more = np.zeros((3, len(texts)), bool)
    for at, has_digits in zip(np.flatnonzero(size < _LINE).tolist(), (digits[size < _LINE] > 0).tolist(), strict=True):
        text = texts[at]
        if has_digits:
            price[at] = _PRICE.search(text) is not None
        if has_digits or "ago" in text:
            date[at] = _DATE.search(text) is not None
        if text[:1] in _MORE and len(text) < _BUTTON:
            more[at] = _READ_MORE.match(text) is not None
    if "copyright" in lower:
        copyright_sign[[at for at, line in enumerate(lines[:-1]) if "copyright" in line]] = True
    columns: list[NDArray[Any]] = [
        size,
        n,
        np.where(size > 10, marks, 0),
        kinds[ends - 1] & _END > 0,
        kinds[starts] & _UPPER > 0,
        upper / (size - n + 1),
        digits / np.minimum(size, _SAMPLE),
        among(_FUNCTION) / n,
        size / n,
        copyright_sign,
        price,
        date,
        more,
        np.fromiter(map(points_elsewhere, lines[:-1]), np.bool_, len(texts)),
        among(_ASKING),
        among(_CREDITING),
        count(kinds & _SEPARATOR > 0) > 0,
        count(codes == _ASKS) > 0,
        count(codes == _AT) > 0,
        count(codes == _COMMA) / n,
    ]
    table = np.empty((len(texts), len(columns)), np.float32)
    for k, column in enumerate(columns):
        table[:, k] = column
    return table


WORD_COLUMNS: Final = (
    "chars words marks ends_sentence begins_upper upper digits function_words word_length copyright price date "
    "read_more points asking crediting separators asks at commas"
).split()
