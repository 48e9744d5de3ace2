"""Requests to `tearsheet serve`: one after the other, by several clients, or at fixed times."""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from urllib.parse import urlencode

from bench.search.queries import Query


class Client:
    """One connection, kept open."""

    def __init__(self, address: str) -> None:
        self._http = http.client.HTTPConnection(address)

    def get(self, path: str, query: Query) -> float:
        """Milliseconds from the request to the last byte of its answer. Raises RuntimeError where that is no 200."""
        started = time.perf_counter()
        self._http.request("GET", f"{path}?{urlencode(query, doseq=True)}")
        answer = self._http.getresponse()
        body = answer.read()
        took = (time.perf_counter() - started) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{path} {query}: {answer.status} {body[:300]!r}")
        return took


def closed_loop(address: str, path: str, queries: Sequence[Query], clients: int) -> tuple[list[float], float]:
    """Each client asks as soon as it was answered: milliseconds of each request, and requests a second."""
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        shares = [queries[n::clients] for n in range(clients)]
        times = list(
            pool.map(lambda share: [each for c in [Client(address)] for each in _asked(c, path, share)], shares)
        )
    every = [each for share in times for each in share]
    return every, len(every) / (time.perf_counter() - started)


def _asked(client: Client, path: str, queries: Sequence[Query]) -> list[float]:
    return [client.get(path, query) for query in queries]


@contextmanager
def open_loop(address: str, path: str, queries: Sequence[Query], a_second: float) -> Iterator[list[float]]:
    """Asks so often, whether it was answered or not, while the block runs; the list gets each one's milliseconds."""
    times: list[float] = []
    ended = threading.Event()
    clients = threading.local()

    def ask(query: Query) -> None:
        if not hasattr(clients, "own"):
            clients.own = Client(address)
        times.append(clients.own.get(path, query))

    def run() -> None:
        begun = time.monotonic()
        with ThreadPoolExecutor(16) as pool:
            for number, query in enumerate(cycle(queries)):
                if ended.wait(max(0.0, begun + number / a_second - time.monotonic())):
                    return
                pool.submit(ask, query)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield times
    finally:
        ended.set()
        thread.join()
