"""How a host is reached: at an address of its own, or through the proxy that sites.toml names for it."""

import re
import socket
from dataclasses import dataclass

from services.fetcher.addresses import Addresses
from services.fetcher.causes import FailedError
from services.fetcher.deadline import Deadline
from services.fetcher.public_addresses import Address
from services.fetcher.sites import Proxy, Sites

# What a proxy may say before it says that the tunnel stands; its error pages are not read.
_LONGEST_HEAD = 65536
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r\n]")


@dataclass(frozen=True, slots=True)
class Route:
    """Where to connect to."""

    addresses: list[Address]
    port: int
    proxy: Proxy | None = None


class Routes:
    """Finds a host's route; whatever it is, the host must be one that may be fetched from. Safe in threads."""

    def __init__(self, addresses: Addresses, sites: Sites) -> None:
        """`addresses`: the guard; `sites`: which proxies there are."""
        self._addresses = addresses
        self._sites = sites

    def proxy(self, host: str) -> Proxy | None:
        """The host's proxy."""
        return self._sites.of(host).proxy

    def of(self, host: str, port: int, deadline: Deadline) -> Route:
        """The route to a port of a host.

        A proxy is handed a name only where it is unknown here, or has an address that may be connected to. Raises
        RefusedError where it has none, or not at this port, FailedError where the name is unknown and there is no proxy
        to know it.
        """
        proxy = self.proxy(host)
        if proxy is None:
            return Route(self._addresses.of(host, port, deadline), port)
        # Networks where only a proxy reaches the Internet often know no names of it.
        try:
            self._addresses.of(host, port, deadline.within(deadline.left() / 2, "not looked up"))
        except FailedError:
            self._addresses.check_port(host, port)
        return Route(self._addresses.unguarded(proxy.host, deadline), proxy.port, proxy)


def open_tunnel(sock: socket.socket, proxy: Proxy, host: str, port: int, deadline: Deadline) -> None:
    """Has the proxy that is connected to `sock` connect it through to the host (CONNECT, RFC 9110 9.3.6).

    Raises FailedError (proxy, timeout), OSError.
    """
    target = f"[{host}]:{port}" if ":" in host.strip("[]") and not host.startswith("[") else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.authorization:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    sock.settimeout(deadline.left())
    sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    head = b""
    while b"\r\n\r\n" not in head:
        sock.settimeout(deadline.left())
        piece = sock.recv(4096)
        if not piece or len(head) > _LONGEST_HEAD:
            raise FailedError(f"the proxy {proxy} gave no proper answer to CONNECT {target}", "proxy")
        head += piece
    status = _STATUS.match(head)
    if status is not None and not status[1].startswith(b"2"):
        raise FailedError(f"the proxy {proxy} does not connect to {target}: status {int(status[1])}", "proxy")
    if status is None or head.partition(b"\r\n\r\n")[2]:  # a tunnel's first byte is ours
        raise FailedError(f"the proxy {proxy} gave no proper answer to CONNECT {target}", "proxy")
