"""What of a record is indexed: one function for both stores, so that they find the same.

Text is cut, folded and stemmed here (`shared.language`); the stores cut the tokens at their spaces and do no more.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from shared.ids import group_of, page_of
from shared.language import analysed, words
from shared.records import AnyRecord, Article, Comment, Page, ParsedPage, Widget
from shared.stores.clauses import KeywordField, NumberField
from shared.stores.protocol import kind_of
from shared.stores.replacing import spread
from shared.stores.searchable import languages, marks, sites

TokenField = Literal["title_words", "text_words", "author_words", "names_words", "title_stems", "text_stems"]
"""Tokens parted by spaces."""
SortKey = Literal["newest", "oldest"]
"""Numbers to sort by: `newest` falls, `oldest` rises, undated records come last in both. Hardly any two are equal."""

EMPTY = "¶"
"""In a field without words. No word itself."""
_APART = f" {EMPTY} "
"""Between two values of a field, so that no phrase reaches over it."""
_NO_WORDS: dict[TokenField, str] = dict.fromkeys(get_args(TokenField), EMPTY)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# Of a sort key: a time in seconds (38 bits with its sign, from year 1 to 9999) above a part of the id's hash, another
# part in each. Those without a time stand beyond all that have one, and have nothing but the hash.
_HASH_BITS = 24
_UNDATED = 1 << 62
_UNDATED_HASH_BITS = 61
# Of `written`: milliseconds (41 bits until 2039, 42 until 2109) above a hash of the id.
_WRITTEN_HASH_BITS = 20
_MOST_ANCESTORS = 256
"""A reply is found in the threads of so many comments above it; a chain of thousands would make millions of values."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a store indexes of a record; keywords and numbers that it has none of are absent."""

    texts: Mapping[TokenField, str]
    """All fields, one without a word as `EMPTY`: stores then count as many records in each. BM25 weighs a word by its
    field's mean length, which OpenSearch takes over the records that have the field, tantivy over all."""
    keywords: Mapping[KeywordField, list[str]]
    numbers: Mapping[NumberField | SortKey, int]


def index_page(parsed: ParsedPage, written: datetime) -> Iterator[tuple[AnyRecord, Indexed]]:
    """A page's records in the order of exports, each with what is indexed of it."""
    page = _OfPage(parsed)
    for record in spread(parsed):
        texts = _NO_WORDS | tokens(record, parsed.page.language)
        yield record, Indexed(texts, page.keywords(record), _numbers(record, written))


def milliseconds(time: datetime) -> int:
    """Milliseconds since 1970, cut off."""
    return (time - _EPOCH) // _MILLISECOND


def written_key(time: datetime, record_id: str = "") -> int:
    """A page's `written`; without an id that from which on pages written then or later are."""
    low = _hash(record_id, _WRITTEN_HASH_BITS) if record_id else 0
    return milliseconds(time) << _WRITTEN_HASH_BITS | low


def written_at(key: int) -> datetime:
    """When a page was written, from its `written`."""
    return _EPOCH + (key >> _WRITTEN_HASH_BITS) * _MILLISECOND


def value_key(text: str) -> str:
    """A tag's or source's value as it is compared: its words."""
    return " ".join(words(text))


