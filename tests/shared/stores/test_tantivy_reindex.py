"""The embedded store made anew: of the first layout too, whole or not at all."""

import json
import shutil
from pathlib import Path

import pytest
import tantivy

from shared.records import AnyRecord
from shared.stores.near_duplicates import bands, signature
from shared.stores.protocol import NothingStoredError, StoreDownError, UnknownSchemaError, kind_of
from shared.stores.replacing import spread
from shared.stores.searchable import marks
from shared.stores.tantivy_index import RECORDS
from shared.stores.tantivy_store import TantivyStore
from shared.stores.tantivy_swap import aside, fresh
from tests.shared.stores.pages import found, make, write
from tests.shared.stores.stories import article_of, original, reprint


def filled(folder: Path) -> TantivyStore:
    store = TantivyStore(folder, write=True)
    store.write([write(make(comments=["stays", "goes"], widgets=["w"]), 1), write(original(), 1), write(reprint(), 2)])
    store.write([write(make(version=2, text="other words", comments=["stays"]), 3)])
    return store


def everything(store: TantivyStore) -> tuple[object, ...]:
    ids = list(store.page_ids())
    return list(store.export()), store.stored(ids), [store.versions(page) for page in ids]


def test_everything_comes_over(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store = filled(folder)
    before = everything(store)
    done = store.reindex(str)
    assert done.counts == {"page": 3, "article": 3, "comment": 2, "widget": 0, "version": 1}
    assert everything(store) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]
    third = make("https://third.example/", text=original().article.text)  # type: ignore[union-attr]
    store.write([write(third, 5)])
    assert store.record(article_of(third)).near_duplicate_of == article_of(original())  # type: ignore[union-attr]


def test_nobody_writes_meanwhile(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    with pytest.raises(StoreDownError, match="another process is writing"):
        TantivyStore(tmp_path / "store", write=True).reindex(str)
    store.close()
    with pytest.raises(NothingStoredError):
        TantivyStore(tmp_path / "none", write=True).reindex(str)


@pytest.mark.parametrize("at", ["before the swap", "between", "after"])
def test_killed_at_any_time_it_is_whole(tmp_path: Path, at: str) -> None:
    folder = tmp_path / "store"
    store = filled(folder)
    before = everything(store)
    store.close()
    if at == "before the swap":
        fresh(folder).mkdir()
        (fresh(folder) / "meta.json").write_text("half")
    elif at == "between":
        shutil.copytree(folder, fresh(folder))
        folder.rename(aside(folder))
    else:
        shutil.copytree(folder, aside(folder))
    reader = TantivyStore(folder, write=False)
    assert everything(reader) == before
    assert TantivyStore(folder, write=True).reindex(str).counts["page"] == 3
    assert everything(TantivyStore(folder, write=False)) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]


def first_layout(folder: Path, pages: list[tuple[int, list[AnyRecord]]]) -> None:
    """An index as the first version made it: of its fields those that are read."""
    builder = tantivy.SchemaBuilder()
    for name in ("id", "page_id", "version_of", "language", "site"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name == "page_id")
    builder.add_text_field("is", tokenizer_name="raw", index_option="basic", fast=True, stored=True)
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name="words")
    builder.add_integer_field("time", indexed=True, fast=True)
    builder.add_unsigned_field("version", stored=True, fast=True)
    builder.add_unsigned_field("place", stored=True)
    for name in ("url", "record"):
        builder.add_bytes_field(name, stored=True)
    folder.mkdir()
    index = tantivy.Index(builder.build(), path=str(folder))
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).build()
    index.register_tokenizer("words", words)
    writer = index.writer(15_000_000, 1)
    for version, records in pages:
        for place, record in enumerate(records):
            doc = tantivy.Document()
            doc.add_text("id", record.id)
            doc.add_text("page_id", records[0].id)
            for mark in marks(record):
                doc.add_text("is", mark)
            doc.add_text("text", "words")
            doc.add_unsigned("place", place)
            doc.add_bytes("url", b"https://example.com/")
            doc.add_bytes("record", RECORDS[kind_of(record)].dump_json(record, exclude_defaults=True))
            if place == 0:
                doc.add_unsigned("version", version)
            if record.id == article_of(original()):
                made = signature(record.text)  # type: ignore[union-attr]
                assert made is not None
                for band in bands(made):
                    doc.add_text("id", band)
                doc.add_unsigned("version", version)
                doc.add_bytes("record", record.id.encode() + b" " + made)
            writer.add_document(doc)
    old = make(text="earlier words").article
    assert old is not None
    doc = tantivy.Document()
    doc.add_text("id", f"{old.id}@1")
    doc.add_text("version_of", old.page_id)
    doc.add_text("is", "version")
    doc.add_unsigned("version", 1)
    doc.add_bytes("record", old.model_dump_json(exclude_defaults=True).encode())
    writer.add_document(doc)
    writer.commit()
    writer.wait_merging_threads()
    (folder / "format.json").write_text(json.dumps({"schema_version": 1, "layout": 1}))


def test_an_index_of_the_first_layout_is_taken_over(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    page = make(version=2, text="other words", comments=["a", "b"], widgets=["w"])
    first_layout(folder, [(3, spread(page)), (4, spread(original()))])
    for call in (
        TantivyStore(folder, write=True).prepare,
        lambda: TantivyStore(folder, write=False).page(page.page.id),
    ):
        with pytest.raises(UnknownSchemaError, match=r"run tearsheet reindex$"):
            call()
    store = TantivyStore(folder, write=True)
    assert store.reindex(str).counts == {"page": 2, "article": 2, "comment": 2, "widget": 1, "version": 1}
    assert store.page(page.page.id) == page
    assert {each: stored.version for each, stored in store.stored(list(store.page_ids())).items()} == {
        page.page.id: 3,
        original().page.id: 4,
    }
    assert [version.version for version in store.versions(page.page.id)] == [1]
    assert found(store, "other words", kind="article") == [f"{page.page.id}:a"]
    store.write([write(reprint(), 5)])
    assert store.record(article_of(reprint())).near_duplicate_of == article_of(original())  # type: ignore[union-attr]
    (folder / "format.json").write_text(json.dumps({"schema_version": 1, "layout": 99}))
    with pytest.raises(UnknownSchemaError, match="use the version that wrote it"):
        TantivyStore(folder, write=True).reindex(str)
