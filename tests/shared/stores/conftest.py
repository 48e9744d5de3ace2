"""Both stores, empty, for one suite."""

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from shared.stores.opensearch_indices import Generation, complete
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import Store
from shared.stores.tantivy_store import TantivyStore
from tests.shared.stores.pages import OpenStore

STORES = ["tantivy", pytest.param("opensearch", marks=pytest.mark.opensearch)]


@pytest.fixture(scope="session")
def opensearch_url() -> str:
    url = os.environ.get("TEARSHEET_TEST_OPENSEARCH")
    if not url:
        pytest.skip("needs a real OpenSearch node: set TEARSHEET_TEST_OPENSEARCH to its URL")
    return url


@contextmanager
def made(url: str, generations: int = 1) -> Iterator[str]:
    """The prefix of indices that are made once: making them takes seconds."""
    prefix = f"test-{secrets.token_hex(6)}"
    OpenSearchStore(url, prefix).prepare()
    with OpenSearch([url]) as client:
        for number in range(2, generations + 1):
            complete(client, Generation(prefix, number), {}, as_live=True)
        # A deleted document's version is forgotten at the next refresh, so that tests may write it again.
        client.indices.put_settings(index=f"{prefix}-*", body={"index": {"gc_deletes": "0s"}})
        yield prefix
        remove(client, prefix)


@pytest.fixture(scope="session")
def opensearch_indices(opensearch_url: str) -> Iterator[str]:
    with made(opensearch_url) as prefix:
        yield prefix


@pytest.fixture(scope="session")
def rolled_indices(opensearch_url: str) -> Iterator[str]:
    with made(opensearch_url, generations=2) as prefix:
        yield prefix


@pytest.fixture
def prefix(opensearch_url: str, opensearch_indices: str) -> Iterator[str]:
    """A prefix whose indices are empty."""
    yield opensearch_indices
    empty(opensearch_url, opensearch_indices)


@pytest.fixture
def rolled_prefix(opensearch_url: str, rolled_indices: str) -> Iterator[str]:
    """The same, with two generations of them."""
    yield rolled_indices
    empty(opensearch_url, rolled_indices)


@pytest.fixture
def node(opensearch_url: str) -> Iterator[OpenSearch]:
    with OpenSearch([opensearch_url]) as client:
        yield client


def empty(url: str, prefix: str) -> None:
    with OpenSearch([url]) as client:
        everything = {"query": {"match_all": {}}}
        client.indices.refresh(index=f"{prefix}-*")
        client.delete_by_query(index=f"{prefix}-*", body=everything, params={"refresh": "true", "conflicts": "proceed"})
        # Versions of what is deleted are forgotten at a refresh, by a clock that the node reads every 200 ms
        # (thread_pool.estimated_time_interval): nothing tells when that was.
        time.sleep(0.25)
        client.indices.refresh(index=f"{prefix}-*")


@pytest.fixture
def fresh_prefix(opensearch_url: str) -> Iterator[str]:
    """A prefix without indices; what a test makes of it is removed."""
    prefix = f"test-{secrets.token_hex(6)}"
    yield prefix
    with OpenSearch([opensearch_url]) as client:
        remove(client, prefix)


def remove(client: OpenSearch, prefix: str) -> None:
    for index in client.indices.get(index=f"{prefix}-*"):
        client.indices.delete(index=index)
    with suppress(NotFoundError):
        client.indices.delete_index_template(name=f"{prefix}-*")


@pytest.fixture(params=STORES)
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Opens the test's store, as another process would: `open_again(write=False)`."""
    yield from openers(request, tmp_path)


def openers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """What opens the store that the parameter names; in the end all are closed."""
    opened: list[Store] = []
    if request.param == "tantivy":

        def opener(*, write: bool = True) -> Store:
            opened.append(TantivyStore(tmp_path / "store", write=write))
            return opened[-1]
    else:
        rolled = request.param == "opensearch-rolled"
        url = request.getfixturevalue("opensearch_url")
        prefix = request.getfixturevalue("rolled_prefix" if rolled else "prefix")
        kind = Spread if rolled else OpenSearchStore

        def opener(*, write: bool = True) -> Store:
            opened.append(kind(url, prefix))
            return opened[-1]

    yield opener
    for store in opened:
        store.close()


class Spread(OpenSearchStore):
    """As after a roll-over: of the pages that are there some are in each generation."""

    @staticmethod
    def place(page_id: str, generations: Sequence[Generation]) -> Generation:
        return generations[ord(page_id[0]) % len(generations)]


@pytest.fixture
def store(open_again: OpenStore) -> Store:
    """An empty store that is ready to be written."""
    store = open_again(write=True)
    store.prepare()
    return store
