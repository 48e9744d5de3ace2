"""How fast searches are: `python -m bench.search --pages FOLDER --folder FOLDER [--opensearch URL] [--count N]`.

Fills a store with records made of the real pages' (`many.py` says how), 1,000,000 unless told, and keeps it in the
folder for the next run (OpenSearch keeps its own under the prefix `bench-search`; `tearsheet serve` and the store's
data folder are the bench's own). Then, in each store:

- one client: p50 and p99 of words, phrases, facets and filters, bare (tantivy's own calls; OpenSearch's raw answers)
  and through `/api/v1/search`, turn by turn, and what the API adds to a query, at p50 too;
- eight clients, each asking as soon as it was answered: p95 of the first page of results as HTML, complete;
- how much slower pages are written while 10 queries a second are asked of the API, come what may: four rounds, with
  and without in turn.
"""

import argparse
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from os import environ
from pathlib import Path

from bench.real_pages import real_pages
from bench.search.bare import Bare, BareOpenSearch, BareTantivy
from bench.search.load import Client, closed_loop, open_loop
from bench.search.queries import Query, queries
from bench.search.stores import opensearch, tantivy
from bench.serving import serving

_API = "/api/v1/search"
# Queries of a kind that go before those that count: OpenSearch's Java machine compiles what it runs often, and takes
# twice as long for the first thousand as afterwards.
_WARMING = 200
_CLIENTS = 8
_A_SECOND = 10.0
_SECONDS = 40.0
_ROUNDS = 2


def percentile(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def one_client(address: str, bare: Bare, asked: Mapping[str, Sequence[Query]]) -> Iterator[str]:
    """Lines that tell p50 and p99 of each kind."""
    client = Client(address)
    for kind, of_kind in asked.items():
        times = [(bare.milliseconds(query), client.get(_API, query)) for query in of_kind][_WARMING:]
        ours, others = [api for _, api in times], [own for own, _ in times]
        # Of each query: the two were asked one after the other, so neither a neighbour's work nor a few dear queries
        # that shift one median and not the other count.
        adds = percentile([api - own for own, api in times], 50)
        yield (
            f"{kind}: bare p50 {percentile(others, 50):.1f} ms, p99 {percentile(others, 99):.1f}; API p50 "
            f"{percentile(ours, 50):.1f}, p99 {percentile(ours, 99):.1f}; the API adds {adds:.1f} at p50"
        )


def eight_clients(address: str, asked: Mapping[str, Sequence[Query]]) -> str:
    mixed = [{"q": query["q"]} for of_kinds in zip(*asked.values(), strict=True) for query in of_kinds]
    warming = _WARMING * len(asked)
    closed_loop(address, "/", mixed[:warming], _CLIENTS)
    times, rate = closed_loop(address, "/", mixed[warming:], _CLIENTS)
    p50, p95, p99 = (percentile(times, percent) for percent in (50, 95, 99))
    return f"{_CLIENTS} clients, HTML: p50 {p50:.0f} ms, p95 {p95:.0f}, p99 {p99:.0f}; {rate:.0f} pages a second"


def while_indexing(
    address: str, settings: Mapping[str, str], cache: Path, asked: Mapping[str, Sequence[Query]]
) -> Iterator[str]:
    mixed = [query for of_kinds in zip(*asked.values(), strict=True) for query in of_kinds]
    alone, beside, answered = [], [], []
    for _ in range(_ROUNDS):
        alone.append(_written(settings, cache))
        with open_loop(address, _API, mixed, _A_SECOND) as times:
            beside.append(_written(settings, cache))
        answered += times
    before, then = statistics.mean(alone), statistics.mean(beside)
    yield f"written: {before:.1f} pages a second alone, {then:.1f} beside {_A_SECOND:.0f} queries a second"
    p50, p95 = percentile(answered, 50), percentile(answered, 95)
    yield f"  ({1 - then / before:.0%} slower); these: p50 {p50:.0f} ms, p95 {p95:.0f}"


def _written(settings: Mapping[str, str], cache: Path) -> float:
    command = [sys.executable, "-m", "bench.search.writing", str(_SECONDS), str(cache)]
    return float(subprocess.run(command, env=environ | settings, stdout=subprocess.PIPE, check=True).stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--folder", type=Path, required=True, help="where parsed pages and filled stores are kept")
    parser.add_argument("--opensearch", default="", metavar="URL")
    parser.add_argument("--count", type=int, default=1_000_000, help="records in each store")
    given = parser.parse_args()
    cache = given.folder / "pages.jsonl"
    pages = real_pages(given.pages, cache)
    asked = queries(pages)
    data = tantivy(given.folder, pages, given.count)
    stores: dict[str, tuple[Bare, dict[str, str]]] = {"tantivy": (BareTantivy(data / "store"), {})}
    if url := given.opensearch:
        prefix = opensearch(given.folder, url, pages, given.count)
        named = {"STORE": "opensearch", "OPENSEARCH_URL": url, "OPENSEARCH_PREFIX": prefix}
        stores["opensearch"] = BareOpenSearch(url, prefix), {f"TEARSHEET_{n}": v for n, v in named.items()}
    for name, (bare, settings) in stores.items():
        settings = {"TEARSHEET_DATA": str(data), **settings}
        with serving(settings) as address:
            for line in one_client(address, bare, asked):
                print(f"{name}: {line}", flush=True)
            print(f"{name}: {eight_clients(address, asked)}", flush=True)
            for line in while_indexing(address, settings, cache, asked):
                print(f"{name}: {line}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
