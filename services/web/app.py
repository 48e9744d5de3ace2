"""The web application: one router a file, put together here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.web import health, metrics
from services.web.parts import Parts
from shared.settings import Settings


def build(settings: Settings) -> FastAPI:
    """The application on the ledger and store of these settings."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.parts = Parts(settings)
        yield
        app.state.parts.close()

    app = FastAPI(title="Tearsheet", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.include_router(health.router)
    app.include_router(metrics.router)
    return app
