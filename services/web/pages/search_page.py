"""`/`: search. What narrows it stands in the query itself, so that one box, one address and one language say it all."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.web.dependencies import parts_of
from services.web.pages.page_view import laid
from services.web.pages.queries import Asked, Order, View, narrowed
from services.web.pages.rendering import page
from services.web.pages.titles import marker, pages_of
from services.web.parts import Parts
from shared.query.errors import QueryError
from shared.query.grammar import parse
from shared.query.links import with_filter
from shared.query.nodes import Everything, Filter, Text
from shared.search.languages import languages_of
from shared.search.request import Result, Search
from shared.search.resolve import resolve
from shared.search.search import search
from shared.stores.cursors import CursorError
from shared.stores.protocol import FacetName, Find, NothingStoredError, Store

router = APIRouter(include_in_schema=False)

FACETS: tuple[FacetName, ...] = ("kind", "site", "language", "author", "month", "widget")
LIMITS: Mapping[View, int] = {"pages": 10, "records": 20}
"""Results at a time."""
KINDS: Mapping[str, str] = {"article": "Articles", "comment": "Comments", "widget": "Widgets"}


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind, and how much the query finds of it whatever kinds it keeps to."""

    kind: str
    name: str
    count: int
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a query, and its place in it."""

    message: str
    before: str = ""
    place: str = ""
    behind: str = ""


async def options(
    kind: str = "",
    site: str = "",
    lang: str = "",
    author: str = "",
    since: Annotated[str, Query(alias="from")] = "",
    to: str = "",
) -> dict[str, tuple[str, str]]:
    """What the form beside the results narrows by: parameter -> field and value, where there is one."""
    given = {
        "kind": ("kind", kind),
        "site": ("site", site),
        "lang": ("lang", lang),
        "author": ("author", author),
        "from": ("after", since),
        "to": ("date", f"<={to.strip()}" if to.strip() else ""),
    }
    return {name: (field, value.strip()) for name, (field, value) in given.items() if value.strip()}


@router.get("/")
def show(
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
    narrow: Annotated[dict[str, tuple[str, str]], Depends(options)],
    q: str = "",
    sort: Order | Literal[""] = "",
    view: View = "pages",
    after: str | None = None,
) -> Response:
    """What `q` finds; without it the newest."""
    try:
        node = parse(q)
        if narrow:
            # Said in the query from here on, so that the address is that of every other way to the same results.
            return RedirectResponse(Asked(narrowed(node, narrow), sort or None, view).url(), 303)
        return _results(request, parts.store(), Asked(node, sort or None, view), q, after)
    except QueryError as error:
        at, end = error.at, error.at + error.length
        wrong = Wrong(error.message) if narrow else Wrong(error.message, q[:at], q[at:end], q[end:])
    except CursorError:
        wrong = Wrong("The address of these results is not whole: begin at the first ones.")
    return page(request, "search_wrong.html", status=422, q=q, wrong=wrong)


def _results(request: Request, store: Store, asked: Asked, q: str, after: str | None) -> Response:
    found = _found(store, asked, after)
    other: tuple[str, str] | None = None
    if text := found.corrected or found.did_you_mean:
        better = replace(asked, node=parse(text))
        other = (text, better.url())
        if found.corrected:
            asked = better  # what is shown is what this finds
    tabs = _tabs(store, asked, dict(found.facets.get("kind", [])))
    return page(
        request,
        "search.html",
        q=q,
        asked=asked,
        found=found,
        pages=pages_of(store, found.hits),
        mark=marker(asked.node, languages_of(store) if found.total else None),
        first=after is None,
        home=isinstance(asked.node, Everything) and after is None,
        tabs=tabs,
        shares=list(laid({tab.kind: tab.count for tab in tabs})),
        facets=asked.facets({name: values for name, values in found.facets.items() if name != "kind"}),
        next=found.next and asked.url(found.next),
        other=other,
    )


def _found(store: Store, asked: Asked, after: str | None) -> Result:
    by_page = asked.view == "pages"
    try:
        return search(store, Search(asked.text(), (), asked.sort, LIMITS[asked.view], after, by_page, FACETS))
    except NothingStoredError:
        return Result(0)


def _tabs(store: Store, asked: Asked, counts: Mapping[str, int]) -> list[Tab]:
    anything = replace(asked, node=asked.without("kind"))
    if anything.node != asked.node:
        with suppress(NothingStoredError):
            wanted = Find(resolve(anything.node, languages_of(store)), limit=0, facets={"kind": len(KINDS)})
            counts = dict(store.find(wanted).facets["kind"])
    tabs: list[Tab] = []
    for kind, name in KINDS.items():
        only = Filter("kind", Text(kind))
        on = asked.keeps_to(only)
        other = anything if on else replace(asked, node=with_filter(anything.node, only))
        tabs.append(Tab(kind, name, counts.get(kind, 0), other.url(), on))
    return tabs
