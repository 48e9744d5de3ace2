"""`tearsheet serve` beside `tearsheet crawl`, in both orders, each killed: nothing is lost, the other goes on."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from bench.processes import role
from shared.ledger import Ledger, LedgerDownError
from shared.settings import Settings
from tearsheet.serve import listen
from tests.tearsheet.started import Start, heard

_PAGES = 6
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Of otters</title></head><body><article><h1>Of otters</h1>
<p>{} Otters live along rivers and hold hands when they sleep, so that none of them drifts away.</p></article>"""


class _Site(BaseHTTPRequestHandler):
    open = threading.Event()
    """Pages but the first one asked for are held back until it is set."""
    first = threading.Semaphore(0)

    def do_GET(self) -> None:
        if self.path != "/robots.txt" and not self.first.acquire(blocking=False):
            self.open.wait(60)
        body = b"" if self.path == "/robots.txt" else PAGE.format(self.path).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    _Site.open.clear()
    _Site.first = threading.Semaphore(1)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    _Site.open.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        found: int = free.getsockname()[1]
    return found


def until(holds: Callable[[], object], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.1)


def healthy(port: int) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
        return bool(answer.status == 200)
    return False


@contextlib.contextmanager
def ledger_of(data: Path) -> Iterator[Ledger]:
    """The ledger of the house that runs, without being its guest."""
    url = json.loads((data / "run.json").read_text())["redis"]
    ledger = Ledger.connect(Settings(redis_url=url, data=data))
    with contextlib.closing(ledger.client):
        yield ledger


def submit(data: Path, *urls: str) -> None:
    """As the API does it."""
    with ledger_of(data) as ledger:
        crawl = ledger.open_crawl(digest=" ".join(urls), label="submitted")
        ledger.submit(crawl.id, urls)
        ledger.close_submission(crawl.id)


def totals(data: Path) -> tuple[int, int]:
    """Pages in flight, and those that ended; nothing while a house starts."""
    with contextlib.suppress(OSError, ValueError, LedgerDownError), ledger_of(data) as ledger:
        flying, outcomes = ledger.totals()
        return flying, sum(outcomes.values())
    return 0, 0


def roles_of(data: Path) -> set[str]:
    """What runs in the folder's house."""
    found = set()
    for process in psutil.process_iter(["cmdline", "status"]):
        with contextlib.suppress(psutil.Error):
            if process.info["status"] != psutil.STATUS_ZOMBIE and process.environ().get("TEARSHEET_DATA") == str(data):
                found.add("house" if "tearsheet.embedded.house" in process.info["cmdline"] else role(process))
    return found


def house_pid(data: Path) -> int:
    """0 while one starts."""
    return int((data / "lock").read_text() or 0)


def assert_audit_balances(start: Start) -> None:
    audit = start("audit")
    told, talk = audit.communicate(timeout=60)
    assert audit.returncode == 0, told + talk


def test_it_works_on_what_is_submitted_and_has_no_workers_before(
    start: Start, site: str, port: int, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    command = start("serve", "--port", str(port))
    heard(command, f"http://127.0.0.1:{port}/")
    until(lambda: healthy(port))
    assert roles_of(data) == {"command", "house"}
    _Site.open.set()
    submit(data, f"{site}/a", f"{site}/b")
    until(lambda: totals(data) == (0, 2))
    command.send_signal(signal.SIGINT)
    _, talk = command.communicate(timeout=60)
    assert command.returncode == 0, talk
    assert talk == "\nstopping (Ctrl-C again: at once)\n"
    assert not roles_of(data)
    assert_audit_balances(start)


def test_answers_do_not_wait_for_acknowledgements(port: int) -> None:
    """Else a body comes some 40 ms after its headers on a connection that is kept open (Nagle, delayed ACK)."""
    with listen("127.0.0.1", port) as listening, socket.create_connection(("127.0.0.1", port)):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("killed", ["crawl", "serve"])
@pytest.mark.parametrize("first", ["crawl", "serve"])
def test_beside_a_crawl_the_house_killed_and_then_one_of_them(
    start: Start, site: str, port: int, tmp_path: Path, first: str, killed: str
) -> None:
    data = tmp_path / "data"
    (tmp_path / "urls").write_text("".join(f"{site}/{n}\n" for n in range(_PAGES)))

    def crawl() -> "subprocess.Popen[str]":
        command = start("crawl", "--file", "urls", delay=0.4)
        until(lambda: totals(data)[1])  # else its settings may come too late to hold
        return command

    def serve() -> "subprocess.Popen[str]":
        command = start("serve", "--port", str(port), delay=0.2)
        heard(command, f"http://127.0.0.1:{port}/")
        return command

    commands = {name: {"crawl": crawl, "serve": serve}[name]() for name in sorted(("crawl", "serve"), key=first.__ne__)}
    heard(commands["serve"], "TEARSHEET_FETCH_DELAY")  # those of the crawl hold, which came first to need workers
    _Site.open.set()
    until(lambda: totals(data)[1] > 1)
    house = house_pid(data)
    os.kill(house, signal.SIGKILL)
    until(lambda: house_pid(data) not in (0, house) and healthy(port))
    commands[killed].kill()
    if killed == "serve":
        told, talk = commands["crawl"].communicate(timeout=100)
        assert commands["crawl"].returncode == 0, talk
        assert told.startswith(f"{_PAGES} pages: {_PAGES} indexed"), told
    else:
        until(lambda: totals(data) == (0, _PAGES))
        commands["serve"].send_signal(signal.SIGINT)
        _, talk = commands["serve"].communicate(timeout=60)
        assert commands["serve"].returncode == 0, talk
        assert talk.splitlines()[-1] == "stopping (Ctrl-C again: at once)"
    until(lambda: not roles_of(data))
    assert_audit_balances(start)
