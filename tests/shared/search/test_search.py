"""Search over a store: what is more than the store's own answers (tests/shared/stores has those)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.query.values import filter_of
from shared.records import Article
from shared.search import changes as changes_module
from shared.search.changes import changes
from shared.search.request import Group, Result, Search
from shared.search.search import every, more_like, search
from shared.stores.protocol import Find
from shared.stores.tantivy_store import TantivyStore
from tests.shared.stores.pages import START, make, write


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TantivyStore]:
    opened = TantivyStore(tmp_path, write=True)
    opened.prepare()
    yield opened
    opened.close()


def texts(result: Result) -> list[str]:
    return [hit.record.text for hit in result.hits]  # type: ignore[union-attr]


def all_groups(store: TantivyStore, asked: Search) -> list[list[Group]]:
    pages: list[list[Group]] = []
    while True:
        result = search(store, asked)
        pages.append(result.groups)
        if result.next is None:
            return pages
        asked = replace(asked, after=result.next)


# Words


def test_a_stop_word_may_be_absent_in_its_language_alone(store: TantivyStore) -> None:
    store.write(
        [
            write(make("https://e.com/1", title=None, text="war memories", language="en"), 1),
            write(make("https://e.com/2", title=None, text="der war memories", language="fr"), 1),
            write(make("https://e.com/3", title=None, text="the memories", language="fr"), 1),
        ]
    )
    assert texts(search(store, Search("the memories"))) == ["the memories", "war memories"]
    assert texts(search(store, Search("=the memories"))) == ["the memories"]
    assert texts(search(store, Search('"the memories"'))) == ["the memories"]
    assert texts(search(store, Search("the"))) == ["the memories"], (
        "where nothing else is asked for it must stand there"
    )


def test_words_are_stemmed_as_their_record_is(store: TantivyStore) -> None:
    store.write(
        [
            write(make("https://e.com/1", title=None, text="the elections were held", language="en"), 1),
            write(make("https://e.com/2", title=None, text="οι εκλογές έγιναν", language="el"), 1),
            write(make("https://e.com/3", title=None, text="die Wahlen fanden statt", language="de"), 1),
        ]
    )
    assert texts(search(store, Search("election"))) == ["the elections were held"]
    assert texts(search(store, Search("=election"))) == []
    assert texts(search(store, Search("εκλογων"))) == ["οι εκλογές έγιναν"]
    assert texts(search(store, Search("Wahl"))) == texts(search(store, Search("wahl lang:de")))
    assert texts(search(store, Search("Wahl"))) == ["die Wahlen fanden statt"]


# Spelling


def test_a_word_that_stands_nowhere_is_corrected(store: TantivyStore) -> None:
    store.write([write(make(f"https://e.com/{n}", text="the parliament of turnips"), 1) for n in range(4)])
    result = search(store, Search("parlaiment turnips kind:article", facets=("kind",)))
    assert (result.total, result.corrected, result.did_you_mean) == (4, "parliament turnips kind:article", None)
    assert "«parliament»" in result.hits[0].snippet.marked()
    assert result.facets == {"kind": [("article", 4)]}
    for text in ("=parlaiment", "parlaiment*", '"parlaiment of"', "site:parlaiment.example", "zzzzzz"):
        assert search(store, Search(text)).corrected is None, text


def test_a_rare_word_that_is_nearly_a_frequent_one_is_told(store: TantivyStore) -> None:
    store.write([write(make(f"https://e.com/{n}", text="the parliament"), 1) for n in range(4)])
    store.write([write(make("https://e.com/x", text="the parlament"), 1)])
    result = search(store, Search("parlament"))
    assert (result.total, result.corrected, result.did_you_mean) == (1, None, "parliament")


def test_words_that_many_use_are_not_taken_for_slips(store: TantivyStore) -> None:
    """They only do not stand together."""
    texts_of_each = ["the parliament"] * 12 + ["the turnips", "the turnip"] * 6
    store.write([write(make(f"https://e.com/{n}", text=text), 1) for n, text in enumerate(texts_of_each)])
    result = search(store, Search("parliament turnips"))
    assert (result.total, result.corrected, result.did_you_mean) == (0, None, None)
    assert search(store, Search("parlament turnips")).corrected is None
    assert search(store, Search("parlament")).corrected == "parliament"


def test_of_many_words_only_some_are_tried(store: TantivyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each word costs several searches."""
    store.write([write(make("https://e.com/1", text="the parliament"), 1)])
    asked: list[Find] = []
    find = store.find
    monkeypatch.setattr(store, "find", lambda question: asked.append(question) or find(question))
    search(store, Search(" ".join(f"absent{n}x" for n in range(60))))
    assert len(asked) < 12


