"""`tearsheet serve` as a process of its own, for what is measured or looked at through it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

# Seconds until it is up: it opens a store of any size in one or two.
_PATIENCE = 60.0


@contextmanager
def serving(settings: Mapping[str, str]) -> Iterator[str]:
    """The server's address (host and port), while it runs with these settings. Ends the program where it does not."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tearsheet", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL)
    address = f"127.0.0.1:{port}"
    try:
        until = time.monotonic() + _PATIENCE
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("tearsheet serve has ended or does not answer: try it by hand")
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def _answers(address: str) -> bool:
    """Whether it is up; ledger and store may be away."""
    try:
        with urllib.request.urlopen(f"http://{address}/help", timeout=5):
            return True
    except (urllib.error.URLError, TimeoutError):
        return False
