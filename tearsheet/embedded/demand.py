"""The workers of a command that stays: they run while there is something to do, and cost nothing while there is not.

Idle, they hold 0.3 GB and take a hundredth of a core (docs/embedded.md). They are asked for by a stay in the house of
their own, beside that of the command, so whoever else needs them keeps them when it ends.
"""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from shared.ledger import LedgerError
from tearsheet.embedded.session import Session, visit_of
from tearsheet.embedded.visit import HouseError, Visit

# Seconds between two looks for work, each a round trip of 0.1 ms.
_LOOK = 0.25
# Seconds between two tries of a house that does not start.
_AGAIN = 5.0
# Due so soon, it is as good as now: the workers take 2 s to start.
_AHEAD = 2.0
# For so long they stay when nothing is to do: who submits page after page waits for them once.
_LINGER = 30.0


class WorkersOnDemand:
    """Within `with`, the session's house runs the workers whenever a page is in flight or a watched one is due."""

    def __init__(self, session: Session, say: Callable[[str], None]) -> None:
        """`say`: is given a line for the user where another command's settings hold, or no house can be started."""
        self._session = session
        self._say = say
        self._visit: Visit | None = None
        self._told = ""
        self._wanted_at = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demand", daemon=True)

    def __enter__(self) -> Self:
        """Begins to look for work."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Needs them no more; pages in flight are given back where nobody else does."""
        self._ended.set()
        self._thread.join()
        if self._visit:
            self._visit.leave()

    def _run(self) -> None:
        pause = _LOOK
        while not self._ended.wait(pause):
            pause = _LOOK
            try:
                self._look()
            except LedgerError:  # who asks it for something hears of it
                self._tell_trouble()
            except (HouseError, OSError) as error:
                self._tell(str(error))
                pause = _AGAIN

    def _look(self) -> None:
        ledger = self._session.ledger
        due = ledger.next_work()
        waits = float("inf") if due is None else (due - ledger.clock.now()) / 1000
        now = time.monotonic()
        if waits <= (_LINGER if self._visit else _AHEAD):
            self._wanted_at = now
            self._visit = self._visit or self._enter()
        elif self._visit and now - self._wanted_at > _LINGER:
            self._visit.leave()
            self._visit = None

    def _enter(self) -> Visit | None:
        visit = visit_of(self._session.settings, workers=True)
        visit.join()
        try:
            visit.ready()
        except (HouseError, OSError):
            visit.leave()
            raise
        if names := visit.told_settings():
            self._tell(names)
        return visit

    def _tell_trouble(self) -> None:
        for visit in (self._session.visit, self._visit):
            if visit and visit.trouble:
                self._tell(visit.trouble)

    def _tell(self, line: str) -> None:
        """Says a line, once."""
        if line != self._told:
            self._say(line)
        self._told = line
