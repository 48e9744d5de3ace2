"""The web application: one router a file, put together here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.web import health, metrics, static_files
from services.web.headers import Headers
from services.web.pages import crawls, errors, page_view, quarantine, status, submit, versions
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
    app.include_router(static_files.router)
    for pages in (page_view, versions, submit, crawls, status, quarantine):
        app.include_router(pages.router)
    for error in errors.HANDLED:
        app.add_exception_handler(error, errors.answer)
    app.add_middleware(Headers)
    return app
