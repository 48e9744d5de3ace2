"""The tear view in a real browser: what a page tries comes to nothing, and a click on a part leads to its record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, FrameLocator, Page

from shared.records import ParsedPage
from shared.web_keys import new_key
from tests.services.web.browser import browser, opened
from tests.services.web.server import serving
from tests.services.web.tear import ferry, hostile
from tests.services.web.tear.kept import keeping

__all__ = ["browser"]

MISSION = Path(__file__).parents[5] / "shared" / "data" / "seed" / "only-news-2021-06-28.html"


@dataclass(frozen=True)
class House:
    home: str
    ferry: ParsedPage
    hostile: ParsedPage


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with keeping(tmp_path_factory.mktemp("tear")) as kept:
        of_ferry = ferry.keep(kept)
        of_hostile = kept.page("http://hostile.example/page", hostile.page())
    with serving(kept.settings) as home:
        yield House(home, of_ferry, of_hostile)


def view(page: Page, home: str, parsed: ParsedPage, query: str = "") -> FrameLocator:
    """Opens a page's tear view."""
    page.goto(f"{home}/pages/{parsed.page.id}/tear{query}", wait_until="load")
    return page.frame_locator("iframe.tear-frame")


def count(parsed: ParsedPage) -> dict[str, int]:
    article = int(parsed.article is not None)
    return {"article": article, "comment": len(parsed.comments), "widget": len(parsed.widgets)}


def legend(page: Page) -> dict[str, int]:
    rows = page.locator(".legend li")
    classes = [row.get_attribute("class") or "" for row in rows.all()]
    return dict(zip(classes, (int(n) for n in rows.locator("b").all_inner_texts()), strict=True))


def test_what_a_page_tries_comes_to_nothing(house: House, browser: Browser) -> None:
    assert len(hostile.VECTORS) >= 50
    with opened(browser) as (page, seen):
        frame = view(page, house.home, house.hostile)
        address = page.url
        assert frame.get_by_text("the last one").count() >= 1
        assert page.frames[1].url == f"{house.home}/pages/{house.hostile.page.id}/tear/frame"
        assert len(page.frames) == 2
        page.keyboard.press("Tab")
        for text in ("a script's link", "words with handlers", "Form action", "over all", "a link away"):
            frame.get_by_text(text).first.hover(force=True)
        assert page.url == address
        assert seen.dialogs == []
        assert seen.away(house.home) == []
        assert {_path(url, house.home) for url in seen.requests} <= {"/static", "/pages"}


@pytest.mark.parametrize("text", ["a script's link", "Form action", "without a scheme"])
def test_a_click_leads_nowhere_but_to_the_record(house: House, browser: Browser, text: str) -> None:
    with opened(browser) as (page, seen):
        frame = view(page, house.home, house.hostile)
        frame.get_by_text(text, exact=True).first.click(force=True)
        page.wait_for_url(re.compile(rf"/pages/{house.hostile.page.id}(\?.*)?#"))
        assert seen.dialogs == []
        assert seen.away(house.home) == []


def test_a_forged_part_is_none(house: House, browser: Browser) -> None:
    with opened(browser) as (page, _):
        frame = view(page, house.home, house.hostile)
        assert frame.locator("[data-ts-record=forged]").count() == 0
        assert frame.get_by_text("a forged link").first.get_attribute("class") in (None, "")


def test_the_legend_counts_what_is_marked(house: House, browser: Browser) -> None:
    for parsed in (house.ferry, house.hostile):
        with opened(browser) as (page, _):
            frame = view(page, house.home, parsed)
            assert legend(page) == count(parsed)
            for kind, number in count(parsed).items():
                marked = frame.locator(f"[data-ts-kind={kind}]")
                assert len(set(marked.evaluate_all("es => es.map(e => e.dataset.tsRecord)"))) == number


def test_a_click_on_a_comment_leads_to_its_record_and_back(house: House, browser: Browser) -> None:
    with opened(browser) as (page, seen):
        frame = view(page, house.home, house.ferry)
        address = page.url
        frame.get_by_text("with a red line on the strings").click(force=True)
        page.wait_for_url(re.compile(r"/pages/.*#c-"))
        assert "red line" in page.locator(":target").inner_text()
        page.go_back()
        page.wait_for_url(address)
        frame.get_by_label("Comment 1.1: to its record").press("Enter")
        page.wait_for_url(re.compile(r"/pages/.*#c-"))
        assert seen.away(house.home) == []


def test_each_part_leads_to_its_own_record(house: House, browser: Browser) -> None:
    parsed = house.ferry
    assert parsed.article is not None
    with opened(browser) as (page, _):
        links = view(page, house.home, parsed).locator("a[id^=record-]")
        found = links.evaluate_all("es => es.map(e => [e.id, e.getAttribute('href'), e.target])")
        records = (parsed.article, *parsed.comments, *parsed.widgets)
        assert sorted(found) == sorted([f"record-{r.id}", f"/records/{r.id}", "_top"] for r in records)


