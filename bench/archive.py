"""What the archive costs: `python -m bench.archive --pages FOLDER [--count 1000]`.

One fetcher process of 16 threads fetches pages from a local site, with the archive off and on in turn; what is given
is its CPU time a page (user and system, all threads), the median of the rounds, and the disk that a page takes. The
pages come packed by gzip, as from most servers, and plain. A second look at the same pages shows what a revisit costs.
"""

import argparse
import gzip
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_network
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bench.pipeline.page_site import read_pages
from services.fetcher.fetch import Fetcher
from shared.archive import ArchiveWriter
from shared.ids import page_id
from shared.settings import Settings
from shared.stage import Claim, Fetched

THREADS = 16
ROUNDS = 3


def serve(folder: Path, ready: Connection) -> None:
    """Answers `/plain/N` and `/packed/N`."""
    import asyncio

    plain = read_pages(folder)
    bodies = {"plain": plain, "packed": [gzip.compress(page, 6) for page in plain]}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                _, how, number = request.split(b" ", 2)[1].decode().split("/")
                body = bodies[how][int(number)]
                coding = "Content-Encoding: gzip\r\n" if how == "packed" else ""
                head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{coding}Content-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        ready.send((server.sockets[0].getsockname()[1], len(plain)))
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def site(folder: Path) -> Iterator[tuple[str, int]]:
    """Its base URL and number of pages."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(folder, theirs), daemon=True)
    process.start()
    port, count = ours.recv()
    try:
        yield f"http://127.0.0.1:{port}", count
    finally:
        process.kill()
        process.join()


def cpu_a_page(base: str, how: str, count: int, archive: ArchiveWriter | None, settings: Settings) -> float:
    """Milliseconds of this process a page."""
    fetcher = Fetcher(settings, None, archive=archive)
    urls = [f"{base}/{how}/{number}" for number in range(count)]
    claims = [Claim(page_id(url), url, time.time_ns() // 1_000_000, "", 0, alone=False) for url in urls]
    with ThreadPoolExecutor(THREADS) as pool:
        started = time.process_time()
        fetched = sum(isinstance(ending, Fetched) for ending in pool.map(fetcher.fetch, claims))
        took = time.process_time() - started
    fetcher.close()
    if fetched < 0.9 * count:
        raise SystemExit(f"only {fetched} of {count} pages were fetched")
    return took * 1000 / count


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="a folder of .html or .html.gz files")
    parser.add_argument("--count", type=int, default=1000, help="pages a round (default 1,000)")
    args = parser.parse_args()
    print("| pages | archive | CPU a page | disk a page |\n|---|---|---|---|")
    with site(args.pages) as (base, there), tempfile.TemporaryDirectory() as scratch:
        count = min(args.count, there)
        for how in ("packed", "plain"):
            times: dict[str, list[float]] = {"off": [], "on": [], "on, seen before": []}
            disk = 0.0
            for turn in range(ROUNDS):
                settings = Settings(
                    data=Path(scratch) / f"{how}{turn}",
                    fetch_allow_private=(ip_network("127.0.0.0/8"),),
                    fetch_robots=False,
                )
                times["off"].append(cpu_a_page(base, how, count, None, settings))
                archive = ArchiveWriter(settings, print)
                archive.open()
                times["on"].append(cpu_a_page(base, how, count, archive, settings))
                disk = sum(path.stat().st_size for path in (settings.data / "warc").glob("*.warc.gz*")) / count
                times["on, seen before"].append(cpu_a_page(base, how, count, archive, settings))
                archive.close()
            for name, found in times.items():
                size = f"{disk / 1000:.1f} KB" if name == "on" else ""
                print(f"| {how} | {name} | {statistics.median(found):.2f} ms | {size} |", flush=True)


if __name__ == "__main__":
    main()
