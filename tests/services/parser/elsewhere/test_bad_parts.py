"""Parts that are not what they should be: what can be read is read, the rest said in words; never an exception."""

import json
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.parser.elsewhere import raw_page
from services.parser import parse
from services.parser.elsewhere import PLATFORMS, Part, Shown, further, merge, read, wanted
from services.parser.elsewhere.part import MOST_COMMENTS, MOST_PARTS
from shared.records import ParsedPage

URL = "https://site.example/2024/05/post.html"
PAGE = parse("<h1>Title</h1><p>Some words of an article, enough to be one for sure.</p>", URL)
FEED = Part("blogger", "https://site.example/feeds/7/comments/default?max-results=500")
API = Part(
    "wordpress",
    "https://site.example/wp-json/wp/v2/comments?post=4&order=asc&per_page=100&page=1",
    otherwise=(Part("wordpress feed", "https://site.example/post/feed/"),),
)
ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'"
    " xmlns:openSearch='http://a9.com/-/spec/opensearchrss/1.0/'>"
)


def entry(n: int, published: str = "2024-05-01T10:00:00Z", above: int | None = None) -> str:
    related = f"<link rel='related' href='https://site.example/feeds/7/comments/default/{above}'/>" if above else ""
    return (
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{n}</id><published>{published}</published>{related}"
        f"<content type='html'>Words &amp;amp; more of {n}</content><author><name>A {n}</name></author></entry>"
    )


def comment(n: int, **fields: object) -> dict[str, object]:
    body = {"rendered": f"<p>Words of {n}</p>"}
    return {"id": n, "post": 4, "parent": 0, "author_name": f"A {n}", "content": body, "type": "comment"} | fields


def texts(part: Part, body: str | bytes, content_type: str | None = None) -> tuple[list[str], str | None]:
    """What is read of a part, and the problem."""
    found = read(part, raw_page(body.encode() if isinstance(body, str) else body, part.url, content_type), PAGE)
    merged = merge(PAGE, [found])
    assert merge(merged, [found]) == merged
    return [c.text for c in merged.comments], found.problem


def test_a_feed_that_breaks_off_keeps_its_whole_entries() -> None:
    whole = ATOM + "<openSearch:totalResults>9</openSearch:totalResults>" + entry(1) + entry(2)
    body = whole + entry(3)[:150]
    found = read(FEED, raw_page(body.encode(), FEED.url), PAGE)
    assert [c.text for c in found.comments] == ["Words & more of 1", "Words & more of 2"]
    assert found.problem is not None
    assert [p.url for p in found.further] == [f"{FEED.url.partition('?')[0]}?start-index=3&max-results=500"]


@pytest.mark.parametrize("system", ["", ' "http://127.0.0.1:1/x.dtd"'], ids=["internal", "external"])
def test_entities_are_not_read(system: str) -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    external = '<!ENTITY x SYSTEM "file:///etc/passwd">'
    doctype = f'<!DOCTYPE feed SYSTEM{system} [<!ENTITY e0 "lol">{bomb}{external}]>' if system else (
        f'<!DOCTYPE feed [<!ENTITY e0 "lol">{bomb}{external}]>'
    )  # fmt: skip
    body = doctype + ATOM + entry(1).replace("Words", "&x;&e11;") + "</feed>"
    assert texts(FEED, body) == ([], "declares entities, or other markup of its own")


def test_a_doctype_alone_does_no_harm() -> None:
    assert texts(FEED, f"<!DOCTYPE feed>{ATOM}{entry(1)}</feed>") == (["Words & more of 1"], None)


@pytest.mark.parametrize("body", ["", "<html><body>Log in</body></html>", "{}", "\0\1\2", "<feed", "<a>" * 100_000])
@pytest.mark.parametrize("part", [FEED, API, API.otherwise[0]], ids=lambda p: p.platform)
def test_what_is_no_feed(part: Part, body: str) -> None:
    found = read(part, raw_page(body.encode(), part.url, "text/html"), PAGE)
    assert not found.comments
    assert found.further == part.otherwise


def test_control_characters_and_encodings() -> None:
    odd = entry(1).replace("more", "mör\x0be")
    feed = f"<?xml version='1.0' encoding='iso-8859-1'?>{ATOM}{odd}</feed>"
    assert texts(FEED, feed.encode("iso-8859-1")) == (["Words & möre of 1"], None)
    assert texts(FEED, feed.replace("iso-8859-1", "utf-16").encode("utf-16")) == (["Words & möre of 1"], None)


def test_a_feed_of_100_000_entries() -> None:
    body = ATOM + "".join(entry(n) for n in range(1, 100_001)) + "</feed>"
    began = time.process_time()
    found, problem = texts(FEED, body)
    assert len(found) == MOST_COMMENTS
    assert problem == f"more than {MOST_COMMENTS} elements"
    assert time.process_time() - began < 10


def test_a_list_of_100_000_comments() -> None:
    found, problem = texts(API, json.dumps([comment(n) for n in range(1, 100_001)]))
    assert len(found) == MOST_COMMENTS
    assert problem == f"more than {MOST_COMMENTS} entries"


