"""What a crawl may be made of beside URLs: pages that come with their bodies, from archives of others or our own."""

from typing import Protocol

from shared.ledger import Crawl, Ledger
from shared.settings import Settings
from tearsheet.embedded.session import Session


class Bringing(Protocol):
    """Brings pages to the ledger, for a moment at a time."""

    def step(self) -> float | None:
        """Goes on for a fraction of a second; returns the seconds to wait then, None where all are in.

        Raises LedgerDownError, LedgerFullError: called again, it goes on where it was.
        """


class Pages(Protocol):
    """Pages that come with their bodies."""

    digest: str
    """By which the same submission is known again."""
    label: str

    def bring(self, session: Session, crawl: Crawl) -> Bringing:
        """Begins, or goes on where the crawl stands."""


def room(ledger: Ledger, settings: Settings) -> int:
    """How many pages those behind may still be given: the marks are those at which fetching waits."""
    used, most = ledger.memory()
    if most and used > most * settings.memory_mark:
        return 0
    backlog = ledger.backlog()
    return settings.backlog_mark - sum(sum(backlog[stage]) for stage in ("parse", "index"))
