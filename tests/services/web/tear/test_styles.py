"""Stylesheets of a view."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.web.tear.styles import Styles
from shared.raw_page import RawPage

BASE = "http://site.example/css/main.css"
SHEETS = {
    "http://site.example/css/more.css": ("text/css", b"p { color: red; background: url(../p.png) }"),
    "http://site.example/css/loop.css": ("text/css", b"@import 'loop.css'; a { top: 0 }"),
    "http://site.example/css/greek.css": (
        "text/css; charset=windows-1253",
        ".a::before{content:'Ωμέγα'}".encode("cp1253"),
    ),
    "http://site.example/css/latin.css": (None, "@charset \"iso-8859-1\"; .a::before{content:'é'}".encode("latin-1")),
    "http://site.example/css/big.css": ("text/css", b"a{color:red}" * 400_000),
}


def sheet_of(url: str) -> RawPage | None:
    if url not in SHEETS:
        return None
    content_type, body = SHEETS[url]
    return RawPage(body, url, url, 200, content_type, datetime.now(UTC))


def image_of(url: str) -> str | None:
    return f"/archived?{url.rpartition('/')[2]}" if url.startswith("http://site.example/") else None


def written(css: str) -> str:
    return Styles(sheet_of, image_of).sheet(css, BASE)


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a { color: red }", "a { color: red }"),
        ("a{background:url(i.png)}", 'a{background:url("/archived?i.png")}'),
        ("a{background:URL( 'i.png' )}", 'a{background:url("/archived?i.png")}'),
        ('a{background:url("/i.png") no-repeat}', 'a{background:url("/archived?i.png") no-repeat}'),
        ("a{background:url(http://away.example/i.png)}", "a{background:none}"),
        ("a{background:url(//away.example/i.png)}", "a{background:none}"),
        ("a{background:url(data:image/png;base64,AAAA)}", "a{background:none}"),
        ("a{background:url(javascript:alert(1))}", "a{background:url(javascript:alert(1))}"),
        ("a{background:url(i\\.png)}", 'a{background:url("/archived?i.png")}'),
        ("a{background:u\\72l(i.png)}", 'a{background:url("/archived?i.png")}'),
        ("a{background:\\55 \\000052l(http://away.example/i.png)}", "a{background:none}"),
        ("a{filter:url(#blur)}", "a{filter:url(#blur)}"),
        ("a::after{content:'url(x)'}", "a::after{content:'url(x)'}"),
        ("/* url(x) */a{top:0}", "a{top:0}"),
        ("a{top:0}/* never closed url(x)", "a{top:0}"),
        ("@import 'more.css';b{top:0}", 'p { color: red; background: url("/archived?p.png") }b{top:0}'),
        ("@import url(more.css) print;", '@media print {p { color: red; background: url("/archived?p.png") }\n}'),
        ("@import 'gone.css';@import url(//away.example/x.css) screen;b{top:0}", "b{top:0}"),
        ("b{top:0}@import 'more.css';", "b{top:0}"),
        ("@\\69mport 'more.css';", 'p { color: red; background: url("/archived?p.png") }'),
        ("@charset 'x';@namespace url(http://w3.example/);b{top:0}", "b{top:0}"),
        ("a::after{content:'</style><script>'}", "a::after{content:'<\\/style><script>'}"),
        ("<!-- a{top:0} -->", " a{top:0} "),
        ("@media (width <= 600px){a{top:0}}", "@media (width <= 600px){a{top:0}}"),
        (".md\\:flex{top:0}", ".md\\:flex{top:0}"),
        ("a::before{content:'\\e900'}", "a::before{content:'\\e900'}"),
        (
            "a{background:image-set('i.png' 1x, url(j.png) 2x type('image/png'))}",
            'a{background:image-set(url("/archived?i.png") 1x, url("/archived?j.png") 2x type(\'image/png\'))}',
        ),
        ("a{background:image-set('//away.example/i' 1x)}", "a{background:image-set(none 1x)}"),
        ("a{background:image-set('//away.example/i' ((2))", "a{background:none('//away.example/i' ((2))"),
        ("a{background:url(i.png", 'a{background:url("/archived?i.png")'),
        ("a{background:src('//away.example/i')}", "a{background:none('//away.example/i')}"),
    ],
)  # fmt: skip
def test_what_a_stylesheet_becomes(css: str, expected: str) -> None:
    assert written(css) == expected


def test_imports_in_a_circle_end() -> None:
    assert "top: 0" in written("@import 'loop.css';")


def test_a_stylesheet_is_read_in_its_encoding() -> None:
    styles = Styles(sheet_of, image_of)
    assert "Ωμέγα" in styles.linked("http://site.example/css/greek.css")
    assert "é" in styles.linked("http://site.example/css/latin.css")


def test_a_view_has_only_so_much_css() -> None:
    styles = Styles(sheet_of, image_of)
    assert sum(len(styles.linked("http://site.example/css/big.css")) for _ in range(5)) <= 3_000_000


@given(st.text(st.sampled_from("url(image-set)\"'\\/*<style>@import; \n{}:,72lx#"), max_size=80))
def test_nothing_ends_the_element_or_leads_away(css: str) -> None:
    made = Styles(lambda _: None, lambda _: None).sheet(css, BASE)
    assert "</" not in made


HOSTILE = [
    "url(" * 200_000, "url(a" * 150_000, "url( " * 150_000, "url('" * 150_000, "'" * 500_000, "\\" * 500_000,
    "/*" * 300_000, "image-set(" * 60_000, "@import " * 90_000, "image-set((" * 50_000, "url('\\" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("css", HOSTILE, ids=lambda css: css[:12])
def test_hostile_stylesheets_end_in_time(css: str) -> None:
    began = time.process_time()
    written(css)
    assert time.process_time() - began < 1.0
