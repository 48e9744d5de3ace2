"""Crawls that find their pages: by feeds, sitemaps, a site's home page, and by following links. A real site on
loopback, real processes; the report tells each URL, and the audit that none is lost."""

import gzip
import json
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import psutil
import pytest

from bench.processes import role, tree
from tests.tearsheet.started import Start, heard

TEXT = "Otters live along rivers and hold hands when they sleep, so that none of them drifts away. " * 8
PAGE = '<!DOCTYPE html><html lang="en"><head><title>Of {0}</title>{1}</head><body><article>'
PAGE += "<h1>Of {0}</h1><p>{0} {2}</p></article>{3}</body></html>"


def page(name: str, links: list[str] | None = None, head: str = "") -> bytes:
    nav = "".join(f'<a href="{link}">{link}</a> ' for link in links or [])
    return PAGE.format(name, head, TEXT, f"<nav>{nav}</nav>").encode()


def urlset(*urls: str) -> bytes:
    return ("<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>").encode()


def index(*urls: str) -> bytes:
    return (
        "<sitemapindex>" + "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls) + "</sitemapindex>"
    ).encode()


class _Site(BaseHTTPRequestHandler):
    hits: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        self.hits[self.path] += 1
        body, kind = self.answer(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body or b"no")))
        self.end_headers()
        self.wfile.write(body or b"no")

    def answer(self, path: str) -> tuple[bytes | None, str]:
        fixed: dict[str, tuple[bytes, str]] = {
            "/robots.txt": (b"User-agent: *\nDisallow: /private\nSitemap: /sitemap-index.xml\n", "text/plain"),
            "/feed": (
                b"<rss><channel><title>F</title><item><link>/p/1</link></item><item><link>p/2?a=1&b=2</link></item>"
                b"<item><link>/p/1#again</link></item><item><link>/private/1</link></item></channel></rss>",
                "application/rss+xml",
            ),
            "/atom.xml": (
                b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/p/7"/></entry></feed>',
                "text/xml",
            ),
            "/sitemap-index.xml": (index("/sitemap-index.xml", "/s1.xml.gz", "/s2.xml", "/deep-1.xml"), "text/xml"),
            "/s1.xml.gz": (gzip.compress(urlset("/p/1", "/p/3")), "application/gzip"),
            "/s2.xml": (urlset("/p/4", "/tag/1"), "application/octet-stream"),
            "/": (
                page(
                    "home",
                    ["/a/1", "/calendar/2026/03/", "/a/1?PHPSESSID=1234", "http://other.example/", "/x/x/x/x/"],
                    '<link rel="alternate" type="application/atom+xml" href="/atom.xml">',
                ),
                "text/html",
            ),
            "/a/1": (page("one", ["/a/2", "/a/2?phpsessid=99", "/loop/a/", "/a/1", "/photo.jpg"]), "text/html"),
            "/a/2": (page("two", ["/a/3", "/tag/x", "/a/1"]), "text/html"),
            "/a/3": (page("three", ["/a/4"]), "text/html"),
            "/nofollow": (page("nofollow", ["/a/9"], '<meta name="robots" content="nofollow">'), "text/html"),
        }
        if path in fixed:
            return fixed[path]
        if match := re.fullmatch(r"/deep-(\d+)\.xml", path):
            return index(f"/deep-{int(match.group(1)) + 1}.xml"), "text/xml"
        if match := re.fullmatch(r"/calendar/(\d+)/(\d+)/", path):
            year, month = int(match.group(1)), int(match.group(2))
            later = f"/calendar/{year + month // 12}/{month % 12 + 1:02}/"
            return page(f"{year} {month}", [later, f"/calendar/{year + 40}/01/"]), "text/html"
        if path.startswith("/loop/"):
            return page("loop", ["a/", "b/"]), "text/html"
        if re.match(r"/(p|a|tag|wide)/", path):
            return page(path, ["/"]), "text/html"
        if path == "/wide":
            return page("wide", [f"/wide/{n}" for n in range(30)]), "text/html"
        return None, "text/html"

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    _Site.hits.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site() -> Iterator[str]:
    with serving() as url:
        yield url


