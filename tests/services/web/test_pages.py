"""The pages as any client without scripts sees them: over HTTP, on a real ledger and the embedded store."""

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import pytest

from services.web.pages.threads import PART, part
from shared.ids import page_id
from shared.ledger import Ledger
from shared.settings import Settings
from tests.services.web import library
from tests.services.web.api.test_operation import quarantine
from tests.services.web.library import id_of
from tests.services.web.server import get, serving


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


def ask(url: str, fields: Any = None, **headers: str) -> tuple[int, str, HTTPMessage]:
    """One request, no redirect followed."""
    body = urllib.parse.urlencode(fields).encode() if fields is not None else None
    try:
        with _opener.open(urllib.request.Request(url, body, headers), timeout=20) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers


def token_of(home: str, path: str) -> dict[str, str]:
    """The form's token and, as a header, its cookie."""
    _, html, headers = ask(home + path)
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found
    return {"csrf": found[1], "Cookie": headers["Set-Cookie"].partition(";")[0]}


@pytest.fixture(scope="module")
def settings(valkey_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("pages")
    with valkey_server.client() as client:
        client.flushall()
    found = Settings(redis_url=valkey_server.url, data=folder)
    pages = [library.full(), library.arabic(), library.huge(), library.bare()]
    library.fill(found, pages, *([each] for each in library.revised()))
    return found


@pytest.fixture(scope="module")
def home(settings: Settings) -> Iterator[str]:
    with serving(settings) as url:
        yield url


def test_a_page_shows_all_that_is_known_of_it(home: str) -> None:
    status, html = get(f"{home}/pages/{id_of('bridge')}")
    assert status == 200
    for words in [
        "The bridge opens on Monday", "Eleven years late", "Ada Marsh", "Ben Ó Néill", "json-ld", "opengraph",
        "The page itself speaks of 9", "At dawn", "Image: The bridge at dawn", "for subscribers", "It was cut.",
        "river works", "deleted by the site", "gone since", "12 votes", "yesterday", "Ferry ends", "video.example",
        "the-bridge", "gone from its site", "Image: without a description", 'lang="ar" dir="rtl"',
    ]:  # fmt: skip
        assert words in html, words
    assert "<img" not in html
    assert "<h3>Piers</h3>" in html
    assert "<h4>Cost</h4>" in html
    assert 'rel="nofollow noopener noreferrer"' in html


def test_a_comment_too_deep_to_be_indented_says_whom_it_answers(home: str) -> None:
    _, html = get(f"{home}/pages/{id_of('bridge')}")
    assert re.search(r'answers <a href="#c-1\.1\.1\.1\.1\.1\.1">1\.1\.1\.1\.1\.1\.1 <bdi>Deep 5', html)
    assert html.count("<details open><summary>") + html.count('<details class="group"') >= 6
    for tag in ("details", "ol", "li", "article", "section", "ul"):
        assert len(re.findall(rf"<{tag}[ >]", html)) == html.count(f"</{tag}>"), tag


def test_a_page_of_which_nothing_is_known(home: str) -> None:
    status, html = get(f"{home}/pages/{id_of('bare')}")
    assert status == 200
    assert "https://news.example/bare" in html
    assert "No comments" in html


def test_a_thread_of_thousands_comes_in_parts_and_in_time(home: str) -> None:
    started = time.monotonic()
    status, html = get(f"{home}/pages/{id_of('huge')}?part=25")
    assert time.monotonic() - started < 5
    assert status == 200
    assert html.count('<article class="post') == PART
    assert "Comment number 4999." in html
    assert "Comment number 4799." not in html
    assert 'aria-label="Part 25"' in html
    assert get(f"{home}/pages/{id_of('huge')}?part=26")[0] == 404


def test_parts_hold_every_comment_once_and_their_levels_close() -> None:
    comments = library.huge().comments
    parts = [part(comments, number) for number in range(1, 26)]
    assert [item.comment for found in parts for item in found.shown] == comments
    for found in parts:
        depth = 0
        for item in found.shown:
            depth += item.down - item.up
            assert 0 <= depth <= 5
        assert depth == found.closing


@pytest.mark.parametrize(
    ("record", "place"),
    [
        ("{bridge}", "/pages/{bridge}"),
        ("{bridge}:a", "/pages/{bridge}#a"),
        ("{bridge}:c:1.1", "/pages/{bridge}#c-1.1"),
        ("{bridge}:w:footer:x", "/pages/{bridge}#w-footer%3Ax"),
        ("{huge}:c:100", "/pages/{huge}?part=25#c-100"),
    ],
)
def test_a_record_leads_to_its_place(home: str, record: str, place: str) -> None:
    ids = {name: id_of(name) for name in ("bridge", "huge")}
    status, _, headers = ask(f"{home}/records/{record.format(**ids)}")
    assert (status, headers["Location"]) == (303, place.format(**ids))


@pytest.mark.parametrize(
    "path",
    [
        "/pages/none", "/pages/" + "a" * 20, "/pages/" + "a" * 5000, "/records/x", "/records/" + "a" * 20 + ":c:1",
        "/records//evil.example", "/crawls/99", "/quarantine/" + "a" * 20, "/pages/" + "a" * 20 + "/versions",
        f"/pages/{id_of('bridge')}?part=-1", f"/pages/{id_of('bridge')}?part=0", f"/records/{id_of('bridge')}:c:99",
        f"/pages/{id_of('mayor')}/versions?before=4", f"/pages/{id_of('mayor')}/versions?after=0",
        f"/pages/{id_of('bare')}/versions", "/static/x/y", "/%00", "/pages/%ff%fe",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_clear_page(home: str, path: str) -> None:
    status, html = get(home + path)
    assert status == 404
    assert "There is nothing here" in html
    assert "Traceback" not in html


@pytest.mark.parametrize(
    "path",
    [
        f"/pages/{id_of('bridge')}?part=x", f"/pages/{id_of('bridge')}?part=" + "9" * 5000, "/crawls/x", "/crawls/-1",
        f"/pages/{id_of('mayor')}/versions?before=x", "/crawls/" + "9" * 400, f"/pages/{id_of('bridge')}?part=%ff",
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_named(home: str, path: str) -> None:
    status, html = get(home + path)
    assert status == 422
    assert "Something in this request is not right" in html
    assert len(html) < 10_000


def test_versions_stand_side_by_side(home: str) -> None:
    _, html = get(f"{home}/pages/{id_of('mayor')}")
    assert "3 versions" in html
    _, html = get(f"{home}/pages/{id_of('mayor')}/versions")
    assert "<del>Nobody</del>" in html.replace("Nobody </del>", "Nobody</del>")
    assert "All" in html
    assert "1 word removed" in html
    _, html = get(f"{home}/pages/{id_of('mayor')}/versions?before=1&after=3")
    assert "2 words removed" in html
    _, html = get(f"{home}/pages/{id_of('suq')}/versions")
    assert "only one version" in html


def test_submitted_addresses_are_a_crawl_whose_page_shows_them(home: str, settings: Settings) -> None:
    token = token_of(home, "/submit")
    fields = {"csrf": token["csrf"], "urls": "https://a.example/1\n\n# no\n https://b.example/é \nhttps://a.example/1"}
    status, _, headers = ask(f"{home}/submit", fields, Cookie=token["Cookie"])
    assert status == 303
    status, html = get(home + headers["Location"])
    assert "0 of 3" not in html  # the third is a duplicate and has ended
    assert "1 of 3 addresses" in html
    assert "https://a.example/1" in html
    assert "same page as line 1" in html
    assert "data-every" in html
    ledger = Ledger.connect(settings)
    ledger.cancel(headers["Location"].rpartition("/")[2])
    ledger.client.close()
    status, html = get(home + headers["Location"])
    assert "cancelled" in html
    assert "the crawl was cancelled" in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one address"),
        ("# nothing", "at least one address"),
        ("javascript:alert(1)", "is not fetched, only http and https"),
        ("nonsense <b>", "not a URL"),
        ("https://a.example/\nhttp://" + "x" * 9000, "longer than 8000"),
        ("https://user:secret@a.example/", "user name or password"),
        ("\n".join(f"https://a.example/{n}" for n in range(1001)), "1,000 are taken"),
        ("x\n" * 500, "And 480 more"),
    ],
)
def test_what_is_no_address_is_said_and_nothing_is_submitted(home: str, text: str, said: str) -> None:
    token = token_of(home, "/submit")
    status, html, _ = ask(f"{home}/submit", {"csrf": token["csrf"], "urls": text}, Cookie=token["Cookie"])
    assert status == 422
    assert said in html
    assert "<b>" not in html


def test_forms_of_others_change_nothing(home: str) -> None:
    token = token_of(home, "/submit")
    fields = {"csrf": token["csrf"], "urls": "https://a.example/"}
    cookie = token["Cookie"]
    for path in ("/submit", "/quarantine"):
        assert ask(home + path, fields)[0] == 403
        assert ask(home + path, {**fields, "csrf": "x"}, Cookie=cookie)[0] == 403
        assert ask(home + path, {"urls": "https://a.example/"}, Cookie=cookie)[0] == 403
        assert ask(home + path, {**fields, "csrf": ""}, Cookie="tearsheet_csrf=")[0] == 403
        assert ask(home + path, fields, Cookie=cookie, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
        assert ask(home + path, fields, Cookie=cookie, **{"Content-Type": "text/plain"})[0] == 415
        assert ask(home + path, {**fields, "urls": "x" * 1_100_000}, Cookie=cookie)[0] == 413
        assert ask(home + path, [("a", str(n)) for n in range(3000)], Cookie=cookie)[0] == 422


def test_what_is_in_quarantine_is_tried_again(home: str, settings: Settings) -> None:
    ledger = Ledger.connect(settings)
    urls = [f"https://failing{n}.example/" for n in range(4)]
    quarantine(ledger, urls)
    status, html = get(f"{home}/quarantine")
    assert status == 200
    assert "4 pages failed" in html
    assert all(url in html for url in urls)
    _, html = get(f"{home}/quarantine/{page_id(urls[0])}")
    assert "ValueError: &lt;b&gt;" in html
    assert "parsed again without a fetch" in html
    token = token_of(home, "/quarantine")

    def retry(*fields: tuple[str, str]) -> tuple[int, str | None]:
        posted = [("csrf", token["csrf"]), *fields]
        status, _, headers = ask(f"{home}/quarantine", posted, Cookie=token["Cookie"])
        return status, headers.get("Location")

    assert retry(("which", "named"))[0] == 422
    assert retry(("which", "named"), ("page", "../../etc"))[0] == 422
    status, where = retry(
        ("which", "named"), ("page", page_id(urls[0])), ("page", page_id(urls[1])), ("page", "x" * 20)
    )
    assert status == 303
    assert "0 of 2 addresses" in get(f"{home}{where}")[1]
    assert "2 pages failed" in get(f"{home}/quarantine")[1]
    assert retry(("which", "all"))[0] == 303
    assert "Nothing is in quarantine" in get(f"{home}/quarantine")[1]
    assert get(f"{home}/quarantine?after=x")[0] == 422
    assert get(f"{home}/quarantine?after={'9' * 30}")[0] == 422
    ledger.client.close()


def test_status_says_what_works(home: str) -> None:
    status, html = get(f"{home}/status")
    assert status == 200
    assert "Nothing is wrong" in html
    assert "none gives a sign" in html


def test_a_ledger_that_is_away_takes_only_its_own_pages_along(tmp_path: Path) -> None:
    away = Settings(redis_url=f"unix://{tmp_path}/none", data=tmp_path)
    library.fill(away, [library.full()])
    with serving(away) as url:
        assert get(f"{url}/pages/{id_of('bridge')}")[0] == 200
        assert get(f"{url}/submit")[0] == 200
        status, html = get(f"{url}/status")
        assert status == 200
        assert "The ledger does not answer" in html
        for path in ("/crawls/1", "/quarantine"):
            status, html = get(url + path)
            assert status == 503
            assert "A part of Tearsheet does not answer" in html
        status, html = get(f"{url}/pages/{'a' * 20}")
        assert status == 404
