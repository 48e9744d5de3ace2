"""From an answer to a page, or to the reason why it is none: the same for what is fetched and for what was archived."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import requests

from services.fetcher import content_type, directives
from services.fetcher.body import Body, announced_length, read_body
from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.recording import EXCHANGE
from services.fetcher.status import check_status
from shared.settings import Settings
from shared.stage import Findings


@dataclass(frozen=True, slots=True)
class Page:
    """A page that can be read."""

    body: bytes
    content_hash: str
    content_type: str | None
    complete: bool
    """False where the body came to no proper end."""
    found: tuple[Findings, ...] = ()
    """What it links to, where that is wanted."""


Links = Callable[[bytes, str | None, bool], tuple[Findings, ...]]
"""Finds a page's links: in its body, of this content type, where it says nofollow or not."""


def read_page(response: requests.Response, settings: Settings, token: str, links: Links | None = None) -> Page:
    """Reads and judges an answer; where it is recorded, the record is told whether it may be kept.

    `token`: the name by which its site knows us. `links`: where its links are wanted, whatever becomes of the page.
    Raises RefusedError, FailedError, and what `read_body` raises.
    """
    check_status(response)
    asked = heed_noarchive(response, settings, token)
    if links is None:
        _heed_noindex(asked, settings)
    declared = response.headers.get("Content-Type")
    content_type.check_declared(declared)
    body = read_within(response, settings)
    content_type.check(declared, body.data)
    asked |= directives.in_page(body.data, token)
    _keep_out(asked, settings)
    found = links(body.data, declared, asked.nofollow) if links else ()
    _heed_noindex(asked, settings, found)
    return Page(body.data, content_hash(body.data), declared, body.complete, found)


def heed_unread(response: requests.Response, settings: Settings, token: str) -> None:
    """What an answer without its body (304) asks of us now, of the body that came earlier. Raises RefusedError."""
    _heed_noindex(heed_noarchive(response, settings, token), settings)


def heed_noarchive(response: requests.Response, settings: Settings, token: str) -> directives.Asked:
    """What an answer's headers ask; where it is recorded, the record is told whether it may be kept."""
    asked = directives.in_headers(response.raw.headers.getlist("X-Robots-Tag"), token)
    _keep_out(asked, settings)
    return asked


def read_part(response: requests.Response, settings: Settings, token: str) -> bytes:
    """The body of a part of a page's discussion, whatever type it is: the parser knows what to make of it.

    Raises as `read_page` does.
    """
    check_status(response)
    heed_noarchive(response, settings, token)
    body = read_within(response, settings).data
    _keep_out(directives.in_page(body, token), settings)
    return body


def read_within(response: requests.Response, settings: Settings) -> Body:
    """A body within its limits that is not empty. Raises RefusedError, FailedError, and what `read_body` raises."""
    cap = settings.fetch_max_bytes
    if (announced_length(response) or 0) > cap:
        raise RefusedError(f"larger than {_size(cap)}")
    body = read_body(response, cap, settings.fetch_max_ratio)
    if body.larger:
        raise RefusedError(f"larger than {_size(cap)}")
    if not body.data or body.data.isspace():
        if not body.complete:
            raise FailedError("the connection was closed before the body came", "truncated")
        raise RefusedError("nothing to read: empty body")
    return body


def _keep_out(asked: directives.Asked, settings: Settings) -> None:
    exchange = EXCHANGE.get()
    if exchange is not None and asked.noarchive and settings.fetch_noarchive:
        exchange.noarchive = True


def _heed_noindex(asked: directives.Asked, settings: Settings, found: tuple[Findings, ...] = ()) -> None:
    """Raises RefusedError."""
    if asked.noindex and settings.fetch_noindex:
        raise RefusedError(f"the page asks not to be indexed: {asked.noindex}", found=found)


def content_hash(body: bytes) -> str:
    """12 letters: 60 bits of BLAKE2b (RFC 7693) in lower-case base32. It tells a page's body from its last one."""
    return base64.b32encode(hashlib.blake2b(body, digest_size=8).digest()).decode("ascii")[:12].lower()


def _size(count: int) -> str:
    """Bytes as a person reads them: 10 MB."""
    for unit, power in (("MB", 1_000_000), ("KB", 1_000)):
        if count >= power:
            return f"{count / power:g} {unit}"
    return f"{count} bytes"
