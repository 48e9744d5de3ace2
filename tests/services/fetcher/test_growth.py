"""Sources over real HTTP, as the fetcher meets them, and what of a page's links a crawl takes in."""

import gzip
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.fetcher.fetch import Fetcher
from services.fetcher.growth import Growth
from shared.archive import ArchiveWriter
from shared.scope import Scope
from shared.stage import Failed, Fetched, Finding, Read, Refused, Unchanged
from tests.hostile_exchange import Exchange, HostileSite
from tests.hostile_site import SOURCES, Case
from tests.services.fetcher.fetching import claim, quick_settings, site_of

RSS = "<rss><channel><item><link>/1</link></item><item><link>/2?utm_source=rss</link></item></channel></rss>"


@pytest.fixture
def grower() -> Iterator[Fetcher]:
    made = Fetcher(quick_settings(), None, scope=lambda _: Scope(follow=True))
    yield made
    made.close()


def found(ending: object) -> list[str]:
    assert isinstance(ending, Read | Fetched), ending
    return [finding.url for findings in ending.found for finding in findings.urls]


@pytest.mark.parametrize(
    "content_type",
    ["application/rss+xml", "text/xml", "application/xml", "text/html", "application/octet-stream", None, "image/png"],
)
def test_a_feed_whatever_the_server_calls_it(grower: Fetcher, content_type: str | None) -> None:
    with site_of(lambda x: x.reply(RSS, content_type=content_type)) as site:
        ending = grower.fetch(claim(site.at("/feed"), kind="feed", crawls=("1",)))
        assert found(ending) == [site.at("/1"), site.at("/2")]
    assert isinstance(ending, Read)
    assert ending.reason == "a feed of 2 entries"


def test_a_sitemap_packed_twice_after_a_redirect(grower: Fetcher) -> None:
    packed = gzip.compress(gzip.compress(b"<urlset><url><loc>../1</loc></url></urlset>"))

    def answer(x: Exchange) -> None:
        if x.path == "/sitemap.xml":
            x.redirect("/maps/all.xml.gz")
        else:
            x.reply(packed, content_type="application/gzip", Content_Encoding="gzip")

    with site_of(answer) as site:
        assert found(grower.fetch(claim(site.at("/sitemap.xml"), kind="sitemap", crawls=("1",)))) == [site.at("/1")]


def test_a_site_by_its_page_and_its_robots_txt(grower: Fetcher) -> None:
    page = '<title>x</title><link rel="alternate" type="application/rss+xml" href="feed"><a href="/1">1</a>'
    with site_of(lambda x: x.reply(page), robots="Sitemap: /s.xml\nUser-agent: other\nDisallow: /") as site:
        ending = grower.fetch(claim(site.at("/"), kind="site", crawls=("1",)))
        assert isinstance(ending, Read)
        [findings] = ending.found
        assert findings.urls == (
            Finding(site.at("/feed"), "feed", 1),
            Finding(site.at("/s.xml"), "sitemap", 1),
        )
    assert ending.reason == "a site with 1 feed and 1 sitemap"


def test_a_source_that_did_not_change_is_not_sent_again(grower: Fetcher) -> None:
    asked: list[tuple[str | None, str | None]] = []

    def answer(x: Exchange) -> None:
        asked.append((x.headers.get("if-none-match"), x.headers.get("if-modified-since")))
        if any(asked[-1]):
            x.head("304 Not Modified", content_type=None)
        elif x.path == "/dated":
            x.reply(RSS, Last_Modified="Fri, 27 Nov 2026 10:00:00 GMT")
        else:
            x.reply(RSS, ETag='W/"1"')

    with site_of(answer) as site:
        for path in ("/tagged", "/dated"):
            first = grower.fetch(claim(site.at(path), kind="feed", crawls=("1",)))
            assert isinstance(first, Read)
            again = claim(site.at(path), kind="feed", crawls=("1",), validator=first.validator)
            assert grower.fetch(again) == Unchanged()
    assert asked == [(None, None), ('W/"1"', None), (None, None), (None, "Fri, 27 Nov 2026 10:00:00 GMT")]


