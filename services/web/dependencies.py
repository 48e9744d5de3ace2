"""What routes are given. What need not wait runs in the event loop: a thread for each would cost most of a request."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from services.web.parts import Parts
from shared.ledger import Ledger
from shared.settings import Settings
from shared.stores.protocol import Store


async def parts_of(request: Request) -> Parts:
    """The application's ledger and store."""
    parts: Parts = request.app.state.parts
    return parts


TheParts = Annotated[Parts, Depends(parts_of)]


async def ledger_of(parts: TheParts) -> Ledger:
    """The ledger. Raises LedgerDownError, LedgerSchemaError."""
    made = parts.ledger_at_hand()
    return made if made is not None else await run_in_threadpool(parts.ledger)


async def store_of(parts: TheParts) -> Store:
    """The store. Raises StoreDownError, where it did not answer a moment ago; as does using it."""
    made = parts.store_at_hand()
    return made if made is not None else await run_in_threadpool(parts.store)


async def settings_of(parts: TheParts) -> Settings:
    """The application's settings."""
    return parts.settings


TheLedger = Annotated[Ledger, Depends(ledger_of)]
TheStore = Annotated[Store, Depends(store_of)]
TheSettings = Annotated[Settings, Depends(settings_of)]
