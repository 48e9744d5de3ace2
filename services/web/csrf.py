"""Forms that change something are taken only from pages of ours.

Two guards, either of which would do: a token in a cookie that the form must repeat (OWASP's double submit), and the
browser's own word of where a request comes from (Fetch Metadata: `Sec-Fetch-Site`).
"""

import re
import secrets

from fastapi import Request, Response

FIELD = "csrf"
COOKIE = "tearsheet_csrf"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def token_of(request: Request) -> str:
    """The token of this browser, for a form's field; made where it has none, and then given by `keep`."""
    found = getattr(request.state, "csrf", None) or request.cookies.get(COOKIE, "")
    if not _TOKEN.fullmatch(found):
        found = secrets.token_urlsafe(32)
    request.state.csrf = found
    return found


def keep(request: Request, response: Response) -> None:
    """Sets the cookie where the page has a form."""
    token = getattr(request.state, "csrf", None)
    if token is not None and request.cookies.get(COOKIE) != token:
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")


def is_ours(request: Request, given: str) -> bool:
    """Whether a posted form, with `given` in its field, came from a page of ours."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    held = request.cookies.get(COOKIE, "")
    return bool(_TOKEN.fullmatch(held)) and secrets.compare_digest(held.encode(), given.encode("utf-8", "replace"))
