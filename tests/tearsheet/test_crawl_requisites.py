"""`tearsheet crawl` with stylesheets and images of pages, from outside: a real site, real processes, real archive."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from shared.archive import Archive
from shared.ids import page_id
from shared.settings import Settings
from tests.shared.archive.exchanges import assert_sound, warcs
from tests.tearsheet.started import Start

TEXT = "Otters live along rivers and hold hands when they sleep, so that none of them drifts away. " * 8
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PAGE = '<!DOCTYPE html><html lang="en"><head><title>Of {0}</title><link rel=stylesheet href=/s.css></head><body>{1}'
PAGE += "<article><h1>Of {0}</h1><p>{0} {2}</p></article></body></html>"


def page(name: str, *images: str) -> bytes:
    return PAGE.format(name, "".join(f'<img src="{image}">' for image in images), TEXT).encode()


class _Site(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, float]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, time.monotonic()))
        body, kind = self.answer(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body or b"no")))
        self.end_headers()
        self.wfile.write(body or b"no")

    def answer(self, path: str) -> tuple[bytes | None, str]:
        fixed: dict[str, tuple[bytes, str]] = {
            "/robots.txt": (b"User-agent: *\nDisallow: /private\n", "text/plain"),
            "/one": (page("one", "/i/1.png", "/i/shared.png", "http://10.0.0.1/x.png", "/page.png"), "text/html"),
            "/two": (page("two", "/i/2.png", "/i/shared.png", "/missing.png", "/private/i.png"), "text/html"),
            "/many": (page("many", *(f"/m/{n}.png" for n in range(100_000))), "text/html"),
            "/s.css": (b'@import "endless/0.css"; @import "s.css"; p { background: url(i/bg.png) }', "text/css"),
            "/page.png": (page("png"), "text/html"),
        }
        if path.startswith("/endless/"):
            number = int(path.removeprefix("/endless/").removesuffix(".css"))
            return b'@import "%d.css"; p { color: red }' % (number + 1), "text/css"
        if path.startswith(("/i/", "/m/")):
            return PNG + path.encode(), "image/png"
        return fixed.get(path, (None, "text/html"))

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TEARSHEET_FETCH_REQUISITES", "true")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    _Site.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def crawled(start: Start, folder: Path, *arguments: str, delay: float = 0.0) -> tuple[str, list[dict[str, str]]]:
    """What a crawl told, and its report."""
    command = start("crawl", *arguments, "--report", "report.jsonl", delay=delay)
    told, talk = command.communicate(timeout=110)
    assert command.returncode == 0, talk + told
    said, talk = start("audit").communicate(timeout=60)
    assert "Everything adds up." in said, said + talk
    for path in warcs(folder / "data"):
        assert_sound(path)  # as `warcio check` does
    return told, [json.loads(line) for line in (folder / "report.jsonl").read_text().splitlines()]


def test_a_page_is_kept_with_what_it_is_shown_by(start: Start, site: str, tmp_path: Path) -> None:
    told, report = crawled(start, tmp_path, f"{site}/one", f"{site}/two")
    ended = {line["url"].removeprefix(site): (line["outcome"], line["reason"], line.get("kind")) for line in report}
    assert len(ended) == len(report)  # each once, however many pages share it
    assert [path for path, _ in _Site.asked if path != "/robots.txt"].count("/s.css") == 1
    assert [path for path, _ in _Site.asked].count("/i/shared.png") == 1
    image = f"an image of {len(PNG) + len('/i/1.png')} bytes, archived"
    assert ended["/i/1.png"] == ("read", image, "requisite")
    assert ended["/s.css"] == ("read", "a stylesheet of 73 bytes, archived", "requisite")
    assert {path for path, (outcome, *_) in ended.items() if outcome == "indexed"} == {"/one", "/two"}
    refused = {path: reason for path, (outcome, reason, _) in ended.items() if outcome == "refused"}
    assert refused == {
        "http://10.0.0.1/x.png": "10.0.0.1 is not a public address (allow with "
        "TEARSHEET_FETCH_ALLOW_PRIVATE=10.0.0.0/8)",
        "/page.png": "type text/html: only stylesheets and images are archived",
        "/missing.png": "status 404: not found",
        "/private/i.png": "robots.txt disallows /private/i.png for Tearsheet (Disallow: /private)",
    }
    chain = [path for path in ended if path.startswith("/endless/")]
    assert chain == [f"/endless/{n}.css" for n in range(7)]
    assert told.startswith("2 pages: 2 indexed; articles 2, ")
    assert f"  beside {len(report) - 2} requisites: {len(report) - 6} read, 4 refused" in told
    assert "found on the way" not in told
    assert "  refused: requisite: status 404: not found: " in told
    # From the archive alone: a page, and each thing that it is shown by, by its URL and the page's time.
    with closing(Archive(Settings(_env_file=None, data=tmp_path / "data"))) as archive:  # type: ignore[call-arg]
        raw = archive.read(page_id(f"{site}/one"))
        assert raw is not None
        for path in ("/s.css", "/i/bg.png", "/i/1.png", "/i/shared.png", *chain):
            found = archive.nearest(site + path, raw.fetched_at)
            assert found is not None
            assert found.body == _Site.answer(None, path)[0]  # type: ignore[arg-type]
        assert archive.nearest(f"{site}/missing.png") is None


def test_a_limit_counts_pages_and_a_page_has_so_many(
    start: Start, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEARSHEET_FETCH_HOST_CONCURRENCY", "8")
    told, report = crawled(start, tmp_path, f"{site}/many", "--follow", "--limit", "1")
    named = [line["url"] for line in report if "/m/" in line["url"]]
    assert len(named) == 199  # and a stylesheet
    assert told.startswith("1 page: 1 indexed; article 1, ")
    # 99,801 of the page's own, and what the last one of the chain of imports imports.
    assert "  beside 208 requisites: 208 read; left out: 99,802 more than are taken of a page" in told


def test_requisites_wait_for_their_host_s_turn(start: Start, site: str, tmp_path: Path) -> None:
    crawled(start, tmp_path, f"{site}/one", delay=0.1)
    times = [at for _, at in _Site.asked]
    assert len(times) > 10
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) > 0.095


def test_the_setting_without_an_archive_is_an_error(start: Start, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEARSHEET_ARCHIVE", "false")
    command = start("crawl", f"{site}/one")
    told, talk = command.communicate(timeout=60)
    assert command.returncode != 0
    assert talk.count("\n") == 1
    assert "TEARSHEET_FETCH_REQUISITES: they are fetched for the archive, which TEARSHEET_ARCHIVE turns off" in talk
    assert told == ""