def test_the_way_from_a_record_to_its_place(house: House, browser: Browser) -> None:
    record = house.ferry.comments[-1].id
    for script in (True, False):
        with opened(browser, size=(800, 500), script=script) as (page, _):
            frame = view(page, house.home, house.ferry, f"?record={record}")
            box = frame.locator(f'[id="record-{record}"]').bounding_box()
            around = page.locator("iframe.tear-frame").bounding_box()
            assert box is not None
            assert around is not None
            assert around["y"] - 1 <= box["y"] < around["y"] + around["height"]


def test_a_record_s_page_leads_to_its_place(house: House, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{house.home}/pages/{house.ferry.page.id}")
        page.get_by_label("Comment 1.1 in the tear view").click()
        page.wait_for_url(re.compile(r"/tear\?record="))
        frame = page.frame_locator("iframe.tear-frame")
        assert frame.get_by_label("Comment 1.1: to its record").bounding_box() is not None


def test_stylesheets_and_pictures_are_the_archive_s(house: House, browser: Browser) -> None:
    with opened(browser) as (page, seen):
        frame = view(page, house.home, house.ferry)
        css = "getComputedStyle(e)"
        assert frame.locator("h1").evaluate(f"e => {css}.color") == "rgb(1, 2, 3)"
        assert frame.locator(".byline").evaluate(f"e => {css}.color") == "rgb(4, 5, 6)"
        assert frame.locator(".post-body p").first.evaluate(f"e => {css}.marginLeft") == "40px"
        picture = frame.locator("img")
        assert picture.count() == 1
        picture.scroll_into_view_if_needed()
        page.wait_for_function("() => true")
        assert picture.evaluate("e => e.decode().then(() => [e.naturalWidth, e.naturalHeight])") == [64, 48]
        box = frame.get_by_role("img", name="The mate, with the keys")
        assert box.bounding_box() is not None
        assert seen.away(house.home) == []
        assert seen.errors == []
        assert sum("/archived?" in url for url in seen.requests) == 2


def test_axe_finds_nothing_around_the_frame(house: House, browser: Browser) -> None:
    script = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    with opened(browser) as (page, _):
        view(page, house.home, house.ferry)
        page.evaluate(script)
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("axe.run(document, {iframes: false})")["violations"]
            assert [each["id"] for each in found] == []


def test_it_fits_a_phone(house: House, browser: Browser) -> None:
    with opened(browser, size=(390, 844), is_mobile=True, has_touch=True) as (page, _):
        frame = view(page, house.home, house.ferry)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        frame.get_by_text("I gave them to him myself").tap(force=True)
        page.wait_for_url(re.compile(r"/pages/.*#c-"))


def test_with_keys_a_session_sees_its_images_and_records(house: House, browser: Browser, tmp_path: Path) -> None:
    key, entry = new_key("reader", "read")
    with keeping(tmp_path, web_keys=str(entry)) as kept:
        parsed = ferry.keep(kept)
    with serving(kept.settings) as home, opened(browser) as (page, seen):
        page.goto(f"{home}/pages/{parsed.page.id}/tear")
        page.get_by_label("Key").fill(key)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{home}/pages/{parsed.page.id}/tear")
        frame = page.frame_locator("iframe.tear-frame")
        picture = frame.locator("img")
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("e => e.decode().then(() => e.naturalWidth)") == 64
        frame.get_by_text("with a red line on the strings").click(force=True)
        page.wait_for_url(re.compile(r"/pages/.*#c-"))
        assert "red line" in page.locator(":target").inner_text()
        assert seen.away(home) == []


@pytest.mark.skipif(not MISSION.exists(), reason="no ../shared beside the project")
def test_the_mission_s_page(browser: Browser, tmp_path: Path) -> None:
    with keeping(tmp_path) as kept:
        parsed = kept.page("http://only-news.example/2021/06/page.html", MISSION.read_bytes())
    with serving(kept.settings) as home, opened(browser) as (page, seen):
        frame = view(page, home, parsed)
        assert legend(page) == {"article": 1, "comment": 4, "widget": 8}
        frame.get_by_text("should be a red line").click(force=True)
        page.wait_for_url(re.compile(r"/pages/.*#c-"))
        assert page.locator(":target .position").inner_text() == "1.1"
        assert seen.away(home) == []
        assert seen.dialogs == []


def _path(url: str, home: str) -> str:
    return "/" + url.removeprefix(home).lstrip("/").partition("/")[0].partition("?")[0]
