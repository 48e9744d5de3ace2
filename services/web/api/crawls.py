"""`/crawls`: what was submitted together, how far it is, and what became of each URL; pausing and cancelling."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from services.web.access import Reader, Writer
from services.web.api.answers import NO_STORE, PAGED, next_page
from services.web.api.checked import CheckedRoute
from services.web.api.description import problem_responses
from services.web.api.ids import CrawlId
from services.web.dependencies import TheLedger
from services.web.problems import ProblemError, wrong
from shared.ledger import CrawlStatus, Ledger, ReportLine, UnknownCrawlError
from shared.records import RecordCounts
from shared.stage import Kind, Outcome

router = APIRouter(prefix="/crawls", tags=["crawls"], route_class=CheckedRoute)

MOST = 200
"""Crawls or URLs on one page."""
Line = Annotated[int, Path(ge=1, le=10**9, description="The URL's number in its crawl, from 1.", examples=[1])]


class CrawlAnswer(BaseModel):
    """A crawl and its counters."""

    id: str
    label: str = Field(description="Its first URL, and how many more.")
    created: datetime
    finished: datetime | None
    closed: bool = Field(description="All its URLs are in.")
    paused: bool
    cancelled: bool
    submitted: int = Field(description="URLs, those that were found included.")
    found: int = Field(description="Of these: those that sources named or pages link to.")
    in_flight: int = Field(description="Of these: those that have not ended.")
    by_state: dict[str, int] = Field(description="Those in flight, by state.")
    outcomes: dict[str, int] = Field(description="Those that ended, by outcome.")
    records: RecordCounts = Field(description="Of its pages that ended indexed or unchanged.")
    errors: dict[str, int] = Field(description="Failed attempts, by cause.")
    urls: str = Field(description="Where the outcome of each of its URLs is.", examples=["/api/v1/crawls/12/urls"])


class CrawlList(BaseModel):
    """Crawls, the latest first."""

    crawls: list[CrawlAnswer]
    next: str | None = Field(description="Where the list goes on.")


class UrlOutcome(BaseModel):
    """What became of a submitted URL."""

    line: int = Field(description="Its number in its crawl, from 1.")
    url: str
    kind: Kind
    state: str = Field(description="waiting, fetching, parsing, indexing, or ended.", examples=["ended"])
    outcome: Outcome | None = Field(description="How it ended; null while it is in flight.")
    reason: str | None = Field(description="Why, in words.")
    page_id: str
    href: str = Field(description="Where this outcome is.", examples=["/api/v1/crawls/12/urls/1"])
    page: str = Field(
        description="Where the page is, once it is stored.", examples=["/api/v1/pages/cy3xbq2n5dkwzjvmhuop"]
    )


class UrlList(BaseModel):
    """What became of a crawl's URLs, in the order of submission."""

    crawl_id: str
    urls: list[UrlOutcome]
    next: str | None = Field(description="Where the list goes on.")


def crawl_answer(found: CrawlStatus) -> CrawlAnswer:
    """A crawl as the API gives it."""
    return CrawlAnswer(
        id=found.id,
        label=_text(found.label),
        created=found.created,
        finished=found.finished,
        closed=found.closed,
        paused=found.paused,
        cancelled=found.cancelled,
        submitted=found.submitted,
        found=found.found,
        in_flight=found.in_flight,
        by_state=dict(found.by_state),
        outcomes={outcome.value: count for outcome, count in found.outcomes.items()},
        records=found.records,
        errors=found.errors,
        urls=f"/api/v1/crawls/{found.id}/urls",
    )


def url_outcomes(ledger: Ledger, crawl_id: str, start: int, count: int) -> list[UrlOutcome]:
    """What became of some of a crawl's URLs, from index `start`. Raises UnknownCrawlError."""
    lines = ledger.lines(crawl_id, start, count)
    return [_outcome(crawl_id, number, line) for number, line in enumerate(lines, start + 1)]


