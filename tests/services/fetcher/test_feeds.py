"""Feeds of every kind, well made and not: what is there is read, and nothing raises or grows."""

import resource
import string
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.entries import Source
from services.fetcher.source_dates import read_date
from services.fetcher.sources import NotASourceError, read_source
from tests.services.fetcher.given_bytes import GivenBytes, in_steps

URL = "http://a.example/blog/feed"
MODULES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:thr="http://purl.org/syndication/thread/1.0"'
)


def read(body: bytes | str, content_type: str | None = None, step: int = 1400) -> Source:
    data = body.encode() if isinstance(body, str) else body
    return read_source(in_steps(data, step), URL, content_type)


def rss(items: str, head: str = "<title>News</title><link>http://a.example/</link>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {MODULES}><channel>{head}{items}</channel></rss>'


def test_rss_2() -> None:
    source = read(
        rss(
            "<item><title>An <![CDATA[<b>otter</b> & a]]> river</title><link>/2026/otter</link>"
            "<media:link>/not-this</media:link><pubDate>Mon, 02 Mar 2026 10:00:00 +0200</pubDate>"
            "<dc:creator>Ann Otter</dc:creator><comments>http://a.example/2026/otter#c</comments></item>"
        )
    )
    assert (source.kind, source.complete) == ("feed", True)
    [entry] = source.entries
    assert entry.url == "http://a.example/2026/otter"
    assert entry.updated == datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>http://b.example/1</link>", "http://b.example/1"),
        ("<link>post?a=1&b=2</link>", "http://a.example/blog/post?a=1&b=2"),
        ("<link>post?a=1&amp;b=2</link>", "http://a.example/blog/post?a=1&b=2"),
        ("<link><![CDATA[ /post?a=1&b=2 ]]></link>", "http://a.example/post?a=1&b=2"),
        ("<guid>http://a.example/g</guid>", "http://a.example/g"),
        ("<guid isPermaLink='false'>http://a.example/g</guid>", "http://a.example/g"),
        ("<guid isPermaLink='false'>g17</guid><link>/p</link>", "http://a.example/p"),
        (
            "<link>http://feeds.example/~r/1</link><fb:origLink>http://a.example/o</fb:origLink>",
            "http://a.example/o",
        ),
        ("<link/><guid>http://a.example/g</guid>", "http://a.example/g"),
    ],
)
def test_which_url_an_item_of_rss_has(item: str, url: str) -> None:
    assert [e.url for e in read(rss(f"<item>{item}</item>")).entries] == [url]


@pytest.mark.parametrize("item", ["<title>no link</title>", "<link>mailto:a@b.example</link>", "<guid>g 17</guid>"])
def test_an_item_without_a_url_is_counted(item: str) -> None:
    source = read(rss(f"<item>{item}</item><item><link>/x</link></item>"))
    assert (source.unusable, len(source.entries)) == (1, 1)


def test_rss_1_and_0_9() -> None:
    items = '<item rdf:about="http://a.example/1"><title>One</title><link>http://a.example/1</link></item>'
    for namespace in ("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"):
        source = read(
            f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{namespace}">'
            f"<channel><title>Old</title></channel>{items}</rdf:RDF>"
        )
        assert [e.url for e in source.entries] == ["http://a.example/1"]


def test_atom_with_bases_and_other_forms() -> None:
    source = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" '
        'xml:base="http://b.example/blog/"><title type="html">A &amp;amp; B</title><link rel="self" href="/self"/>'
        '<entry xml:base="posts/"><title>Eins</title><link rel="edit" href="edit"/>'
        '<link rel="replies" type="application/atom+xml" href="1/comments" thr:count="7"/>'
        '<link rel="alternate" type="application/pdf" href="1.pdf"/><link type="text/html" href="1.html"/>'
        "<id>tag:b.example,2026:1</id><published>2026-03-02T10:00:00Z</published><updated>2026-03-03</updated>"
        "<author><name>Bea</name><id>http://b.example/bea</id></author>"
        '<content type="xhtml"><div><title>not this</title><a href="x">y</a></div></content></entry></feed>'
    )
    [entry] = source.entries
    assert (entry.url, entry.updated) == ("http://b.example/blog/posts/1.html", datetime(2026, 3, 3, tzinfo=UTC))


