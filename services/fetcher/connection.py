"""urllib3's connections with two changes: they go by checked routes only, and no wait outlives the deadline."""

import http.client
import io
import socket
import time
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from services.fetcher.causes import Cause, FailedError
from services.fetcher.deadline import DEADLINE, Deadline
from services.fetcher.public_addresses import Address
from services.fetcher.recording import EXCHANGE
from services.fetcher.routes import Routes
from services.fetcher.tunnels import open_tunnel

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# More are no use to a reader: with a timeout of 10 s the sixth would get 0.3 s.
_TRIED = 5
# Pieces in which a response is received: fewer calls than with the 8 KB of Python's default.
_BUFFER = 65536


class _Pieces(io.RawIOBase):
    """What a socket receives, each wait bounded by the read timeout and by the deadline of the fetch."""

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._timeout = timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        deadline = DEADLINE.get()
        self._sock.settimeout(min(self._timeout, deadline.left()))
        try:
            size = self._raw.readinto(buffer)
        except TimeoutError:
            deadline.left()
            raise FailedError(f"no data for {self._timeout:g} s", "timeout") from None
        exchange = EXCHANGE.get()
        if exchange is not None and size:
            exchange.received(memoryview(buffer)[:size])
        return size

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Reader(io.BufferedReader):
    """Reads so many bytes and never all: http.client takes a chunk's length as it comes, and -1 would mean all."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            raise http.client.IncompleteRead(b"")
        return super().read(size)


class TimedSocket:
    """What http.client and urllib3 use of a socket, plain or TLS."""

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        """`timeout`: seconds between two pieces."""
        self._sock = sock
        self._timeout = timeout
        try:
            self._peer: str | None = sock.getpeername()[0]
        except OSError:  # gone already; whoever sends is told why
            self._peer = None

    def makefile(self, mode: str) -> io.BufferedReader:
        """The reader of a response; http.client asks for "rb"."""
        if mode != "rb":
            raise ValueError(mode)
        return _Reader(_Pieces(self._sock, self._timeout), _BUFFER)

    def sendall(self, data: bytes) -> None:
        """Sends all, within the deadline."""
        exchange = EXCHANGE.get()
        if exchange is not None:
            exchange.sent(data, self._peer)
        self._sock.settimeout(min(self._timeout, DEADLINE.get().left()))
        self._sock.sendall(data)
        DEADLINE.get().sent = time.monotonic()

    def settimeout(self, seconds: float) -> None:
        """Seconds between two pieces."""
        self._timeout = seconds

    def fileno(self) -> int:
        """For select and poll."""
        return self._sock.fileno()

    def shutdown(self, how: int) -> None:
        """As a socket's."""
        self._sock.shutdown(how)

    def close(self) -> None:
        """As a socket's: it stays open while a response is read from it."""
        self._sock.close()


def open_socket(routes: Routes, host: str, port: int, timeout: float, *, tunnel: bool) -> socket.socket:
    """A socket connected to a host that may be connected to, or to its proxy.

    `timeout`: seconds for the name, all of its addresses, and the proxy. `tunnel`: through the proxy, to the host
    itself, which one that speaks SOCKS does anyway. Raises RefusedError, FailedError.
    """
    whole = DEADLINE.get()
    deadline = whole.within(timeout, f"no connection to {host}:{port}")
    route = routes.of(host, port, deadline)
    peer = f"{host}:{port}" if route.proxy is None else f"the proxy {route.proxy}"
    sock = _connect_to_any(route.addresses[:_TRIED], route.port, deadline, peer, timeout)
    if route.proxy is not None and (tunnel or not route.proxy.is_http):
        try:
            open_tunnel(sock, route.proxy, route.target, port, deadline)
        except (OSError, FailedError) as error:
            sock.close()
            if isinstance(error, FailedError) and error.cause != "timeout":
                raise
            raise FailedError(f"{peer} broke the connection, or did not answer within {timeout:g} s", "proxy") from None
    return sock


def _connect_to_any(
    candidates: list[Address], port: int, deadline: Deadline, peer: str, timeout: float
) -> socket.socket:
    """The first that answers. `peer`: who it is, in words."""
    cause: Cause = "proxy" if peer.startswith("the proxy") else "connect"
    problem = FailedError(f"no connection to {peer}", cause)
    for after, address in enumerate(candidates, start=1):
        # Each gets half of what is left, so that one that swallows packets does not keep the next from its turn.
        wait = deadline.left() if after == len(candidates) else deadline.left() / 2
        try:
            return _connect(address, port, wait)
        except TimeoutError:
            problem = FailedError(f"no connection to {peer} within {timeout:g} s", cause)
        except OSError as error:
            words = "refused the connection" if isinstance(error, ConnectionRefusedError) else f"{error.strerror}"
            problem = FailedError(f"{peer}: {words}", cause)
    raise problem


def _connect(address: Address, port: int, wait: float) -> socket.socket:
    sock = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(wait)
        sock.connect((str(address), port))
    except BaseException:
        sock.close()
        raise
    return sock


def _seconds(timeout: float | None) -> float:
    """urllib3 allows for none; the client always sets one."""
    if timeout is None:
        raise ValueError("a connection without a timeout")
    return timeout


class PlainConnection(HTTPConnection):
    """http by a checked route."""

    def __init__(self, *args: Any, routes: Routes, **kw: Any) -> None:  # noqa: ANN401
        """As urllib3's; `routes`: the guard."""
        super().__init__(*args, **kw)
        self._routes = routes

    def _new_conn(self) -> socket.socket:
        return open_socket(self._routes, self._dns_host, self.port, _seconds(self.timeout), tunnel=False)

    def connect(self) -> None:
        """Connects; the socket keeps the deadline from then on."""
        super().connect()
        self.sock = TimedSocket(self.sock, _seconds(self.timeout))


class TlsConnection(HTTPSConnection):
    """https by a checked route."""

    def __init__(self, *args: Any, routes: Routes, **kw: Any) -> None:  # noqa: ANN401
        """As urllib3's; `routes`: the guard."""
        super().__init__(*args, **kw)
        self._routes = routes

    def _new_conn(self) -> socket.socket:
        started = time.monotonic()
        timeout = _seconds(self.timeout)
        sock = open_socket(self._routes, self._dns_host, self.port, timeout, tunnel=True)
        # What is left of it is for the handshake; Python holds a timeout over the whole of that.
        left = max(timeout - (time.monotonic() - started), 0.001)
        sock.settimeout(min(left, DEADLINE.get().left()))
        return sock

    def connect(self) -> None:
        """Connects and shakes hands; the socket keeps the deadline from then on."""
        try:
            super().connect()
        except TimeoutError:
            DEADLINE.get().left()
            raise FailedError(
                f"no secure connection to {self.host} within {_seconds(self.timeout):g} s", "timeout"
            ) from None
        self.sock = TimedSocket(self.sock, _seconds(self.timeout))


class PlainPool(HTTPConnectionPool):
    """The http connections to a host."""

    ConnectionCls = PlainConnection


class TlsPool(HTTPSConnectionPool):
    """The https connections to a host."""

    ConnectionCls = TlsConnection
