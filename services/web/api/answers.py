"""How answers are given: as JSON with a strong entity tag, and parted into pages that link to the next one."""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

_JSON = "application/json"
# Whoever may read it may keep it, and asks each time whether it is still so.
_REVALIDATE = "private, no-cache"
NO_STORE = {"Cache-Control": "no-store"}
"""For what is another a moment later."""

ETAG_HEADERS: dict[str, Any] = {
    "ETag": {"description": "A strong entity tag, for If-None-Match.", "schema": {"type": "string"}},
    "Cache-Control": {"description": "To be asked for again each time.", "schema": {"type": "string"}},
}
LINK_HEADER: dict[str, Any] = {
    "Link": {"description": 'Where it goes on, as rel="next" (RFC 8288).', "schema": {"type": "string"}}
}
TAGGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": ETAG_HEADERS},
    304: {"description": "It is as If-None-Match has it.", "headers": ETAG_HEADERS},
}
"""Of routes that end in `tagged`, for their `responses`."""
PAGED: dict[int | str, dict[str, Any]] = {200: {"headers": LINK_HEADER}}


def tagged(request: Request, content: str, headers: Mapping[str, str] | None = None) -> Response:
    """JSON with its entity tag; 304 where the caller has just that (RFC 9110 13.1.2)."""
    body = content.encode()
    tag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    about = {"ETag": tag, "Cache-Control": _REVALIDATE, **(headers or {})}
    if _has(request.headers.get("If-None-Match", ""), tag):
        return Response(status_code=304, headers=about)
    return Response(body, headers=about, media_type=_JSON)


def _has(given: str, tag: str) -> bool:
    # Weak comparison: a proxy that packs an answer makes its tag a weak one.
    return given.strip() == "*" or any(each.strip().removeprefix("W/") == tag for each in given.split(","))


def made(response: Response, answer: BaseModel) -> Response:
    """An answer with the headers of `response`, made where it was found: the framework would check all of it once more,
    in another thread."""
    return Response(to_json(answer), headers=response.headers, media_type=_JSON)


def next_page(request: Request, response: Response, after: str | None) -> str | None:
    """The address of the next page, set as a Link too; None where this is the last one."""
    if after is None:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    url = f"{quote(request.url.path)}?{urlencode([*kept, ('after', after)])}"
    response.headers["Link"] = f'<{url}>; rel="next"'
    return url
