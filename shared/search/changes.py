"""What was written since: for whoever keeps a copy."""

from datetime import UTC, datetime, timedelta

from shared.records import ParsedPage
from shared.stores import clauses as c
from shared.stores.indexed import written_key
from shared.stores.protocol import Find, Store

_SETTLED = timedelta(seconds=90)
"""A write says when it began, and is seen within its stage's deadline of 60 s; younger ones wait for the next call, so
that none is passed over."""


def changes(store: Store, since: str | None, limit: int) -> tuple[list[ParsedPage], str | None]:
    """Pages written behind a cursor, in the order in which they were, whole, and the cursor behind them.

    None: from the beginning. A page written again comes again. The cursor stays as it was where there is nothing new.
    Raises CursorError, StoreDownError.
    """
    settled = c.Number("written", None, written_key(datetime.now(UTC) - _SETTLED))
    found = store.find(Find(settled, ("page",), "written", limit, since)).findings
    pages = [page for finding in found if (page := store.page(finding.record.id)) is not None]
    return pages, found[-1].place.after if found else since
