"""`/search`, `/facets`, and more like a record."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from services.web.absent import why_absent
from services.web.access import Reader
from services.web.api.answers import NO_STORE, PAGED, made, next_page
from services.web.api.asked import Filters, Text, refuse
from services.web.api.checked import CheckedRoute
from services.web.api.description import problem_responses
from services.web.api.ids import RecordId
from services.web.dependencies import TheParts, TheStore
from services.web.problems import ProblemError
from shared.ids import page_of
from shared.query.errors import QueryError
from shared.records import Article, Comment, Page, Widget
from shared.search import request as searching
from shared.search.request import MOST_HITS, Order, Result, Search
from shared.search.search import more_like
from shared.search.search import search as find
from shared.stores.protocol import FacetName, NothingStoredError, RecordKind, Store

router = APIRouter(tags=["search"], route_class=CheckedRoute)

Facets = Annotated[
    list[FacetName],
    Query(max_length=7, description="Counts by these, the most frequent values of each; may be given again."),
]
Limit = Annotated[int, Query(ge=1, le=MOST_HITS, description="At most so many hits, or groups.")]


class Snippet(BaseModel):
    """The piece of a record's text that shows why it was found."""

    text: str
    marks: list[tuple[int, int]] = Field(description="(start, end) of the matches in it, in characters.")


class Hit(BaseModel):
    """A record that was found."""

    kind: RecordKind
    score: float = Field(description="0 where the order is that of time.")
    page_url: str
    snippet: Snippet
    record: Page | Article | Comment | Widget


class Group(BaseModel):
    """A page with what was found of it."""

    page: Page | None
    page_url: str
    hits: list[Hit] = Field(description="The best ones.")
    more: int = Field(description="Matching records that are not among these.")
    reprints: list[Hit] = Field(description="Articles of other pages that are nearly the same and match too.")


class FacetValue(BaseModel):
    """A value, and how many of the records found have it."""

    value: str
    count: int


class Found(BaseModel):
    """What was found."""

    total: int = Field(description="Records that match, exactly.")
    hits: list[Hit] = Field(description="In order; empty with `group`.")
    groups: list[Group] = Field(description="With `group`: in the place of hits.")
    facets: dict[FacetName, list[FacetValue]]
    corrected: str | None = Field(description="Nothing was found for the query as it was typed, but for this one.")
    did_you_mean: str | None = Field(description="Hardly anything was found, and this would find more.")
    next: str | None = Field(description="Where the list goes on, any number of times.")


class Facetted(BaseModel):
    """Counts of what a search finds."""

    total: int
    facets: dict[FacetName, list[FacetValue]]


class Alike(BaseModel):
    """Records of other pages that are like one."""

    record_id: str
    hits: list[Hit]


@router.get("/search", summary="Search", response_model=Found, responses={**problem_responses(), **PAGED})
def search(
    _: Reader,
    request: Request,
    response: Response,
    store: TheStore,
    filters: Filters,
    q: Text = "",
    sort: Annotated[
        Order | None, Query(description="Unless told: by relevance where there are words, else the newest first.")
    ] = None,
    limit: Limit = 10,
    after: Annotated[
        str | None, Query(min_length=1, max_length=500, description="Goes on behind an answer: from its `next`.")
    ] = None,
    group: Annotated[bool, Query(description="By page, reprints folded together.")] = False,
    facet: Facets = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Records by words, fields and filters. An empty query finds all that the filters let through."""
    response.headers.update(NO_STORE)
    asked = Search(q, filters, sort, limit, after, group, tuple(dict.fromkeys(facet)))
    found = _find(store, asked)
    answer = Found(
        total=found.total,
        hits=[_hit(each) for each in found.hits],
        groups=[_group(each) for each in found.groups],
        facets=_facets(found),
        corrected=found.corrected,
        did_you_mean=found.did_you_mean,
        next=next_page(request, response, found.next),
    )
    return made(response, answer)


@router.get("/facets", summary="Count what a search finds", responses=problem_responses())
def facets(
    _: Reader,
    response: Response,
    store: TheStore,
    filters: Filters,
    facet: Facets,
    q: Text = "",
) -> Facetted:
    """How many records a search finds, by kind, site, language, author, day, month or widget kind."""
    response.headers.update(NO_STORE)
    found = _find(store, Search(q, filters, limit=1, facets=tuple(dict.fromkeys(facet))))
    return Facetted(total=found.total, facets=_facets(found))


@router.get("/records/{record_id}/similar", summary="More like a record", responses=problem_responses(404))
def similar(
    _: Reader,
    record_id: RecordId,
    response: Response,
    store: TheStore,
    parts: TheParts,
    limit: Annotated[int, Query(ge=1, le=20, description="At most so many.")] = 5,
) -> Alike:
    """Records of other pages, of the same kind, that share its rarer words; the most alike first."""
    response.headers.update(NO_STORE)
    found = None
    with suppress(NothingStoredError):
        found = more_like(store, record_id, limit)
    if found is None:
        raise ProblemError(404, f"There is no such record. {why_absent(parts, page_of(record_id))}")
    return Alike(record_id=record_id, hits=[_hit(each) for each in found])


def _find(store: Store, asked: Search) -> Result:
    try:
        return find(store, asked)
    except NothingStoredError:
        return Result(total=0)
    except QueryError as error:
        refuse("q", error)


def _facets(found: Result) -> dict[FacetName, list[FacetValue]]:
    return {
        name: [FacetValue(value=value, count=count) for value, count in values] for name, values in found.facets.items()
    }


def _hit(found: searching.Hit) -> Hit:
    snippet = Snippet(text=found.snippet.text, marks=list(found.snippet.marks))
    return Hit(
        kind=found.kind, score=round(found.score, 4), page_url=found.page_url, snippet=snippet, record=found.record
    )


def _group(found: searching.Group) -> Group:
    return Group(
        page=found.page,
        page_url=found.page_url,
        hits=[_hit(each) for each in found.hits],
        more=found.more,
        reprints=[_hit(each) for each in found.reprints],
    )
