"""The audit: is every submitted URL in exactly one outcome or in flight, and does the store hold what it should?

It recounts every entry, every crawl's lines and every queue, compares them with the counters, and compares pages,
versions and record counts with the store in both directions. It may run while work goes on: what it compares exactly
then is read at one moment, and what moved meanwhile is looked at again.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.ledger import keys
from shared.ledger.audit_crawls import audit_crawl
from shared.ledger.audit_entries import Found, inspect, store_fault
from shared.ledger.connection import BATCH, batches
from shared.ledger.ledger import Ledger
from shared.stage import Outcome
from shared.stores.protocol import Store

# Problems that are told one by one; a ledger that lost a million entries is told as a number.
_MOST_LINES = 1000


@dataclass(slots=True)
class AuditReport:
    """What the audit found."""

    lines: list[str] = field(default_factory=list)
    """Problems, each with the page or crawl that it is about."""
    problems: int = 0
    """Of which `lines` tells the first thousand."""
    at_rest: bool = True
    """Nothing moved while it ran; else totals of states were compared within what moved."""
    submitted: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    in_flight: int = 0
    """Lines whose page is in flight."""
    entries: int = 0
    """Pages in the ledger, those forgotten included."""
    forgotten: int = 0
    stored: int = 0
    """Pages in the store."""
    crawls: int = 0

    @property
    def balanced(self) -> bool:
        """Whether everything is where it should be."""
        return self.problems == 0

    def problem(self, line: str) -> None:
        """One more problem."""
        self.problems += 1
        if len(self.lines) < _MOST_LINES:
            self.lines.append(line)


def audit(ledger: Ledger, store: Store) -> AuditReport:
    """Audits the ledger and the store. Raises LedgerDownError, StoreDownError."""
    return _Audit(ledger, store).run()


class _Audit:
    def __init__(self, ledger: Ledger, store: Store) -> None:
        self._ledger = ledger
        self._store = store
        self._report = AuditReport()
        self._seen: set[str] = set()
        self._states: Counter[str] = Counter()

    def run(self) -> AuditReport:
        report = self._report
        self._store.refresh()
        before = self._tally()
        self._entries()
        for crawl in self._ledger.ask("ZRANGE", keys.CRAWLS, 0, -1):
            report.crawls += 1
            for line in audit_crawl(self._ledger, crawl.decode(), self._seen):
                report.problem(line)
        self._stored()
        after = self._tally()
        self._totals(before, after)
        report.submitted = after["submitted"]
        report.outcomes = {outcome: after[f"o:{letter}"] for letter, outcome in keys.OUTCOMES.items()}
        report.in_flight = report.submitted - sum(report.outcomes.values())
        report.entries = len(self._seen)
        report.forgotten = after[f"s:{keys.FORGOTTEN}"]
        return report

    def _tally(self) -> Counter[str]:
        flat, faults = self._ledger.run("tally", [])
        for fault in faults:
            line = fault.decode()
            if line not in self._report.lines:
                self._report.problem(line)
        return Counter({flat[n].decode(): int(flat[n + 1]) for n in range(0, len(flat), 2)})

    def _entries(self) -> None:
        """Every key that is about a page, in one walk over all keys."""
        cursor = 0
        while True:
            cursor, found = self._ledger.ask("SCAN", cursor, "COUNT", BATCH)
            about = [key.decode("utf-8", "replace") for key in found]
            pages = dict.fromkeys(key[2:] for key in about if key.startswith("p:"))
            self._check([page for page in pages if page not in self._seen], entries=True)
            self._seen.update(pages)
            left = [rest for prefix, _, rest in (key.partition(":") for key in about) if prefix in _LEFTOVERS]
            self._check([page for page in left if page not in self._seen], entries=False)
            for key in about:
                if key.startswith(("host:", "ready:", "lease:")) or key == keys.PARKED:
                    self._queue(key)
            if cursor == 0:
                return

    def _queue(self, key: str) -> None:
        cursor = 0
        while True:
            cursor, members = self._ledger.ask("ZSCAN", key, cursor, "COUNT", BATCH)
            self._check(dict.fromkeys(member.decode() for member, _ in members), entries=False)
            if cursor == 0:
                return

    def _check(self, pages: Iterable[str], *, entries: bool) -> None:
        """Pages' entries at one moment; `entries`: they are counted and compared with the store."""
        for batch in batches(pages):
            found = inspect(self._ledger, batch)
            for page, entry in found.items():
                if entry.fault and (entries or not entry.state):
                    self._report.problem(f"page {page}: {entry.fault}")
            if entries:
                self._states.update(entry.state for entry in found.values())
                self._compare({page: entry for page, entry in found.items() if entry.version is not None})

    def _compare(self, found: dict[str, Found]) -> None:
        """Entries against the store; what does not agree is looked at once more, as it may have moved between."""
        if not found:
            return
        stored = self._store.stored(list(found))
        doubtful = [page for page, entry in found.items() if store_fault(entry, stored.get(page))]
        if not doubtful:
            return
        # The ledger first: a page is in the store before the ledger says so.
        again = inspect(self._ledger, doubtful)
        self._store.refresh()
        stored = self._store.stored(doubtful)
        for page in doubtful:
            fault = store_fault(again[page], stored.get(page))
            if fault:
                self._report.problem(f"page {page}: {fault}")

    def _stored(self) -> None:
        """Every page of the store against the ledger; those with a version there were compared by `_check`."""
        for batch in batches(self._store.page_ids()):
            self._report.stored += len(batch)
            found = inspect(self._ledger, batch)
            unknown = [page for page, entry in found.items() if not entry.state]
            for page in unknown:
                self._report.problem(f"page {page}: it is in the store, and not in the ledger")
            self._compare({page: entry for page, entry in found.items() if entry.state and entry.version is None})

    def _totals(self, before: Counter[str], after: Counter[str]) -> None:
        report = self._report
        in_flight = sum(after[f"s:{letter}"] for letter in keys.IN_FLIGHT)
        report.at_rest = before == after and in_flight == 0
        if before == after:
            for letter in (*keys.OUTCOMES, keys.FORGOTTEN):
                self._total(f"pages in state {letter}", after[f"s:{letter}"], self._states[letter])
            self._total("pages in flight", in_flight, sum(self._states[letter] for letter in keys.IN_FLIGHT))
        low, high = (sum(n for key, n in counts.items() if key.startswith("s:")) for counts in (before, after))
        if not low <= len(self._seen) <= high:
            report.problem(f"pages: the counters say {low:,} to {high:,}, there are {len(self._seen):,} entries")

    def _total(self, what: str, counted: int, found: int) -> None:
        if counted != found:
            self._report.problem(f"{what}: the counter says {counted:,}, there are {found:,}")


_LEFTOVERS = ("raw", "out", "body", "way", "want", "parts")