def test_a_feed_without_end_is_asked_for_so_often_at_most() -> None:
    known = [FEED]
    for n in range(200):
        body = ATOM + f"<link rel='next' href='x'/>{entry(n + 1)}</feed>"
        known += further(known, read(known[-1], raw_page(body.encode(), known[-1].url), PAGE).further)
    assert len(known) == MOST_PARTS


def test_an_error_is_what_it_says_and_another_way_is_tried() -> None:
    body = json.dumps({"code": "rest_forbidden", "message": "Sorry, no.", "data": {"status": 401}})
    found = read(API, raw_page(body.encode(), API.url), PAGE)
    assert (found.comments, found.problem, found.further) == ((), "rest_forbidden: Sorry, no.", API.otherwise)


def test_a_list_that_breaks_off_keeps_its_whole_entries() -> None:
    body = json.dumps([comment(1), comment(2), comment(3)])
    assert texts(API, body[:-40]) == (["Words of 1", "Words of 2"], "broken JSON")


@pytest.mark.parametrize(
    "value",
    [None, 0, -1, 1.5, "", "x", "9" * 5000, [], {}, {"rendered": None}, True, "2024-13-45T99:00:00", "0000-00-00"],
    ids=repr,
)
def test_fields_of_any_shape(value: object) -> None:
    names = ["id", "post", "parent", "author_name", "author_url", "content", "type", "date", "date_gmt", "link"]
    found, _ = texts(API, json.dumps([comment(1), *(comment(9, **{name: value}) for name in names), value]))
    assert found[0] == "Words of 1"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2024-05-01T10:00:00.001-07:00", "2024-05-01T10:00:00.001000-07:00"),
        ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01T10:00:00+00:00"),
        ("1714557600", "2024-05-01T10:00:00+00:00"),
        ("not a date", None),
        ("", None),
        ("2024-99-99T00:00:00Z", None),
    ],
)
def test_dates_of_any_shape(written: str, read_as: str | None) -> None:
    found = read(FEED, raw_page((ATOM + entry(1, written) + "</feed>").encode(), FEED.url), PAGE)
    assert [c.published_at for c in found.comments] == [datetime.fromisoformat(read_as) if read_as else None]


def test_parents_that_are_missing_or_make_a_circle() -> None:
    body = ATOM + entry(1, above=2) + entry(2, above=1) + entry(3, above=99) + entry(4, above=4) + "</feed>"
    found, problem = texts(FEED, body)
    assert (len(found), problem) == (4, None)


def test_a_feed_of_another_site_is_not_asked_for() -> None:
    link = "<link rel=alternate type=application/atom+xml href='https://other.example/feeds/7/comments/default'>"
    html = f"<html><head>{link}</head><body><article><h1>T</h1><p>Words of an article.</p></article></body>"
    assert wanted(Shown(raw_page(html.encode(), URL), parse(html, URL))) == []
    mine = html.replace("other.example", "www.site.example")
    assert [p.platform for p in wanted(Shown(raw_page(mine.encode(), URL), parse(mine, URL)))] == ["blogger"]


@pytest.mark.parametrize(
    ("heading", "asked"), [("No comments:", False), ("Δεν υπάρχουν σχόλια:", False), ("2 comments:", True), ("", True)]
)
def test_a_thread_that_says_it_is_empty_wants_nothing(heading: str, asked: bool) -> None:
    link = "<link rel=alternate type=application/atom+xml href='/feeds/7/comments/default'>"
    post = "<div class=post-body><p>Words of an article, enough to be one, and some more of them.</p></div>"
    html = f"<html><head>{link}</head><body><h1>T</h1>{post}<div class=comments id=comments><h4>{heading}</h4></div>"
    assert bool(wanted(Shown(raw_page(html.encode(), URL), parse(html, URL)))) == asked


@pytest.mark.parametrize(
    "value",
    ["1" * 1_000_000, "2024-" * 200_000, "May 3 " * 200_000, "&amp;" * 200_000, "(" * 1_000_000, "x" * 1_000_000],
    ids=lambda v: v[:6],
)
def test_fields_of_a_megabyte(value: str) -> None:
    began = time.process_time()
    for body in (entry(1, value), entry(1).replace("post-1", f"post-{value}x"), entry(1).replace("A 1", value)):
        found = read(FEED, raw_page(f"{ATOM}{body}</feed>".encode(), FEED.url), PAGE)
        assert len(found.comments) == 1
    assert time.process_time() - began < 5


@pytest.mark.parametrize("platform", [p.NAME for p in PLATFORMS])
@given(body=st.binary(max_size=300) | st.text(alphabet="<>&;[]{}\",:ab1/='!-\n", max_size=300).map(str.encode))
@settings(deadline=None)
def test_any_bytes(platform: str, body: bytes) -> None:
    part = Part(platform, API.url)
    found = read(part, raw_page(body, part.url), PAGE)
    assert merge(PAGE, [found]).comments is not None


def test_a_page_of_any_bytes_wants_nothing() -> None:
    empty: ParsedPage = parse(b"\xff\x00<", URL)
    assert wanted(Shown(raw_page(b"\xff\x00<", URL), empty)) == []
