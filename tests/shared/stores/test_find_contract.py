"""What every store answers to clauses, sorts, cursors and facets: one suite, run on each."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.stores import clauses as c
from shared.stores.cursors import CursorError
from shared.stores.indexed import index_page, written_key
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import Find, Findings, Store
from shared.stores.tantivy_store import TantivyStore
from tests.shared.stores.conftest import STORES, made
from tests.shared.stores.pages import START, make, signed, write


def match(
    *words: str, stems: tuple[tuple[str, ...], ...] = (), fields: tuple[c.TextField, ...] = c.EVERY_FIELD
) -> c.Match:
    return c.Match(words, stems, fields)


def names(found: Findings) -> list[str]:
    """What was found, by texts; of articles the titles."""
    return [getattr(f.record, "title", None) or f.record.text for f in found.findings]  # type: ignore[union-attr]


def ask(store: Store, clause: c.Clause, **more: object) -> list[str]:
    """What matches, in no order."""
    found = store.find(Find(clause, limit=100, **more))  # type: ignore[arg-type]
    assert found.total == len(found.findings)
    return sorted(names(found))


@pytest.fixture(scope="module", params=STORES)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that is written once and only read by the tests."""
    with ExitStack() as closing:
        store: Store
        if request.param == "tantivy":
            store = TantivyStore(tmp_path_factory.mktemp("library"), write=True)
        else:
            url = request.getfixturevalue("opensearch_url")
            store = OpenSearchStore(url, closing.enter_context(made(url)))
        closing.callback(store.close)
        store.prepare()
        fill(store)
        yield store


def fill(store: Store) -> None:
    days = [START + timedelta(days=n) for n in range(9)]
    fox = make("https://example.com/a", title="Foxes", text="red foxes run through deep snow", published_at=days[3])
    owl = make("https://example.com/b", title="Owls", text="a fox and an owl", comments=["deep", "red snow", "an owl"])
    store.write(
        [
            write(signed(fox, "Maria de Silva", "Bob", tags=("Wild life",)), 1),
            write(owl, 1),
            write(
                make(
                    "https://other.org/c",
                    title="Füchse",
                    text="ein Fuchs im Schnee",
                    language="de-AT",
                    published_at=days[1],
                ),
                1,
            ),
            write(
                signed(
                    make("https://other.org/d", title="Snow", text="it was deep", widgets=["red"]),
                    "Bob",
                    source="Reuters",
                ),
                1,
            ),
        ]
    )
    store.refresh()


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (match("fox"), ["Owls"]),
        (match("fox", stems=(("en:fox",),)), ["Foxes", "Owls"]),
        (match("red", "foxes"), ["Foxes"]),
        (match("foxes", "red"), []),
        (match("x", "y", stems=(("en:red", "en:fox"), ("nothing", "here"))), ["Foxes"]),
        (match("snow", fields=("title",)), ["Snow"]),
        (match("snow", fields=("text",)), ["Foxes", "red snow"]),
        (match("bob"), ["Foxes", "Snow"]),
        (match("de", "silva", fields=("author",)), ["Foxes"]),
        (match("silva", "bob"), []),
        (match("wild"), ["Foxes"]),
        (match("reuters", fields=("names",)), ["Snow"]),
        (c.Prefix("fo"), ["Foxes", "Owls"]),
        (c.Prefix("fu", ("title",)), ["Füchse"]),
        (c.Prefix("f.*"), []),
        (c.Near(match("red"), match("run"), 1), ["Foxes"]),
        (c.Near(match("run"), match("red"), 1), ["Foxes"]),
        (c.Near(match("red"), match("run"), 0), []),
        (c.Near(match("red", "foxes"), match("deep", "snow"), 2), ["Foxes"]),
        (c.Near(match("red", "foxes"), match("deep", "snow"), 1), []),
        (c.Near(match("x", stems=(("en:fox",),)), match("x", stems=(("en:through",), ("en:snow",))), 1), ["Foxes"]),
        (c.Near(match("foxes"), match("bob"), 20), []),
        (c.Keyword("kind", ("comment", "widget")), ["an owl", "deep", "red", "red snow"]),
        (c.Keyword("kind", ()), []),
        (c.Keyword("site", ("other.org",)), ["Füchse", "Snow", "red"]),
        (c.Keyword("language", ("de",)), ["Füchse"]),
        (c.Keyword("tag", ("wild life",)), ["Foxes"]),
        (c.Keyword("source", ("reuters",)), ["Snow"]),
        (c.Keyword("flags", ("comments",)), ["Owls"]),
        (c.Keyword("flags", ("reply",)), ["an owl", "red snow"]),
        (c.Keyword("flags", ("replies",)), ["deep"]),
        (c.Keyword("month", ("2026-01",)), ["Foxes", "Füchse"]),
        (c.Keyword("url", ("https://example.com/b",)), ["Owls", "an owl", "deep", "red snow"]),
        (c.Number("depth", 1, None), ["an owl", "red snow"]),
        (c.Number("depth", None, 0), ["deep"]),
        (c.Number("depth", 1, 0), []),
        (c.Not(c.Keyword("kind", ("article",))), ["an owl", "deep", "red", "red snow"]),
        (c.All((match("deep"), c.Not(match("snow")))), ["deep"]),
        (c.All((c.Not(match("deep")), c.Not(match("red")))), ["Füchse", "Owls", "an owl"]),
        (c.Any((match("owl"), match("schnee"))), ["Füchse", "Owls", "an owl"]),
        (c.Any((match("owl"), c.Not(match("deep")))), ["Füchse", "Owls", "an owl", "red", "red snow"]),
        (
            c.All((c.Any((match("red"), match("owl"))), c.Any((match("snow"), match("an"))))),
            ["Foxes", "Owls", "an owl", "red snow"],
        ),
    ],
)  # fmt: skip
def test_clauses(library: Store, clause: c.Clause, expected: list[str]) -> None:
    assert ask(library, clause) == expected


