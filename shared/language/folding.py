"""Words as they are compared: without case, accents, points, and other ways to write the same letter."""

import re
import unicodedata
from functools import cache

from shared.language.signs import JOINERS, is_sign, is_word

MOST_CHARACTERS = 100
"""Longer words are cut to this, in an index as in a query: nobody types them, and stores take some 32,000 bytes."""
# Marks vanish by folding: of what is longer than this much no 100 letters are left that anyone would tell from others.
_MOST_READ = 10 * MOST_CHARACTERS
# 150,000 characters fold to something; texts use a few thousand.
_MOST_KEPT = 20_000

# Left out: accents of Latin, Greek and Cyrillic; Hebrew points; Arabic vowels and hamza, also the Quran's; the
# Devanagari dot (ज़ is often typed ज); variation selectors. Other scripts' marks make other letters: a Japanese dakuten.
_LEFT_OUT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2de0-\u2dff\ua66f-\ua672\ua674-\ua67d\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08e1"
    "\u08e3-\u08ff\u093c\ufe00-\ufe0f\U000e0100-\U000e01ef"
    f"{JOINERS}]"
)
# Letters that no decomposition of Unicode's leads to what people without them on their keyboard type.
_TYPED = str.maketrans(
    {
        "ø": "o", "ð": "d", "đ": "d", "ɖ": "d", "ħ": "h", "ł": "l", "ŧ": "t", "ı": "i", "ŋ": "n", "æ": "ae", "œ": "oe",
        "þ": "th", "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y",
        "ґ": "г",
        # Arabic: alef wasla, alef maqsura, ta marbuta. Persian, Urdu and Kurdish: their yeh, kaf and heh.
        "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ے": "ي", "ک": "ك", "ہ": "ه", "ە": "ه",
        # Devanagari: chandrabindu is often typed as anusvara.
        "ँ": "ं",
    }
)  # fmt: skip
# Latin, Greek, Cyrillic, Hebrew and Arabic, and what stands between them and the signs of punctuation.
_ACCENTED = range(0x80, 0x2000)
_VOICE_MARKS = {"ﾞ": "\u3099", "ﾟ": "\u309a"}


class _Characters(dict[int, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        folded = _character(chr(point))
        if len(self) < _MOST_KEPT:
            self[point] = folded
        return folded


_CHARACTERS = _Characters()


def fold(word: str) -> str:
    """One word or sign as it is compared; never empty, never with a space, and the same when folded again."""
    if word.isascii():
        return word[:MOST_CHARACTERS].lower()
    apart = unicodedata.normalize("NFD", word[:_MOST_READ])
    return unicodedata.normalize("NFC", apart.translate(_CHARACTERS))[:MOST_CHARACTERS]


def bare(text: str) -> str:
    """A text in lower case, its letters without accents: to look for folded words, where it is not `hard_to_find`."""
    lower = text.lower()
    if lower.isascii():
        return lower
    letters, bare_of = _accented()
    return letters.sub(lambda match: bare_of[match[0]], lower)


def hard_to_find(text: str) -> bool:
    """Whether some of a text's letters fold to several or to none, or are of a script that is written so."""
    return _several().search(text) is not None


@cache
def _accented() -> tuple[re.Pattern[str], dict[str, str]]:
    """The letters that fold to one other letter, and to which."""
    small = (letter for letter in map(chr, _ACCENTED) if letter.isalpha() and letter == letter.lower())
    found = {letter: folded for letter in small if len(folded := fold(letter)) == 1 and folded != letter}
    return re.compile(f"[{''.join(found)}]"), found


@cache
def _several() -> re.Pattern[str]:
    odd = "".join(
        re.escape(c) for c in map(chr, _ACCENTED) if (c.isalpha() or _LEFT_OUT.match(c)) and len(fold(c)) != 1
    )
    return re.compile(f"[{odd}{_LEFT_OUT.pattern[1:-1]}\u2c00-\U0010ffff]")


def cased(word: str) -> str:
    """A word in lower case with its accents, as a stemmer takes it: without what only joins its letters."""
    if word.isascii():
        return word[:_MOST_READ].lower()
    return unicodedata.normalize("NFC", _JOINERS.sub("", word[:_MOST_READ]).casefold())


_JOINERS = re.compile(f"[{JOINERS}]")


def _character(character: str) -> str:
    if character in _VOICE_MARKS:
        return _VOICE_MARKS[character]
    if _LEFT_OUT.fullmatch(character):
        return ""
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    # Full-width letters, ligatures, Arabic forms of letters at a word's end, superscripts: where that is still a word.
    compatible = unicodedata.normalize("NFKD", character.casefold())
    plain = _LEFT_OUT.sub("", compatible.casefold()).translate(_TYPED)
    alike = is_sign if is_sign(character) else is_word
    if alike(plain):
        return plain
    return character.casefold() if alike(character.casefold()) else character
