"""What leaves of records' HTML, and how threads are laid out: what must always hold."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from services.web.pages.clean import clean, paragraphs
from services.web.pages.threads import PART, part, part_with, parts_of
from services.web.pages.words import followable, language, marked, when
from shared.records import Comment
from shared.search.request import Snippet
from tests.services.web.library import AT, comment_of
from tests.services.web.vectors import VECTORS

_ATTRIBUTES = {"href", "rel", "class", "tabindex"}
_PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<h1>", "<h6>", "</h6>", "<li>", "<ul>", "</ul>", "<table>", "<td>", "</table>", "<b>", "</i>",
        "<a ", "<a href='https://a.example/'>", "</a>", "<img src=https://a.example/i.png alt=x>", "<img>", "<dt>",
        "&lt;", "&amp;#106;", "<", ">", '"', "'", "=", " ", "a", "é", "\x00", "<!--", "-->", "<![CDATA[", "]]>",
        "<svg>", "<math>", "<style>", "</style>", "<template>", "<select>", "<textarea>", "<plaintext>", *VECTORS,
    ]
)  # fmt: skip
_ALLOWED = re.compile(
    r"a|p|h[3-6]|[uod]l|li|d[td]|blockquote|pre|code|t(?:able|head|body|[rhd])|fig\w+|div|span|em|strong|[bius]|su[bp]|q"
    r"|cite|abbr|time|kbd|samp|var|mark|small|del|ins|[hb]r|body"
)


def checked(html: str) -> LexborHTMLParser:
    """The fragment as a browser reads it, which holds nothing but what is let through."""
    tree = LexborHTMLParser(f"<body>{html}</body>")
    assert tree.body is not None
    for node in tree.body.traverse(include_text=False):
        assert _ALLOWED.fullmatch(str(node.tag)), node.html
        assert set(node.attributes) <= _ATTRIBUTES, node.html
        if node.tag == "a" and "href" in node.attributes:
            assert re.match(r"https?://", node.attributes["href"] or "", re.IGNORECASE), node.html
            assert node.attributes["rel"] == "nofollow noopener noreferrer"
    return tree


@settings(max_examples=150)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_nothing_harmful_is_left_and_headings_step_down_one_by_one(html: str) -> None:
    tree = checked(clean(html))
    levels = [int(node.tag[1]) for node in tree.css("h1, h2, h3, h4, h5, h6")]
    above = 2
    for level in levels:
        assert 3 <= level <= above + 1
        above = level
    for node in tree.css("li"):
        assert node.parent is not None
        assert node.parent.tag in ("ul", "ol")


@pytest.mark.parametrize("vector", VECTORS)
def test_each_vector_is_harmless_and_stays_so(vector: str) -> None:
    once = clean(vector)
    checked(once)
    checked(clean(str(once)))
    checked(paragraphs(vector))


def test_words_emphasis_and_links_stay() -> None:
    html = "<p>A <b>bold</b> &amp; <a href='https://a.example/?a=1&amp;b=2'>linked</a> word &lt;b&gt;</p>"
    assert clean(html) == (
        '<p>A <b>bold</b> &amp; <a href="https://a.example/?a=1&amp;b=2" rel="nofollow noopener noreferrer">linked</a>'
        " word &lt;b&gt;</p>"
    )
    assert paragraphs("a\nb\n\n<i>\n\n\n") == "<p>a<br>b</p><p>&lt;i&gt;</p>"


@pytest.mark.parametrize("url", ["https://a.example/", "http://a.example:8080/x?y#z", "HTTPS://a.example/"])
def test_addresses_to_follow(url: str) -> None:
    assert followable(url) == url


@pytest.mark.parametrize("url", [None, "", "/x", "//a.example/", "javascript:alert(1)", "https://", "ftp://a.example/",
                                 "https://a.example/" + "x" * 5000, "http://[::1", *VECTORS])  # fmt: skip
def test_addresses_not_to_follow(url: str | None) -> None:
    assert followable(url) is None


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("en", 'lang="en" dir="ltr"'), ("ar", 'lang="ar" dir="rtl"'), ("az-Arab", 'lang="az-Arab" dir="rtl"'),
        ("ur-Latn", 'lang="ur-Latn" dir="ltr"'), (None, 'dir="auto"'), ('"><b>', 'dir="auto"'),
        ("x" * 50, 'dir="auto"'),
    ],
)  # fmt: skip
def test_languages_say_their_direction(tag: str | None, attributes: str) -> None:
    assert language(tag) == attributes


def test_marks_stand_where_they_are_and_the_rest_is_text() -> None:
    assert marked(Snippet("a <b> c", ((0, 1), (2, 5)))) == "<mark>a</mark> <mark>&lt;b&gt;</mark> c"
    assert "6 May 2024, 07:08" in when(AT)
    assert "07:08" not in when(AT.replace(hour=0, minute=0, second=0))


@st.composite
def threads(draw: st.DrawFn) -> list[Comment]:
    """Comments in the order of their positions, each under one before or at the top."""
    parents = draw(st.lists(st.integers(-2, 600), max_size=450))
    children: dict[int, list[int]] = {}
    for n, parent in enumerate(parents):
        children.setdefault(parent if parent < n else -1, []).append(n)
    found: list[Comment] = []
    stack: list[tuple[int, str | None]] = [(n, None) for n in reversed([*children.get(-1, []), *children.get(-2, [])])]
    while stack:
        n, above = stack.pop()
        found.append(comment_of("t", str(n + 1), above))
        stack += [(each, str(n + 1)) for each in reversed(children.get(n, []))]
    return found


@settings(max_examples=60)
@given(threads())
def test_parts_hold_each_comment_once_and_levels_close(comments: list[Comment]) -> None:
    parts = [part(comments, number) for number in range(1, parts_of(len(comments)) + 1)]
    assert [item.comment for found in parts for item in found.shown] == comments
    for found in parts:
        assert len(found.shown) <= PART
        depth = 0
        for item in found.shown:
            depth += item.down - item.up
            assert 0 <= depth <= 5
        assert depth == found.closing
        for n, item in enumerate(found.shown):
            assert not item.down or found.shown[n - 1].below > 0
        assert all(part_with(comments, item.comment.id) == found.number for item in found.shown[:1])
