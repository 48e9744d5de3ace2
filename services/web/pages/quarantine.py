"""`/quarantine`: pages that failed after all attempts, records that the store would not take; and trying again."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.web.dependencies import parts_of
from services.web.pages.forms import Form, value
from services.web.pages.rendering import page
from services.web.parts import Parts
from shared.ids import PAGE_ID
from shared.ledger import quarantine as cells

router = APIRouter(include_in_schema=False)

MOST = 200
"""Pages that are listed at a time, and records in all."""
MOST_RETRIED = 1000
"""Pages that one form tries again: each costs some round trips, so a second in all."""


@router.get("/quarantine")
def show(
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
    # Redis's cursors are numbers below the size of its tables, so far below 64 bits.
    after: Annotated[str, Query(pattern=r"^[0-9]{1,19}$")] = "0",
) -> HTMLResponse:
    """What is in quarantine. `after`: the list goes on there."""
    ledger = parts.ledger()
    pages, following = cells.some_pages(ledger, parts.settings.data / "quarantine", int(after), MOST)
    return page(
        request,
        "quarantine.html",
        pages=sorted(pages, key=lambda each: each.at, reverse=True),
        following=following,
        first=after == "0",
        count=cells.count_pages(ledger),
        records=list(islice(cells.list_records(ledger), MOST)) if after == "0" else [],
        most_retried=MOST_RETRIED,
    )


@router.get("/quarantine/{page_id}")
def show_one(request: Request, page_id: str, parts: Annotated[Parts, Depends(parts_of)]) -> HTMLResponse:
    """One page in quarantine."""
    folder = parts.settings.data / "quarantine"
    found = cells.one_page(parts.ledger(), folder, page_id) if PAGE_ID.fullmatch(page_id) else None
    if found is None:
        raise HTTPException(404, "This page is not in quarantine (any more).")
    return page(request, "quarantined.html", found=found)


@router.post("/quarantine")
def retry(fields: Form, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Tries pages again, those that are named or all; they are a crawl of their own, whose page follows."""
    ledger = parts.ledger()
    folder = parts.settings.data / "quarantine"
    if value(fields, "which") == "all":
        named = [found.page_id for found in islice(cells.list_pages(ledger, folder), MOST_RETRIED)]
    else:
        named = [given for name, given in fields if name == "page" and PAGE_ID.fullmatch(given)][:MOST_RETRIED]
    if not named:
        raise HTTPException(422, "No page was chosen: tick some, or try all again.")
    retried = cells.retry(ledger, folder, named)
    from shared.queues import configure, publish  # Celery, which takes half a second to come

    configure(parts.settings)
    publish(retried.publish)
    return RedirectResponse(f"/crawls/{retried.crawl_id}", 303)