def test_a_thread_and_its_parts(library: Store) -> None:
    page = next(f.record for f in library.find(Find(match("owls"))).findings)
    thread = c.Keyword("thread", (page.page_id,))  # type: ignore[union-attr]
    assert ask(library, thread) == ["Owls", "an owl", "deep", "red snow"]
    first = next(f.record.id for f in library.find(Find(c.All((thread, match("deep"))))).findings)
    assert ask(library, c.Keyword("thread", (first,))) == ["an owl", "deep", "red snow"]


def test_scores(library: Store) -> None:
    found = library.find(Find(match("snow", stems=(("en:snow",),)))).findings
    assert [f.place.score for f in found] == sorted((f.place.score for f in found), reverse=True)
    assert all(f.place.score > 0 for f in found)
    assert names(library.find(Find(match("snow"))))[0] == "Snow", "in the title"
    filtered = library.find(Find(c.All((match("snow"), c.Keyword("kind", ("article",)), c.Not(match("owl")))))).findings
    scores = {f.record.id: f.place.score for f in library.find(Find(match("snow"))).findings}
    assert all(f.place.score == pytest.approx(scores[f.record.id]) for f in filtered), "filters add nothing"


def test_what_is_written_in_several_ways_counts_as_the_most_frequent(store: Store) -> None:
    """One language's stem is rare, another's is not: a record is not better for having the rare one."""
    pages = [make(f"https://example.com/{n}", title=None, text=f"the common {n} word") for n in range(20)]
    store.write([write(p, 1) for p in [*pages, make("https://example.com/x", title=None, text="the rare y word")]])
    store.refresh()
    found = store.find(Find(match("none", stems=(("en:common",), ("en:rare",))), limit=30)).findings
    assert len(found) == 21
    assert max(f.place.score for f in found) == pytest.approx(min(f.place.score for f in found), rel=0.02)


def test_a_word_is_found_however_many_ways_there_are_to_write_it(store: Store) -> None:
    """Some thirty languages make hundreds of letters of one long word: none is cut, and no part finds anything."""
    long = [letter * 24 for letter in "abcdefghijklmnopqrstuvw"]
    words = [*long, *(word[:n] for word in long for n in range(1, 24))]
    store.write([write(make(f"https://example.com/{word}", title=None, text=word, language=None), 1) for word in words])
    store.refresh()
    found = store.find(Find(match("none", stems=tuple((word,) for word in long)), limit=600)).findings
    assert sorted(names(Findings(0, found))) == long


