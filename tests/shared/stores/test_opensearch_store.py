"""OpenSearch beside its contract: refusals, blocks, formats, a node that is away."""

import socket
from collections.abc import Iterator

import pytest
from opensearchpy import OpenSearch

from shared.records import RecordCounts
from shared.stores.clauses import Match
from shared.stores.opensearch_indices import Generation
from shared.stores.opensearch_mappings import LAYOUT, alias, template
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import Find, StoreDownError, StoredPage, UnknownSchemaError
from tests.shared.stores.pages import make, write


@pytest.fixture
def store(opensearch_url: str, prefix: str) -> Iterator[OpenSearchStore]:
    store = OpenSearchStore(opensearch_url, prefix)
    yield store
    store.close()


def test_a_node_that_is_away_is_a_line_without_its_password() -> None:
    with socket.socket() as taken:  # bound and not listening: a connection is refused
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        store = OpenSearchStore(f"http://admin:hunter2@127.0.0.1:{port}", "test")
        for call in (store.prepare, lambda: store.write([write(make(), 1)]), lambda: store.find(Find(Match(("a",))))):
            with pytest.raises(StoreDownError, match=rf"^OpenSearch at 127.0.0.1:{port} does not answer: ") as caught:
                call()
            assert "hunter2" not in str(caught.value)
            assert "\n" not in str(caught.value)
        store.close()


@pytest.mark.opensearch
def test_a_record_that_it_refuses_is_refused_alone(store: OpenSearchStore) -> None:
    parsed = make(comments=["a", "b", "c"])
    bad = parsed.comments[1].model_copy(update={"votes": 2**70})
    other = make("https://example.com/other")
    mixed = parsed.model_copy(update={"comments": [parsed.comments[0], bad, parsed.comments[2]]})
    first, second = store.write([write(mixed, 1), write(other, 1)])
    ((refused, words),) = first.refused
    assert refused == bad.id
    assert "votes" in words
    assert "out of range" in words
    assert "\n" not in words
    assert second.refused == ()
    store.refresh()
    counts = RecordCounts(articles=1, comments=2, replies=1)
    assert first.counts == counts
    assert store.stored([parsed.page.id]) == {parsed.page.id: StoredPage(parsed.page.id, 1, counts)}
    assert store.page(other.page.id) == other


@pytest.mark.opensearch
def test_of_a_refused_record_the_earlier_version_stays(store: OpenSearchStore) -> None:
    parsed = make(comments=["a"])
    store.write([write(parsed, 1)])
    bad = parsed.comments[0].model_copy(update={"votes": 2**70})
    (written,) = store.write([write(parsed.model_copy(update={"comments": [bad]}), 2)])
    store.refresh()
    assert [record_id for record_id, _ in written.refused] == [bad.id]
    assert written.counts == RecordCounts(articles=1, comments=1)
    assert store.stored([parsed.page.id])[parsed.page.id].counts == written.counts
    assert store.record(bad.id) == parsed.comments[0]


@pytest.mark.opensearch
@pytest.mark.parametrize("block", ["read_only_allow_delete", "read_only", "write"])
def test_a_read_only_index_is_a_store_that_is_down(
    store: OpenSearchStore, node: OpenSearch, prefix: str, block: str
) -> None:
    """What a node does whose disk is nearly full (the flood stage), or a person."""
    parsed = make(comments=["a"])
    indices = f"{prefix}-*"
    node.indices.put_settings(index=indices, body={f"index.blocks.{block}": True})
    try:
        with pytest.raises(StoreDownError, match=r"cannot write: cluster_block_exception[^\n]+$"):
            store.write([write(parsed, 1)])
    finally:
        node.indices.put_settings(index=indices, body={f"index.blocks.{block}": False})
    (written,) = store.write([write(parsed, 1)])
    assert written.counts == RecordCounts(articles=1, comments=1)


@pytest.mark.opensearch
def test_what_a_write_cut_short_left_goes_with_the_next(store: OpenSearchStore, node: OpenSearch, prefix: str) -> None:
    old, new = make(comments=["old", "both"], widgets=["old"]), make(version=2, comments=["both"])
    store.write([write(old, 1)])
    node.delete(index=alias(prefix, "record"), id=old.page.id, params={"version": "1", "version_type": "external_gte"})
    store.refresh()
    assert store.stored([old.page.id])[old.page.id].version == 0
    (written,) = store.write([write(new, 2)])
    store.refresh()
    assert store.stored([old.page.id]) == {old.page.id: StoredPage(old.page.id, 2, written.counts)}
    assert store.page(new.page.id) == new


@pytest.mark.opensearch
def test_no_index_is_made_by_a_write(opensearch_url: str, fresh_prefix: str, node: OpenSearch) -> None:
    store = OpenSearchStore(opensearch_url, fresh_prefix)
    for call in (
        lambda: store.write([write(make(), 1)]),
        lambda: store.find(Find(Match(("a",)))),
        lambda: store.page("a"),
    ):
        with pytest.raises(StoreDownError, match="nothing"):
            call()
    assert node.indices.get(index=f"{fresh_prefix}-*") == {}
    store.close()


@pytest.mark.opensearch
@pytest.mark.parametrize("meta", [{"schema_version": 99, "layout": LAYOUT}, {"schema_version": 1, "layout": 1}])
def test_another_format_is_refused_in_one_line(
    opensearch_url: str, fresh_prefix: str, node: OpenSearch, meta: dict[str, int]
) -> None:
    other = template(fresh_prefix, "record")["template"]
    other["mappings"] = other["mappings"] | {"_meta": meta}
    node.indices.create(
        index=Generation(fresh_prefix, 1).index("record"), body=other | {"aliases": {alias(fresh_prefix, "record"): {}}}
    )
    store = OpenSearchStore(opensearch_url, fresh_prefix)
    with pytest.raises(UnknownSchemaError, match=rf"^index .*{meta}[^\n]*$"):
        store.prepare()
    assert not node.indices.exists_index_template(name=alias(fresh_prefix, "record"))
    store.close()


@pytest.mark.opensearch
def test_mappings_are_strict(store: OpenSearchStore, node: OpenSearch, prefix: str) -> None:
    store.refresh()
    for body in node.indices.get_mapping(index=f"{prefix}-*").values():
        assert body["mappings"]["dynamic"] == "strict"
