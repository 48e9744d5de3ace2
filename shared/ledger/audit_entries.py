"""One entry of the ledger as the audit sees it, and what the store should hold of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.ledger import keys
from shared.ledger.crawls import counts_of
from shared.ledger.ledger import Ledger
from shared.records import RecordCounts
from shared.stage import version_of
from shared.stores.protocol import StoredPage


@dataclass(frozen=True, slots=True)
class Found:
    """An entry at one moment."""

    state: str
    """Its letter; empty where there is no entry."""
    version: int | None
    counts: RecordCounts
    fetch_id: int | None
    crawls: tuple[str, ...]
    fault: str
    """What is wrong with it inside the ledger."""


def inspect(ledger: Ledger, page_ids: Sequence[str]) -> dict[str, Found]:
    """Entries of a batch of pages, all at one moment."""
    rows = ledger.run("inspect", list(page_ids))
    return {page: _found(*(cell.decode() for cell in row)) for page, row in zip(page_ids, rows, strict=True)}


def store_fault(entry: Found, stored: StoredPage | None) -> str | None:
    """What does not agree between an entry and the store; None where all does.

    A page in flight may be in the store at its new fetch already, of which the ledger hears next.
    """
    if stored is None:
        if entry.version is None:
            return None
        return f"the ledger has version {entry.version}, and the store does not hold it"
    if entry.state in keys.IN_FLIGHT and _is_newer(entry, stored.version):
        return None
    if entry.version is None:
        word = "was forgotten" if entry.state == keys.FORGOTTEN else "has not been indexed, says the ledger"
        return f"it {word}, and the store holds version {stored.version}"
    if stored.version != entry.version:
        return f"the ledger has version {entry.version}, the store {stored.version}"
    if stored.counts != entry.counts:
        return f"the ledger counts {_words(entry.counts)}, the store holds {_words(stored.counts)}"
    return None


def _is_newer(entry: Found, version: int) -> bool:
    if entry.version is not None and version <= entry.version:
        return False
    # A Redis that lost its last second may not know of the dispatch, only that the page still waits.
    return entry.fetch_id is None or version < version_of(entry.fetch_id + 1)


def _found(state: str, version: str, counts: str, fetch: str, crawls: str, fault: str) -> Found:
    return Found(
        state=state,
        version=int(version) if version else None,
        counts=counts_of(counts),
        fetch_id=int(fetch) if fetch else None,
        crawls=tuple(crawls.split()),
        fault=fault,
    )


def _words(counts: RecordCounts) -> str:
    return ", ".join(f"{n} {kind}" for kind, n in counts.model_dump().items())
