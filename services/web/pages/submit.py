"""`/submit`: URLs to be fetched; their crawl's page shows what becomes of them."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.web.dependencies import parts_of
from services.web.pages.forms import Form, value
from services.web.pages.rendering import page
from services.web.parts import Parts
from shared.urls import NotAUrlError, page_url

router = APIRouter(include_in_schema=False)

MOST = 1000
"""URLs that one form takes: as many as the ledger takes at once."""
_SHOWN = 20
_LABEL = 200


@router.get("/submit")
def form(request: Request) -> HTMLResponse:
    """The empty form."""
    return _form(request)


@router.post("/submit")
def submit(request: Request, fields: Form, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Submits the lines as a crawl of their own, and leads to its page."""
    text = value(fields, "urls")
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    if faults := _faults(lines):
        return _form(request, text=text, faults=faults, status=422)
    label = lines[0][:_LABEL] + (f" and {len(lines) - 1:,} more" if len(lines) > 1 else "")
    ledger = parts.ledger()
    crawl = ledger.open_crawl(digest=f"web {uuid4()}", label=label)
    ledger.submit(crawl.id, lines, at=0)
    ledger.close_submission(crawl.id)
    return RedirectResponse(f"/crawls/{crawl.id}", 303)


def _form(request: Request, *, text: str = "", faults: tuple[str, ...] = (), status: int = 200) -> HTMLResponse:
    return page(request, "submit.html", status=status, text=text, faults=faults, most=MOST)


def _faults(lines: list[str]) -> tuple[str, ...]:
    """What is wrong, a sentence each; nothing is submitted then, so that nobody has to take out what went through."""
    if not lines:
        return ("Give at least one address, like https://example.com/story.",)
    if len(lines) > MOST:
        return (
            f"These are {len(lines):,} addresses; {MOST:,} are taken at a time. `tearsheet crawl --file` takes more.",
        )
    found: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            page_url(line)
        except NotAUrlError as error:
            found.append(f"Address {number} ({line[:80]}): {error}.")
    more = (f"And {len(found) - _SHOWN:,} more.",) if len(found) > _SHOWN else ()
    return (*found[:_SHOWN], *more)
