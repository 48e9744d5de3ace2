"""`/records`, `/articles`, `/widgets`: one record, by its id."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.web.absent import why_absent
from services.web.access import Reader
from services.web.api.answers import TAGGED, tagged
from services.web.api.checked import CheckedRoute
from services.web.api.description import problem_responses
from services.web.api.ids import ArticleId, PageId, RecordId, WidgetId
from services.web.dependencies import TheParts, TheStore
from services.web.problems import ProblemError
from shared.ids import page_of
from shared.records import AnyRecord, Article, Comment, Page, Region, Widget, WidgetKind
from shared.stores.protocol import Store, kind_of

router = APIRouter(tags=["records"], route_class=CheckedRoute)
_RESPONSES = {**problem_responses(404), **TAGGED}


class RecordAnswer(BaseModel):
    """A record, and what it is: as `tearsheet export` has it."""

    kind: Literal["page", "article", "comment", "widget"]
    record: Page | Article | Comment | Widget


class WidgetList(BaseModel):
    """A page's widgets, in the order of the page."""

    page_id: str
    widgets: list[Widget]


def record_json(record: AnyRecord) -> str:
    """`RecordAnswer` as JSON."""
    return f'{{"kind":"{kind_of(record)}","record":{record.model_dump_json()}}}'


@router.get("/records/{record_id}", summary="Any record", response_model=RecordAnswer, responses=_RESPONSES)
def record(_: Reader, record_id: RecordId, request: Request, store: TheStore, parts: TheParts) -> Response:
    """A page's own record, an article, a comment or a widget."""
    found = store.record(record_id)
    if found is None:
        raise _absent(store, parts, record_id)
    return tagged(request, record_json(found))


@router.get("/articles/{article_id}", summary="An article", response_model=Article, responses=_RESPONSES)
def article(_: Reader, article_id: ArticleId, request: Request, store: TheStore, parts: TheParts) -> Response:
    """What a reader came for; a page has one at most."""
    return _one(request, store, parts, article_id)


@router.get("/widgets/{widget_id}", summary="A widget", response_model=Widget, responses=_RESPONSES)
def widget(_: Reader, widget_id: WidgetId, request: Request, store: TheStore, parts: TheParts) -> Response:
    """Any other visible block of a page."""
    return _one(request, store, parts, widget_id)


@router.get("/pages/{page_id}/widgets", summary="A page's widgets", response_model=WidgetList, responses=_RESPONSES)
def widgets(
    _: Reader,
    page_id: PageId,
    request: Request,
    store: TheStore,
    parts: TheParts,
    kind: Annotated[WidgetKind | None, Query(description="Those of this kind alone.")] = None,
    region: Annotated[Region | None, Query(description="Those of this part of the page alone.")] = None,
) -> Response:
    """All of them, or those of a kind or a region."""
    parsed = store.page(page_id)
    if parsed is None:
        raise ProblemError(404, why_absent(parts, page_id))
    found = [w for w in parsed.widgets if kind in (None, w.kind) and region in (None, w.region)]
    return tagged(request, WidgetList(page_id=page_id, widgets=found).model_dump_json())


def _one(request: Request, store: Store, parts: TheParts, record_id: str) -> Response:
    found = store.record(record_id)
    if found is None:
        raise _absent(store, parts, record_id)
    return tagged(request, found.model_dump_json())


def _absent(store: Store, parts: TheParts, record_id: str) -> ProblemError:
    page_id = page_of(record_id)
    if record_id != page_id and store.record(page_id) is not None:
        return ProblemError(404, f"The page {page_id} is stored, and has no record of this id (any more).")
    return ProblemError(404, why_absent(parts, page_id))
