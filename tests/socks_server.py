"""A real SOCKS 5 proxy on loopback (RFC 1928, RFC 1929). It knows the names that it is told."""

import ipaddress
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from tests.proxy_server import ProxyServer, relay


@dataclass
class SocksSite:
    """A running proxy."""

    host: str
    names: dict[str, str]
    """Host and port -> the host and port that it is reached at; others are refused."""
    login: tuple[str, str] | None = None
    """User and password that it wants."""
    broken: Callable[[socket.socket], None] | None = None
    """What it does with a connection in place of serving it."""
    asked: list[str] = field(default_factory=list)
    """Type of address, address and port of each request."""
    closing: threading.Event = field(default_factory=threading.Event)


class _Handler(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        site: SocksSite = cast("ProxyServer", self.server).site
        client = cast("socket.socket", self.request)
        if site.broken is not None:
            site.broken(client)
            return
        version, count = self.rfile.read(2)
        methods = self.rfile.read(count)
        wanted = 2 if site.login else 0
        if version != 5 or wanted not in methods:
            client.sendall(b"\x05\xff")
            return
        client.sendall(bytes([5, wanted]))
        if site.login:
            self.rfile.read(1)
            words = tuple(self.rfile.read(self.rfile.read(1)[0]).decode() for _ in range(2))
            client.sendall(b"\x01\x00" if words == site.login else b"\x01\x01")
            if words != site.login:
                return
        self._connect(site, client)

    def _connect(self, site: SocksSite, client: socket.socket) -> None:
        assert self.rfile.read(3) == b"\x05\x01\x00"
        kind = self.rfile.read(1)[0]
        if kind == 3:
            host = self.rfile.read(self.rfile.read(1)[0]).decode()
        else:
            host = str(ipaddress.ip_address(self.rfile.read({1: 4, 4: 16}[kind])))
        target = f"{host}:{int.from_bytes(self.rfile.read(2), 'big')}"
        site.asked.append(f"{kind} {target}")
        if target not in site.names:
            client.sendall(b"\x05\x04\x00\x01" + bytes(6))
            return
        address, _, port = site.names[target].rpartition(":")
        with socket.create_connection((address, int(port)), 10) as server:
            client.sendall(b"\x05\x00\x00\x03\x05proxy\x00\x00")
            relay(client, server, site.closing)


@contextmanager
def socks_server(
    names: dict[str, str] | None = None,
    *,
    login: tuple[str, str] | None = None,
    broken: Callable[[socket.socket], None] | None = None,
) -> Iterator[SocksSite]:
    """Serves until the block ends."""
    site = SocksSite("", names or {}, login, broken)
    with ProxyServer(site, _Handler).running():
        yield site
