"""The ledger as its users see it."""

from typing import Any

from shared.ledger.errors import asking
from shared.ledger.status import Reading
from shared.ledger.transitions import Transitions
from shared.settings import Settings


class Ledger(Reading, Transitions):
    """What became of every URL submitted. Safe to share between threads."""

    @classmethod
    def connect(cls, settings: Settings, **patience: Any) -> "Ledger":  # noqa: ANN401 - those of client_of
        """The ledger that the settings name; `patience`: `client_of`'s.

        Raises LedgerDownError, LedgerSchemaError, each of one line.
        """
        with asking():
            return cls(cls.client_of(settings.redis_url, **patience), **cls.arguments(settings))
