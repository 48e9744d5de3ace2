"""Proxies from sites.toml, with a real one: what they are asked, what they are not asked, and how they fail."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from services.fetcher.addresses import Addresses
from services.fetcher.fetch import Fetcher
from shared.settings import Settings
from shared.stage import Begun, Claim, Ending, Failed, Fetched, Refused
from tests.hostile_exchange import Exchange
from tests.hostile_site import closed_port, hostile_site
from tests.proxy_server import proxy_server
from tests.services.fetcher.fetching import claim, quick_settings, site_of

PAGE = "<!DOCTYPE html><title>A page</title><p>A sentence to be read."
TLS = Path(__file__).with_name("localhost.pem")

ANY_PORT = range(1, 65536)


def unknown_here(host: str) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


HOSTS = [".test", "localhost", "127.0.0.1", "169.254.169.254"]


def through(tmp_path: Path, proxy: str, guard: Addresses | None = None, **settings: object) -> Fetcher:
    """A fetcher that asks `HOSTS` through a proxy, and may connect to no private address by itself."""
    return Fetcher(
        through_settings(tmp_path, proxy, **settings), None, guard or Addresses((), unknown_here, ports=ANY_PORT)
    )


def through_settings(tmp_path: Path, proxy: str, **settings: object) -> Settings:
    sites = tmp_path / "sites.toml"
    sites.write_text("".join(f'["{host}"]\nproxy = "http://{proxy}"\n' for host in HOSTS))
    return quick_settings(**{"fetch_sites": sites, "fetch_allow_private": "", **settings})


def test_http_is_asked_in_absolute_form(tmp_path: Path) -> None:
    def answer(x: Exchange) -> None:
        assert "proxy-authorization" in x.headers  # ours hands on what it got; it is the proxy's affair
        x.reply(PAGE)

    with site_of(answer) as site, proxy_server({"a.test": site.url.removeprefix("http://")}) as proxy:
        ending = through(tmp_path, f"user:p%40ss@{proxy.host}").fetch(claim("http://a.test//x?q=1"))
    assert isinstance(ending, Fetched)
    assert ending.raw.final_url == "http://a.test//x?q=1"
    assert [head.split("\r\n")[0] for head in proxy.heads] == [
        "GET http://a.test/robots.txt HTTP/1.1",
        "GET http://a.test//x?q=1 HTTP/1.1",
    ]
    for head in proxy.heads:
        assert "\r\nHost: a.test\r\n" in head
        assert "\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n" in head


def test_a_name_that_is_unknown_here_is_looked_up_once(tmp_path: Path) -> None:
    """Where a network knows no names at all, each look-up may take half of the time to connect."""
    asked: list[str] = []

    def lookup(host: str) -> list[str]:
        asked.append(host)
        return unknown_here(host)

    with site_of(lambda x: x.reply(PAGE)) as site, proxy_server({"a.test": site.url.removeprefix("http://")}) as proxy:
        fetcher = through(tmp_path, proxy.host, Addresses((), lookup, ports=ANY_PORT))
        for path in ("x", "y"):
            assert isinstance(fetcher.fetch(claim(f"http://a.test/{path}")), Fetched)
        fetcher.close()
    assert asked == ["a.test"]


def test_https_goes_through_a_tunnel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the site itself, whose certificate is checked; the proxy sees neither page nor headers."""
    seen: list[dict[str, str]] = []

    def answer(x: Exchange) -> None:
        seen.append(x.headers)
        x.reply(PAGE)

    patient = {"fetch_connect_timeout": 5.0, "fetch_total_timeout": 20.0, "fetch_robots_timeout": 10.0}
    with site_of(answer, certificate=TLS) as site, proxy_server() as proxy:
        port = site.url.rpartition(":")[2]
        proxy.names[f"localhost:{port}"] = f"127.0.0.1:{port}"
        proxy.names[f"b.test:{port}"] = f"127.0.0.1:{port}"
        monkeypatch.setenv("SSL_CERT_FILE", str(TLS))
        # The name of the certificate is loopback's by itself.
        opened = Addresses(quick_settings().fetch_allow_private, unknown_here, ports=ANY_PORT)
        fetcher = through(tmp_path, f"user:secret@{proxy.host}", opened, **patient)
        page = fetcher.fetch(claim(f"https://localhost:{port}/x"))
        other_name = fetcher.fetch(claim(f"https://b.test:{port}/x"))
        fetcher.close()
    assert isinstance(page, Fetched)
    assert isinstance(other_name, Failed)
    assert other_name.cause == "tls"
    assert proxy.heads[0].startswith(f"CONNECT localhost:{port} HTTP/1.1\r\nHost: localhost:{port}\r\n")
    assert "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=" in proxy.heads[0]
    assert all(head.startswith("CONNECT ") for head in proxy.heads)
    assert "proxy-authorization" not in seen[0]


@pytest.mark.parametrize("url", ["http://a.test/", "https://a.test/", "http://127.0.0.1/", "http://169.254.169.254/x"])
def test_what_is_known_to_be_private_is_not_handed_on(url: str, tmp_path: Path) -> None:
    with proxy_server() as proxy:
        fetcher = through(tmp_path, proxy.host, Addresses((), lambda _: ["10.1.2.3"], ports=ANY_PORT))
        ending = fetcher.fetch(claim(url))
        assert isinstance(ending, Refused)
        assert "is not a public address" in ending.reason
        assert proxy.heads == []


