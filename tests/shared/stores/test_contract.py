"""What every store does with what is written: one suite, run on each."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from shared.records import Comment, RecordCounts
from shared.stores.protocol import Store, StoredPage
from tests.shared.stores.conftest import STORES, openers
from tests.shared.stores.pages import OpenStore, fetched, found, gone, make, texts, write

ROLLED = pytest.param("opensearch-rolled", marks=pytest.mark.opensearch)


@pytest.fixture(params=[*STORES, ROLLED])
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Here also over several generations of indices."""
    yield from openers(request, tmp_path)


# What is written comes back


def test_a_page_comes_back_whole(store: Store) -> None:
    parsed = make(comments=["first", "second", "third"], widgets=["menu", "footer", "menu"])
    (written,) = store.write([write(parsed, 1)])
    assert written.version == 1
    assert written.refused == ()
    assert written.counts == RecordCounts(articles=1, comments=3, replies=2, widgets=3)
    assert store.page(parsed.page.id) == parsed
    assert store.record(parsed.comments[1].id) == parsed.comments[1]
    assert store.record(parsed.page.id) == parsed.page


def test_what_is_not_there_is_none(store: Store) -> None:
    absent = make("https://example.org/absent")
    assert store.page(absent.page.id) is None
    assert store.record(absent.widgets[0].id if absent.widgets else f"{absent.page.id}:a") is None
    assert store.stored([absent.page.id]) == {}
    assert store.versions(absent.page.id) == []
    assert list(store.page_ids()) == []
    assert list(store.export()) == []


def test_comments_come_in_order_of_position(store: Store) -> None:
    parsed = make(comments=[f"comment {n}" for n in range(12)])
    store.write([write(parsed.model_copy(update={"comments": parsed.comments[::-1]}), 1)])
    page = store.page(parsed.page.id)
    assert page is not None
    assert [c.position for c in page.comments] == ["1", *(f"1.{n}" for n in range(1, 12))]


def test_segments_are_not_stored(store: Store) -> None:
    parsed = make()
    store.write([write(parsed.model_copy(update={"segments": []}), 1)])
    assert store.page(parsed.page.id) == parsed


def test_a_reader_sees_what_another_wrote(store: Store, open_again: OpenStore) -> None:
    reader = open_again(write=False)
    first, second = make("https://example.com/1"), make("https://example.com/2")
    store.write([write(first, 1)])
    assert reader.page(first.page.id) == first
    store.write([write(second, 1)])
    assert reader.page(second.page.id) == second


def test_prepare_again_changes_nothing(store: Store, open_again: OpenStore) -> None:
    parsed = make()
    store.write([write(parsed, 1)])
    store.close()
    again = open_again(write=True)
    again.prepare()
    assert again.page(parsed.page.id) == parsed


# Versions


def test_an_older_version_changes_nothing(store: Store) -> None:
    new, old = make(text="new", comments=["a"]), make(text="old", comments=["b"], widgets=["w"])
    store.write([write(new, 2)])
    (written,) = store.write([write(old, 1)])
    assert (written.version, written.counts) == (2, RecordCounts(articles=1, comments=1))
    assert store.page(new.page.id) == new
    store.write([gone(old, 1)])
    assert store.page(new.page.id) == new


def test_writing_again_changes_nothing(store: Store) -> None:
    first, second = make(text="one", comments=["a"]), make(version=2, text="two", widgets=["w"])
    store.write([write(first, 1), write(second, 2)])
    store.refresh()
    before = (store.page(first.page.id), store.versions(first.page.id))
    (written,) = store.write([write(second, 2)])
    store.refresh()
    assert (store.page(first.page.id), store.versions(first.page.id)) == before
    assert written.version == 2


