"""How text is cut into words, folded and stemmed: once, here, for every store (docs/search-languages.md)."""

from shared.language.folding import MOST_CHARACTERS, bare, fold, hard_to_find
from shared.language.languages import analysed_languages
from shared.language.stems import analysed, letters_of, may_meet, query_stems, stems, stems_at, stems_by_chunk
from shared.language.stop_words import stop_languages
from shared.language.words import words, words_at, words_by_chunk

__all__ = [
    "MOST_CHARACTERS",
    "analysed",
    "analysed_languages",
    "bare",
    "fold",
    "hard_to_find",
    "letters_of",
    "may_meet",
    "query_stems",
    "stems",
    "stems_at",
    "stems_by_chunk",
    "stop_languages",
    "words",
    "words_at",
    "words_by_chunk",
]
