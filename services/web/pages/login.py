"""`/login`: a key becomes a browser's session, where keys are asked for; `/logout` ends it."""

import re
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.web.access import access_of, end_session, remember
from services.web.pages.forms import Form, value
from services.web.pages.rendering import page

router = APIRouter(include_in_schema=False)

# A path of ours, so that nobody is led elsewhere: browsers read `//host` and `/\host` as other hosts (WHATWG URL, 4.4).
_OURS = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,2000}")
_LONGEST_KEY = 200


def login_url(request: Request) -> str:
    """The login page, which leads back to what was asked for."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/login?next={quote(_back(request.url.path + query), safe='')}"


@router.get("/login")
def form(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's name in the address
    """Asks for a key; who needs none is led on."""
    if access_of(request).open:
        return RedirectResponse(_back(next), 303)
    return _form(request, _back(next))


@router.post("/login")
def login(request: Request, fields: Form) -> Response:
    """Takes a key, and leads back."""
    key, back = value(fields, "key").strip(), _back(value(fields, "next"))
    access = access_of(request)
    if not access.open:
        caller = access.caller(key) if len(key) <= _LONGEST_KEY else None
        if caller is None:
            return _form(request, back, wrong=True)
    response = RedirectResponse(back, 303)
    if not access.open:
        remember(request, response, key)
    return response


@router.post("/logout")
def logout(fields: Form) -> Response:  # noqa: ARG001 - its token is what matters
    """Takes the session back."""
    response = RedirectResponse("/login", 303)
    end_session(response)
    return response


def _form(request: Request, back: str, *, wrong: bool = False) -> HTMLResponse:
    return page(request, "login.html", status=403 if wrong else 200, back=back, wrong=wrong)


def _back(path: str) -> str:
    """A path to go on to; the search page where it is none of ours."""
    return path if _OURS.fullmatch(path) and not path.startswith(("/login", "/logout")) else "/"
