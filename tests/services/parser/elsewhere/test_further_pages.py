"""Which links are further pages of a discussion, and what is made of these."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.parser.elsewhere import raw_page, with_parts
from services.parser import parse
from services.parser.elsewhere import Part, Shown, further, read, wanted
from services.parser.elsewhere.page_numbers import number_behind, numbered
from services.parser.elsewhere.part import MOST_PARTS
from shared.raw_page import RawPage
from shared.records import ParsedPage


@pytest.mark.parametrize(
    ("first", "other", "number"),
    [
        ("https://a.example/post/", "https://a.example/post/comment-page-2/", 2),
        ("https://a.example/?p=4", "https://a.example/?p=4&cpage=2", 2),
        ("https://a.example/2023/04/x.html", "https://a.example/2023/04/x.html?commentPage=2", 2),
        ("https://a.example/viewtopic.php?t=31", "https://a.example/viewtopic.php?f=8&t=31&start=15&sid=0a", 15),
        ("https://a.example/index.php?topic=7.0", "https://a.example/index.php?topic=7.20", 20),
        ("https://a.example/topic,7.0.html", "https://a.example/topic,7.20.html", 20),
        ("https://a.example/t/bees/2077", "https://a.example/t/bees/2077?page=2", 2),
        ("https://a.example/threads/frost.5512/", "https://www.a.example/threads/frost.5512/page-2", 2),
        ("https://a.example/showthread.php?12-Nails", "https://a.example/showthread.php?12-Nails/page2", 2),
        ("https://a.example/showthread.php?t=12", "https://a.example/showthread.php?t=12&page=2", 2),
        ("https://a.example/topic/661-lime/", "https://a.example/topic/661-lime/page/2/", 2),
        ("https://a.example/topic/661-lime/", "https://a.example/topic/661-lime/?page=2&utm_source=x", 2),
        ("https://a.example/viewtopic.php?id=5", "https://a.example/viewtopic.php?id=5&p=2", 2),
        ("https://a.example/item?id=39001", "https://a.example/item?id=39001&p=2", 2),
        ("https://a.example/thread-12.html", "https://a.example/thread-12-page-2.html", 2),
        ("https://a.example/discussion/12/slug", "https://a.example/discussion/12/slug/p2", 2),
    ],
)
def test_the_page_that_an_address_names(first: str, other: str, number: int) -> None:
    own, there = numbered(first), numbered(other)
    assert own.thread == there.thread
    assert there.number == number
    assert own.number in (None, there.first)


@pytest.mark.parametrize(
    "other",
    [
        "https://a.example/viewtopic.php?t=31&p=20101",
        "https://a.example/viewtopic.php?t=32&start=15",
        "https://b.example/viewtopic.php?t=31&start=15",
        "https://a.example/viewtopic.php?t=31&start=99999999999999",
        "https://a.example/viewtopic.php?t=31",
    ],
)
def test_other_addresses(other: str) -> None:
    own, there = numbered("https://a.example/viewtopic.php?t=31"), numbered(other)
    assert own.thread != there.thread or there.number is None


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_address(path: str) -> None:
    numbered(f"https://a.example/{path}")
    number_behind(f"https://a.example/x{path}", "https://a.example/x")


def test_what_next_links_add_to_the_threads_address() -> None:
    first = "https://a.example/thread.php?id=906"
    assert number_behind(f"{first}&seite=2#top", first) == 2
    assert number_behind("https://a.example/thread.php?id=9061", first) is None
    assert number_behind("https://a.example/other/2", first) is None


def thread(posts: range, links: str = "", *, opening: bool = True, ids: bool = True) -> bytes:
    """A page of a forum's thread; post 1 is the opening."""
    numbers = [*([1] if opening else []), *posts]
    blocks = "".join(
        f"<div class=post {f'id=p{n}' if ids else ''}>"
        f"<p class=author>by <a class=username href=/member/{n}>Writer {n}</a>"
        f" <time datetime='2024-03-{1 + n // 1400:02}T{n // 60 % 24:02}:{n % 60:02}:00Z'>then</time></p>"
        f"<div class=content>What writer {n} has to say of the matter, in so many words.</div></div>"
        for n in numbers
    )
    head = "<html><head><title>A matter</title></head><body class=section-viewtopic><h2>A matter</h2>"
    return f"{head}<div class=pagination>{links}</div>{blocks}</body></html>".encode()


URL = "https://board.example/viewtopic.php?t=31"


def links(*starts: int) -> str:
    return " ".join(f"<a href='./viewtopic.php?t=31&amp;start={n}'>{n // 10 + 1}</a>" for n in starts)


