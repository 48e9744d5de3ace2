"""A real HTTP proxy on loopback: CONNECT, and requests in absolute form. It knows the names that it is told."""

import select
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit


@dataclass
class ProxySite:
    """A running proxy."""

    host: str
    names: dict[str, str]
    """Host -> the host and port that it is reached at."""
    broken: Callable[[socket.socket], None] | None = None
    """What it does with a connection in place of serving it."""
    heads: list[str] = field(default_factory=list)
    """The requests that it was given, up to their blank line."""
    closing: threading.Event = field(default_factory=threading.Event)


class ProxyServer(socketserver.ThreadingTCPServer):
    """Serves a proxy of any kind: `site` has `host`, which it sets, and `closing`, set when it ends."""

    daemon_threads = True

    def __init__(self, site: Any, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.site = site
        site.host = f"127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serves until the block ends."""
        with self:
            thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            try:
                yield
            finally:
                self.site.closing.set()
                self.shutdown()
                thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: clients hang up as they like."""


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        site: ProxySite = cast("ProxyServer", self.server).site
        client = cast("socket.socket", self.request)
        client.settimeout(10)
        if site.broken is not None:
            site.heads.append(_head(client).decode("latin-1"))
            site.broken(client)
            return
        head = _head(client)
        site.heads.append(head.decode("latin-1"))
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        wanted = target if method == "CONNECT" else urlsplit(target).netloc
        host, _, port = site.names.get(wanted, wanted).rpartition(":")
        with socket.create_connection((host, int(port)), 10) as server:
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n")
            else:
                path = "/" + target.split("/", 3)[3]
                server.sendall(head.replace(target.encode(), path.encode(), 1))
            relay(client, server, site.closing)


def _head(client: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            raise ConnectionError
        data += piece
    return data


def relay(client: socket.socket, server: socket.socket, closing: threading.Event) -> None:
    """Until one of them closes."""
    while not closing.is_set():
        for ready in select.select([client, server], [], [], 0.1)[0]:
            data = ready.recv(65536)
            if not data:
                return
            (server if ready is client else client).sendall(data)


@contextmanager
def proxy_server(
    names: dict[str, str] | None = None, broken: Callable[[socket.socket], None] | None = None
) -> Iterator[ProxySite]:
    """Serves until the block ends."""
    site = ProxySite("", names or {}, broken)
    with ProxyServer(site, _Handler).running():
        yield site
