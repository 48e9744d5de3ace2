"""How well searches find what is known to be there: `python -m bench.relevance --pages FOLDER [--opensearch URL]`.

From real pages, with a fixed seed, queries that each ask for one record: the title of an article; a rare phrase (four
words, one after the other, in quotes, that stand in one text alone; apart from these, phrases that stand in two, of
which one or the other may be meant); the author and the two rarest words of a comment; the three rarest
words of a title, one of them with one edit (`misspelt`), and a title's rarest word alone with one edit, where at most
ten records hold that word. Searched as a person would, through `shared.search`, in each store. Printed: MRR over the
first ten hits (one that comes later counts as not found), and recall at 10; then, of both stores, the share of the
first ten records that they have in common in the median, and whether they find the same records.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.near_duplicates import fresh
from bench.real_pages import real_pages
from bench.relevance.queries import Known, known_items
from shared.query.errors import QueryError
from shared.records import ParsedPage
from shared.search.request import Search
from shared.search.search import every, search
from shared.stores.chunks import chunks
from shared.stores.protocol import PageWrite, Store

# What the project asks of itself.
TARGETS = {"titles": "MRR 0.95", "phrases": "MRR 0.98", "comments": "MRR 0.95", "misspelt": "recall 0.80"}
_FIRST = 10
# Of queries that find more it is not asked whether both stores find the same ones, only how many.
_MOST = 1000
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Answer:
    """What a store found."""

    total: int = 0
    ids: tuple[str, ...] = ()
    """Of the first ten, best first."""
    all_ids: frozenset[str] | None = None
    """Of all, where they are few."""
    corrected: str | None = None
    error: str | None = None
    shown: list[str] = field(default_factory=list)
    """The first three, for a person."""

    def rank(self, wanted: frozenset[str]) -> int | None:
        """Of the first one that is wanted."""
        return next((n for n, found in enumerate(self.ids, 1) if found in wanted), None)


def answers(store: Store, queries: Sequence[Known], *, whole: bool) -> list[Answer]:
    """Each query's answer, `whole` with the ids of all that it finds; prints how long they took."""
    started = time.perf_counter()
    found = [_answer(store, known.query, whole=whole) for known in queries]
    print(f"{store.name}: {(time.perf_counter() - started) * 1000 / len(queries):.1f} ms a query", file=sys.stderr)
    return found


def _answer(store: Store, text: str, *, whole: bool) -> Answer:
    try:
        result = search(store, Search(text, limit=_FIRST))
        again = Search(result.corrected or text)
        every_id = frozenset(r.id for r in every(store, again)) if whole and result.total <= _MOST else None
    except QueryError as error:
        return Answer(error=str(error))
    return Answer(
        total=result.total,
        ids=tuple(hit.record.id for hit in result.hits),
        all_ids=every_id,
        corrected=result.corrected,
        shown=[f"{hit.kind} {hit.record.id} {hit.score:.2f} {hit.snippet.text[:80]}" for hit in result.hits[:3]],
    )


def report(name: str, queries: Sequence[Known], found: Sequence[Answer], failures: Path | None) -> None:
    """Prints MRR and recall by kind, and writes what was not found first."""
    ranks: dict[str, list[int | None]] = defaultdict(list)
    for known, answer in zip(queries, found, strict=True):
        ranks[known.kind].append(answer.rank(known.wanted))
    for kind, of_kind in ranks.items():
        mrr = statistics.mean(1 / rank if rank else 0.0 for rank in of_kind)
        recall = statistics.mean(rank is not None for rank in of_kind)
        target = f" (asked for: {TARGETS[kind]})" if kind in TARGETS else ""
        print(f"{name}: {kind}: {len(of_kind)} queries, MRR {mrr:.3f}, recall at 10 {recall:.3f}{target}")
    if failures:
        with failures.open("a", encoding="utf-8") as lines:
            for known, answer in zip(queries, found, strict=True):
                if (rank := answer.rank(known.wanted)) != 1:
                    line = {
                        "store": name, "kind": known.kind, "query": known.query, "rank": rank, "total": answer.total,
                        "wanted": sorted(known.wanted), "corrected": answer.corrected, "error": answer.error,
                        "first": answer.shown,
                    }  # fmt: skip
                    lines.write(json.dumps(line, ensure_ascii=False) + "\n")


def compare(ours: Sequence[Answer], others: Sequence[Answer]) -> None:
    """Prints how far two stores agree."""
    pairs = list(zip(ours, others, strict=True))
    shares = [len({*a.ids} & {*b.ids}) / max(len(a.ids), len(b.ids)) for a, b in pairs if a.ids or b.ids]
    sets = [a.all_ids == b.all_ids for a, b in pairs if a.all_ids is not None or b.all_ids is not None]
    totals = sum(a.total == b.total for a, b in pairs)
    print(
        f"both: of the first ten {statistics.median(shares):.2f} in common in the median, {statistics.mean(shares):.3f}"
    )
    print(f"  on average; as many records for {totals} of {len(pairs)} queries; the same records for {sum(sets)} of")
    print(f"  {len(sets)} that find at most {_MOST}")


def fill(store: Store, pages: Sequence[ParsedPage]) -> None:
    for batch in chunks(pages, _BATCH):
        store.write([PageWrite(parsed.page.id, 1, parsed) for parsed in batch])
    store.refresh()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--opensearch", default="", metavar="URL")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keeps the parsed pages for the next run")
    parser.add_argument("--count", type=int, default=500, help="queries of each kind")
    parser.add_argument("--failures", type=Path, metavar="FILE", help="gets what was not the first hit")
    asked = parser.parse_args()
    if asked.failures:
        asked.failures.write_text("")
    with _folder(asked.cache) as cache:
        pages = real_pages(asked.pages, cache / "pages.jsonl")
    queries = list(known_items(pages, asked.count))
    found: dict[str, list[Answer]] = {}
    for name in ("tantivy", *(["opensearch"] if asked.opensearch else [])):
        with fresh(name, asked.opensearch) as store:
            fill(store, pages)
            found[name] = answers(store, queries, whole=bool(asked.opensearch))
        report(name, queries, found[name], asked.failures)
    if len(found) == 2:
        compare(*found.values())
    return 0


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="ts-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main())
