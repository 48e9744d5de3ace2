"""Audits, one at a time: each looks at all that ledger and store have, so it runs beside the requests."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.ledger.audit import AuditReport


@dataclass(frozen=True, slots=True)
class Run:
    """An audit that was begun."""

    started: datetime
    finished: datetime | None = None
    report: AuditReport | None = None
    """None while it runs, and where it failed."""
    error: str | None = None
    """Why it could not be done, in a line."""


class Audits:
    """Those of one web process; the last one is remembered."""

    def __init__(self, audit: Callable[[], AuditReport]) -> None:
        """`audit`: does it; what it raises becomes the run's error."""
        self._audit = audit
        self._lock = threading.Lock()
        self._last: Run | None = None

    def last(self) -> Run | None:
        """The one that runs, or ran last."""
        return self._last

    def start(self) -> Run:
        """Begins one, unless one runs."""
        with self._lock:
            if self._last is None or self._last.finished is not None:
                self._last = Run(datetime.now(UTC))
                # The process does not wait for it when it ends: an audit only reads.
                threading.Thread(target=self._run, args=(self._last.started,), name="audit", daemon=True).start()
            return self._last

    def _run(self, started: datetime) -> None:
        report, error = None, None
        try:
            report = self._audit()
        except Exception as raised:  # noqa: BLE001 - whatever ended it is what whoever asks is told
            error = " ".join(str(raised).split()) or type(raised).__name__
        self._last = Run(started, datetime.now(UTC), report, error)
