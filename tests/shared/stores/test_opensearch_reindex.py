"""A reindex: everything comes over, whatever is written and deleted meanwhile, and whenever it is killed."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from opensearchpy import OpenSearch

from shared.stores.clauses import Everything
from shared.stores.opensearch_actions import record_actions, version_action
from shared.stores.opensearch_bulk import send
from shared.stores.opensearch_indices import Generation, Shape, live, survey
from shared.stores.opensearch_mappings import PARTS, alias
from shared.stores.opensearch_reindex import Reindex
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.opensearch_turn import Turn
from shared.stores.protocol import Find, PageWritten, StoreDownError, StoredPage, UnknownSchemaError
from shared.stores.reindexing import Reindexed, ReindexError
from shared.stores.replacing import Change
from tests.shared.stores.pages import found, gone, make, write
from tests.shared.stores.stories import article_of, original, reprint

pytestmark = pytest.mark.opensearch
ROOT = Path(__file__).parents[3]

# A reindex that tells its progress; started as a process to be killed.
RUN = """
import sys
from tests.shared.stores.test_opensearch_reindex import reindex
reindex(sys.argv[1], sys.argv[2], lambda line: print(line, flush=True))
"""


def reindex(url: str, prefix: str, tell=str, **shape: int) -> Reindexed:
    with OpenSearch([url]) as client:
        return Reindex(client, "the node", prefix, Shape(**shape), tell, patience=3.0).run()


@pytest.fixture
def store(opensearch_url: str, fresh_prefix: str) -> Iterator[OpenSearchStore]:
    store = OpenSearchStore(opensearch_url, fresh_prefix)
    store.prepare()
    yield store
    store.close()


def test_everything_comes_over(
    store: OpenSearchStore, opensearch_url: str, fresh_prefix: str, node: OpenSearch
) -> None:
    first = make(comments=["stays", "goes"], widgets=["w", "w"])
    store.write([write(first, 1), write(original(), 1), write(reprint(), 2)])
    store.write([write(make(version=2, text="other words", comments=["stays"]), 3)])
    store.write([gone(original(), 4)])
    store.refresh()
    ids = list(store.page_ids())
    pages = Find(Everything(), ("page",), "written")
    before = list(store.export()), store.stored(ids), store.versions(first.page.id), store.find(pages)
    done = reindex(opensearch_url, fresh_prefix, shards=2)
    assert done.counts == {"page": 3, "article": 3, "comment": 2, "widget": 0, "version": 1}
    store.refresh()
    assert (list(store.export()), store.stored(ids), store.versions(first.page.id), store.find(pages)) == before
    assert len(before[2]) == 1
    assert found(store, "other words", kind="article") == [f"{first.page.id}:a"]
    ((generation, parts),) = survey(node, fresh_prefix).items()
    assert parts == {"record": True, "version": True}
    for settings in node.indices.get_settings(index=generation.names()).values():
        assert settings["settings"]["index"]["number_of_shards"] == "2"
        assert "gc_deletes" not in settings["settings"]["index"]
    # It is written as before: a third of the same text is linked to the first.
    third = make("https://third.example/", text=original().article.text)  # type: ignore[union-attr]
    store.write([write(third, 5)])
    record = store.record(article_of(third))
    assert record is not None
    assert record.near_duplicate_of == article_of(original())  # type: ignore[union-attr]
    assert not node.indices.exists(index=f"{fresh_prefix}-reindex")
    assert reindex(opensearch_url, fresh_prefix).counts["page"] == 4
    assert [each.number for each in survey(node, fresh_prefix)] == [2001]


def test_nothing_is_there_to_reindex(opensearch_url: str, fresh_prefix: str) -> None:
    with pytest.raises(StoreDownError, match="nothing is stored yet"):
        reindex(opensearch_url, fresh_prefix)


@pytest.mark.parametrize("deletes", [False, True])
def test_what_happens_just_before_writers_wait(
    store: OpenSearchStore, opensearch_url: str, fresh_prefix: str, *, deletes: bool
) -> None:
    same, other = make("https://example.com/same"), make("https://example.com/other", widgets=["goes"])
    store.write([write(same, 1), write(other, 1)])
    new = make("https://example.com/new", comments=["a"])
    changed = make("https://example.com/other", version=2, text="changed", widgets=["comes"])

    def tell(line: str) -> None:
        if line.startswith("round 1"):
            store.write([write(new, 1), write(changed, 2)])
            if deletes:
                store.delete([same.page.id])

    done = reindex(opensearch_url, fresh_prefix, tell, shards=2)
    pages = [new, changed] if deletes else [same, new, changed]
    assert (done.counts["page"], done.counts["version"], done.counts["widget"]) == (len(pages), 1, 1)
    store.refresh()
    assert list(store.page_ids()) == sorted(page.page.id for page in pages)
    assert [store.page(page.page.id) for page in pages] == pages
    assert [version.version for version in store.versions(other.page.id)] == [1]


def test_a_write_cut_short_by_the_end_keeps_the_articles_earlier_version(
    store: OpenSearchStore, opensearch_url: str, fresh_prefix: str, node: OpenSearch
) -> None:
    """The first of its requests, and the second, came through as the page was copied, and the last one did not."""
    old, new = make(text="one"), make(version=2, text="two")
    assert old.article is not None
    assert new.article is not None
    store.write([write(old, 1)])

    node.indices.put_settings(index=f"{fresh_prefix}-versions", body={"index": {"refresh_interval": "-1"}})

    class Meets(Reindex):
        def _copy(self, listed, found) -> None:
            if not written:
                written.append(True)
                home, after = Generation(fresh_prefix, 1), Change(2, new, None, changed=True)
                actions = [version_action(home, old.article, 1), *record_actions(home, after, [], datetime.now(UTC))]
                assert not send(node, "the node", actions).refused
            super()._copy(listed, found)

    written: list[bool] = []
    Meets(node, "the node", fresh_prefix, Shape(), str).run()
    store.write([write(new, 2)])
    store.refresh()
    assert store.page(new.page.id) == new
    assert [(each.article.text, each.version) for each in store.versions(new.page.id)] == [("one", 1)]


class Writer(threading.Thread):
    """Writes pages of its own, and deletes some, as an indexer does whose store goes away now and then."""

    def __init__(self, url: str, prefix: str, number: int, stop: threading.Event) -> None:
        super().__init__()
        self.store = OpenSearchStore(url, prefix)
        self.number = number
        self.stop = stop
        self.random = random.Random(number)
        self.pages: dict[str, StoredPage] = {}
        self.deleted: set[str] = set()
        self.writes = self.refused = self.rounds = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.turn()
        except BaseException as error:  # noqa: BLE001 - told by the test
            self.error = error
        finally:
            self.store.close()

    def turn(self) -> None:
        self.rounds += 1
        urls = {f"https://w{self.number}.example/{self.random.randrange(60)}" for _ in range(6)}
        version = self.rounds
        made = [
            make(url, version=version, text=f"text {self.random.random()}", comments=self.some(), widgets=self.some())
            for url in urls
        ]
        for page in self.until_up(lambda: self.store.write([write(each, version) for each in made])):
            assert isinstance(page, PageWritten)
            self.pages[page.page_id] = StoredPage(page.page_id, page.version, page.counts)
            self.deleted.discard(page.page_id)
            self.writes += 1
        if self.rounds % 3 == 0 and self.pages:
            lost = self.random.sample(sorted(self.pages), k=min(2, len(self.pages)))
            self.until_up(lambda: self.store.delete(lost))
            for each in lost:
                del self.pages[each]
            self.deleted |= set(lost)

    def some(self) -> list[str]:
        return [f"text {n}" for n in range(self.random.randrange(4))]

    def until_up(self, call):
        while True:
            try:
                return call()
            except StoreDownError:
                self.refused += 1
                time.sleep(0.05)


def test_what_is_written_and_deleted_meanwhile(
    store: OpenSearchStore, opensearch_url: str, fresh_prefix: str, node: OpenSearch
) -> None:
    stop = threading.Event()
    writers = [Writer(opensearch_url, fresh_prefix, number, stop) for number in range(2)]
    for writer in writers:
        writer.start()
    try:
        while min(writer.rounds for writer in writers) < 5:
            time.sleep(0.05)
        for _ in range(2):
            before = sum(writer.writes for writer in writers)
            reindex(opensearch_url, fresh_prefix)
            assert sum(writer.writes for writer in writers) > before
            rounds = [writer.rounds for writer in writers]
            while any(writer.rounds < before + 2 for writer, before in zip(writers, rounds, strict=True)):
                time.sleep(0.05)  # the fresh indices are written
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert [writer.error for writer in writers] == [None, None]
    expected = {page: stored for writer in writers for page, stored in writer.pages.items()}
    deleted = set().union(*(writer.deleted for writer in writers))
    assert deleted
    store.refresh()
    assert sorted(store.page_ids()) == sorted(expected)
    assert store.stored(sorted(expected)) == expected
    lost = {"query": {"terms": {"store.page_id": sorted(deleted)}}}
    assert node.count(index=",".join(alias(fresh_prefix, part) for part in PARTS), body=lost)["count"] == 0


def killed_at(url: str, prefix: str, word: str) -> None:
    """Runs a reindex and kills it when it says the word."""
    process = subprocess.Popen([sys.executable, "-c", RUN, url, prefix], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    with process:
        for line in process.stdout:
            if word in line:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("word", ["looked at", "writers wait"])
def test_one_that_was_killed_is_run_again(
    store: OpenSearchStore, opensearch_url: str, fresh_prefix: str, node: OpenSearch, word: str
) -> None:
    pages = [make(f"https://example.com/{n}", comments=["a", "b"], widgets=["w"]) for n in range(120)]
    store.write([write(page, 1) for page in pages])
    killed_at(opensearch_url, fresh_prefix, word)
    store.refresh()
    assert len(list(store.page_ids())) == 120
    news = [write(make("https://example.com/0", version=2, text="new"), 2)]
    if word == "writers wait":
        with pytest.raises(StoreDownError, match="run tearsheet reindex again"):
            store.write(news)
        with pytest.raises(StoreDownError, match="run tearsheet reindex again"):
            store.delete([pages[1].page.id])
    else:
        store.write(news)
        assert store.delete([pages[1].page.id]) == 5
        pages.pop(1)
    done = reindex(opensearch_url, fresh_prefix)
    assert done.counts["page"] == len(pages)
    store.write(news)
    store.refresh()
    assert sorted(store.page_ids()) == sorted(page.page.id for page in pages)
    assert store.stored([pages[0].page.id])[pages[0].page.id].version == 2
    assert len(survey(node, fresh_prefix)) == 1


def test_one_at_a_time(store: OpenSearchStore, opensearch_url: str, fresh_prefix: str, node: OpenSearch) -> None:
    parsed = make()
    store.write([write(parsed, 1)])
    first, lives = Turn(node, fresh_prefix), threading.Event()
    first.take(print)

    def live() -> None:
        while not lives.wait(0.2):
            first.touch()

    living = threading.Thread(target=live)
    living.start()
    with pytest.raises(ReindexError, match=r"^another reindex is under way$"):
        reindex(opensearch_url, fresh_prefix)
    lives.set()
    living.join()
    # From now on it is as good as dead.
    said: list[str] = []
    assert reindex(opensearch_url, fresh_prefix, said.append).counts["page"] == 1
    assert "waiting to see whether it lives" in said[0]
    time.sleep(1)
    with pytest.raises(ReindexError, match=r"^another reindex is under way$"):
        first.touch()
    assert list(node.indices.get(index=f"{fresh_prefix}-reindex*")) == []
    assert store.page(parsed.page.id) == parsed


def made_by_layout_1(node: OpenSearch, prefix: str, **fields: dict[str, object]) -> None:
    """Indices as the first version made them, and their documents. `fields`: other mappings of a kind's."""
    data = json.loads(Path(__file__).with_name("layout_1.json").read_text(encoding="utf-8"))
    for kind, body in data["indices"].items():
        body["mappings"]["properties"] |= fields.get(f"{kind}s", {})
        node.indices.create(index=f"{prefix}-{kind}s-000001", body=body | {"aliases": {f"{prefix}-{kind}s": {}}})
    for kind, record_id, version, source in data["documents"]:
        node.index(
            index=f"{prefix}-{kind}s",
            id=record_id,
            body=source,
            params={"version": version, "version_type": "external"},
        )


