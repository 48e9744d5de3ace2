"""Backpressure: how many pages may be handed to the fetchers, given what waits behind them and Redis's memory."""

import structlog

from shared import log
from shared.ledger import Ledger
from shared.settings import Settings

logger = structlog.get_logger()

# Seconds for which an answer holds: pages move by the hundred a second at most.
_FRESH = 0.2


class Backpressure:
    """The window of pages for the fetchers: open, or shut while it is too much."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        """Settings: `dispatch_window`, `backlog_mark`, `memory_mark`."""
        self._ledger = ledger
        self._settings = settings
        self._asked = float("-inf")
        self._reason: str | None = None

    def window(self, now: float) -> int:
        """Pages that may be waiting for a fetcher; 0 while above a mark. `now`: of `time.monotonic`.

        Raises redis.RedisError.
        """
        if now - self._asked >= _FRESH:
            reason = self._too_much()
            if reason != self._reason:
                logger.info(log.FETCHING_WAITS if reason else log.FETCHING_GOES_ON, reason=reason)
            self._asked, self._reason = now, reason
        return 0 if self._reason else self._settings.dispatch_window

    def _too_much(self) -> str | None:
        backlog = self._ledger.backlog()
        behind = sum(sum(backlog[stage]) for stage in ("parse", "index"))
        if behind > self._settings.backlog_mark:
            return f"more than {self._settings.backlog_mark} pages wait to be parsed or stored"
        used, most = self._ledger.memory()
        if most and used > most * self._settings.memory_mark:
            return f"Redis is fuller than {self._settings.memory_mark:.0%}"
        return None
