"""Watched pages: submits what is due to be looked at, and drops the crawls of looks long past."""

import structlog

from shared import log
from shared.ledger import Ledger, watching

logger = structlog.get_logger()

# Milliseconds between two looks for due pages (the least interval is a quarter of an hour), and for crawls to be
# dropped.
EVERY = 15_000
_DROP_EVERY = 3_600_000


class Watching:
    """When each of its duties is due."""

    def __init__(self, ledger: Ledger) -> None:
        """`ledger`: connected."""
        self._ledger = ledger
        self._look_at = self._drop_at = 0

    def turn(self, now: int) -> None:
        """Does what is due. `now`: milliseconds since 1970. Raises redis.RedisError."""
        if now < self._look_at:
            return
        if pages := watching.look(self._ledger, now=now):
            logger.info(log.LOOKED_AGAIN, pages=pages)
        self._look_at = now + EVERY
        if now >= self._drop_at:
            while watching.drop_old(self._ledger, now=now):
                pass
            self._drop_at = now + _DROP_EVERY
