"""A fetcher that may ask loopback and has little time, and the hostile site."""

from collections.abc import Iterator

import pytest

from services.fetcher.fetch import Fetcher
from tests.hostile_exchange import HostileSite
from tests.hostile_site import hostile_site
from tests.services.fetcher.fetching import quick_settings


@pytest.fixture
def site() -> Iterator[HostileSite]:
    """The hostile site, without a robots.txt."""
    with hostile_site() as running:
        yield running


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    """With `quick_settings`, and no Redis."""
    made = Fetcher(quick_settings(), None)
    yield made
    made.close()
