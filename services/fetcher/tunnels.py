"""Having a proxy connect a socket through to a host: CONNECT of HTTP, or SOCKS 5."""

import re
import socket
from ipaddress import ip_address

from services.fetcher.causes import FailedError
from services.fetcher.deadline import Deadline
from services.fetcher.proxies import Proxy

# What a proxy may say before it says that the tunnel stands; its error pages are not read.
_LONGEST_HEAD = 65536
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r\n]")

# RFC 1928.
_VERSION = 5
_NO_PASSWORD, _PASSWORD = 0, 2
_NAME = 3
_LENGTHS = {1: 4, 4: 16}
"""Of addresses, by type."""
_REPLIES = {
    1: "it failed",
    2: "its rules do not allow it",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "its time ran out",
}
_LONGEST_NAME = 255


def open_tunnel(sock: socket.socket, proxy: Proxy, target: str, port: int, deadline: Deadline) -> None:
    """Has the proxy that is connected to `sock` connect it through to a name or an address.

    Raises FailedError (proxy, timeout), OSError.
    """
    name = target.strip("[]")
    (_connect_by_http if proxy.is_http else _connect_by_socks)(sock, proxy, name, port, deadline)


def _connect_by_http(sock: socket.socket, proxy: Proxy, host: str, port: int, deadline: Deadline) -> None:
    """Has the proxy that is connected to `sock` connect it through to the host (CONNECT, RFC 9110 9.3.6)."""
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
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


def _connect_by_socks(sock: socket.socket, proxy: Proxy, host: str, port: int, deadline: Deadline) -> None:
    """CONNECT (RFC 1928), after a user and password where the proxy wants them (RFC 1929)."""
    broken = FailedError(f"the proxy {proxy} does not speak SOCKS 5", "proxy")

    def send(data: bytes) -> None:
        sock.settimeout(deadline.left())
        sock.sendall(data)

    def receive(count: int) -> bytes:
        data = b""
        while len(data) < count:
            sock.settimeout(deadline.left())
            piece = sock.recv(count - len(data))
            if not piece:
                raise broken
            data += piece
        return data

    methods = bytes([_NO_PASSWORD, _PASSWORD] if proxy.user or proxy.password else [_NO_PASSWORD])
    send(bytes([_VERSION, len(methods)]) + methods)
    version, method = receive(2)
    if version != _VERSION:
        raise broken
    if method not in methods:
        raise FailedError(f"the proxy {proxy} lets nobody in so: it wants a user and password, or others", "proxy")
    if method == _PASSWORD:
        send(b"\x01" + _counted(proxy.user.encode()) + _counted(proxy.password.encode()))
        if receive(2)[1] != 0:
            raise FailedError(f"the proxy {proxy} does not take this user and password", "proxy")
    send(bytes([_VERSION, 1, 0]) + _address(host) + port.to_bytes(2, "big"))
    version, reply, _, kind = receive(4)
    if version != _VERSION:
        raise broken
    if reply != 0:
        words = _REPLIES.get(reply, f"reply {reply}")
        raise FailedError(f"the proxy {proxy} does not connect to {host}:{port}: {words}", "proxy")
    if kind != _NAME and kind not in _LENGTHS:
        raise broken
    receive((receive(1)[0] if kind == _NAME else _LENGTHS[kind]) + 2)  # where it connects from: nothing to us


def _counted(data: bytes) -> bytes:
    return bytes([len(data)]) + data


def _address(host: str) -> bytes:
    try:
        address = ip_address(host)
    except ValueError:
        if len(host) > _LONGEST_NAME:
            raise FailedError(f"unknown host: {host[:40]}… is longer than names are", "dns") from None
        return bytes([_NAME]) + _counted(host.encode("ascii"))
    return bytes([1 if address.version == 4 else 4]) + address.packed
