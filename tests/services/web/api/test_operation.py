"""Status, quarantine, audit, forgetting; a ledger or a store that is away."""

import shutil
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.ids import page_id
from shared.ledger import Ledger
from shared.settings import Settings
from shared.stage import FETCH, PARSE, Failed
from shared.stores import open_store
from tests.services.web import library
from tests.services.web.api.client import Client, is_problem, make_key
from tests.services.web.api.test_crawls import fresh
from tests.services.web.server import serving
from tests.shared.ledger.work import Work

BRIDGE = library.id_of("bridge")
KEY, ENTRY = make_key("read")


def quarantine(ledger: Ledger, urls: list[str]) -> None:
    """The first one fails to parse, the others are never fetched."""
    work = Work(ledger)
    work.now = ledger.clock.now()
    work.crawl(*urls, digest=urls[0])
    ids = [page_id(url) for url in urls]
    for page in work.dispatch(1000):
        if page == ids[0]:
            work.fetch(page)
            work.end(work.one(PARSE, page), PARSE, Failed("ValueError: <b>", "ValueError", final=True))
        elif page in ids:
            work.end(work.one(FETCH, page), FETCH, Failed("no such host", "dns", final=True))


def test_status(api: Client) -> None:
    before = api.get("/status").json()
    api.post("/submit", {"urls": fresh(2)})
    answer = api.get("/status")
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json()
    assert found["submitted"] == before["submitted"] + 2
    assert found["in_flight"]["waiting"] == before["in_flight"]["waiting"] + 2
    assert found["backlog"]["fetch"] == {"ready": 0, "leased": 0, "oldest_seconds": None}
    assert found["on_disk"] is True
    assert found["wrong"] == []


def test_quarantine_listed_shown_and_tried_again(api: Client, ledger: Ledger) -> None:
    urls = fresh(3)
    quarantine(ledger, urls)
    listed = api.get("/quarantine/pages").json()
    assert listed["total"] == 3
    assert {p["url"] for p in listed["pages"]} == set(urls)
    assert listed["next"] is None
    one = api.get(f"/quarantine/pages/{page_id(urls[0])}").json()
    assert one in listed["pages"]
    assert (one["stage"], one["cause"], one["body"]) == ("parse", "ValueError", True)
    again = api.post(f"/quarantine/pages/{page_id(urls[0])}/retry")
    assert again.status == 202
    crawl = again.json()["crawl"]
    assert again.headers["Location"] == f"/api/v1/crawls/{crawl['id']}"
    assert (again.json()["pages"], crawl["by_state"]["parsing"]) == (1, 1)
    others = api.post("/quarantine/retry", {"page_ids": [page_id(url) for url in urls] + ["a" * 20]}).json()
    assert (others["pages"], others["crawl"]["by_state"]["waiting"]) == (2, 2)
    assert api.get("/quarantine/pages").json()["total"] == 0
    is_problem(api.get(f"/quarantine/pages/{page_id(urls[0])}"), 404)
    is_problem(api.post(f"/quarantine/pages/{page_id(urls[0])}/retry"), 404)


def test_a_long_quarantine_is_parted(api: Client, ledger: Ledger) -> None:
    urls = fresh(600)
    quarantine(ledger, urls)
    seen, path = set(), "/api/v1/quarantine/pages?limit=50"
    while path:
        answer = api.ask("GET", path).json()
        seen |= {p["url"] for p in answer["pages"]}
        path = answer["next"]
    assert seen == set(urls)


def test_records_that_the_store_would_not_take(api: Client, ledger: Ledger) -> None:
    facts = '{"records": {"%s:a": "too long"}, "at": 1800000000000}' % ("b" * 20)
    ledger.client.hset("quarantine:records", "b" * 20, facts)
    [record] = api.get("/quarantine/records").json()["records"]
    assert (record["record_id"], record["reason"]) == (f"{'b' * 20}:a", "too long")
    ledger.client.delete("quarantine:records")


@pytest.mark.parametrize(
    ("content", "status"),
    [({}, 422), ({"page_ids": []}, 422), ({"page_ids": ["x"]}, 422), ({"page_ids": ["a" * 20] * 1001}, 422),
     ({"page_ids": "all"}, 422), ({"all": True}, 422)],
)  # fmt: skip
def test_wrong_retries(api: Client, content: object, status: int) -> None:
    is_problem(api.post("/quarantine/retry", content), status)


@pytest.mark.parametrize("after", ["-1", "x", str(1 << 64), "9" * 500, "%00"])
def test_wrong_places_to_go_on(api: Client, after: str) -> None:
    is_problem(api.get(f"/quarantine/pages?after={after}"), 422)


def test_an_audit_runs_beside_the_requests(api: Client, settings: Settings) -> None:
    with serving(settings) as url:  # with a store of which the ledger knows nothing
        own = Client(url)
        assert own.get("/audit").json()["state"] == "never"
        begun = own.post("/audit")
        assert (begun.status, begun.headers["Location"]) == (202, "/api/v1/audit")
        until = time.monotonic() + 20
        while (found := own.get("/audit").json())["state"] == "running" and time.monotonic() < until:
            own.post("/audit")  # it is the one that runs
        assert found["state"] == "done"
        assert found["report"]["balanced"] is False
        assert any("in the store, and not in the ledger" in line for line in found["report"]["lines"])
        assert found["finished"] > found["started"]


