"""Retention: pages whose last fetch is too long ago go from the store with all their records.

They stay in the ledger as what they ended as, without a version, so that the audit adds up, and a later submission
fetches them anew. A page that is being worked on, or is watched, stays. Only what is not newer than it was when it was
found too old is deleted, so a page that is fetched again meanwhile loses nothing.
"""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from shared.ledger import keys
from shared.ledger.ledger import Ledger
from shared.stores.clauses import All, Keyword, Number
from shared.stores.protocol import Find, Store

# Pages looked at at once.
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Expired:
    """What one run did."""

    pages: int
    records: int
    """Deleted from the store, earlier versions of articles among them."""
    more: bool
    """The time was up before all were looked at."""


def expire(ledger: Ledger, store: Store, days: int, seconds: float) -> Expired:
    """Deletes what was fetched last more than `days` ago, for at most about `seconds`.

    Raises LedgerDownError, StoreDownError, UnknownSchemaError: some may be done then, the next run does the rest.
    """
    ends = time.monotonic() + seconds
    before = datetime.now(UTC) - timedelta(days=days)
    asked = Find(Number("time", high=int(before.timestamp() * 1000)), kinds=("page",), sort="oldest", limit=_AT_ONCE)
    pages, records = 0, _delete(ledger, store)
    while time.monotonic() < ends:
        found = store.find(asked).findings
        if not found:
            return Expired(pages, records, more=False)
        pages += _mark(ledger, store, asked, [each.record.id for each in found])
        records += _delete(ledger, store)
        # Behind those that stay.
        asked = replace(asked, after=found[-1].place.after)
    return Expired(pages, records, more=True)


def _mark(ledger: Ledger, store: Store, asked: Find, page_ids: list[str]) -> int:
    """Takes their versions out of the ledger; returns of how many."""
    stored = store.stored(page_ids)
    # Those that are too old still, once their versions are known: no newer version is taken for an old one.
    store.refresh()
    clause = All((asked.clause, Keyword("page_id", tuple(page_ids))))
    old = [each.record.id for each in store.find(replace(asked, clause=clause, after=None)).findings]
    pairs = [word for page in old if page in stored for word in (page, stored[page].version)]
    return int(ledger.run("expire", pairs)) if pairs else 0


def _delete(ledger: Ledger, store: Store) -> int:
    """Deletes from the store what the ledger has no version of any more; returns how many records went."""
    records = 0
    while pending := ledger.ask("ZRANGE", keys.EXPIRED_PENDING, 0, _AT_ONCE - 1, "WITHSCORES"):
        versions = {page.decode(): int(version) for page, version in pending}
        records += store.delete_older(versions)
        ledger.run("expired", [word for pair in versions.items() for word in pair])
    return records
