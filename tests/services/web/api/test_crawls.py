"""Submitting, and what became of it; pausing and cancelling; what is refused."""

import uuid
from typing import Any

import pytest

from services.fetcher.fetch import Fetcher
from shared.ids import page_id
from shared.ledger import Ledger
from shared.settings import Settings
from shared.stage import FETCH
from tests.services.web.api.client import Client, is_problem
from tests.shared.ledger.work import Work


def fresh(count: int = 1) -> list[str]:
    """URLs that no test has used."""
    return [f"https://{uuid.uuid4().hex}.example/{n}" for n in range(count)]


def test_each_url_has_an_outcome_to_be_asked_for(api: Client) -> None:
    [url] = fresh()
    answer = api.post("/submit", {"urls": [url, "nonsense", f"{url}#again"]})
    assert answer.status == 202
    found = answer.json()
    crawl = found["crawl"]["id"]
    assert answer.headers["Location"] == f"/api/v1/crawls/{crawl}"
    assert [(u["state"], u["outcome"]) for u in found["urls"]] == [
        ("waiting", None), ("ended", "refused"), ("ended", "duplicate")
    ]  # fmt: skip
    assert found["urls"][1]["reason"] == "not a URL (an absolute one starts with http:// or https://)"
    assert found["urls"][2]["reason"] == "same page as line 1"
    assert found["urls"][0]["page"] == f"/api/v1/pages/{page_id(url)}"
    for each in found["urls"]:
        assert api.ask("GET", each["href"]).json() == each
    assert api.get(f"/crawls/{crawl}").json() == found["crawl"]
    assert found["crawl"]["submitted"] == 3
    assert found["crawl"]["closed"] is True
    assert "waiting" in is_problem(api.get(f"/pages/{page_id(url)}"), 404)["detail"]


def test_the_same_submission_again_is_the_same_crawl_while_it_lasts(api: Client) -> None:
    asked = {"urls": fresh(3)}
    first, again = api.post("/submit", asked).json(), api.post("/submit", asked).json()
    assert first == again
    api.post(f"/crawls/{first['crawl']['id']}/cancel")
    assert api.post("/submit", asked).json()["crawl"]["id"] != first["crawl"]["id"]


def test_sources_and_what_is_found(api: Client, ledger: Ledger) -> None:
    [feed, sitemap, site] = fresh(3)
    asked = {
        "feeds": [feed], "sitemaps": [sitemap], "sites": [site], "follow": True, "depth": 0, "limit": 7,
        "include": ["/news/"], "exclude": [r"\.pdf$"],
    }  # fmt: skip
    found = api.post("/submit", asked).json()
    assert [u["kind"] for u in found["urls"]] == ["feed", "sitemap", "site"]
    scope = ledger.scope(found["crawl"]["id"])
    assert (scope.follow, scope.depth, scope.limit) == (True, 0, 7)
    assert (scope.include, scope.exclude) == (("/news/",), (r"\.pdf$",))


def test_lists_are_parted_and_linked(api: Client) -> None:
    crawl = api.post("/submit", {"urls": fresh(7)}).json()["crawl"]["id"]
    path: str | None = f"/api/v1/crawls/{crawl}/urls?limit=3"
    lines = []
    while path:
        answer = api.ask("GET", path)
        lines += [u["line"] for u in answer.json()["urls"]]
        path = answer.json()["next"]
        assert answer.headers["Link"] == (f'<{path}>; rel="next"' if path else None)
    assert lines == list(range(1, 8))
    crawls, path = [], "/api/v1/crawls?limit=2"
    while path:
        answer = api.ask("GET", path)
        crawls += [int(c["id"]) for c in answer.json()["crawls"]]
        path = answer.json()["next"]
    assert crawls[0] == int(crawl)
    assert crawls == sorted(crawls, reverse=True)


def test_pausing_resuming_cancelling(api: Client) -> None:
    crawl = api.post("/submit", {"urls": fresh(2)}).json()["crawl"]["id"]
    assert api.post(f"/crawls/{crawl}/pause").json()["paused"] is True
    assert api.post(f"/crawls/{crawl}/pause", {}).json()["paused"] is True
    assert api.post(f"/crawls/{crawl}/resume").json()["paused"] is False
    cancelled = api.post(f"/crawls/{crawl}/cancel").json()
    assert cancelled["cancelled"] is True
    assert cancelled["outcomes"]["refused"] == 2
    assert cancelled["finished"] is not None
    assert api.post(f"/crawls/{crawl}/cancel").status == 200


