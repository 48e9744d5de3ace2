"""The pages of `tests/services/parser/elsewhere/pages`, each a site of its own on loopback, by the real command: their
comments come in the order of one thread, with their source, each asked for once and as a turn of its host."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from shared.records import ParsedPage
from tests.services.parser.elsewhere.test_pages import FOLDERS, TYPES, comments_of, lines
from tests.tearsheet.started import Start

DELAY = 0.15
# What a server's clock and ours may differ by: the kernel accepts before the server's thread runs.
SLACK = 0.03


class Site:
    """One folder's page and parts, under an address of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[float, str]] = []
        self.disallowed = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((time.monotonic(), self.path))
                status, kind, body = site.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.expected: dict[str, Any] = json.loads(self._read("expected.json"))
        self.files = {self.path_of(self.expected["url"]): "source.html"}
        self.files |= {self.path_of(url): name for url, name in self.expected.get("parts", {}).items()}

    def _read(self, name: str) -> str:
        """A file of the folder, as if it stood on this server."""
        expected = json.loads((self.folder / "expected.json").read_text("utf-8"))
        host = urlsplit(expected["url"]).netloc
        return (self.folder / name).read_text("utf-8").replace(f"https://{host}", self.base)

    def path_of(self, url: str) -> str:
        return url.removeprefix(self.base)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        if path == "/robots.txt" and self.disallowed:
            return 200, "text/plain", f"User-agent: *\nDisallow: {self.disallowed}\n".encode()
        if path not in self.files:
            return 404, "text/plain", b"none"
        name = self.files[path]
        return 200, TYPES[Path(name).suffix], self._read(name).encode()


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    site = Site(folder)
    thread = Thread(target=site.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join()
        site.server.server_close()


def shown(start: Start, site: Site) -> ParsedPage:
    said, talk = start("show", site.expected["url"], "--json").communicate(timeout=60)
    assert said, talk
    return ParsedPage.model_validate_json(said)


def test_each_platform_on_a_real_server(start: Start) -> None:
    with ExitStack() as stack:
        sites = [stack.enter_context(serving(folder)) for folder in FOLDERS]
        crawl = start("crawl", *(site.expected["url"] for site in sites), delay=DELAY)
        told, talk = crawl.communicate(timeout=110)
        assert told.startswith(f"{len(sites)} pages: {len(sites)} indexed"), talk
        for site in sites:
            page, expected = shown(start, site), site.expected
            assert lines(comments_of(page, expected["comments"])) == lines(expected["comments"]), site.folder.name
            wanted = [*site.files, *map(site.path_of, expected.get("refused", []))]
            assert sorted(path for _, path in site.asked) == sorted(["/robots.txt", *wanted])
            sources = {comment.provenance.get("text") for comment in page.comments}
            assert sources & {"comments feed", "comments api", "further page"}
            moments = [moment for moment, _ in site.asked]
            assert min(b - a for a, b in pairwise(moments)) >= DELAY - SLACK
        said, talk = start("audit").communicate(timeout=60)
        assert "Everything adds up." in said, said + talk


def test_what_robots_txt_disallows_is_left_out(start: Start) -> None:
    folder = next(folder for folder in FOLDERS if folder.name == "blogger-some-shown")
    with serving(folder) as site:
        site.disallowed = "/feeds/"
        told, talk = start("crawl", site.expected["url"]).communicate(timeout=60)
        assert told.startswith("1 page: 1 indexed"), talk
        assert {comment.provenance.get("text") for comment in shown(start, site).comments} == {None}
        assert not [path for _, path in site.asked if path.startswith("/feeds/")]
