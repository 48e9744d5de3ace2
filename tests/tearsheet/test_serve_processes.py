"""`tearsheet serve` in several processes: what they share, and what becomes of them when one is killed or all end."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from shared.ids import page_id
from tests.services.web.tear import ferry
from tests.services.web.tear.kept import keeping
from tests.tearsheet.started import heard
from tests.tearsheet.test_serve import healthy, roles_of, until

_STOPPING = "\nstopping (Ctrl-C again: at once)\n"


@dataclass(frozen=True)
class Served:
    command: "subprocess.Popen[str]"
    port: int
    data: Path

    def supervisor(self) -> psutil.Process:
        [found] = [each for each in psutil.Process(self.command.pid).children() if _supervises(each)]
        return found

    def processes(self) -> list[psutil.Process]:
        """Those that answer."""
        return self.supervisor().children()

    def connect(self) -> HTTPConnection:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.connect()
        return connection

    def has(self, connection: HTTPConnection) -> int:
        """Id of the process that has this connection; 0 while none has."""
        port = connection.sock.getsockname()[1]
        having = (p.pid for p in self.processes() for c in p.net_connections() if c.raddr and c.raddr.port == port)
        return next(having, 0)

    def answers(self) -> bool:
        return healthy(self.port)

    def assert_all_gone(self) -> None:
        until(lambda: not roles_of(self.data), 20)
        socket.create_server(("127.0.0.1", self.port)).close()


def _supervises(process: psutil.Process) -> bool:
    return "services.web.supervisor" in process.cmdline()


def get(connection: HTTPConnection, path: str) -> bytes:
    return ask(connection, "GET", path)


def ask(connection: HTTPConnection, method: str, path: str) -> bytes:
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status < 300, body
    return body


@contextlib.contextmanager
def serving(data: Path, processes: int = 2) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    named = {"TEARSHEET_DATA": str(data), "TEARSHEET_WEB_PROCESSES": str(processes)}
    command = subprocess.Popen(
        [sys.executable, "-m", "tearsheet", "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | named,
        cwd=data,
    )
    served = Served(command, port, data)
    try:
        heard(command, f"http://127.0.0.1:{port}/")
        until(lambda: len(served.processes()) == processes and served.answers())
        yield served
    finally:
        command.kill()
        command.communicate()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two processes, on an archive with a page that has images."""
    with keeping(tmp_path_factory.mktemp("data")) as kept:
        ferry.keep(kept)
    with serving(kept.settings.data) as served:
        yield served


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as found:
        yield found


def test_connections_are_spread_evenly(two: Served) -> None:
    with contextlib.ExitStack() as stack:
        connections = []
        for _ in range(8):
            connections.append(stack.enter_context(contextlib.closing(two.connect())))
            get(connections[-1], "/help")
        assert sorted(Counter(map(two.has, connections)).values()) == [4, 4]
        # Who has fewer gets the next ones, once it has told so.
        first = two.has(connections[0])
        for connection in [each for each in connections if two.has(each) == first][:2]:
            connections.remove(connection)
            connection.close()
        until(lambda: sum(bool(c.raddr) for c in psutil.Process(first).net_connections("tcp")) == 2)
        for _ in range(2):
            connections.append(stack.enter_context(contextlib.closing(two.connect())))
            get(connections[-1], "/help")
        assert sorted(Counter(map(two.has, connections)).values()) == [4, 4]


@pytest.fixture
def pair(two: Served) -> Iterator[tuple[HTTPConnection, HTTPConnection]]:
    """Connections to both processes."""
    with contextlib.closing(two.connect()) as one, contextlib.closing(two.connect()) as other:
        for each in (one, other):
            get(each, "/help")
        assert two.has(one) != two.has(other)
        yield one, other


def test_an_image_that_one_names_is_given_by_the_other(pair: tuple[HTTPConnection, HTTPConnection]) -> None:
    one, other = pair
    frame = get(one, f"/pages/{page_id(ferry.URL)}/tear/frame").decode()
    images = re.findall(r'"(/archived\?[^"]+)"', frame)
    assert images
    for image in images:
        assert get(other, unescape(image)).startswith(b"\x89PNG")


def test_an_audit_is_seen_from_all(pair: tuple[HTTPConnection, HTTPConnection]) -> None:
    one, other = pair
    assert json.loads(get(other, "/api/v1/audit"))["state"] == "never"
    begun = json.loads(ask(one, "POST", "/api/v1/audit"))
    until(lambda: json.loads(get(other, "/api/v1/audit"))["state"] == "done", 20)
    found = json.loads(get(other, "/api/v1/audit"))
    assert found["started"] == begun["started"]
    assert found == json.loads(get(one, "/api/v1/audit"))


def test_one_that_is_killed_is_started_again_and_so_is_the_supervisor(two: Served) -> None:
    killed, left = two.processes()
    killed.kill()
    for _ in range(20):  # by whoever is left
        assert two.answers()
    until(lambda: len(two.processes()) == 2, 20)
    assert {left.pid} < {each.pid for each in two.processes()}
    supervisor = two.supervisor()
    processes = two.processes()
    supervisor.kill()
    assert psutil.wait_procs(processes, 5)[1] == []
    assert two.answers()  # connections have waited
    until(lambda: len(two.processes()) == 2, 20)


def test_ctrl_c_ends_all(served: Served) -> None:
    with contextlib.closing(served.connect()) as idle:
        get(idle, "/help")
        served.command.send_signal(signal.SIGINT)
        _, talk = served.command.communicate(timeout=20)
    assert (served.command.returncode, talk) == (0, _STOPPING)
    served.assert_all_gone()


def test_a_second_ctrl_c_waits_for_no_answer(served: Served) -> None:
    with contextlib.closing(served.connect()) as slow:
        slow.putrequest("POST", "/api/v1/submit")
        slow.putheader("Content-Type", "application/json")
        slow.putheader("Content-Length", "10")
        slow.endheaders()  # and nothing more
        until(lambda: served.has(slow))
        started = time.monotonic()
        served.command.send_signal(signal.SIGTERM)
        heard(served.command, _STOPPING.strip())
        served.command.send_signal(signal.SIGTERM)
        assert served.command.wait(20) == 128 + signal.SIGTERM
        assert time.monotonic() - started < 3  # the answer would have been waited for for five
    served.assert_all_gone()


def test_a_killed_command_leaves_nothing(served: Served) -> None:
    served.command.kill()
    served.assert_all_gone()