@router.get("", summary="Crawls", responses={**problem_responses(), **PAGED})
def crawls(
    _: Reader,
    request: Request,
    response: Response,
    ledger: TheLedger,
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many.")] = 20,
    after: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,15}$", description="Goes on behind this crawl.", examples=["12"])
    ] = None,
) -> CrawlList:
    """All crawls, the latest first."""
    response.headers.update(NO_STORE)
    try:
        found = ledger.latest(limit + 1, after)
    except UnknownCrawlError:
        raise wrong("query", "after", "there is no such crawl (any more): begin again without it") from None
    shown = found[:limit]
    more = next_page(request, response, shown[-1].id if len(found) > limit else None)
    return CrawlList(crawls=[crawl_answer(each) for each in shown], next=more)


@router.get("/{crawl_id}", summary="A crawl", responses=problem_responses(404))
def crawl(_: Reader, crawl_id: CrawlId, response: Response, ledger: TheLedger) -> CrawlAnswer:
    """A crawl and its counters."""
    response.headers.update(NO_STORE)
    return crawl_answer(ledger.crawl(crawl_id))


@router.get("/{crawl_id}/urls", summary="What became of its URLs", responses={**problem_responses(404), **PAGED})
def urls(
    _: Reader,
    crawl_id: CrawlId,
    request: Request,
    response: Response,
    ledger: TheLedger,
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many.")] = 100,
    after: Annotated[int, Query(ge=0, le=10**9, description="Goes on behind this line.")] = 0,
) -> UrlList:
    """Each URL of the crawl with its outcome, in the order of submission."""
    response.headers.update(NO_STORE)
    found = url_outcomes(ledger, crawl_id, after, limit + 1)
    more = next_page(request, response, str(after + limit) if len(found) > limit else None)
    return UrlList(crawl_id=crawl_id, urls=found[:limit], next=more)


@router.get("/{crawl_id}/urls/{line}", summary="What became of one URL", responses=problem_responses(404))
def url(_: Reader, crawl_id: CrawlId, line: Line, response: Response, ledger: TheLedger) -> UrlOutcome:
    """One URL of the crawl with its outcome."""
    response.headers.update(NO_STORE)
    found = url_outcomes(ledger, crawl_id, line - 1, 1)
    if not found:
        raise ProblemError(404, f"The crawl {crawl_id} has no line {line:,}.")
    return found[0]


@router.post("/{crawl_id}/pause", summary="Pause a crawl", responses=problem_responses(404, 415))
def pause(_: Writer, crawl_id: CrawlId, ledger: TheLedger) -> CrawlAnswer:
    """Its pages are fetched no more until it is resumed; what is fetched already goes on."""
    ledger.pause(crawl_id)
    return crawl_answer(ledger.crawl(crawl_id))


@router.post("/{crawl_id}/resume", summary="Resume a crawl", responses=problem_responses(404, 415))
def resume(_: Writer, crawl_id: CrawlId, ledger: TheLedger) -> CrawlAnswer:
    """Takes a pause back."""
    ledger.resume(crawl_id)
    return crawl_answer(ledger.crawl(crawl_id))


@router.post("/{crawl_id}/cancel", summary="Cancel a crawl", responses=problem_responses(404, 415))
def cancel(_: Writer, crawl_id: CrawlId, ledger: TheLedger) -> CrawlAnswer:
    """What waits for this crawl alone is refused; what is under way ends by itself."""
    ledger.cancel(crawl_id)
    return crawl_answer(ledger.crawl(crawl_id))


def _outcome(crawl_id: str, number: int, line: ReportLine) -> UrlOutcome:
    ended = line.outcome is not None
    return UrlOutcome(
        line=number,
        url=_text(line.url),
        kind=line.kind,
        state="ended" if ended else line.reason or "waiting",
        outcome=line.outcome,
        reason=_text(line.reason) if ended and line.reason else None,
        page_id=line.page_id,
        href=f"/api/v1/crawls/{crawl_id}/urls/{number}",
        page=f"/api/v1/pages/{line.page_id}",
    )


def _text(text: str) -> str:
    """What a command was given may be no Unicode: what is not becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
