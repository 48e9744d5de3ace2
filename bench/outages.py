"""What is away comes back, and nothing is lost: `python -m bench.outages --pages FOLDER [--opensearch URL]`.

Three crawls of a local site, each disturbed in its middle: the store away for 30 seconds (a proxy before a real
OpenSearch node refuses connections), Redis full (its memory limit set below what it holds), the disk full (a small
tmpfs, filled; needs Linux and root). Prints what `tearsheet status` says meanwhile, and how the crawl ended. Exit code
0 only where every page was indexed, the audit balances, and status said what was wrong.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bench.pipeline import page_site
from bench.pipeline.run import ENVIRONMENT
from shared.settings import Settings
from tearsheet.embedded.session import open_ledger

TEARSHEET = Path(sys.executable).with_name("tearsheet")
AWAY = 30.0
# Bytes of the tmpfs: enough for the ledger and the index of the pages, small enough to fill at once.
DISK = 256 * 1024 * 1024


class Proxy:
    """A TCP proxy to one address that can refuse: `away` closes what is open and listens no more, `back` does."""

    def __init__(self, host: str, port: int) -> None:
        self._to = host, port
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.back()

    def back(self) -> None:
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def away(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        assert self._server
        self._server.close()
        for writer in self._open:
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._to)
        self._open |= {writer, there_writer}
        await asyncio.gather(_pour(reader, there_writer), _pour(there_reader, writer))
        self._open -= {writer, there_writer}


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


def status(data: Path, environment: dict[str, str]) -> str:
    """What `tearsheet status` says."""
    out = subprocess.run(
        [TEARSHEET, "status", "--data", data], env={**os.environ, **environment}, capture_output=True, text=True
    )
    return (out.stdout + out.stderr).strip()


def ended(data: Path) -> int:
    """Pages that have ended."""
    with open_ledger(Settings(data=data, redis_url=""), workers=False) as ledger:
        return sum(sum(crawl.outcomes.values()) for crawl in ledger.crawls())


@contextmanager
def store_away(proxy: Proxy) -> Iterator[None]:
    """The store refuses connections."""
    proxy.away()
    try:
        yield
    finally:
        proxy.back()


@contextmanager
def redis_full(data: Path) -> Iterator[None]:
    """The ledger's Redis takes no more."""
    with open_ledger(Settings(data=data, redis_url=""), workers=False) as ledger:
        before = ledger.client.config_get("maxmemory")["maxmemory"]
        ledger.client.config_set("maxmemory", "600kb")
        try:
            yield
        finally:
            ledger.client.config_set("maxmemory", before or 0)


@contextmanager
def disk_full(folder: Path) -> Iterator[None]:
    """No byte is left on the disk of the data folder."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * (1 << 16))
        except OSError:
            pass
    try:
        yield
    finally:
        filler.unlink()


def disturbed(
    name: str,
    urls: Path,
    data: Path,
    environment: dict[str, str],
    seconds: float,
    outage: Callable[[], AbstractContextManager[None]],
    word: str,
) -> list[str]:
    """Crawls, with the outage in its middle; returns a line for each thing that is wrong afterwards."""
    count = len(urls.read_text().splitlines())
    report = urls.with_name(f"{name.replace(' ', '-')}.jsonl")
    environment = {**ENVIRONMENT, **environment}
    process = subprocess.Popen(
        [TEARSHEET, "crawl", "--file", urls, "--data", data, "--report", report],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not (data / "queue").exists() or ended(data) < count / 10:
        time.sleep(0.2)
    before = ended(data)
    with outage():
        time.sleep(seconds - 5)
        said = status(data, environment)
        time.sleep(5)
        stood = ended(data)
    process.wait()
    outcomes = Counter(json.loads(line)["outcome"] for line in report.read_text().splitlines())
    audit = subprocess.run(
        [TEARSHEET, "audit", "--data", data], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    ).returncode
    print(
        f"{name}: {before} of {count} pages had ended, {stood} after {seconds:.0f} s of it; "
        f"{dict(outcomes)}, audit {audit}"
    )
    print("  status said:\n" + "\n".join(f"    {line}" for line in said.splitlines()), flush=True)
    wrong = [f"{name}: {dict(outcomes)}"] if outcomes != {"indexed": count} else []
    wrong += [f"{name}: the audit does not balance"] if audit else []
    wrong += [f"{name}: status does not speak of it"] if word not in said.lower() else []
    return wrong


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A tmpfs of `DISK` bytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def main() -> None:
    """The three crawls."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="a folder of .html or .html.gz files")
    parser.add_argument("--count", type=int, default=600, help="pages a crawl (default 600)")
    parser.add_argument(
        "--opensearch", default="", help="URL of a real node; without it the store's absence is not shown"
    )
    args = parser.parse_args()
    wrong: list[str] = []
    with page_site.running(args.pages) as (base, _), tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        urls = folder / "urls.txt"
        urls.write_text("".join(f"{base}/p/{number}\n" for number in range(args.count)))
        if args.opensearch:
            proxy = Proxy(urlsplit(args.opensearch).hostname or "", urlsplit(args.opensearch).port or 9200)
            environment = {
                "TEARSHEET_STORE": "opensearch",
                "TEARSHEET_OPENSEARCH_URL": f"http://127.0.0.1:{proxy.port}",
                "TEARSHEET_OPENSEARCH_PREFIX": f"outage-{os.getpid()}",
            }
            wrong += disturbed(
                "store away", urls, folder / "away", environment, AWAY, lambda: store_away(proxy), "opensearch"
            )
        data = folder / "full"
        wrong += disturbed("redis full", urls, data, {}, AWAY, lambda: redis_full(data), "full")
        if sys.platform == "linux" and os.geteuid() == 0:
            with small_disk(folder / "disk") as disk:
                wrong += disturbed("disk full", urls, disk / "data", {}, AWAY, lambda: disk_full(disk), "disk")
        else:
            print("disk full: not shown, it needs Linux and root")
    print("\n".join(wrong) or "nothing lost")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
