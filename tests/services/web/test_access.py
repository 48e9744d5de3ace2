"""Who may do what: keys, scopes, names of this machine, other sites' pages, requests a second."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.web.limits import MOST_BYTES
from services.web.openness import KeysNeededError, is_loopback, may_be_open
from shared.settings import Settings
from shared.web_keys import read_keys
from tests.services.web.api.client import Client, is_problem, make_key
from tests.services.web.server import prepare_store, serving
from tests.valkey import Valkey

READ, READ_ENTRY = make_key("read")
WRITE, WRITE_ENTRY = make_key("write")


@pytest.fixture(scope="module")
def settings(valkey_server: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = Settings(redis_url=valkey_server.url, data=tmp_path_factory.mktemp("access"))
    prepare_store(found)
    return found


@pytest.fixture(scope="module")
def home(settings: Settings) -> Iterator[str]:
    """Without keys."""
    with serving(settings) as url:
        yield url


@pytest.fixture(scope="module")
def locked(settings: Settings) -> Iterator[str]:
    """With keys."""
    with serving(settings.model_copy(update={"web_keys": (READ_ENTRY, WRITE_ENTRY)})) as url:
        yield url


def test_without_keys_this_machine_is_answered(home: str) -> None:
    assert Client(home).get("/status").status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "192.168.1.1", "[::2]"]
)
@pytest.mark.parametrize("path", ["/api/v1/status", "/health", "/"])
def test_without_keys_names_of_others_are_refused(home: str, host: str, path: str) -> None:
    answer = Client(home).ask("GET", path, Host=host)
    assert answer.status == 403
    assert b"names of this machine" in answer.body


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "tearsheet.localhost", "127.0.0.9:1", "[::1]:8000", "[::1]"]
)
def test_without_keys_names_of_this_machine_are_answered(home: str, host: str) -> None:
    assert Client(home).get("/status", Host=host).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_nothing_is_changed_for_other_sites(home: str, headers: dict[str, str]) -> None:
    problem = is_problem(Client(home).post("/status", {}, **headers), 403)
    assert "another site" in problem["detail"]
    assert Client(home).get("/status", **headers).status == 200


def test_our_own_pages_may(home: str) -> None:
    client = Client(home)
    answer = client.post("/status", {}, Origin=f"http://{client.netloc}", Sec_Fetch_Site="same-origin")
    assert answer.status == 405  # past the guard


def test_a_key_is_needed(locked: str) -> None:
    answer = Client(locked).get("/status")
    assert "tearsheet key new" in is_problem(answer, 401)["detail"]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for wrong in ("", "ts_", READ[:-1], READ + "x", READ_ENTRY.digest, "é" * 40):
        assert Client(locked).get("/status", Authorization=f"Bearer {wrong}".encode().decode("latin-1")).status == 401
    assert Client(locked).get("/status", Authorization=f"Basic {READ}").status == 401
    assert Client(locked, READ).get("/status").status == 200
    assert Client(locked, WRITE).get("/status").status == 200
    assert Client(locked).get("/status", Cookie=f"tearsheet_key={READ}").status == 200
    assert Client(locked, READ).get("/status", Host="tearsheet.example").status == 200


def test_a_key_in_the_url_is_none(locked: str) -> None:
    assert Client(locked).get(f"/status?key={READ}").status in (401, 422)


def test_what_is_open_to_all(locked: str) -> None:
    for path in ("/health", "/metrics", "/api/v1/openapi.json"):
        assert Client(locked).ask("GET", path).status == 200, path


def test_keys_stand_in_no_log_and_no_answer(locked: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for client in (Client(locked, READ), Client(locked, READ + "x")):
        for path in ("/status", "/nothing", "/status?limit=1"):
            assert READ.encode() not in client.get(path).body
    assert READ not in caplog.text


def test_one_caller_is_held_back_and_no_other(settings: Settings) -> None:
    slow = settings.model_copy(update={"web_keys": (READ_ENTRY, WRITE_ENTRY), "web_rate": 0.5})
    # Two processes with one Redis.
    with serving(slow) as one, serving(slow) as other:
        answers = [Client(url, READ).get("/status") for url in (one, other) * 4]
        assert [answer.status for answer in answers].count(200) in (2, 3)
        held = next(answer for answer in answers if answer.status != 200)
        assert "0.5 requests a second" in is_problem(held, 429)["detail"]
        assert 1 <= int(held.headers["Retry-After"]) <= 2
        assert Client(one, WRITE).get("/status").status == 200


def test_where_redis_is_away_nobody_is_counted(tmp_path: Path) -> None:
    away = Settings(redis_url=f"unix://{tmp_path}/none", data=tmp_path, web_keys=(READ_ENTRY,), web_rate=0.1)
    prepare_store(away)
    with serving(away) as url:
        for _ in range(5):
            assert is_problem(Client(url, READ).get("/status"), 503)["part"] == "ledger"


def test_a_long_body_is_refused_before_it_comes(home: str) -> None:
    host, _, port = Client(home).netloc.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = "POST /api/v1/status HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {11 * MOST_BYTES}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_who_sends_a_long_body_is_told(home: str) -> None:
    is_problem(Client(home).ask("POST", "/api/v1/status", b"x" * (3 * MOST_BYTES)), 413)


def test_health_and_errors_have_no_trace(home: str) -> None:
    for method, path in (("POST", "/status"), ("PUT", "/status"), ("GET", "/nothing"), ("BREW", "/status")):
        answer = Client(home).ask(method, f"/api/v1{path}")
        is_problem(answer, 404 if path == "/nothing" else 405)
        assert answer.headers["Allow"] == (None if path == "/nothing" else "GET, HEAD")


def test_head_is_answered_where_get_is(home: str) -> None:
    answer = Client(home).ask("HEAD", "/api/v1/status")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.3.2.1"])
def test_open_on_this_machine(host: str) -> None:
    assert may_be_open(host, Settings())
    assert not may_be_open(host, Settings(web_keys=(READ_ENTRY,)))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.com", ""])
def test_never_open_to_others(host: str) -> None:
    with pytest.raises(KeysNeededError, match="tearsheet key new"):
        may_be_open(host, Settings())
    assert not may_be_open(host, Settings(web_keys=(READ_ENTRY,)))


@given(st.ip_addresses())
def test_loopback_addresses(address: object) -> None:
    assert is_loopback(str(address)) == address.is_loopback  # type: ignore[attr-defined]


def test_entries_are_read_as_they_are_written() -> None:
    assert read_keys(f" {READ_ENTRY} ,{WRITE_ENTRY},") == (READ_ENTRY, WRITE_ENTRY)


@pytest.mark.parametrize(
    "text",
    [READ, f"a:read:{READ}", "a:read", f"a:admin:{READ_ENTRY.digest}", f":read:{READ_ENTRY.digest}", "a:read:abc"],
)
def test_wrong_entries_are_named_and_never_shown(text: str) -> None:
    with pytest.raises(ValueError, match="entry 1 ") as error:
        read_keys(text)
    assert READ not in str(error.value)


def test_two_keys_of_one_name() -> None:
    with pytest.raises(ValueError, match="same name"):
        read_keys(f"{READ_ENTRY},{READ_ENTRY}")
