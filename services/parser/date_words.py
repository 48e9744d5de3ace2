"""The words of dates, by language: months, weekdays, 'am', '# hours ago'. From dateparser's tables (CLDR and theirs).

dateparser itself takes 1.4 ms a date when it knows the language, 20 to 110 ms at a language's first date; a page may
have hundreds. So its tables are read here for the core, which looks words up in them (loading a language: 2 ms).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]
Order = Literal["DMY", "MDY", "YMD"]

_MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_UNITS: tuple[Unit, ...] = ("second", "minute", "hour", "day", "week", "month", "year")
# Asked when neither the page's languages nor English know a word; where two languages use it for different months
# (listopad, lipiec), the first one wins. In dateparser's order, which is by use on the web.
_EVERYDAY = (
    "en ru es fr de tr pt fa it nl vi pl ar cs id uk el he th sv ro hu da fi sk bg sr nb hr lt sl ca et lv hi bn ur "
    "fil ms be mk sq is eu gl ka hy az kk ta te ja ko zh"
).split()

# Scripts whose vowel signs are marks, which \w leaves out.
_MARKS = "\u0900-\u0dff\u0e30-\u0e4e"
TOKEN = re.compile(rf"\d+|(?:[^\W\d_]|(?!\d)[{_MARKS}])+")
_DOT_AFTER_LETTER = re.compile(rf"(?<=[^\W\d_]|[{_MARKS}])\.")
_FORMAT = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
# Arabic and Persian letters that pages mix.
_LETTERS = {ord("ي"): "ی", ord("ك"): "ک", ord("ς"): "σ"}


def fold(text: str) -> str:
    """A text as it is looked up: lower case, no accents, no dots after letters, no direction marks."""
    text = _DOT_AFTER_LETTER.sub("", text.casefold())
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_FORMAT).replace("ı", "i"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain).translate(_LETTERS)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, folded. Phrases are tokens joined by a space, a number in them is '#'."""

    code: str
    """As dateparser calls the language."""
    order: Order = "DMY"
    region_orders: Mapping[str, Order] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    meridiems: Mapping[str, bool] = field(default_factory=dict)
    """True for the second half of the day."""
    relative: Mapping[str, tuple[Unit, int]] = field(default_factory=dict)
    """'# hours ago' -> (hour, -1); 'yesterday' -> (day, -1), 'today' -> (day, 0). Only the past: nothing that is
    published is dated 'in 3 days'."""
    counting: frozenset[str] = frozenset()
    """Every word of the phrases with a number in them: most texts have none."""
    markers: frozenset[str] = frozenset()
    """What relative dates are known by: 'ago', 'πριν'."""


def tables_of(code: str) -> dict[str, Any] | None:
    """A language's words as the core takes them, everyday ones of many by the empty code; None where there are none."""
    words = _words(code) if code else _everyday_words()
    if words is None:
        return None
    return {**asdict(words), "counting": sorted(words.counting), "markers": sorted(words.markers)}


@cache
def _everyday_words() -> Words:
    """The words of some fifty languages in one table; 0.1 s to load, once a process."""
    tables = [table for table in map(_words, _EVERYDAY) if table is not None]
    months = _merge([t.months for t in tables])
    return Words(
        code="",
        # Three letters are a word of some other language as often: Czech 'pro', Italian 'gen', Portuguese 'out'.
        months={word: month for word, month in months.items() if len(word) > 3 or not word.isascii()},
        weekdays=_merge([t.weekdays for t in tables]),
        meridiems=_merge([t.meridiems for t in tables]),
        relative=_merge([t.relative for t in tables]),
        counting=frozenset().union(*(t.counting for t in tables)),
    )


@cache
def _words(code: str) -> Words | None:
    """A language's table; None where dateparser has none."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?", code):
        return None
    try:
        info = import_module(f"dateparser.data.date_translation_data.{code}").info
    except ModuleNotFoundError:
        return None
    regions = info.get("locale_specific", {})
    relative = dict(_relative(info))
    units = {token for unit in _UNITS for text in info.get(unit, []) for token in _tokens(text)}
    return Words(
        code=code,
        order=info.get("date_order") or "DMY",
        region_orders={name: r["date_order"] for name, r in regions.items() if "date_order" in r},
        months=_numbered(info, _MONTHS, first=1),
        weekdays=_numbered(info, _WEEKDAYS, first=0),
        meridiems={fold(text): name == "pm" for name in ("am", "pm") for text in info.get(name, [])},
        relative={
            phrase: meaning
            for phrase, meaning in relative.items()
            # Swedish '# min' is a duration as often as a date, and '# d' a part's number.
            if phrase.removeprefix("# ") not in units and not re.fullmatch(r"# [a-z]{1,3}", phrase)
        },
        counting=frozenset(token for phrase in relative if "#" in phrase for token in phrase.split(" ")) - {"#"},
        markers=frozenset(
            token
            for name, texts in info.get("relative-type-regex", {}).items()
            if name.endswith("ago")
            for text in texts
            for token in _tokens(text.replace(_NUMBER, " "))
            if token not in units and not (token.isascii() and len(token) == 1)
        ),
    )


def _numbered(info: Mapping[str, list[str]], names: Sequence[str], first: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, name in enumerate(names, first):
        for text in info.get(name, []):
            tokens = _tokens(text)
            # Two-letter names of months (Turkish 'Ha', 'Ni') are words elsewhere.
            if len(tokens) == 1 and (len(tokens[0]) > 2 or not tokens[0].isascii()):
                found.setdefault(tokens[0], number)
    return found


# The tables write a number in a phrase so.
_NUMBER = r"(\d++[.,]?\d*+)"


def _relative(info: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, tuple[Unit, int]]]:
    for name, texts in {**info.get("relative-type-regex", {}), **info.get("relative-type", {})}.items():
        meaning = re.fullmatch(r"(?P<in>in )?(?P<n>\\1|\d+) (?P<unit>[a-z]+)( ago)?", name)
        if meaning is None or meaning["unit"] not in _UNITS:
            continue
        count = 1 if meaning["n"] == "\\1" else int(meaning["n"])
        if meaning["in"]:
            continue
        for text in texts:
            # Alternatives like 'decades?' are few; those phrases are left to dateparser.
            plain = text.replace(_NUMBER, " 0 ")
            if not re.search(r"[\\(\[?]", plain):
                phrase = " ".join("#" if t.isdigit() else t for t in _tokens(plain))
                yield phrase, (meaning["unit"], -count)


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(fold(text))


def _merge(tables: Sequence[Mapping[str, T]]) -> dict[str, T]:
    merged: dict[str, T] = {}
    for table in tables:
        for key, value in table.items():
            merged.setdefault(key, value)
    return merged