class _OfPage:
    """What the records of a page have in common."""

    def __init__(self, parsed: ParsedPage) -> None:
        page = parsed.page
        self.parsed = parsed
        self._parents = {c.id: c.parent_id for c in parsed.comments}
        self._answered = {c.parent_id for c in parsed.comments if c.parent_id is not None}
        self._hosts = sites(page)
        self._group = page_of(parsed.article.near_duplicate_of or page.id) if parsed.article else page.id
        self._common: dict[KeywordField, list[str]] = {
            "page_id": [page.id],
            "site": self._hosts,
            "host": self._hosts[:1],
            "page_kind": [page.kind],
            "group": [group_of(self._group)],
            "url": list(dict.fromkeys([page.url, page.final_url])),
        }

    def keywords(self, record: AnyRecord) -> dict[KeywordField, list[str]]:
        language = record.language or self.parsed.page.language
        time = _time(record)
        found: dict[KeywordField, list[str]] = self._common | {
            "id": [record.id],
            "is": marks(record),
            "kind": [kind_of(record)],
            "flags": list(self._flags(record)),
            "language": languages(language),
            "lang": languages(language)[-1:],
            "author": _authors(record),
            "day": [time.isoformat()[:10]] if time else [],
            "month": [time.isoformat()[:7]] if time else [],
            "thread": list(self._thread(record)),
        }
        match record:
            case Article():
                found["tag"] = [key for tag in record.tags if (key := value_key(tag))]
                found["source"] = [key for key in [value_key(record.source or "")] if key]
            case Widget():
                found["widget"] = [record.kind]
                found["region"] = [record.region]
        return {name: values for name, values in found.items() if values}

    def _flags(self, record: AnyRecord) -> Iterator[str]:
        if _authors(record):
            yield "author"
        if _time(record) is not None and not isinstance(record, Page):
            yield "date"
        match record:
            case Page():
                yield from ["comments"] if self.parsed.comments else []
                yield from ["gone"] if record.gone_at else []
            case Article():
                yield from ["comments"] if self.parsed.comments else []
                yield from ["images"] if record.images else []
                yield from ["paywalled"] if record.paywalled else []
                yield from ["duplicate"] if record.near_duplicate_of else []
            case Comment():
                yield from ["replies"] if record.id in self._answered else []
                yield from ["reply"] if record.parent_id is not None else []
                yield from ["gone"] if record.gone_since else []
                yield from [record.status] if record.status != "shown" else []

    def _thread(self, record: AnyRecord) -> Iterator[str]:
        """The page, the comment itself and those above it."""
        yield self.parsed.page.id
        if not isinstance(record, Comment):
            return
        seen: set[str] = set()
        at: str | None = record.id
        while at is not None and at not in seen and len(seen) <= _MOST_ANCESTORS:
            yield at
            seen.add(at)
            at = self._parents.get(at)


def tokens(record: AnyRecord, page_language: str | None) -> dict[TokenField, str]:
    """A record's tokens; in its own language, else in its page's."""
    title: str | None = None
    texts: tuple[str | None, ...] = ()
    names: tuple[str | None, ...] = ()
    match record:
        case Page():
            title, names = record.title, (record.site_name,)
        case Article():
            title = record.title
            texts = (record.subtitle, record.description, record.text)
            names = (*record.tags, record.source)
        case Comment():
            texts = (record.text,)
        case Widget():
            title, texts = record.title, (record.text,)
    language = record.language or page_language
    found: dict[TokenField, str] = {
        "author_words": _joined(" ".join(words(name)) for name in _authors(record)),
        "names_words": _joined(" ".join(words(name)) for name in names if name),
    }
    if title:
        found["title_words"], found["title_stems"] = analysed(title, language)
    both = [analysed(text, language) for text in texts if text]
    found["text_words"], found["text_stems"] = _joined(word for word, _ in both), _joined(stem for _, stem in both)
    return {name: text for name, text in found.items() if text}


def _joined(values: Iterable[str]) -> str:
    return _APART.join(tokens for tokens in values if tokens)


def _authors(record: AnyRecord) -> list[str]:
    match record:
        case Article():
            return [name for name in record.authors if name]
        case Comment():
            return [record.author] if record.author else []
        case _:
            return []


def _time(record: AnyRecord) -> datetime | None:
    """When it was published, in UTC; of a page: fetched."""
    match record:
        case Page():
            time: datetime | None = record.fetched_at
        case Article() | Comment():
            time = record.published_at
        case Widget():
            time = None
    return time.astimezone(UTC) if time is not None and 1 < time.year < 9999 else time


def _numbers(record: AnyRecord, written: datetime) -> dict[NumberField | SortKey, int]:
    time = _time(record)
    if time is None:
        low = _hash(record.id, _UNDATED_HASH_BITS)
        newest, oldest = low - _UNDATED, low + _UNDATED
    else:
        low, second = _hash(record.id, 2 * _HASH_BITS), milliseconds(time) // 1000 << _HASH_BITS
        newest, oldest = second | low >> _HASH_BITS, second | low & (1 << _HASH_BITS) - 1
    found: dict[NumberField | SortKey, int] = {"newest": newest, "oldest": oldest}
    if time is not None:
        found["time"] = milliseconds(time)
    match record:
        case Page():
            found["written"] = written_key(written, record.id)
        case Comment():
            found["depth"] = record.depth
    return found


def _hash(record_id: str, bits: int) -> int:
    digest = hashlib.blake2b(record_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - bits)
