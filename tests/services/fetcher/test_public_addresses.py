"""Which addresses are public, in every notation and wrapping."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.fetcher.addresses import Addresses
from services.fetcher.public_addresses import Address, is_public, reached

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "172.32.0.1",
    "192.0.1.1",
    "2606:4700::1111",
    "2a00:1450:4001:80b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2a00::5efe:808:808",
]
PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "64:ff9b:1:a00:0:100::",
    "64:ff9b:2::808:808",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2001:0:808:808::f7f7:f7f7",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:808:808::1",
    "2a00::5efe:10.0.0.1",
    "2a00::200:5efe:127.0.0.1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "fe80::5efe:10.0.0.1",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


def guard(*opened: str) -> Addresses:
    return Addresses([ip_network(each) for each in opened], ports=[80])


@pytest.mark.parametrize("text", PUBLIC)
def test_public(text: str) -> None:
    assert guard().permits(ip_address(text))


@pytest.mark.parametrize("text", PRIVATE)
def test_not_public(text: str) -> None:
    assert not guard().permits(ip_address(text))


def _nat64(inner: int, length: int) -> IPv6Address:
    """RFC 6052 2.2, by its table: the bits 64 to 71 are left out."""
    prefix = int(IPv6Address("64:ff9b:1::"))
    if length == 96:
        return IPv6Address(prefix | inner)
    bits = f"{prefix:0128b}"[:length] + f"{inner:032b}"
    return IPv6Address(int((bits[:64] + "0" * 8 + bits[64:]).ljust(128, "0"), 2))


def embeddings(inner: IPv4Address) -> dict[str, IPv6Address]:
    """Every IPv6 address that stands for an IPv4 one, by the name of the way."""
    number = int(inner)
    prefix = int(IPv6Address("2a00:1450:4001:80b::"))
    return {
        "mapped": IPv6Address(0xFFFF << 32 | number),
        "compatible": IPv6Address(number),
        "translated": IPv6Address(0xFFFF << 48 | number),
        "nat64": IPv6Address(int(IPv6Address("64:ff9b::")) | number),
        **{f"local nat64 /{length}": _nat64(number, length) for length in (48, 56, 64, 96)},
        "6to4": IPv6Address(0x2002 << 112 | number << 80 | 1),
        "teredo client": IPv6Address(0x20010000 << 96 | 0x08080808 << 64 | (number ^ 0xFFFFFFFF)),
        "teredo server": IPv6Address(0x20010000 << 96 | number << 64 | (0x08080808 ^ 0xFFFFFFFF)),
        "isatap": IPv6Address(prefix | 0x5EFE << 32 | number),
        "isatap, unique": IPv6Address(prefix | 0x02005EFE << 32 | number),
        "isatap, link-local": IPv6Address(0xFE80 << 112 | 0x5EFE << 32 | number),
    }


def not_public() -> st.SearchStrategy[IPv4Address]:
    return st.sampled_from([ip for ip in PRIVATE if "." in ip and ":" not in ip]).map(IPv4Address) | st.ip_addresses(
        v=4
    ).filter(lambda ip: not is_public(ip))


@settings(deadline=None)
@given(not_public())
@example(IPv4Address("127.0.0.1"))
@example(IPv4Address("169.254.169.254"))
def test_no_wrapping_of_an_address_that_is_not_public_is_let_through(inner: IPv4Address) -> None:
    for way, address in embeddings(inner).items():
        assert not guard().permits(address), way


@settings(deadline=None)
@given(not_public())
def test_opening_a_tunnel_does_not_open_what_is_behind_it(inner: IPv4Address) -> None:
    prefixes = ("2001::/32", "2002::/16", "::/96", "::ffff:0:0:0/96", "fe80::/10")
    for way, address in embeddings(inner).items():
        if int(address) > 1 and "local nat64" not in way:
            assert not guard(*prefixes).permits(address), way
            assert guard(*prefixes, str(inner)).permits(address), way
    for length in (48, 56, 64, 96):
        prefix = f"64:ff9b:1::/{length}"
        assert not guard(prefix).permits(_nat64(int(inner), length))
        assert guard(prefix, str(inner)).permits(_nat64(int(inner), length))


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_where_a_connection_to_it_is_made(inner: IPv4Address) -> None:
    ways = embeddings(inner)
    for way in ("mapped", "nat64", "isatap"):
        assert guard().permits(ways[way]) is guard().permits(inner), way
    assert guard("64:ff9b:1::/96").permits(ways["local nat64 /96"]) is guard().permits(inner)
    assert reached(ways["mapped"]) == [inner]


@settings(deadline=None)
@given(st.ip_addresses())
def test_what_python_does_not_take_for_global_is_not_public(address: Address) -> None:
    """The table here is at least as strict as that of whichever Python runs it."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_public(address)


def test_ranges_are_opened() -> None:
    opened = guard("127.0.0.0/8", "fd00::/8", "fe80::/10")
    assert opened.permits(ip_address("127.1.2.3"))
    assert opened.permits(ip_address("::ffff:127.0.0.1"))
    assert opened.permits(ip_address("fd00::1"))
    assert opened.permits(ip_address("fe80::1%eth0"))
    assert not opened.permits(ip_address("10.0.0.1"))
    assert not opened.permits(ip_address("::1"))
    assert guard("::1/128").permits(ip_address("::1"))
