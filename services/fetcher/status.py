"""What a response's status means for a page."""

from http import HTTPStatus

import requests

from services.fetcher.causes import Cause, FailedError, RefusedError

_GONE = {404: "not found", 410: "gone for good"}
# 4xx that say nothing against the page: a proxy that wants a password, too slow, too early, too many requests.
_LATER: dict[int, Cause] = {407: "proxy", 408: "http_408", 425: "http_425", 429: "http_429"}
_WORDS = {401: "it asks for a login", 402: "it asks for payment", 403: "access is forbidden", 451: "barred by law"}


def check_status(response: requests.Response) -> None:
    """Raises RefusedError or FailedError where the status is not one of success."""
    status = response.status_code
    if 200 <= status < 300:
        return
    if status in _GONE:
        raise RefusedError(f"status {status}: {_GONE[status]}", gone=True)
    if status in _LATER or 500 <= status < 600:
        raise FailedError(f"status {status}{_phrase(status)}{_asked_wait(response)}", _LATER.get(status, "http_5xx"))
    raise RefusedError(f"status {status}: {_WORDS[status]}" if status in _WORDS else f"status {status}")


def _phrase(status: int) -> str:
    """The standard's words for it, not the server's, which may be anything."""
    return f": {HTTPStatus(status).phrase.lower()}" if status in HTTPStatus.__members__.values() else ""


def _asked_wait(response: requests.Response) -> str:
    """What Retry-After (RFC 9110 10.2.3) says: seconds or a date."""
    wait = response.headers.get("Retry-After", "").strip()[:40]
    if not wait:
        return ""
    return f", it asks to wait {wait} s" if wait.isdigit() else f", it asks to wait until {wait}"
