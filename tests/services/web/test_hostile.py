"""Pages that mean harm, shown in a real browser by every page of ours that shows their words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from shared.ledger import Ledger
from shared.query.nodes import Phrase
from shared.query.unparse import unparse
from shared.settings import Settings
from tests.services.web import library
from tests.services.web.browser import Seen, browser, opened
from tests.services.web.library import id_of
from tests.services.web.server import serving
from tests.services.web.vectors import VECTORS, hostile

__all__ = ["browser"]

# What a browser was made to hold, whatever it did with it.
_LOOK = """() => {
  const bad = [];
  for (const e of document.querySelectorAll("*")) {
    if (/^(OBJECT|EMBED|IFRAME|BASE|STYLE|IMG|VIDEO|AUDIO)$/.test(e.tagName)) bad.push(e.outerHTML);
    if (e.tagName === "SCRIPT" && !e.getAttribute("src")?.startsWith("/static/")) bad.push(e.outerHTML);
    if (e.tagName === "LINK" && !e.getAttribute("href")?.startsWith("/static/")) bad.push(e.outerHTML);
    if (e.tagName === "META" && e.httpEquiv) bad.push(e.outerHTML);
    for (const a of e.attributes) {
      if (/^on|^style$|^srcdoc$|^ping$|^target$|^formaction$/.test(a.name)) bad.push(e.outerHTML);
    }
    if (e.tagName === "A" && e.href && e.href.baseVal === undefined) {
      if (!["http:", "https:"].includes(e.protocol)) bad.push(e.outerHTML);
      if (e.host !== location.host && e.rel !== "nofollow noopener noreferrer") bad.push(e.outerHTML);
    }
    if (e.tagName === "FORM" && new URL(e.action).host !== location.host) bad.push(e.outerHTML);
  }
  if (document.querySelectorAll("main, #main").length !== 1) bad.push("main");
  return bad;
}"""


@pytest.fixture(scope="module")
def settings(valkey_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("hostile")
    with valkey_server.client() as client:
        client.flushall()
    found = Settings(redis_url=valkey_server.url, data=folder)
    pages = [hostile(n) for n in range(len(VECTORS))]
    library.fill(found, *zip(*pages, strict=True))
    return found


@pytest.fixture(scope="module")
def home(settings: Settings) -> Iterator[str]:
    with serving(settings) as url:
        yield url


def visit(page: Page, seen: Seen, url: str, *statuses: int) -> None:
    answer = page.goto(url)
    assert answer is not None
    assert answer.status in (statuses or (200,)), url
    assert page.evaluate(_LOOK) == [], url
    # A status that says an error stands in the console as one.
    assert [error for error in seen.errors if "status of 4" not in error] == [], url
    assert seen.dialogs == [], url


def test_there_are_enough_vectors() -> None:
    assert len(set(VECTORS)) == len(VECTORS) >= 50


def test_a_page_with_each_shows_it_as_text(home: str, browser: Browser) -> None:
    with opened(browser) as (page, seen):
        for number in range(len(VECTORS)):
            visit(page, seen, f"{home}/pages/{id_of(f'hostile-{number}')}")
        for number in range(0, len(VECTORS), 10):
            visit(page, seen, f"{home}/pages/{id_of(f'hostile-{number}')}/versions")
        assert seen.away(home) == []


def test_search_shows_them_as_text(home: str, browser: Browser) -> None:
    """In what it found: articles by page, then comments and widgets, twenty at a time."""
    with opened(browser) as (page, seen):
        for query in ("q=hostile", "view=records&q=kind:comment", "view=records&q=kind:widget"):
            url: str | None = f"{home}/?{query}"
            while url:
                visit(page, seen, url)
                following = page.locator("a[rel=next]")
                url = home + (following.get_attribute("href") or "") if following.count() else None
        assert seen.away(home) == []


def test_what_is_asked_for_is_shown_as_text(home: str, browser: Browser) -> None:
    """Many in one query, as they stand (which no query language takes) and in quotes (which it does)."""
    with opened(browser) as (page, seen):
        for number in range(0, len(VECTORS), 10):
            some = VECTORS[number : number + 10]
            visit(page, seen, f"{home}/?q={quote(' '.join(some))}", 200, 422)
            phrases = " ".join(unparse(Phrase(f"a {vector}")) for vector in some)
            visit(page, seen, f"{home}/?q={quote(phrases)}")
            visit(page, seen, f"{home}/authors/{quote(f'a{number} {VECTORS[number]}', safe='')}")
            visit(page, seen, f"{home}/nothing?{quote(VECTORS[number])}", 404)
        assert seen.away(home) == []


def test_what_is_submitted_is_shown_as_text(home: str, settings: Settings, browser: Browser) -> None:
    ledger = Ledger.connect(settings)
    crawl = ledger.open_crawl(digest="hostile", label=VECTORS[0])
    ledger.submit(crawl.id, [*VECTORS, *(f"https://news.example/{quote(vector)}" for vector in VECTORS)])
    ledger.set_note("hostile", " ".join(VECTORS), 60)
    facts = {"stage": "parse", "cause": "x", "at": 0, "kept": False}
    for number, vector in enumerate(VECTORS):
        page_id = id_of(f"hostile-{number}")
        ledger.ask("HSET", f"p:{page_id}", "u", vector)
        ledger.ask("HSET", "quarantine", page_id, json.dumps({**facts, "reason": vector, "place": vector}))
    with opened(browser) as (page, seen):
        for path in (f"/crawls/{crawl.id}", "/status", "/quarantine", f"/quarantine/{id_of('hostile-0')}"):
            visit(page, seen, home + path)
        visit(page, seen, f"{home}/submit")
        page.fill("textarea", "\n".join(VECTORS))
        page.click("main button")
        page.wait_for_selector("[role=alert]")
        assert page.evaluate(_LOOK) == []
        assert seen.dialogs == []
        assert seen.away(home) == []
    ledger.cancel(crawl.id)
    ledger.client.close()


def test_addresses_that_lead_elsewhere_are_not_followed(home: str, browser: Browser) -> None:
    with opened(browser) as (page, seen):
        for vector in VECTORS:
            for path in ("/records/", "/nothing/"):
                answer = page.request.get(home + path + quote(vector), max_redirects=0)
                assert answer.status in (404, 422), vector
            answer = page.request.get(f"{home}/login?next={quote(vector)}", max_redirects=0)
            assert answer.headers["location"] == "/", vector
        assert seen.away(home) == []
