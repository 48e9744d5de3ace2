"""`/status`: what an operator looks at: whether the parts answer, what waits for how long, what fails and why."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.web.dependencies import parts_of
from services.web.health import health_of
from services.web.pages.rendering import page
from services.web.parts import Parts
from shared.ledger import Ledger, LedgerError, Status, signs
from shared.ledger.troubles import troubles_of

router = APIRouter(include_in_schema=False)

# Milliseconds over which the rate is told, and between two looks that are remembered for it.
_OVER = 60_000
_APART = 1_000


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
            rate = _rate(ledger, sum(found.outcomes.values()))
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


def _rate(ledger: Ledger, ended: int) -> float | None:
    """Addresses that ended a second, since the oldest look of the last minute, whichever process answered it; None
    where there was none."""
    now = ledger.clock.now()
    first = ledger.run("looked", [now, ended, _OVER, _APART])
    if first is None:
        return None
    at, had = map(int, first.split())
    return max(0, ended - had) * 1000 / (now - at) if now > at else None
