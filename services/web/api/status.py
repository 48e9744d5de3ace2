"""`/status`: what is in flight, what has ended, what is wrong."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.web.access import Reader
from services.web.api.checked import CheckedRoute
from services.web.api.description import problem_responses
from services.web.dependencies import TheLedger, TheSettings
from shared.ledger import HostPace
from shared.ledger.troubles import troubles_of
from shared.records import RecordCounts
from shared.stage import StageName

router = APIRouter(prefix="/status", tags=["operation"], route_class=CheckedRoute)


class Backlog(BaseModel):
    """Pages at one stage."""

    ready: int = Field(description="Pages that wait for a worker.")
    leased: int = Field(description="Pages that a worker has.")
    oldest_seconds: float | None = Field(description="How long the page waiting longest has waited.")


class Memory(BaseModel):
    """Redis's memory in bytes."""

    used: int
    limit: int = Field(description="0: no limit.")


class Hosts(BaseModel):
    """Hosts with pages waiting that have fewer turns than others, at most 1,000 of each kind."""

    aside: list[HostPace] = Field(description="Those that do not answer.")
    slowed: list[HostPace] = Field(description="Those that asked for fewer requests.")


class StatusAnswer(BaseModel):
    """Where everything stands."""

    submitted: int = Field(description="URLs submitted, of all crawls.")
    in_flight: dict[str, int] = Field(description="Pages in flight, by state.")
    outcomes: dict[str, int] = Field(description="Submitted URLs that ended, by outcome.")
    pages: dict[str, int] = Field(description="Pages, by how their last fetch ended.")
    records: RecordCounts
    errors: dict[str, int] = Field(description="Failed attempts, by cause.")
    backlog: dict[StageName, Backlog]
    next_due: datetime | None = Field(description="When the next waiting page is due.")
    memory: Memory
    on_disk: bool = Field(description="Whether Redis's append-only file is on and written.")
    open_crawls: list[str] = Field(description="Ids of crawls that have not ended.")
    hosts: Hosts
    wrong: list[str] = Field(description="What is wrong now, in words.", examples=[["the store is down"]])


@router.get("", summary="What is in flight, what has ended, what is wrong", responses=problem_responses())
def status(_: Reader, ledger: TheLedger, settings: TheSettings, response: Response) -> StatusAnswer:
    """As `tearsheet status`. It costs the same at ten pages and at ten million."""
    response.headers["Cache-Control"] = "no-store"
    found = ledger.status()
    return StatusAnswer(
        submitted=found.submitted,
        in_flight=dict(found.in_flight),
        outcomes={outcome.value: count for outcome, count in found.outcomes.items()},
        pages=found.pages,
        records=found.records,
        errors=found.errors,
        backlog={
            stage: Backlog(ready=ready, leased=leased, oldest_seconds=found.oldest.get(stage))
            for stage, (ready, leased) in found.backlog.items()
        },
        next_due=found.next_due,
        memory=Memory(used=found.memory.used, limit=found.memory.limit),
        on_disk=found.on_disk,
        open_crawls=[crawl.id for crawl in found.crawls],
        hosts=Hosts(aside=found.hosts.aside, slowed=found.hosts.slowed),
        wrong=list(troubles_of(found, settings.memory_mark)),
    )
