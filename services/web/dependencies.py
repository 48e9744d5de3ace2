"""What routes are given."""

from typing import Annotated

from fastapi import Depends, Request

from services.web.parts import Parts
from shared.ledger import Ledger
from shared.settings import Settings
from shared.stores.protocol import Store


def parts_of(request: Request) -> Parts:
    """The application's ledger and store."""
    parts: Parts = request.app.state.parts
    return parts


def ledger_of(request: Request) -> Ledger:
    """The ledger. Raises LedgerDownError, LedgerSchemaError."""
    return parts_of(request).ledger()


def store_of(request: Request) -> Store:
    """The store. Raises StoreDownError, where it did not answer a moment ago; as does using it."""
    return parts_of(request).store()


def settings_of(request: Request) -> Settings:
    """The application's settings."""
    return parts_of(request).settings


TheParts = Annotated[Parts, Depends(parts_of)]
TheLedger = Annotated[Ledger, Depends(ledger_of)]
TheStore = Annotated[Store, Depends(store_of)]
TheSettings = Annotated[Settings, Depends(settings_of)]
