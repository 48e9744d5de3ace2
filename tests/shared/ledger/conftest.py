"""A ledger on a real Valkey, and a site's worth of pages to move through it."""

from collections.abc import Iterator

import pytest

from shared.ledger import Ledger
from tests.valkey import Valkey


@pytest.fixture
def ledger(valkey: Valkey) -> Iterator[Ledger]:
    with valkey.client() as client:
        yield Ledger(client, host_delay=0, host_concurrency=32, address_concurrency=32)
