"""Forgetting a page or a site everywhere: ledger, store, quarantine and archive. It is never fetched again."""

from dataclasses import dataclass

from shared.archive.bucket import bucket_of
from shared.archive.forgetting import forget as forget_archived
from shared.ledger.forget import delete_pending, is_pending
from shared.ledger.forget import forget as forget_known
from shared.ledger.ledger import Ledger
from shared.ledger.walk import site_name
from shared.settings import Settings
from shared.stores import open_store
from shared.stores.protocol import StoreDownError


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went."""

    page_ids: tuple[str, ...]
    records: int
    """Deleted from the store."""
    files: int
    """Deleted or written anew, in quarantine and archive."""
    pending: int
    """Pages whose records may still be in the store: a running indexer deletes them within two minutes."""
    busy: int
    """Files of the archive that still hold it, as a fetcher is writing to them: forgetting again does the rest."""


def forget(ledger: Ledger, settings: Settings, *, url: str | None = None, site: str | None = None) -> Forgotten:
    """Forgets one URL, or every page of a site (a host, with or without `www.`). Running it again is harmless.

    Raises NotAUrlError, LedgerDownError, ArchiveError, OSError, sqlite3.Error.
    """
    store = open_store(settings, write=True)
    try:
        done = forget_known(ledger, store, settings.data, url=url, site=site)
    finally:
        store.close()
    name = None if site is None else site_name(site)
    archived = forget_archived(settings.data / "warc", done.page_ids, name, bucket_of(settings))
    return Forgotten(done.page_ids, done.records, done.files + archived.rewritten, done.pending, archived.busy)


def finish(ledger: Ledger, settings: Settings, page_id: str) -> Forgotten:
    """Does for a page that was forgotten what could not be done then. Raises as `forget`."""
    store = open_store(settings, write=True)
    records = 0
    try:
        records, pending = delete_pending(ledger, store)
    except StoreDownError:  # or an indexer has the embedded store's writer: it is asked to do it
        pending = int(is_pending(ledger))
    finally:
        store.close()
    archived = forget_archived(settings.data / "warc", [page_id], None, bucket_of(settings))
    return Forgotten((page_id,), records, archived.rewritten, pending, archived.busy)
