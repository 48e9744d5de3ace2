"""`/export`: records in bulk, as a stream that goes as fast as it is read, whatever their number."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.web.access import Reader
from services.web.api.answers import NO_STORE
from services.web.api.asked import LONGEST_QUERY, Filters, refuse
from services.web.api.checked import CheckedRoute
from services.web.api.description import problem_responses
from services.web.api.streams import MEDIA_TYPES, STREAMS, Format
from services.web.dependencies import TheStore
from services.web.head import ASKED
from services.web.problems import wrong
from shared.query.errors import QueryError
from shared.records import AnyRecord
from shared.search.changes import changes
from shared.search.request import Search
from shared.search.search import every
from shared.stores.cursors import CursorError
from shared.stores.protocol import NothingStoredError, Store

router = APIRouter(prefix="/export", tags=["export"], route_class=CheckedRoute)

# Pages read at once for changes; their records are in memory together.
_AT_ONCE = 50
_SCHEMA: dict[str, Any] = {"type": "string"}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The records. The last line, row or the file's own end says that they are whole.",
        "content": {kind: {"schema": _SCHEMA} for kind in MEDIA_TYPES.values()},
    }
}


@router.get("", summary="Records in bulk", response_class=Response, responses={**problem_responses(), **_CONTENT})
def export(
    _: Reader,
    request: Request,
    store: TheStore,
    filters: Filters,
    format: Annotated[Format, Query(description="JSON lines have all fields, the others those of a table.")] = "jsonl",  # noqa: A002
    q: Annotated[
        str | None, Query(max_length=LONGEST_QUERY, description="What this query finds, the newest first.")
    ] = None,
    since: Annotated[
        str | None,
        Query(
            max_length=500,
            description="Pages written since, whole: the `next` of an export; empty: from the beginning.",
        ),
    ] = None,
) -> Response:
    """All records, page by page; or those that a query or filters find; or the pages that were written since an earlier
    export."""
    media = MEDIA_TYPES[format]
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="tearsheet.{format}"'}
    if since is not None and (q is not None or filters):
        raise wrong("query", "since", "changes are given whole: leave out q and filters")
    if request.scope.get(ASKED):
        return Response(headers=headers, media_type=media)
    records = _Records(store, since)
    found = records.changed() if since is not None else _found(store, q, filters)
    stream = STREAMS[format](_some(found), lambda: records.next)
    # What is wrong from the beginning is an answer of its own; what goes wrong later breaks the stream off.
    try:
        first = next(stream)
    except QueryError as error:
        refuse("q", error)
    except CursorError as error:
        raise wrong("query", "since", str(error)) from None
    except ImportError:
        raise wrong("query", "format", "Parquet needs the package pyarrow, which is not installed here") from None
    return StreamingResponse(chain([first], stream), media_type=media, headers=headers)


def _found(store: Store, q: str | None, filters: Filters) -> Iterator[AnyRecord]:
    if q is None and not filters:
        return store.export()
    return every(store, Search(q or "", filters))


def _some(found: Iterator[AnyRecord]) -> Iterator[AnyRecord]:
    """None, where nothing was ever stored."""
    with suppress(NothingStoredError):
        yield from found


class _Records:
    """Pages written since a cursor, and where to go on behind them."""

    def __init__(self, store: Store, since: str | None) -> None:
        self._store = store
        self.next = since or None

    def changed(self) -> Iterator[AnyRecord]:
        """The records of each page, its own first."""
        while True:
            pages, following = changes(self._store, self.next, _AT_ONCE)
            for parsed in pages:
                yield parsed.page
                yield from [parsed.article] if parsed.article else []
                yield from parsed.comments
                yield from parsed.widgets
            if following == self.next:
                return
            self.next = following
