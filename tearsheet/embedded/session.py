"""How a command comes to a ledger: the stack's, where a setting names its Redis, else that of the embedded house."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shared.settings import Settings
from tearsheet.embedded.visit import Visit
from tearsheet.embedded.words import Hello

if TYPE_CHECKING:
    from shared.ledger import Ledger

# Settings that do not reach the workers, or that the house sets itself.
_OWN = {"data", "redis_url", "log_format", "worker_grace"}


@dataclass(frozen=True, slots=True)
class Session:
    """What a command works with."""

    ledger: "Ledger"
    settings: Settings
    """With `redis_url` set, whichever way it came about."""
    visit: Visit | None
    """The stay in the embedded house; None in a stack."""


@contextmanager
def open_session(settings: Settings, *, workers: bool) -> Iterator[Session]:
    """A session. `workers`: whether the embedded house is to run its workers meanwhile (a stack has its own).

    Raises HouseError, LedgerDownError, LedgerSchemaError.
    """
    if settings.redis_url:
        from shared.ledger import Ledger

        yield Session(Ledger.connect(settings), settings, None)
        return
    visit = visit_of(settings, workers=workers)
    visit.join()
    try:
        from shared.ledger import Ledger  # half a second, in which the house starts

        visit.ready()
        embedded = settings.model_copy(update={"redis_url": visit.places.redis_url})
        yield Session(Ledger.connect(embedded), embedded, visit)
    finally:
        visit.leave()


@contextmanager
def open_ledger(settings: Settings, *, workers: bool = False) -> Iterator["Ledger"]:
    """A session's ledger, for commands that need nothing else of it."""
    with open_session(settings, workers=workers) as session:
        yield session.ledger


def visit_of(settings: Settings, *, workers: bool) -> Visit:
    """A stay in the embedded house, still to be begun. Raises HouseError, OSError."""
    values = settings.model_dump(mode="json", exclude=_OWN)
    hello = Hello(
        workers=workers,
        memory=settings.embedded_memory,
        environment={name: value for name, value in os.environ.items() if name.upper().startswith("TEARSHEET_")},
        folder=str(Path.cwd()),
        settings={n: hashlib.blake2b(repr(value).encode(), digest_size=8).hexdigest() for n, value in values.items()},
    )
    return Visit(settings.data, hello)
