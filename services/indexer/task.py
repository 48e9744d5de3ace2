"""The indexer's task: records -> store."""

from collections.abc import Iterable

from services.indexer.index import index
from shared.ledger import Ledger
from shared.settings import Settings
from shared.stage import INDEX, Claim, Ending
from shared.stores import open_store
from shared.stores.protocol import Store
from shared.tasks import Work, stage_task

_store: Store


def prepare(settings: Settings, _ledger: Ledger) -> None:
    """Opens the process's store, before its first task; nothing is connected or locked yet."""
    global _store
    _store = open_store(settings, write=True)


@stage_task(INDEX)
def index_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
    """Writes the pages' records, all in one."""
    return index(work.claims, work.ledger, _store)