@pytest.mark.parametrize("how", ["cut", "deep", "site"])
def test_a_source_that_was_not_read_to_its_end_is_sent_again(grower: Fetcher, how: str) -> None:
    body = "<sitemapindex><sitemap><loc>/s.xml</loc></sitemap></sitemapindex>"

    def answer(x: Exchange) -> None:
        x.reply(body[:-20] if how == "cut" else body if how == "deep" else "<title>A site", ETag='"1"')

    kind, depths = ("site" if how == "site" else "sitemap"), ("1:3" if how == "deep" else "")
    with site_of(answer) as site:
        ending = grower.fetch(claim(site.at("/x"), kind=kind, crawls=("1",), depths=depths))
    assert isinstance(ending, Read)
    assert ending.validator == ""


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("feed", "<html><p>Hello", "an HTML page is neither a feed nor a sitemap"),
        ("sitemap", "", "nothing to read: empty body"),
        ("feed", '{"a": 1}', "JSON that is no feed, or is cut off"),
        ("site", "%PDF-1.7", "a PDF document is not read, only HTML pages"),
    ],
)
def test_what_is_no_source_is_refused(grower: Fetcher, kind: str, body: str, reason: str) -> None:
    with site_of(lambda x: x.reply(body)) as site:
        assert grower.fetch(claim(site.at("/x"), kind=kind, crawls=("1",))) == Refused(reason)


def test_a_source_obeys_robots_txt_and_status(grower: Fetcher) -> None:
    with site_of(lambda x: x.reply("", status="503 No"), robots="User-agent: *\nDisallow: /private") as site:
        refused = grower.fetch(claim(site.at("/private/feed"), kind="feed", crawls=("1",)))
        failed = grower.fetch(claim(site.at("/feed"), kind="feed", crawls=("1",)))
    assert isinstance(refused, Refused)
    assert refused.reason == "robots.txt disallows /private/feed for Tearsheet (Disallow: /private)"
    assert isinstance(failed, Failed)


def test_hostile_answers_to_a_source_end(grower: Fetcher, site: HostileSite) -> None:
    paths = ["/endless/body", "/stall/body", "/slow/body", "/bomb/gzip", "/length/short", "/bytes/noise", "/reset/body"]
    for path in [*paths, "/protocol/chunks", "/html/deep", "/gzip/broken", "/large/chunked"]:
        for kind in ("feed", "sitemap", "site"):
            ending = grower.fetch(claim(site.at(path), kind=kind, crawls=("1",)))
            assert isinstance(ending, Refused | Failed | Read), (path, kind, ending)


SAID = {
    "/feed/laughs": "a feed of 1 entry",
    "/feed/quadratic": "a feed of 0 entries, 1 more without a URL",
    "/feed/links": "a feed of 6 entries, 7 more without a URL",
    "/feed/dates": "a feed of 9 entries",
    "/feed/endless": "a feed of 0 entries; it holds more than is read of one",
    "/feed/slow": "not fetched within 2 s in all",
    "/feed/cut": "a feed of 1 entry, 1 more without a URL; it is cut off or broken",
    "/feed/noise": "neither a feed nor a sitemap",
    "/sitemap/itself": "a sitemap index of 2 sitemaps",
    "/sitemap/bomb": "a body that unpacks to more than 200 times its size",
    "/sitemap/twice": "a body that unpacks to more than 200 times its size",
}


@pytest.mark.parametrize("case", SOURCES, ids=lambda case: str(case.path))
def test_a_hostile_source_ends_in_words_within_its_time_and_memory(
    case: Case, site: HostileSite, tmp_path: Path
) -> None:
    """Archived too, so that nothing of it is kept beyond a page's size."""
    seconds = 2.0 if "slow" in case.path else 20.0
    settings = quick_settings(data=tmp_path, fetch_read_timeout=min(seconds, 10.0), fetch_total_timeout=seconds)
    archive = ArchiveWriter(settings, lambda _: None)
    archive.open()
    fetcher = Fetcher(settings, None, archive=archive, scope=lambda _: Scope())
    kind = "feed" if case.path.startswith("/feed") else "sitemap"
    if "bomb" in case.path or "twice" in case.path:  # the site keeps its bomb in this process: made before measuring
        fetcher.fetch(claim(site.at(case.path)))
    fetcher.fetch(claim(site.at("/ok?n=9")))
    tracemalloc.start()
    started = time.monotonic()
    ending = fetcher.fetch(claim(site.at(case.path), kind=kind, crawls=("1",)))
    took, peak = time.monotonic() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    fetcher.close()
    archive.close()
    expected = {"read": Read, "refused": Refused, "quarantined": Failed}
    assert isinstance(ending, tuple(expected[outcome] for outcome in case.outcomes)), ending
    assert SAID.get(case.path, "") in getattr(ending, "reason", ""), ending
    assert took < 20
    assert peak < 80_000_000
    if isinstance(ending, Read):
        assert all(url.startswith((site.url, "http://169.254.169.254/", "http://ok/")) for url in found(ending))


