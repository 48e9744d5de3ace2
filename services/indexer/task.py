"""The indexer's task: records -> store."""

from collections.abc import Iterable

import structlog

from services.indexer.index import index
from shared import log
from shared.ledger import Ledger
from shared.ledger.forget import delete_pending
from shared.ledger.retention import expire
from shared.queues import EXPIRE, FORGET, app, publish_expire
from shared.settings import Settings
from shared.stage import INDEX, Claim, Ending
from shared.stores import open_store
from shared.stores.protocol import Store, StoreDownError, UnknownSchemaError
from shared.tasks import Work, runtime, stage_task

logger = structlog.get_logger()

# Seconds that one look for pages past their time may take; others wait for the process meanwhile.
_EXPIRING = 10.0
_store: Store
_retention_days = 0


def prepare(settings: Settings, _ledger: Ledger) -> None:
    """Opens the process's store, before its first task; nothing is connected or locked yet."""
    global _store, _retention_days
    _store = open_store(settings, write=True)
    _retention_days = settings.retention_days


@stage_task(INDEX)
def index_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
    """Writes the pages' records, all in one."""
    return index(work.claims, work.ledger, _store)


@app.task(name=FORGET)  # type: ignore[untyped-decorator]  # Celery has no types
def delete_forgotten() -> None:
    """Deletes from the store what was forgotten; what cannot be deleted now is asked for again."""
    with runtime().aside(INDEX) as ledger:
        try:
            records, pending = delete_pending(ledger, _store)
        except StoreDownError as error:
            logger.warning(log.STORE_DOWN, store=_store.name, error=str(error))
            return
        logger.info(log.FORGOTTEN, records=records, pending=pending)


@app.task(name=EXPIRE)  # type: ignore[untyped-decorator]
def delete_expired() -> None:
    """Deletes from the store what is past its time, some at once; the scheduler asks for it now and then."""
    if not _retention_days:
        return
    with runtime().aside(INDEX) as ledger:
        try:
            done = expire(ledger, _store, _retention_days, _EXPIRING)
        except (StoreDownError, UnknownSchemaError) as error:
            logger.warning(log.STORE_DOWN, store=_store.name, error=str(error))
            return
        if done.pages or done.records:
            logger.info(log.EXPIRED, pages=done.pages, records=done.records, more=done.more)
    if done.more:
        publish_expire()
