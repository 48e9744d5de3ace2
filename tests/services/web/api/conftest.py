"""The API on a real Valkey and a small embedded store."""

from collections.abc import Iterator

import pytest

from shared.ledger import Ledger
from shared.settings import Settings
from tests.services.web import library
from tests.services.web.api.client import Client
from tests.services.web.server import serving
from tests.valkey import Valkey


@pytest.fixture(scope="module")
def settings(valkey_server: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of a store with a few pages."""
    with valkey_server.client() as client:
        client.flushall()
    found = Settings(redis_url=valkey_server.url, data=tmp_path_factory.mktemp("api"))
    library.fill(found, [library.full(), library.arabic(), library.huge(300), library.bare(), *library.revised()])
    return found


@pytest.fixture(scope="module")
def ledger(settings: Settings) -> Iterator[Ledger]:
    found = Ledger.connect(settings)
    yield found
    found.client.close()


@pytest.fixture(scope="module")
def api(settings: Settings) -> Iterator[Client]:
    """A caller on this machine, who needs no key."""
    with serving(settings) as url:
        yield Client(url)
