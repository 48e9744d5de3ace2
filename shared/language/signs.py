"""Where words stand in a text: runs of letters and digits, and in scripts written without spaces their signs."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

# Beyond these two stretches Unicode has no combining marks (15.1).
_MARKS_FROM_TO = ((0x0300, 0x1F000), (0xE0100, 0xE01F0))


def _marks() -> str:
    """All combining marks (general category M) as the inside of a class; `re` has no name for them."""
    points = [p for first, end in _MARKS_FROM_TO for p in range(first, end) if unicodedata.category(chr(p))[0] == "M"]
    cuts = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(points)) if b != a + 1), len(points)]
    return "".join(f"{chr(points[a])}-{chr(points[b - 1])}" for a, b in pairwise(cuts))


# Scripts whose signs are counted one by one. Digits and signs of punctuation of these blocks are none of theirs.
_HAN = "\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA = "\u3041-\u3096\u309d-\u309f\U0001b001\U0001b11f\U0001b150-\U0001b152"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d\U0001b000\U0001b164-\U0001b167"
_HANGUL = "\uac00-\ud7a3\u1100-\u115f\ua960-\ua97c\u3131-\u318e\uffa0-\uffdc"
# Vowels and final consonants that follow a first consonant where syllables are not composed.
_HANGUL_REST = "\u1160-\u11ff\ud7b0-\ud7fb"
_THAI = "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46"
_LAO = "\u0e81-\u0eb0\u0eb2-\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"
_KHMER = "\u1780-\u17b3\u17d7\u17dc"
_MYANMAR = (
    "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065-\u1066\u106e-\u1070\u1075-\u1081\u108e"
    "\ua9e0-\ua9e4\ua9e6-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a\uaa7e-\uaa7f"
)
# The long-vowel sign goes on a run of Hiragana as well as one of Katakana (らーめん).
_LONG_VOWEL = "\u30fc\uff70"
# Voice marks of halfwidth Katakana: letters to Unicode, but parts of the sign before them.
_VOICE_MARKS = "\uff9e\uff9f"

_SIGNS = f"{_HAN}{_HIRAGANA}{_KATAKANA}{_HANGUL}{_HANGUL_REST}{_THAI}{_LAO}{_KHMER}{_MYANMAR}"
# Letters to Unicode, but to writers an apostrophe, and so between two words as any other is: звʼязок, зв'язок.
_APOSTROPHES = "\u0374\u02b9-\u02bf\ua78b-\ua78c"
# Between the letters of a word without changing it: soft hyphen, zero-width joiners, word joiner, byte order mark.
JOINERS = "\u00ad\u034f\u200c\u200d\u2060\ufeff"
_STRETCH = "\u0640"
"""Tatweel: makes an Arabic word longer, and is no word alone."""
_MARKS = _marks()

_NO_LETTER = f"_{_SIGNS}{_VOICE_MARKS}{_APOSTROPHES}"
_LETTERS = rf"[^\W{_NO_LETTER}{_STRETCH}](?:[^\W{_NO_LETTER}]+|[{_MARKS}{JOINERS}]+)*"
_TAIL = f"[{_MARKS}{_VOICE_MARKS}{_HANGUL_REST}]"


def _run(first: str, then: str = "") -> str:
    return f"[{first}](?:[{first}{then}]|{_TAIL})*"


_SIGN = re.compile(rf"[{_HAN}{_HIRAGANA}{_KATAKANA}{_HANGUL}{_THAI}{_LAO}{_KHMER}{_MYANMAR}]{_TAIL}*|[{_HANGUL_REST}]")
_RUNS = "|".join(
    [
        _run(_HAN),
        _run(_HIRAGANA, _LONG_VOWEL),
        _run(_KATAKANA),
        _run(_HANGUL + _HANGUL_REST),
        *map(_run, (_THAI, _LAO, _KHMER, _MYANMAR)),
    ]
)
_WORD = re.compile(f"{_LETTERS}|({_RUNS})")


def written(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Each word of a spaced script, and each run of signs of one unspaced script (then True), in order."""
    return ((match, match.lastindex is not None) for match in _WORD.finditer(text))


def signs(run: re.Match[str]) -> list[re.Match[str]]:
    """The signs of a run, each with the marks that belong to it."""
    return list(_SIGN.finditer(run.string, run.start(), run.end()))


def is_word(text: str) -> bool:
    """Whether all of it is one word of a spaced script."""
    match = _WORD.fullmatch(text)
    return match is not None and match.lastindex is None


def is_sign(text: str) -> bool:
    """Whether all of it is one sign of an unspaced script."""
    return _SIGN.fullmatch(text) is not None
