"""Sitemaps, indexes and lists; gzipped, broken and hostile ones."""

import gzip
import time
from datetime import UTC, datetime

import pytest

from services.fetcher.entries import MOST_ENTRIES, Source
from services.fetcher.sources import read_source
from tests.services.fetcher.given_bytes import in_steps

URL = "https://a.example/sitemap.xml"


def read(body: bytes | str, step: int = 1400) -> Source:
    data = body.encode() if isinstance(body, str) else body
    return read_source(in_steps(data, step), URL)


NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><image:image><image:loc>https://a.example/1.jpg</image:loc><image:title>no</image:title></image:image>
  <loc> https://a.example/1?a=1&amp;b=2 </loc><lastmod>2026-03-02</lastmod><changefreq>daily</changefreq>
  <news:news><news:publication><news:name>N</news:name></news:publication>
  <news:publication_date>2026-03-01T08:00:00Z</news:publication_date><news:title>One</news:title></news:news></url>
 <url><loc>/2</loc></url><url><lastmod>2026</lastmod></url>
</urlset>"""


def test_news_and_images() -> None:
    source = read(NEWS)
    assert (source.kind, source.complete, source.unusable) == ("sitemap", True, 1)
    first, second = source.entries
    assert (first.url, first.updated) == ("https://a.example/1?a=1&b=2", datetime(2026, 3, 2, tzinfo=UTC))
    assert second.url == "https://a.example/2"


def test_an_index() -> None:
    source = read(
        "<sitemapindex><sitemap><loc>https://a.example/s1.xml.gz</loc><lastmod>2026-01-01</lastmod></sitemap>"
        "<sitemap><loc>s2.xml</loc></sitemap></sitemapindex>"
    )
    assert source.kind == "sitemap index"
    assert source.sitemaps == ["https://a.example/s1.xml.gz", "https://a.example/s2.xml"]


def test_a_feed_may_be_a_sitemap() -> None:
    assert read("<rss><channel><item><link>/1</link></item></channel></rss>").kind == "feed"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_list_in_plain_text(newline: str) -> None:
    lines = ["https://a.example/1", "", "# no", "ftp://a.example/x", " https://a.example/2 "]
    source = read("\ufeff" + newline.join(lines), step=3)
    assert [e.url for e in source.entries] == ["https://a.example/1", "https://a.example/2"]
    assert source.unusable == 1


@pytest.mark.parametrize("step", [1, 100, 100_000])
def test_gzip(step: int) -> None:
    source = read(gzip.compress(NEWS.encode()), step)
    assert [e.url for e in source.entries] == ["https://a.example/1?a=1&b=2", "https://a.example/2"]
    assert source.complete


def test_gzip_in_members_and_cut_off() -> None:
    half = len(NEWS) // 2
    packed = gzip.compress(NEWS[:half].encode()) + gzip.compress(NEWS[half:].encode())
    assert len(read(packed).entries) == 2
    many = "<urlset>" + "".join(f"<url><loc>/{n}{'x' * (n % 7)}</loc></url>" for n in range(3000)) + "</urlset>"
    source = read(gzip.compress(many.encode())[:-3000])
    assert not source.complete
    assert 100 < len(source.entries) < 3000


def test_no_more_than_the_protocol_allows() -> None:
    body = "<urlset>" + "".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(MOST_ENTRIES + 1))
    source = read(body, 65_536)
    assert len(source.entries) == MOST_ENTRIES
    assert source.limited
    assert not read(body[: body.rindex("<url>")], 65_536).limited


def test_a_gzip_bomb_ends_at_the_cap() -> None:
    started = time.process_time()
    source = read(gzip.compress(b"<urlset>" + b" " * 300_000_000, 9), 65_536)
    assert source.limited
    assert time.process_time() - started < 20


def test_half_a_url_is_none() -> None:
    assert [e.url for e in read("<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.ex").entries] == [
        "https://a.example/1"
    ]
