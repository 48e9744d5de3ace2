"""A ledger on a real Valkey and a real embedded store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.ledger import Ledger
from shared.stores.tantivy_store import TantivyStore
from tests.shared.ledger.work import Work
from tests.valkey import Valkey


@pytest.fixture
def work(valkey: Valkey) -> Iterator[Work]:
    with valkey.client() as client:
        yield Work(Ledger(client, host_delay=0, host_concurrency=32, address_concurrency=32))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TantivyStore]:
    store = TantivyStore(tmp_path / "store", write=True)
    yield store
    store.close()
