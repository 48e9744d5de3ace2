"""What of a search is the store's own time: the same queries, asked of tantivy or OpenSearch themselves."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from bench.search.queries import Query
from shared.query.values import filter_of
from shared.search.request import Search
from shared.search.search import search
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import Store
from shared.stores.tantivy_queries import View
from shared.stores.tantivy_store import TantivyStore


class Bare(Protocol):
    """A store that tells how long it took itself."""

    def milliseconds(self, query: Query) -> float:
        """What a query takes there."""


def searched(store: Store, query: Query) -> None:
    """Asks as the API does."""
    names = {"from": "after", "to": "date"}
    given = {n: v for n, v in query.items() if n in ("kind", "lang", "from", "to") and isinstance(v, str)}
    filters = tuple(filter_of(names.get(n, n), f"<={v}" if n == "to" else v) for n, v in given.items())
    search(store, Search(str(query["q"]), filters, facets=tuple(query.get("facet", ()))))  # type: ignore[arg-type]


class BareTantivy:
    """Adds up the calls into tantivy: building its queries, searching, counting, reading what is stored."""

    def __init__(self, folder: Path) -> None:
        self._store = _TimedTantivy(folder)

    def milliseconds(self, query: Query) -> float:
        self._store.spent = 0.0
        searched(self._store, query)
        return self._store.spent * 1000


class _TimedTantivy(TantivyStore):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, write=False)
        self.spent = 0.0
        self._timed: tuple[View, View] | None = None

    def _view(self) -> View:
        view = super()._view()
        if self._timed is None or self._timed[0] is not view:
            self._timed = view, View(_Timed(view.searcher, self))  # type: ignore[arg-type]
        return self._timed[1]


class _Timed:
    """A searcher whose calls are timed."""

    def __init__(self, searcher: Any, store: _TimedTantivy) -> None:  # noqa: ANN401
        self._searcher = searcher
        self._store = store

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        found = getattr(self._searcher, name)
        return self._timed(found) if callable(found) else found

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **named: Any) -> Any:  # noqa: ANN401
            started = time.perf_counter()
            try:
                return call(*args, **named)
            finally:
                self._store.spent += time.perf_counter() - started

        return timed


class BareOpenSearch:
    """Sends the bodies that a search makes over a bare connection, and reads the answers whole, as bytes."""

    def __init__(self, url: str, prefix: str) -> None:
        self._store = OpenSearchStore(url, prefix)
        self._http = http.client.HTTPConnection(urlsplit(url).netloc)
        self._sent: list[tuple[str, bytes]] = []
        client = self._store._client
        asked = client.search

        def heard(*, index: str, body: Mapping[str, Any], params: Mapping[str, str]) -> Any:  # noqa: ANN401
            self._sent.append((f"/{index}/_search?{urlencode(params)}", json.dumps(body).encode()))
            return asked(index=index, body=body, params=params)

        client.search = heard

    def milliseconds(self, query: Query) -> float:
        self._sent.clear()
        searched(self._store, query)
        started = time.perf_counter()
        for path, body in self._sent:
            self._http.request("POST", path, body, {"Content-Type": "application/json"})
            self._http.getresponse().read()
        return (time.perf_counter() - started) * 1000
