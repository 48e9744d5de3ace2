"""Names, looked up at a real DNS server: what is connected to is what was checked, whatever the server answers.

127.0.0.2 plays a public address (it is allowed), 127.0.0.1 and ::1 the private ones. All listen on one port.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.fetcher import addresses
from services.fetcher.addresses import Addresses, system_lookup
from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.deadline import Deadline
from services.fetcher.fetch import Fetcher
from shared.stage import Ending, Failed, Fetched, Refused
from shared.urls import normalise
from tests.dns_server import Answer, DnsServer, dns_server
from tests.hostile_exchange import Exchange, HostileServer
from tests.one_port import on_one_port
from tests.services.fetcher.fetching import claim, quick_settings

PUBLIC, PRIVATE, PRIVATE_6 = "127.0.0.2", "127.0.0.1", "::1"
PAGE = "<!DOCTYPE html><title>A page</title><p>A sentence to be read."
# A look-up goes through three threads of this process, and a thousand addresses are a while's work for the server.
PATIENT = {"fetch_connect_timeout": 10, "fetch_read_timeout": 10, "fetch_robots_timeout": 10, "fetch_total_timeout": 20}
# RFC 1035 2.3.4: 255 bytes with the lengths before the labels and the last, empty label.
LONGEST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])


@dataclass
class Street:
    """Servers of one port at several addresses, and who was asked for what."""

    port: int
    asked: dict[str, list[str]]

    def url(self, host: str, path: str = "/page") -> str:
        return normalise(f"http://{host}:{self.port}{path}")


@contextmanager
def street_of() -> Iterator[Street]:
    asked: dict[str, list[str]] = {PUBLIC: [], PRIVATE: [], PRIVATE_6: []}

    def answer(x: Exchange) -> None:
        asked[x.server.server_address[0]].append(x.target)
        if x.path == "/robots.txt":
            x.reply("", status="404 Not Found")
        elif x.path == "/away":
            x.redirect(x.target.partition("?to=")[2])
        else:
            x.reply(PAGE)

    servers = on_one_port([partial(HostileServer, address, answer) for address in asked])
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(server)
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield Street(servers[0].server_address[1], asked)


@pytest.fixture
def street() -> Iterator[Street]:
    with street_of() as running:
        yield running


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    with dns_server() as running:
        yield running


@pytest.fixture
def names_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each connection looks its name up, as after a minute."""
    monkeypatch.setattr(addresses, "NAME_KEPT", 0.0)


def fetch(dns: DnsServer, url: str) -> Ending:
    """By a fetcher of its own, for which only `PUBLIC` is public, and every port is open."""
    return fetcher_of(dns).fetch(claim(url))


def fetcher_of(dns: DnsServer, times: Mapping[str, float] = PATIENT) -> Fetcher:
    own = quick_settings(fetch_allow_private=f"{PUBLIC}/32", **times)
    return Fetcher(own, None, Addresses(own.fetch_allow_private, dns.look_up, ports=range(1, 65536)))


def not_public(ending: Ending, host: str) -> bool:
    return isinstance(ending, Refused) and ending.reason.startswith(f"{host} is ") and "not a public" in ending.reason


def test_one_look_up_serves_robots_txt_and_the_page(dns: DnsServer, street: Street) -> None:
    dns.answers["site.test"] = [[PUBLIC], [PRIVATE]]
    assert isinstance(fetch(dns, street.url("site.test")), Fetched)
    assert street.asked == {PUBLIC: ["/robots.txt", "/page"], PRIVATE: [], PRIVATE_6: []}
    assert dns.asked == {"site.test A": 1, "site.test AAAA": 1}


@pytest.mark.parametrize("times", range(1, 7))
def test_a_name_that_turns_private_after_a_check(
    dns: DnsServer, street: Street, names_not_kept: None, times: int
) -> None:
    """DNS rebinding, at whichever look-up of the two requests: what counts is the look-up that is connected by."""
    dns.answers["rebind.test"] = [*([[PUBLIC]] * times), [PRIVATE]]
    fetcher = fetcher_of(dns)
    endings = [fetcher.fetch(claim(street.url("rebind.test"))) for _ in range(4)]
    assert not_public(endings[-1], "rebind.test")
    assert street.asked[PRIVATE] == street.asked[PRIVATE_6] == []


