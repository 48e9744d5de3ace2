"""`/audit`: does every submitted URL and every stored record add up?"""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.web.access import Reader, Writer
from services.web.api.answers import NO_STORE
from services.web.api.checked import CheckedRoute
from services.web.api.description import problem_responses
from services.web.audits import Run
from services.web.dependencies import TheParts
from shared.ledger.audit import AuditReport

router = APIRouter(prefix="/audit", tags=["operation"], route_class=CheckedRoute)


class Audited(BaseModel):
    """What an audit found: as `tearsheet audit --json` has it."""

    balanced: bool = Field(description="Everything is where it should be.")
    problems: int
    lines: list[str] = Field(description="Problems, the first thousand, each with the page or crawl that it is about.")
    at_rest: bool = Field(description="Nothing moved meanwhile; else totals were compared within what moved.")
    submitted: int
    outcomes: dict[str, int]
    in_flight: int
    entries: int = Field(description="Pages in the ledger, those forgotten included.")
    forgotten: int
    stored: int = Field(description="Pages in the store.")
    crawls: int


class AuditAnswer(BaseModel):
    """The audit that runs, or ran last."""

    state: Literal["never", "running", "done", "failed"]
    started: datetime | None
    finished: datetime | None
    error: str | None = Field(description="Why it could not be done.")
    report: Audited | None


@router.get("", summary="The last audit", responses=problem_responses())
def last(_: Reader, response: Response, parts: TheParts) -> AuditAnswer:
    """What it found, or that it runs."""
    response.headers.update(NO_STORE)
    return _answer(parts.audits.last())


@router.post(
    "",
    status_code=202,
    summary="Audit",
    responses={
        **problem_responses(415),
        202: {"headers": {"Location": {"description": "Where to ask.", "schema": {"type": "string"}}}},
    },
)
def start(_: Writer, response: Response, parts: TheParts) -> AuditAnswer:
    """Begins an audit, which takes seconds to minutes, unless one runs; GET says what it found."""
    response.headers.update({**NO_STORE, "Location": "/api/v1/audit"})
    return _answer(parts.audits.start())


def _answer(run: Run | None) -> AuditAnswer:
    if run is None:
        return AuditAnswer(state="never", started=None, finished=None, error=None, report=None)
    state: Literal["running", "done", "failed"] = "done" if run.report else "failed" if run.error else "running"
    report = _audited(run.report) if run.report else None
    return AuditAnswer(state=state, started=run.started, finished=run.finished, error=run.error, report=report)


def _audited(report: AuditReport) -> Audited:
    return Audited(
        balanced=report.balanced,
        problems=report.problems,
        lines=report.lines,
        at_rest=report.at_rest,
        submitted=report.submitted,
        outcomes={outcome.value: count for outcome, count in report.outcomes.items()},
        in_flight=report.in_flight,
        entries=report.entries,
        forgotten=report.forgotten,
        stored=report.stored,
        crawls=report.crawls,
    )
