"""Stylesheets and images that a page and its stylesheets name."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.page_requisites import read_requisites
from services.fetcher.stylesheets import references_in

URL = "http://a.example/dir/page"


def named(html: str) -> tuple[list[str], list[str]]:
    found = read_requisites(html.encode(), URL, "text/html; charset=utf-8")
    return found.stylesheets, found.images


def images(html: str) -> list[str]:
    return [image.removeprefix("http://a.example") for image in named(html)[1]]


def test_stylesheets_of_a_page() -> None:
    html = """<base href="/base/"><link rel="StyleSheet preload" href="a.css"><link rel=stylesheet href=a.css>
    <link rel="alternate stylesheet" href=dark.css><link rel=stylesheet type=text/less href=x.less>
    <link rel=icon href=i.ico><link rel=stylesheet><link rel=stylesheet href="data:text/css,a{}">
    <style>@import "b.css" screen; p { background: url(bg.png) }</style><p style="background:URL('own.png')">"""
    assert named(html) == (
        ["http://a.example/base/a.css", "http://a.example/base/b.css"],
        ["http://a.example/base/bg.png", "http://a.example/base/own.png"],
    )


@pytest.mark.parametrize(
    ("html", "taken"),
    [
        ('<img src="a.png" srcset="b.png 2x, c.png 3x">', ["/dir/a.png"]),
        ('<img srcset=" b.png 2x, c.png 3x">', ["/dir/b.png"]),
        ('<img src="data:image/gif;base64,R0" data-src="/real.jpg">', ["/real.jpg"]),
        ('<img src="/img/blank.gif" data-original="/real.jpg">', ["/real.jpg"]),
        ('<img src="/img/blank.gif">', ["/img/blank.gif"]),
        ('<img src="/thumb.jpg" data-src="/zoom.jpg">', ["/thumb.jpg"]),
        ('<img data-srcset="l.jpg 400w, m.jpg 800w">', ["/dir/l.jpg"]),
        ('<picture><source srcset="x.avif 1x, y.avif 2x"><img src="x.jpg"></picture>', ["/dir/x.jpg"]),
        ('<picture><source srcset="x.avif 1x, y.avif 2x"><source srcset=z><img></picture><img>', ["/dir/x.avif"]),
        ('<img src=" "><img><img src="#x"><img src="javascript:x"><img src="data:,x">', []),
        ('<noscript><img src="n.png"></noscript><img src=n.png>', ["/dir/n.png"]),
        ('<img src="http://[bad/"><img src="//b.example/i.png">', ["http://b.example/i.png"]),
    ],
)
def test_one_candidate_of_an_image(html: str, taken: list[str]) -> None:
    assert images(html) == taken


def test_references_of_a_stylesheet() -> None:
    found = references_in(
        b"""@charset "utf-8"; /* @import "comment.css"; */ @import url(one.css) print; @IMPORT 'two.css'; @layer a, b;
        @import url("three.css") layer(a) supports(display: grid);
        @font-face { font-family: F; src: url(f.woff2) format("woff2"), url("f.ttf") }
        .a { background: url( "a.png" ) no-repeat, URL(b.png); filter: url(#own); content: "url(no.png)" }
        @import "late.css";
        @media print { @font-face { src: url(g.woff) } @supports (x: y) { .b { list-style: url(c.png) } } }
        .c { background: image-set("d.avif" 1x, "d2.avif" 2x); mask: -webkit-image-set(url(e.png) 1x, url(e2.png) 2x) }
        .d { background: url(\\66 .png); cursor: url() }
        .broken { background: url(bad quote".png) } .e { b: url(last.png"""
    )
    assert list(found.imports) == ["one.css", "two.css", "three.css"]
    assert list(found.images) == ["a.png", "b.png", "c.png", "d.avif", "e.png", "f.png", "last.png"]


def test_a_stylesheet_is_decoded_as_css_is() -> None:
    sheet = '@charset "windows-1251"; a { b: url(я.png) }'
    assert list(references_in(sheet.encode("cp1251")).images) == ["я.png"]
    assert list(references_in(sheet.encode("cp1251"), "text/css; charset=windows-1251").images) == ["я.png"]
    assert list(references_in(sheet.encode("utf-8"), "text/css; charset=utf-8").images) == ["я.png"]


@pytest.mark.parametrize("unit", ["(", "{", "[", "a{", "@a{", "url(", ":", '"', "\\", "@import ", "a{b:c("])
def test_a_bomb_of_css_takes_its_second(unit: str) -> None:
    started = time.process_time()
    references_in(unit * (5_000_000 // len(unit)))
    read_requisites(f"<p style='{unit * 300_000} url('><style>{unit * 300_000} url(".encode(), URL)
    assert time.process_time() - started < 20  # one or two, on a machine with nothing else to do


def test_a_page_of_too_many_images() -> None:
    html = "".join(f"<img src=/i/{n}.png>" for n in range(100_000))
    started = time.process_time()
    assert len(named(html)[1]) == 10_000
    assert time.process_time() - started < 10


@given(st.text(alphabet="<>{}()[]@'\"\\/ :;,#url(import-stylechrefa=\x00é", max_size=300))
def test_whatever_stands_there_nothing_is_raised(text: str) -> None:
    references_in(text)
    references_in(text.encode())
    read_requisites(f"<style>{text}</style><link rel=stylesheet href={text}><p style='url({text}'>".encode(), URL)