def test_forgetting(settings: Settings, api: Client, ledger: Ledger) -> None:
    url = "https://news.example/bridge"
    assert api.ask("DELETE", f"/api/v1/pages/{'a' * 20}").status == 404
    api.post("/submit", {"urls": [url]})
    (settings.data / "quarantine").mkdir()
    (settings.data / "quarantine" / f"{BRIDGE}.zst").write_bytes(b"x")
    gone = api.ask("DELETE", f"/api/v1/pages/{BRIDGE}")
    assert gone.status == 200
    assert gone.json()["records"] == 1 + 1 + len(library.full().comments) + len(library.full().widgets)
    assert (gone.json()["page_ids"], gone.json()["files"]) == ([BRIDGE], 1)
    assert "forgotten" in is_problem(api.get(f"/pages/{BRIDGE}"), 404)["detail"]
    assert api.ask("DELETE", f"/api/v1/pages/{BRIDGE}").json()["records"] == 0
    crawls = api.get("/crawls").json()["crawls"]
    [line] = api.get(f"/crawls/{crawls[0]['id']}/urls").json()["urls"]
    assert line["url"] == crawls[0]["label"] == "(forgotten)"
    [again] = api.post("/submit", {"urls": [url]}).json()["urls"]
    assert again["outcome"] == "refused"


def test_forgetting_beside_an_indexer_that_has_the_writer(settings: Settings, api: Client, ledger: Ledger) -> None:
    url, page = "https://news.example/suq", library.id_of("suq")
    api.post("/submit", {"urls": [url]})
    indexer = open_store(settings, write=True)
    indexer.prepare()
    try:
        for _ in range(2):
            gone = api.ask("DELETE", f"/api/v1/pages/{page}")
            assert (gone.status, gone.json()["records"], gone.json()["pending"]) == (200, 0, 1)
            assert api.get(f"/pages/{page}").status == 200  # for up to two minutes, or until it is asked again
    finally:
        indexer.close()
    assert api.ask("DELETE", f"/api/v1/pages/{page}").json()["records"] == 3
    is_problem(api.get(f"/pages/{page}"), 404)


def test_where_redis_is_away_records_are_read(tmp_path: Path) -> None:
    away = Settings(redis_url=f"unix://{tmp_path}/none", data=tmp_path)
    library.fill(away, [library.full()])
    with serving(away) as url:
        api = Client(url)
        began = time.monotonic()
        for path in ("/status", "/crawls", "/quarantine/pages"):
            assert is_problem(api.get(path), 503)["part"] == "ledger"
        answer = api.post("/submit", {"urls": ["https://a.example/"]})
        assert "does not answer" in is_problem(answer, 503)["detail"]
        assert int(answer.headers["Retry-After"]) > 0
        assert time.monotonic() - began < 1
        assert api.get(f"/pages/{BRIDGE}").status == 200
        is_problem(api.get(f"/pages/{'a' * 20}"), 404)


def test_where_the_store_is_away_the_ledger_answers(settings: Settings, tmp_path: Path) -> None:
    own = settings.model_copy(update={"data": tmp_path})
    library.fill(own, [library.full()])
    with serving(own) as url:
        api = Client(url)
        assert api.get(f"/pages/{BRIDGE}").status == 200
        (tmp_path / "store").rename(tmp_path / "away")
        (tmp_path / "store").write_text("no folder")
        for path in (f"/pages/{BRIDGE}", f"/records/{BRIDGE}:a", f"/threads/{BRIDGE}"):
            assert is_problem(api.get(path), 503)["part"] == "store", path
        assert api.get("/status").status == 200
        (tmp_path / "store").unlink()
        shutil.move(tmp_path / "away", tmp_path / "store")
        until = time.monotonic() + 10
        while api.get(f"/pages/{BRIDGE}").status != 200:
            assert time.monotonic() < until, "it does not come back"


def test_an_opensearch_that_is_away_or_says_nothing(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (1, silent.getsockname()[1]):
            where = {"store": "opensearch", "opensearch_url": f"http://127.0.0.1:{port}"}
            with serving(settings.model_copy(update=where)) as url:
                api = Client(url)
                began = time.monotonic()
                for path in (f"/pages/{BRIDGE}", "/search?q=x", "/facets?facet=kind", "/export", "/export?q=x"):
                    problem = is_problem(api.get(path), 503)
                    assert (problem["part"], "127.0.0.1" in problem["detail"]) == ("store", True)
                assert time.monotonic() - began < 6  # the first one waits for 3 s, who comes then does not
                assert api.get("/status").status == 200


def test_a_redis_that_says_nothing_holds_nobody_up_who_reads(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = Settings(redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}", data=tmp_path)
        library.fill(settings, [library.full()])
        with serving(settings.model_copy(update={"web_keys": (ENTRY,)})) as url:
            api = Client(url, KEY)
            with ThreadPoolExecutor(50) as pool:
                waiting = [pool.submit(api.get, "/status") for _ in range(45)]
                time.sleep(0.5)
                began = time.monotonic()
                # More requests wait for Redis than there are threads.
                assert api.get(f"/pages/{BRIDGE}").status == 200
                assert time.monotonic() - began < 5
                for each in waiting:
                    assert is_problem(each.result(), 503)["part"] == "ledger"
