"""The tantivy index: its fields, its analyzer, what of a record becomes a document, and its queries."""

import contextlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import tantivy
from pydantic import TypeAdapter

from shared.records import SCHEMA_VERSION, AnyRecord, Article, Comment, Page, Widget
from shared.stores.near_duplicates import bands
from shared.stores.protocol import Query, UnknownSchemaError, kind_of
from shared.stores.query_text import Term, site
from shared.stores.replacing import Leader
from shared.stores.searchable import EVERY_KIND, KIND_WEIGHTS, TITLE_WEIGHT, languages, marks, searchable
from shared.stores.words import for_index

LAYOUT = 1
"""Raised when the fields below or the analyzer change."""
_FORMAT_FILE = "format.json"
_ANALYZER = "words"
# Between an id and a signature.
_BESIDE = b" "
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# Longer ones are no words that anybody types; tantivy takes terms up to 65,530 bytes.
_LONGEST_WORD = 255

RECORDS: dict[str, TypeAdapter[AnyRecord]] = {
    "page": TypeAdapter(Page),
    "article": TypeAdapter(Article),
    "comment": TypeAdapter(Comment),
    "widget": TypeAdapter(Widget),
}


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Among ids are the bands of an article that leads near-duplicates: so an index made before there were any goes on.
    for name in ("id", "page_id", "version_of", "language", "site"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name == "page_id")
    # A record's kind, and `reply` or `gone` where a comment is one: what the audit counts.
    builder.add_text_field("is", tokenizer_name="raw", index_option="basic", fast=True, stored=True)
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name=_ANALYZER)
    builder.add_integer_field("time", indexed=True, fast=True)
    builder.add_unsigned_field("version", stored=True, fast=True)
    builder.add_unsigned_field("place", stored=True)
    for name in ("url", "record"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


SCHEMA = _schema()
# Text comes in lower case (`words.for_index`).
ANALYZER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
    .filter(tantivy.Filter.ascii_fold())
    .build()
)


def exists(folder: Path) -> bool:
    """Whether there is an index that can be read."""
    return (folder / _FORMAT_FILE).exists() and (folder / "meta.json").exists()


def open_index(folder: Path) -> tantivy.Index:
    """Opens the index, creating what is missing. Raises UnknownSchemaError; ValueError or OSError from the disk."""
    mark = {"schema_version": SCHEMA_VERSION, "layout": LAYOUT}
    path = folder / _FORMAT_FILE
    found = None
    with contextlib.suppress(FileNotFoundError, ValueError):
        found = json.loads(path.read_text())
    if found is None and not (folder / "meta.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(mark))
        new.replace(path)
    elif found != mark:
        raise UnknownSchemaError(
            f"the store in {folder} has format {json.dumps(found)}, this Tearsheet reads {json.dumps(mark)}: "
            "use the version that wrote it, or move the folder away and crawl again"
        )
    index = tantivy.Index(SCHEMA, path=str(folder))
    index.register_tokenizer(_ANALYZER, ANALYZER)
    return index


def document(record: AnyRecord, *, page_id: str, url: str, sites: Sequence[str], place: int) -> tantivy.Document:
    """A record's document. Raises ValueError where it cannot be written (a lone surrogate)."""
    found = searchable(record)
    doc = tantivy.Document()
    doc.add_text("id", record.id)
    doc.add_text("page_id", page_id)
    for mark in marks(record):
        doc.add_text("is", mark)
    for tag in languages(found.language):
        doc.add_text("language", tag)
    for name in sites:
        doc.add_text("site", name)
    if found.title:
        doc.add_text("title", for_index(found.title))
    for text in found.texts:
        doc.add_text("text", for_index(text))
    if found.time is not None:
        doc.add_integer("time", _milliseconds(found.time))
    doc.add_unsigned("place", place)
    doc.add_bytes("url", url.encode())
    doc.add_bytes("record", RECORDS[kind_of(record)].dump_json(record, exclude_defaults=True))
    return doc


def version_document(article: Article, record_id: str, version: int) -> tantivy.Document:
    """The document of an article's earlier version: found by its page, never by a search."""
    doc = tantivy.Document()
    doc.add_text("id", record_id)
    doc.add_text("version_of", article.page_id)
    doc.add_text("is", "version")
    doc.add_unsigned("version", version)
    doc.add_bytes("record", article.model_dump_json(exclude_defaults=True).encode())
    return doc


def add_leader(doc: tantivy.Document, leader: Leader) -> None:
    """Makes an article's document that of a leader: found by its bands, its signature beside its record."""
    for band in bands(leader.signature):
        doc.add_text("id", band)
    doc.add_unsigned("version", leader.since)
    doc.add_bytes("record", leader.id.encode() + _BESIDE + leader.signature)


def read_leader(doc: tantivy.Document) -> Leader | None:
    """What `add_leader` added; None where the document is no leader's."""
    beside = doc.get_all("record")[1:]
    if not beside:
        return None
    leader_id, _, signature = bytes(beside[0]).partition(_BESIDE)
    return Leader(leader_id.decode(), first(doc, "version"), signature)


def leaders_query(signature: bytes) -> tantivy.Query:
    """The articles that share bands, those that share most of them first."""
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Should, tantivy.Query.const_score_query(term("id", band), 1.0)) for band in bands(signature)]
    )


