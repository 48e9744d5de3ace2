"""Who may do what. With keys in the settings every caller needs one; without any, only this machine is answered.

Without keys two things protect against web pages of others that a browser on this machine shows: a Host header must
name this machine (else a name of theirs could be made to lead here: DNS rebinding), and nothing is changed for a
request that comes from another origin.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import ASGIApp, Receive, Scope, Send

from services.web.openness import is_loopback
from services.web.problems import ProblemError
from shared.web_keys import KeyScope, WebKey, key_of

COOKIE = "tearsheet_key"
"""Set by the login page; holds the key, so that several web processes need nothing in common, and one that is taken
out of the settings is worth nothing at once."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_bearer = HTTPBearer(
    scheme_name="key", auto_error=False, description="`Authorization: Bearer KEY`, KEY as `tearsheet key new` made it."
)
_session = APIKeyCookie(
    name=COOKIE, scheme_name="session", auto_error=False, description="What the login page sets in a browser."
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is."""

    name: str
    scopes: frozenset[KeyScope]


LOCAL = Caller("local", frozenset({"read", "write"}))
"""Whoever is on this machine, where no keys are asked for."""


class Access:
    """What the application knows of its callers."""

    def __init__(self, keys: Sequence[WebKey], *, open_: bool) -> None:
        """`open_`: no keys are asked for."""
        self._keys = keys
        self.open = open_

    def caller(self, key: str) -> Caller | None:
        """Whose key it is."""
        found = key_of(key, self._keys)
        if found is None:
            return None
        return Caller(found.name, frozenset({"read", "write"}) if found.scope == "write" else frozenset({"read"}))


def access_of(request: Request) -> Access:
    """The application's."""
    found: Access = request.app.state.access
    return found


async def reader(
    request: Request,
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    session: Annotated[str | None, Security(_session)],
) -> Caller:
    """Whoever may read. Raises ProblemError: 401, or 429 with Retry-After."""
    caller = _caller(access_of(request), given.credentials if given else session)
    rate = request.app.state.rate
    if rate.counts:  # else there is nothing to wait for
        await run_in_threadpool(rate.take, caller.name)
    return caller


async def writer(caller: Annotated[Caller, Depends(reader)]) -> Caller:
    """Whoever may change things. Raises ProblemError: 401, 403, 429."""
    if "write" not in caller.scopes:
        raise ProblemError(403, f"The key {caller.name} may only read: use one with the scope write.")
    return caller


async def by_method(request: Request, caller: Annotated[Caller, Depends(reader)]) -> Caller:
    """Whoever may do what the request's method does: read, or with POST and the like change things."""
    return caller if request.method in _SAFE else await writer(caller)


Reader = Annotated[Caller, Depends(reader)]
Writer = Annotated[Caller, Depends(writer)]


def _caller(access: Access, key: str | None) -> Caller:
    if access.open:
        return LOCAL
    if key is None:
        detail = "A key is needed: send it as `Authorization: Bearer KEY`. `tearsheet key new` makes one."
        raise ProblemError(401, detail, headers={"WWW-Authenticate": 'Bearer realm="tearsheet"'})
    caller = access.caller(key)
    if caller is None:
        detail = "This key is not among those of the service: is it the whole key, and still in TEARSHEET_WEB_KEYS?"
        raise ProblemError(401, detail, headers={"WWW-Authenticate": 'Bearer realm="tearsheet", error="invalid_token"'})
    return caller


def remember(request: Request, response: Response, key: str) -> None:
    """Sets the session's cookie: no script reads it, and no request of another site brings it along."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, key, httponly=True, samesite="strict", secure=secure, path="/")


def end_session(response: Response) -> None:
    """Takes the cookie back."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")


class Guard:
    """ASGI middleware: refuses what comes by a name of others (without keys), and changes for others' pages."""

    def __init__(self, app: ASGIApp, access: Access, answer: Callable[[Request, Exception], Response]) -> None:
        """`answer`: makes an error into what the caller gets."""
        self._app = app
        self._access = access
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] == "http":
            request = Request(scope)
            try:
                self._check(request)
            except ProblemError as error:
                await self._answer(request, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, request: Request) -> None:
        host = request.headers.get("Host", "")
        if self._access.open and not is_loopback(_name(host)):
            detail = "Without keys this service answers to names of this machine alone, like 127.0.0.1 or localhost."
            raise ProblemError(403, detail)
        if request.method not in _SAFE and not _same_origin(request, host):
            raise ProblemError(403, "Nothing is changed for a request that comes from another site's page.")


def _same_origin(request: Request, host: str) -> bool:
    """By the browser's own word (Fetch Metadata, RFC 6454); who says nothing is no browser, and needs a key or this
    machine."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    # A proxy in front may speak TLS for us, so the scheme says nothing.
    return urlsplit(origin).netloc.lower() == host.lower() if "://" in origin else False


def _name(host: str) -> str:
    """A Host header without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() and (host.startswith("[") or ":" not in name) else host
