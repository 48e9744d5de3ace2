"""Both stores, empty, for one suite."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

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


@pytest.fixture(scope="session")
def opensearch_indices(opensearch_url: str) -> Iterator[str]:
    """The prefix of indices that are made once: making them takes seconds."""
    prefix = f"test-{secrets.token_hex(6)}"
    OpenSearchStore(opensearch_url, prefix).prepare()
    with OpenSearch([opensearch_url]) as client:
        # A deleted document's version is forgotten at the next refresh, so that tests may write it again.
        client.indices.put_settings(index=f"{prefix}-*", body={"index": {"gc_deletes": "0s"}})
        yield prefix
        remove(client, prefix)


@pytest.fixture
def prefix(opensearch_url: str, opensearch_indices: str) -> Iterator[str]:
    """A prefix whose indices are empty."""
    yield opensearch_indices
    with OpenSearch([opensearch_url]) as client:
        everything = {"query": {"match_all": {}}}
        client.indices.refresh(index=f"{opensearch_indices}-*")
        client.delete_by_query(
            index=f"{opensearch_indices}-*", body=everything, params={"refresh": "true", "conflicts": "proceed"}
        )
        # Versions of what is deleted are forgotten at a refresh, by a clock that the node reads every 200 ms
        # (thread_pool.estimated_time_interval): nothing tells when that was.
        time.sleep(0.25)
        client.indices.refresh(index=f"{opensearch_indices}-*")


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
    opened: list[Store] = []
    if request.param == "tantivy":

        def opener(*, write: bool = True) -> Store:
            opened.append(TantivyStore(tmp_path / "store", write=write))
            return opened[-1]
    else:
        url, prefix = request.getfixturevalue("opensearch_url"), request.getfixturevalue("prefix")

        def opener(*, write: bool = True) -> Store:
            opened.append(OpenSearchStore(url, prefix))
            return opened[-1]

    yield opener
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: OpenStore) -> Store:
    """An empty store that is ready to be written."""
    store = open_again(write=True)
    store.prepare()
    return store
