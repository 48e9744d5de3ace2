"""The fetcher against the web's most common server, by the server's own log."""

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bench.fetchers import fetchers
from services.fetcher.fetch import Fetcher
from shared.stage import Fetched, Outcome, Read, Refused, Unchanged
from tests.nginx import BINARY, Nginx, Request, nginx
from tests.services.fetcher.fetching import claim, quick_settings

pytestmark = pytest.mark.skipif(BINARY is None, reason="nginx is not installed")

PAGE = "<!DOCTYPE html><title>A page</title>" + "<p>A sentence to be read." * 100
PAGES = 5
# Its log tells milliseconds, and a start is what two of them differ by.
RESOLUTION = 0.002

SETTINGS = """
  gzip on;
  gzip_min_length 1000;
  limit_req_zone $server_addr zone=some:1m rate=2r/s;
"""
LOCATIONS = """
    location /dated/ { etag off; alias FOLDER/pages/; }
    location = /moved { return 301 /page.html; }
    location = /found { return 302 http://127.0.0.2:$server_port/page.html; }
    location = /inside { return 302 http://169.254.169.254/latest/meta-data/; }
    location = /file { return 302 file:///etc/passwd; }
    location = /around { return 307 /around; }
    location = /teapot { return 418; }
    location /many/ { limit_req zone=some; limit_req_status 429; error_page 429 = @later; alias FOLDER/pages/many/; }
    location /busy/ { limit_req zone=some; limit_req_status 503; alias FOLDER/pages/many/; }
    location @later { internal; add_header Retry-After 3 always; return 429; }
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Nginx]:
    with nginx(tmp_path, 4, SETTINGS, LOCATIONS.replace("FOLDER", str(tmp_path))) as running:
        running.write("page.html", PAGE)
        running.write("folder/index.html", PAGE)
        for n in range(PAGES):
            running.write(f"many/{n}.html", f"<title>{n}</title>{PAGE}")
        yield running


@pytest.fixture
def quick() -> Iterator[Fetcher]:
    made = Fetcher(quick_settings(), None)
    yield made
    made.close()


def of_pages(served: Nginx) -> list[Request]:
    return [request for request in served.requests() if request.target != "/robots.txt"]


@pytest.mark.parametrize("path", ["/page.html", "/dated/page.html"])
def test_a_page_that_did_not_change_is_not_sent_again(served: Nginx, quick: Fetcher, path: str) -> None:
    """By its ETag, which nginx weakens where it packs; by its date where it gives no ETag."""
    url = served.at(path)
    first = quick.fetch(claim(url))
    assert isinstance(first, Fetched)
    assert first.raw.body == PAGE.encode()
    known = claim(url, content_hash=first.content_hash, validator=first.raw.validator, stored_version=1)
    assert quick.fetch(known) == Unchanged()
    served.write("page.html", PAGE + "More.")
    os.utime(served.folder / "pages" / "page.html", (2e9, 2e9))
    again = quick.fetch(known)
    assert isinstance(again, Fetched)
    assert again.raw.body.endswith(b"More.")
    requests = of_pages(served)
    assert [request.status for request in requests] == [200, 304, 200]
    assert [request.coding for request in requests] == ["gzip", "-", "gzip"]
    asked = [(request.if_none_match[:3], request.if_modified_since[-3:]) for request in requests]
    later = ("-", "GMT") if path.startswith("/dated") else ("W/\\", "-")
    assert asked == [("-", "-"), later, later]


def test_a_feed_that_did_not_change_is_not_sent_again(served: Nginx, quick: Fetcher) -> None:
    served.write("feed.xml", "<rss><channel><item><link>/1</link></item></channel></rss>")
    url = served.at("/feed.xml")
    first = quick.fetch(claim(url, kind="feed"))
    assert isinstance(first, Read)
    assert quick.fetch(claim(url, kind="feed", validator=first.validator)) == Unchanged()
    assert [request.status for request in of_pages(served)] == [200, 304]


def test_redirects(served: Nginx, quick: Fetcher) -> None:
    """Its own ones too: that of a folder to its name with a slash."""
    ends = {
        "/moved": served.at("/page.html"),
        "/found": served.at("/page.html", "127.0.0.2"),
        "/folder": served.at("/folder/"),
    }
    for path, final in ends.items():
        ending = quick.fetch(claim(served.at(path)))
        assert isinstance(ending, Fetched), ending
        assert ending.raw.final_url == final
    for path, words in {
        "/inside": "169.254.169.254 is not a public address",
        "/file": "file:",
        "/around": "redirect loop",
        "/teapot": "status 418",
        "/nothing": "status 404: not found",
    }.items():
        ending = quick.fetch(claim(served.at(path)))
        assert isinstance(ending, Refused), ending
        assert words in ending.reason


def test_one_connection_serves_several_pages(served: Nginx, quick: Fetcher) -> None:
    for n in range(8):
        assert isinstance(quick.fetch(claim(served.at(f"/page.html?{n}"))), Fetched)
    assert len({request.connection for request in of_pages(served)}) == 1
    assert len(of_pages(served)) == 8


@pytest.mark.parametrize(("folder", "status", "waits"), [("many", 429, 3.0), ("busy", 503, 2.0)])
def test_a_host_that_asks_for_fewer_requests_gets_fewer(served: Nginx, folder: str, status: int, waits: float) -> None:
    """nginx lets two a second through, and answers others with 429 and three seconds to wait, or with a bare 503."""
    environment = {"TEARSHEET_FETCH_HOST_CONCURRENCY": "1", "TEARSHEET_FETCH_DELAY": "0.1"}
    with fetchers(1, environment) as running:
        crawl = running.crawl([served.at(f"/{folder}/{n}.html") for n in range(PAGES)], folder, patience=60)
        outcomes = running.ledger.crawl(crawl).outcomes
    assert {outcome: count for outcome, count in outcomes.items() if count} == {Outcome.REFUSED: PAGES}  # by the drain
    requests = of_pages(served)
    got = sorted(request.target for request in requests if request.status == 200)
    assert got == [f"/{folder}/{n}.html" for n in range(PAGES)]
    put_off = [(one, two) for one, two in pairwise(requests) if one.status == status]
    assert put_off
    assert all(two.started - one.started >= waits - RESOLUTION for one, two in put_off)


def test_two_fetchers_keep_to_the_delay_of_each_host(served: Nginx) -> None:
    delay = 0.2
    environment = {"TEARSHEET_FETCH_HOST_CONCURRENCY": "1", "TEARSHEET_FETCH_DELAY": str(delay)}
    hosts = [f"127.0.0.{n}" for n in (1, 2, 3, 4)]
    urls = [served.at(f"/page.html?{n}", host) for host in hosts for n in range(12)]
    with fetchers(2, environment) as running:
        running.crawl(urls, "pages", patience=60)
    requests = served.requests()
    assert sorted(f"http://{r.host}:{served.port}{r.target}" for r in requests) == sorted(
        [*urls, *(served.at("/robots.txt", host) for host in hosts)]
    )
    for host in hosts:
        of_host = [request for request in requests if request.host == host]
        for one, two in pairwise(of_host):
            assert two.started - one.started >= delay - RESOLUTION
            assert two.started >= one.ended - RESOLUTION
    # Not one host after the other.
    assert max(r.started for r in requests) - min(r.started for r in requests) < 2 * 13 * delay
