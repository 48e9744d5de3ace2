"""The example site of `examples/site`, served on loopback and crawled: what `make crawl` does without a URL."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "site"
PORT = 8419
"""Always the same where it is free, so that a second crawl meets the same addresses."""


@dataclass(frozen=True)
class ExampleSite:
    """A running site: its base URL, without a slash at the end, and the URLs of its pages."""

    base: str
    urls: tuple[str, ...]


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".html": "text/html; charset=utf-8"}  # noqa: RUF012

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Nothing: the crawl says what it fetches."""


@contextmanager
def serve(folder: Path = FOLDER, *, port: int = 0) -> Iterator[ExampleSite]:
    """Serves a folder's pages on 127.0.0.1 until the block ends; on a free port where none is given or it is taken."""
    handler = partial(_Quiet, directory=str(folder))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    base = f"http://127.0.0.1:{server.server_address[1]}"
    pages = sorted(path.name for path in folder.glob("*.html") if path.name != "index.html")
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield ExampleSite(base, (f"{base}/", *(f"{base}/{name}" for name in pages)))
        finally:
            server.shutdown()
            thread.join()


def main() -> int:
    """Crawls the example site; the exit code is the crawl's."""
    with serve(port=PORT) as site:
        # The site is ours and on this machine, so it is neither spared nor refused.
        environment = {
            "TEARSHEET_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
            "TEARSHEET_FETCH_DELAY": "0",
            "TEARSHEET_FETCH_HOST_CONCURRENCY": "4",
            **os.environ,
        }
        command = [sys.executable, "-m", "tearsheet", "crawl", *site.urls]
        crawl = subprocess.Popen(command, env=environment)
        # Ctrl-C reaches the crawl too, which ends cleanly; we serve until it has.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return crawl.wait()


if __name__ == "__main__":
    sys.exit(main())
