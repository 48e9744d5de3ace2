"""The tantivy index: its fields, and what of a record becomes a document."""

import contextlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import tantivy
from pydantic import TypeAdapter

from shared.records import SCHEMA_VERSION, AnyRecord, Article, Comment, Page, ParsedPage, RecordCounts, Widget
from shared.stores.indexed import Indexed, index_page
from shared.stores.near_duplicates import bands
from shared.stores.protocol import UnknownSchemaError, kind_of
from shared.stores.replacing import Change, Leader, gather, version_id
from shared.stores.searchable import KIND_WEIGHTS
from shared.stores.tantivy_swap import settle

LAYOUT = 2
"""Raised when the fields below or what stands in them change."""
_FORMAT_FILE = "format.json"
_FORMAT = {"schema_version": SCHEMA_VERSION, "layout": LAYOUT}

# Ids listed at once.
_LISTED = 1000
_ID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"

FACETS = ("kind", "host", "lang", "author", "day", "month", "widget")
"""The fields whose values are counted."""
_KEYWORDS = ("id", "flags", "site", "language", "region", "page_kind", "thread", "tag", "source")
WEIGHT_OF_COMMENT = 2.0
"""What scores are divided by, so that they are those of a comment, an article's twice as much and so on."""
# A score is multiplied by the logarithm to the base 2 of 2 and this: that cannot be less than 1, a widget's weight is.
_WEIGHTS = {kind: round(2 ** (WEIGHT_OF_COMMENT * weight)) - 2 for kind, weight in KIND_WEIGHTS.items()}

RECORDS: dict[str, TypeAdapter[AnyRecord]] = {
    "page": TypeAdapter(Page),
    "article": TypeAdapter(Article),
    "comment": TypeAdapter(Comment),
    "widget": TypeAdapter(Widget),
}


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in (*_KEYWORDS, "version_of", "bands"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*FACETS, "page_id"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    # A record's kind, and `reply` or `gone` where a comment is one: what the audit counts.
    builder.add_text_field("is", tokenizer_name="raw", index_option="basic", fast=True, stored=True)
    builder.add_text_field("url", tokenizer_name="raw", index_option="basic", stored=True)
    for name in ("title_words", "text_words", "author_words", "names_words", "title_stems", "text_stems"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    builder.add_unsigned_field("group", indexed=True, fast=True)
    for name in ("time", "depth", "written", "newest", "oldest"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_unsigned_field("weight", fast=True)
    builder.add_unsigned_field("version", stored=True, fast=True)
    for name in ("place", "leads_since"):
        builder.add_unsigned_field(name, stored=True)
    for name in ("record", "signature"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


SCHEMA = _schema()


def exists(folder: Path) -> bool:
    """Whether there is an index that can be read."""
    settle(folder)
    return (folder / _FORMAT_FILE).exists() and (folder / "meta.json").exists()


def open_index(folder: Path) -> tantivy.Index:
    """Opens the index, creating what is missing. Raises UnknownSchemaError; ValueError or OSError from the disk."""
    settle(folder)
    found = format_of(folder)
    if found is None and not (folder / "meta.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _FORMAT_FILE
        new = path.with_suffix(".new")
        new.write_text(json.dumps(_FORMAT))
        new.replace(path)
    elif found != _FORMAT:
        raise unknown_format(folder, found)
    return tantivy.Index(SCHEMA, path=str(folder))


def format_of(folder: Path) -> object:
    """What the folder says of its format; None where it says nothing."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        return json.loads((folder / _FORMAT_FILE).read_text())
    return None


def unknown_format(folder: Path, found: object) -> UnknownSchemaError:
    """The error that says what to do."""
    earlier = isinstance(found, dict) and found.get("layout") in range(1, LAYOUT)
    what = (
        "run tearsheet reindex" if earlier else "use the version that wrote it, or move the folder away and crawl again"
    )
    return UnknownSchemaError(
        f"the store in {folder} has format {json.dumps(found)}, this Tearsheet reads {json.dumps(_FORMAT)}: {what}"
    )


def document(record: AnyRecord, found: Indexed, *, place: int) -> tantivy.Document:
    """A record's document. Raises ValueError where it cannot be written (a lone surrogate)."""
    doc = tantivy.Document()
    for field, values in found.keywords.items():
        for value in values:
            if field == "group":
                doc.add_unsigned(field, int(value))
            else:
                doc.add_text(field, value)
    for field_of_tokens, tokens in found.texts.items():
        doc.add_text(field_of_tokens, tokens)
    for name, number in found.numbers.items():
        doc.add_integer(name, number)
    kind = kind_of(record)
    doc.add_unsigned("weight", _WEIGHTS[kind])
    doc.add_unsigned("place", place)
    doc.add_bytes("record", RECORDS[kind].dump_json(record, exclude_defaults=True))
    return doc


def page_documents(
    after: Change, written: datetime
) -> tuple[list[tantivy.Document], RecordCounts, tuple[tuple[str, str], ...]]:
    """A page's documents, the counts of those that could be made, and the records that could not."""
    page = after.parsed.page
    docs: list[tantivy.Document] = []
    taken: list[AnyRecord] = []
    refused: list[tuple[str, str]] = []
    for place, (record, found) in enumerate(index_page(after.parsed, written)):
        try:
            doc = document(record, found, place=place)
        except ValueError as error:
            refused.append((record.id, in_a_line(error)))
            continue
        if record is page:
            doc.add_unsigned("version", after.version)
        if after.leader is not None and after.leader.id == record.id:
            add_leader(doc, after.leader)
        docs.append(doc)
        taken.append(record)
    if after.earlier is not None:
        article, version = after.earlier
        docs.append(version_document(article, version_id(article, version), version))
    counts = (gather(taken) or ParsedPage(page=page)).counts()
    return docs, counts, tuple(refused)


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
        doc.add_text("bands", band)
    doc.add_unsigned("leads_since", leader.since)
    doc.add_bytes("signature", leader.signature)


def read_leader(doc: tantivy.Document) -> Leader | None:
    """What `add_leader` added; None where the document is no leader's."""
    since = doc.get_first("leads_since")
    if since is None:
        return None
    return Leader(read_record(doc).id, since, bytes(first(doc, "signature")))


def leaders_query(signature: bytes) -> tantivy.Query:
    """The articles that share bands, those that share most of them first."""
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Should, tantivy.Query.const_score_query(term("bands", band), 1.0)) for band in bands(signature)]
    )


def read_record(doc: tantivy.Document) -> AnyRecord:
    """The record that a document was made of."""
    return RECORDS[first(doc, "is")].validate_json(bytes(first(doc, "record")))


def read_url(doc: tantivy.Document) -> str:
    """The URL of a record's page."""
    return str(first(doc, "url"))


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


def page_ids_from(prefix: str, searcher: tantivy.Searcher) -> Iterator[list[str]]:
    """The page ids in the index that start so, in order, in lists of fewer than `_LISTED`."""
    found = searcher.terms_with_prefix("page_id", prefix, limit=_LISTED)
    if len(found) < _LISTED:
        if found:
            yield [page_id for page_id, _ in found]
        return
    for letter in _ID_LETTERS:
        yield from page_ids_from(prefix + letter, searcher)


def in_a_line(error: Exception) -> str:
    """An error's words in one line."""
    return " ".join(str(error).split())
