"""What every page has: its headers, its static files, its errors; seen in a real browser."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from services.web.headers import POLICY
from services.web.static_files import static_url
from shared.settings import Settings
from tests.services.web.browser import browser, opened
from tests.services.web.server import get, prepare_store, serving

__all__ = ["browser"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service whose ledger is away."""
    folder: Path = tmp_path_factory.mktemp("shell")
    settings = Settings(redis_url=f"unix://{folder}/none", data=folder)
    prepare_store(settings)
    with serving(settings) as url:
        yield url


def test_an_unknown_address_is_a_page_that_says_so(home: str) -> None:
    status, html = get(f"{home}/nothing/<script>")
    assert status == 404
    assert "There is nothing here" in html
    assert "<script>" not in html


def test_every_answer_has_the_headers(home: str) -> None:
    with urllib.request.urlopen(home + static_url("tearsheet.css"), timeout=10) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        etag = answer.headers["ETag"]
    again = urllib.request.Request(home + static_url("tearsheet.css"), headers={"If-None-Match": etag})
    with pytest.raises(urllib.error.HTTPError) as unchanged, urllib.request.urlopen(again, timeout=10):
        pass
    with unchanged.value as answered:
        assert answered.code == 304


@pytest.mark.parametrize("name", ["none.css", "..%2fapp.py", "%00", "a" * 5000])
def test_no_other_file_is_served(home: str, name: str) -> None:
    assert get(f"{home}/static/0/{name}")[0] == 404


def test_a_browser_shows_it_without_a_word_of_complaint(home: str, browser: Browser) -> None:
    with opened(browser) as (page, seen):
        page.goto(f"{home}/nothing")
        assert page.locator("h1").inner_text() == "There is nothing here"
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "q"
        assert seen.away(home) == []
        assert [error for error in seen.errors if "404" not in error] == []  # its status stands in the console
