"""Keys in a browser: logging in, reading, changing, logging out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from shared.settings import Settings
from shared.web_keys import new_key
from tests.services.web import library
from tests.services.web.library import id_of
from tests.services.web.server import serving
from tests.services.web.test_pages import ask, token_of

READ, READ_ENTRY = new_key("reader", "read")
WRITE, WRITE_ENTRY = new_key("writer", "write")
_HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def home(valkey_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("login")
    with valkey_server.client() as client:
        client.flushall()
    settings = Settings(redis_url=valkey_server.url, data=folder, web_keys=(READ_ENTRY, WRITE_ENTRY))
    library.fill(settings, [library.full()])
    with serving(settings) as url:
        yield url


def login(home: str, key: str, back: str = "/") -> tuple[int, str | None, str]:
    """Status, where to, and the cookies to send from then on."""
    token = token_of(home, "/login")
    fields = {"csrf": token["csrf"], "key": key, "next": back}
    status, _, headers = ask(f"{home}/login", fields, Cookie=token["Cookie"])
    session = (headers.get("Set-Cookie") or "").partition(";")[0]
    return status, headers.get("Location"), f"{token['Cookie']}; {session}"


def test_who_has_no_key_is_led_to_the_form_and_back(home: str) -> None:
    path = f"/pages/{id_of('bridge')}?part=1"
    status, _, headers = ask(home + path, **_HTML)
    assert (status, headers["Location"]) == (303, f"/login?next={quote(path, safe='')}")
    _, html, _ = ask(home + headers["Location"])
    assert f'name="next" value="{path}"' in html
    status, where, cookies = login(home, READ, path)
    assert (status, where) == (303, path)
    status, html, _ = ask(home + path, Cookie=cookies, **_HTML)
    assert status == 200
    assert "Log out" in html


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(home: str) -> None:
    token = token_of(home, "/login")
    _, _, headers = ask(f"{home}/login", {"csrf": token["csrf"], "key": READ}, Cookie=token["Cookie"])
    cookie = headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize("key", ["", "ts_wrong", READ[:-1], "x" * 5000, "\x00", WRITE_ENTRY.digest])
def test_a_key_that_is_none_is_refused(home: str, key: str) -> None:
    status, where, _ = login(home, key)
    assert (status, where) == (403, None)


def test_a_form_of_others_logs_nobody_in_or_out(home: str) -> None:
    assert ask(f"{home}/login", {"key": READ})[0] == 403
    _, _, cookies = login(home, READ)
    assert ask(f"{home}/logout", {}, Cookie=cookies)[0] == 403


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/ x",
        "/login",
        "/\t/x",
    ],
)
def test_nobody_is_led_elsewhere(home: str, back: str) -> None:
    assert login(home, READ, back)[1] == "/"


def test_a_key_to_read_submits_nothing(home: str) -> None:
    for key, wanted in ((READ, 403), (WRITE, 303)):
        _, _, cookies = login(home, key)
        _, html, _ = ask(f"{home}/submit", Cookie=cookies, **_HTML)
        csrf = html.partition('name="csrf" value="')[2].partition('"')[0]
        status, html, _ = ask(f"{home}/submit", {"csrf": csrf, "urls": "https://a.example/"}, Cookie=cookies, **_HTML)
        assert status == wanted
    assert "A key is needed" not in html


def test_logging_out_ends_it(home: str) -> None:
    _, _, cookies = login(home, READ)
    csrf = cookies.partition("tearsheet_csrf=")[2].partition(";")[0]
    status, _, headers = ask(f"{home}/logout", {"csrf": csrf}, Cookie=cookies)
    assert (status, headers["Location"]) == (303, "/login")
    assert 'tearsheet_key=""' in headers["Set-Cookie"]


def test_what_is_no_browser_is_told_and_not_led(home: str) -> None:
    status, html, headers = ask(home)
    assert status == 401
    assert headers["WWW-Authenticate"].startswith("Bearer")
    assert "A key is needed here" in html
