"""Searching OpenSearch beside the contract: how it scores, what it refuses, what it indexes."""

import re
from collections.abc import Iterator

import pytest
from opensearchpy import OpenSearch

from shared.query.errors import QueryError
from shared.stores import clauses as c
from shared.stores.opensearch_find import find_body, too_expensive
from shared.stores.opensearch_mappings import alias
from shared.stores.opensearch_queries import query_of
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import Find, StoreDownError
from tests.shared.stores.pages import make, write


@pytest.fixture
def store(opensearch_url: str, prefix: str) -> Iterator[OpenSearchStore]:
    store = OpenSearchStore(opensearch_url, prefix)
    yield store
    store.close()


@pytest.mark.opensearch
def test_ways_to_write_a_word_are_one_word(store: OpenSearchStore, node: OpenSearch, prefix: str) -> None:
    texts = ["the common word"] * 9 + ["the rare word", "the common rare word"]
    store.write([write(make(f"https://example.com/{n}", title=None, text=text), 1) for n, text in enumerate(texts)])
    store.refresh()
    query = query_of(c.Match(("none",), (("en:common",), ("en:rare",)), ("text",)))
    (explained,) = node.indices.validate_query(
        index=alias(prefix, "record"), body={"query": query}, params={"explain": "true"}
    )["explanations"]
    assert "Synonym(store.text_stems:en:common store.text_stems:en:rare)" in explained["explanation"]
    found = node.search(index=alias(prefix, "record"), body={"query": query, "size": 20, "explain": True})
    assert found["hits"]["total"]["value"] == 11
    # What earlier tests deleted may count still, so only that it is one number for both.
    explanations = str([hit["_explanation"] for hit in found["hits"]["hits"]])
    (frequency,) = set(
        re.findall(r"'value': (\d+), 'description': 'n, number of documents containing term'", explanations)
    )
    assert int(frequency) >= 10


@pytest.mark.opensearch
def test_a_score_is_multiplied_by_what_its_kind_weighs(store: OpenSearchStore) -> None:
    page = make(title=None, text="a red fox", comments=["a red fox"], widgets=["a red fox"])
    store.write([write(page, 1), write(make("https://example.com/other", text="another"), 1)])
    store.refresh()
    for kinds in (("article", "comment", "widget"), ("comment", "widget")):
        found = store.find(Find(c.Match(("red", "fox")), kinds)).findings  # type: ignore[arg-type]
        scores = {f.kind: f.place.score for f in found}
        assert [scores[kind] for kind in kinds] == pytest.approx(  # type: ignore[index]
            [{"article": 2, "comment": 1, "widget": 0.5}[kind] * scores["comment"] for kind in kinds], rel=1e-5
        )
        assert scores["comment"] == pytest.approx(store.find(Find(c.Match(("red", "fox")))).findings[1].place.score)
    assert store.find(Find(c.Prefix("fox"), ("comment",))).findings[0].place.score == 1


@pytest.mark.opensearch
@pytest.mark.parametrize(
    ("left", "right", "distance", "there"),
    [
        ([("deep",), ("deep", "white")], [("snow",)], 0, True),
        ([("deep",), ("white", "deep")], [("snow",)], 0, False),
        ([("deep", "white", "snow"), ("deep",)], [("fell",), ("snow", "fell")], 1, True),
        ([("snow",)], [("snow",)], 1, True),
        ([("snow",)], [("snow",)], 0, False),
        ([("snow", "fell")], [("fell", "snow")], 5, False),
        ([("snow",), ("fell",)], [("snow",), ("fell",)], 0, True),
    ],
)
def test_ways_of_other_lengths_are_near(
    store: OpenSearchStore, left: list[tuple[str, ...]], right: list[tuple[str, ...]], distance: int, *, there: bool
) -> None:
    store.write([write(make(text="deep white snow fell snow", language=None), 1)])
    store.refresh()
    one, other = (c.Match(("none",), tuple(ways), ("text",)) for ways in (left, right))
    assert store.find(Find(c.Near(one, other, distance))).total == there
    assert store.find(Find(c.Near(other, one, distance))).total == there


@pytest.mark.opensearch
def test_a_query_of_too_many_parts_is_told(store: OpenSearchStore) -> None:
    parts = c.Any(tuple(c.Match((f"w{n}",), fields=("text",)) for n in range(1100)))
    with pytest.raises(QueryError, match=r"^the query has too many parts[^\n]+$"):
        store.find(Find(parts))


@pytest.mark.opensearch
def test_no_part_of_an_answer_is_given_as_the_whole(opensearch_url: str, fresh_prefix: str, node: OpenSearch) -> None:
    store = OpenSearchStore(opensearch_url, fresh_prefix)
    store.prepare()
    store.write([write(make(comments=["a"]), 1)])
    store.refresh()
    assert store.find(Find(c.Everything())).total == 2
    nowhere = {"index.routing.allocation.require._name": "no such node"}
    node.indices.create(
        index=f"{alias(fresh_prefix, 'record')}-000002",
        body={"aliases": {alias(fresh_prefix, "record"): {}}, "settings": nowhere},
        params={"wait_for_active_shards": "0"},
    )
    for sort in ("relevance", "newest"):
        with pytest.raises(StoreDownError, match=r"^[^\n]+$"):
            store.find(Find(c.Everything(), sort=sort))  # type: ignore[arg-type]
    store.close()


def test_a_query_that_takes_too_long_is_told() -> None:
    """As a node answers that gave up after 0.2 s of looking for words that begin with each letter."""
    cause = {"type": "time_exceeded_exception", "reason": None}
    answer = {
        "error": {
            "root_cause": [cause],
            "type": "search_phase_execution_exception",
            "reason": "Partial shards failure",
            "phase": "dfs_query",
            "grouped": True,
            "failed_shards": [{"shard": 0, "index": "x-records-000001", "node": "V", "reason": cause}],
        },
        "status": 500,
    }
    assert too_expensive(answer) == "the query takes too long: narrow it by another word or a filter"
    assert find_body(Find(c.Everything()))["timeout"] == "1s"
    for other in (None, "<html>", {"error": "x"}, {"error": {"root_cause": [{"type": "x", "reason": "y"}]}}):
        assert too_expensive(other) is None


@pytest.mark.opensearch
def test_what_is_made_from_a_record_is_not_kept(store: OpenSearchStore, node: OpenSearch, prefix: str) -> None:
    """It is made anew by a reindex. People may still search the record's own text."""
    store.write([write(make(text="Deep snow"), 1)])
    store.refresh()
    found = node.search(index=alias(prefix, "record"), body={"query": {"match_phrase": {"text": "deep SNOW"}}})
    (hit,) = found["hits"]["hits"]
    assert not [name for name in hit["_source"]["store"] if name.endswith(("_words", "_stems"))]
    assert hit["_source"]["store"]["host"] == ["blog.example.com"]
