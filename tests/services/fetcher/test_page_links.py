"""Links of a page, and the sources that it names."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.discovery import discover
from services.fetcher.page_links import PageLinks, read_links

URL = "https://a.example/dir/page"
HEAD = """<!DOCTYPE html><title>x</title>
<link rel="alternate" type="application/rss+xml" title="News" href="/feed/">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="atom.xml">
<link rel="alternate" type="application/feed+json" href="/feed.json">
<link rel="alternate" type="application/rss+xml" title="News &raquo; Comments Feed" href="/comments/feed/">
<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" type="text/css" href="/s.css">
<link rel="sitemap" href="/map.xml"><link rel="alternate" type="application/rss+xml">"""


def test_links() -> None:
    found = read_links(
        b"<a href='../x#top'>1</a><map><area href=/y></map><a href='mailto:a@b.example'>m</a><a name=q>n</a>"
        b"<a href='/no' rel='external NoFollow'>2</a><a href='/both' rel=nofollow>3</a><a href='/both'>4</a>"
        b"<a href='javascript:void(0)'>5</a><a href='//b.example/z?a=1&b=2'>6</a><a href='http://[bad'>7</a>",
        URL,
    )
    assert found.links == [
        "https://a.example/x#top",
        "https://a.example/y",
        "https://a.example/no",
        "https://a.example/both",
        "https://b.example/z?a=1&b=2",
    ]
    assert found.no_follow == {"https://a.example/no"}


def test_the_base_holds_for_all_links() -> None:
    body = b"<a href=one></a><base target=_top><base href='/other/'><base href='/third/'><a href=two></a>"
    assert read_links(body, URL).links == ["https://a.example/other/one", "https://a.example/other/two"]


def test_letters_of_the_page_in_its_links() -> None:
    body = '<meta charset="windows-1251"><a href="/новости">н</a>'
    expected = ["https://a.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"]
    assert read_links(body.encode("cp1251"), URL).links == expected
    assert read_links(body.encode(), URL).links == expected


def test_sources_that_a_page_and_its_robots_txt_name() -> None:
    found = discover(
        read_links(HEAD.encode(), URL), ["/sitemap-news.xml", "https://cdn.example/s.xml", "", "ftp:x"], URL
    )
    assert found.feeds == (
        "https://a.example/feed/",
        "https://a.example/dir/atom.xml",
        "https://a.example/feed.json",
    )
    assert found.sitemaps[:3] == (
        "https://a.example/map.xml",
        "https://a.example/sitemap-news.xml",
        "https://cdn.example/s.xml",
    )
    assert found.words.startswith("a site with 3 feeds and ")
    assert not found.guessed


def test_where_nothing_is_named_well_known_places_are_tried() -> None:
    found = discover(PageLinks(), [], URL)
    assert found.feeds == ("https://a.example/feed", "https://a.example/rss.xml")
    assert found.sitemaps == ("https://a.example/sitemap.xml",)
    assert found.words == "a site that names no feed and no sitemap: /feed, /rss.xml, /sitemap.xml are tried"
    one = discover(PageLinks(), ["/s.xml"], URL)
    assert (one.feeds, one.sitemaps) == ((), ("https://a.example/s.xml",))
    assert one.words == "a site with no feeds and 1 sitemap"


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 500_000 + b"<a href=/x>",
        b"<b>" * 300_000,
        b"<table><tr><td>" * 100_000,
        b"<a href='" + b"x" * 9_000_000,
        b"<a href=/p>" * 800_000,
        b"<a " + b"".join(b"a%d=1 " % n for n in range(200_000)) + b">",
        b"<" * 5_000_000,
        b"<!--" * 2_000_000,
        b"\x00\xff" * 100_000,
    ],
    ids=lambda body: body[:12],
)
def test_hostile_pages_take_no_long_time(body: bytes) -> None:
    started = time.process_time()
    assert len(read_links(body, URL).links) <= 10_000
    assert time.process_time() - started < 20


@given(st.binary(max_size=200) | st.text("<>a href='/ =\"&;linkmetabase?#:", max_size=200).map(str.encode))
def test_nothing_is_raised(body: bytes) -> None:
    found = read_links(body, URL)
    assert found.no_follow <= set(found.links)
