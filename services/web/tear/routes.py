"""`/pages/{id}/tear`: a page as it was archived, cut into its parts; the frame that it stands in; its images."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from services.web.access import access_of
from services.web.dependencies import TheParts, TheSettings
from services.web.pages.rendering import page
from services.web.tear import pictures, signing
from services.web.tear.marks import BY_OURSELVES, KINDS, RECORDS, anchor, kind_of, stands, target_of
from services.web.tear.source import Cut, body_of, cut_of, opened
from services.web.tear.view import POLICY, view_of

router = APIRouter(include_in_schema=False)
keyless = APIRouter(include_in_schema=False)
"""Without a key, as what a frame asks for brings none along."""

# Views that are made at once in a process, and seconds for which others wait; one takes some 30 ms.
_AT_ONCE = BoundedSemaphore(2)
_PATIENCE = 5.0

_Version = Annotated[int | None, Query(ge=1)]
_Record = Annotated[str | None, Query(max_length=300)]
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-cache",
}
# For who opens an image alone: an SVG is a document then.
_OF_IMAGES = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    # A frame without an origin is no part of our site.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "private, max-age=86400",
}


@router.get("/pages/{page_id}/tear")
def show(
    request: Request, page_id: str, parts: TheParts, version: _Version = None, record: _Record = None
) -> HTMLResponse:
    """The view. `version`: of its article, numbered from 1; `record`: the id of one that is gone to."""
    cut = cut_of(parts, page_id, version)
    if record is not None and all(record != each.id for each in cut.records):
        raise HTTPException(404, "This version of the page holds no such record.")
    with opened(parts) as archive:
        raw = body_of(archive, cut)
    query = urlencode({"version": cut.number}) if cut.number < cut.of else ""
    return page(
        request,
        "tear.html",
        of=cut.page,
        cut=cut,
        fetched_at=raw.fetched_at,
        legend=_legend(cut),
        absent=sum(not stands(each) for each in cut.records),
        frame=f"/pages/{page_id}/tear/frame{query and '?'}{query}{'#' + anchor(record) if record else ''}",
    )


@router.get("/pages/{page_id}/tear/frame")
def frame(
    request: Request, page_id: str, parts: TheParts, settings: TheSettings, version: _Version = None
) -> HTMLResponse:
    """The page itself, for a sandbox."""
    cut = cut_of(parts, page_id, version)
    with _turn(), opened(parts) as archive:
        raw = body_of(archive, cut)
        at = raw.fetched_at

        def image_of(url: str) -> str | None:
            return signing.signed(settings, page_id, url, at) if archive.holds(url, at) else None

        way = RECORDS if access_of(request).open else BY_OURSELVES
        html = view_of(raw, cut.records, lambda url: archive.nearest(url, at), image_of, way)
    return HTMLResponse(html, headers=_HEADERS)


@keyless.get("/archived")
def archived(parts: TheParts, settings: TheSettings, page: str, url: str, at: str, key: str) -> Response:
    """An image that a view names, from the archive. Nothing else is served, and nothing fetched.

    The signature says that somebody who may read was shown the page.
    """
    if not signing.is_signed(settings, page, url, at, key):
        raise HTTPException(403, "This is no address of an image that a page here shows.")
    with opened(parts) as archive:
        raw = archive.nearest(url, datetime.fromisoformat(at))
    kind = pictures.type_of(raw.body) if raw is not None and len(raw.body) <= pictures.MOST_BYTES else None
    if raw is None or kind is None:
        raise HTTPException(404, "The archive holds no image of this address.")
    return Response(raw.body, media_type=kind, headers=_OF_IMAGES)


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise HTTPException(503, "Others look at many pages just now.", headers={"Retry-After": "5"})
    try:
        yield
    finally:
        _AT_ONCE.release()


@keyless.get(BY_OURSELVES + "{record_id:path}")
def to_record(record_id: Annotated[str, Path(max_length=300)]) -> HTMLResponse:
    """Leads on to a record's page, whether there is one or not (`BY_OURSELVES`)."""
    target = target_of(record_id)
    return HTMLResponse(
        f'<!DOCTYPE html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content="0;url={target}">'
        f'<title>To the record</title><p><a href="{target}">To the record</a></p></html>'
    )


def _legend(cut: Cut) -> list[tuple[str, int]]:
    """How many records of each kind."""
    counts = Counter(kind_of(record) for record in cut.records)
    return [(kind, counts[kind]) for kind in KINDS]
