"""Known-item queries: each asks for one record in words that somebody who has seen it might type.

What counts as found is that record or one with the same words of the same kind. All chance comes from one seed.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Literal

from shared.language import words, words_at
from shared.language.signs import is_sign
from shared.records import Article, Comment, ParsedPage, Widget

Record = Article | Comment | Widget
Kind = Literal["titles", "phrases", "phrases, in two texts", "comments", "misspelt", "misspelt, one word"]

SEED = 7
# A word alone can ask for one record only where so many hold it at most: one page of results.
RARE_WORD = 10
# Nobody looks for an article by less than this.
_TITLE_WORDS = 3
# Shorter words are as likely as not another word after an edit.
_EDITED_LETTERS = 4
_PHRASE = 4
# Of the signs between its words these would end it.
_QUOTES = re.compile(r"""["“”„‟«»‹›\\]""")


@dataclass(frozen=True, slots=True)
class Known:
    """A query, and the ids of the records that it asks for."""

    kind: Kind
    query: str
    wanted: frozenset[str]


class Corpus:
    """All records of all pages, and how often their words stand in them."""

    def __init__(self, pages: Sequence[ParsedPage]) -> None:
        self.records: list[Record] = []
        for page in pages:
            self.records += [page.article] if page.article else []
            self.records += page.comments
            self.records += page.widgets
        self._same: dict[tuple[str, ...], set[str]] = {}
        self.records_with: Counter[str] = Counter()
        self.texts_with: Counter[str] = Counter()
        """Phrases, words joined by spaces: in how many different texts each stands."""
        for record in self.records:
            key = _key(record)
            if key not in self._same:
                self.texts_with.update({" ".join(w for w, _, _ in run) for run in _runs(words_at(record.text))})
            self._same.setdefault(key, set()).add(record.id)
            self.records_with.update({w for text in _texts(record) for w, _, _ in words_at(text)})

    def same(self, record: Record) -> frozenset[str]:
        """Ids of the record and of those that duplicate it."""
        return frozenset(self._same[_key(record)])

    def rarest(self, text: str, count: int, letters: int = 1) -> list[str]:
        """The rarest words of a text, as they stand there, in its order; of one word all its forms are one."""
        found = {word: text[start:end] for word, start, end in words_at(text) if _has_letters(word, letters)}
        rare = sorted(found, key=lambda word: self.records_with[word])[:count]
        return [form for word, form in found.items() if word in rare]


_Make = Callable[[Corpus, Record, random.Random], Known | None]


def known_items(pages: Sequence[ParsedPage], count: int) -> Iterator[Known]:
    """At most so many queries of each kind."""
    corpus = Corpus(pages)
    articles = [r for r in corpus.records if isinstance(r, Article)]
    comments = [r for r in corpus.records if isinstance(r, Comment)]
    widgets = [r for r in corpus.records if isinstance(r, Widget)]
    kinds: list[tuple[_Make, list[Sequence[Record]]]] = [
        (_title, [articles]),
        (_phrase, [articles, comments, widgets]),
        (_phrase_in_two, [articles, comments, widgets]),
        (_comment, [comments]),
        (_misspelt, [articles]),
        (_word, [articles]),
    ]
    for make, groups in kinds:
        chance = random.Random(SEED)
        mixed = zip_longest(*(chance.sample(group, len(group)) for group in groups))  # as many of each kind
        records = (record for row in mixed for record in row if record is not None)
        found = (known for record in records if (known := make(corpus, record, chance)))
        yield from islice(found, count)


def _title(corpus: Corpus, record: Record, chance: random.Random) -> Known | None:  # noqa: ARG001 - as the others
    """The title as it stands."""
    if not record.text or len(words_at(_title_of(record))) < _TITLE_WORDS:
        return None
    return Known("titles", " ".join(_title_of(record).split()), corpus.same(record))


def _phrase(corpus: Corpus, record: Record, chance: random.Random) -> Known | None:
    """Four words of its text, one after the other, that stand in no other."""
    phrase = _phrase_in(corpus, record, 1, chance)
    return Known("phrases", phrase, corpus.same(record)) if phrase else None


