"""Forgetting a URL or a site: from the ledger, the store and the files, never to be fetched again.

The ledger keeps an entry under the page's id without its URL, so that the audit still counts it and a later
submission is refused. Running it again is harmless, and finishes what was interrupted.
"""

from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from redis.exceptions import ResponseError

from shared.ids import page_id
from shared.ledger import keys
from shared.ledger.connection import batches
from shared.ledger.crawls import FORGOTTEN_URL, id_of
from shared.ledger.errors import LedgerDownError
from shared.ledger.ledger import Ledger
from shared.ledger.walk import pages_of, site_name
from shared.stores.protocol import Store, StoreDownError
from shared.urls import page_url

_ON_DISK = 15_000
_REASON = "forgotten: it was asked never to be fetched again"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten."""

    page_ids: tuple[str, ...]
    in_flight: int
    """Of the pages: those that were being worked on, and are refused now."""
    records: int
    """Deleted from the store."""
    files: int
    pending: int
    """Pages whose records may still be in the store, as it is down or a worker may be writing them: an indexer deletes
    them within two minutes, as does forgetting again."""


def forget(
    ledger: Ledger, store: Store, data_folder: Path, *, url: str | None = None, site: str | None = None
) -> Forgotten:
    """Forgets one URL, or every page of a site (a host, with or without `www.`).

    Raises NotAUrlError, LedgerDownError.
    """
    if (url is None) == (site is None):
        raise ValueError("either a URL or a site")
    if site is not None:
        name = site_name(site)
        ledger.ask("SADD", keys.FORGOTTEN_SITES, name)
        pages = list(pages_of(ledger, name))
        words = name
    else:
        normal = page_url(url or "")
        pages = [id_of(kind, normal) for kind in keys.KINDS]
        pages = [page for page in pages if page == page_id(normal) or ledger.page(page) is not None]
        words = normal
    in_flight = sum(ledger.run("forget", [ledger.clock.now(), *batch]) for batch in batches(pages))
    _scrub(ledger, set(pages), words)
    _on_disk(ledger)
    files = sum(_unlink(data_folder, page) for page in pages)
    try:
        records, pending = delete_pending(ledger, store)
    except StoreDownError:  # or another process holds an embedded store's writer: the indexer is asked to do it
        records, pending = 0, ledger.ask("ZCARD", keys.FORGOTTEN_PENDING)
    return Forgotten(tuple(pages), in_flight, records, files, pending)


def is_pending(ledger: Ledger) -> bool:
    """Whether records of what was forgotten may still be in the store."""
    return bool(ledger.ask("ZCARD", keys.FORGOTTEN_PENDING))


def delete_pending(ledger: Ledger, store: Store) -> tuple[int, int]:
    """Deletes what is forgotten from the store; returns how many records went and how many pages stay pending."""
    now = ledger.clock.now()
    pending = ledger.ask("ZRANGE", keys.FORGOTTEN_PENDING, 0, -1, "WITHSCORES")
    records = sum(store.delete(batch) for batch in batches(page.decode() for page, _ in pending))
    for page, safe in pending:
        if float(safe) <= now:
            ledger.ask("ZREM", keys.FORGOTTEN_PENDING, page)
    return records, ledger.ask("ZCARD", keys.FORGOTTEN_PENDING)


def _scrub(ledger: Ledger, pages: Container[str], words: str) -> None:
    """Takes the pages' URLs out of the lines, endings and labels of all crawls."""
    for name in ledger.ask("ZRANGE", keys.CRAWLS, 0, -1):
        crawl = name.decode()
        for key, cut, left in (
            (keys.crawl_urls(crawl), keys.ID_LETTERS + 1, ""),
            (keys.crawl_ended(crawl), keys.ID_LETTERS + 1, _REASON),
        ):
            index = 0
            for batch in ledger.scan_list(key):
                for element in batch:
                    if len(element) > cut and element[: keys.ID_LETTERS].decode() in pages:
                        ledger.run("scrub", [key, index, element, element[:cut] + left.encode()])
                    index += 1
        label = ledger.ask("HGET", keys.crawl(crawl), "label") or b""
        if words in label.decode("utf-8", "replace"):
            ledger.ask("HSET", keys.crawl(crawl), "label", FORGOTTEN_URL)


def _on_disk(ledger: Ledger) -> None:
    """Waits for the disk; then the append-only file is written anew, as it still tells what was forgotten."""
    pipe = ledger.client.pipeline(transaction=False)
    pipe.set(keys.SCHEMA, keys.SCHEMA_VERSION)  # WAITAOF asks about writes of its own connection: this is one
    pipe.waitaof(1, 0, _ON_DISK)
    if ledger.execute(pipe)[1][0] < 1:
        raise LedgerDownError(f"the ledger's disk did not take what was forgotten within {_ON_DISK // 1000} s")
    with suppress(ResponseError):  # one is going on: the next one, at the latest when the file has doubled, does it
        ledger.ask("BGREWRITEAOF")


def _unlink(data_folder: Path, page: str) -> bool:
    file = data_folder / "quarantine" / f"{page}.zst"
    if not file.exists():
        return False
    file.unlink()
    return True
