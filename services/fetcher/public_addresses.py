"""Which IP addresses are public, and which IPv4 address is reached through an IPv6 one.

By IANA's registries of special-purpose addresses (RFC 6890), written out here: what Python's `ipaddress` calls global
changes from version to version (3.11.7 does so with 2002:7f00:1::), and counts multicast.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_PUBLIC = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to itself
        "10.0.0.0/8",  # private use (RFC 1918)
        "100.64.0.0/10",  # carriers' NAT (RFC 6598), and overlay networks
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local (RFC 3927): metadata of cloud machines
        "172.16.0.0/12",  # private use
        "192.0.0.0/24",  # IETF protocols
        "192.0.2.0/24",  # documentation (RFC 5737)
        "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
        "192.168.0.0/16",  # private use
        "198.18.0.0/15",  # benchmarks (RFC 2544)
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # IETF protocols, Teredo and ORCHID among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, given up (RFC 7526)
        "3fff::/20",  # documentation (RFC 9637)
    )
)
# IPv6 that is routed on the Internet (IANA IPv6 address space registry: the only block of Global Unicast).
_GLOBAL_UNICAST = IPv6Network("2000::/3")

# Prefixes behind which the last 32 bits are an IPv4 address: IPv4-compatible (RFC 4291 2.5.5.1) and IPv4-translated
# (RFC 7915).
_COMPATIBLE = IPv6Network("::/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
# NAT64 with the well-known prefix (RFC 6052), and with prefixes of one's own network (RFC 8215).
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
# ISATAP (RFC 5214 6.1): these four bytes and an IPv4 address make the lower half, behind any prefix.
_ISATAP = (bytes.fromhex("00005efe"), bytes.fromhex("02005efe"))
# Lengths of NAT64 prefixes that fit in the local one (RFC 6052 2.2).
_NAT64_LENGTHS = (48, 56, 64, 96)


def is_public(address: Address) -> bool:
    """Whether it is routed on the Internet, by itself: `reached` tells what it stands for. One with a zone is not."""
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return isinstance(address, IPv4Address) or (address.scope_id is None and address in _GLOBAL_UNICAST)


def reached(address: Address, prefixes: Iterable[Network] = ()) -> list[Address]:
    """The addresses that a connection to this one may reach: itself, and of a mapping or tunnel the IPv4 inside.

    `prefixes`: ranges that were opened; one of NAT64's local ones says by its length where the IPv4 address stands.
    """
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]  # The system makes an IPv4 connection of it.
    if address in _NAT64:
        return [_last(address)]  # It has no meaning but this.
    return [address, *_inside(address), *_behind_local_nat64(address, prefixes)]


def _inside(address: IPv6Address) -> list[Address]:
    """IPv4 addresses of tunnels and old mappings, most of which no system makes a connection of any more."""
    inside: list[Address] = []
    # :: and ::1 are no IPv4-compatible addresses.
    if address in _TRANSLATED or (address in _COMPATIBLE and int(address) > 1):
        inside.append(_last(address))
    if address.sixtofour is not None:
        inside.append(address.sixtofour)
    if address.teredo is not None:
        inside.extend(address.teredo)
    if address.packed[8:12] in _ISATAP:
        inside.append(_last(address))
    return inside


def _behind_local_nat64(address: IPv6Address, prefixes: Iterable[Network]) -> list[Address]:
    if address not in _NAT64_LOCAL:
        return []
    lengths = {network.prefixlen for network in prefixes if address in network}
    return [_translated(address, length) for length in lengths.intersection(_NAT64_LENGTHS)]


def _translated(address: IPv6Address, length: int) -> IPv4Address:
    """The IPv4 address behind a NAT64 prefix of so many bits (RFC 6052 2.2: the ninth byte is left out of it)."""
    if length == 96:
        return _last(address)
    packed = address.packed[:8] + address.packed[9:]
    start = length // 8
    return IPv4Address(packed[start : start + 4])


def _last(address: IPv6Address) -> IPv4Address:
    return IPv4Address(address.packed[12:])
