"""What the words of a block say, whatever stands around them."""

import re
from collections.abc import Callable, Sequence
from typing import Final

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


def _table(is_one: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Which code points of the basic plane are of a kind; all above share the last entry's, which is no character."""
    return np.array([is_one(chr(n)) for n in range(0xFFFF)] + [False])


_UPPER, _DIGITS = _table(str.isupper), _table(str.isdecimal)
_END = _table(set(".!?…:。！？\"”»’'").__contains__)
_MARK = _table(set(".!?…;:,。、！？").__contains__)
_SEPARATOR = _table(set("|•·›").__contains__)
_BREAK, _SPACE, _COMMA, _ASKS, _AT, _COPYRIGHT = map(ord, "\n ,?@©")
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
    in_sample = np.arange(len(codes)) - np.repeat(starts, ends + 1 - starts) < _SAMPLE
    after = np.append(codes[1:], _BREAK)

    def count(these: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.add.reduceat(these, starts, dtype=np.int64)

    n = count(codes == _SPACE) + 1
    is_digit = _DIGITS[codes] & in_sample
    digits = count(is_digit)
    upper = count(_UPPER[codes] & in_sample) * np.maximum(size / _SAMPLE, 1)
    marks = count(_MARK[codes] & ((after == _SPACE) | (after == _BREAK)))
    lower = joined.lower()
    words = lower.split()
    first_words = np.concatenate([[0], np.cumsum(n)[:-1]])

    def among(these: frozenset[str]) -> NDArray[np.int64]:
        known = np.fromiter(map(these.__contains__, words), np.int64)
        return np.add.reduceat(known, first_words)

    function = among(_FUNCTION_WORDS)
    copyright_sign = count(codes == _COPYRIGHT) > 0
    lines = lower.split("\n")
    price, date, more = np.zeros((3, len(texts)), bool)
    for at in np.flatnonzero(size < _LINE).tolist():
        text = texts[at]
        if digits[at]:
            price[at] = _PRICE.search(text) is not None
        if digits[at] or "ago" in text:
            date[at] = _DATE.search(text) is not None
        if size[at] < _BUTTON:
            more[at] = _READ_MORE.match(text) is not None
    if "copyright" in lower:
        copyright_sign[[at for at, line in enumerate(lines[:-1]) if "copyright" in line]] = True
    columns = [
        size,
        n,
        np.where(size > 10, marks, 0),
        _END[codes[ends - 1]],
        _UPPER[codes[starts]],
        upper / (size - n + 1),
        digits / np.minimum(size, _SAMPLE),
        function / n,
        size / n,
        copyright_sign,
        price,
        date,
        more,
        np.fromiter(map(points_elsewhere, lines[:-1]), np.bool_),
        among(ASKING),
        among(CREDITING),
        count(_SEPARATOR[codes]) > 0,
        count(codes == _ASKS) > 0,
        count(codes == _AT) > 0,
        count(codes == _COMMA) / n,
    ]
    return np.stack([np.asarray(c, np.float32) for c in columns], axis=1)


WORD_COLUMNS: Final = (
    "chars words marks ends_sentence begins_upper upper digits function_words word_length copyright price date "
    "read_more points asking crediting separators asks at commas"
).split()
