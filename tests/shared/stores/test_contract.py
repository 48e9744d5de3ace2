"""What every store does: one suite, run on each."""

from datetime import timedelta
from itertools import pairwise

import pytest

from shared.records import Comment, RecordCounts
from shared.stores.protocol import Query, Store, StoredPage
from tests.shared.stores.pages import START, OpenStore, fetched, gone, make, write


def found(store: Store, text: str = "", **filters: object) -> list[str]:
    """The ids of what a query finds, sorted."""
    result = store.search(Query(text, limit=100, **filters))  # type: ignore[arg-type]
    assert result.total == len(result.hits)
    return sorted(hit.record.id for hit in result.hits)


def texts(store: Store, text: str = "", **filters: object) -> set[str]:
    result = store.search(Query(text, limit=100, **filters))  # type: ignore[arg-type]
    return {hit.record.text for hit in result.hits}  # type: ignore[union-attr]


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
    assert [a.text for a in store.versions(one.page.id)] == ["one", "two"]
    assert found(store, "one") == []
    assert len(found(store, "two")) == 1


def test_an_article_that_is_no_more_is_kept_among_the_versions(store: Store) -> None:
    one, two = make(text="one"), make(version=2, text=None)
    store.write([write(one, 1)])
    (written,) = store.write([write(two, 2)])
    store.refresh()
    assert written.counts == RecordCounts()
    assert store.page(one.page.id) == two
    assert store.versions(one.page.id) == [one.article]
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


# Searching


@pytest.fixture
def library(store: Store) -> Store:
    store.write(
        [
            write(make("https://www.example.com/a", title="Red foxes", text="A fox runs in the snow. It's e-mail."), 1),
            write(make("https://blog.example.com/b", title="Snow", text="Deep snow", comments=["No fox here"]), 1),
            write(make("https://other.org/c", title=None, text="Ο αγώνας στην οδό Σταδίου", language="el"), 1),
            write(make("https://other.org/d", text="東京都の天気", language="ja", widgets=["Τα ΝΈΑ"]), 1),
            write(make("https://other.org/e", text="Crème brûlée und Straße, ёлка", language="de-AT"), 1),
        ]
    )
    store.refresh()
    return store


def test_all_words_must_be_there(library: Store) -> None:
    assert texts(library, "snow fox") == {"A fox runs in the snow. It's e-mail."}
    assert texts(library, "snow") == {"A fox runs in the snow. It's e-mail.", "Deep snow"}
    assert texts(library, "red snow") == {"A fox runs in the snow. It's e-mail."}, "one in the title, one in the text"
    assert texts(library, "absent snow") == set()


def test_phrases_and_words_that_must_not_be_there(library: Store) -> None:
    assert texts(library, '"the snow"') == {"A fox runs in the snow. It's e-mail."}
    assert texts(library, '"snow the"') == set()
    assert texts(library, "snow -fox") == {"Deep snow"}
    assert texts(library, 'snow -"in the"') == {"Deep snow"}
    assert len(found(library, "-snow", kind="article")) == 3
    assert texts(library, "e-mail") == texts(library, "it's") == {"A fox runs in the snow. It's e-mail."}
    assert texts(library, "mail-e") == set()


def test_case_and_accents_make_no_difference(library: Store) -> None:
    greek = {"Ο αγώνας στην οδό Σταδίου"}
    for query in ("ΑΓΩΝΑΣ", "αγωνας", "Αγώνας", "ΟΔΌ ΣΤΑΔΊΟΥ", '"οδο σταδιου"'):
        assert texts(library, query) == greek, query
    for query in ("creme brulee", "CRÈME", "strasse", "STRASSE", "елка"):
        assert len(found(library, query)) == 1, query
    assert texts(library, "νεα") == {"Τα ΝΈΑ"}


def test_scripts_without_spaces_are_searched_by_their_signs(library: Store) -> None:
    assert texts(library, "天気") == {"東京都の天気"}
    assert texts(library, "東京") == {"東京都の天気"}
    assert texts(library, "京東") == set(), "the signs of a query stand together"


def test_nothing_but_space_matches_all(library: Store) -> None:
    assert len(found(library)) == 7
    assert found(library, " \n\t ") == found(library)


