"""Which comments of a part are on the page already: by the site's own id, else by author and words, else by address."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice

from services.parser.elsewhere.part import native_of
from shared.records import Comment

# A page's day without its hour or zone and the feed's moment are so far apart at most.
_APART = timedelta(days=2)
# Letters from which on words alone tell a comment, where one of both says not who wrote it.
_TELLING = 40
# Comments alike that are looked at for one: ten thousand that say "+1" would be a hundred million pairs.
_MOST_ALIKE = 100


def doubles(shown: Sequence[Comment], found: Sequence[Comment], native: re.Pattern[str]) -> dict[int, int]:
    """For each comment of `found` that is one of `shown`, by their numbers, that one's; each of both at most once."""
    return _Matching(shown, found, native).doubles()


def number_of(comment_id: str, native: re.Pattern[str]) -> str | None:
    """The site's own id of a comment, where its record's id has it in the platform's form."""
    own = native_of(comment_id)
    matched = native.fullmatch(own) if own is not None else None
    return matched[1] if matched else None


class _Matching:
    def __init__(self, shown: Sequence[Comment], found: Sequence[Comment], native: re.Pattern[str]) -> None:
        self._shown, self._found = shown, found
        self._numbers = [number_of(c.id, native) for c in shown]
        self._theirs = [number_of(c.id, native) for c in found]
        self._matched: dict[int, int] = {}
        self._free = set(range(len(shown)))

    def doubles(self) -> dict[int, int]:
        self._by_key(self._numbers, self._theirs)
        self._by_key([*map(_base_and_time, self._shown)], [*map(_base_and_time, self._found)])
        self._by_record()
        self._by_words()
        self._by_key([c.permalink for c in self._shown], [c.permalink for c in self._found])
        return self._matched

    def _by_key(self, ours: Sequence[str | None], theirs: Sequence[str | None]) -> None:
        """Matches what has the same key, in order."""
        of = self._grouped(ours)
        for m, key in enumerate(theirs):
            if m not in self._matched and key is not None:
                self._match(m, self._open(of[key]))

    def _by_record(self) -> None:
        """Matches what has the same record id: the same id of the site, or parent, author and words, and not apart."""
        of = self._grouped([_base(c) for c in self._shown])
        for m, comment in enumerate(self._found):
            if m not in self._matched:
                named = native_of(comment.id) is not None
                self._match(m, (n for n in self._open(of[_base(comment)]) if named or self._is_then(n, m)))

    def _by_words(self) -> None:
        of = self._grouped([words_of(c.text) or None for c in self._shown])
        for m, comment in enumerate(self._found):
            if m not in self._matched and (words := words_of(comment.text)):
                self._match(m, (n for n in self._open(of[words]) if self._may_be(n, m, len(words))))

    def _grouped(self, keys: Sequence[str | None]) -> dict[str, list[int]]:
        """The numbers of those shown and not matched yet, by these keys of theirs, the first at the end."""
        of: dict[str, list[int]] = defaultdict(list)
        for n in sorted(self._free, reverse=True):
            if (key := keys[n]) is not None:
                of[key].append(n)
        return of

    def _open(self, numbers: list[int]) -> Iterator[int]:
        """Those of these numbers that are not matched yet, of the first few."""
        while numbers and numbers[-1] not in self._free:
            numbers.pop()
        return (n for n in islice(reversed(numbers), _MOST_ALIKE) if n in self._free)

    def _may_be(self, n: int, m: int, letters: int) -> bool:
        """Whether two comments of the same words are one."""
        ours, theirs = self._shown[n], self._found[m]
        if ours.author and theirs.author:
            if _plain(ours.author) != _plain(theirs.author):
                return False
        elif letters < _TELLING:
            return False
        return self._is_then(n, m)

    def _is_then(self, n: int, m: int) -> bool:
        """Whether two comments may be of the same time."""
        a, b = self._shown[n].published_at, self._found[m].published_at
        return a is None or b is None or abs(a - b) <= _APART

    def _match(self, m: int, candidates: Iterable[int]) -> None:
        """The first of these whose own id is not another one."""
        for n in candidates:
            if None in (self._numbers[n], self._theirs[m]) or self._numbers[n] == self._theirs[m]:
                self._matched[m] = n
                self._free.discard(n)
                return


def _base(comment: Comment) -> str:
    """A record's id without its ordinal among equals."""
    return comment.id.partition("~")[0]


def _base_and_time(comment: Comment) -> str:
    return f"{_base(comment)} {comment.published_at}"


def words_of(text: str) -> str:
    """A text's letters and digits, without case."""
    return "".join(filter(str.isalnum, _plain(text)))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
