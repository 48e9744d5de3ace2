"""What must hold of any page and any part: no doubles, nothing lost, one sound thread, the same again."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.parser import parse
from services.parser.elsewhere.merge import merge
from services.parser.elsewhere.part import Elsewhere, native_of
from services.parser.elsewhere.thread import is_nested, numbered
from shared.ids import RecordIds, page_id
from shared.records import Comment, Page, ParsedPage

URL = "https://site.example/post"
PAGE = page_id(URL)
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
FETCHED = NOON + timedelta(days=30, seconds=17)
NATIVE = re.compile(r"(?:div-)?comment-(\d+)")


def comment(n: int | None, *, parent: int | None = None, form: str = "comment-{}", **fields: object) -> Comment:
    """Comment number `n` of the site; None: without an id of its own."""
    text = str(fields.get("text", f"Words of comment {n}"))
    author = fields.get("author", f"Author {n}")
    above = RecordIds(PAGE).comment(form.format(parent), None, None, "") if parent is not None else None
    ident = RecordIds(PAGE).comment(form.format(n) if n is not None else None, above, str(author), text)
    given = {"author": author, "text": text, "html": text, "position": "", **fields}
    return Comment.model_validate({"id": ident, "page_id": PAGE, "parent_id": above, **given})


def page_with(comments: list[Comment]) -> ParsedPage:
    """A page that shows these."""
    page = Page(id=PAGE, url=URL, final_url=URL, fetched_at=FETCHED, content_hash="", parser_version="")
    return ParsedPage(page=page, comments=numbered(comments))


def feed(*comments: Comment, **fields: object) -> Elsewhere:
    return Elsewhere(comments, native=NATIVE, **fields)  # type: ignore[arg-type]


def shape(page: ParsedPage) -> list[tuple[str | None, str]]:
    """Of each comment its own number and its position."""
    return [((native_of(c.id) or "-").rpartition("-")[2], c.position) for c in page.comments]


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def test_the_page_wins_and_the_feed_fills() -> None:
    ours = comment(1, published_at=datetime(2024, 5, 1, tzinfo=UTC), votes=3)
    theirs = comment(
        1, text="Other words", author="Another", author_url="https://a.example/", published_at=at(5), votes=9,
        provenance={"author_url": "comments feed", "published_at": "comments feed", "votes": "comments feed"},
    )  # fmt: skip
    (found,) = merge(page_with([ours]), [feed(theirs)]).comments
    assert (found.text, found.author, found.votes) == (ours.text, ours.author, 3)
    assert (found.author_url, found.published_at) == ("https://a.example/", at(5))
    assert found.provenance == {"author_url": "comments feed", "published_at": "comments feed"}


@pytest.mark.parametrize(
    ("shown", "said", "kept"),
    [
        ("2024-05-01T12:00:30+00:00", "2024-05-01T12:00:00+00:00", True),
        ("2024-05-01T12:00:00+00:00", "2024-05-01T12:00:31-07:00", False),
        ("2024-05-28T12:00:17+00:00", "2024-05-28T09:17:05+00:00", False),
        ("2024-04-28T08:11:12+00:00", "2024-04-28T09:17:05+00:00", True),
        ("2024-04-28T00:00:00+00:00", "2024-04-29T23:17:05+00:00", False),
        ("2024-04-28T00:00:00+00:00", "2024-05-29T23:17:05+00:00", True),
    ],
    ids=["seconds", "without zone", "three days ago", "another hour", "day", "another day"],
)
def test_the_exact_time_of_what_the_page_says_loosely(shown: str, said: str, kept: bool) -> None:
    ours, theirs = (comment(1, published_at=datetime.fromisoformat(t)) for t in (shown, said))
    (found,) = merge(page_with([ours]), [feed(theirs)]).comments
    assert found.published_at == (ours if kept else theirs).published_at


def test_ids_are_as_the_page_gives_them() -> None:
    page = page_with([comment(1, form="div-comment-{}"), comment(2, form="div-comment-{}")])
    found = merge(page, [feed(comment(1), comment(3, parent=2))])
    assert [c.id.partition(":c:")[2] for c in found.comments] == ["div-comment-1", "div-comment-2", "div-comment-3"]
    assert found.comments[2].parent_id == page.comments[1].id


def test_a_page_that_shows_no_replies_gets_them() -> None:
    page = page_with([comment(n, published_at=at(n)) for n in (1, 2, 3)])
    found = merge(page, [feed(comment(1), comment(2), comment(3, parent=1), comment(4, parent=3))])
    assert shape(found) == [("1", "1"), ("3", "1.1"), ("4", "1.1.1"), ("2", "2")]


def test_a_page_that_shows_replies_keeps_its_thread() -> None:
    page = page_with([comment(1), comment(2, parent=1), comment(3)])
    found = merge(page, [feed(comment(3, parent=1), comment(2))])
    assert shape(found) == [("1", "1"), ("2", "1.1"), ("3", "2")]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [([1, 3], ["1", "2", "3", "4"]), ([3, 1], ["4", "3", "2", "1"]), ([1, 5, 3], ["1", "5", "3", "2", "4"])],
    ids=["oldest first", "newest first", "best first"],
)
def test_siblings_stand_in_the_pages_order(shown: list[int], expected: list[str]) -> None:
    page = page_with([comment(n, published_at=at(n)) for n in shown])
    found = merge(page, [feed(*(comment(n, published_at=at(n)) for n in (4, 2)))])
    assert [n for n, _ in shape(found)] == expected


def test_a_board_in_order_of_time_keeps_its_list() -> None:
    page = page_with([comment(1), comment(2), comment(3, parent=1)])
    assert not is_nested(page.comments)
    found = merge(page, [feed(comment(4, parent=2), comment(3))])
    assert shape(found) == [("1", "1"), ("2", "2"), ("3", "1.1"), ("4", "2.1")]


def test_without_ids_the_same_words_of_the_same_author_are_one() -> None:
    page = page_with([comment(None, author="Ida", text="“Plus  one”", published_at=at(0))])
    same = comment(7, author="IDA", text="Plus one!", published_at=at(9))
    later = comment(8, author="Ida", text="Plus one", published_at=at(100))
    other = comment(9, author="Ole", text="Plus one", published_at=at(1))
    found = merge(page, [feed(same, later, other)])
    assert [c.author for c in found.comments] == ["Ida", "Ole", "Ida"]
    assert found == merge(found, [feed(same, later, other)])


def test_without_author_only_words_that_tell() -> None:
    long = "A whole sentence that nobody else is likely to have written here."
    page = page_with([comment(None, author=None, text="Yes."), comment(None, author=None, text=long)])
    found = merge(page, [feed(comment(1, text="Yes."), comment(2, text=long))])
    assert [(c.author, c.text) for c in found.comments] == [(None, "Yes."), ("Author 2", long), ("Author 1", "Yes.")]


def test_by_permalink_last() -> None:
    page = page_with([comment(None, text="", author=None, permalink=f"{URL}#x7")])
    found = merge(page, [feed(comment(7, permalink=f"{URL}#x7"))])
    assert [(c.text, c.author) for c in found.comments] == [("Words of comment 7", "Author 7")]


def test_two_of_the_sites_own_ids_are_two_comments() -> None:
    page = page_with([comment(1, text="Plus one", author="Ida", permalink=URL)])
    found = merge(page, [feed(comment(2, text="Plus one", author="Ida", permalink=URL))])
    assert shape(found) == [("1", "1"), ("2", "2")]


def test_parents_that_are_missing_or_make_a_circle() -> None:
    part = feed(comment(1, parent=2), comment(2, parent=3), comment(3, parent=1), comment(4, parent=99))
    found = merge(page_with([]), [part])
    assert len(found.comments) == 4
    assert shape(found)[-1] == ("4", "2")
    assert found == merge(found, [part])


def test_a_reply_to_itself_is_at_the_top() -> None:
    assert shape(merge(page_with([]), [feed(comment(1, parent=1))])) == [("1", "1")]


def test_a_chain_of_ten_thousand_replies() -> None:
    found = merge(page_with([]), [feed(*(comment(n, parent=n - 1 if n else None) for n in range(10_000)))])
    assert len(found.comments) == 10_000
    assert max(c.depth for c in found.comments) == 100
    assert found == merge(found, [feed(*(comment(n, parent=n - 1 if n else None) for n in range(10_000)))])


@pytest.mark.parametrize("ids", [True, False])
def test_twenty_thousand_that_say_the_same(ids: bool) -> None:
    same = [
        comment(n if ids else None, author="Ida", text="Plus one", published_at=at(n)) for n in range(20_000)
    ]  # fmt: skip
    began = time.process_time()
    found = merge(page_with([]), [feed(*same)])
    assert len(found.comments) == 20_000
    assert merge(found, [feed(*same)]) == found
    assert time.process_time() - began < 30


def test_parts_in_any_order() -> None:
    one = feed(comment(2, parent=1, published_at=at(2)), number=1)
    two = feed(comment(1, published_at=at(1)), number=2)
    page = page_with([])
    assert merge(page, [two, one]) == merge(page, [one, two])
    assert shape(merge(page, [one, two])) == [("1", "1"), ("2", "1.1")]


def test_further_pages_follow_and_older_ones_come_before() -> None:
    page = page_with([comment(3, published_at=at(3)), comment(4, published_at=at(4))])
    older, newer = feed(comment(1, published_at=at(9)), place="before"), feed(comment(5), place="after", number=7)
    found = merge(page, [newer, older, feed(comment(6), place="after", number=8)])
    assert [n for n, _ in shape(found)] == ["1", "3", "4", "5", "6"]


@st.composite
def threads(draw: st.DrawFn) -> list[Comment]:
    """Up to a dozen comments of a small site: any parent, some without ids or authors, alike now and then."""
    numbers = draw(st.lists(st.integers(0, 15), max_size=12, unique=True))
    return [
        comment(
            draw(st.sampled_from([n, n, n, None])),
            parent=draw(st.none() | st.integers(0, 15)),
            author=draw(st.sampled_from(["Ida", "Ole", None])),
            text=draw(
                st.sampled_from(["", "Plus one", f"Words of {n}", "The same long words, forty letters and more."])
            ),
            published_at=draw(st.none() | st.integers(0, 100).map(at)),
            permalink=draw(st.sampled_from([None, f"{URL}#{n}", f"{URL}#1"])),
        )
        for n in numbers
    ]


@given(threads(), threads(), threads())
@settings(deadline=None)
def test_merging_twice_changes_nothing(shown: list[Comment], one: list[Comment], two: list[Comment]) -> None:
    parts = [feed(*one), feed(*two, number=2)]
    start = merge(page_with([]), [feed(*shown)])
    once = merge(start, parts)
    assert merge(once, parts) == once


@given(threads())
@settings(deadline=None)
def test_a_feed_that_says_what_the_page_says_adds_nothing(shown: list[Comment]) -> None:
    page = merge(page_with([]), [feed(*shown)])
    assert merge(page, [feed(*page.comments)]) == page


@given(threads(), threads())
@settings(deadline=None)
def test_nothing_is_lost_and_the_thread_is_sound(shown: list[Comment], found: list[Comment]) -> None:
    page = merge(page_with([]), [feed(*shown)])
    merged = merge(page, [feed(*found)])
    ids = [c.id for c in merged.comments]
    assert len(set(ids)) == len(ids)
    assert {c.id for c in page.comments} <= set(ids)
    words = {c.text for c in merged.comments}
    numbers = {native_of(c.id) for c in merged.comments}
    for c in found:
        assert c.text in words or native_of(c.id) in numbers or c.permalink is not None
    positions = {c.id: c.position for c in merged.comments}
    assert len(set(positions.values())) == len(ids)
    for c in merged.comments:
        assert c.depth == c.position.count(".")
        if c.parent_id is not None:
            assert c.position.rpartition(".")[0] == positions[c.parent_id]


def test_segments_stay_the_pages_own() -> None:
    html = "<html><body><article><h1>Title</h1><p>Words of an article that are long enough to be one.</p></article>"
    page = parse(html, URL, explain=True)
    merged = merge(page, [feed(comment(1))])
    assert merged.segments == page.segments
    assert len(merged.comments) == len(page.comments) + 1