def pages_of(store: Store, find: Find) -> Iterator[list[str]]:
    while True:
        found = store.find(find)
        if not found.findings:
            return
        yield [f.record.id for f in found.findings]
        find = replace(find, after=found.findings[-1].place.after)


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_of_results_hold_each_record_once(store: Store, sort: str) -> None:
    """Also where many have one score and one time."""
    days = [START + timedelta(days=n // 4) if n % 3 else None for n in range(23)]
    parsed = [make(f"https://example.com/{n}", text="the same", published_at=day) for n, day in enumerate(days)]
    store.write([write(p, 1) for p in parsed])
    store.refresh()
    pages = list(pages_of(store, Find(match("same"), sort=sort, limit=5)))  # type: ignore[arg-type]
    ids = [record_id for page in pages for record_id in page]
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3]
    assert sorted(ids) == sorted(p.article.id for p in parsed if p.article)
    if sort != "relevance":
        time = {p.article.id: day for p, day in zip(parsed, days, strict=True) if p.article}
        dated = [time[record_id] for record_id in ids if time[record_id] is not None]
        assert dated == sorted(dated, reverse=sort == "newest")  # type: ignore[type-var]
        assert all(time[record_id] is None for record_id in ids[len(dated) :]), "undated ones come last"


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_places_are_what_is_found_unread(library: Store, sort: str) -> None:
    asked = Find(c.Everything(), sort=sort, limit=5, facets={"kind": 3})  # type: ignore[arg-type]
    found, unread = library.find(asked), library.places(asked)
    assert (unread.total, unread.facets) == (found.total, found.facets)
    assert unread.places == [finding.place for finding in found.findings]
    assert [place.after for place in unread.places] == [finding.place.after for finding in found.findings]
    findings, pages = library.read(unread.places[::-1])
    assert findings == found.findings[::-1]
    assert {page.url for page in pages.values()} == {finding.page_url for finding in found.findings}
    assert all(page.id == page_id for page_id, page in pages.items())
    again = library.places(replace(asked, limit=9)).places
    assert [place.mark for place in again[:5]] == [place.mark for place in unread.places]
    assert len({place.mark for place in again}) == len(again)
    assert library.read([]) == ([], {})


@pytest.mark.parametrize(("sort", "one", "other"), [("newest", 65, 4907), ("oldest", 1112, 4920)])
def test_records_of_one_second_whose_ids_have_one_hash_come_each(store: Store, sort: str, one: int, other: int) -> None:
    """One pair in some thousand records of a second is such: of two none is passed over where a page ends between."""
    parsed = [make(f"https://example.com/{n}", text="the same", published_at=START) for n in (one, other, "x")]
    keys = [[*index_page(each, START)][1][1].numbers[sort] for each in parsed]  # type: ignore[index]
    assert keys[0] == keys[1] != keys[2]
    store.write([write(each, 1) for each in parsed])
    store.refresh()
    for limit in (1, 2):
        pages = list(pages_of(store, Find(c.Everything(), sort=sort, limit=limit)))  # type: ignore[arg-type]
        assert sorted(found for page in pages for found in page) == sorted(p.article.id for p in parsed if p.article)
    # Of the two the one that was found is read, and not its double in its place.
    for each in parsed:
        (place,) = store.places(Find(c.All((c.Everything(), c.Keyword("page_id", (each.page.id,)))), sort=sort)).places  # type: ignore[arg-type]
        findings, pages_read = store.read([place])
        assert ([f.record for f in findings], list(pages_read)) == ([each.article], [each.page.id])


def test_a_listing_by_time_stays_whole_while_records_are_written(store: Store) -> None:
    store.write([write(make(f"https://example.com/{n}", published_at=START + timedelta(days=n)), 1) for n in range(9)])
    store.refresh()
    first = store.find(Find(c.Everything(), sort="newest", limit=4))
    store.write([write(make("https://example.com/new", published_at=START + timedelta(days=99)), 1)])
    store.refresh()
    rest = store.find(Find(c.Everything(), sort="newest", limit=9, after=first.findings[-1].place.after))
    days = [f.record.published_at for f in [*first.findings, *rest.findings]]  # type: ignore[union-attr]
    assert days == [START + timedelta(days=n) for n in range(8, -1, -1)]
    assert rest.total == 10


def test_pages_by_when_they_were_written(store: Store) -> None:
    before = datetime.now(UTC)
    for n in range(3):
        store.write([write(make(f"https://example.com/{n}"), 1)])
    store.refresh()
    find = Find(c.Number("written", written_key(before), None), ("page",), "written", 2)
    urls = [[f.page_url[-1] for f in store.find(find).findings]]
    find = replace(find, after=store.find(find).findings[-1].place.after)
    assert [*urls, [f.page_url[-1] for f in store.find(find).findings]] == [["0", "1"], ["2"]]
    assert store.find(replace(find, clause=c.Number("written", None, written_key(before) - 1), after=None)).total == 0


@pytest.mark.parametrize("sort", ["relevance", "newest"])
@pytest.mark.parametrize("cursor", ["x", "!", "W10", "é", "A" * 10_000, "WyJyZWxldmFuY2UiLG51bGxd", "WyJvbGRlc3QiLDFd"])
def test_a_wrong_cursor_is_told(library: Store, sort: str, cursor: str) -> None:
    with pytest.raises(CursorError, match=r"^[^\n]+$"):
        library.find(Find(match("snow"), sort=sort, after=cursor))  # type: ignore[arg-type]


def test_facets(library: Store) -> None:
    found = library.find(
        Find(
            c.Not(match("owl")),
            limit=0,
            facets={"kind": 5, "site": 1, "language": 5, "author": 5, "day": 5, "month": 5, "widget": 5},
        )
    )
    assert (found.total, found.findings) == (6, [])
    assert found.facets == {
        "kind": [("article", 3), ("comment", 2), ("widget", 1)],
        "site": [("example.com", 3)],
        "language": [("en", 5), ("de", 1)],
        "author": [("Ann", 2), ("Bob", 2), ("Maria de Silva", 1)],
        "day": [("2026-01-02", 1), ("2026-01-04", 1)],
        "month": [("2026-01", 2)],
        "widget": [("links", 1)],
    }


def test_words_that_are_nearly_one(library: Store) -> None:
    assert [word for word, _ in library.close_words("snwo", 5)] == ["snow"]
    assert [word for word, _ in library.close_words("fux", 5)] == ["fox"]
    assert [word for word, _ in library.close_words("xfoxes", 5)] == ["foxes"]
    assert library.close_words("absent", 5) == []
    assert library.close_words("owl", 5)[0][0] == "owls"


def test_what_is_like_a_record(store: Store) -> None:
    rare = "the turnip blight of the northern valleys spreads with warm rain"
    store.write(
        [
            write(make("https://example.com/1", title="One", text=rare, comments=[rare]), 1),
            write(make("https://example.com/2", title="Two", text="turnip blight reached the northern valleys"), 1),
            *(
                write(make(f"https://example.com/o{n}", title="Other", text="the weather of the week"), 1)
                for n in range(8)
            ),
        ]
    )
    store.refresh()
    one = next(f.record.id for f in store.find(Find(match("one", fields=("title",)))).findings)
    like = store.similar(one, 3)
    assert like is not None
    assert names(Findings(0, like))[:1] == ["Two"]
    assert all(f.record.id != one and f.kind == "article" for f in like)
    assert store.similar("aaaaaaaaaaaaaaaaaaaa:a", 3) is None


def test_near_duplicates_are_one_group(store: Store) -> None:
    text = " ".join(f"word{n} of a story" for n in range(60))
    store.write([write(make(f"https://example.com/{n}", text=text, comments=["a comment"]), 1) for n in range(2)])
    store.refresh()
    found = store.find(Find(c.Everything(), facets={"group": 5}, sort="newest"))
    assert len({f.place.group for f in found.findings}) == 1
    assert found.facets == {"group": [(found.findings[0].place.group, 4)]}


def test_a_record_without_a_language_is_like_others_in_that_of_its_page(store: Store) -> None:
    texts = ("dogs running through parks", "a dog runs through a park", "weather")
    parsed = [make(f"https://example.com/{n}", title="Page", widgets=[text]) for n, text in enumerate(texts)]
    store.write([write(p, 1) for p in parsed])
    store.refresh()
    like = store.similar(parsed[0].widgets[0].id, 3)
    assert like is not None
    assert [f.record.id for f in like][:1] == [parsed[1].widgets[0].id]
