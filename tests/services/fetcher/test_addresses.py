"""Only addresses that are public or allowed are connected to, whatever name or notation leads there."""

import threading
import time
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.addresses import Addresses
from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.deadline import Deadline
from services.fetcher.fetch import Fetcher
from shared.stage import Failed, Fetched, Refused
from shared.urls import NotAUrlError, normalise
from tests.hostile_exchange import HostileSite
from tests.services.fetcher.fetching import claim, quick_settings

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001:80b::200e", "64:ff9b::808:808"]
PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public(text: str) -> None:
    assert Addresses(()).permits(ip_address(text))


@pytest.mark.parametrize("text", PRIVATE)
def test_not_public(text: str) -> None:
    assert not Addresses(()).permits(ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_wrapping(inner: IPv4Address) -> None:
    guard = Addresses(())
    permitted = guard.permits(inner)
    assert guard.permits(IPv6Address(f"::ffff:{inner}")) is permitted
    assert guard.permits(IPv6Address(int(IPv6Address("64:ff9b::")) + int(inner))) is permitted
    if not permitted:
        assert not guard.permits(IPv6Address(0x2002 << 112 | int(inner) << 80))


def test_ranges_are_opened() -> None:
    guard = Addresses([ip_network("127.0.0.0/8"), ip_network("fd00::/8")])
    assert guard.permits(ip_address("127.1.2.3"))
    assert guard.permits(ip_address("::ffff:127.0.0.1"))
    assert guard.permits(ip_address("fd00::1"))
    assert not guard.permits(ip_address("10.0.0.1"))
    assert not guard.permits(ip_address("::1"))


@pytest.mark.parametrize(
    ("host", "suggested"),
    [
        ("127.0.0.1", "127.0.0.0/8"),
        ("10.9.8.7", "10.0.0.0/8"),
        ("192.168.7.7", "192.168.0.0/16"),
        ("169.254.169.254", "169.254.169.254/32"),
        ("[::1]", "::1/128"),
        ("[fd00::1]", "fc00::/7"),
        ("[::ffff:10.0.0.1]", "10.0.0.0/8"),
    ],
)
def test_a_refusal_says_how_to_allow_it(host: str, suggested: str) -> None:
    with pytest.raises(RefusedError, match=f"allow with TEARSHEET_FETCH_ALLOW_PRIVATE={suggested}"):
        Addresses(()).of(host, Deadline(1, "not done"))
    assert Addresses([ip_network(suggested)]).of(host, Deadline(1, "not done"))


@pytest.mark.parametrize("url", ["http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/"])
def test_other_notations_of_loopback(url: str) -> None:
    fetcher = Fetcher(quick_settings(fetch_allow_private=""), None)
    ending = fetcher.fetch(claim(normalise(url)))
    assert isinstance(ending, Refused)
    assert ending.reason.startswith("127.0.0.1 is not a public address")


def test_a_name_of_loopback(site: HostileSite) -> None:
    url = site.at("/ok?n=1").replace("127.0.0.1", "localhost")
    ending = Fetcher(quick_settings(fetch_allow_private=""), None).fetch(claim(url))
    assert isinstance(ending, Refused)
    assert ending.reason.startswith("localhost is ")
    assert "which is not a public address" in ending.reason
    assert site.hits == {}
    assert isinstance(Fetcher(quick_settings(), None).fetch(claim(url)), Fetched)


def test_only_the_permitted_of_a_names_addresses_are_connected_to(site: HostileSite) -> None:
    asked: list[str] = []

    def lookup(host: str) -> list[str]:
        asked.append(host)
        return ["10.0.0.1", "127.0.0.1"]

    addresses = Addresses([ip_network("127.0.0.1/32")], lookup)
    assert addresses.of("site.test", Deadline(1, "not done")) == [ip_address("127.0.0.1")]
    fetcher = Fetcher(quick_settings(), None, addresses)
    assert isinstance(fetcher.fetch(claim(site.at("/ok?n=1").replace("127.0.0.1", "site.test"))), Fetched)
    assert asked == ["site.test"]  # one look-up serves robots.txt, the page and the next pages


def test_a_name_that_changes_between_look_ups_gains_nothing(site: HostileSite) -> None:
    """DNS rebinding: the address that was checked is the one that is connected to, as there is no second look-up."""
    answers = iter([["203.0.113.9"], ["127.0.0.1"], ["127.0.0.1"]])
    fetcher = Fetcher(quick_settings(fetch_allow_private=""), None, Addresses((), lambda _: next(answers)))
    url = site.at("/ok?n=1").replace("127.0.0.1", "rebind.test")
    first, second = fetcher.fetch(claim(url)), fetcher.fetch(claim(url))
    assert isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert site.hits == {}


def test_a_name_server_that_does_not_answer() -> None:
    answer = threading.Event()

    def lookup(_: str) -> list[str]:
        answer.wait(30)
        return ["127.0.0.1"]

    fetcher = Fetcher(quick_settings(), None, Addresses((), lookup))
    started = time.monotonic()
    ending = fetcher.fetch(claim("http://slow.test/"))
    answer.set()
    assert time.monotonic() - started < 1.2
    assert ending == Failed("no name server answered for slow.test in time", "dns")


def test_a_name_without_addresses() -> None:
    with pytest.raises(FailedError, match="has no address"):
        Addresses((), lambda _: []).of("empty.test", Deadline(1, "not done"))


# One for all examples, as making one takes a while (it reads the certificates). It knows no name.
NAMELESS = Fetcher(quick_settings(fetch_allow_private="", fetch_robots=False), None, Addresses((), lambda _: []))


@given(st.text(min_size=1, max_size=80), st.text(max_size=30))
def test_whatever_is_a_url_ends_in_words(host: str, path: str) -> None:
    try:
        url = normalise(f"http://{host}/{path}")
    except NotAUrlError:
        return
    assert isinstance(NAMELESS.fetch(claim(url)), Failed | Refused)