def test_indices_of_the_first_layout_are_taken_over(opensearch_url: str, fresh_prefix: str, node: OpenSearch) -> None:
    made_by_layout_1(node, fresh_prefix)
    store = OpenSearchStore(opensearch_url, fresh_prefix)
    page_id = original().page.id
    for call in (
        store.prepare,
        lambda: found(store, "words"),
        lambda: store.close_words("word", 1),
        lambda: store.stored([page_id]),
        lambda: store.delete([page_id]),
        lambda: store.versions(page_id),
        lambda: list(store.page_ids()),
        store.refresh,
    ):
        with pytest.raises(UnknownSchemaError, match=r"run tearsheet reindex$"):
            call()
    reindex(opensearch_url, fresh_prefix)
    store.prepare()
    store.refresh()
    first = make(version=2, text="other words", comments=["stays"])
    page = store.page(first.page.id)
    assert page is not None
    assert (page.page, page.article) == (first.page, first.article)
    assert [(c.text, c.gone_since is None) for c in page.comments] == [("stays", True), ("goes", False)]
    (version,) = store.versions(first.page.id)
    assert (version.article.text, version.version) == ("The text of an article", 1)
    assert {page: stored.version for page, stored in store.stored(list(store.page_ids())).items()} == {
        first.page.id: 3,
        original().page.id: 4,
        reprint().page.id: 2,
    }
    assert found(store, "other words", kind="article") == [f"{first.page.id}:a"]
    store.close()


def test_a_record_that_the_fresh_indices_refuse(opensearch_url: str, fresh_prefix: str, node: OpenSearch) -> None:
    made_by_layout_1(node, fresh_prefix, comments={"votes": {"type": "keyword"}})
    store = OpenSearchStore(opensearch_url, fresh_prefix)
    name = f"{fresh_prefix}-comments"
    node.indices.refresh(index=name)
    hit = node.search(index=name, params={"version": "true"})["hits"]["hits"][0]
    node.index(index=name, id=hit["_id"], body=hit["_source"] | {"votes": 2**70})
    with pytest.raises(
        ReindexError, match=rf"do not take 1 of the records, so nothing was swapped: {hit['_id']}: .*votes"
    ):
        reindex(opensearch_url, fresh_prefix)
    assert live(node, fresh_prefix) == [Generation(fresh_prefix, 1, apart=True)]
    # It is mended, and the next run goes on where that one ended.
    node.index(index=name, id=hit["_id"], body=hit["_source"])
    assert reindex(opensearch_url, fresh_prefix).counts["comment"] == 2
    store.close()