def test_a_sitemap_cut_off_is_read_as_far_as_it_came(grower: Fetcher) -> None:
    body = "<urlset>" + "".join(f"<url><loc>/{n}</loc></url>" for n in range(100))

    def answer(x: Exchange) -> None:
        x.send(f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body) + 50}\r\n\r\n{body}".encode())

    with site_of(answer) as site:
        ending = grower.fetch(claim(site.at("/s.xml"), kind="sitemap", crawls=("1",)))
    assert len(found(ending)) == 100
    assert isinstance(ending, Read)
    assert ending.reason == "a sitemap of 100 pages; it is cut off or broken"


def links(body: str, url: str = "http://a.example/", at: str | None = None, **how: object) -> list[str]:
    settings = quick_settings(fetch_nofollow=how.pop("no_follow", True))
    scope = Scope(follow=True, **how)  # type: ignore[arg-type]
    page = claim(url, crawls=("1",), depths=str(how.get("depths", "")))
    findings = Growth(settings, lambda _: scope).links(page, body.encode(), at or url, "text/html")
    return [finding.url for f in findings for finding in f.urls]


PAGE = (
    "<a href='/1#top'>1</a><a href='//www.a.example/2'>2</a><a href='http://b.example/3'>3</a>"
    "<a href='/4' rel=nofollow>4</a><a href='/5;jsessionid=1?utm_source=x'>5</a><a href='/6.pdf'>6</a>"
)


def test_which_links_are_taken() -> None:
    ones = ["http://a.example/1", "http://www.a.example/2", "http://a.example/5"]
    assert links(PAGE) == ones
    assert links(PAGE, no_follow=False) == [*ones[:2], "http://a.example/4", ones[2]]
    assert links(PAGE, include=("/[12]$",), exclude=("/2",)) == ones[:1]
    assert links(PAGE, depth=0) == []


def test_a_page_that_was_given_may_have_moved_to_another_site() -> None:
    body = "<a href='/1'>1</a>"
    assert links(body, at="http://moved.example/") == ["http://moved.example/1"]


def test_a_page_that_was_found_and_leads_elsewhere_is_not_followed() -> None:
    scope = Scope(follow=True)
    page = claim("http://a.example/out", crawls=("1",), depths="1:1")
    growth = Growth(quick_settings(), lambda _: scope)
    [findings] = growth.links(page, b"<a href='/1'>1</a><a href='http://a.example/2'>2", "http://b.example/", None)
    assert [f.url for f in findings.urls] == ["http://a.example/2"]
    assert [f.depth for f in findings.urls] == [2]


@pytest.mark.parametrize("content", ["nofollow", "none", "noindex", "noindex, nofollow"])
@pytest.mark.parametrize("where", ["header", "page"])
def test_what_a_page_asks_of_its_links(grower: Fetcher, content: str, where: str) -> None:
    """One that is not to be indexed is refused, and leads on where it does not say that it shall not."""
    meta = f'<meta name="robots" content="{content}">' if where == "page" else ""
    headers = {"X_Robots_Tag": content} if where == "header" else {}
    with site_of(lambda x: x.reply(f"<html>{meta}<a href='/1'>Some words", **headers)) as site:
        ending = grower.fetch(claim(site.at("/"), crawls=("1",)))
        leads = [f.url for findings in getattr(ending, "found", ()) for f in findings.urls]
        assert leads == ([site.at("/1")] if content == "noindex" else [])
    assert isinstance(ending, Fetched if content == "nofollow" else Refused)


def test_a_page_of_no_growing_crawl_is_not_looked_at() -> None:
    page = claim("http://a.example/", crawls=("1", "2"), depths="2:2")
    growth = Growth(quick_settings(), lambda crawl: Scope(follow=crawl == "2"))
    assert not growth.follows(page)
    assert growth.links(page, b"<a href='/1'>", page.url, None) == ()


def test_threads_share_it(grower: Fetcher) -> None:
    with site_of(lambda x: x.reply(RSS)) as site:
        ends: list[object] = []
        threads = [
            threading.Thread(
                target=lambda n=n: ends.append(grower.fetch(claim(site.at(f"/{n}"), kind="feed", crawls=("1",))))
            )
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(found(end) == [site.at("/1"), site.at("/2")] for end in ends)
