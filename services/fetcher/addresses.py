"""Which addresses and ports may be connected to, and the look-up of names.

The address that was checked is the one that is connected to (`connection.py`): a name that resolves to something else
a moment later (DNS rebinding) gains nothing.
"""

import socket
import threading
from collections.abc import Callable, Collection, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.deadline import Deadline
from services.fetcher.expiring import Expiring
from services.fetcher.public_addresses import Address, Network, is_public, reached

# What a refusal suggests to open; an address outside of them is suggested alone.
_USUAL_RANGES = [
    ip_network(n) for n in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]
# RFC 6761 6.3: these names are loopback, whatever a name server says; it is not asked.
_LOOPBACK: list[Address] = [IPv4Address("127.0.0.1"), IPv6Address("::1")]
# getaddrinfo does not tell a name's time to live; a minute is what most browsers keep one.
NAME_KEPT = 60.0
_NAMES_KEPT = 4096


def system_lookup(host: str) -> list[str]:
    """Addresses of a host by the system's resolver, in its order of preference. Raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Addresses:
    """Finds a host's addresses and lets through those that may be connected to. Safe in threads."""

    def __init__(
        self,
        allowed: Iterable[Network],
        lookup: Callable[[str], list[str]] = system_lookup,
        *,
        ports: Collection[int],
    ) -> None:
        """`allowed`: ranges that are not public and may be connected to all the same, at every port: who opens a range
        names the servers in it. `ports`: those of public addresses."""
        self._allowed = tuple(allowed)
        self._ports = frozenset(ports)
        self._lookup = lookup
        self._names: Expiring[str, list[Address]] = Expiring(_NAMES_KEPT)

    def of(self, host: str, port: int, deadline: Deadline) -> list[Address]:
        """The addresses of `host` that may be connected to at `port`, at least one.

        Raises RefusedError where none may, FailedError where the name is unknown or the name servers are too slow.
        """
        addresses = self._resolve(host, deadline)
        permitted = [address for address in addresses if self.permits(address)]
        if not permitted:
            raise self._not_public(host, addresses[0])
        open_to_us = [address for address in permitted if port in self._ports or self._opened(address)]
        if not open_to_us:
            self.check_port(host, port)
        return open_to_us

    def check_port(self, host: str, port: int) -> None:
        """Raises RefusedError where the port is none of those of public addresses."""
        if port not in self._ports:
            raise RefusedError(
                f"port {port} of {host} is none that pages are fetched from (allow with TEARSHEET_FETCH_PORTS="
                f"{','.join(str(each) for each in sorted({*self._ports, port}))})"
            )

    def unguarded(self, host: str, deadline: Deadline) -> list[Address]:
        """The addresses of a host that whoever set up the fetcher names: a proxy. Raises FailedError as `of`."""
        return self._resolve(host, deadline)

    def permits(self, address: Address) -> bool:
        """Whether this address may be connected to: it, and every address that it stands for, is public or allowed."""
        return all(is_public(each) or self._allows(each) for each in self._reached(address))

    def _opened(self, address: Address) -> bool:
        """Whether whoever set up the fetcher opened a range with just this address."""
        return all(self._allows(each) for each in self._reached(address))

    def _allows(self, address: Address) -> bool:
        return any(address in network for network in self._allowed)

    def _reached(self, address: Address) -> list[Address]:
        return reached(address, self._allowed)

    def _not_public(self, host: str, address: Address) -> RefusedError:
        closed = next(each for each in self._reached(address) if not is_public(each) and not self._allows(each))
        subject = str(address) if host.strip("[]") == str(address) else f"{host} is {address}, which"
        return RefusedError(
            f"{subject} is not a public address (allow with TEARSHEET_FETCH_ALLOW_PRIVATE={_range(closed)})"
        )

    def _resolve(self, host: str, deadline: Deadline) -> list[Address]:
        literal = _literal(host)
        if literal is not None:
            return [literal]
        if f".{host.rstrip('.')}".endswith(".localhost"):
            return _LOOPBACK
        known = self._names.get(host)
        if known is not None:
            return known
        addresses = [ip_address(text) for text in _in_time(self._lookup, host, deadline)]
        if not addresses:
            raise FailedError(f"unknown host: {host} has no address", "dns")
        self._names.put(host, addresses, NAME_KEPT)
        return addresses


def _in_time(lookup: Callable[[str], list[str]], host: str, deadline: Deadline) -> list[str]:
    """The look-up in a thread of its own, as getaddrinfo knows no timeout.

    One that is given up runs to the resolver's own end (at most 30 s with glibc's defaults), so that few pile up.
    """
    result: list[list[str] | Exception] = []

    def look_up() -> None:
        try:
            result.append(lookup(host))
        except (OSError, UnicodeError) as error:
            result.append(error)

    thread = threading.Thread(target=look_up, name="name look-up", daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not result:
        raise FailedError(f"no name server answered for {host} in time", "dns")
    found = result[0]
    if isinstance(found, socket.gaierror) and found.errno == socket.EAI_AGAIN:
        raise FailedError(f"no name server answered for {host}", "dns")
    if isinstance(found, Exception):
        raise FailedError(f"unknown host: there is no {host}", "dns")
    return found


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _range(address: Address) -> str:
    """The range to open for an address: the usual one that it belongs to, else itself."""
    usual = next((network for network in _USUAL_RANGES if address in network), None)
    return str(usual) if usual is not None else f"{str(address).partition('%')[0]}/{address.max_prefixlen}"
