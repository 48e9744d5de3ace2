"""What the hostile site answers where a feed or a sitemap is asked for (`SOURCES` in `hostile_site`)."""

import gzip
import random
from collections.abc import Callable
from functools import cache

from tests.hostile_exchange import Answer, Exchange

_XML = "application/xml"
# Each entity is ten of the one before: ten to the power of eleven words.
_LAUGHS = '<!DOCTYPE z [<!ENTITY l0 "ha"' + "".join(f'><!ENTITY l{n} "{f"&l{n - 1};" * 10}"' for n in range(1, 12))
_DATES = ("yesterday", "2026-13-45", "Thu, 99 Foo 99999 99:99:99 GMT", "1e400", "", "٢٠٢٦-١١-٢٧", "0", "-1", "24:61")
_LINKS = (
    *("/ok?n=1", "ok?n=2", "../../ok?n=3", "//[::1", "http://", "http://[", "javascript:alert(1)", "mailto:a@b"),
    *("file:///etc/passwd", "http://169.254.169.254/latest/meta-data/", "\u0000", "?n=4", "http:///ok?n=5"),
)


@cache
def _bomb() -> bytes:
    return gzip.compress(b"<urlset>" + b"&" * 50_000_000)


def _feed(items: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<rss><channel><title>A feed</title>{items}</channel></rss>'


def _item(link: str, date: str = "") -> str:
    return f"<item><link>{link}</link><pubDate>{date}</pubDate></item>"


def _text(body: str | bytes) -> Answer:
    return lambda x: x.reply(body, content_type=_XML)


def _endless(x: Exchange) -> None:
    x.head(content_type=_XML).send(b"<rss><channel>")
    while True:
        x.send(b"<a>" + b" " * 65_529 + b"</a>")


def _cut(x: Exchange) -> None:
    x.head(content_type=_XML, Content_Length="100000").send(f"<rss><channel>{_item('/ok?n=6')}<item><link>/ok".encode())


def _index(*urls: str) -> Answer:
    return _text("<sitemapindex>" + "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls) + "</sitemapindex>")


SOURCE_ANSWERS: dict[str, Callable[[Exchange], None]] = {
    "/feed/laughs": _text(_feed(_item("/&l11;") + "<title>&l11;</title>", _LAUGHS + ">]>")),
    "/feed/quadratic": _text(_feed(_item("/" + "&q;" * 100_000), f'<!DOCTYPE z [<!ENTITY q "{"q" * 60_000}">]>')),
    "/feed/external": _text(
        _feed(_item("/&x;"), '<!DOCTYPE z SYSTEM "/z.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    ),
    "/feed/links": _text(_feed("".join(map(_item, _LINKS)))),
    "/feed/dates": _text(_feed("".join(_item("/ok?n=7", date) for date in _DATES))),
    "/feed/deep": _text("<rss><channel><item>" + "<a>" * 1_000_000),
    "/feed/endless": _endless,
    "/feed/slow": lambda x: x.head(content_type=_XML).drip(b"<rss><channel>" * 100),
    "/feed/cut": _cut,
    "/feed/noise": _text(random.Random(5).randbytes(100_000)),
    "/sitemap/itself": _index("/sitemap/itself", "/sitemap/itself?again"),
    "/sitemap/pair": lambda x: _index(f"/sitemap/pair?n={1 - x.n(0)}")(x),
    "/sitemap/chain": lambda x: _index(f"/sitemap/chain?n={x.n(0) + 1}")(x),
    "/sitemap/bomb": lambda x: x.reply(_bomb(), content_type="application/gzip"),
    "/sitemap/twice": lambda x: x.reply(
        gzip.compress(_bomb()), content_type="application/gzip", Content_Encoding="gzip"
    ),
}
