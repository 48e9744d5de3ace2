"""The partition: every visible word in exactly one segment, each segment in exactly one record."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bench.parser.walk import letters, walk
from services.parser import parse
from shared.records import ParsedPage

URL = "https://site.example/2024/05/a-page.html"
PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))

TAGS = (
    "div p span a b i em li ul ol table tr td th h1 h2 h3 article section aside nav header footer main form button "
    "select option textarea noscript template svg iframe script style title pre blockquote br hr img time cite body "
    "frameset noframes noembed details summary marquee object math font center dl dt dd label figure figcaption"
).split()
ATTRIBUTES = [
    "",
    " hidden",
    ' class="comment" id="comment-1"',
    ' class="comment-body"',
    ' class="post-body entry-content"',
    ' style="display:none"',
    " style='display: none",
    ' style="color:red; visibility : hidden"',
    ' class="widget"',
    ' class="share"',
    ' class="related"',
    ' class="byline author"',
    ' class="date"',
    ' class="reply"',
    ' id="sidebar"',
    ' itemprop="articleBody"',
    ' itemscope itemtype="https://schema.org/Comment"',
    ' href="/x?a=1&amp;b=2"',
    ' datetime="2024-05-06"',
]
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30) | st.sampled_from(
    [
        "Hello world. ",
        "Two words, and more of them: a sentence that is long enough to be read.",
        "3 comments",
        "&amp;",
        "&lt;b&gt;",
        "\n\n  ",
        "<",
        ">",
        "é",
        "e\u0301",
        "日本語の文。",
    ]
)
STARTS = st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES))
ENDS = st.builds("</{}>".format, st.sampled_from(TAGS))
COMMENTS = st.sampled_from(["<!-- x -->", "<!doctype html>", "<?xml?>", "<![CDATA[x]]>", "<!-->", "</ >"])
SOUP = st.lists(STARTS | ENDS | WORDS | COMMENTS, max_size=60).map("".join)


def check(page: ParsedPage, html: bytes | str) -> None:
    """The page's segments are its visible text, each in a record, and each record's text is made of its own."""
    segments = page.segments
    assert segments is not None
    assert letters("".join(s.text for s in segments)) == letters(walk(html))
    records = {c.id: c for c in [*page.comments, *page.widgets]} | (
        {page.article.id: page.article} if page.article else {}
    )
    assert len(records) == len(page.comments) + len(page.widgets) + (page.article is not None)
    assert {s.record for s in segments} <= set(records)
    for ident, record in records.items():
        if "text" in record.provenance:
            continue
        roles = {"title", "body"} if ":w:" in ident else {"body", "caption"}
        own = "".join(s.text for s in segments if s.record == ident and s.role in roles)
        assert letters(unicodedata.normalize("NFC", own)) == letters(record.text)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_partition_of_pages(path: Path) -> None:
    body = path.read_bytes()
    check(parse(body, URL, explain=True), body)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example("<body hidden>x")
@example("<p>a<noscript>b</noscript>c")
@example("<ol><li class=comment id=comment-1>a<ol><li class=comment id=comment-2>b</ol></ol>")
@given(SOUP)
def test_partition_of_any_markup(html: str) -> None:
    check(parse(html, URL, explain=True), html)


def test_lone_surrogates_and_nuls_in_text() -> None:
    page = parse("<p>one\ud800 two\0three</p>", URL)
    assert "two" in page.widgets[0].text if page.widgets else "two" in page.article.text


def test_nothing_visible_gives_no_records() -> None:
    page = parse(b"<script>var a = 1</script>", URL, explain=True)
    assert (page.article, page.comments, page.widgets, page.segments) == (None, [], [], [])
