"""A supervisor on the probe tasks, and pages for it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from shared.ledger import Ledger
from shared.settings import Settings
from shared.stage import Outcome

RUN = Path(__file__).with_name("run_supervisor.py")
ROOT = Path(__file__).parents[3]


class House:
    """The ledger, and a supervisor on it."""

    def __init__(self, url: str, log: Path, **settings: object) -> None:
        self.environment = {
            "TEARSHEET_REDIS_URL": url,
            "TEARSHEET_LOG_FORMAT": "json",
            "TEARSHEET_FETCH_DELAY": "0",
            "TEARSHEET_FETCH_HOST_CONCURRENCY": "32",
            "TEARSHEET_FETCH_ADDRESS_CONCURRENCY": "32",
            "TEARSHEET_PARSE_DEADLINE": "1",
            "TEARSHEET_FETCH_RETRY_DELAY": "0.1",
            "TEARSHEET_WORKER_GRACE": "5",
            **{f"TEARSHEET_{k.upper()}": str(v) for k, v in settings.items()},
        }
        self.ledger = Ledger.connect(
            Settings(redis_url=url, fetch_delay=0, fetch_host_concurrency=32, fetch_address_concurrency=32)
        )
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *roles: str) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(RUN), *(roles or ("fetcher", "parser", "indexer", "scheduler"))],
                env=os.environ | self.environment | {"PYTHONPATH": str(ROOT)},
                stderr=log,
                cwd=ROOT,
            )

    def children(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children()

    def submit(self, *paths: str, host: str = "site.example") -> str:
        crawl = self.ledger.open_crawl(digest=" ".join(paths), label="test")
        self.ledger.submit(crawl.id, [f"http://{host}/{path}" for path in paths])
        self.ledger.close_submission(crawl.id)
        return crawl.id

    def finished(self, crawl_id: str, seconds: float = 60) -> dict[Outcome, int]:
        wait_for(lambda: self.ledger.crawl(crawl_id).finished is not None, seconds, self.told)
        return {outcome: n for outcome, n in self.ledger.crawl(crawl_id).outcomes.items() if n}

    def outcomes(self, crawl_id: str) -> dict[str, tuple[Outcome, str | None]]:
        return {line.url.partition("example/")[2]: (line.outcome, line.reason) for line in self.ledger.report(crawl_id)}

    def told(self) -> str:
        return self.log.read_text()

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def wait_for(happened: Callable[[], object], seconds: float = 60, told: Callable[[], str] = str) -> None:
    """Until something has happened that this process can only ask for."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, told()
        time.sleep(0.02)


@pytest.fixture
def make_house(valkey, tmp_path) -> Iterator[Callable[..., House]]:
    made: list[House] = []

    def make(**settings: object) -> House:
        made.append(House(valkey.url, tmp_path / "log", data=tmp_path, **settings))
        return made[-1]

    yield make
    for house in made:
        if house.process is not None and house.process.poll() is None:
            house.process.kill()
            house.process.wait()
        house.ledger.client.close()


@pytest.fixture
def house(make_house) -> House:
    return make_house()