@pytest.mark.parametrize(
    "answer",
    [
        [PRIVATE],
        [PRIVATE_6],
        [PRIVATE, PRIVATE_6],
        ["::ffff:127.0.0.1"],
        ["::127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["0.0.0.0"],
        ["::"],
        ["169.254.169.254"],
        ["inside.test"],
        ["through.test"],
        [f"10.0.{n // 250}.{n % 250 + 1}" for n in range(1000)],
    ],
)
def test_names_of_private_addresses(dns: DnsServer, street: Street, answer: Answer) -> None:
    dns.answers |= {"evil.test": [answer], "through.test": [["inside.test"]], "inside.test": [[PRIVATE, PRIVATE_6]]}
    assert not_public(fetch(dns, street.url("evil.test")), "evil.test")
    assert street.asked == {PUBLIC: [], PRIVATE: [], PRIVATE_6: []}


@pytest.mark.parametrize(
    "answer",
    [
        [PRIVATE, PUBLIC],
        [PUBLIC, PRIVATE],
        [PRIVATE_6, PRIVATE, "::ffff:127.0.0.1", PUBLIC],
        ["::ffff:127.0.0.2"],
        ["::ffff:127.0.0.1", "::ffff:127.0.0.2"],
        ["mixed.test"],
        [*(f"10.0.{n // 250}.{n % 250 + 1}" for n in range(999)), PUBLIC],
    ],
)
def test_only_the_public_of_a_names_addresses_are_connected_to(dns: DnsServer, street: Street, answer: Answer) -> None:
    dns.answers |= {"site.test": [answer], "mixed.test": [[PRIVATE, PUBLIC]]}
    assert isinstance(fetch(dns, street.url("site.test")), Fetched)
    assert street.asked == {PUBLIC: ["/robots.txt", "/page"], PRIVATE: [], PRIVATE_6: []}


def test_an_answer_too_long_for_a_datagram_comes_by_tcp(dns: DnsServer) -> None:
    dns.answers["many.test"] = [[f"10.0.{n // 250}.{n % 250 + 1}" for n in range(1000)]]
    assert len(dns.look_up("many.test")) == 1000
    assert dns.asked["many.test A tcp"] == 1


@pytest.mark.parametrize("path", ["/robots.txt", "/page"])
def test_a_redirect_to_a_private_name(dns: DnsServer, street: Street, path: str) -> None:
    dns.answers |= {"site.test": [[PUBLIC]], "inside.test": [[PRIVATE]]}
    ending = fetch(dns, street.url("site.test", f"/away?to={street.url('inside.test', path)}"))
    assert not_public(ending, "inside.test")
    assert street.asked == {PUBLIC: ["/robots.txt", f"/away?to={street.url('inside.test', path)}"]} | {
        PRIVATE: [],
        PRIVATE_6: [],
    }


@pytest.mark.parametrize(
    ("turns", "reason", "cause"),
    [
        ([], "unknown host: there is no site.test", "dns"),
        (["NXDOMAIN"], "unknown host: there is no site.test", "dns"),
        (["SERVFAIL"], "no name server answered for site.test", "dns"),
        ([[]], "unknown host: site.test has no address", "dns"),
        (["silence"], "no name server answered for site.test in time", "dns"),
        ([["site.test"]], "no name server answered for site.test", "dns"),
        ([["nowhere.test"]], "unknown host: site.test has no address", "dns"),
    ],
)
def test_no_address(dns: DnsServer, turns: list[Answer], reason: str, cause: str) -> None:
    """An error, no records, no answer, an alias of itself, an alias of nothing."""
    dns.answers["site.test"] = turns
    fetcher = fetcher_of(dns, {} if turns == ["silence"] else PATIENT)
    assert fetcher.fetch(claim("http://site.test/")) == Failed(reason, cause)


def test_an_error_is_not_kept(dns: DnsServer, street: Street) -> None:
    dns.answers["site.test"] = ["SERVFAIL", [PUBLIC]]
    fetcher = fetcher_of(dns)
    assert isinstance(fetcher.fetch(claim(street.url("site.test"))), Failed)
    assert isinstance(fetcher.fetch(claim(street.url("site.test"))), Fetched)


def test_the_longest_name(dns: DnsServer, street: Street) -> None:
    dns.answers[LONGEST] = [[PUBLIC]]
    assert isinstance(fetch(dns, street.url(LONGEST)), Fetched)
    dns.answers[LONGEST] = [[PRIVATE]]
    assert not_public(fetch(dns, street.url(LONGEST)), LONGEST)


@pytest.mark.parametrize("name", [f"{LONGEST}e", "a" * 64 + ".test", ".".join("a" * 1000), "a..test"])
def test_names_that_cannot_be(dns: DnsServer, name: str) -> None:
    """By the system's resolver as well, which asks nobody for these."""
    assert fetch(dns, f"http://{name}/") == Failed(f"unknown host: there is no {name}", "dns")
    with pytest.raises(FailedError, match="unknown host"):
        Addresses((), system_lookup, ports=[80]).of(name, 80, Deadline(1, "not done"))


def test_no_name_server_is_asked_for_localhost(dns: DnsServer, street: Street) -> None:
    dns.answers |= {"localhost": [[PUBLIC]], "my.localhost": [[PUBLIC]]}
    assert not_public(fetch(dns, street.url("localhost")), "localhost")
    assert not_public(fetch(dns, street.url("my.localhost.")), "my.localhost.")
    assert not dns.asked


turns = st.lists(
    st.lists(
        st.sampled_from(
            [PUBLIC, PRIVATE, PRIVATE_6, "::ffff:127.0.0.1", "::ffff:127.0.0.2", "::127.0.0.1", "0.0.0.0", "alias.test"]
        ),
        max_size=4,
    )
    | st.sampled_from(["NXDOMAIN", "SERVFAIL"]),
    min_size=1,
    max_size=6,
)


def test_whatever_a_name_server_answers_and_when_only_the_public_address_is_asked(
    dns: DnsServer, street: Street, names_not_kept: None
) -> None:
    @settings(max_examples=60, deadline=None)
    @given(turns, turns)
    def any_answers(site: list[Answer], alias: list[Answer]) -> None:
        dns.answers |= {"site.test": list(site), "alias.test": list(alias)}
        fetcher = fetcher_of(dns)
        try:
            for _ in range(3):
                ending = fetcher.fetch(claim(street.url("site.test")))
                assert isinstance(ending, Fetched | Failed | Refused)
        finally:
            fetcher.close()
        assert street.asked[PRIVATE] == street.asked[PRIVATE_6] == []

    any_answers()
    assert street.asked[PUBLIC]


def test_ports_of_public_addresses_are_limited(dns: DnsServer) -> None:
    guard = Addresses((), dns.look_up, ports=[443, 80])
    dns.answers["site.test"] = [["8.8.8.8", "10.0.0.1"]]
    for port in (80, 443):
        assert [str(each) for each in guard.of("site.test", port, Deadline(1, "not done"))] == ["8.8.8.8"]
    for port in (0, 22, 25, 6379, 8080, 65535):
        with pytest.raises(RefusedError) as refused:
            guard.of("site.test", port, Deadline(1, "not done"))
        allowed = ",".join(str(each) for each in sorted([80, 443, port]))
        assert refused.value.reason == (
            f"port {port} of site.test is none that pages are fetched from (allow with TEARSHEET_FETCH_PORTS={allowed})"
        )


@pytest.mark.parametrize("where", ["page", "redirect", "robots.txt"])
def test_a_port_that_is_not_allowed(
    dns: DnsServer, street: Street, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.2 is taken for really public here, as only then its ports are limited."""
    monkeypatch.setattr(addresses, "is_public", lambda address: str(address) == PUBLIC)
    dns.answers["site.test"] = [[PUBLIC]]
    guard = Addresses((), dns.look_up, ports=[street.port])
    fetcher = Fetcher(quick_settings(fetch_robots=where == "robots.txt"), None, guard)
    url = street.url("site.test", "/away?to=http://site.test:25/") if where == "redirect" else "http://site.test:25/"
    ending = fetcher.fetch(claim(url))
    assert isinstance(ending, Refused)
    assert ending.reason.startswith("port 25 of site.test is none that pages are fetched from (allow with")
    assert street.asked[PUBLIC] == (["/away?to=http://site.test:25/"] if where == "redirect" else [])


def test_opened_addresses_are_open_at_every_port() -> None:
    guard = Addresses(quick_settings().fetch_allow_private, ports=[80])
    assert guard.of("127.0.0.1", 6379, Deadline(1, "not done"))
    assert guard.of("[::ffff:127.0.0.1]", 6379, Deadline(1, "not done"))
