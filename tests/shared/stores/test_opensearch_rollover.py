"""Roll-over by size: pages stay where they are, new ones go to the newest indices, and all are read as one store."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from opensearchpy import OpenSearch

from shared.records import RecordCounts
from shared.stores import opensearch_listing
from shared.stores.opensearch_indices import Generation, Shape, complete, survey
from shared.stores.opensearch_listing import listing
from shared.stores.opensearch_pages import newest
from shared.stores.opensearch_reindex import Reindex
from shared.stores.opensearch_rollover import Rollover, following
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import StoredPage
from tests.shared.stores.conftest import Spread
from tests.shared.stores.pages import make, write
from tests.shared.stores.stories import article_of, original, reprint

pytestmark = pytest.mark.opensearch


class Eager(OpenSearchStore):
    """Looks at the size after each write."""

    look_every = 0.0


def numbers(node: OpenSearch, prefix: str) -> list[int]:
    return [each.number for each, parts in survey(node, prefix).items() if parts == {"record": True, "version": True}]


def homes(node: OpenSearch, prefix: str, page_id: str) -> set[int]:
    """The generations that hold documents of a page."""
    found = node.search(index=f"{prefix}-*", body={"query": {"term": {"store.page_id": page_id}}, "size": 100})
    return {int(hit["_index"].rpartition("-")[2]) for hit in found["hits"]["hits"]}


@pytest.mark.parametrize("shape", [Shape(rollover_documents=4), Shape(rollover_bytes=1)], ids=["documents", "bytes"])
def test_new_pages_go_to_the_next_and_others_stay(
    opensearch_url: str, fresh_prefix: str, node: OpenSearch, shape: Shape
) -> None:
    store = Eager(opensearch_url, fresh_prefix, shape=shape)
    store.prepare()
    assert numbers(node, fresh_prefix) == [1], "what is empty is never full"
    first = make("https://example.com/1", comments=["a", "b", "goes", "c"], widgets=["w"])
    store.write([write(first, 1), write(original(), 1)])
    store.refresh()
    store.write([write(first, 1)])  # looks again
    assert numbers(node, fresh_prefix) == [1, 2]
    second = make("https://example.com/2", comments=["d"])
    changed = make("https://example.com/1", version=2, text="changed", comments=["a", "b", "c"])
    third = reprint()
    store.write([write(changed, 2), write(second, 2), write(third, 2)])
    store.refresh()
    assert homes(node, fresh_prefix, first.page.id) == {1}
    assert homes(node, fresh_prefix, second.page.id) == homes(node, fresh_prefix, third.page.id) == {2}
    link = store.record(article_of(third))
    assert link is not None
    assert link.near_duplicate_of == article_of(original())  # type: ignore[union-attr]
    assert len(store.versions(first.page.id)) == 1
    assert store.stored([first.page.id])[first.page.id] == StoredPage(
        first.page.id, 2, RecordCounts(articles=1, comments=4, replies=3, gone=1)
    )
    ids = sorted(p.page.id for p in (first, original(), second, third))
    assert list(store.page_ids()) == ids
    assert store.delete(ids[:2]) >= 4
    store.refresh()
    assert list(store.page_ids()) == ids[2:]
    store.close()


def test_a_page_in_two_generations_is_read_once_and_mended(
    opensearch_url: str, fresh_prefix: str, node: OpenSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two indexers made it at the same time, the one just before a generation began and the other just after."""
    monkeypatch.setattr(opensearch_listing, "_LISTED", 1)
    store = OpenSearchStore(opensearch_url, fresh_prefix)
    store.prepare()
    old = make(comments=["old", "both"], widgets=["old"])
    store.write([write(old, 1)])
    complete(node, Generation(fresh_prefix, 2), {}, as_live=True)

    class Blind(OpenSearchStore):
        def _generations(self) -> list[Generation]:
            return super()._generations()[1:]

    new = make(version=2, comments=["both"])
    Blind(opensearch_url, fresh_prefix).write([write(new, 2)])
    store.refresh()
    assert homes(node, fresh_prefix, new.page.id) == {1, 2}
    assert list(store.page_ids()) == [new.page.id]
    assert list(listing(node, "the node", f"{fresh_prefix}-records")) == [(new.page.id, 2)]
    assert store.page(new.page.id) == new
    assert store.record(new.page.id) == new.page
    assert store.stored([new.page.id]) == {
        new.page.id: StoredPage(new.page.id, 2, RecordCounts(articles=1, comments=1))
    }
    assert [record.id for record in store.export()] == [new.page.id, f"{new.page.id}:a", new.comments[0].id]
    third = make(version=3, comments=["both", "c"])
    store.write([write(third, 3)])
    store.refresh()
    assert homes(node, fresh_prefix, new.page.id) == {2}
    assert store.page(new.page.id) == third
    store.close()