@pytest.mark.parametrize("url", ["http://a.test:25/", "https://a.test:6379/"])
def test_a_port_that_is_not_allowed_is_not_handed_on(url: str, tmp_path: Path) -> None:
    with proxy_server() as proxy:
        fetcher = through(tmp_path, proxy.host, Addresses((), unknown_here, ports=[80, 443]))
        ending = fetcher.fetch(claim(url))
        assert isinstance(ending, Refused)
        assert "is none that pages are fetched from" in ending.reason
        assert proxy.heads == []


def test_a_redirect_leaves_the_proxy_where_its_target_has_none(tmp_path: Path) -> None:
    with (
        hostile_site(host="127.0.0.2") as target,
        site_of(lambda x: x.redirect(target.at("/ok?n=1"))) as site,
        proxy_server({"a.test": site.url.removeprefix("http://")}) as proxy,
    ):
        assert isinstance(through(tmp_path, proxy.host).fetch(claim("http://a.test/")), Refused)
        opened = Addresses(quick_settings().fetch_allow_private, unknown_here, ports=ANY_PORT)
        assert isinstance(through(tmp_path, proxy.host, opened).fetch(claim("http://a.test/")), Fetched)
        assert not any("/ok" in head for head in proxy.heads)
        assert target.hits["/ok?n=1"] == 1


def say(answer: bytes) -> Callable[[socket.socket], None]:
    return lambda client: client.sendall(answer)


def drip(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        client.sendall(b"a")
        time.sleep(0.05)  # as a slow network does


def flood(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        client.sendall(b"a" * 65536)


BROKEN = {
    "refuses": (say(b"HTTP/1.1 403 Forbidden\r\n\r\n"), "does not connect to a.test:443: status 403"),
    "wants a password": (
        say(b"HTTP/1.1 407 Give\r\nContent-Length: 5\r\n\r\nGive!"),
        "does not connect to a.test:443: status 407",
    ),
    "cannot": (say(b"HTTP/1.0 502 Bad Gateway\r\n\r\n"), "does not connect to a.test:443: status 502"),
    "closes": (lambda _: None, "gave no proper answer to CONNECT a.test:443"),
    "garbage": (say(b"SSH-2.0-OpenSSH_9\r\n\r\n"), "gave no proper answer"),
    "says too much": (say(b"HTTP/1.1 200 OK\r\n\r\n<p>Hello"), "gave no proper answer"),
    "silent": (lambda _: time.sleep(1), "broke the connection, or did not answer within 0.6 s"),
    "drips": (drip, "broke the connection, or did not answer within 0.6 s"),
    "floods": (flood, "gave no proper answer"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_tunnel_that_does_not_come_about(how: str, tmp_path: Path) -> None:
    broken, words = BROKEN[how]
    with proxy_server(broken=broken) as proxy:
        started = time.monotonic()
        ending = through(tmp_path, f"user:secret@{proxy.host}", fetch_robots=False).fetch(claim("https://a.test/"))
        assert time.monotonic() - started < 5
    assert isinstance(ending, Failed)
    assert words in ending.reason
    assert ending.cause == "proxy"
    assert "secret" not in ending.reason


def test_a_proxy_that_is_not_there(tmp_path: Path) -> None:
    port = closed_port()
    for url in ("http://a.test/", "https://a.test/"):
        ending = through(tmp_path, f"127.0.0.1:{port}").fetch(claim(url))
        assert ending == Failed(f"the proxy 127.0.0.1:{port}: refused the connection", "proxy")


def test_a_proxy_that_wants_a_password_for_http(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    ending = fetch_by(say(answer), tmp_path)
    assert ending == Failed("status 407: proxy authentication required", "proxy")


def fetch_by(broken: Callable[[socket.socket], None], tmp_path: Path) -> Ending:
    with proxy_server(broken=broken) as proxy:
        return through(tmp_path, proxy.host, fetch_robots=False).fetch(claim("http://a.test/"))


def test_connections_to_a_site_are_kept_open_through_the_proxy(tmp_path: Path) -> None:
    def answer(x: Exchange) -> None:
        for _ in range(2):
            x.send(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b"
                % (len(PAGE), PAGE.encode())
            )
            x.connection.recv(65536)

    with site_of(answer) as site, proxy_server({"a.test": site.url.removeprefix("http://")}) as proxy:
        fetcher = through(tmp_path, proxy.host, fetch_robots=False)
        for _ in range(2):
            assert isinstance(fetcher.fetch(claim("http://a.test/")), Fetched)
        fetcher.close()
    assert len(proxy.heads) == 1


def test_sites_behind_a_proxy_do_not_share_its_address(tmp_path: Path) -> None:
    """Hosts at one address share a limit; these stand at others, which nobody here knows."""
    begun: list[str] = []

    def begin(_claim: Claim, address: str) -> Begun:
        begun.append(address)
        return Begun.GO

    with site_of(lambda x: x.reply(PAGE)) as site, proxy_server({}) as proxy:
        proxy.names = dict.fromkeys(("a.test", "b.test"), site.url.removeprefix("http://"))
        settings = through_settings(tmp_path, proxy.host, fetch_robots=False)
        fetcher = Fetcher(settings, None, Addresses((), unknown_here, ports=ANY_PORT), begin)
        for host in ("a.test", "b.test"):
            assert isinstance(fetcher.turn(claim(f"http://{host}/")), Fetched)
    assert begun == ["a.test", "b.test"]


def test_proxies_show_no_password(tmp_path: Path) -> None:
    from services.fetcher.sites import read_sites

    file = tmp_path / "sites.toml"
    file.write_text('["a.test"]\nproxy = "http://user:secret@127.0.0.1:1"\nheaders = {Authorization = "Bearer secret"}')
    site = read_sites(quick_settings(fetch_sites=file)).of("a.test")
    assert "secret" not in f"{site} {site!r} {site.proxy} {site.proxy!r}"