class Crawled:
    """A crawl that has ended: what it told, and its report by path."""

    def __init__(self, start: Start, site: str, folder: Path, *arguments: str, code: int = 0) -> None:
        command = start("crawl", *arguments, "--report", "report.jsonl")
        self.told, self.talk = command.communicate(timeout=110)
        assert command.returncode == code, self.talk + self.told
        lines = [json.loads(line) for line in (folder / "report.jsonl").read_text().splitlines()]
        self.urls = [line["url"].removeprefix(site) for line in lines]
        self.outcomes = {line["url"].removeprefix(site): line["outcome"] for line in lines}
        self.reasons = {line["url"].removeprefix(site): line["reason"] for line in lines}


def audited(start: Start) -> None:
    said, talk = start("audit").communicate(timeout=60)
    assert "Everything adds up." in said, said + talk


def test_a_feed_with_relative_links(start: Start, site: str, tmp_path: Path) -> None:
    crawl = Crawled(start, site, tmp_path, "--feed", f"{site}/feed")
    assert crawl.outcomes == {
        "/feed": "read",
        "/p/1": "indexed",
        "/p/2?a=1&b=2": "indexed",
        "/private/1": "refused",
    }
    assert crawl.reasons["/feed"] == "a feed of 4 entries"
    assert crawl.told.startswith("3 pages and 1 source: 2 indexed, 1 read, 1 refused; articles 2, ")
    assert "  3 of these were found on the way" in crawl.told
    assert f"  read: a feed of 4 entries: {site}/feed" in crawl.told
    assert "robots.txt disallows /private/1" in crawl.told
    audited(start)


def test_an_index_that_holds_itself_and_a_chain_without_end(start: Start, site: str, tmp_path: Path) -> None:
    crawl = Crawled(start, site, tmp_path, "--sitemap", f"{site}/sitemap-index.xml", "--exclude", "/tag/")
    pages = {url for url, outcome in crawl.outcomes.items() if outcome == "indexed"}
    assert pages == {"/p/1", "/p/3", "/p/4"}
    assert len(crawl.urls) == len(set(crawl.urls))
    assert crawl.reasons["/s1.xml.gz"] == "a sitemap of 2 pages"
    assert crawl.reasons["/deep-3.xml"] == "a sitemap index of 1 sitemap; too deep to be followed"
    assert "/deep-4.xml" not in crawl.urls
    assert _Site.hits["/sitemap-index.xml"] == 1
    audited(start)


def test_a_site_leads_to_its_feeds_and_sitemaps(start: Start, site: str, tmp_path: Path) -> None:
    crawl = Crawled(start, site, tmp_path, "--site", f"{site}/", "--include", "/p/", f"{site}/p/1")
    assert crawl.reasons["/"] == "a site with 1 feed and 1 sitemap"
    assert {u for u, o in crawl.outcomes.items() if o == "indexed"} == {"/p/1", "/p/3", "/p/4", "/p/7"}
    # The home page as a page of its own is another line.
    both = Crawled(start, site, tmp_path, "--site", f"{site}/", f"{site}/", "--include", "/none/")
    assert both.urls.count("/") == 2
    audited(start)