def test_many_roll_over_at_once(opensearch_url: str, fresh_prefix: str, node: OpenSearch) -> None:
    store = OpenSearchStore(opensearch_url, fresh_prefix)
    store.prepare()
    store.write([write(make(comments=["a"]), 1)])
    store.refresh()
    shape = Shape(rollover_documents=1)
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda _: Rollover(node, fresh_prefix, shape).look(Generation(fresh_prefix, 1)), range(4)):
            pass
    assert numbers(node, fresh_prefix) == [1, 2]
    # One that is killed in between leaves a part, which is no generation; the next one makes it whole.
    part = Generation(fresh_prefix, 3)
    aliases = {part.name("version"): {}, f"{fresh_prefix}-versions": {}}
    node.indices.create(index=part.index("version"), body={"aliases": aliases})
    new = make("https://example.com/new")
    store.write([write(new, 1)])
    store.refresh()
    assert homes(node, fresh_prefix, new.page.id) == {2}
    Rollover(node, fresh_prefix, shape).look(Generation(fresh_prefix, 2))
    assert numbers(node, fresh_prefix) == [1, 2, 3]
    store.close()


def test_the_last_number_of_a_series_is_never_full(opensearch_url: str, node: OpenSearch) -> None:
    last = Generation("a", 1999)
    assert following(last) == last
    assert not Rollover(node, "a", Shape(rollover_documents=1)).is_full(last)


def test_a_reindex_of_several_generations_rolls_over_too(
    opensearch_url: str, fresh_prefix: str, node: OpenSearch
) -> None:
    store = Spread(opensearch_url, fresh_prefix)
    store.prepare()
    complete(node, Generation(fresh_prefix, 2), {}, as_live=True)
    pages = [make(f"https://example.com/{n}", comments=["a", "b"]) for n in range(120)]
    store.write([write(page, 1) for page in pages])
    store.refresh()
    late = make("https://example.com/late", comments=["c"])
    before = [*store.export()]
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if line.startswith("round 1"):
            Rollover(node, fresh_prefix, Shape(rollover_documents=1)).look(Generation(fresh_prefix, 2))
            assert numbers(node, fresh_prefix) == [1, 2], "none begins while a reindex is under way"
        if line.endswith("writers wait") and numbers(node, fresh_prefix) == [1, 2]:
            # But one may just have begun: what is written there counts too.
            complete(node, Generation(fresh_prefix, 3), {}, as_live=True)
            Last(opensearch_url, fresh_prefix).write([write(late, 1)])

    class Last(OpenSearchStore):
        place = staticmethod(newest)

        def _generations(self) -> list[Generation]:
            return super()._generations()[-1:]

    class Sees(Reindex):
        """What it copied can be counted at once."""

        def _copy(self, listed, found) -> None:
            super()._copy(listed, found)
            self._refresh(self._new)
            self._rollover = Rollover(node, fresh_prefix, Shape(rollover_documents=300), every=0.0)

    done = Sees(node, "the node", fresh_prefix, Shape(), tell).run()
    assert done.counts == {"page": 121, "article": 121, "comment": 241, "widget": 0, "version": 0}
    assert numbers(node, fresh_prefix) == [1001, 1002]
    store.refresh()
    assert [record for record in store.export() if record.id[:20] != late.page.id] == before
    assert store.page(late.page.id) == late
    assert sum(line.endswith("writers wait") for line in told) == 2
    store.close()
