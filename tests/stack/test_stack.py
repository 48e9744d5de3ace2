"""The stack as a user runs it: a crawl, the search, the audit, Flower; and every part killed while pages flow."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1500)]

PAGES = 500
SITE = len(list((Path(__file__).parents[2] / "examples" / "site").rglob("*.html")))
"""Pages that the site repeats."""


def urls(first: int) -> list[str]:
    # Of one length: a page is known by its address too, so copies of other lengths might be cut otherwise.
    return [f"http://site:8080/p/{n:04d}" for n in range(first, first + PAGES)]


def records(stack: Any) -> dict[int, Counter[str]]:
    """Number of a page in its URL -> how many records of each kind are stored of it. Each record stands once."""
    numbers: dict[str, int] = {}
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    ids = Counter[str]()
    for line in stack.tearsheet("export").splitlines():
        found = json.loads(line)
        record = found["record"]
        ids[record["id"]] += 1
        if found["kind"] == "page":
            numbers[record["id"]] = int(record["url"].rpartition("/")[2])
        kinds[record["id"].partition(":")[0]][found["kind"]] += 1
    assert [i for i, times in ids.items() if times > 1] == []
    return {numbers[page]: counts for page, counts in kinds.items()}


def audit(stack: Any) -> dict[str, Any]:
    found = json.loads(stack.tearsheet("audit", "--json"))
    assert isinstance(found, dict)
    return found


def kill(stack: Any, service: str) -> None:
    """kill -9 of the main process of a service's first container, from the host; it comes back by its policy alone."""
    before = stack.containers(service)[0]
    os.kill(before["State"]["Pid"], 9)

    def back() -> bool:
        after = next(c for c in stack.containers(service) if c["Id"] == before["Id"])
        return after["RestartCount"] > before["RestartCount"] and after["State"]["Health"]["Status"] == "healthy"

    stack.await_(f"{service} comes back", back, 180)


def test_500_pages_are_crawled_found_and_accounted_for(stack: Any) -> None:
    out = stack.tearsheet("crawl", "--file", "-", text="\n".join(urls(0)))
    assert "500" in out
    report = audit(stack)
    assert report["balanced"], report["lines"]
    assert (report["submitted"], report["outcomes"]["indexed"], report["stored"]) == (PAGES, PAGES, PAGES)
    found = [json.loads(line) for line in stack.tearsheet("search", "copy0123", "--json").splitlines()]
    assert {hit["page_url"] for hit in found} == {"http://site:8080/p/0123"}
    shown = json.loads(stack.tearsheet("show", "http://site:8080/p/0123", "--json"))
    assert shown["page"]["url"] == "http://site:8080/p/0123"
    assert set(records(stack)) == set(range(PAGES))


def test_a_page_is_parsed_again_from_the_fetchers_archive(stack: Any) -> None:
    assert stack.tearsheet("reparse", "http://site:8080/p/0123").startswith("1 page: 1 indexed")
    assert audit(stack)["balanced"]


def test_flower_shows_workers_tasks_and_queues(stack: Any) -> None:
    workers = stack.flower("/api/workers?refresh=1")
    roles = Counter(name.partition("-")[0] for name in workers)
    assert roles["parser"] == 3
    assert roles["fetcher"] == roles["indexer"] == 1
    tasks = stack.flower("/api/tasks?limit=2000")
    assert {task["name"] for task in tasks.values()} == {"fetch", "parse", "index"}
    ended = {task["name"] for task in tasks.values() if task["state"] == "SUCCESS"}
    assert ended == {"fetch", "parse", "index"}
    assert "FAILURE" not in {task["state"] for task in tasks.values()}
    queues = stack.flower("/api/queues/length")["active_queues"]
    assert {queue["name"]: queue["messages"] for queue in queues} == {"fetch": 0, "parse": 0, "index": 0}


def test_prometheus_scrapes_the_figures(stack: Any) -> None:
    def answered() -> bool:
        query = urllib.parse.urlencode({"query": 'tearsheet_outcomes_total{outcome="indexed"}'})
        with urllib.request.urlopen(f"http://127.0.0.1:19090/api/v1/query?{query}", timeout=10) as answer:
            result = json.load(answer)["data"]["result"]
        return bool(result) and float(result[0]["value"][1]) >= PAGES

    stack.await_("Prometheus has the figure", answered, 30)


def test_the_api_wants_a_key_and_answers(stack: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        stack.api("/status", key="")
    with refused.value as answer:
        assert answer.code == 401
    assert stack.api("/status")["outcomes"]["indexed"] >= PAGES
    [hit] = stack.api("/search?q=copy0123&kind=page")["hits"] or stack.api("/search?q=copy0123&limit=1")["hits"]
    assert hit["page_url"] == "http://site:8080/p/0123"
    page = hit["record"]["id"].partition(":")[0]
    assert stack.api(f"/pages/{page}")["page"]["url"] == "http://site:8080/p/0123"
    assert stack.api(f"/pages/{page}/archive")["kept"]
    found = stack.api("/submit", {"urls": ["http://site:8080/p/0123", "file:///etc/passwd"]})
    assert found["urls"][1]["outcome"] == "refused"
    line = found["urls"][0]["href"].removeprefix("/api/v1")
    stack.await_("it ends", lambda: stack.api(line)["outcome"] == "unchanged", 60)


def test_every_part_killed_while_pages_flow(stack: Any) -> None:
    undisturbed = records(stack)
    indexed = audit(stack)["outcomes"]["indexed"]  # those of the tests before
    services = ["parser", "indexer", "redis", "opensearch"]
    for part, service in enumerate(services, start=1):
        # Pages of its own for each, so that they flow when it is killed, however fast the machine.
        ended = stack.figure("tearsheet_outcomes_total")
        crawl = stack.start_crawl(urls(part * PAGES))
        try:
            stack.await_("pages flow", lambda ended=ended: stack.figure("tearsheet_outcomes_total") > ended, 120)  # type: ignore[misc]
            assert stack.figure("tearsheet_in_flight") > 0, f"nothing flowed any more when {service} was to be killed"
            kill(stack, service)
            out, _ = crawl.communicate(timeout=300)
            assert crawl.returncode == 0, out
        finally:
            crawl.kill()
            crawl.wait()
    every = (1 + len(services)) * PAGES
    report = audit(stack)
    assert report["balanced"], report["lines"]
    assert report["outcomes"]["indexed"] == indexed + len(services) * PAGES, report
    assert report["in_flight"] == 0
    disturbed = records(stack)
    assert set(disturbed) == set(range(every))
    # The site repeats its pages: of the same one as many records are stored, whatever was killed meanwhile.
    assert disturbed == {n: undisturbed[n % SITE] for n in range(every)}
