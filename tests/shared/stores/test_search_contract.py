"""What every store finds: one suite, run on each."""

from datetime import timedelta

import pytest

from shared.query.errors import QueryError
from shared.records import RecordCounts
from shared.search.request import Search
from shared.search.search import search
from shared.stores.cursors import CursorError
from shared.stores.protocol import Store
from tests.shared.stores.pages import START, ask, fetched, found, make, texts, write

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
    assert len(found(library, "-snow kind:article")) == 3
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
    with pytest.raises(QueryError, match=r"^[^\n]+$"):
        ask(library, text)


def test_kinds(library: Store) -> None:
    assert [len(found(library, kind=kind)) for kind in ("page", "article", "comment", "widget")] == [5, 5, 1, 1]
    assert len(found(library, "snow", kind="page")) == 1
    assert all(":" in record_id for record_id in found(library)), "pages come only when asked for"


def test_language(library: Store) -> None:
    assert len(found(library, lang="EL")) == 1
    assert len(found(library, lang="de")) == len(found(library, lang="de-at")) == 1
    assert found(library, lang="de-CH") == found(library, lang="dd") == []


def test_site(library: Store) -> None:
    assert len(found(library, site="example.com")) == 3
    assert found(library, site="www.Example.COM") == found(library, site="https://example.com/") != []
    assert len(found(library, site="blog.example.com")) == 2
    assert found(library, site="xample.com") == []
    assert len(found(library, "snow", site="example.com", kind="article")) == 2
    with pytest.raises(QueryError, match="is no host"):
        found(library, site="not a site")


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
    assert texts(store, after="2026-01-02") == {"day 1", "day 2"}
    assert texts(store, before="2026-01-02") == {"day 0"}
    assert texts(store, date="2026-01-02") == texts(store, "after:2026-01-02 before:2026-01-03") == {"day 1"}
    assert texts(store, date="2026-01-01..2026-01-02") == {"day 0", "day 1"}
    assert len(found(store, kind="page", after=fetched(1).isoformat())) == 4
    assert found(store, kind="page", before=fetched(1).isoformat()) == []


@pytest.mark.parametrize("year", [1, 1969, 2999, 9999])
def test_any_year_can_be_stored(store: Store, year: int) -> None:
    parsed = make(published_at=START.replace(year=year))
    (written,) = store.write([write(parsed, 1)])
    store.refresh()
    assert written.refused == ()
    assert store.page(parsed.page.id) == parsed
    assert len(found(store, date=f"{year:04}-01-01")) == 1


@pytest.mark.parametrize("text", ["snow", "kind:article"])
def test_pages_of_results(store: Store, text: str) -> None:
    store.write([write(make(f"https://example.com/{n}", text=f"snow {n}"), 1) for n in range(25)])
    store.refresh()
    seen: list[str] = []
    after: str | None = None
    for size in (10, 10, 5):
        result = search(store, Search(text, after=after))
        assert (result.total, len(result.hits)) == (25, size)
        seen += [hit.record.id for hit in result.hits]
        after = result.next
    assert after is None
    assert len(set(seen)) == 25
    for wrong in (0, -1, 101):
        with pytest.raises(ValueError, match=r"^[^\n]+$"):
            search(store, Search(text, limit=wrong))


@pytest.mark.parametrize("cursor", ["x", "!", "WyJvbGRlc3QiLDFd", "W10", "é", "A" * 10_000, "WyJyZWxldmFuY2UiLG51bGxd"])
def test_a_wrong_cursor_is_told(library: Store, cursor: str) -> None:
    with pytest.raises(CursorError, match=r"^[^\n]+$"):
        search(library, Search("snow", after=cursor))


def test_hits_carry_page_kind_and_snippet(library: Store) -> None:
    (hit,) = ask(library, "=here").hits
    assert (hit.kind, hit.page_url, hit.snippet.marked()) == ("comment", "https://blog.example.com/b", "No fox «here»")
    assert hit.score > 0
    (page,) = ask(library, "foxes", kind="page").hits
    assert (page.kind, page.snippet.marked()) == ("page", "Red «foxes»")


def test_a_title_counts_more_and_an_article_most(store: Store) -> None:
    in_text = make("https://example.com/1", title="Other", text="about the fox and more", widgets=["the fox"])
    in_title = make("https://example.com/2", title="The fox", text="about another animal and more")
    store.write([write(in_text, 1), write(in_title, 1)])
    store.refresh()
    hits = ask(store, "fox").hits
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
