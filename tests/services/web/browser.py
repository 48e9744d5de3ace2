"""A real browser: Debian's Chromium, headless, which reaches 127.0.0.1 alone and tells what pages tried.

One process a module (`browser`, scope module); each test opens pages in contexts of its own, with `opened`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

PHONE = (360, 740)
DESKTOP = (1280, 800)


@dataclass
class Seen:
    """What a page did while it was open."""

    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """The console's errors (a policy that was broken is one) and scripts' uncaught ones."""
    requests: list[str] = field(default_factory=list)
    """URLs asked for, also those that the browser was not let reach."""

    def away(self, home: str) -> list[str]:
        """Requests that did not go to `home` (a URL's scheme, host and port)."""
        return [url for url in self.requests if not url.startswith(f"{home}/")]


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module's tests."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=_chromium(),
            args=["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-background-networking"],
        )
        yield found
        found.close()


@contextmanager
def opened(
    browser: Browser,
    *,
    size: tuple[int, int] = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
    script: bool = True,
    **options: Any,
) -> Iterator[tuple[Page, Seen]]:
    """An empty page of this size in CSS pixels, and what it does; `options` are Playwright's of a context."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=script, **options
    )
    page, seen = context.new_page(), Seen()
    _watch(page, seen)
    context.on("page", lambda other: _watch(other, seen))
    try:
        yield page, seen
    finally:
        context.close()


def _watch(page: Page, seen: Seen) -> None:
    def dialog(found: Dialog) -> None:
        seen.dialogs.append(found.message)
        found.dismiss()

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.errors.append(message.text)

    def request(found: Request) -> None:
        seen.requests.append(found.url)

    page.on("dialog", dialog)
    page.on("console", console)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("request", request)
