"""`/health`: whether ledger and store answer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from pydantic import BaseModel

from services.web.dependencies import parts_of
from services.web.parts import Parts
from shared.ledger import LedgerError
from shared.ledger.errors import asking
from shared.stores.protocol import StoreDownError, UnknownSchemaError

router = APIRouter(tags=["operation"])

# An id that no page has: asking for it costs the store one look-up.
_NO_PAGE = "a" * 20
# Less than the time that Prometheus and a container's health check wait, and enough for a store that is busy.
_SECONDS = 2.0


class Health(BaseModel):
    """The answer; a part's word is `ok`, or one line that says what is wrong."""

    ledger: str
    store: str

    @property
    def well(self) -> bool:
        """Whether both are."""
        return self.ledger == self.store == "ok"


def health_of(parts: Parts) -> Health:
    """Asks both, for two seconds at most."""
    found = parts.answers({"ledger": lambda: _ledger(parts), "store": lambda: _store(parts)}, _SECONDS)
    return Health(**found)


def _ledger(parts: Parts) -> str:
    try:
        with asking():
            parts.ledger().client.ping()
    except LedgerError as error:
        return str(error)
    return "ok"


def _store(parts: Parts) -> str:
    try:
        parts.store().stored([_NO_PAGE])
    except (StoreDownError, UnknownSchemaError) as error:
        return str(error)
    return "ok"


@router.get(
    "/health",
    summary="Whether ledger and store answer",
    responses={503: {"model": Health, "description": "One of them does not."}},
)
def health(response: Response, parts: Annotated[Parts, Depends(parts_of)]) -> Health:
    """200 where ledger and store answer, else 503."""
    found = health_of(parts)
    if not found.well:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return found
