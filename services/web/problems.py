"""Errors of the API: problem details (RFC 9457) that say what is wrong, where, and what to do. Never a traceback."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from shared.ledger import LedgerDownError, LedgerError, LedgerFullError, UnknownCrawlError
from shared.query.errors import QueryError
from shared.stores.cursors import CursorError
from shared.stores.protocol import StoreDownError, UnknownSchemaError

MEDIA_TYPE = "application/problem+json"
Part = Literal["ledger", "store", "archive"]
Place = Literal["path", "query", "header", "cookie", "body"]

# Seconds after which a part that is down is worth another try.
_RETRY_AFTER = "5"
# Faults that one answer names.
_MOST_FAULTS = 20


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    place: Place = Field(description="Where: a parameter of the path or the query, a header, or the body.")
    name: str = Field(description="Which parameter; in the body a JSON Pointer (RFC 6901).", examples=["limit"])
    detail: str = Field(description="What is wrong with it.", examples=["Input should be less than or equal to 100"])
    at: int | None = Field(None, description="In a query: the place, in characters from its beginning.")
    length: int | None = Field(None, description="In a query: how many characters are meant.")


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(description="`about:blank`: `status` and `title` say which kind it is.")
    title: str = Field(description="The status in words.", examples=["Unprocessable Content"])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(description="What is wrong, and what to do.", examples=["limit: at most 100"])
    part: Part | None = Field(None, description="With 503: which part of Tearsheet is down.")
    errors: list[Fault] = Field([], description="With 422: each fault.")


class ProblemError(HTTPException):
    """Ends a request with a problem."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        part: Part | None = None,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`detail`: a sentence for a person."""
        super().__init__(status, detail, headers)
        self.part = part
        self.errors = list(errors)


def wrong(place: Place, name: str, detail: str) -> ProblemError:
    """A request that has one fault."""
    return ProblemError(422, f"{name}: {detail}", errors=[Fault(place=place, name=name, detail=detail)])


def problem_of(error: Exception) -> ProblemError:
    """What a caller is told of an error."""
    match error:
        case ProblemError():
            return error
        case HTTPException():
            standard = error.detail == HTTPException(error.status_code).detail
            detail = _DETAILS.get(error.status_code, error.detail) if standard else error.detail
            return ProblemError(error.status_code, detail, headers=error.headers)
        case RequestValidationError():
            return _invalid(error)
        case UnknownCrawlError():
            return ProblemError(404, f"{error}: GET /api/v1/crawls lists those there are.")
        case LedgerDownError() | LedgerFullError() | LedgerError():
            return _down("ledger", error)
        case StoreDownError() | UnknownSchemaError():
            return _down("store", error)
        case QueryError():
            return ProblemError(422, f"{error.message}.")
        case CursorError():
            return wrong("query", "after", str(error))
        case _:
            return ProblemError(500, "A fault of Tearsheet; the service's log says where. Trying again may help.")


def title_of(status: int) -> str:
    """A status in words."""
    return _TITLES.get(status) or HTTPStatus(status).phrase


def respond(error: Exception, request: Request) -> Response:
    """The answer to a request that an error ended."""
    known = problem_of(error)
    problem = Problem(
        type="about:blank",
        title=title_of(known.status_code),
        status=known.status_code,
        detail=known.detail,
        part=known.part,
        errors=known.errors,
    )
    headers = {"Cache-Control": "no-store", **(known.headers or {})}
    if known.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return Response(problem.model_dump_json(exclude_defaults=True), known.status_code, headers, MEDIA_TYPE)


# By RFC 9110, which Python follows from 3.13 on.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
_DETAILS = {
    404: "There is nothing here: GET /api/v1/openapi.json says what there is.",
    405: "This address does not take that method; the header Allow says which ones it takes.",
}


def _methods(request: Request) -> list[str]:
    """Of all routes of the address; the framework names those of the first one alone."""
    taken: set[str] = set()
    for template, methods in request.app.openapi()["paths"].items():
        if compile_path(template)[0].match(request.url.path):
            taken |= {method.upper() for method in methods}
    return sorted(taken | {"HEAD"} if "GET" in taken else taken)


def _down(part: Part, error: Exception) -> ProblemError:
    return ProblemError(503, f"{error}. Try again later.", part=part, headers={"Retry-After": _RETRY_AFTER})


def _invalid(error: RequestValidationError) -> ProblemError:
    faults = [_fault(each) for each in error.errors()[:_MOST_FAULTS]]
    return ProblemError(422, "; ".join(f"{fault.name}: {fault.detail}" for fault in faults), errors=faults)


def _fault(error: Mapping[str, Any]) -> Fault:
    """Of one of pydantic's errors; what was given is not repeated, as it may be long, and may be a secret."""
    place, *path = error["loc"]
    detail = str(error["msg"]).removeprefix("Value error, ")
    if place == "body":
        name = "".join(f"/{_pointer(str(step))}" for step in path)
        return Fault(place="body", name=name or "/", detail=detail)
    return Fault(place=place, name=".".join(str(step) for step in path), detail=detail)


def _pointer(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