def test_addresses_that_may_not_be_asked_are_refused(api: Client, ledger: Ledger, settings: Settings) -> None:
    inside = [
        "http://127.0.0.1/", "http://localhost:8080/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/", "http://0x7f000001/", f"{settings.redis_url}", "file:///etc/passwd", "gopher://127.0.0.1/",
        "http://user:password@a.example/",
    ]  # fmt: skip
    crawl = api.post("/submit", {"urls": inside}).json()["crawl"]["id"]
    fetcher = Fetcher(
        settings, ledger.client, begin=lambda claim, to: ledger.begin(claim, to, now=ledger.clock.now()), archive=None,
        scope=ledger.scope,
    )  # fmt: skip
    work = Work(ledger)
    work.now = ledger.clock.now()
    wanted = {page_id(url) for url in inside} | {u["page_id"] for u in api.get(f"/crawls/{crawl}/urls").json()["urls"]}
    for page in work.dispatch(1000):
        if page in wanted:
            claim = work.one(FETCH, page)
            work.end(claim, FETCH, fetcher.turn(claim))
    ended = api.get(f"/crawls/{crawl}/urls").json()["urls"]
    assert {u["outcome"] for u in ended} == {"refused", "duplicate"}  # 0x7f000001 is 127.0.0.1 in another notation
    reasons = {u["url"]: u["reason"] for u in ended}
    assert "not a public address" in reasons["http://127.0.0.1/"]
    assert reasons["file:///etc/passwd"] == "scheme 'file' is not fetched, only http and https"


def fault(content: Any, pointer: str, words: str) -> Any:
    return pytest.param(content, pointer, words, id=f"{pointer} {words}")


@pytest.mark.parametrize(
    ("content", "pointer", "words"),
    [
        fault({}, "/", "1 to 1,000 URLs are wanted"),
        fault([], "/", "dictionary"),
        fault(None, "/", "no JSON"),
        fault({"urls": "https://a.example/"}, "/urls", "list"),
        fault({"urls": [1]}, "/urls/0", "string"),
        fault({"urls": ["\ud800"]}, "/urls/0", "surrogate"),
        fault({"urls": ["x"] * 1001}, "/urls", "1000"),
        fault({"urls": ["x"] * 600, "feeds": ["y"] * 600}, "/", "1 to 1,000 URLs"),
        fault({"urls": ["x"], "url": "y"}, "/url", "not permitted"),
        fault({"urls": ["x"], "follow": "yes"}, "/follow", "boolean"),
        fault({"urls": ["x"], "depth": 2}, "/", "depth is for follow"),
        fault({"urls": ["x"], "follow": True, "depth": -1}, "/depth", "greater"),
        fault({"urls": ["x"], "follow": True, "limit": 10**30}, "/limit", "less"),
        fault({"urls": ["x"], "follow": True, "include": ["("]}, "/include/0", "no regular expression"),
        fault({"urls": ["x"], "follow": True, "include": ["a" * 501]}, "/include/0", "500"),
        fault({"urls": ["x"], "include": ["a"]}, "/", "found URLs"),
        fault({"feeds": ["x"], "a/b~c": 1}, "/a~1b~0c", "not permitted"),
    ],
)
def test_wrong_submissions_name_the_place(api: Client, content: Any, pointer: str, words: str) -> None:
    answer = api.post("/submit", content, Content_Type="application/json")
    errors = is_problem(answer, 422)["errors"]
    assert any(e["place"] == "body" and e["name"] == pointer and words in e["detail"] for e in errors), errors


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
        b'{"urls": ["x"]} x',
        b"\x1f\x8b\x08",
        b'{"urls": NaN}',
        b"1e999",
    ],
)
def test_rubbish_is_no_json(api: Client, body: bytes) -> None:
    is_problem(api.ask("POST", "/api/v1/submit", body, Content_Type="application/json"), 422)


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonp"],
)
def test_other_types_are_not_taken(api: Client, kind: str) -> None:
    body = b'{"urls": ["https://a.example/"]}'
    is_problem(api.ask("POST", "/api/v1/submit", body, Content_Type=kind), 415)
    [crawl] = api.get("/crawls?limit=1").json()["crawls"]
    is_problem(api.ask("POST", f"/api/v1/crawls/{crawl['id']}/pause", b"", Content_Type=kind), 415)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/crawls/999999999", 404),
        ("/crawls/999999999/urls", 404),
        ("/crawls/999999999/urls/1", 404),
        ("/crawls/x", 422),
        ("/crawls/-1", 422),
        ("/crawls/1/urls/0", 422),
        ("/crawls/1/urls/999999", 404),
        ("/crawls/1/urls?after=-1", 422),
        ("/crawls/1/urls?limit=0", 422),
        ("/crawls/1/urls?limit=201", 422),
        (f"/crawls/1/urls?limit={'9' * 5000}", 422),
        ("/crawls?after=999999999", 422),
        ("/crawls?after=%00", 422),
        ("/crawls?limit=ten", 422),
    ],
)
def test_wrong_crawls(api: Client, path: str, status: int) -> None:
    api.post("/submit", {"urls": fresh()})
    is_problem(api.get(path), status)


@pytest.mark.parametrize("word", ["pause", "resume", "cancel"])
def test_no_such_crawl_to_change(api: Client, word: str) -> None:
    assert "lists those there are" in is_problem(api.post(f"/crawls/999999999/{word}"), 404)["detail"]
