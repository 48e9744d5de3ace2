"""Watched pages: submits what is due to be looked at, and drops the crawls of looks long past."""

import structlog

from shared import log
from shared.ledger import Ledger, watching

logger = structlog.get_logger()

# Seconds between two looks for due pages (the least interval is a quarter of an hour), and for crawls to be dropped.
EVERY = 15.0
_DROP_EVERY = 3600.0


class Watching:
    """When each of its duties is due."""

    def __init__(self, ledger: Ledger) -> None:
        """`ledger`: connected."""
        self._ledger = ledger
        self._drop_at = 0

    def turn(self, now: int) -> None:
        """Does what is due. `now`: milliseconds since 1970. Raises redis.RedisError."""
        if pages := watching.look(self._ledger, now=now):
            logger.info(log.LOOKED_AGAIN, pages=pages)
        if now >= self._drop_at:
            while watching.drop_old(self._ledger, now=now):
                pass
            self._drop_at = now + round(_DROP_EVERY * 1000)
