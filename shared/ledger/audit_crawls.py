"""The audit of one crawl: its lines against its endings and its counters. Exact while work goes on: both lists only
grow, so they are read as far as they went when the counters were read."""

from collections import Counter
from collections.abc import Container, Iterator

from shared.ledger import keys
from shared.ledger.audit_entries import inspect
from shared.ledger.connection import batches
from shared.ledger.ledger import Ledger


def audit_crawl(ledger: Ledger, crawl: str, entries: Container[str]) -> Iterator[str]:
    """Problems of a crawl. `entries`: ids of pages that are known to be in the ledger."""
    flat, lines, ends = ledger.run("crawl_tally", [crawl])
    fields = {flat[n].decode(): flat[n + 1] for n in range(0, len(flat), 2)}
    if not fields:
        yield f"crawl {crawl}: it is listed, and its counters are missing"
        return
    counted = Counter({name: int(value) for name, value in fields.items() if name not in _WORDS})
    pages, duplicates = _lines(ledger, crawl, lines)
    ended, outcomes = _endings(ledger, crawl, ends)
    found = {"n": lines, "live": lines - duplicates - ends}
    found |= {f"o:{letter}": outcomes[letter] for letter in keys.OUTCOMES}
    found["o:D"] += duplicates
    for name, number in found.items():
        if counted[name] != number:
            yield f"crawl {crawl}: its counter {name} says {counted[name]:,}, there are {number:,}"
    states = sum(counted[f"s:{letter}"] for letter in keys.IN_FLIGHT)
    if states != counted["live"]:
        yield f"crawl {crawl}: {counted['live']:,} lines are in flight, by state they are {states:,}"
    yield from _requisites(crawl, counted)
    if ("finished" in fields) != ("closed" in fields and counted["live"] == 0):
        yield f"crawl {crawl}: whether it is finished does not agree with what is in flight"
    yield from (
        f"page {page}: crawl {crawl} says that it ended, and not that it was submitted" for page in ended - pages
    )
    yield from _missing_entries(ledger, crawl, [page for page in pages if page not in entries])
    yield from _lost(ledger, crawl, list(pages - ended), ends)


def _requisites(crawl: str, counted: Counter[str]) -> Iterator[str]:
    """Their counters are parts of those of all lines."""
    ended = 0
    for letter in keys.OUTCOMES:
        ended += counted[f"q:{letter}"]
        if not 0 <= counted[f"q:{letter}"] <= counted[f"o:{letter}"]:
            yield f"crawl {crawl}: its counter q:{letter} does not agree with o:{letter}"
    if not 0 <= counted["requisites"] - ended <= counted["live"]:
        yield f"crawl {crawl}: it has {counted['requisites']:,} requisites, {ended:,} of which have ended"


# Fields of a crawl that are no numbers to compare.
_WORDS = {"label", "digest", "created", "closed", "finished", "cancelled", "scope", "watch"}


def _lines(ledger: Ledger, crawl: str, until: int) -> tuple[Counter[str], int]:
    """How often each page was submitted, duplicates apart, and how many of these there were."""
    pages: Counter[str] = Counter()
    duplicates = 0
    for batch in ledger.scan_list(keys.crawl_urls(crawl), until=until):
        again = [element[keys.ID_LETTERS : keys.ID_LETTERS + 1] == b"=" for element in batch]
        duplicates += sum(again)
        pages.update(e[: keys.ID_LETTERS].decode() for e, double in zip(batch, again, strict=True) if not double)
    return pages, duplicates


def _endings(ledger: Ledger, crawl: str, until: int, *, start: int = 0) -> tuple[Counter[str], Counter[str]]:
    """How often each page ended, and how often each outcome came."""
    pages: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for batch in ledger.scan_list(keys.crawl_ended(crawl), start=start, until=until):
        pages.update(element[: keys.ID_LETTERS].decode() for element in batch)
        outcomes.update(chr(element[keys.ID_LETTERS]) for element in batch)
    return pages, outcomes


def _missing_entries(ledger: Ledger, crawl: str, pages: list[str]) -> Iterator[str]:
    """Pages that were not met on the walk over all keys: they came after it, or their entry is gone."""
    for batch in batches(pages):
        for page, entry in inspect(ledger, batch).items():
            if not entry.state:
                yield f"page {page}: it was submitted in crawl {crawl}, and its ledger entry is missing"


def _lost(ledger: Ledger, crawl: str, pages: list[str], ends: int) -> Iterator[str]:
    """Pages that have not ended for the crawl, and are not in flight for it either."""
    doubtful: list[str] = []
    for batch in batches(pages):
        found = inspect(ledger, batch)
        doubtful += [page for page, entry in found.items() if entry.state and crawl not in entry.crawls]
    if doubtful:
        _, _, now = ledger.run("crawl_tally", [crawl])
        since, _ = _endings(ledger, crawl, now, start=ends)
        for page in doubtful:
            if page not in since:
                yield f"page {page}: it was submitted in crawl {crawl}, has not ended there and is not in flight for it"
