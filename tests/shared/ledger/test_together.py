"""Workers, a scheduler and the audit at once: nothing is claimed twice, and the audit holds while pages move."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from shared.ledger import Ledger
from shared.ledger.audit import audit
from shared.ledger.clock import local_ms
from shared.stage import FETCH, INDEX, PARSE, STAGES, Claim, Ending, Fetched, Parsed, StageName
from tests.shared.ledger.work import StoredPages, body, records, token
from tests.valkey import Valkey

PAGES = 150


class Workers:
    """Two threads a stage, and a scheduler that publishes by handing ids over (every third message is lost)."""

    def __init__(self, ledger: Ledger, store: StoredPages) -> None:
        self.ledger = ledger
        self.store = store
        self.done = threading.Event()
        self.claimed: Counter[tuple[str, str]] = Counter()
        self.lock = threading.Lock()
        self.hints: dict[StageName, SimpleQueue[str | None]] = {name: SimpleQueue() for name in STAGES}

    def schedule(self) -> None:
        turn = 0
        while not self.done.wait(0.01):
            for page in self.ledger.dispatch(now=local_ms(), window=20):
                turn += 1
                if turn % 3:
                    self.hints["fetch"].put(page)
            ahead = local_ms() + 6000  # as if what was lost had waited long enough
            lengths = {name: hints.qsize() for name, hints in self.hints.items()}
            for stage, page in self.ledger.reconcile(now=ahead, queue_lengths=lengths):
                self.hints[stage].put(page)

    def work(self, stage_name: StageName) -> None:
        stage = STAGES[stage_name]
        while named := self.hints[stage_name].get():
            claims = self.ledger.claim(stage, [named], token=token(), lease=600, now=local_ms())
            with self.lock:
                self.claimed.update((stage_name, claim.page_id) for claim in claims)
                endings = [(claim, self.ending(stage_name, claim)) for claim in claims]
            for (claim, _), moved in zip(endings, self.ledger.end_many(endings, stage, local_ms()), strict=True):
                assert not moved.lost
                if moved.next:
                    self.hints[moved.next].put(claim.page_id)

    def stop(self) -> None:
        self.done.set()
        for hints in self.hints.values():
            for _ in range(2):
                hints.put(None)

    def ending(self, stage: StageName, claim: Claim) -> Ending:
        if stage == FETCH.name:
            return Fetched(body(claim.url), "hash")
        if stage == PARSE.name:
            return Parsed(records(claim))
        return self.store.write(claim)


def test_the_audit_balances_while_workers_work(valkey: Valkey) -> None:
    ledger = Ledger(Ledger.client_of(valkey.url), host_delay=0, host_concurrency=8)
    store = StoredPages()
    workers = Workers(ledger, store)
    crawl = ledger.open_crawl(digest="d", label="d").id
    ledger.submit(crawl, [f"http://{n % 5}.example/{n}" for n in range(PAGES)])
    ledger.close_submission(crawl)
    audits = 0
    with ThreadPoolExecutor(max_workers=7) as pool:
        tasks = [pool.submit(workers.work, stage.name) for stage in (FETCH, PARSE, INDEX) for _ in range(2)]
        tasks.append(pool.submit(workers.schedule))
        try:
            while ledger.crawl(crawl).finished is None and not any(task.done() for task in tasks):
                assert audit(ledger, store).lines == []
                audits += 1
        finally:
            workers.stop()
        for task in tasks:
            task.result()
    assert audits > 0
    assert set(workers.claimed.values()) == {1}
    assert len(workers.claimed) == 3 * PAGES
    report = audit(ledger, store)
    assert report.at_rest
    assert report.balanced
    assert report.outcomes["indexed"] == PAGES
    ledger.client.close()