def wanted_of(body: bytes, url: str = URL) -> list[str]:
    return [p.url.partition("start=")[2] for p in wanted(Shown(raw_page(body, url), parse(body, url)))]


def test_pages_are_wanted_as_far_as_they_follow_each_other() -> None:
    assert wanted_of(thread(range(2, 11), links(10, 20, 30, 2990))) == ["10", "20", "30"]


def test_a_further_page_wants_none() -> None:
    assert wanted_of(thread(range(11, 21), links(0, 20, 30), opening=False), f"{URL}&start=10") == []


def test_links_of_another_thread_are_none() -> None:
    assert wanted_of(thread(range(2, 11), links(10).replace("t=31", "t=99"))) == []


def test_the_next_article_of_a_blog_is_no_further_page() -> None:
    html = (
        "<link rel=next href=/2024/05/02/other><article><h1>T</h1><p>Words of an article, enough of them.</p></article>"
        "<a rel=next href='/2024/05/02/other'>Next</a><a href='/2024/05/01/this?page=2'>2</a>"
    )
    url = "https://blog.example/2024/05/01/this"
    assert wanted(Shown(raw_page(html.encode(), url), parse(html, url))) == []


def whole(pages: int, last: int) -> tuple[ParsedPage, list[str]]:
    """A thread of so many pages of ten posts, the last with fewer; and what was asked for."""
    asked = []

    def fetch(part: Part) -> RawPage:
        asked.append(part.url)
        start = int(part.url.partition("start=")[2])
        posts = range(start + 1, start + 1 + (last if start == 10 * (pages - 1) else 10))
        near = [n for n in (start - 10, start, start + 10) if 0 <= n < 10 * pages]
        return raw_page(thread(posts, links(*near), opening=False), part.url)

    return with_parts(raw_page(thread(range(2, 11), links(10, 10 * (pages - 1))), URL), fetch), asked


@pytest.mark.parametrize("last", [1, 2, 10])
def test_a_thread_is_followed_to_its_end(last: int) -> None:
    page, asked = whole(7, last)
    assert [c.id.partition(":c:")[2] for c in page.comments] == [f"p{n}" for n in range(2, 60 + last + 1)]
    assert [c.position for c in page.comments] == [str(n) for n in range(1, 60 + last)]
    assert len(asked) == len(set(asked)) == 6
    assert page.comments[0].provenance == {}
    assert page.comments[-1].provenance["text"] == "further page"


def test_a_thread_of_three_hundred_pages_is_bounded() -> None:
    page, asked = whole(300, 10)
    assert len(asked) == MOST_PARTS
    assert len(page.comments) == 10 * MOST_PARTS + 9


def first_page() -> ParsedPage:
    return parse(thread(range(2, 11), links(10)), URL)


PART = Part("further page", f"{URL}&start=10", 10)


def test_a_page_without_news_is_the_end() -> None:
    found = read(PART, raw_page(thread(range(2, 11), links(20)), PART.url), first_page())
    assert found.further == ()
    assert "What writer 1 has" not in " ".join(c.text for c in found.comments)


def test_a_redirect_to_elsewhere_gives_nothing() -> None:
    raw = RawPage(
        thread(range(11, 15)), PART.url, "https://board.example/login.php", 200, None, raw_page(b"", URL).fetched_at
    )
    found = read(PART, raw, first_page())
    assert (found.comments, found.further, found.problem) == ((), (), "leads elsewhere")


def test_the_only_post_of_a_page_of_a_thread_without_ids() -> None:
    page = parse(thread(range(2, 11), ids=False), URL)
    found = read(PART, raw_page(thread(range(11, 12), opening=False, ids=False), PART.url), page)
    assert ["What writer 11 has to say" in c.text for c in found.comments] == [True]


@pytest.mark.parametrize(
    ("shown", "place", "number"), [(range(12, 21), "before", -10), (range(20, 11, -1), "after", 10)]
)
def test_older_pages_stand_where_a_reader_finds_them(shown: range, place: str, number: int) -> None:
    page = parse(thread(shown), URL)
    older = Part("further page", f"{URL}&start=10", -10)
    found = read(older, raw_page(thread(range(2, 8), opening=False), older.url), page)
    assert (found.place, found.number, len(found.comments)) == (place, number, 6)


def test_no_more_parts_than_the_bound() -> None:
    parts = [Part("further page", f"{URL}&start={n}", n) for n in range(100)]
    assert len(further([], parts)) == MOST_PARTS
    assert further(parts[:MOST_PARTS], parts) == []
    assert further(parts[:2], [parts[1], parts[2], parts[2]]) == [parts[2]]