def test_links_are_followed_within_site_depth_and_limit(start: Start, site: str, tmp_path: Path) -> None:
    crawl = Crawled(start, site, tmp_path, f"{site}/", "--follow", "--depth", "2", "--exclude", "/calendar/")
    assert crawl.outcomes == {"/": "indexed", "/a/1": "indexed", "/a/2": "indexed", "/loop/a/": "indexed"}
    assert crawl.told.startswith("4 pages: 4 indexed; articles 4, ")
    assert "  3 of these were found on the way" in crawl.told
    limited = Crawled(start, site, tmp_path, f"{site}/wide", "--follow", "--limit", "11")
    assert len(limited.urls) == 11
    assert "left out: up to 30 found beyond --limit" in limited.told
    # Again, with what is in the store by now: an unchanged page leads on as well.
    again = Crawled(start, site, tmp_path, f"{site}/a/1", "--follow", "--depth", "1", "--include", r"/a/\d")
    assert again.outcomes == {"/a/1": "unchanged", "/a/2": "unchanged"}
    none = Crawled(start, site, tmp_path, f"{site}/nofollow", "--follow")
    assert none.urls == ["/nofollow"]
    audited(start)


def test_traps_are_left(start: Start, site: str, tmp_path: Path) -> None:
    crawl = Crawled(start, site, tmp_path, f"{site}/", "--follow", "--depth", "30", "--limit", "120")
    years = [int(url.split("/")[2]) for url in crawl.urls if url.startswith("/calendar/")]
    assert years
    assert max(years) <= 2100
    assert not any("sessid" in url.lower() for url in crawl.urls)
    assert max(url.count("/a/") for url in crawl.urls) <= 2
    assert not any("other.example" in url or url.endswith(".jpg") or url.startswith("/x/") for url in crawl.urls)
    assert len(crawl.urls) <= 120
    audited(start)


def test_ctrl_c_and_the_same_command_lose_nothing(start: Start, site: str, tmp_path: Path) -> None:
    arguments = [f"{site}/wide", "--follow", "--depth", "1"]
    command = start("crawl", *arguments, delay=0.5)
    heard(command, " ended, ")
    command.send_signal(signal.SIGINT)
    command.communicate(timeout=60)
    assert command.returncode == 130
    second = start("crawl", *arguments, delay=0.5)
    heard(second, "going on with crawl 1")
    heard(second, " ended, ")
    second.kill()
    second.communicate()
    crawl = Crawled(start, site, tmp_path, *arguments)
    assert "going on with crawl 1, which was interrupted (1 URLs are in)" in crawl.talk
    assert sorted(crawl.urls) == sorted(["/wide", *(f"/wide/{n}" for n in range(30))])
    assert set(crawl.outcomes.values()) == {"indexed"}
    audited(start)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--follow", "--include", "(", "http://127.0.0.1/"], "'(' is no regular expression: missing ), unterminated"),
        (["--include", "x", "http://127.0.0.1/"], "--include and --exclude choose among found URLs"),
        (["--follow"], "there is no URL in what was given"),
        (["--follow", "--depth", "-1", "http://127.0.0.1/"], "-1 is not in the range"),
    ],
)
def test_wrong_options(start: Start, arguments: list[str], words: str) -> None:
    command = start("crawl", *arguments)
    _, talk = command.communicate(timeout=60)
    assert command.returncode == 2
    assert words in talk
    assert len(talk.splitlines()) == 1


def test_fetchers_that_are_killed_lose_nothing(start: Start, site: str, tmp_path: Path) -> None:
    command = start("crawl", f"{site}/wide", "--site", f"{site}/", "--follow", "--report", "report.jsonl", delay=0.3)
    killed = 0
    for pages in (3, 10, 20):
        while _Site.hits.total() < pages:
            assert command.poll() is None
            time.sleep(0.05)
        for process in tree(command.pid):
            with suppress(psutil.Error):
                if role(process) == "fetcher":
                    process.kill()
                    killed += 1
    assert killed >= 3
    told, talk = command.communicate(timeout=110)
    assert command.returncode == 0, talk + told
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    urls = Counter(line["url"].removeprefix(site) for line in lines)
    assert {f"/wide/{n}" for n in range(30)} | {"/p/1", "/p/3", "/p/4", "/p/7"} <= set(urls)
    assert {url for url, count in urls.items() if count > 1} <= {"/"}  # a site and a page
    assert {line["outcome"] for line in lines} <= {"indexed", "read", "duplicate"}
    audited(start)
