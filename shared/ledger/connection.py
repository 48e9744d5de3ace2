"""The connection to Redis, and the scripts that run there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from shared.ledger import keys
from shared.ledger.clock import Clock
from shared.ledger.errors import LedgerSchemaError, asking
from shared.settings import Settings

if TYPE_CHECKING:
    from redis.client import Pipeline
    from redis.commands.core import Script

    from shared.scope import Scope

_SCRIPTS = Path(__file__).parent / "scripts"
# Seconds in which Redis answers whatever it is asked, or it is down: the longest script took 0.05 s.
_ANSWER = 20.0
_CONNECT = 5.0
# Elements and entries that one round trip carries.
BATCH = 500
# Files that stand in front of every script, in this order: each uses those before it.
_SHARED = ("hosts", "entry", "looks", "page")
_TAKE_LINES = {"submit", "found"}
Argument = str | bytes | int | float


@dataclass(frozen=True, slots=True)
class Politeness:
    """How hosts are treated, the same by all transitions. Times in milliseconds."""

    delay: int
    concurrency: int
    address_concurrency: int
    patience: int

    def lua(self) -> str:
        """As the scripts know it."""
        return (
            "local DELAY, CONCURRENCY, ADDRESS_CONCURRENCY, PATIENCE = "
            f"{self.delay}, {self.concurrency}, {self.address_concurrency}, {self.patience}"
        )


@cache
def source(name: str, politeness: Politeness) -> str:
    """A script with what all transitions use put in after its first line (which holds its flags)."""
    first, _, rest = (_SCRIPTS / f"{name}.lua").read_text(encoding="utf-8").partition("\n")
    parts = (*_SHARED, "lines") if name in _TAKE_LINES else _SHARED
    shared = [(_SCRIPTS / f"{part}.lua").read_text(encoding="utf-8") for part in parts]
    return "\n".join([first, politeness.lua(), *shared, rest])


def batches(items: Iterable[str]) -> Iterator[list[str]]:
    """Items in as many as one round trip carries."""
    walk = iter(items)
    while batch := list(islice(walk, BATCH)):
        yield batch


class Connection:
    """A client of the ledger's Redis; answers are bytes."""

    def __init__(
        self,
        client: "redis.Redis",
        *,
        host_delay: float,
        host_concurrency: int,
        address_concurrency: int = 8,
        host_patience: float = 3600.0,
        max_attempts: int = 3,
        retry_delay: float = 5.0,
    ) -> None:
        """Delays and patience in seconds. Raises LedgerDownError, LedgerSchemaError."""
        self.client = client
        self.max_attempts = max_attempts
        self.politeness = Politeness(
            round(host_delay * 1000), host_concurrency, address_concurrency, round(host_patience * 1000)
        )
        self.retry_delay = round(retry_delay * 1000)
        self.clock = Clock(client)
        self._scripts: dict[str, Script] = {}
        self._scopes: dict[str, Scope] = {}
        self._check_schema()

    @staticmethod
    def client_of(
        redis_url: str, *, answer: float = _ANSWER, connect: float = _CONNECT, retry: Retry | None = None
    ) -> "redis.Redis":
        """A client that, unless `retry` says otherwise, tries again for about a second when the connection breaks:
        every script may run twice. `answer` and `connect`: seconds."""
        url = redis_url.replace("redis+socket://", "unix://", 1)
        return redis.Redis.from_url(
            url,
            socket_timeout=answer,
            socket_connect_timeout=connect,
            retry=retry or Retry(ExponentialWithJitterBackoff(cap=0.5, base=0.05), 4),
        )

    @staticmethod
    def arguments(settings: Settings) -> dict[str, Any]:
        """What the settings say of the ledger."""
        return {
            "host_delay": settings.fetch_delay,
            "host_concurrency": settings.fetch_host_concurrency,
            "address_concurrency": settings.fetch_address_concurrency,
            "host_patience": settings.fetch_host_patience,
            "max_attempts": settings.max_attempts,
            "retry_delay": settings.fetch_retry_delay,
        }

    def ask(self, *command: Argument) -> Any:  # noqa: ANN401  # each command has its own answer
        """A command's answer, with texts as bytes. Raises LedgerDownError, LedgerFullError."""
        with asking():
            return self.client.execute_command(*command)  # type: ignore[no-untyped-call]

    def run(self, script: str, args: Sequence[Argument], pipe: "Pipeline | None" = None) -> Any:  # noqa: ANN401
        """Runs a script, or puts it into a pipeline. Raises LedgerDownError, LedgerFullError."""
        if script not in self._scripts:
            self._scripts[script] = self.client.register_script(source(script, self.politeness))
        with asking():
            return self._scripts[script](args=args, client=pipe)

    def scan_list(
        self, key: str, *, start: int = 0, until: int | None = None, batch_of: int = BATCH
    ) -> Iterator[list[bytes]]:
        """A list's elements in batches, from `start` to before `until`."""
        while until is None or start < until:
            last = start + batch_of if until is None else min(until, start + batch_of)
            batch: list[bytes] = self.ask("LRANGE", key, start, last - 1)
            if not batch:
                return
            yield batch
            start += len(batch)

    def execute(self, pipe: "Pipeline", *, raise_on_error: bool = True) -> list[Any]:
        """A pipeline's answers. Raises LedgerDownError, LedgerFullError."""
        with asking():
            answers: list[Any] = pipe.execute(raise_on_error=False)  # it would put the whole command into the message
            for answer in answers:
                if raise_on_error and isinstance(answer, Exception):
                    raise answer
        return answers

    def _check_schema(self) -> None:
        found = self.ask("GET", keys.SCHEMA)
        if found is None:
            self.ask("SET", keys.SCHEMA, keys.SCHEMA_VERSION, "NX")
            found = self.ask("GET", keys.SCHEMA)
        version = found.decode("ascii", "replace")
        if version != str(keys.SCHEMA_VERSION):
            raise LedgerSchemaError(
                f"the ledger has schema {version} and this Tearsheet knows {keys.SCHEMA_VERSION}: "
                "use the version of Tearsheet that wrote it, or another data folder"
            )