@pytest.mark.parametrize("text", ['"never closed', 'a "b', '-"', "***", '""', "- + !", "word " * 65])
def test_what_cannot_be_read_is_a_one_line_error(library: Store, text: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        library.search(Query(text))


@pytest.mark.parametrize("text", ["AND snow", "title:snow", "sn*w", "a:b", "fox~2", "[a TO b]"])
def test_no_other_syntax_is_known(library: Store, text: str) -> None:
    assert found(library, text) == []


@pytest.mark.parametrize("text", ["(fox", "fox)", "\\ fox", "fox*"])
def test_signs_around_words_mean_nothing(library: Store, text: str) -> None:
    assert len(found(library, text)) == 2


def test_kinds(library: Store) -> None:
    assert [len(found(library, kind=kind)) for kind in ("page", "article", "comment", "widget")] == [5, 5, 1, 1]
    assert len(found(library, "snow", kind="page")) == 1
    assert all(":" in record_id for record_id in found(library)), "pages come only when asked for"


def test_language(library: Store) -> None:
    assert len(found(library, language="EL")) == 1
    assert len(found(library, language="de")) == len(found(library, language="de-at")) == 1
    assert found(library, language="de-CH") == found(library, language="d") == []


def test_site(library: Store) -> None:
    assert len(found(library, site="example.com")) == 3
    assert found(library, site="www.Example.COM") == found(library, site="https://example.com/") != []
    assert len(found(library, site="blog.example.com")) == 2
    assert found(library, site="xample.com") == []
    assert len(found(library, "snow", site="example.com", kind="article")) == 2
    with pytest.raises(ValueError, match="not a site"):
        library.search(Query(site="not a site"))


def test_site_of_a_page_that_was_redirected(store: Store) -> None:
    parsed = make("https://short.example/x", final_url="https://long.example.net/y")
    store.write([write(parsed, 1)])
    store.refresh()
    assert found(store, site="short.example") == found(store, site="example.net") == [f"{parsed.page.id}:a"]


def test_time(store: Store) -> None:
    days = [START + timedelta(days=n) for n in range(3)]
    for n, day in enumerate(days):
        store.write([write(make(f"https://example.com/{n}", published_at=day, text=f"day {n}", widgets=["w"]), 1)])
    store.write([write(make("https://example.com/none", text="no day"), 1)])
    store.refresh()
    assert texts(store, since=days[1]) == {"day 1", "day 2"}
    assert texts(store, until=days[1]) == {"day 0"}
    assert texts(store, since=days[1], until=days[2]) == {"day 1"}
    assert len(found(store, kind="page", since=fetched(1))) == 4
    assert found(store, kind="page", until=fetched(1)) == []


@pytest.mark.parametrize("year", [1, 1969, 2999, 9999])
def test_any_year_can_be_stored(store: Store, year: int) -> None:
    parsed = make(published_at=START.replace(year=year))
    (written,) = store.write([write(parsed, 1)])
    store.refresh()
    assert written.refused == ()
    assert store.page(parsed.page.id) == parsed
    assert len(found(store, since=START.replace(year=year), until=START.replace(year=year, day=2))) == 1


def test_limit_and_offset(store: Store) -> None:
    store.write([write(make(f"https://example.com/{n}", text=f"snow {n}"), 1) for n in range(25)])
    store.refresh()
    pages = [store.search(Query("snow", limit=10, offset=offset)) for offset in (0, 10, 20, 30)]
    assert [len(p.hits) for p in pages] == [10, 10, 5, 0]
    assert {p.total for p in pages} == {25}
    assert len({hit.record.id for p in pages for hit in p.hits}) == 25
    assert store.search(Query("snow", limit=0)) == type(pages[0])(25, [])
    for wrong in (Query(limit=-1), Query(offset=-1), Query(offset=10_000)):
        with pytest.raises(ValueError, match=r"^[^\n]+$"):
            store.search(wrong)


def test_hits_carry_page_kind_and_snippet(library: Store) -> None:
    (hit,) = library.search(Query("here")).hits
    assert (hit.kind, hit.page_url, hit.snippet) == ("comment", "https://blog.example.com/b", "No fox «here»")
    assert hit.score > 0
    (page,) = library.search(Query("foxes", kind="page")).hits
    assert (page.kind, page.snippet) == ("page", "Red «foxes»")


def test_a_title_counts_more_and_an_article_most(store: Store) -> None:
    in_text = make("https://example.com/1", title="Other", text="about the fox and more", widgets=["the fox"])
    in_title = make("https://example.com/2", title="The fox", text="about another animal and more")
    store.write([write(in_text, 1), write(in_title, 1)])
    store.refresh()
    hits = store.search(Query("fox")).hits
    assert [h.record.id for h in hits[:2]] == [f"{in_title.page.id}:a", f"{in_text.page.id}:a"]


# Size


def test_a_page_of_thousands_of_comments(store: Store) -> None:
    """More than one bulk request takes: 12 MB."""
    parsed = make(comments=[f"{n} " + "words of a comment " * 300 for n in range(2000)])
    (written,) = store.write([write(parsed, 1)])
    store.refresh()
    assert written.counts == RecordCounts(articles=1, comments=2000, replies=1999)
    assert store.stored([parsed.page.id])[parsed.page.id].counts == written.counts
    assert store.page(parsed.page.id) == parsed


def test_text_of_any_kind(store: Store) -> None:
    parsed = make(text="x" * 100_000 + " \x00 \x1b 🦊 \u202e \ufeff " + "é" * 40_000, title="\x00", comments=["", " "])
    (written,) = store.write([write(parsed, 1)])
    assert written.refused == ()
    assert store.page(parsed.page.id) == parsed
