"""`/status`: what an operator looks at: whether the parts answer, what waits for how long, what fails and why."""

import time
from collections import deque
from contextlib import suppress
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.web.dependencies import parts_of
from services.web.health import health_of
from services.web.pages.rendering import page
from services.web.parts import Parts
from shared.ledger import LedgerError, Status, signs
from shared.ledger.troubles import troubles_of

router = APIRouter(include_in_schema=False)

# Seconds over which the rate is told, and between two looks that are remembered for it.
_OVER = 60.0
_APART = 1.0


class _Ended:
    """How many addresses had ended when somebody looked: enough for a rate without a counter in the ledger."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque()
        self._lock = Lock()

    def rate(self, now: float, ended: int) -> float | None:
        """A second, since the oldest look of the last minute; None where there was none."""
        with self._lock:
            while self._looks and self._looks[0][0] < now - _OVER:
                self._looks.popleft()
            first = self._looks[0] if self._looks else None
            if not self._looks or now - self._looks[-1][0] >= _APART:
                self._looks.append((now, ended))
        return max(0, ended - first[1]) / (now - first[0]) if first and now > first[0] else None


_ended = _Ended()


@router.get("/status")
def show(request: Request, parts: Annotated[Parts, Depends(parts_of)]) -> HTMLResponse:
    """What is known; where the ledger does not answer, that."""
    health = health_of(parts)
    settings = parts.settings
    found: Status | None = None
    workers: list[tuple[str, float]] = []
    rate: float | None = None
    if health.ledger == "ok":
        with suppress(LedgerError):
            ledger = parts.ledger()
            workers = signs.living(ledger, now=ledger.clock.now())
            found = ledger.status()
            rate = _ended.rate(time.monotonic(), sum(found.outcomes.values()))
    wrong = [f"The {name} does not answer: {said}" for name, said in health if said != "ok"]
    if found is not None:
        wrong += troubles_of(found, settings.memory_mark)
    return page(
        request,
        "status.html",
        health=health,
        found=found,
        wrong=wrong,
        store=settings.store,
        workers=workers,
        rate=rate,
    )
