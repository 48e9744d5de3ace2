"""noindex and noarchive, as real pages and servers spell them."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.directives import Asked, in_headers, in_page
from services.fetcher.fetch import Fetcher
from services.fetcher.recording import recording
from shared.stage import Fetched, Refused, Unchanged
from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import claim, quick_settings, site_of

PAGE = "<!DOCTYPE html><title>A page</title>{}<p>A sentence to be read."


@pytest.mark.parametrize(
    "meta",
    [
        '<meta name="robots" content="noindex">',
        "<META NAME='ROBOTS' CONTENT='NOINDEX, FOLLOW' />",
        "<meta name=robots content=noindex>",
        "<meta name=robots content=noindex/>",
        '<meta content="noindex" name="robots">',
        '<meta data-rh="true" content="follow,noindex" name=" robots "/>',
        '<meta name="robots" content="none">',
        '<meta name="robots" content="noindex nofollow">',
        '<meta name="robots" content="noindex;nofollow">',
        '<meta name="robots" content="max-image-preview:large,noindex">',
        '<meta\n\tname = "robots"\n\tcontent = "noindex"\n>',
        '<meta name="Tearsheet" content="noindex">',
        '<meta name="robots" content="index"><meta name="robots" content="noindex">',
        '<meta name="robots" content="index"><meta name="tearsheet" content="noindex">',
        '<meta name="robots" content="no&#105;ndex">',
        '<meta name="robots" content="unavailable_after: 25-Jun-2010 15:00:00 PST">',
        '<meta name="robots" content="unavailable_after: Friday, 25-Jun-10 15:00:00 PST">',
        '<meta name="robots" content="noarchive, unavailable_after: Fri, 25 Jun 2010 15:00:00 GMT, nofollow">',
        '<meta name="robots" content="unavailable_after: 2010-06-25">',
        '<meta name="robots" content="unavailable_after:2010-06-25T15:00:00+01:00">',
        '<meta name="robots" content="unavailable_after: nonsense, noindex">',
        '<script>if (a < b) "<!--"</script><meta name="robots" content="noindex">',
        '<!-- <body> --><meta name="robots" content="noindex">',
        '<meta name="description" content="Less <b>is</b> more"><meta name="robots" content="noindex">',
    ],
)
def test_noindex(meta: str) -> None:
    asked = in_page(PAGE.format(meta).encode(), "Tearsheet")
    assert asked.noindex.startswith("<meta name=")
    assert in_page(PAGE.format(meta).encode("utf-16"), "Tearsheet") == asked


@pytest.mark.parametrize(
    "meta",
    [
        "",
        '<meta name="robots" content="index,follow">',
        '<meta name="robots" content="">',
        '<meta name="robots">',
        '<meta name="robots" content="max-image-preview:none">',
        '<meta name="robots" content="max-image-preview: none, index">',
        '<meta name="googlebot" content="noindex">',
        '<meta name="robots_meta_tag" content="noindex">',
        '<meta property="robots" content="noindex">',
        '<meta name="description" content="robots noindex">',
        '<meta name="robots" content="unavailable_after: 25 Jun 9998 15:00:00 PST">',
        '<meta name="robots" content="unavailable_after: nonsense">',
        '<!-- <meta name="robots" content="noindex"> -->',
        """<script>document.write('<meta name="robots" content="noindex">')</script>""",
        '<style>/* <meta name="robots" content="noindex"> */</style>',
        '<title>How to write <meta name="robots" content="noindex"></title>',
        '<body><pre><meta name="robots" content="noindex">',
        '<metadata name="robots" content="noindex">',
        '<meta name="robots" content="index" content="noindex">',
        '<!-- never closed <meta name="robots" content="noindex">',
    ],
)
def test_no_noindex(meta: str) -> None:
    assert in_page(PAGE.format(meta).encode(), "Tearsheet") == Asked()


def test_noarchive() -> None:
    for content in ("noarchive", "max-image-preview:large, NOARCHIVE", "noarchive,noai,index"):
        meta = f'<meta name="robots" content="{content}"/>'
        assert in_page(PAGE.format(meta).encode(), "Tearsheet") == Asked(noarchive=True)
    assert in_headers(["noarchive"], "Tearsheet") == Asked(noarchive=True)


@pytest.mark.parametrize(
    "values",
    [
        ["noindex"],
        ["NOINDEX, nofollow"],
        ["nofollow", "noindex"],
        ["tearsheet: noindex"],
        ["Tearsheet : nofollow, noindex"],
        ["googlebot: nofollow, tearsheet: noindex, nofollow"],
        ["googlebot: nofollow", "noindex"],
        ["unavailable_after: 25 Jun 2010 15:00:00 PST"],
        ["noarchive, unavailable_after: Fri, 25 Jun 2010 15:00:00 GMT"],
        ["none"],
    ],
)
def test_noindex_in_headers(values: list[str]) -> None:
    assert in_headers(values, "Tearsheet").noindex.startswith("X-Robots-Tag: ")


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        ["index"],
        ["googlebot: noindex"],
        ["googlebot: nofollow, noindex"],
        ["nofollow, googlebot: noindex, bingbot: none"],
        ["max-image-preview: none"],
        ["unavailable_after: Fri, 25 Jun 9998 15:00:00 GMT"],
    ],
)
def test_no_noindex_in_headers(values: list[str]) -> None:
    assert replace(in_headers(values, "Tearsheet"), nofollow=False) == Asked()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (["nofollow"], True),
        (["noindex, NoFollow"], True),
        (["none"], True),
        (["Tearsheet: nofollow"], True),
        (["googlebot: nofollow"], False),
        (["noarchive"], False),
        ([], False),
    ],
)
def test_nofollow(values: list[str], says: bool) -> None:
    assert in_headers(values, "Tearsheet").nofollow is says
    body = "".join(f"<meta name=robots content='{value}'>" for value in values)
    if ":" not in body:
        assert in_page(body.encode(), "Tearsheet").nofollow is says


def test_what_a_page_asks_is_heeded(fetcher: Fetcher) -> None:
    def answer(x: Exchange) -> None:
        if x.path == "/meta":
            x.reply(PAGE.format('<meta name="robots" content="noindex, nofollow">'))
        else:
            x.reply(PAGE, X_Robots_Tag="nofollow\r\nX-Robots-Tag: tearsheet: noindex")

    free = Fetcher(quick_settings(fetch_noindex=False), None)
    with site_of(answer) as site:
        meta = fetcher.fetch(claim(site.at("/meta")))
        assert meta == Refused("the page asks not to be indexed: <meta name=robots content='noindex, nofollow'>")
        header = fetcher.fetch(claim(site.at("/header")))
        assert header == Refused("the page asks not to be indexed: X-Robots-Tag: tearsheet: noindex")
        for path in ("/meta", "/header"):
            ending = free.fetch(claim(site.at(path)))
            assert isinstance(ending, Fetched)
            # The same body again, now that the setting is on.
            assert isinstance(free.fetch(claim(site.at(path), content_hash=ending.content_hash)), Unchanged)
            assert isinstance(fetcher.fetch(claim(site.at(path), content_hash=ending.content_hash)), Refused)


@pytest.mark.parametrize("where", ["/meta", "/header", "/neither"])
@pytest.mark.parametrize("heeded", [True, False])
def test_noarchive_is_told_to_whoever_archives(where: str, heeded: bool) -> None:
    def answer(x: Exchange) -> None:
        headers = {"X_Robots_Tag": "noarchive"} if x.path == "/header" else {}
        x.reply(PAGE.format('<meta name="robots" content="noarchive">' if x.path == "/meta" else ""), **headers)

    fetcher = Fetcher(quick_settings(fetch_noarchive=heeded), None)
    with site_of(answer) as site, recording() as exchanges:
        ending = fetcher.fetch(claim(site.at(where)))
        assert isinstance(ending, Fetched)
        # Nor where it did not change.
        assert fetcher.fetch(claim(site.at(where), content_hash=ending.content_hash)) == Unchanged()
    robots, *pages = exchanges
    assert not robots.noarchive
    assert [page.noarchive for page in pages] == [heeded and where != "/neither"] * 2


def test_a_304_asks_as_an_answer_with_a_body_does() -> None:
    """The page stands as it was, and its site asks now that it be not indexed, or not kept."""
    asks = ""

    def answer(x: Exchange) -> None:
        assert x.headers.get("if-none-match") == '"e"'
        x.head("304 Not Modified", content_type=None, ETag='"e"', X_Robots_Tag=asks)

    strict, free = Fetcher(quick_settings(), None), Fetcher(quick_settings(fetch_noindex=False), None)
    with site_of(answer) as site, recording() as exchanges:
        known = claim(site.at("/"), content_hash="h", validator='"e"')
        assert strict.fetch(known) == Unchanged()
        asks = "noindex"
        assert strict.fetch(known) == Refused("the page asks not to be indexed: X-Robots-Tag: noindex")
        assert free.fetch(known) == Unchanged()
        asks = "noarchive"
        assert strict.fetch(known) == Unchanged()
    pages = [exchange for exchange in exchanges if exchange.role == "page"]
    assert [page.noarchive for page in pages] == [False, False, False, True]


@given(
    st.lists(st.sampled_from(["<meta ", "<!--", "-->", "name=", "robots", '"', "'", ">", "content=", "noindex", "\n"]))
)
def test_any_markup_ends(parts: list[str]) -> None:
    in_page("".join(parts).encode(), "Tearsheet")


@given(st.text(alphabet="unavailable_after:,; 0123456789noindexJuGMT-", max_size=200))
def test_any_header_ends(value: str) -> None:
    in_headers([value], "Tearsheet")


@pytest.mark.parametrize("unit", [b"<meta ", b'<meta a="', b"<!--", b"<script>", b"<meta a=' b", b"<meta =", b"</"])
def test_no_markup_takes_long(unit: bytes) -> None:
    started = time.monotonic()
    in_page(unit * (1_000_000 // len(unit)), "Tearsheet")
    assert time.monotonic() - started < 3
