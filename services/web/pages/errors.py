"""Errors as pages: what happened, and what to do."""

from collections.abc import Sequence

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from services.web.headers import HEADERS
from services.web.pages.login import login_url
from services.web.pages.rendering import page
from shared.ledger import LedgerError
from shared.query.errors import QueryError
from shared.stores.cursors import CursorError
from shared.stores.protocol import StoreDownError, UnknownSchemaError

_TITLES = {
    400: "This request cannot be read",
    401: "A key is needed here",
    403: "That is not allowed",
    404: "There is nothing here",
    405: "This address does not take that",
    409: "Something else came first",
    413: "That is too much at once",
    415: "That is of a kind that is not taken here",
    422: "Something in this request is not right",
    429: "That was too often",
    500: "Something went wrong on our side",
    503: "A part of Tearsheet does not answer",
}
_ADVICE = {
    401: "Log in with a key that may do this.",
    403: "Go back, load the page anew and try again; or log in with a key that may do this.",
    404: "The address may be mistyped, or what was here was forgotten. Search for it instead.",
    413: "Send less at a time.",
    429: "Wait a little, then try again.",
    500: "Try again; if it happens again, the service's log says why.",
    503: "Nothing is lost. Try again in a moment; the status page says what works meanwhile.",
}


def error_page(request: Request, status: int, details: Sequence[str] = ()) -> HTMLResponse:
    """The page of an error. `details`: what is wrong, a sentence each."""
    title = _TITLES.get(status, _TITLES[500 if status >= 500 else 400])
    return page(
        request, "error.html", status=status, code=status, title=title, details=details, advice=_ADVICE.get(status)
    )


def answer(request: Request, error: Exception) -> Response:
    """The page of what a route raised."""
    status, details = _told(error)
    if status == 401 and request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        return RedirectResponse(login_url(request), 303)  # a person who looks at pages
    response = error_page(request, status, details)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    response.headers.update(HEADERS)  # what nobody foresaw is answered outside of all middleware
    return response


def _told(error: Exception) -> tuple[int, list[str]]:
    if isinstance(error, HTTPException):
        standard = HTTPException(error.status_code).detail
        return error.status_code, [] if error.detail == standard else [str(error.detail)]
    if isinstance(error, RequestValidationError):
        return 422, [_wrong(each) for each in error.errors()[:5]]
    if isinstance(error, (QueryError, CursorError)):
        return 422, [f"{error}."]
    if isinstance(error, (StoreDownError, UnknownSchemaError, LedgerError)):
        return 503, [f"{error}."]
    return 500, []


def _wrong(error: dict[str, object]) -> str:
    place = error.get("loc", ())
    name = place[-1] if isinstance(place, tuple) and place else "request"
    return f"{name}: {error.get('msg', 'not right')}."


HANDLED: tuple[type[Exception], ...] = (
    HTTPException, RequestValidationError, QueryError, CursorError, StoreDownError, UnknownSchemaError, LedgerError,
    Exception,
)  # fmt: skip
"""What `answer` makes a page of."""
