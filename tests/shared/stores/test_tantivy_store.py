"""The embedded store beside its contract: locks, kills, full disks, formats."""

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.ids import page_id
from shared.records import RecordCounts
from shared.stores.clauses import Match
from shared.stores.protocol import Find, StoreDownError, UnknownSchemaError
from shared.stores.tantivy_store import TantivyStore
from tests.shared.stores.pages import make, write

ROOT = Path(__file__).parents[3]

# Writes pages for ever, 8 a commit, and tells of each commit; started as a process to be killed.
WRITER = """
import sys
from pathlib import Path
from shared.stores.tantivy_store import TantivyStore
from tests.shared.stores.pages import make, write
store, start = TantivyStore(Path(sys.argv[1]), write=True), int(sys.argv[2])
while True:
    batch = range(start, start + 8)
    store.write([write(make(f"https://example.com/{n}", comments=["a", "b"], widgets=["w"]), 1) for n in batch])
    start += 8
    print(start, flush=True)
"""


@contextmanager
def writer(folder: Path, start: int = 0) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(start)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    return iter(process.stdout)


def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    store = TantivyStore(tmp_path, write=True)
    parsed = make()
    with writer(tmp_path) as process:
        next(lines(process))
        with pytest.raises(StoreDownError, match="another process is writing to the store in"):
            store.prepare()
        with pytest.raises(StoreDownError, match="another process is writing"):
            store.write([write(parsed, 1)])
        assert store.find(Find(Match(("article",)))).total >= 8, "it reads all the same"
    store.write([write(parsed, 1)])
    assert store.page(parsed.page.id) == parsed


def test_a_killed_writer_leaves_whole_pages_and_no_lock(tmp_path: Path) -> None:
    told = 0
    for commits in (1, 2, 3, 5, 8):
        with writer(tmp_path, told) as process:
            for line, _ in zip(lines(process), range(commits), strict=False):
                told = int(line)
            process.send_signal(signal.SIGKILL)
            # What it told before it died was on the disk.
            told = max([told, *(int(line) for line in lines(process))])
        store = TantivyStore(tmp_path, write=True)
        store.prepare()
        ids = list(store.page_ids())
        assert told <= len(ids) <= told + 8
        counts = {page.counts for page in store.stored(ids).values()}
        assert counts == {RecordCounts(articles=1, comments=2, replies=1, widgets=1)}
        store.close()


def test_a_write_that_the_disk_refuses_is_made_again_later(tmp_path: Path) -> None:
    store = TantivyStore(tmp_path, write=True)
    first = make("https://example.com/1")
    store.write([write(first, 1)])
    large = make("https://example.com/2", text="".join(f"word{n} " for n in range(200_000)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        for _ in range(3):
            with pytest.raises(StoreDownError, match=r"cannot be written: [^\n]+$"):
                store.write([write(large, 1)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(store.page_ids()) == [first.page.id]
    store.write([write(large, 1)])
    assert store.page(large.page.id) == large


def test_a_record_that_cannot_be_written_is_refused_alone(tmp_path: Path) -> None:
    parsed = make(comments=["a", "b", "c"])
    bad = parsed.comments[1].model_copy(update={"text": "\ud800"})
    store = TantivyStore(tmp_path, write=True)
    (written,) = store.write([write(parsed.model_copy(update={"comments": [parsed.comments[0], bad]}), 1)])
    ((refused, words),) = written.refused
    assert refused == bad.id
    assert "surrogate" in words
    assert "\n" not in words
    assert written.counts == RecordCounts(articles=1, comments=1)


def test_a_store_that_is_not_there_yet(tmp_path: Path) -> None:
    store = TantivyStore(tmp_path / "store", write=False)
    with pytest.raises(StoreDownError, match="nothing is stored yet in"):
        store.find(Find(Match(("word",))))
    assert store.page(page_id("http://a.example/")) is None
    assert store.record(f"{page_id('http://a.example/')}:a") is None
    assert store.versions(page_id("http://a.example/")) == []
    assert store.stored([page_id("http://a.example/")]) == {}
    assert list(store.page_ids()) == []
    with pytest.raises(StoreDownError, match="for reading only"):
        store.write([write(make(), 1)])
    assert not (tmp_path / "store").exists()


def test_another_format_is_refused_in_one_line(tmp_path: Path) -> None:
    TantivyStore(tmp_path, write=True).prepare()
    (tmp_path / "format.json").write_text(json.dumps({"schema_version": 99, "layout": 1}))
    for store in (TantivyStore(tmp_path, write=True), TantivyStore(tmp_path, write=False)):
        with pytest.raises(UnknownSchemaError, match=r'^the store in .*"schema_version": 99[^\n]*$'):
            store.prepare()
    (tmp_path / "format.json").unlink()
    with pytest.raises(UnknownSchemaError, match="has format null"):
        TantivyStore(tmp_path, write=True).prepare()


def test_thousands_of_pages_are_listed_once_and_deleted_ones_not(tmp_path: Path) -> None:
    """More than are listed at once."""
    store = TantivyStore(tmp_path, write=True)
    pages = [make(f"https://example.com/{n}") for n in range(2500)]
    store.write([write(page, 1) for page in pages])
    ids = sorted(page.page.id for page in pages)
    assert list(store.page_ids()) == ids
    assert store.delete(ids[::2]) == 2 * 1250
    assert list(store.page_ids()) == ids[1::2]
