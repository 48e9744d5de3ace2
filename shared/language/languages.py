"""The languages whose words are analysed, the most common on web pages first, and what each gets."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Language:
    """One language, or several that are analysed alike."""

    tags: tuple[str, ...]
    """BCP 47 base tags, the usual one first."""
    name: str
    stemmer: str | None = None
    """Snowball's name of its algorithm."""
    letters: str = "a-z"
    """Those of its script, folded, as the inside of a class: words without any are not stemmed."""
    bigrams: bool = False
    """Whether its own script is indexed as pairs of signs."""


_CYRILLIC, _GREEK, _HEBREW, _ARABIC = "\u0400-\u052f", "\u0370-\u03ff", "\u0590-\u05ff", "\u0600-\u06ff"
_DEVANAGARI, _TAMIL, _ARMENIAN = "\u0900-\u097f", "\u0b80-\u0bff", "\u0530-\u058f"

# By their share of web pages as surveys of 2025 have it; where they have none, by speakers who write online.
LANGUAGES = (
    Language(("en",), "English", "english"),
    Language(("es",), "Spanish", "spanish"),
    Language(("de",), "German", "german"),
    Language(("ja",), "Japanese", bigrams=True),
    Language(("fr",), "French", "french"),
    Language(("pt",), "Portuguese", "portuguese"),
    Language(("ru",), "Russian", "russian", _CYRILLIC),
    Language(("it",), "Italian", "italian"),
    Language(("nl",), "Dutch", "dutch"),
    Language(("pl",), "Polish", "polish"),
    Language(("tr",), "Turkish", "turkish"),
    Language(("fa",), "Persian", "persian", _ARABIC),
    Language(("zh", "yue"), "Chinese", bigrams=True),
    Language(("vi",), "Vietnamese"),
    Language(("id",), "Indonesian", "indonesian"),
    Language(("cs",), "Czech", "czech"),
    Language(("ko",), "Korean", bigrams=True),
    Language(("uk",), "Ukrainian"),
    Language(("hu",), "Hungarian", "hungarian"),
    Language(("ar",), "Arabic", "arabic", _ARABIC),
    Language(("ro",), "Romanian", "romanian"),
    Language(("sv",), "Swedish", "swedish"),
    Language(("el",), "Greek", "greek", _GREEK),
    Language(("fi",), "Finnish", "finnish"),
    Language(("da",), "Danish", "danish"),
    Language(("he",), "Hebrew"),
    Language(("sk",), "Slovak"),
    Language(("th",), "Thai", bigrams=True),
    Language(("bg",), "Bulgarian"),
    Language(("sr", "hr", "bs", "sh", "cnr"), "Serbian, Croatian, Bosnian, Montenegrin", "serbian", f"a-z{_CYRILLIC}"),
    Language(("no", "nb", "nn"), "Norwegian", "norwegian"),
    Language(("lt",), "Lithuanian", "lithuanian"),
    Language(("sl",), "Slovenian"),
    Language(("ca",), "Catalan", "catalan"),
    Language(("et",), "Estonian", "estonian"),
    Language(("lv",), "Latvian"),
    Language(("hi",), "Hindi", "hindi", _DEVANAGARI),
    Language(("bn",), "Bengali"),
    Language(("ta",), "Tamil", "tamil", _TAMIL),
    Language(("hy",), "Armenian", "armenian", _ARMENIAN),
    Language(("eu",), "Basque", "basque"),
    Language(("gl",), "Galician"),
    Language(("ne",), "Nepali", "nepali", _DEVANAGARI),
    Language(("ckb",), "Sorani Kurdish"),
    Language(("ga",), "Irish", "irish"),
    Language(("eo",), "Esperanto", "esperanto"),
    Language(("yi",), "Yiddish", "yiddish", _HEBREW),
    Language(("st",), "Southern Sotho", "sesotho"),
    Language(("my",), "Burmese", bigrams=True),
    Language(("km",), "Khmer", bigrams=True),
    Language(("lo",), "Lao", bigrams=True),
)
# Codes that ISO 639 withdrew and pages still use.
_OLD_TAGS = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro"}
_BY_TAG = {tag: language for language in LANGUAGES for tag in language.tags}
# A tag has 35 characters where it is longest (RFC 5646, 4.4.1); a page may name anything as its language.
_LONGEST_TAG = 35


def language_of(tag: str | None) -> Language | None:
    """The language of a BCP 47 tag, whatever its region and script; None where it is none that is analysed."""
    return _known(tag) if tag and len(tag) <= _LONGEST_TAG else None


def analysed_languages() -> tuple[str, ...]:
    """The base tags of all languages that are known here, the most common first."""
    return tuple(_BY_TAG)


@lru_cache(1024)
def _known(tag: str) -> Language | None:
    base = tag.lower().replace("_", "-").split("-", 1)[0]
    return _BY_TAG.get(_OLD_TAGS.get(base, base))
