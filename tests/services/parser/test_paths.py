"""Paths: they lead to a record's own words, and to nothing of another."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.parser.paths import led, records_of, words_at
from bench.parser.walk import letters
from services.parser import parse
from shared.markup.paths import Places
from shared.markup.tree import tree_of
from shared.records import ParsedPage
from tests.services.parser.test_partition import ENDS, STARTS, WORDS

URL = "https://site.example/2024/05/a-page.html"
PAGES = sorted((Path(__file__).parent / "pages").rglob("*.html"))


def check(page: ParsedPage, html: bytes | str) -> None:
    found = led(page, html)
    assert found.rightly == found.records


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_paths_of_pages(path: Path) -> None:
    body = path.read_bytes()
    page = parse(body, URL, explain=True)
    assert all(r.paths for r in records_of(page) if not r.provenance.get("text"))
    check(page, body)


# Texts that only a comment parts share a path: there are none here.
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STARTS | ENDS | WORDS, max_size=60).map("".join))
def test_paths_of_any_markup(html: str) -> None:
    if "<!" not in html and "<?" not in html and "</ " not in html:
        check(parse(html, URL, explain=True), html)


def thread(comment: str, count: int) -> str:
    return (
        "<h1>Ferries</h1><div class=post-body>"
        + "<p>The ferry left late, and nobody knew why it did.</p>" * 8
        + "</div>"
        f"<ol class=comments>{''.join(comment.format(n=n) for n in range(1, count + 1))}</ol>"
    )


ONE = "<li class=comment id=comment-{n}><cite>Ida{n}</cite><p>I was on the quay {n}, it was cold.</p></li>"


def test_an_element_that_is_all_of_a_record_is_its_path() -> None:
    page = parse(thread(ONE, 3), URL)
    assert [c.paths for c in page.comments] == [["/4/6/2"], ["/4/6/4"], ["/4/6/6"]]


def test_neighbours_are_one_path_and_a_reply_inside_is_left_out() -> None:
    reply = "<li class=comment id=comment-1{n}><cite>Bo{n}</cite><p>So was I, the mate {n} said it would sail.</p></li>"
    page = parse(thread(ONE.replace("</li>", f"<ul class=children>{reply}</ul></li>"), 3), URL)
    assert [(c.position, c.paths) for c in page.comments[:2]] == [("1", ["/4/6/2/2-4"]), ("1.1", ["/4/6/2/6"])]


def test_what_is_in_no_segment_moves_no_place() -> None:
    before = "<script>1</script><!-- x --><template><b>y</b></template><div hidden><i>z</i></div><svg/>"
    page = parse(f"<body>{before}{thread(ONE, 1)}", URL)
    assert page.comments[0].paths == ["/4/14"]


def test_a_text_beside_another_record_s_is_a_path_of_its_own() -> None:
    body = "<br>".join(["The ferry left late, and nobody on the quay knew why it did, not even the mate."] * 9)
    links = "<a href=/s>Facebook</a> <a href=/t>Twitter</a> <a href=/e>E-Mail</a>"
    share = f"<div class=share-buttons>{links}</div>"
    html = f"<h1>Ferries</h1><div class=post-body>{body}{share}{body}</div>"
    page = parse(html, URL, explain=True)
    assert page.article is not None
    assert {p.rpartition("/")[2] for p in page.article.paths} >= {"1-17", "19-35"}
    check(page, html)


def test_a_record_has_no_more_than_so_many() -> None:
    line, ad = (
        "<p>The ferry left late, and nobody on the quay knew why it did.</p>",
        "<div class=ad>Advertisement</div>",
    )
    page = parse(f"<h1>Ferries</h1><article>{(line + ad) * 80}</article>", URL)
    counts = Counter(len(r.paths) for r in records_of(page))
    assert max(counts) <= 50


def test_hidden_words_of_a_shell_have_their_place() -> None:
    body = (Path(__file__).parent / "pages" / "flarum" / "source.html").read_bytes()
    page = parse(body, URL)
    assert page.article is not None
    assert page.article.provenance["text"] == "noscript"
    assert letters(page.article.text) in words_at(Places(tree_of(body)), page.article.paths)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/2", "/4/", "/4/x", "/4/3/2", "/4/99", "/4/2/2-", "/4/6-2", "/4/9999999", "/4-6", "4/2", "/4/2\n"],
)
def test_what_is_no_path_of_a_page_leads_nowhere(path: str) -> None:
    assert Places(tree_of("<p>one</p><p>two</p>")).nodes(path) == []


def test_a_page_without_a_body_has_no_places() -> None:
    assert [n.tag for n in Places(tree_of("<p>x")).nodes("/4")] == ["body"]
    assert Places(tree_of("<frameset><frame></frameset>")).nodes("/4/2") in ([], Places(tree_of("")).nodes("/4/2"))
