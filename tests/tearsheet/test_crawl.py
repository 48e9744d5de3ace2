"""The command from outside, as a person uses it: real processes, a real site on loopback."""

import json
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.tearsheet.started import Start, heard

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Of otters and rivers</title></head><body>
<nav><a href="/">Home</a></nav><article><h1>Of otters and rivers</h1><p>{}</p></article></body></html>"""
TEXT = "Otters live along rivers and hold hands when they sleep, so that none of them drifts away. " * 12


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = not self.path.startswith("/missing") and self.path != "/robots.txt"
        body = PAGE.format(f"{self.path} {TEXT}").encode() if found else b"no"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_url_ends_and_the_summary_says_how(start: Start, site: str, tmp_path: Path) -> None:
    urls = [f"{site}/a", f"{site}/missing", "htp:/typo", f"{site}/a#again", "http://127.0.0.1:1/"]
    command = start("crawl", *urls, "--report", "report.jsonl")
    told, talk = command.communicate(timeout=110)
    assert command.returncode == 1, talk
    report = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert [line["url"] for line in report] == urls
    assert [line["outcome"] for line in report] == ["indexed", "refused", "refused", "duplicate", "quarantined"]
    assert told.startswith("5 pages: 1 indexed, 1 duplicate, 2 refused, 1 quarantined; article 1, ")
    assert "status 404" in told
    assert "scheme 'htp' is not fetched" in told
    assert "refused the connection" in told
    assert "tearsheet search otters" in told
    assert f"tearsheet show {site}/a" in told
    assert "\x1b" not in told + talk
    status = start("status")
    said, _ = status.communicate(timeout=60)
    assert "submitted  5: 1 indexed, 1 duplicate, 2 refused, 1 quarantined" in said


def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(start: Start, site: str, tmp_path: Path) -> None:
    (tmp_path / "urls").write_text("".join(f"{site}/{n}\n" for n in range(10)))
    command = start("crawl", "--file", "urls", delay=1.0)
    heard(command, " ended, ")
    command.send_signal(signal.SIGINT)
    told, talk = command.communicate(timeout=60)
    assert command.returncode == 130
    assert "tearsheet crawl (or the same command again)" in talk
    assert not told
    again = start("crawl", "--file", "urls")
    told, talk = again.communicate(timeout=100)
    assert again.returncode == 0, talk
    assert "going on with crawl 1, which was interrupted (10 URLs are in)" in talk
    assert told.startswith("10 pages: 10 indexed; articles 10, ")
    nothing = start("crawl")
    _, talk = nothing.communicate(timeout=60)
    assert nothing.returncode == 2
    assert talk.startswith("error: no crawl was interrupted")


@pytest.mark.parametrize("killed", ["first", "second"])
def test_two_crawls_at_once_of_which_one_is_killed(start: Start, site: str, tmp_path: Path, killed: str) -> None:
    (tmp_path / "urls").write_text("".join(f"{site}/{n}\n" for n in range(15)))
    first = start("crawl", "--file", "urls", delay=1.0)
    heard(first, " ended, ")
    second = start("crawl", f"{site}/other", f"{site}/0", delay=1.0)
    heard(second, "joined it")
    heard(second, " ended, ")  # so its URLs are in
    victim, survivor = (first, second) if killed == "first" else (second, first)
    victim.kill()
    told, talk = survivor.communicate(timeout=100)
    assert survivor.returncode == 0, talk
    # The page that both asked for may have ended before the second asked.
    ends = ("2 pages: 2 indexed", "2 pages: 1 indexed, 1 unchanged") if killed == "first" else ("15 pages: 15 indexed",)
    assert told.startswith(ends)
    rest = start("crawl")
    told, talk = rest.communicate(timeout=100)
    assert rest.returncode == (0 if told else 2), talk  # the killed one's pages may all have ended meanwhile


def test_watched_pages_are_looked_at_as_long_as_it_runs(start: Start, site: str) -> None:
    added = start("watch", "add", f"{site}/watched")
    told, talk = added.communicate(timeout=60)
    assert told == "1 page more is watched\n"
    assert talk.endswith(" watch run\n")
    running = start("watch", "run")
    heard(running, "1 indexed; 0 in flight; the next look at ")
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode == 130
    listed = start("watch", "list")
    assert f"every 60 minutes  indexed      {site}/watched" in listed.communicate(timeout=60)[0]
