"""One request and what it shows of the host whose turn it is."""

import time
from datetime import UTC, datetime

import requests

from services.fetcher.causes import Cause, FailedError
from services.fetcher.deadline import Deadline
from services.fetcher.freshness import http_date
from shared.ledger.clock import local_ms
from shared.stage import Asked

# Too many requests (RFC 6585), service unavailable (RFC 9110), and what gateways and hosters say when too many came.
_OVERLOAD = frozenset({429, 503, 504, 509, 529})
# Failures in which nobody answered at all: the host's, not the page's.
_NO_ANSWER = frozenset({"dns", "connect", "tls", "timeout", "proxy"})
# The server sees a request some time after it was sent (a busy one took 0.15 s to come to it), at the latest when it
# answers. A delay counted from the answer is never cut short; one counted from so many seconds after sending at the
# latest costs the pages of a slow server no more than that.
_ON_ITS_WAY = 1.0


class Turn:
    """A request under a deadline, from before its host's name is looked up."""

    def __init__(self, deadline: Deadline) -> None:
        """`deadline`: of the request."""
        self.deadline = deadline
        self.delay: float | None = None
        """Seconds between two requests that the host asks for; None: not known."""
        self._began: float | None = None
        self._answered: float | None = None
        self._failure: tuple[str, Cause] | None = None
        self._slow = False
        self._retry_after: float | None = None

    def begin(self) -> None:
        """From here on the host may have been asked."""
        self._began = time.monotonic()
        self.deadline.sent = None

    def withdraw(self) -> None:
        """Nothing was asked after all."""
        self._began = None

    def answered(self, response: requests.Response) -> None:
        """Status and headers have come."""
        self._answered = time.monotonic()
        if response.status_code in _OVERLOAD:
            self.slow_down(response)

    def slow_down(self, response: requests.Response) -> None:
        """The answer is a plea to ask less."""
        self._slow = True
        self._retry_after = retry_after(response)

    def failed(self, error: FailedError) -> None:
        """It came to nothing; the first to say why is right."""
        # Not the error: its traceback holds this turn, and its connection would stay open until the collector came.
        self._failure = self._failure or (error.reason, error.cause)

    def asked(self) -> Asked | None:
        """What the ledger is told; None where nothing was asked."""
        if self._began is None:
            return None
        at = local_ms() - round((time.monotonic() - self._start(self._began)) * 1000)
        failure = self._failure
        if self._answered is None and failure is not None and failure[1] in _NO_ANSWER:
            return Asked(at, "failed", self.delay, why=failure[0], cause=failure[1])
        return Asked(at, "slow down" if self._slow else "answered", self.delay, self._retry_after)

    def _start(self, began: float) -> float:
        sent = self.deadline.sent
        if sent is None:
            return began
        return sent if self._answered is None else min(self._answered, sent + _ON_ITS_WAY)


def retry_after(response: requests.Response) -> float | None:
    """Seconds that Retry-After (RFC 9110 10.2.3) asks to wait: a number, or a date by our clock."""
    text = response.headers.get("Retry-After", "").strip()[:40]
    if text.isascii() and text.isdigit():
        return float(text)
    when = http_date(text)
    return None if when is None else max(0.0, (when - datetime.now(UTC)).total_seconds())