def read_record(doc: tantivy.Document) -> AnyRecord:
    """The record that a document was made of."""
    return RECORDS[first(doc, "is")].validate_json(bytes(first(doc, "record")))


def read_url(doc: tantivy.Document) -> str:
    """The URL of a record's page."""
    return bytes(first(doc, "url")).decode()


def first(doc: tantivy.Document, field: str) -> Any:  # noqa: ANN401 - as tantivy gives it
    """A stored field that the document has."""
    return doc.get_first(field)


def count(result: tantivy.SearchResult) -> int:
    """How many documents a search found in all (an attribute that tantivy's stubs leave out)."""
    return int(result.count)  # type: ignore[attr-defined]


def term(field: str, value: str) -> tantivy.Query:
    """Documents with exactly this value."""
    return tantivy.Query.term_query(SCHEMA, field, value, "basic")


def any_of(field: str, values: Iterable[str]) -> tantivy.Query:
    """Documents with one of these values."""
    return tantivy.Query.term_set_query(SCHEMA, field, list(values))


def search_query(query: Query, terms: Sequence[Term]) -> tantivy.Query:
    """The query for words and filters. Raises ValueError where `site` is none."""
    must = [*_filters(query), *(_words(t) for t in terms if not t.negated)]
    must_not = [_words(t) for t in terms if t.negated]
    kinds = (query.kind,) if query.kind else EVERY_KIND
    clauses = [(tantivy.Occur.Must, q) for q in must] + [(tantivy.Occur.MustNot, q) for q in must_not]
    per_kind = [
        tantivy.Query.boost_query(
            tantivy.Query.boolean_query([(tantivy.Occur.Must, _unscored(term("is", kind))), *clauses]),
            KIND_WEIGHTS[kind],
        )
        for kind in kinds
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in per_kind])


def _words(wanted: Term) -> tantivy.Query:
    words = ANALYZER.analyze(for_index(wanted.text))
    if not words:  # longer than any word that is indexed
        return tantivy.Query.empty_query()
    fields = []
    for field, weight in (("title", TITLE_WEIGHT), ("text", 1.0)):
        if len(words) == 1:
            found = tantivy.Query.term_query(SCHEMA, field, words[0])
        else:
            found = tantivy.Query.phrase_query(SCHEMA, field, [*words])
        fields.append((tantivy.Occur.Should, tantivy.Query.boost_query(found, weight)))
    return tantivy.Query.boolean_query(fields)


def _filters(query: Query) -> list[tantivy.Query]:
    found = []
    if query.language:
        found.append(term("language", query.language.lower()))
    if query.site:
        found.append(term("site", site(query.site)))
    if query.since or query.until:
        since = _milliseconds(query.since) if query.since else None
        until = _milliseconds(query.until) - 1 if query.until else None
        found.append(tantivy.Query.range_query(SCHEMA, "time", tantivy.FieldType.Integer, since, until))
    return [_unscored(q) for q in found]


def _milliseconds(time: datetime) -> int:
    return (time - _EPOCH) // _MILLISECOND


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