def test_json_feed() -> None:
    source = read(
        '\ufeff{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": ['
        '{"id": "1", "url": "/1", "title": "One", "date_published": "2026-03-02T10:00:00Z",'
        ' "authors": [{"name": "Ann"}, {"name": "Bea"}]},'
        '{"id": 2, "external_url": "http://b.example/2", "date_modified": "2026-03-03", "date_published": "2026"},'
        '{"id": "http://a.example/3", "date_modified": ["nonsense"]}, {"id": "4"}, "nonsense", {"url": 7.5}]}'
    )
    assert [e.url for e in source.entries] == [
        "http://a.example/1",
        "http://b.example/2",
        "http://a.example/3",
        "http://a.example/blog/7.5",
    ]
    modified = datetime(2026, 3, 3, tzinfo=UTC)
    assert [e.updated for e in source.entries] == [datetime(2026, 3, 2, 10, tzinfo=UTC), modified, None, None]
    assert source.unusable == 1


NAMED = "<rss><channel><item><link>/Новости</link></item></channel></rss>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (NAMED.encode(), "text/xml; charset=windows-1251"),
        (f'<?xml version="1.0" encoding="windows-1251"?>{NAMED}'.encode("cp1251"), "text/xml; charset=utf-8"),
        (NAMED.encode("koi8-r"), "text/xml; charset=koi8-r"),
        (NAMED.encode("utf-16"), None),
        (NAMED.encode("utf-16-be"), None),
        (f'\ufeff<?xml version="1.0" encoding="ascii"?>{NAMED}'.encode(), None),
        (NAMED.replace("Но", "&#x41D;&#1086;").encode(), None),
    ],
)
def test_a_wrong_charset_is_seen_through(body: bytes, content_type: str | None) -> None:
    [entry] = read(body, content_type).entries
    assert unquote(entry.url) == "http://a.example/Новости"


def test_what_is_not_well_formed_costs_nothing_else() -> None:
    source = read(
        "junk before\n<!-- a comment -->"
        + rss(
            "<item><title>A &nbsp; R&D \x01 &bogus; <br> b</title><link>/1</link></item>"
            "<item><title>unclosed<link>/2&hellip;R&D&bogus;</link></item><undeclared:thing/>"
            "<item><link>/3?a=1&amp;b=2&c</link></item>"
        )
    )
    assert "http://a.example/1" in [e.url for e in source.entries]
    assert "http://a.example/3?a=1&b=2&c" in [e.url for e in source.entries]
    assert "http://a.example/2…R&D&bogus;" in [unquote(e.url) for e in source.entries]


