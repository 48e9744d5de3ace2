"""Audits, one at a time, of all web processes on one ledger: each looks at all that ledger and store have, so it runs
beside the requests, and what it found is kept in the ledger.

Who does one says every few seconds that it still does: after one that was killed the next may begin, and it is told as
cut short.
"""

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter

from shared.ledger import Ledger, LedgerError, keys
from shared.ledger.audit import AuditReport

# Seconds between two signs that one runs; milliseconds after which without any it runs no more.
_SIGN = 5.0
_GONE = 20_000


@dataclass(frozen=True, slots=True)
class Run:
    """An audit that was begun."""

    started: datetime
    finished: datetime | None = None
    report: AuditReport | None = None
    """None while it runs, and where it failed."""
    error: str | None = None
    """Why it could not be done, in a line."""


_RUN = TypeAdapter(Run)


class Audits:
    """Those of one ledger; the last one is remembered there."""

    def __init__(self, ledger: Callable[[], Ledger], audit: Callable[[], AuditReport], *, sign: float = _SIGN) -> None:
        """`audit`: does it; what it raises becomes the run's error. `sign`: seconds between two signs that it runs."""
        self._ledger = ledger
        self._audit = audit
        self._sign = sign

    def last(self) -> Run | None:
        """The one that runs, or ran last. Raises LedgerError."""
        return _last(self._ledger())

    def start(self) -> Run:
        """Begins one, unless one runs. Raises LedgerError."""
        ledger = self._ledger()
        run, token = Run(datetime.now(UTC)), secrets.token_hex(8)
        if not ledger.run("audit_begun", [token, _GONE, _RUN.dump_json(run)]):
            return _last(ledger) or run
        # The process does not wait for it when it ends: an audit only reads.
        threading.Thread(target=self._run, args=(ledger, token, run.started), name="audit", daemon=True).start()
        return run

    def _run(self, ledger: Ledger, token: str, started: datetime) -> None:
        ended = threading.Event()
        signs = threading.Thread(target=self._give_signs, args=(ledger, ended), name="audit signs", daemon=True)
        signs.start()
        report, error = None, None
        try:
            report = self._audit()
        except Exception as raised:  # noqa: BLE001 - whatever ended it is what whoever asks is told
            error = " ".join(str(raised).split()) or type(raised).__name__
        ended.set()
        signs.join()
        with suppress(LedgerError):  # then it is told as cut short
            ledger.run("audit_ended", [token, _RUN.dump_json(Run(started, datetime.now(UTC), report, error))])

    def _give_signs(self, ledger: Ledger, ended: threading.Event) -> None:
        while not ended.wait(self._sign):
            with suppress(LedgerError):
                ledger.ask("PEXPIRE", keys.AUDITING, _GONE)


def _last(ledger: Ledger) -> Run | None:
    said, runs = ledger.ask("MGET", keys.AUDIT, keys.AUDITING)
    if said is None:
        return None
    run = _RUN.validate_json(said)
    if run.finished is None and runs is None:
        return Run(run.started, error="it was cut short: its process ended, or the ledger was away at its end")
    return run
