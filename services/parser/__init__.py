"""The parser: a raw page to its records. Usable alone: `from services.parser import parse`."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from core import Core
from services.parser.engine import core_with
from shared.markup.body_hash import body_hash
from shared.markup.decoding import decode
from shared.markup.nesting import flattened
from shared.records import ParsedPage
from shared.urls import page_url

__all__ = ["PARSER_VERSION", "parse"]

PARSER_VERSION = "7"
"""Raised with every change that cuts pages otherwise; says which stored records a reparse would change."""


def parse(
    html: bytes | str,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    status: int | None = None,
    final_url: str | None = None,
    explain: bool = False,
    core: Core | None = None,
    further: bool = False,
) -> ParsedPage:
    """Cuts a page into article, comments and widgets.

    `html`: the body as fetched (or already decoded); `content_type`: the response's header, for its charset;
    `fetched_at`: what relative dates count from (now, if not given); `explain`: with the page's segments; `core`:
    another than the parser's own (`engine.core_with`), to measure it; `further`: it is a further page of a forum's
    thread, and so its first post no opening.

    Raises NotAUrlError where `url` is none, ValueError where `fetched_at` has no zone. Whatever the bytes are, a page
    comes back, if with no records.
    """
    url = page_url(url)
    fetched_at = fetched_at or datetime.now(UTC)
    if fetched_at.tzinfo is None:
        raise ValueError(f"{fetched_at} has no zone")
    body = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    about = {
        "url": url,
        "final_url": final_url or url,
        "fetched_at": fetched_at.isoformat(),
        "status": status,
        "content_hash": body_hash(body),
        "parser_version": PARSER_VERSION,
        "explain": explain,
        "further": further,
    }
    said = (core or core_with()).parse(about, body, lambda _: decode(html, content_type).utf8, flattened)
    with _without_collector():
        return ParsedPage.model_validate_json(said)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A page's records are hundreds of objects and no garbage; the collector would walk them and all else meanwhile."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
