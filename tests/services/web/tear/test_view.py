"""A view's document: the words of each record marked as its own, and nothing in it that acts."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bench.parser.paths import records_of
from bench.parser.walk import letters
from bench.tear_view import marked, visible
from services.parser import parse
from services.web.tear.markup import ATTRIBUTES, CUSTOM, TAGS
from services.web.tear.view import view_of
from shared.raw_page import RawPage
from shared.records import ParsedPage
from tests.services.parser.test_partition import COMMENTS, ENDS, STARTS, WORDS
from tests.services.web.tear import hostile
from tests.services.web.vectors import VECTORS

URL = "http://site.example/2024/05/a-page.html"
PAGES = sorted((Path(__file__).parents[3] / "services" / "parser" / "pages").rglob("*.html"))
OURS = ("/records/", "/archived?")
SKELETON = {"html", "head", "meta", "title", "style", "body"}
SOUP = st.lists(STARTS | ENDS | WORDS | COMMENTS | st.sampled_from(VECTORS), max_size=60).map("".join)


def view(body: bytes | str, parsed: ParsedPage) -> str:
    data = body.encode("utf-8", "replace") if isinstance(body, str) else body
    raw = RawPage(data, URL, URL, 200, "text/html; charset=utf-8", datetime.now(UTC))
    return view_of(raw, records_of(parsed), lambda _: None, lambda url: f"/archived?url={quote(url)}")


def check_harmless(html: str) -> None:
    """Every element and attribute is one that is let through, every address ours."""
    tree = LexborHTMLParser(html)
    for node in tree.css("*"):
        tag = node.tag or ""
        assert tag in TAGS or tag in SKELETON or CUSTOM.fullmatch(tag), tag
        if tag == "meta":
            assert set(node.attributes) <= {"charset", "name", "content"}
            continue
        for name, value in node.attributes.items():
            assert name in ATTRIBUTES or name.startswith(("data-", "aria-")) or name in {
                "href", "src", "target", "tabindex", "loading", "media",
            }, name  # fmt: skip
            if name in ("href", "src"):
                assert (value or "").startswith(OURS), value


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_records_are_marked_on_pages(path: Path) -> None:
    body = path.read_bytes()
    parsed = parse(body, URL, content_type="text/html; charset=utf-8", explain=True)
    html = view(body, parsed)
    check_harmless(html)
    # Hidden words that a record is made of are shown, and are in no segment.
    if not any("text" in record.provenance for record in records_of(parsed)):
        found = marked(html, parsed)
        assert found.rightly == found.records


@pytest.mark.parametrize("vector", [*hostile.VECTORS, *VECTORS])
def test_a_vector_comes_to_nothing(vector: str) -> None:
    prose = "<p>The ferry left late, and nobody on the quay knew why it did, not even the mate who had the keys.</p>"
    for body in (f"<h1>Ferries</h1><div class=post-body>{prose * 6}{vector}{prose}</div>", vector):
        check_harmless(view(body, parse(body.encode("utf-8", "replace"), URL)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SOUP)
def test_any_markup_is_made_harmless(html: str) -> None:
    check_harmless(view(html, parse(html.encode("utf-8", "replace"), URL)))


def test_the_page_of_a_shell_is_shown_from_its_noscript() -> None:
    body = next(p for p in PAGES if p.parent.name == "flarum").read_bytes()
    parsed = parse(body, URL)
    assert parsed.article is not None
    assert parsed.article.provenance["text"] == "noscript"
    assert letters(parsed.article.text)[:200] in letters(visible(LexborHTMLParser(view(body, parsed)).body))  # type: ignore[arg-type]


def test_a_comment_that_is_gone_or_from_elsewhere_is_not_marked() -> None:
    body = next(p for p in PAGES if p.parent.name == "wordpress").read_bytes()
    parsed = parse(body, URL)
    first, second, *others = parsed.comments
    changed = [
        first.model_copy(update={"gone_since": datetime.now(UTC)}), second.model_copy(update={"paths": []}), *others,
    ]  # fmt: skip
    html = view(body, parsed.model_copy(update={"comments": changed}))
    assert f'data-ts-record="{first.id}"' not in html
    assert f'data-ts-record="{second.id}"' not in html
    assert f'data-ts-record="{others[0].id}"' in html


def test_paths_of_another_page_mark_nothing_and_break_nothing() -> None:
    parsed = parse(next(p for p in PAGES if p.parent.name == "wordpress").read_bytes(), URL)
    html = view("<p>Another page</p>", parsed)
    check_harmless(html)
    assert "Another page" in html


def test_a_page_without_a_body() -> None:
    for body in (b"", b"<frameset><frame src=x></frameset>", b"\0", b"\xff\xfe"):
        check_harmless(view(body, parse(body, URL)))


def test_which_picture_is_taken() -> None:
    body = """<picture><source srcset="a.webp 1x, b.webp 2x"><img src=lost.png></picture>
    <img src=blank.gif data-src=real.png alt=One><img src=data:image/gif;base64,AA srcset="s.png 2x">
    <img src=lost.png alt=Two>
    <input type=image src=real.png alt=Go><img src=lost.png width=1 height=1 alt=count>"""
    raw = RawPage(body.encode(), URL, URL, 200, "text/html; charset=utf-8", datetime.now(UTC))
    held = {"http://site.example/2024/05/" + name for name in ("b.webp", "real.png", "s.png")}
    html = view_of(raw, [], lambda _: None, lambda url: f"/archived?{url.rpartition('/')[2]}" if url in held else None)
    tree = LexborHTMLParser(html)
    assert [node.attributes["src"] for node in tree.css("img")] == [
        "/archived?b.webp", "/archived?real.png", "/archived?s.png", "/archived?real.png",
    ]  # fmt: skip
    assert [node.attributes["data-ts-says"] for node in tree.css(".ts-box")] == ["Two"]
