"""What the words of a block say, whatever stands around them."""

import re
from string import ascii_uppercase
from typing import Final

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
_MARKS: Final = re.compile(r"[.!?…;:,。、！？](?:\s|$)")
_END: Final = frozenset(".!?…:。！？\"”»’'")
_DIGIT: Final = re.compile(r"\d")
_PRICE: Final = re.compile(r"[$€£¥₹]\s?\d|\d\s?[$€£]|\b(?:USD|EUR|Rs\.?)\s?\d")
_DATE: Final = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b\d{1,2}:\d\d\b|\bago\b")
_READ_MORE: Final = re.compile(
    r"^(?:read|learn|see|view|show|load|weiter|mehr|lire|leer|continue|find out)\b.{0,30}$",
    re.IGNORECASE,
)


def _uppers(text: str) -> int:
    """How many capital letters; of ASCII, which most text is, by what a translation leaves out."""
    if text.isascii():
        return len(text) - len(text.translate(_NO_CAPITALS))
    return sum(map(str.isupper, text))


_NO_CAPITALS: Final = dict.fromkeys(map(ord, ascii_uppercase))


def word_columns(text: str) -> tuple[float, ...]:
    """What a block's words say."""
    words = text.split()
    n = len(words)
    size = len(text)
    lower = text.lower()
    function = sum(map(_FUNCTION_WORDS.__contains__, lower.split()))
    letters = size - n + 1
    digits = len(_DIGIT.findall(text[:400]))
    upper = _uppers(text) if size < 400 else _uppers(text[:400]) * size / 400
    return (
        size,
        n,
        len(_MARKS.findall(text)) if size > 10 else 0,
        text[-1:] in _END,
        text[:1].isupper(),
        upper / letters,
        digits / min(size, 400),
        function / n,
        size / n,
        "©" in text or "copyright" in lower,
        size < 120 and digits > 0 and _PRICE.search(text) is not None,
        size < 120 and (digits > 0 or "ago" in text) and _DATE.search(text) is not None,
        size < 60 and _READ_MORE.search(text) is not None,
        "|" in text or "•" in text or "·" in text or "›" in text,
        "?" in text,
        "@" in text,
        text.count(",") / n,
    )


WORD_COLUMNS: Final = (
    "chars words marks ends_sentence begins_upper upper digits function_words word_length copyright price date "
    "read_more separators asks at commas"
).split()