def test_a_feed_cut_off_keeps_what_was_whole() -> None:
    whole = rss("".join(f"<item><title>{n}</title><link>http://a.example/page-{n}</link></item>" for n in range(50)))
    source = read(whole[: whole.index("page-30") + 6])
    assert [e.url for e in source.entries] == [f"http://a.example/page-{n}" for n in range(30)]
    assert not source.complete


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty body"),
        (b" \n ", "empty body"),
        (b"<html><body><p>Hello</p></body></html>", "an HTML page"),
        (b"<!DOCTYPE html><html><head></head></html>", "an HTML page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "begins with <svg>"),
        (b"Hello, world", "names no URL"),
        (b'{"version": 1}', "JSON that is no feed"),
        (b'{"items": [{"url": "/1"}', "JSON that is no feed, or is cut off"),
        (b"[1, 2]", "JSON that is no feed"),
        (b"\x1f\x8b\x08rubbish", "cannot be unpacked"),
        (b"\x00\xff\xfe\x01" * 50, "neither"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, words: str) -> None:
    with pytest.raises(NotASourceError, match=words):
        read(body)


LAUGHS = '<!DOCTYPE z [<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS + "]><rss><channel><title>&l11;</title><item><link>http://x.example/&l11;</link></item></channel></rss>",
        f'<!DOCTYPE z [<!ENTITY q "{"q" * 60_000}">]><rss><channel><item><link>/{"&q;" * 100_000}</link></item></rss>',
        '<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><link>/&x;</link></item></channel></rss>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd"><rss><channel><title>t</title></channel></rss>',
        "<!DOCTYPE z [" + '<!ENTITY a "' * 500_000,
        "<!DOCTYPE " + "x " * 500_000,
        "<rss><channel>" + "<item>" * 1_000_000,
        "<rss><channel><item>" + "<a>" * 1_000_000,
        "<rss><channel><item><link>" + "x" * 20_000_000,
        "<rss>" + "&" * 2_000_000,
        "<rss>" + "<![CDATA[" * 500_000,
        "<rss " + "".join(f'a{n}="1" ' for n in range(200_000)) + ">",
        '{"items": ' + "[" * 200_000,
        '{"items": [' + "1" * 5_000_000 + "]}",
        "<rss><channel>" + "<item><link>/p</link></item>" * 400_000,
    ],
    ids=lambda body: body[:24] + body[-12:],
)
def test_bombs_neither_expand_nor_hang(body: str) -> None:
    data = body.encode()
    before, started = _memory(), time.process_time()
    try:
        source = read(data, step=65_536)
        kept = sum(len(e.url) for e in source.entries)
        assert kept < 2_000_000
        assert not any("root:" in text for text in (e.url for e in source.entries))
    except NotASourceError:
        pass
    assert time.process_time() - started < 20
    assert _memory() - before < 400_000_000


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_a_hundred_megabytes_are_read_no_further_than_the_cap() -> None:
    given_out = 0

    def endless() -> Iterator[bytes]:
        nonlocal given_out
        yield b"<rss><channel>"
        while True:
            given_out += 65_536
            yield b"<a>" + b" " * 65_529 + b"</a>"

    source = read_source(GivenBytes(endless()), URL)
    assert source.limited
    assert given_out < 54_000_000


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 02 Mar 2026 10:00:00 GMT", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("Fri, 02 Mar 2026 10:00 GMT", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2 Mar 26 10:00:00 EST", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("2026-03-02T10:00:00+02:00", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("2026-03-02T10:00:00.123Z", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02 10:00", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02T10:00:00+0200", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026/3/2", datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("20260302T100000Z", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("1772445600", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("1772445600000", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("yesterday", None),
        ("2026-13-45", None),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        ("9" * 1000, None),
    ],
)
def test_dates_in_their_shapes(text: str, moment: datetime | None) -> None:
    assert read_date(text) == moment


@given(st.text(max_size=100) | st.text(string.digits + "-:/TZ+ ,", max_size=40))
def test_whatever_stands_for_a_date_is_one_or_none(text: str) -> None:
    found = read_date(text)
    assert found is None or found.utcoffset() is not None


PIECES = [
    *"<rss> <channel> <item> </item> <link> </link> <entry> </entry> <feed> <title> </title> <source> <author>".split(),
    *"<urlset> <url> <loc> </loc> </url> <sitemapindex> <sitemap> </sitemap> <![CDATA[ ]]> < > <br> <!--".split(),
    *"http://a.example/ & &amp; &nbsp; &#0; &#xD800; &#xffffff; &a; \x00 \ufffe \U0001f9a6".split(),
    *('{"items":[', '{"url":"', '"}', "]", "<!DOCTYPE a [", "]>", "<!ENTITY a 'b'>", '<link href="/x"/>'),
    '<a xml:base="//">',
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30), st.integers(1, 50), st.binary(max_size=3))
def test_whatever_comes_nothing_else_is_raised(parts: list[str], step: int, noise: bytes) -> None:
    body = "".join(parts).encode("utf-8", "replace") + noise
    try:
        source = read(body, step=step)
    except NotASourceError:
        return
    for url in [*source.sitemaps, *(e.url for e in source.entries)]:
        assert url.startswith(("http://", "https://"))


@given(st.binary(max_size=300))
def test_any_bytes(body: bytes) -> None:
    with suppress(NotASourceError):
        read(body)
