"""What near-duplicates find and cost: `python -m bench.near_duplicates FOLDER [--opensearch URL]` (some minutes).

Articles of real pages: which pairs are linked at which likeness, each shown, to be judged; how many are still alike
after an edit; milliseconds of the processor that a signature takes, and that writing a page takes, 64 at a time as the
indexer does, with links and without, here and in OpenSearch's node (which does nothing else meanwhile).
"""

import argparse
import gzip
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from unittest import mock

from opensearchpy import OpenSearch

from services.parser import parse
from shared.records import ParsedPage
from shared.stores.chunks import chunks
from shared.stores.linking import Find
from shared.stores.near_duplicates import bands, likeness, shingles, signature
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import PageWrite, Store
from shared.stores.replacing import Change, Held
from shared.stores.tantivy_store import TantivyStore

THRESHOLDS = (0.7, 0.8, 0.9)
BATCH = 64
ROUNDS = 3
# Words of the articles that are edited: in a longer one a paragraph is nothing.
EDITED = (100, 1500)


def read(path: Path) -> ParsedPage:
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return parse(body, f"https://{path.parent.parent.name}.example/{path.name}")


def pairs(texts: Mapping[str, str]) -> None:
    """Every pair of articles that shares a band and is alike."""
    signed = {name: found for name, text in texts.items() if (found := signature(text)) is not None}
    print(f"{len(texts)} articles, {len(texts) - len(signed)} of them too short")
    by_band: dict[str, list[str]] = defaultdict(list)
    alike: dict[tuple[str, str], float] = {}
    for name, found in signed.items():
        for band in bands(found):
            alike |= {(other, name): likeness(found, signed[other]) for other in by_band[band]}
            by_band[band].append(name)
    for limit in THRESHOLDS:
        print(f"{sum(value >= limit for value in alike.values())} pairs from {limit} on")
    for (one, other), value in sorted(alike.items(), key=lambda pair: -pair[1]):
        print(
            f"  {value:.2f} {one} {other}: {' '.join(texts[one][:60].split())} | {' '.join(texts[other][:60].split())}"
        )


def edits(texts: Mapping[str, str]) -> None:
    """How many articles are still alike, by the Jaccard index itself, after an edit."""
    chance = random.Random(7)
    others = [p for text in texts.values() for p in text.split("\n\n") if 30 < len(p.split()) < 90]

    def replaced(paragraphs: list[str]) -> list[str]:
        n = chance.choice([n for n, p in enumerate(paragraphs) if len(p.split()) >= 10] or [0])
        return [*paragraphs[:n], chance.choice(others), *paragraphs[n + 1 :]]

    kinds: dict[str, Callable[[list[str]], list[str]]] = {
        "a paragraph is another": replaced,
        "a paragraph more": lambda paragraphs: [*paragraphs, chance.choice(others)],
        "the last paragraph is gone": lambda paragraphs: paragraphs[:-1],
    }
    for kind, edit in kinds.items():
        found = []
        for text in texts.values():
            paragraphs = text.split("\n\n")
            if EDITED[0] <= len(text.split()) <= EDITED[1] and len(paragraphs) > 2:
                one, other = shingles(text), shingles("\n\n".join(edit(paragraphs)))
                found.append(len(one & other) / len(one | other))
        shares = ", ".join(f"{sum(j >= limit for j in found) / len(found):.0%} from {limit} on" for limit in THRESHOLDS)
        print(f"{kind}: {len(found)} articles, {shares}")


def unlinked(_held: Mapping[str, Held], news: dict[str, Change], _find: Find) -> dict[str, Change]:
    """Instead of `link`."""
    return news


def written(store: Store, pages: list[ParsedPage], name: str, url: str, *, links: bool) -> float:
    """Milliseconds of the processor a page to write them, here and in the node where there is one."""
    with nullcontext() if links else mock.patch(f"shared.stores.{name}_store.link", unlinked):
        start, used = node_time(url) if name == "opensearch" else 0.0, time.process_time()
        for batch in chunks(pages, BATCH):
            store.write([PageWrite(parsed.page.id, 1, parsed) for parsed in batch])
        store.refresh()
        used = time.process_time() - used + (node_time(url) - start if name == "opensearch" else 0.0)
    return used * 1000 / len(pages)


def node_time(url: str) -> float:
    """Seconds of the processor that a node has used."""
    with OpenSearch([url]) as client:
        nodes = client.nodes.stats(metric="process")["nodes"].values()
    used: int = sum(node["process"]["cpu"]["total_in_millis"] for node in nodes)
    return used / 1000


@contextmanager
def fresh(name: str, url: str) -> Iterator[Store]:
    """An empty store."""
    if name == "tantivy":
        # A merge that goes on may still write into it.
        with (
            tempfile.TemporaryDirectory(prefix="ts-", ignore_cleanup_errors=True) as folder,
            closing(TantivyStore(Path(folder), write=True)) as store,
        ):
            store.prepare()
            yield store
        return
    prefix = f"bench-{secrets.token_hex(4)}"
    with closing(OpenSearchStore(url, prefix)) as store:
        store.prepare()
        yield store
    with OpenSearch([url]) as client:
        for index in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=index)
        client.indices.delete_index_template(name=f"{prefix}-*")


def writing(name: str, url: str, pages: list[ParsedPage]) -> None:
    times: dict[bool, list[float]] = {True: [], False: []}
    for links in [True, False] * ROUNDS:
        with fresh(name, url) as store:
            times[links].append(written(store, pages, name, url, links=links))
    with_links, without = statistics.median(times[True]), statistics.median(times[False])
    print(f"{name}: {with_links:.2f} ms a page with links, {without:.2f} without")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--opensearch", default="", metavar="URL")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    paths = sorted(path for kind in ("*.html", "*.html.gz") for path in asked.folder.rglob(kind))
    with ProcessPoolExecutor(asked.jobs) as pool:
        pages = list({parsed.page.id: parsed for parsed in pool.map(read, paths, chunksize=8)}.values())
    texts = {p.page.url.rpartition("/")[2]: p.article.text for p in pages if p.article is not None and p.article.text}
    pairs(texts)
    edits(texts)
    start = time.process_time()
    for text in texts.values():
        signature(text)
    print(f"{(time.process_time() - start) * 1000 / len(texts):.2f} ms a signature")
    for name in ("tantivy", *(["opensearch"] if asked.opensearch else [])):
        writing(name, asked.opensearch, pages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