# Groups


@pytest.fixture(scope="module", params=[9, 300])
def press(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[TantivyStore]:
    """Seven pages, one with a long thread; of each the article and its comments speak of turnips."""
    opened = TantivyStore(tmp_path_factory.mktemp("press"), write=True)
    opened.prepare()
    for n in range(7):
        many = [f"turnips {n} {m}" for m in range(request.param if n == 3 else 2)]
        opened.write([write(make(f"https://e.com/{n}", title=f"Page {n}", text=f"turnips {n}", comments=many), 1)])
    yield opened
    opened.close()


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("limit", [1, 3, 10])
def test_each_page_is_one_group_however_its_records_lie(press: TantivyStore, limit: int, sort: str) -> None:
    asked = Search("turnips", group=True, limit=limit, sort=sort)  # type: ignore[arg-type]
    pages = all_groups(press, asked)
    groups = [group for page in pages for group in page]
    assert sorted(group.page_url[-1] for group in groups) == list("0123456")
    assert all(len(page) == limit for page in pages[:-1])
    for group in groups:
        assert group.page is not None
        assert group.page.url == group.page_url
        assert len(group.hits) + group.more in ((10, 301) if group.page_url[-1] == "3" else (3,))
        assert 1 <= len(group.hits) <= 3
    if sort == "relevance":
        assert all(isinstance(group.hits[0].record, Article) for group in groups)


def test_reprints_are_folded_into_one_group(store: TantivyStore) -> None:
    text = " ".join(f"word{n} of a story about turnips" for n in range(60))
    urls = [f"https://{site}.example/story" for site in "abc"]
    store.write([write(make(url, text=text, comments=[f"turnips {url}"]), 1) for url in urls])
    result = search(store, Search("turnips", group=True, limit=5))
    (group,) = result.groups
    assert result.total == 6
    assert sorted([group.page_url, *(hit.page_url for hit in group.reprints)]) == urls
    assert len(group.hits) + len(group.reprints) + group.more == 6


# All, and what is new


def test_every_result_comes_once(press: TantivyStore) -> None:
    found = [record.id for record in every(press, Search("turnips", (filter_of("kind", "comment"),)))]
    assert len(found) == len(set(found)) in (21, 312)


def test_changes_come_in_order_whole_and_when_they_have_settled(
    store: TantivyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make("https://e.com/1", comments=["one"], published_at=START)
    store.write([write(first, 1)])
    assert changes(store, None, 10) == ([], None), "a write under way elsewhere may be older"
    monkeypatch.setattr(changes_module, "_SETTLED", timedelta(seconds=-1))
    pages, cursor = changes(store, None, 10)
    assert pages == [first]
    assert changes(store, cursor, 10) == ([], cursor)
    second, again = make("https://e.com/2"), make("https://e.com/1", version=2, text="news")
    store.write([write(second, 1)])
    store.write([write(again, 2)])
    pages, cursor = changes(store, cursor, 1)
    assert [p.page.url for p in pages] == ["https://e.com/2"]
    pages, cursor = changes(store, cursor, 1)
    assert [p.article.text for p in pages if p.article] == ["news"]


def test_more_like_one(press: TantivyStore) -> None:
    article = search(press, Search("turnips title:page", limit=1)).hits[0].record
    like = more_like(press, article.id, 3)
    assert like is not None
    assert len(like) == 3
    assert all(isinstance(hit.record, Article) and hit.record.id != article.id for hit in like)
    assert more_like(press, "aaaaaaaaaaaaaaaaaaaa:a") is None
