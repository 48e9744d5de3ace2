"""The web service over real HTTP, on a real Valkey and the embedded store."""

import json
import re
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.web.metrics import METRICS
from services.web.parts import Parts
from shared.ledger import Ledger
from shared.settings import Settings
from tests.services.web.server import get, prepare_store, serving


def figures(text: str) -> dict[tuple[str, str | None], float]:
    return {
        (s.name, next(iter(s.labels.values()), None)): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


@pytest.fixture
def settings(valkey: Any, tmp_path: Path) -> Settings:
    found = Settings(redis_url=valkey.url, data=tmp_path)
    prepare_store(found)
    return found


def test_health_and_metrics_of_what_was_submitted(settings: Settings) -> None:
    ledger = Ledger.connect(settings)
    crawl = ledger.open_crawl(digest="d", label="test")
    ledger.submit(crawl.id, ["http://a.example/", "http://b.example/", "no url"])
    with serving(settings) as url:
        code, answer = get(f"{url}/health")
        assert (code, json.loads(answer)) == (200, {"ledger": "ok", "store": "ok"})
        code, answer = get(f"{url}/metrics")
        assert code == 200
        found = figures(answer)
        assert found["tearsheet_submitted_total", None] == 3
        assert found["tearsheet_outcomes_total", "refused"] == 1
        assert found["tearsheet_in_flight", "waiting"] == 2
        assert found["tearsheet_up", "ledger"] == 1
        assert found["tearsheet_ready", "fetch"] == 0
    ledger.client.close()


def test_a_ledger_that_is_away_is_said_and_does_not_end_the_service(tmp_path: Path) -> None:
    away = Settings(redis_url=f"unix://{tmp_path}/none", data=tmp_path)
    prepare_store(away)
    with serving(away) as url:
        code, answer = get(f"{url}/health")
        assert code == 503
        assert json.loads(answer)["store"] == "ok"
        assert "does not answer" in json.loads(answer)["ledger"]
        code, answer = get(f"{url}/metrics")
        assert code == 200
        assert {name for name, _ in figures(answer)} == {"tearsheet_up"}
        assert figures(answer)["tearsheet_up", "ledger"] == 0


def test_a_ledger_that_says_nothing_holds_nobody_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connections are made, and nobody takes them
        settings = Settings(redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}", data=tmp_path)
        prepare_store(settings)
        with serving(settings) as url:
            for _ in range(2):
                code, answer = get(f"{url}/health")
                found = json.loads(answer)
                assert (code, found["store"]) == (503, "ok")
                assert found["ledger"] in (
                    "no answer within 2 s",
                    "the ledger does not answer: Timeout reading from socket",
                )
                code, answer = get(f"{url}/metrics")  # `get` waits for 10 s
                assert {name for name, _ in figures(answer)} == {"tearsheet_up"}


def test_every_metric_is_given(settings: Settings) -> None:
    with serving(settings) as url:
        _, answer = get(f"{url}/metrics")
    given = {family.name for family in text_string_to_metric_families(answer)}
    quiet = {"tearsheet_errors", "tearsheet_wrong"}  # nothing failed, nothing is wrong: no sample
    assert given | quiet == set(METRICS)


def test_a_part_that_does_not_answer_is_not_waited_for(settings: Settings) -> None:
    parts = Parts(settings)
    answered = threading.Event()

    def slow() -> str:
        answered.wait()
        return "ok"

    late = {"store": "no answer within 0.05 s"}
    assert parts.answers({"store": slow}, 0.05) == late
    assert parts.answers({"store": lambda: "never asked", "ledger": lambda: "ok"}, 0.05) == late | {"ledger": "ok"}
    answered.set()
    assert parts.answers({"store": slow}, 10) == {"store": "ok"}
    parts.close()


def test_a_look_at_one_process_s_status_counts_for_the_rate_of_the_others(settings: Settings) -> None:
    with serving(settings) as one, serving(settings) as other:
        assert "addresses a second" not in get(f"{one}/status")[1]
        ledger = Ledger.connect(settings)
        ledger.submit(ledger.open_crawl(digest="d", label="test").id, ["no url"] * 600)  # end as refused, at once
        status, text = get(f"{other}/status")
        assert status == 200
        found = re.search(r"([0-9.]+) addresses a second", text)
        assert found
        assert float(found[1]) >= 10  # all of them, in less than the minute that is looked at
        ledger.client.close()
