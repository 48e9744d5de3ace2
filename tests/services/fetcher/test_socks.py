"""SOCKS 5 proxies from sites.toml, with a real one: what they are handed, what they are not, and how they fail."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from services.fetcher.addresses import Addresses
from services.fetcher.fetch import Fetcher
from shared.stage import Begun, Claim, Failed, Fetched, Refused
from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import claim, quick_settings, site_of
from tests.socks_server import socks_server

PAGE = "<!DOCTYPE html><title>A page</title><p>A sentence to be read."
TLS = Path(__file__).with_name("localhost.pem")
PUBLIC, SIXTH = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
HOSTS = [".test", "localhost", "127.0.0.1", "169.254.169.254", f"[{SIXTH}]"]


def unknown_here(host: str) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def through(
    tmp_path: Path, proxy: str, lookup: Callable[[str], list[str]] = unknown_here, **settings: object
) -> Fetcher:
    """A fetcher that asks `HOSTS` through a proxy, and may connect to no private address by itself."""
    sites = tmp_path / "sites.toml"
    sites.write_text("".join(f'["{host}"]\nproxy = "{proxy}"\n' for host in HOSTS))
    opened = quick_settings().fetch_allow_private if settings.pop("loopback", False) else ()
    begin = settings.pop("begin", None)
    made = quick_settings(**{"fetch_sites": sites, "fetch_robots": False, **settings})
    return Fetcher(made, None, Addresses(opened, lookup, ports=range(1, 65536)), begin)  # type: ignore[arg-type]


def test_an_address_that_was_checked_is_handed_on(tmp_path: Path) -> None:
    """With socks5 names are looked up here, so the address that was judged is the one that is connected to."""
    heads: list[tuple[str, dict[str, str]]] = []
    begun: list[str] = []

    def answer(x: Exchange) -> None:
        heads.append((x.path, x.headers))
        x.reply(PAGE)

    def begin(_claim: Claim, address: str) -> Begun:
        begun.append(address)
        return Begun.GO

    with site_of(answer) as site, socks_server(login=("user", "p@ss")) as proxy:
        proxy.names = dict.fromkeys((f"{PUBLIC}:80", f"{SIXTH}:80"), site.url.removeprefix("http://"))
        fetcher = through(tmp_path, f"socks5://user:p%40ss@{proxy.host}", lambda _: ["10.0.0.1", PUBLIC], begin=begin)
        assert isinstance(fetcher.turn(claim("http://a.test/x")), Fetched)
        assert isinstance(fetcher.turn(claim(f"http://[{SIXTH}]/y")), Fetched)
        fetcher.close()
    assert proxy.asked == [f"1 {PUBLIC}:80", f"4 {SIXTH}:80"]
    assert begun == [PUBLIC, SIXTH]  # hosts at one address share its places, behind a proxy too
    assert [path for path, _ in heads] == ["/x", "/y"]  # as the site itself is asked
    assert all(not name.startswith("proxy-") for _, headers in heads for name in headers)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("url", ["http://a.test/", "https://a.test/", "http://127.0.0.1/", "http://169.254.169.254/x"])
def test_what_is_known_to_be_private_is_not_handed_on(url: str, scheme: str, tmp_path: Path) -> None:
    with socks_server() as proxy:
        ending = through(tmp_path, f"{scheme}://{proxy.host}", lambda _: ["10.1.2.3"]).fetch(claim(url))
        assert isinstance(ending, Refused)
        assert "is not a public address" in ending.reason
        assert proxy.asked == []


def test_a_name_is_handed_on_where_the_proxy_shall_look_it_up(tmp_path: Path) -> None:
    with site_of(lambda x: x.reply(PAGE)) as site, socks_server() as proxy:
        proxy.names["a.test:80"] = site.url.removeprefix("http://")
        assert isinstance(through(tmp_path, f"socks5h://{proxy.host}").fetch(claim("http://a.test/")), Fetched)
        here = through(tmp_path, f"socks5://{proxy.host}").fetch(claim("http://a.test/"))
        assert here == Failed("unknown host: there is no a.test", "dns")
        no = through(tmp_path, f"socks5h://{proxy.host}").fetch(claim("http://b.test/"))
        assert no == Failed(f"the proxy {proxy.host} does not connect to b.test:80: host unreachable", "proxy")
        name = ".".join(["a" * 60] * 5) + ".test"
        long = through(tmp_path, f"socks5h://{proxy.host}").fetch(claim(f"http://{name}/"))
        assert long == Failed(f"unknown host: {name[:40]}… is longer than names are", "dns")
    assert proxy.asked == ["3 a.test:80", "3 b.test:80"]


def test_https_through_it_is_between_us_and_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = {"fetch_connect_timeout": 5.0, "fetch_total_timeout": 20.0}
    with site_of(lambda x: x.reply(PAGE), certificate=TLS) as site, socks_server() as proxy:
        port = site.url.rpartition(":")[2]
        proxy.names = dict.fromkeys((f"localhost:{port}", f"b.test:{port}"), f"127.0.0.1:{port}")
        monkeypatch.setenv("SSL_CERT_FILE", str(TLS))
        fetcher = through(tmp_path, f"socks5h://{proxy.host}", loopback=True, **patient)
        assert isinstance(fetcher.fetch(claim(f"https://localhost:{port}/x")), Fetched)
        other = fetcher.fetch(claim(f"https://b.test:{port}/x"))
        fetcher.close()
    assert isinstance(other, Failed)
    assert other.cause == "tls"


def say(answer: bytes) -> Callable[[socket.socket], None]:
    return lambda client: client.sendall(answer)


def drip(client: socket.socket) -> None:
    client.sendall(b"\x05\x00\x05\x00\x00\x03\xff")
    while True:
        client.sendall(b"a")
        time.sleep(0.05)  # as a slow network does


BROKEN = {
    "wants a password": (say(b"\x05\xff"), "lets nobody in so"),
    "takes another one": (say(b"\x05\x02\x01\x01"), "does not take this user and password"),
    "not ours to choose": (say(b"\x05\x01"), "lets nobody in so"),
    "refuses": (say(b"\x05\x00\x05\x02\x00\x01"), "does not connect to a.test:80: its rules do not allow it"),
    "refuses somehow": (say(b"\x05\x00\x05\x63\x00\x01"), "does not connect to a.test:80: reply 99"),
    "closes": (lambda _: None, "does not speak SOCKS 5"),
    "closes later": (say(b"\x05\x00\x05\x00\x00\x01\x00"), "does not speak SOCKS 5"),
    "is SSH": (say(b"SSH-2.0-OpenSSH_9\r\n"), "does not speak SOCKS 5"),
    "no address": (say(b"\x05\x00\x05\x00\x00\x07\x00\x00"), "does not speak SOCKS 5"),
    "changes its mind": (say(b"\x05\x00\x04\x00\x00\x01" + bytes(6)), "does not speak SOCKS 5"),
    "silent": (lambda _: time.sleep(1), "broke the connection, or did not answer within 0.6 s"),
    "drips": (drip, "broke the connection, or did not answer within 0.6 s"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_connection_that_does_not_come_about(how: str, tmp_path: Path) -> None:
    broken, words = BROKEN[how]

    def serve(client: socket.socket) -> None:
        client.recv(4)  # what it says is read behind what it is asked
        broken(client)
        client.shutdown(socket.SHUT_WR)
        while client.recv(1000):
            pass

    with socks_server(broken=serve) as proxy:
        started = time.monotonic()
        ending = through(tmp_path, f"socks5h://user:secret@{proxy.host}").fetch(claim("http://a.test/"))
        assert time.monotonic() - started < 5
    assert isinstance(ending, Failed)
    assert words in ending.reason
    assert ending.cause == "proxy"
    assert "secret" not in ending.reason
