"""The time that a fetch may take in all, enforced at every wait on a socket."""

import time
from contextvars import ContextVar

from services.fetcher.causes import FailedError


class Deadline:
    """A point in time; every wait of the fetch ends there at the latest."""

    def __init__(self, seconds: float, what: str) -> None:
        """`seconds` from now; `what` shall be done by then, in words ("not fetched")."""
        self._end = time.monotonic() + seconds
        self._seconds = seconds
        self._what = what
        self.sent: float | None = None
        """When the last request was sent, by `time.monotonic`; None before one was."""

    def left(self) -> float:
        """Seconds left. Raises FailedError (timeout) where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FailedError(f"{self._what} within {self._seconds:g} s in all", "timeout")
        return left

    def within(self, seconds: float, what: str) -> "Deadline":
        """A part of the work with a shorter limit of its own."""
        left = self.left()
        return Deadline(seconds, what) if seconds < left else self


DEADLINE: ContextVar[Deadline] = ContextVar("DEADLINE")
"""Of the request that this thread is making: connections are pooled, so they look it up at each wait."""
