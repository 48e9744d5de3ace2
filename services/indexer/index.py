"""The index stage: parsed pages into the store, many at once."""

from collections.abc import Iterable, Iterator, Sequence

import structlog

from services.indexer.circuit import Circuit
from services.indexer.same_page import SamePages
from shared import log
from shared.ledger import Ledger
from shared.stage import Claim, Ending, Failed, Indexed, Postponed, version_of
from shared.stores.protocol import PageWrite, PageWritten, Store, StoreDownError, UnknownSchemaError

logger = structlog.get_logger()

# Seconds for which status shows that the store is down, unless it is said again: longer than the longest wait
# between two tries and the time that a try takes.
_NOTE_SECONDS = 60.0
_circuit = Circuit()


def index(
    claims: Sequence[Claim], ledger: Ledger, store: Store, circuit: Circuit = _circuit
) -> Iterable[tuple[Claim, Ending]]:
    """Writes the claimed pages' records; while the store is down all are postponed, which is no attempt."""
    wait = circuit.wait()
    if wait > 0:
        return [(claim, Postponed("the store is down", wait)) for claim in claims]
    writes = _writes(claims, ledger)
    try:
        if not circuit.closed:
            store.prepare()
        same = SamePages(ledger, store, claims, writes)
        written = store.write([w for w in writes if w.page_id not in same.endings])
        same.take_over({w.page_id for w in written if w.page_id not in dict(w.refused)}, store)
    except (StoreDownError, UnknownSchemaError) as error:
        return _down(claims, str(error), ledger, store, circuit)
    if circuit.since is not None:
        logger.info(log.STORE_UP, store=store.name)
        ledger.set_note("store", "", _NOTE_SECONDS)
    circuit.close()
    return _endings(claims, {w.page_id: w for w in written}, same)


def _writes(claims: Sequence[Claim], ledger: Ledger) -> list[PageWrite]:
    """What is to be written, without the pages of which the ledger has nothing."""
    found = zip(claims, ledger.parsed([claim.page_id for claim in claims]), strict=True)
    return [
        PageWrite(claim.page_id, version_of(claim.fetch_id, claim.parse), parsed, gone_at)
        for claim, (parsed, gone_at) in found
        if parsed is not None or gone_at is not None
    ]


def _down(
    claims: Sequence[Claim], reason: str, ledger: Ledger, store: Store, circuit: Circuit
) -> list[tuple[Claim, Ending]]:
    wait = circuit.open()
    since = f"{circuit.since:%Y-%m-%dT%H:%M:%SZ}"
    logger.warning(log.STORE_DOWN, store=store.name, since=since, error=reason)
    ledger.set_note("store", f"{store.name} is down since {since}: {reason}", _NOTE_SECONDS)
    return [(claim, Postponed(reason, wait)) for claim in claims]


def _endings(
    claims: Sequence[Claim], written: dict[str, PageWritten], same: SamePages
) -> Iterator[tuple[Claim, Ending]]:
    for claim in claims:
        page = written.get(claim.page_id)
        if claim.page_id in same.endings:
            yield claim, same.endings[claim.page_id]
        elif page is None:
            yield claim, Failed("its records are not in the ledger", "records_lost")
        elif words := dict(page.refused).get(claim.page_id):
            yield claim, Failed(f"the store refused the page: {words}", "store_refused", final=True)
        else:
            yield claim, Indexed(page.version, page.counts, page.changed, page.refused, same.other_url(claim.page_id))
