"""The hostile site does what its table says; what is built on it can be trusted."""

import gzip
import socket
from contextlib import suppress

import pytest
import requests

from tests.hostile_answers import ANSWERS
from tests.hostile_site import CASES, SOURCES, closed_port, hostile_site


def test_every_case_has_an_answer():
    paths = {case.path.partition("?")[0] for case in (*CASES, *SOURCES)}
    assert {p for p in paths if not p.startswith("/status/")} <= ANSWERS.keys()
    assert len({case.path for case in CASES}) == len(CASES)


def test_ordinary_pages_differ_and_have_etags():
    with hostile_site() as site:
        first, second = (requests.get(site.at(f"/ok?n={n}"), timeout=5) for n in (1, 2))
        assert first.status_code == 200
        assert first.text != second.text
        again = requests.get(site.at("/ok?n=1"), headers={"If-None-Match": first.headers["ETag"]}, timeout=5)
        assert again.status_code == 304
        assert site.hits["/ok?n=1"] == 2


def test_flaky_recovers():
    with hostile_site() as site:
        statuses = [requests.get(site.at("/flaky?n=2"), timeout=5).status_code for _ in range(3)]
    assert statuses == [503, 503, 200]


def test_stalls_end_with_the_site():
    with hostile_site() as site:
        with pytest.raises(requests.Timeout):
            requests.get(site.at("/stall/accept"), timeout=0.2)
        connection = socket.create_connection(site.url.removeprefix("http://").split(":"), timeout=10)
        connection.sendall(b"GET /stall/accept HTTP/1.1\r\n\r\n")
    with connection, suppress(ConnectionResetError):
        assert connection.recv(10) == b""


@pytest.mark.parametrize("path", ["/reset/early", "/reset/body", "/protocol/garbage", "/protocol/chunks"])
def test_broken_connections_raise(path):
    with hostile_site() as site, pytest.raises(requests.RequestException):
        requests.get(site.at(path), timeout=5)


def test_the_bomb_is_one():
    with hostile_site() as site:
        raw = requests.get(site.at("/bomb/gzip"), timeout=10, stream=True).raw.read()
    assert len(raw) < 400_000
    assert len(gzip.decompress(raw)) == 100_000_000


def test_large_bodies_are_over_the_cap():
    with hostile_site() as site:
        sizes = [len(requests.get(site.at(f"/large/{kind}"), timeout=10).content) for kind in ("declared", "chunked")]
    assert min(sizes) > 10_000_000


@pytest.mark.parametrize(("robots", "status"), [("none", 404), ("allow", 200), ("disallow", 200), ("error", 500)])
def test_robots_variants(robots, status):
    with hostile_site(robots=robots) as site:
        assert requests.get(site.at("/robots.txt"), timeout=5).status_code == status


def test_a_closed_port_refuses():
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{closed_port()}/", timeout=5)
