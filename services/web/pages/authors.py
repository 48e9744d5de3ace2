"""`/authors/{name}`: what one name stands under, on all sites: articles, and comments in their threads."""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from services.web.dependencies import parts_of
from services.web.pages.page_view import laid
from services.web.pages.queries import Asked, said
from services.web.pages.rendering import page
from services.web.pages.titles import marker, pages_of
from services.web.pages.words import author_url
from services.web.parts import Parts
from shared.query.nodes import Everything
from shared.search.request import Result, Search
from shared.search.search import search
from shared.stores.cursors import CursorError
from shared.stores.protocol import FacetName, NothingStoredError

router = APIRouter(include_in_schema=False)

_LIMIT = 20
_LONGEST = 300
_FACETS: tuple[FacetName, ...] = ("kind", "site", "author", "language", "month")


@router.get("/authors/{name:path}")
def show(
    request: Request,
    name: str,
    parts: Annotated[Parts, Depends(parts_of)],
    sort: Literal["newest", "oldest"] = "newest",
    after: str | None = None,
) -> HTMLResponse:
    """An author's records. Names that hold these words count: the facet of authors says which there are."""
    only = said("author", name) if len(name) <= _LONGEST else None
    if only is None:
        raise HTTPException(404, "No author has such a name: it has no letter or digit, or is very long.")
    asked = Asked(only, sort, "records")
    store = parts.store()
    here = author_url(name)
    try:
        found = search(store, Search(asked.text(), sort=sort, limit=_LIMIT, after=after, facets=_FACETS))
    except NothingStoredError:
        found = Result(0)
    except CursorError:
        raise HTTPException(422, "The address of these records is not whole: begin at the first ones.") from None
    if found.corrected or not found.total:
        raise HTTPException(404, f"Nothing stored names {name} as its author.")
    counts = dict(found.facets.get("kind", []))
    return page(
        request,
        "author.html",
        name=name,
        asked=asked,
        found=found,
        pages=pages_of(store, found.hits),
        mark=marker(Everything(), None),
        here=here,
        first=after is None,
        start=f"{here}?sort={sort}",
        next=found.next and f"{here}?sort={sort}&after={quote(found.next)}",
        counts=counts,
        shares=list(laid({kind: counts.get(kind, 0) for kind in ("article", "comment", "widget")})),
        facets=asked.facets({facet: values for facet, values in found.facets.items() if facet != "kind"}),
    )
