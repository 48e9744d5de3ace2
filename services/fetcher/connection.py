"""urllib3's connections with two changes: they connect to checked addresses only, and no wait outlives the deadline."""

import io
import socket
import time
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from services.fetcher.addresses import Addresses
from services.fetcher.causes import FailedError
from services.fetcher.deadline import DEADLINE
from services.fetcher.public_addresses import Address

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
            return self._raw.readinto(buffer)
        except TimeoutError:
            deadline.left()
            raise FailedError(f"no data for {self._timeout:g} s", "timeout") from None

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class TimedSocket:
    """What http.client and urllib3 use of a socket, plain or TLS."""

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        """`timeout`: seconds between two pieces."""
        self._sock = sock
        self._timeout = timeout

    def makefile(self, mode: str) -> io.BufferedReader:
        """The reader of a response; http.client asks for "rb"."""
        if mode != "rb":
            raise ValueError(mode)
        return io.BufferedReader(_Pieces(self._sock, self._timeout), _BUFFER)

    def sendall(self, data: bytes) -> None:
        """Sends all, within the deadline."""
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


def open_socket(addresses: Addresses, host: str, port: int, timeout: float) -> socket.socket:
    """A socket connected to an address of `host` that may be connected to.

    `timeout`: seconds for the name and all of its addresses. Raises RefusedError, FailedError.
    """
    whole = DEADLINE.get()
    deadline = whole.within(timeout, f"no connection to {host}:{port}")
    candidates = addresses.of(host, port, deadline)[:_TRIED]
    problem = FailedError(f"no connection to {host}:{port}", "connect")
    for after, address in enumerate(candidates, start=1):
        # Each gets half of what is left, so that one that swallows packets does not keep the next from its turn.
        wait = deadline.left() if after == len(candidates) else deadline.left() / 2
        try:
            return _connect(address, port, wait)
        except TimeoutError:
            problem = FailedError(f"no connection to {host}:{port} within {timeout:g} s", "connect")
        except OSError as error:
            words = "refused the connection" if isinstance(error, ConnectionRefusedError) else f"{error.strerror}"
            problem = FailedError(f"{host}:{port}: {words}", "connect")
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
    """http to a checked address."""

    def __init__(self, *args: Any, addresses: Addresses, **kw: Any) -> None:  # noqa: ANN401
        """As urllib3's; `addresses`: the guard."""
        super().__init__(*args, **kw)
        self._addresses = addresses

    def _new_conn(self) -> socket.socket:
        return open_socket(self._addresses, self._dns_host, self.port, _seconds(self.timeout))

    def connect(self) -> None:
        """Connects; the socket keeps the deadline from then on."""
        super().connect()
        self.sock = TimedSocket(self.sock, _seconds(self.timeout))


class TlsConnection(HTTPSConnection):
    """https to a checked address."""

    def __init__(self, *args: Any, addresses: Addresses, **kw: Any) -> None:  # noqa: ANN401
        """As urllib3's; `addresses`: the guard."""
        super().__init__(*args, **kw)
        self._addresses = addresses

    def _new_conn(self) -> socket.socket:
        started = time.monotonic()
        timeout = _seconds(self.timeout)
        sock = open_socket(self._addresses, self._dns_host, self.port, timeout)
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
