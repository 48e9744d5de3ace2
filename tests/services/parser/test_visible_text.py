"""Visible elements and texts: what is counted of them, and how they are written in one line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.parser.walk import walk
from tests.services.parser.asking import Page

PIECES = [
    *("<div>", "</div>", "<p class=a id=b>", "</p>", "<a href=/x>", "</a>", "<b>", "</b>", "<br>", "<pre>", "</pre>"),
    *("<ul><li>", "</ul>", "<img src=i>", "<i hidden>x</i>", "<my-tag>", "</my-tag>", "<iframe>y</iframe>"),
    *("one", " two ", "\n\n", "three\u00a0four", "e\u0301", "\u3000五 六\u3000", "seven\n eight"),
]
SOURCES = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
PAGES = SOURCES.map(Page)


@settings(deadline=None)
@given(PAGES)
def test_characters_are_those_of_the_text(page: Page) -> None:
    for e in page.elements:
        assert e.chars == len("".join(e.text.split()))
        inside = [t for t in page.texts[e.first : e.last] if any(a.tag == "a" for a in page.with_ancestors(t.parent))]
        assert e.link_chars == sum(t.chars for t in inside)


@settings(deadline=None)
@given(SOURCES, st.integers(0, 30))
def test_the_beginning_is_that_of_the_text(source: str, most: int) -> None:
    for e in Page(source, most).elements:
        assert e.beginning == e.text[:most]


@settings(deadline=None)
@given(PAGES)
def test_elements_nest(page: Page) -> None:
    for n, e in enumerate(page.elements):
        assert (e.index, page.elements[e.index]) == (n, e)
        assert [c.index for c in page.inside(e)[1:] if c.parent == n] == e.children
        assert all(c.parent is not None and c.depth == page.elements[c.parent].depth + 1 for c in page.inside(e)[1:])


# White space of all sizes in UTF-8, and letters that begin with the same bytes.
SPACED = st.text(
    "ab \t\n\x0b\x0c\x1c\x1f\x85\xa0\xa1\u1680\u1681\u2000\u200b\u2028\u202f\u205f\u3000\u3001\U0001d7ff", max_size=50
)


@settings(deadline=None)
@given(SPACED, SPACED)
def test_white_space_between_words_is_one_space_as_in_python(text: str, more: str) -> None:
    page = Page(f"<p>{text}</p><p>{more}</p>")
    # A line feed that a break leaves would be another text's; there is none here.
    assert [t.value.strip() for t in page.texts] == [words for t in (text, more) if (words := " ".join(t.split()))]
    assert page.body.chars == len("".join((text + more).split()))


@settings(deadline=None)
@given(PAGES)
def test_a_text_in_paragraphs_has_the_words_of_the_line(page: Page) -> None:
    assert "".join(page.paragraphs.split()) == "".join(page.body.text.replace("e\u0301", "é").split())


def test_lines_breaks_and_preformatted_text() -> None:
    page = Page("<p> one  two<br>three <b>four</b></p><pre>  a\n\n b  </pre><p>five<p>six<br><br>seven")
    assert page.paragraphs == "one two\nthree four\n\n  a\n\n b\n\nfive\n\nsix\n\nseven"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<strong><span>soup</span></strong>, and <i><a href=/x>bread</a></i>.", "soup, and bread."),
        ("<a href=/x><span>soup</span></a><span>, and bread</span>", "soup, and bread"),
        ("(<em><a href=/x>soup</a></em>)", "(soup)"),
        ("<b><span>T</span></b>he soup", "The soup"),
        ("<b>T</b><i>he</i> soup", "The soup"),
        ("in<span><b>edible</b></span> soup", "inedible soup"),
        ("H<sub>2</sub><b>O</b>", "H2O"),
        ("en\u00adti\u00adre, a &shy;soup\ufeff", "entire, a soup"),
        ("<span>Home</span><span>News</span>", "Home News"),
        ("<a href=/x><b>Reply</b></a>Share", "Reply Share"),
        ("<button>Reply</button>Share<img src=i>now", "Reply Share now"),
        ("<span><b>Date:</b></span>12 May", "Date: 12 May"),
    ],
)
def test_words_that_tags_stand_in_are_whole(html: str, text: str) -> None:
    page = Page(f"<p>{html}</p>")
    assert page.paragraphs == page.body.text == text


def test_tags_of_one_page_are_not_taken_for_those_of_another() -> None:
    """lexbor numbers the tags that it does not know anew on each page."""
    for name in ("x-one", "x-two", "blink", "x-one"):
        assert [e.tag for e in Page(f"<{name}>a</{name}>").elements] == ["body", name]


def test_white_space_between_elements_of_code_is_kept() -> None:
    page = Page("<pre><b>export</b> <b>function</b>\n  <i>run</i>()</pre>")
    assert page.paragraphs == "export function\n  run()"


PROSE = "Grown on the slopes above the harbour, and picked by hand when the fog has gone. " * 3


@pytest.mark.parametrize(
    ("panel", "is_read"),
    [
        (f"<div style='display: none' class=tab-pane><p>{PROSE}</p></div>", True),
        (f"<p hidden>{PROSE}</p>", True),
        (f"<div hidden id=sign-up-modal><p>{PROSE}</p></div>", False),
        (f"<div hidden role=dialog><p>{PROSE}</p></div>", False),
        (f"<div hidden>{PROSE}</div>", False),
        ("<div hidden><p>Item added</p></div>", False),
        (f"<div hidden><p>{PROSE}</p><a href=/x>{PROSE}</a></div>", False),
        (f"<div hidden><p>{PROSE}</p><p hidden>Again</p></div>", True),
    ],
)
def test_prose_that_a_panel_hides_is_read_as_not_visible(panel: str, is_read: bool) -> None:
    page = Page(f"<p>Shown</p>{panel}<p>Also</p>")
    hidden = [t.value for t in page.texts if not t.visible]
    assert [t.value for t in page.texts if t.visible] == ["Shown", "Also"]
    assert [text.strip() for text in hidden] == [PROSE.strip()] * is_read
    assert page.shown == len("ShownAlso")


@pytest.mark.parametrize(
    ("style", "is_hidden"),
    [
        ("display:none", True),
        ("color:red; DISPLAY :\n None", True),
        ("di\u017fplay:none", False),
        ("v\u0130sibility:hidden", False),
        ("display:\u00a0none", False),
        ("disp lay:none", False),
        ("display:block", False),
        ("width:1px;visibility\t: \fHIDDEN;color:red", True),
        ("x-display:none", True),
        ("display:", False),
        (":none", False),
    ],
)
def test_a_style_hides_as_css_reads_it(style: str, *, is_hidden: bool) -> None:
    html = f'<p style="{style}">a</p>'
    assert bool(Page(html).texts) is not is_hidden
    assert bool(walk(html)) is not is_hidden
