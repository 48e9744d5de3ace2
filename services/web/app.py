"""The web application: one router a file, put together here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request, Response

from services.web import api, health, metrics, problems, static_files
from services.web.access import Access, Guard, by_method
from services.web.head import Head
from services.web.headers import HEADERS, Headers
from services.web.limits import BodyLimit, Rate
from services.web.pages import (
    authors,
    crawls,
    errors,
    help_page,
    login,
    page_view,
    quarantine,
    search_page,
    status,
    submit,
    versions,
)
from services.web.parts import Parts
from services.web.tear import routes as tear
from shared.ledger import LedgerError
from shared.settings import Settings
from shared.stores.protocol import StoreDownError, UnknownSchemaError


def build(settings: Settings, *, open: bool) -> FastAPI:  # noqa: A002 - as whoever calls it says it
    """The application on the ledger and store of these settings.

    `open`: nobody is asked for a key, as it listens on a loopback address (`openness.may_be_open`).
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.parts = Parts(settings)
        # Whoever is on this machine is not held back.
        app.state.rate = Rate(settings.redis_url, 0.0 if open else settings.web_rate)
        yield
        app.state.rate.close()
        app.state.parts.close()

    app = FastAPI(**api.DESCRIPTION, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.access = Access(settings.web_keys, open_=open)
    for router in (api.router, health.router, metrics.router, static_files.router, login.router, tear.keyless):
        app.include_router(router)
    for pages in (search_page, page_view, authors, versions, submit, crawls, status, quarantine, help_page, tear):
        app.include_router(pages.router, dependencies=[Depends(by_method)])
    for error in errors.HANDLED:
        app.add_exception_handler(error, answer)
    # The last one is the outermost.
    app.add_middleware(BodyLimit, answer=answer)
    app.add_middleware(Guard, access=app.state.access, answer=answer)
    app.add_middleware(Headers)
    app.add_middleware(Head)
    api.describe(app)
    return app


def answer(request: Request, error: Exception) -> Response:
    """What an error becomes: a problem for callers of the API, a page for everyone else."""
    if isinstance(error, StoreDownError | UnknownSchemaError | LedgerError):
        request.app.state.parts.failed(error)
    if not request.url.path.startswith("/api/"):
        return errors.answer(request, error)
    response = problems.respond(error, request)
    response.headers.update(HEADERS)  # what nobody foresaw is answered outside of all middleware
    return response
