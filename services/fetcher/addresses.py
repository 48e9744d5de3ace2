"""Which addresses may be connected to, and the look-up of names.

The address that was checked is the one that is connected to (`connection.py`): a name that resolves to something else
a moment later (DNS rebinding) gains nothing.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.deadline import Deadline
from services.fetcher.expiring import Expiring

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IPv6 that is routed on the Internet (IANA IPv6 address space registry: 2000::/3 is the only Global Unicast block).
_GLOBAL_UNICAST = ip_network("2000::/3")
# NAT64's well-known prefix (RFC 6052): the last 32 bits are the IPv4 address that is reached.
_NAT64 = ip_network("64:ff9b::/96")
# What a refusal suggests to open; an address outside of them is suggested alone.
_USUAL_RANGES = [
    ip_network(n) for n in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]
# getaddrinfo does not tell a name's time to live; a minute is what most browsers keep one.
_NAME_KEPT = 60.0
_NAMES_KEPT = 4096


def system_lookup(host: str) -> list[str]:
    """Addresses of a host by the system's resolver, in its order of preference. Raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Addresses:
    """Finds a host's addresses and lets through those that may be connected to. Safe in threads."""

    def __init__(self, allowed: Iterable[Network], lookup: Callable[[str], list[str]] = system_lookup) -> None:
        """`allowed`: ranges that are not public and may be connected to all the same."""
        self._allowed = tuple(allowed)
        self._lookup = lookup
        self._names: Expiring[str, list[Address]] = Expiring(_NAMES_KEPT)

    def of(self, host: str, deadline: Deadline) -> list[Address]:
        """The addresses of `host` that may be connected to, at least one.

        Raises RefusedError where none may, FailedError where the name is unknown or the name servers are too slow.
        """
        addresses = self._resolve(host, deadline)
        permitted = [address for address in addresses if self.permits(address)]
        if permitted:
            return permitted
        address = addresses[0]
        suggestion = next(_range(each) for each in _reached(address) if not self._may_be_reached(each))
        subject = str(address) if host.strip("[]") == str(address) else f"{host} is {address}, which"
        raise RefusedError(f"{subject} is not a public address (allow with TEARSHEET_FETCH_ALLOW_PRIVATE={suggestion})")

    def unguarded(self, host: str, deadline: Deadline) -> list[Address]:
        """The addresses of a host that whoever set up the fetcher names: a proxy. Raises FailedError as `of`."""
        return self._resolve(host, deadline)

    def permits(self, address: Address) -> bool:
        """Whether this address may be connected to: it, and every address that it stands for, is public or allowed."""
        return all(self._may_be_reached(each) for each in _reached(address))

    def _may_be_reached(self, address: Address) -> bool:
        return _is_public(address) or any(address in network for network in self._allowed)

    def _resolve(self, host: str, deadline: Deadline) -> list[Address]:
        literal = _literal(host)
        if literal is not None:
            return [literal]
        known = self._names.get(host)
        if known is not None:
            return known
        addresses = [ip_address(text) for text in _in_time(self._lookup, host, deadline)]
        if not addresses:
            raise FailedError(f"unknown host: {host} has no address", "dns")
        self._names.put(host, addresses, _NAME_KEPT)
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


def _reached(address: Address) -> Iterator[Address]:
    """The addresses that a connection to this one reaches: of a mapping or tunnel, the IPv4 address inside."""
    if isinstance(address, IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFF_FFFF)
        return
    yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo


def _is_public(address: Address) -> bool:
    """Global unicast by IANA's registries. Multicast counts as global there, and a zone id as nothing."""
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return isinstance(address, IPv4Address) or (address.scope_id is None and address in _GLOBAL_UNICAST)


def _range(address: Address) -> str:
    """The range to open for an address: the usual one that it belongs to, else itself."""
    usual = next((network for network in _USUAL_RANGES if address in network), None)
    return str(usual) if usual is not None else f"{str(address).partition('%')[0]}/{address.max_prefixlen}"
