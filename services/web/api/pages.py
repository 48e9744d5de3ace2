"""`/pages`: a page with all that it was cut into, its versions, and what the archive has of it; forgetting one."""

import sqlite3
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from services.web.absent import why_absent
from services.web.access import Reader, Writer
from services.web.api.answers import ETAG_HEADERS, NO_STORE, TAGGED, tagged
from services.web.api.checked import CheckedRoute
from services.web.api.description import problem_responses
from services.web.api.ids import PageId
from services.web.dependencies import TheLedger, TheParts, TheSettings, TheStore
from services.web.problems import ProblemError, wrong
from shared.ids import page_id as id_of
from shared.records import Article, Comment, Page, ParsedPage, Widget
from shared.settings import Settings
from shared.stores.protocol import Store
from shared.urls import MAX_LENGTH, NotAUrlError, page_url

router = APIRouter(prefix="/pages", tags=["records"], route_class=CheckedRoute)
_RESPONSES = {**problem_responses(404), **TAGGED}

_CONTENT_LOCATION: dict[str, Any] = {
    "Content-Location": {"description": "The page's own address.", "schema": {"type": "string"}}
}

# Of a page that is looked at for years; the archive has them all.
_MOST_CAPTURES = 1000


class WholePage(BaseModel):
    """A page with all its records: as `tearsheet show --json` prints it."""

    page: Page
    article: Article | None
    comments: list[Comment] = Field(description="In the order of the page.")
    widgets: list[Widget]


class Version(BaseModel):
    """An article as a page held it until a newer version took its place."""

    version: int
    fetched_at: datetime = Field(description="When it was last fetched in these words.")
    article: Article


class Versions(BaseModel):
    """Earlier versions of a page's article."""

    page_id: str
    versions: list[Version] = Field(description="Oldest first; the present one is that of the page.")


class Captured(BaseModel):
    """An answer that the archive has."""

    time: datetime
    url: str
    status: int
    digest: str = Field(description="SHA-1 of the body, as WARC files have it.")
    kept: bool = Field(description="False: the site asks not to be archived, so only that it answered is known.")
    truncated: str | None = Field(description="Why it is not whole, if it is not (WARC-Truncated).")


class Archived(BaseModel):
    """What the archive has of a page."""

    page_id: str
    kept: bool = Field(description="Whether it has a body of the page.")
    captures: list[Captured] = Field(description=f"The latest {_MOST_CAPTURES:,}, the latest first.")


class ForgottenPage(BaseModel):
    """What went."""

    page_ids: list[str]
    records: int = Field(description="Deleted from the store.")
    files: int = Field(description="Deleted or written anew, in quarantine and archive.")
    pending: int = Field(description="Pages whose records may stay in the store for up to two minutes.")
    busy: int = Field(description="Files of the archive that still hold it while a fetcher writes to them: ask again.")


@router.get(
    "",
    summary="A page by its URL",
    response_model=WholePage,
    responses={**_RESPONSES, 200: {"headers": {**ETAG_HEADERS, **_CONTENT_LOCATION}}},
)
def by_url(
    _: Reader,
    request: Request,
    store: TheStore,
    parts: TheParts,
    url: Annotated[
        str,
        Query(
            min_length=1,
            max_length=MAX_LENGTH,
            description="As it was submitted; its normal form and tracking parameters make no difference.",
            examples=["https://example.com/post"],
        ),
    ],
) -> Response:
    """The page that was submitted by this URL."""
    try:
        page_id = id_of(page_url(url))
    except NotAUrlError as error:
        raise wrong("query", "url", str(error)) from None
    return _whole(request, store, parts, page_id, {"Content-Location": f"/api/v1/pages/{page_id}"})


@router.get("/{page_id}", summary="A page", response_model=WholePage, responses=_RESPONSES)
def by_id(_: Reader, page_id: PageId, request: Request, store: TheStore, parts: TheParts) -> Response:
    """The page with its article, comments and widgets."""
    return _whole(request, store, parts, page_id, {})


@router.get("/{page_id}/versions", summary="Earlier versions", response_model=Versions, responses=_RESPONSES)
def versions(_: Reader, page_id: PageId, request: Request, store: TheStore, parts: TheParts) -> Response:
    """Earlier versions of the page's article."""
    _stored(store, parts, page_id)
    found = [
        Version(version=each.version, fetched_at=each.fetched_at, article=each.article)
        for each in store.versions(page_id)
    ]
    return tagged(request, Versions(page_id=page_id, versions=found).model_dump_json())


@router.get("/{page_id}/archive", summary="What the archive has", responses=problem_responses(404))
def archive(
    _: Reader, page_id: PageId, response: Response, store: TheStore, parts: TheParts, settings: TheSettings
) -> Archived:
    """The page's captures in the archive (docs/archive.md), stored or not."""
    response.headers.update(NO_STORE)
    captures = _captures(settings, page_id)
    if not captures:
        _stored(store, parts, page_id)
    return Archived(page_id=page_id, kept=any(each.kept for each in captures), captures=captures)


@router.delete("/{page_id}", summary="Forget a page", responses=problem_responses(404))
def forget(_: Writer, page_id: PageId, ledger: TheLedger, settings: TheSettings) -> ForgottenPage:
    """Deletes the page everywhere, its archive included; it is never fetched again. Asking again is harmless, and
    finishes what could not be done yet."""
    entry = ledger.page(page_id)
    if entry is None:
        raise ProblemError(404, "No page of this id was ever submitted.")
    from shared import forgetting  # with the archive's libraries
    from shared.archive.errors import ArchiveError

    try:
        if entry.url is None:
            done = forgetting.finish(ledger, settings, page_id)
        else:
            done = forgetting.forget(ledger, settings, url=entry.url)
    except NotAUrlError as error:  # submitted as a text that is none: nothing was fetched for it
        raise ProblemError(404, f"What was submitted is no URL ({error}), so there is nothing to forget.") from None
    except (ArchiveError, OSError, sqlite3.Error) as error:
        detail = f"It is forgotten but for the archive: {error}. Ask again when that is mended."
        raise ProblemError(503, detail, part="archive") from None
    return ForgottenPage.model_validate(asdict(done))


def _whole(request: Request, store: Store, parts: TheParts, page_id: str, headers: dict[str, str]) -> Response:
    parsed = _stored(store, parts, page_id)
    return tagged(request, parsed.model_dump_json(exclude={"segments"}), headers)


def _stored(store: Store, parts: TheParts, page_id: str) -> ParsedPage:
    parsed = store.page(page_id)
    if parsed is None:
        raise ProblemError(404, why_absent(parts, page_id))
    return parsed


def _captures(settings: Settings, page_id: str) -> list[Captured]:
    from shared.archive.index import NAME, reading  # with the archive's libraries

    folder = settings.data / "warc"
    if not (folder / NAME).exists():
        return []
    try:
        with reading(folder) as index:
            found = index.captures(page_id, _MOST_CAPTURES)
    except sqlite3.Error as error:
        raise ProblemError(503, f"The archive's index cannot be read: {error}.", part="archive") from None
    return [
        Captured(
            time=datetime.fromisoformat(each.time),
            url=each.url,
            status=each.status,
            digest=each.digest,
            kept=not each.noarchive,
            truncated=each.truncated,
        )
        for each in found
    ]