def _phrase_in_two(corpus: Corpus, record: Record, chance: random.Random) -> Known | None:
    """Four words that stand in one other text too: which one is meant a store can only guess."""
    phrase = _phrase_in(corpus, record, 2, chance)
    return Known("phrases, in two texts", phrase, corpus.same(record)) if phrase else None


def _phrase_in(corpus: Corpus, record: Record, texts: int, chance: random.Random) -> str | None:
    """Four words that stand in so many texts, in quotes, as they are written there."""
    runs = [r for r in _runs(words_at(record.text)) if corpus.texts_with[" ".join(w for w, _, _ in r)] == texts]
    if not runs:
        return None
    run = chance.choice(runs)
    return f'"{" ".join(_QUOTES.sub(" ", record.text[run[0][1] : run[-1][2]]).split())}"'


def _comment(corpus: Corpus, record: Record, chance: random.Random) -> Known | None:  # noqa: ARG001 - as the others
    """The author's name and the two rarest words of the text."""
    author = record.author if isinstance(record, Comment) else None
    rare = corpus.rarest(record.text, 2)
    if not author or len(rare) < 2:
        return None
    return Known("comments", " ".join([author, *rare]), corpus.same(record))


def _misspelt(corpus: Corpus, record: Record, chance: random.Random) -> Known | None:
    """The three rarest words of a title, of which one has a slip."""
    rare = corpus.rarest(_title_of(record), 3)
    long = [n for n, word in enumerate(rare) if _has_letters(word, _EDITED_LETTERS)]
    if len(rare) < 2 or not long:
        return None
    n = chance.choice(long)
    slipped = [*rare[:n], edited(rare[n], chance), *rare[n + 1 :]]
    return Known("misspelt", " ".join(slipped), corpus.same(record))


def _word(corpus: Corpus, record: Record, chance: random.Random) -> Known | None:
    """The rarest word of a title, with a slip."""
    rare = corpus.rarest(_title_of(record), 1, _EDITED_LETTERS)
    if not rare or corpus.records_with[words_at(rare[0])[0][0]] > RARE_WORD:
        return None
    return Known("misspelt, one word", edited(rare[0], chance), corpus.same(record))


def edited(word: str, chance: random.Random) -> str:
    """The word after one edit: a letter more, less, another one, or two that changed places; never the same word."""
    letters = sorted({letter for letter in word.lower() if letter.isalpha()})
    if all("a" <= letter <= "z" for letter in letters):
        letters = list("abcdefghijklmnopqrstuvwxyz")
    while True:
        at = chance.randrange(len(word))
        match chance.choice(("insert", "delete", "replace", "transpose")):
            case "insert":
                slipped = word[:at] + chance.choice(letters) + word[at:]
            case "delete":
                slipped = word[:at] + word[at + 1 :]
            case "replace":
                slipped = word[:at] + chance.choice(letters) + word[at + 1 :]
            case _:
                slipped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        if [w for w, _, _ in words_at(slipped)] != [w for w, _, _ in words_at(word)]:
            return slipped


def _has_letters(word: str, count: int) -> bool:
    return sum(letter.isalpha() for letter in word) >= count and not is_sign(word[0])


def _runs(found: list[tuple[str, int, int]]) -> Iterator[list[tuple[str, int, int]]]:
    return (found[at : at + _PHRASE] for at in range(len(found) - _PHRASE + 1))


def _title_of(record: Record) -> str:
    return "" if isinstance(record, Comment) else record.title or ""


def _authors_of(record: Record) -> list[str]:
    match record:
        case Article():
            return record.authors
        case Comment():
            return [record.author or ""]
        case Widget():
            return []


def _texts(record: Record) -> Iterator[str]:
    yield from (record.text, _title_of(record), *_authors_of(record))


def _key(record: Record) -> tuple[str, ...]:
    """The same for records of one kind with the same words; comments also of the same author."""
    parts = [_title_of(record), record.text, *(_authors_of(record) if isinstance(record, Comment) else [])]
    return (type(record).__name__, *(" ".join(words(part)) for part in parts))
