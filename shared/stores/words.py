"""Text as the stores' analyzers take it: case, accents and a Greek final sigma make no difference.

OpenSearch does the same by the analyzer in `opensearch_mappings.py`; the contract suite compares them.
"""

import re
import unicodedata

# Accents of Latin, Greek and Cyrillic. Marks of other scripts carry meaning (a Hebrew vowel, a Japanese dakuten).
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
# Scripts written without spaces: each sign is a word, and a query's run of them a phrase, as UAX 29 has it for
# Han and Hiragana. Katakana and Hangul stand as words there too.
_SIGNS = "\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SIGN = re.compile(f"([{_SIGNS}])")
# What ASCII folding in the store leaves alone: combining marks, Greek and Cyrillic, and the signs above.
_FOLDED_HERE = re.compile(f"[\u0300-\u052f\u1f00-\u1fff{_SIGNS}]")


def fold(text: str) -> str:
    """Text as it is compared: case folded, without accents, signs of unspaced scripts apart."""
    if text.isascii():
        return text.lower()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))
    return _SIGN.sub(r" \1 ", unicodedata.normalize("NFC", plain))


def for_index(text: str) -> str:
    """Text folded as far as a store that folds Latin letters to ASCII needs it: four times as fast for English."""
    return text.lower() if text.isascii() or not _FOLDED_HERE.search(text) else fold(text)