def test_an_articles_earlier_version_is_kept_where_its_words_changed(store: Store) -> None:
    one, same, two = make(text="one"), make(version=2, text="one"), make(version=3, text="two")
    for version, parsed in enumerate((one, same, two), 1):
        store.write([write(parsed, version)])
    store.write([write(make(version=4, text="two", title="Another title"), 4)])
    store.refresh()
    assert [(v.article.text, v.version) for v in store.versions(one.page.id)] == [("one", 2), ("two", 3)]
    assert found(store, "one") == []
    assert len(found(store, "two")) == 1


def test_an_article_that_is_no_more_is_kept_among_the_versions(store: Store) -> None:
    one, two = make(text="one"), make(version=2, text=None)
    store.write([write(one, 1)])
    (written,) = store.write([write(two, 2)])
    store.refresh()
    assert written.counts == RecordCounts()
    assert store.page(one.page.id) == two
    assert [v.article for v in store.versions(one.page.id)] == [one.article]
    assert store.record(f"{one.page.id}:a") is None


def test_a_comment_that_is_gone_stays_and_says_since_when(store: Store) -> None:
    first = make(comments=["stays", "goes", "stays too"])
    second = make(version=2, comments=["stays", "stays too"])
    store.write([write(first, 1)])
    (written,) = store.write([write(second, 2)])
    (again,) = store.write([write(make(version=3, comments=["stays", "stays too"]), 3)])
    assert written.counts == again.counts == RecordCounts(articles=1, comments=3, replies=2, gone=1)
    comment = store.record(first.comments[1].id)
    assert isinstance(comment, Comment)
    assert comment.gone_since == fetched(2)
    store.write([write(make(version=4, comments=["stays", "goes"]), 4)])
    back = store.record(first.comments[1].id)
    assert isinstance(back, Comment)
    assert back.gone_since is None


def test_what_is_parsed_again_replaces_what_was_made_of_the_same_fetch(store: Store) -> None:
    store.write([write(make(comments=["a", "goes"]), 1)])
    second = make(version=2, text="one", comments=["a", "read wrongly", "of a feed"])
    feed = second.comments[2].model_copy(update={"provenance": {"text": "comments feed"}})
    store.write([write(second.model_copy(update={"comments": [*second.comments[:2], feed]}), 2)])
    store.refresh()
    before = store.versions(make().page.id)
    parsed = make(version=2, text="one, read better", comments=["a", "b"])
    (written,) = store.write([write(parsed, 3)])
    store.refresh()
    assert (written.version, written.changed) == (3, False)
    assert store.versions(parsed.page.id) == before
    page = store.page(parsed.page.id)
    assert page is not None
    assert page.article == parsed.article
    assert {(c.text, c.gone_since is not None) for c in page.comments} == {
        ("a", False),
        ("b", False),
        ("of a feed", False),
        ("goes", True),
    }


def test_widgets_that_are_no_more_go(store: Store) -> None:
    store.write([write(make(widgets=["old", "both"]), 1)])
    new = make(version=2, widgets=["both", "new"])
    store.write([write(new, 2)])
    store.refresh()
    assert store.page(new.page.id) == new
    assert texts(store, kind="widget") == {"both", "new"}


def test_a_page_that_is_gone_stays_and_says_since_when(store: Store) -> None:
    parsed = make(comments=["a"], widgets=["w"])
    store.write([write(parsed, 1)])
    (written,) = store.write([gone(parsed, 2)])
    (again,) = store.write([gone(parsed, 3)])
    assert (written.version, again.version) == (2, 3)
    assert written.counts == again.counts == RecordCounts(articles=1, comments=1, widgets=1)
    page = store.page(parsed.page.id)
    assert page is not None
    assert page.page.gone_at == fetched(2)
    assert (page.article, page.comments, page.widgets) == (parsed.article, parsed.comments, parsed.widgets)
    back = make(version=4, comments=["a"])
    store.write([write(back, 4)])
    assert store.page(parsed.page.id) == back


