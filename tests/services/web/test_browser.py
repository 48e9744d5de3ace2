"""The pages in a real browser: axe's rules, small windows, dark ones, the keyboard, scripts that help."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.ledger import Ledger
from shared.settings import Settings
from tests.services.web import library
from tests.services.web.browser import DESKTOP, PHONE, browser, opened
from tests.services.web.library import id_of
from tests.services.web.server import serving

__all__ = ["browser"]

PAGES = (
    "/",
    "/?q=bridge",
    "/?q=bridge+kind:comment+lang:en&view=records",
    "/?q=kind:artcle",
    "/?q=nothingofthis+lang:en",
    f"/pages/{id_of('bridge')}",
    f"/pages/{id_of('suq')}",
    f"/pages/{id_of('bare')}",
    f"/pages/{id_of('huge')}?part=2",
    f"/pages/{id_of('mayor')}/versions",
    "/authors/Ada%20Marsh",
    "/submit",
    "/crawls/{crawl}",
    "/status",
    "/quarantine",
    f"/quarantine/{id_of('bridge')}",
    "/help",
    "/nothing",
)
# What colours and sizes decide; all other rules are of the document, which is the same in every window.
_OF_SHAPE = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]


@pytest.fixture(scope="module")
def settings(valkey_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("browser")
    with valkey_server.client() as client:
        client.flushall()
    found = Settings(redis_url=valkey_server.url, data=folder)
    pages = [library.full(), library.arabic(), library.huge(210), library.bare()]
    library.fill(found, pages, *([each] for each in library.revised()))
    return found


@pytest.fixture(scope="module")
def crawl(settings: Settings) -> Iterator[str]:
    """A crawl with a line in flight and others that ended; a page in quarantine; something that is wrong."""
    ledger = Ledger.connect(settings)
    found = ledger.open_crawl(digest="browser", label="https://a.example/ and 2 more")
    ledger.submit(found.id, ["https://a.example/", "no address", "https://a.example/"])
    facts = {"stage": "fetch", "reason": "a time-out", "cause": "timeout", "place": "fetcher", "at": 0, "kept": False}
    ledger.ask("HSET", f"p:{id_of('bridge')}", "u", "https://news.example/bridge")
    ledger.ask("HSET", "quarantine", id_of("bridge"), json.dumps(facts))
    ledger.set_note("test", "the store is down since this morning", 600)
    yield found.id
    ledger.client.close()


@pytest.fixture(scope="module")
def home(settings: Settings) -> Iterator[str]:
    with serving(settings) as url:
        yield url


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's script, which runs beside the page's own policy."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Page, axe: str, rules: list[str] | None = None) -> list[str]:
    """Of axe's rules, best practices among them."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe)
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{each['id']}: {node['html'][:200]} {node['failureSummary']}" for each in found for node in each["nodes"]]


def test_axe_finds_nothing_in_any_window(home: str, crawl: str, browser: Browser, axe: str) -> None:
    found: list[str] = []
    with opened(browser) as (page, seen):
        for path in PAGES:
            page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
            page.emulate_media(color_scheme="light")
            page.goto(home + path.format(crawl=crawl))
            found += [f"{path}: {each}" for each in violations(page, axe)]
            page.emulate_media(color_scheme="dark")
            found += [f"{path}, dark: {each}" for each in violations(page, axe, _OF_SHAPE)]
            page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            found += [f"{path}, dark, on a phone: {each}" for each in violations(page, axe, _OF_SHAPE)]
            page.emulate_media(color_scheme="light")
            found += [f"{path}, on a phone: {each}" for each in violations(page, axe, _OF_SHAPE)]
            if page.evaluate("document.documentElement.scrollWidth") > PHONE[0]:
                found.append(f"{path} scrolls sideways on a phone")
        assert not found, "\n".join(found)
        assert seen.away(home) == []
        assert [error for error in seen.errors if "status of 4" not in error] == []


def test_the_keyboard_leads_from_a_word_to_a_comment(home: str, browser: Browser) -> None:
    with opened(browser) as (page, seen):
        page.goto(f"{home}/help")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("/")
        page.keyboard.type('"about time"')
        page.keyboard.press("Enter")
        page.wait_for_url("**/?q=*")
        hit = page.locator(".part.comment a").first
        expect(page.locator(".part.comment mark").first).to_have_text("About time")
        while not hit.evaluate("e => e === document.activeElement"):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement !== document.body"), "the keyboard does not come to it"
        assert hit.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/pages/{id_of('bridge')}#c-1")
        assert page.locator("#c-1").evaluate("e => e.matches(':target')")
        fold = page.locator("#c-1 + details")
        fold.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert fold.get_attribute("open") is None
        assert seen.errors == []


def test_answers_are_folded_all_at_once_and_opened_for_a_link(home: str, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{home}/pages/{id_of('bridge')}")
        page.get_by_role("button", name="Fold all answers").click()
        expect(page.locator("[id='c-1.1']")).to_be_hidden()
        page.evaluate("location.hash = '#c-1.1'")
        expect(page.locator("[id='c-1.1']")).to_be_visible()
        page.get_by_role("button", name="Unfold all").click()
        expect(page.locator("[id='c-1.2']")).to_be_visible()


def test_a_crawl_is_seen_to_move_without_a_reload(home: str, settings: Settings, browser: Browser) -> None:
    ledger = Ledger.connect(settings)
    with opened(browser) as (page, seen):
        page.goto(f"{home}/submit")
        page.fill("textarea", "https://a.example/moves")
        page.get_by_role("button", name="Fetch and cut").click()
        page.wait_for_url("**/crawls/*")
        expect(page.locator("h1")).to_contain_text("running")
        page.evaluate("window.same = true")
        ledger.cancel(page.url.rpartition("/")[2])
        expect(page.locator("h1")).to_contain_text("cancelled", timeout=10_000)
        assert page.evaluate("window.same")
        assert seen.errors == []
    ledger.client.close()


def test_everything_works_without_scripts(home: str, browser: Browser) -> None:
    with opened(browser, script=False, size=PHONE) as (page, _):
        page.goto(home)
        page.get_by_label("Search articles").fill("bridge")
        page.get_by_role("button", name="Search").click()
        page.get_by_text("Narrow these results").click()
        page.get_by_role("textbox", name="Author").fill("Ada")
        page.get_by_role("button", name="Narrow").click()
        assert "q=bridge+author%3AAda" in page.url
        page.get_by_role("link", name="author:Ada").click()
        assert page.url == f"{home}/?q=bridge"
        page.get_by_role("link", name="The bridge opens on Monday").first.click()
        assert page.url == f"{home}/pages/{id_of('bridge')}"
        page.goto(f"{home}/submit")
        page.fill("textarea", "https://a.example/plain")
        page.get_by_role("button", name="Fetch and cut").click()
        page.get_by_role("link", name="Look again").click()
        expect(page.locator("h1")).to_contain_text("running")


def test_right_to_left_pages_stand_so(home: str, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{home}/pages/{id_of('suq')}")
        for place in ("h1", "#a .text", ".post .body"):
            assert page.locator(place).first.evaluate("e => getComputedStyle(e).direction") == "rtl"
        assert page.locator("h1").get_attribute("lang") == "ar"
        assert page.locator("html").evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_print_leaves_out_what_paper_cannot_do(home: str, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{home}/pages/{id_of('bridge')}")
        page.emulate_media(media="print")
        expect(page.locator(".top")).to_be_hidden()
        expect(page.locator(".actions")).to_be_hidden()
        expect(page.locator("#a")).to_be_visible()
