"""The scheduler: dispatches what is due, publishes again what stopped moving, and holds back when it is too much.

One loop, each turn short; two schedulers at once are harmless, since every step is one transition of the ledger.
"""

import time
from collections.abc import Callable

import redis
import structlog

from services.scheduler.backpressure import Backpressure
from services.scheduler.watching import Watching
from shared import log
from shared.ledger import Ledger, signs
from shared.ledger.forget import is_pending
from shared.ledger.quarantine import move_bodies
from shared.queues import publish, publish_expire, publish_forget, queue_lengths
from shared.settings import Settings
from shared.stage import FETCH

logger = structlog.get_logger()

# Seconds between two turns: while pages move, and while none does. A new crawl waits the second one at most. Where a
# host's turn comes before that, so does ours, but for the first pause, in which others come due and share a round trip.
_SOON, _BUSY, _IDLE = 0.003, 0.02, 0.1
# Seconds between two looks for lapsed leases and for ready pages that no message names.
_RECONCILE = 2.0
# Seconds between two looks for quarantined bodies to be moved to disk, and for forgotten records still in the store.
_MOVE = 5.0
# Seconds between two looks for pages that are stored past their time.
_EXPIRE = 600.0
# Seconds to wait for a ledger that is away.
_AWAY = 1.0


class Scheduler:
    """The loop's state: when each of its duties is due."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        """`ledger`: connected."""
        self._ledger = ledger
        self._settings = settings
        self._backpressure = Backpressure(ledger, settings)
        self._watching = Watching(ledger)
        self._reconcile_at = 0.0
        self._move_at = 0.0
        self._expire_at = 0.0

    def turn(self) -> float:
        """Does what is due; returns the seconds until the next turn. Raises redis.RedisError, OSError."""
        now = time.monotonic()
        dispatched = self._dispatch()
        if now >= self._reconcile_at:
            self._reconcile()
            self._give_up()
            self._reconcile_at = now + _RECONCILE
        if now >= self._move_at:
            self._move_bodies()
            if is_pending(self._ledger):
                publish_forget()
            self._move_at = now + _MOVE
        if self._settings.retention_days and now >= self._expire_at:
            publish_expire()
            self._expire_at = now + _EXPIRE
        self._watching.turn(self._ledger.clock.now())  # last: a full ledger refuses it, and what frees it is done
        return self._pause(dispatched)

    def _pause(self, dispatched: int) -> float:
        """Until the next host's turn, so that it is not late."""
        pause = _BUSY if dispatched else _IDLE
        due = self._ledger.next_due()
        if due is None:
            return pause
        wait = (due - self._ledger.clock.now()) / 1000
        if wait <= 0 and not dispatched:
            return _BUSY  # the window is full or shut: its turn does not come by waiting for it
        return min(pause, max(wait, _SOON))

    def _dispatch(self) -> int:
        window = self._backpressure.window(time.monotonic())
        if not window:
            return 0
        page_ids = self._ledger.dispatch(now=self._ledger.clock.now(), window=window)
        publish((FETCH.name, page_id) for page_id in page_ids)
        return len(page_ids)

    def _reconcile(self) -> None:
        pairs = signs.take_back(self._ledger, now=self._ledger.clock.now())
        pairs += self._ledger.reconcile(now=self._ledger.clock.now(), queue_lengths=queue_lengths(self._ledger.client))
        if pairs:
            publish(pairs)
            logger.info(log.RECONCILED, published=len(pairs))

    def _give_up(self) -> None:
        """Pages of hosts that have not answered for too long, some of each at a time."""
        for host in self._ledger.forsaken():
            left = self._ledger.give_up(host, now=self._ledger.clock.now())
            logger.warning(log.HOST_GIVEN_UP, host=host.name, since=host.since.isoformat(), why=host.why, left=left)

    def _move_bodies(self) -> None:
        try:
            moved = move_bodies(self._ledger, self._settings.data / "quarantine", self._settings.quarantine_max_bytes)
        except OSError as error:
            # They stay in the ledger, where they are safe, until there is room.
            logger.warning(log.DISK_FULL, error=str(error))
            return
        if moved:
            logger.info(log.BODIES_MOVED, bodies=moved)


def run(ledger: Ledger, settings: Settings, beat: Callable[[], None]) -> None:
    """Turns for ever; `beat` is called at each turn, whether the ledger answered or not."""
    scheduler = Scheduler(ledger, settings)
    while True:
        beat()
        try:
            pause = scheduler.turn()
        except redis.RedisError as error:
            logger.warning(log.LEDGER_DOWN, error=str(error))
            pause = _AWAY
        time.sleep(pause)
