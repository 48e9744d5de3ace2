"""Comments that are elsewhere than on their page, from outside: a real site, the real command."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

WORDS = "Otters live along rivers and hold hands when they sleep, so that none of them drifts away. " * 8
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Of otters</title>
<link rel="alternate" type="application/atom+xml" href="/feeds/7/comments/default">
</head><body><article><h1>Of otters</h1><p>{words}</p></article>
<section id="comments"><h4>2 comments</h4></section></body></html>"""
ENTRY = """<entry><id>tag:blogger.com,1999:blog-1.post-{id}</id><published>2024-05-0{n}T10:00:00Z</published>
<content type="html">{text}</content><author><name>{author}</name></author>{above}</entry>"""
FEED = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>"""


class _Site(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []
    entries = 2
    feed_status = 200

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/post":
            self._answer("text/html; charset=utf-8", PAGE.format(words=WORDS))
        elif self.path.startswith("/feeds/7/comments/default"):
            first = ENTRY.format(id=11, n=1, text="Do they?", author="Ann", above="")
            link = '<link rel="related" href="/feeds/7/comments/default/11"/>'
            second = ENTRY.format(id=12, n=2, text="They do.", author="Bo", above=link)
            third = ENTRY.format(id=13, n=3, text="Really.", author="Cy", above="")
            self._answer("application/atom+xml", FEED.format(entries="".join([first, second, third][: self.entries])))
        else:
            self._answer("text/plain", "no", 404)

    def _answer(self, kind: str, text: str, status: int = 200) -> None:
        status = self.feed_status if "atom" in kind else status
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[tuple[str, type[_Site]]]:
    kind = type("Site", (_Site,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", kind
    server.shutdown()
    thread.join()
    server.server_close()


def run(folder: Path, *arguments: str, **settings: str) -> str:
    environment = os.environ | {
        "TEARSHEET_DATA": str(folder),
        "TEARSHEET_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
        "TEARSHEET_FETCH_DELAY": "0",
        "TEARSHEET_FETCH_RETRY_DELAY": "0.1",
        **settings,
    }
    command = [sys.executable, "-m", "tearsheet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def comments(folder: Path, url: str) -> list[tuple[str, str, str]]:
    found = json.loads(run(folder, "show", url, "--json"))["comments"]
    return [(c["position"], c["author"], c["provenance"].get("text")) for c in found]


def test_comments_of_a_feed_come_with_their_page(site: tuple[str, type[_Site]], tmp_path: Path) -> None:
    base, kind = site
    url = f"{base}/post"
    assert "article 1, comments 2 (1 reply)" in run(tmp_path, "crawl", url)
    assert comments(tmp_path, url) == [("1", "Ann", "comments feed"), ("1.1", "Bo", "comments feed")]
    assert [path.partition("?")[0] for path in kind.asked] == ["/robots.txt", "/post", "/feeds/7/comments/default"]
    assert "Everything adds up." in run(tmp_path, "audit")
    # The page is as it was, and its discussion went on.
    kind.entries = 3
    assert "comments 3" in run(tmp_path, "crawl", url)
    assert [position for position, _, _ in comments(tmp_path, url)] == ["1", "1.1", "2"]


@pytest.mark.parametrize("status", [404, 500])
def test_a_page_does_without_a_feed_that_cannot_be_had(
    site: tuple[str, type[_Site]], tmp_path: Path, status: int
) -> None:
    base, kind = site
    kind.feed_status = status
    assert "1 page: 1 indexed; article 1, comments 0" in run(tmp_path, "crawl", f"{base}/post")
    assert "Everything adds up." in run(tmp_path, "audit")


def test_it_can_be_left_out(site: tuple[str, type[_Site]], tmp_path: Path) -> None:
    base, kind = site
    run(tmp_path, "crawl", f"{base}/post", TEARSHEET_FETCH_DISCUSSIONS="false")
    assert [path for path in kind.asked if "feeds" in path] == []
