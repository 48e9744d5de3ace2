"""Only addresses that are public or allowed are connected to, whatever name or notation leads there."""

import re
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.addresses import Addresses
from services.fetcher.causes import RefusedError
from services.fetcher.deadline import Deadline
from services.fetcher.fetch import Fetcher
from shared.stage import Failed, Fetched, Refused
from shared.urls import NotAUrlError, normalise
from tests.hostile_exchange import HostileSite
from tests.services.fetcher.fetching import claim, quick_settings

PORTS = (80, 443)
# One for all examples, as making one takes a while (it reads the certificates). It knows no name.
NAMELESS = Fetcher(
    quick_settings(fetch_allow_private="", fetch_robots=False), None, Addresses((), lambda _: [], ports=PORTS)
)


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
        Addresses((), ports=PORTS).of(host, 80, Deadline(1, "not done"))
    assert Addresses([ip_network(suggested)], ports=PORTS).of(host, 80, Deadline(1, "not done"))


NOTATIONS = {
    "127.0.0.1": [
        "0x7f.1",
        "0x7F.0x0.0x0.0x1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "017700000001",
        "0177.0x0.1",
        "127.1",
        "127.0.1",
        "127.0.0.1.",
        "１２７.０.０.１",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "127．0．0．1",
        "127｡0｡0｡1",
        "127%2e0.0.1",
        "%31%32%37.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "ｌｏｃａｌｈｏｓｔ",
        "ⓛocalhost",
        "lo\u00adcalhost",
        "any.name.localhost",
        "any.localhost.",
    ],
    "0.0.0.0": ["0", "0x", "0.0", "0x0.0"],
    "10.0.0.1": ["10.1", "0xa.1", "012.1", "167772161"],
    "169.254.169.254": ["0xa9fea9fe", "2852039166", "169.254.43518", "0251.0376.0251.0376"],
    "255.255.255.255": ["4294967295", "0xffffffff", "255.16777215"],
    "::1": ["[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]", "[::0.0.0.1]"],
    "::": ["[::]"],
    "::ffff:7f00:1": ["[::ffff:127.0.0.1]", "[::FFFF:7F00:1]", "[0:0:0:0:0:ffff:127.0.0.1]"],
    "64:ff9b::a9fe:a9fe": ["[64:ff9b::169.254.169.254]"],
}


@pytest.mark.parametrize(("host", "address"), [(each, ip) for ip, hosts in NOTATIONS.items() for each in hosts])
def test_other_notations(host: str, address: str) -> None:
    """From the URL as a person or a page writes it: each ends at the address that it means, without a name server."""
    ending = NAMELESS.fetch(claim(normalise(f"http://{host}/")))
    assert isinstance(ending, Refused)
    found = re.search(r"([0-9a-f.:]+),? (?:which )?is not a public address", ending.reason)
    assert found, ending
    assert found.group(1) in (address, str(ip_address(address)))


@pytest.mark.parametrize("host", ["[fe80::1%25eth0]", "[fe80::1%eth0]", "1.2.3.4.5", "256.1.1.1", "09.1.1.1", "[::1"])
def test_hosts_that_no_url_has(host: str) -> None:
    with pytest.raises(NotAUrlError):
        normalise(f"http://{host}/")


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

    addresses = Addresses([ip_network("127.0.0.1/32")], lookup, ports=PORTS)
    assert addresses.of("site.test", 80, Deadline(1, "not done")) == [ip_address("127.0.0.1")]
    fetcher = Fetcher(quick_settings(), None, addresses)
    assert isinstance(fetcher.fetch(claim(site.at("/ok?n=1").replace("127.0.0.1", "site.test"))), Fetched)
    assert asked == ["site.test"]  # one look-up serves robots.txt, the page and the next pages


@given(st.text(min_size=1, max_size=80), st.text(max_size=30))
def test_whatever_is_a_url_ends_in_words(host: str, path: str) -> None:
    try:
        url = normalise(f"http://{host}/{path}")
    except NotAUrlError:
        return
    assert isinstance(NAMELESS.fetch(claim(url)), Failed | Refused)
