"""`/quarantine`: pages that failed after all their attempts, records that the store would not take; trying again."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.web.access import Reader, Writer
from services.web.api.answers import NO_STORE, PAGED, next_page
from services.web.api.checked import CheckedRoute
from services.web.api.crawls import CrawlAnswer, crawl_answer
from services.web.api.description import problem_responses
from services.web.api.ids import PageId
from services.web.dependencies import TheLedger, TheSettings
from services.web.problems import ProblemError
from shared.ledger import Ledger
from shared.ledger import quarantine as cells
from shared.settings import Settings
from shared.stage import StageName

router = APIRouter(prefix="/quarantine", tags=["operation"], route_class=CheckedRoute)

MOST_RETRIED = 1000
"""Pages that are tried again at once: each costs some round trips, so a second in all."""
_MOST = 200

Limit = Annotated[int, Query(ge=1, le=_MOST, description="About so many: a small quarantine comes as a whole.")]
# Redis's cursors are numbers below the size of its tables, so far below 64 bits.
After = Annotated[
    str, Query(pattern=r"^[0-9]{1,19}$", description="Goes on there; from an earlier answer's `next`.", examples=["0"])
]
PageIdText = Annotated[str, Field(pattern=r"^[a-z2-7]{20}$")]


class QuarantinedPage(BaseModel):
    """A page in quarantine: where it failed, of what, in which process, and when."""

    page_id: str
    url: str
    stage: StageName
    reason: str
    cause: str
    place: str
    at: datetime
    body: bool = Field(description="Its body is kept, so that it is parsed again without a fetch.")


class QuarantinedPages(BaseModel):
    """Pages in quarantine, in no order."""

    total: int
    pages: list[QuarantinedPage]
    next: str | None = Field(description="Where the list goes on; a page may come twice, and none is left out.")


class QuarantinedRecord(BaseModel):
    """A record that the store would not take; its page's others are stored."""

    record_id: str
    page_id: str
    reason: str = Field(description="In the store's words.")
    at: datetime


class QuarantinedRecords(BaseModel):
    """Records that the store would not take, in no order."""

    records: list[QuarantinedRecord]
    next: str | None = Field(description="Where the list goes on; a record may come twice, and none is left out.")


class RetryPages(BaseModel):
    """Which pages are to be tried again."""

    model_config = ConfigDict(strict=True, extra="forbid")
    page_ids: Annotated[list[PageIdText], Field(min_length=1, max_length=MOST_RETRIED)] = Field(
        description="Pages in quarantine; others are passed over.", examples=[["cy3xbq2n5dkwzjvmhuop"]]
    )


class Retried(BaseModel):
    """Pages that left the quarantine, as a crawl of their own."""

    pages: int
    crawl: CrawlAnswer


@router.get("/pages", summary="Pages in quarantine", responses={**problem_responses(), **PAGED})
def pages(
    _: Reader,
    request: Request,
    response: Response,
    ledger: TheLedger,
    settings: TheSettings,
    limit: Limit = 100,
    after: After = "0",
) -> QuarantinedPages:
    """Pages that failed after all their attempts."""
    response.headers.update(NO_STORE)
    found, following = cells.some_pages(ledger, _folder(settings), int(after), limit)
    shown = [_page(each) for each in found]
    more = next_page(request, response, str(following) if following else None)
    return QuarantinedPages(total=cells.count_pages(ledger), pages=shown, next=more)


@router.get("/records", summary="Records that the store would not take", responses={**problem_responses(), **PAGED})
def records(
    _: Reader, request: Request, response: Response, ledger: TheLedger, limit: Limit = 100, after: After = "0"
) -> QuarantinedRecords:
    """Each with the store's words."""
    response.headers.update(NO_STORE)
    found, following = cells.some_records(ledger, int(after), limit)
    shown = [QuarantinedRecord.model_validate(asdict(each)) for each in found]
    return QuarantinedRecords(records=shown, next=next_page(request, response, str(following) if following else None))


@router.get("/pages/{page_id}", summary="A page in quarantine", responses=problem_responses(404))
def page(_: Reader, page_id: PageId, response: Response, ledger: TheLedger, settings: TheSettings) -> QuarantinedPage:
    """Where, of what, in which process and when it failed."""
    response.headers.update(NO_STORE)
    found = cells.one_page(ledger, _folder(settings), page_id)
    if found is None:
        raise ProblemError(404, f"The page {page_id} is not in quarantine (any more).")
    return _page(found)


@router.post("/retry", status_code=202, summary="Try pages again", responses=problem_responses(413, 415))
def retry(_: Writer, asked: RetryPages, response: Response, ledger: TheLedger, settings: TheSettings) -> Retried:
    """Parsed again where their body was kept, else fetched again; they are a crawl of their own."""
    return _retry(ledger, settings, response, asked.page_ids)


@router.post(
    "/pages/{page_id}/retry", status_code=202, summary="Try a page again", responses=problem_responses(404, 415)
)
def retry_one(_: Writer, page_id: PageId, response: Response, ledger: TheLedger, settings: TheSettings) -> Retried:
    """Parsed again where its body was kept, else fetched again."""
    if cells.one_page(ledger, _folder(settings), page_id) is None:
        raise ProblemError(404, f"The page {page_id} is not in quarantine (any more).")
    return _retry(ledger, settings, response, [page_id])


def _retry(ledger: Ledger, settings: Settings, response: Response, page_ids: list[str]) -> Retried:
    retried = cells.retry(ledger, _folder(settings), list(dict.fromkeys(page_ids)))
    from shared.queues import configure, publish  # Celery, which takes half a second to come

    configure(settings)
    publish(retried.publish)
    response.headers["Location"] = f"/api/v1/crawls/{retried.crawl_id}"
    return Retried(pages=retried.pages, crawl=crawl_answer(ledger.crawl(retried.crawl_id)))


def _folder(settings: Settings) -> Path:
    return settings.data / "quarantine"


def _page(found: cells.Quarantined) -> QuarantinedPage:
    url = found.url.encode("utf-8", "replace").decode()
    return QuarantinedPage.model_validate({**asdict(found), "url": url})
