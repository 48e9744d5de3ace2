"""The tear view over HTTP: headers, what is not to be had, images and nothing else."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from services.web.tear.signing import signed
from services.web.tear.view import POLICY
from shared.ids import page_id
from shared.records import ParsedPage
from shared.settings import Settings
from shared.stage import version_of
from shared.stores import open_store
from shared.stores.protocol import PageWrite
from tests.services.web.server import get, serving
from tests.services.web.tear import ferry
from tests.services.web.tear.kept import Kept, keeping

SITE = "http://quay.example"
SVG = b"<?xml version='1.0'?><!-- a seal --><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
TEXT = "<h1>Ferries</h1>" + "<p>The ferry left late, and nobody on the quay knew why it did.</p>" * 9


@dataclass(frozen=True)
class House:
    home: str
    settings: Settings
    ferry: ParsedPage


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with keeping(tmp_path_factory.mktemp("tear")) as kept:
        parsed = ferry.keep(kept)
        kept.requisite(f"{SITE}/seal.svg", SVG, "image/svg+xml")
        kept.requisite(f"{SITE}/page.png", b"<!DOCTYPE html><script>alert(1)</script>", "image/png")
        kept.requisite(f"{SITE}/typed.html", ferry.png(2, 2), "text/html")
        kept.requisite(f"{SITE}/moved.png", b"", "image/png", "302 Found", "Location: /img/ferry.png\r\n")
        kept.page(f"{SITE}/unkept.html", TEXT, archived=False)
        kept.page(f"{SITE}/large.html", TEXT + f"<!--{'x' * 3_000_000}-->")
        kept.page(
            f"{SITE}/legacy.html",
            TEXT.replace("Ferries", "Ωμέγα").encode("cp1253"),
            content_type="text/html; charset=windows-1253",
        )
    with serving(kept.settings) as home:
        yield House(home, kept.settings, parsed)


def head(url: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def tear(house: House, name: str, rest: str = "") -> str:
    return f"{house.home}/pages/{page_id(f'{SITE}/{name}')}/tear{rest}"


def image(house: House, url: str) -> str:
    """The address of an image as a view of the page would have it."""
    page = house.ferry.page
    return house.home + signed(house.settings, page.id, url, page.fetched_at)


def test_the_frame_has_a_policy_of_its_own(house: House) -> None:
    status, headers, body = head(tear(house, "ferry.html", "/frame"))
    assert status == 200
    assert headers["content-security-policy"] == POLICY
    assert "script-src" not in POLICY
    assert POLICY.startswith("default-src 'none'")
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert b"<script" not in body


def test_the_page_around_it_holds_it_in_a_sandbox(house: House) -> None:
    status, html = get(tear(house, "ferry.html"))
    assert status == 200
    frame = LexborHTMLParser(html).css_first("iframe")
    assert frame is not None
    assert frame.attributes["sandbox"] == "allow-top-navigation-by-user-activation"
    assert frame.attributes["src"] == urlsplit(tear(house, "ferry.html", "/frame")).path


def test_a_page_is_read_in_its_encoding(house: House) -> None:
    assert "Ωμέγα" in get(tear(house, "legacy.html", "/frame"))[1]


@pytest.mark.parametrize(
    ("name", "rest", "status", "words"),
    [
        ("never.html", "", 404, "No page of this id is stored"),
        ("unkept.html", "", 404, "not in the archive"),
        ("unkept.html", "/frame", 404, "not in the archive"),
        ("large.html", "", 404, "at most"),
        ("ferry.html", "?version=2", 404, "has no version 2; it has 1"),
        ("ferry.html", "?version=0", 422, "version"),
        ("ferry.html", "?version=x", 422, "version"),
        ("ferry.html", "?version=99999999999999999999", 404, "has no version"),
        ("ferry.html", "?record=none", 404, "no such record"),
        ("ferry.html", "?record=" + "x" * 400, 422, "record"),
        ("ferry.html", "/frame?version=7", 404, "has no version"),
    ],
)
def test_what_is_not_to_be_had_is_said(house: House, name: str, rest: str, status: int, words: str) -> None:
    found, html = get(tear(house, name, rest))
    assert found == status
    assert words in unescape(html)
    assert "Traceback" not in html


@pytest.mark.parametrize("ident", ["x", "%00", "a" * 5000, "..%2f..", "<script>"])
def test_an_id_that_is_none(house: House, ident: str) -> None:
    for rest in ("", "/frame"):
        status, html = get(f"{house.home}/pages/{quote(ident, safe='%')}/tear{rest}")
        assert status in (404, 422)
        assert "<script>" not in html


def test_an_image_is_what_its_bytes_are(house: House) -> None:
    for url in (f"{SITE}/img/ferry.png", f"{SITE}/typed.html", f"{SITE}/moved.png"):
        status, headers, body = head(image(house, url))
        assert (status, headers["content-type"]) == (200, "image/png")
        assert headers["x-content-type-options"] == "nosniff"
        assert body.startswith(b"\x89PNG")


def test_a_drawing_is_no_document_that_acts(house: House) -> None:
    status, headers, body = head(image(house, f"{SITE}/seal.svg"))
    assert (status, headers["content-type"], body) == (200, "image/svg+xml", SVG)
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")


@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}/page.png",
        f"{SITE}/style.css",
        ferry.URL,
        f"{SITE}/never.png",
        "x",
        "",
        "\0",
        "http://[",
        "file:///etc/passwd",
    ],
)
def test_nothing_else_is_served(house: House, url: str) -> None:
    assert head(image(house, url))[0] == 404


def test_nothing_is_served_that_no_view_names(house: House) -> None:
    good = urlsplit(image(house, f"{SITE}/img/ferry.png"))
    asked = {name: values[0] for name, values in parse_qs(good.query).items()}
    for name, value in (
        ("url", f"{SITE}/seal.svg"),
        ("page", "a" * 20),
        ("at", "2020-01-01"),
        ("key", "0" * 64),
        ("key", "é"),
    ):
        assert head(f"{house.home}/archived?{urlencode(asked | {name: value})}")[0] == 403
    for name in asked:
        less = {k: v for k, v in asked.items() if k != name}
        assert head(f"{house.home}/archived?{urlencode(less)}")[0] == 422


@pytest.mark.parametrize("ident", ['x"><script>', "//away.example", "javascript:alert(1)", "\\away", "é", "a" * 301])
def test_the_way_to_a_record_leads_nowhere_else(house: House, ident: str) -> None:
    status, html = get(f"{house.home}/tear/to/{quote(ident, safe='')}")
    assert status == (422 if len(ident) > 300 else 200)
    assert "<script>" not in html
    for node in LexborHTMLParser(html).css("a[href]") if status == 200 else []:
        assert (node.attributes["href"] or "").startswith("/records/")


def test_another_body_than_the_records_is_not_shown(tmp_path: Path) -> None:
    with keeping(tmp_path) as kept:
        parsed = kept.page(f"{SITE}/p", TEXT)
        other = parsed.model_copy(update={"page": parsed.page.model_copy(update={"content_hash": "0" * 32})})
        store = open_store(kept.settings, write=True)
        store.write([PageWrite(parsed.page.id, version_of(9), other)])
        store.close()
    with serving(kept.settings) as home:
        status, html = get(f"{home}/pages/{parsed.page.id}/tear")
        assert status == 404
        assert "another version" in html


def test_versions_are_shown_each_from_its_own_body(tmp_path: Path) -> None:
    with keeping(tmp_path) as kept:
        kept.page(f"{SITE}/p", TEXT)
        parsed = kept.page(f"{SITE}/p", TEXT.replace("late", "early"))
    with serving(kept.settings) as home:
        at = f"{home}/pages/{parsed.page.id}/tear"
        assert "Version 1" in get(at)[1]
        assert "ferry left early" in get(f"{at}/frame")[1]
        assert get(f"{at}/frame?version=2")[1] == get(f"{at}/frame")[1]
        old = get(f"{at}/frame?version=1")[1]
        assert "ferry left late" in old
        assert 'data-ts-kind="article"' in old
        assert "/tear/frame?version=1" in get(f"{at}?version=1")[1]


def test_a_page_that_is_gone_or_was_parsed_again_is_still_shown(tmp_path: Path) -> None:
    with keeping(tmp_path) as kept:
        parsed = kept.page(f"{SITE}/p", TEXT)
        store = open_store(kept.settings, write=True)
        store.write([PageWrite(parsed.page.id, version_of(5, 1), parsed)])
        store.write([PageWrite(parsed.page.id, version_of(7), None, parsed.page.fetched_at)])
        store.close()
    with serving(kept.settings) as home:
        assert "ferry left late" in get(f"{home}/pages/{parsed.page.id}/tear/frame")[1]


def _without(kept: Kept) -> None:
    for path in (kept.settings.data / "warc").iterdir():
        path.unlink()


def _damaged(kept: Kept) -> None:
    for path in (kept.settings.data / "warc").glob("*.warc.gz"):
        path.write_bytes(b"x" * path.stat().st_size)


@pytest.mark.parametrize(
    ("harm", "status", "words"), [(_without, 404, "no archive"), (_damaged, 500, "archive is damaged")]
)
def test_an_archive_that_is_away_or_damaged(tmp_path: Path, harm: object, status: int, words: str) -> None:
    with keeping(tmp_path) as kept:
        parsed = kept.page(f"{SITE}/p", TEXT)
    assert callable(harm)
    harm(kept)
    with serving(kept.settings) as home:
        for rest in ("", "/frame"):
            found, html = get(f"{home}/pages/{parsed.page.id}/tear{rest}")
            assert found == status
            assert words in html


def test_a_bucket_that_does_not_answer(tmp_path: Path) -> None:
    with keeping(tmp_path) as kept:
        parsed = kept.page(f"{SITE}/p", TEXT)
    _without_files(kept)
    away = kept.settings.model_copy(
        update={
            "archive_bucket": "s3://press/here",
            "archive_bucket_endpoint": "http://127.0.0.1:9/",
            "archive_bucket_key": "k",
        }
    )
    with serving(away) as home:
        found, html = get(f"{home}/pages/{parsed.page.id}/tear")
        assert found == 503
        assert "does not answer" in html


def _without_files(kept: Kept) -> None:
    for path in (kept.settings.data / "warc").glob("*.warc.gz"):
        path.unlink()
