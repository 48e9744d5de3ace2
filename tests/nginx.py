"""A real nginx as a child process: loopback, a folder of its own, a log of what it was asked."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.hostile_site import closed_port

# Debian has it where only root looks.
BINARY = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

_MARK = "/is-all-before-this-in-the-log"
_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  types {{ text/html html; application/rss+xml xml; }}
  log_format asked '$msec\t$request_time\t$connection\t$host\t$request_uri\t$status\t'
                   '$http_if_none_match\t$http_if_modified_since\t$sent_http_content_encoding';
  access_log {folder}/access.log asked;
  client_body_temp_path {folder}/t1;
  proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5;
  {settings}
  server {{
    {listens}
    root {folder}/pages;
    {locations}
  }}
}}
"""


@dataclass(frozen=True)
class Request:
    """A line of its log."""

    started: float
    """Seconds since 1970, to the millisecond."""
    ended: float
    connection: str
    host: str
    target: str
    status: int
    if_none_match: str
    if_modified_since: str
    coding: str


@dataclass
class Nginx:
    """A running nginx."""

    folder: Path
    """`pages` in it is what it serves."""
    port: int

    def at(self, target: str, host: str = "127.0.0.1") -> str:
        """A URL."""
        return f"http://{host}:{self.port}{target}"

    def write(self, name: str, text: str) -> None:
        """A page to serve."""
        path = self.folder / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def requests(self) -> list[Request]:
        """What it was asked, in the order in which that began."""
        # A line is written after its answer is sent; the one process does so before it takes the next request.
        asking = HTTPConnection("127.0.0.1", self.port)
        asking.request("GET", _MARK)
        asking.getresponse().read()
        asking.close()
        lines = (self.folder / "access.log").read_text().splitlines()
        found = []
        for ended, took, connection, host, target, status, *headers in (line.split("\t") for line in lines):
            if target != _MARK:
                end = float(ended)
                found.append(Request(end - float(took), end, connection, host, target, int(status), *headers))
        return sorted(found, key=lambda request: request.started)


@contextmanager
def nginx(folder: Path, hosts: int = 1, settings: str = "", locations: str = "") -> Iterator[Nginx]:
    """Serves `folder/pages` at 127.0.0.1 and the addresses behind it, until the block ends."""
    assert BINARY is not None
    (folder / "pages").mkdir()
    port = closed_port()
    listens = " ".join(f"listen 127.0.0.{n + 1}:{port};" for n in range(hosts))
    configuration = _CONFIGURATION.format(folder=folder, settings=settings, listens=listens, locations=locations)
    (folder / "conf").write_text(configuration)
    with (folder / "talk").open("wb") as talk:
        process = subprocess.Popen(
            [BINARY, "-p", str(folder), "-c", str(folder / "conf"), "-e", str(folder / "error.log")],
            stdout=talk,
            stderr=talk,
        )
    try:
        _wait_until_ready(process, folder)
        yield Nginx(folder, port)
    finally:
        process.terminate()
        process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Until it has written its process id, which it does when it listens."""
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        if (folder / "pid").exists():
            return
        time.sleep(0.02)
    raise AssertionError((folder / "talk").read_text() + (folder / "error.log").read_text())