def test_a_page_that_was_never_there_is_not_marked_gone(store: Store) -> None:
    parsed = make()
    (written,) = store.write([gone(parsed, 1)])
    assert written.counts == RecordCounts()
    assert store.page(parsed.page.id) is None


def test_a_page_may_come_twice_in_one_write(store: Store) -> None:
    other = make("https://example.com/other")
    first, second = make(comments=["a"]), make(version=2, comments=["b"])
    written = store.write([write(first, 1), write(other, 1), write(second, 2)])
    assert [w.version for w in written] == [1, 1, 2]
    assert written[2].counts.gone == 1
    assert store.page(other.page.id) == other


# Listing and counting


def test_listings_name_each_page_once(store: Store) -> None:
    pages = [make(f"https://example.com/{n}", comments=["a", "b"], widgets=["w"]) for n in range(120)]
    for start in range(0, len(pages), 40):
        store.write([write(p, 1) for p in pages[start : start + 40]])
    store.write([write(make("https://example.com/0", version=2, text="new"), 2)])
    store.refresh()
    ids = sorted(p.page.id for p in pages)
    assert sorted(store.page_ids()) == ids
    exported = [record.id for record in store.export()]
    assert len(exported) == len(set(exported)) == 120 * 5 - 1
    owners = [record_id.partition(":")[0] for record_id in exported]
    changes = sum(a != b for a, b in pairwise(owners))
    assert changes == 119, "the records of a page stand together"


def test_stored_counts_the_records_themselves(store: Store) -> None:
    first = make("https://example.com/1", comments=["a", "b", "c"], widgets=["w", "w"])
    second = make("https://example.com/2", text=None)
    store.write([write(first, 5), write(second, 6)])
    store.write([write(make("https://example.com/1", version=2, comments=["a", "b"], widgets=["w"]), 7)])
    store.refresh()
    assert store.stored([first.page.id, second.page.id, "a" * 20]) == {
        first.page.id: StoredPage(first.page.id, 7, RecordCounts(articles=1, comments=3, replies=2, widgets=1, gone=1)),
        second.page.id: StoredPage(second.page.id, 6, RecordCounts()),
    }


def test_versions_of_real_size_are_told_apart(store: Store) -> None:
    """Milliseconds since 1970 shifted by ten bits: near the limit of what a floating-point number tells apart."""
    parsed = make()
    version = 1_792_000_000_000 << 10 | 1023
    store.write([write(parsed, version)])
    store.refresh()
    assert store.stored([parsed.page.id])[parsed.page.id].version == version
    (written,) = store.write([write(parsed, version - 1)])
    assert written.version == version


def test_delete_takes_everything(store: Store) -> None:
    first, other = make(comments=["a"], widgets=["w"]), make("https://example.com/other")
    store.write([write(first, 1), write(make(version=2, text="changed"), 2), write(other, 1)])
    # page, article, the comment (gone now), and the article's earlier version
    assert store.delete([first.page.id, "a" * 20]) == 4
    store.refresh()
    assert store.page(first.page.id) is None
    assert store.versions(first.page.id) == []
    assert list(store.page_ids()) == [other.page.id]
    assert found(store, kind="comment") == []
    store.write([write(first, 9)])
    assert store.page(first.page.id) == first


def test_what_is_not_newer_is_deleted(store: Store) -> None:
    old, new = make("https://example.com/old", comments=["a"]), make("https://example.com/new", comments=["a"])
    store.write([write(old, 1), write(new, 1)])
    store.write([write(make("https://example.com/new", version=2, text="changed"), 2)])
    assert store.delete_older({old.page.id: 0, new.page.id: 1, "a" * 20: 9}) == 0
    assert store.delete_older({old.page.id: 1}) == 3
    store.refresh()
    assert list(store.page_ids()) == [new.page.id]
    page = store.stored([new.page.id])[new.page.id]
    assert (page.version, page.counts) == (2, RecordCounts(articles=1, comments=1, gone=1))
