"""The circuit before the store: while that is down, pages wait in the ledger and it is tried now and then."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

# Seconds between tries: long enough to spare a node that starts, short enough to go on soon after it is up.
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 10.0


class Circuit:
    """Open while the store is down. One a worker process; it outlives tasks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Starts as one that has to be tried: the store may not be prepared yet."""
        self._clock = clock
        self._next_try = 0.0
        self._wait = _FIRST_WAIT
        self.closed = False
        self.since: datetime | None = None
        """When the store was first found down; None while it is up, or was not tried yet."""

    def wait(self) -> float:
        """Seconds until the store may be tried; 0 where it is up, or its time has come."""
        return 0.0 if self.closed else max(0.0, self._next_try - self._clock())

    def open(self) -> float:
        """The store is down: the seconds until the next try, doubled each time."""
        if self.closed or self.since is None:
            self.since, self._wait = datetime.now(UTC), _FIRST_WAIT
        else:
            self._wait = min(_LONGEST_WAIT, 2 * self._wait)
        self.closed = False
        self._next_try = self._clock() + self._wait
        return self._wait

    def close(self) -> None:
        """The store is up."""
        self.closed, self.since = True, None
