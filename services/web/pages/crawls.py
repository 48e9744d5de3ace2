"""`/crawls/{id}`: how far a crawl is, and what became of each of its URLs."""

from collections.abc import Sequence
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import HTMLResponse

from services.web.dependencies import parts_of
from services.web.pages.rendering import page
from services.web.parts import Parts
from shared.ledger import Ledger, ReportLine, UnknownCrawlError

router = APIRouter(include_in_schema=False)

LINES = 200
"""Lines on one page."""
# A crawl's endings are read as a whole to tell how a line ended: a tenth of a second at so many.
_MOST = 20_000


@router.get("/crawls/{crawl_id}")
def show(
    request: Request,
    crawl_id: Annotated[str, Path(pattern=r"^[0-9]{1,15}$")],
    parts: Annotated[Parts, Depends(parts_of)],
    start: int = 0,
) -> HTMLResponse:
    """A crawl. `start`: lines that are passed over."""
    ledger = parts.ledger()
    try:
        crawl = ledger.crawl(crawl_id)
    except UnknownCrawlError:
        raise HTTPException(404, f"There is no crawl {crawl_id}.") from None
    if start < 0 or (start and start >= crawl.submitted):
        raise HTTPException(404, f"This crawl has no line {start + 1:,}.")
    told = crawl.submitted <= _MOST
    return page(
        request,
        "crawl.html",
        crawl=crawl,
        lines=_lines(ledger, crawl_id, start) if told else [],
        told=told,
        start=start,
        step=LINES,
        ended=crawl.submitted - crawl.in_flight,
    )


def _lines(ledger: Ledger, crawl_id: str, start: int) -> Sequence[ReportLine]:
    return list(islice(ledger.report(crawl_id), start, start + LINES))
