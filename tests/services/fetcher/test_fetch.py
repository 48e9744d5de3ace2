"""A fetch that goes well, what it asks, and what it makes of a page that did not change."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.fetcher.fetch import Fetcher
from services.fetcher.page import content_hash
from shared.settings import USER_AGENT
from shared.stage import Failed, Fetched, Refused, Unchanged
from tests.hostile_exchange import Exchange, HostileSite
from tests.services.fetcher.fetching import claim, quick_settings, site_of

PAGE = b"<!DOCTYPE html><title>A page</title><p>A sentence to be read."
# Reading the authorities' certificates takes a while on a busy machine.
PATIENT = quick_settings(fetch_connect_timeout=5.0, fetch_total_timeout=20.0, fetch_robots_timeout=10.0)
TLS = Path(__file__).with_name("localhost.pem")


def test_a_page(fetcher: Fetcher) -> None:
    requests: list[Exchange] = []

    def answer(x: Exchange) -> None:
        requests.append(x)
        x.reply(PAGE, content_type="text/html; charset=x", ETag='"e1"', Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT")

    with site_of(answer) as site:
        url = site.at("//a/%7eb?q=%C3%A4&r=100%")
        ending = fetcher.fetch(claim(url))
    assert isinstance(ending, Fetched)
    raw = ending.raw
    assert (raw.body, raw.status, raw.url, raw.final_url) == (PAGE, 200, url, url)
    assert (raw.content_type, raw.etag) == ("text/html; charset=x", '"e1"')
    assert raw.last_modified == "Mon, 02 Mar 2026 10:00:00 GMT"
    assert abs((datetime.now(UTC) - raw.fetched_at).total_seconds()) < 10
    assert ending.content_hash == content_hash(PAGE)
    assert len(ending.content_hash) == 12
    [request] = requests
    assert request.headers["user-agent"] == USER_AGENT
    assert request.headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert request.headers["accept"].startswith("text/html")
    assert request.headers["accept-language"] == "*"
    assert "cookie" not in request.headers


@pytest.mark.parametrize("target", ["//a", "/a//b?", "/%7Ea?x=%C3%A4&y=a+b", "/a;b=c/@:!$'()*,"])
def test_the_server_is_asked_for_the_url_as_it_is(target: str, fetcher: Fetcher) -> None:
    with site_of(lambda x: x.reply(PAGE)) as site:
        fetcher.fetch(claim(site.at(target)))
        assert site.hits[target] == 1


def test_unchanged_by_etag(site: HostileSite, fetcher: Fetcher) -> None:
    first = fetcher.fetch(claim(site.at("/ok?n=1")))
    assert isinstance(first, Fetched)
    etag = first.raw.etag
    assert fetcher.fetch(claim(site.at("/ok?n=1"), etag=etag, content_hash=first.content_hash)) == Unchanged()
    # Where nothing was indexed of it, an ETag alone is no reason not to read the page.
    assert isinstance(fetcher.fetch(claim(site.at("/ok?n=1"), etag=etag)), Fetched)


def test_unchanged_by_content(fetcher: Fetcher) -> None:
    with site_of(lambda x: x.reply(PAGE)) as site:
        assert fetcher.fetch(claim(site.at("/"), content_hash=content_hash(PAGE))) == Unchanged()
        assert isinstance(fetcher.fetch(claim(site.at("/"), content_hash="another")), Fetched)


def test_the_environments_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch, site: HostileSite) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert isinstance(Fetcher(quick_settings(), None).fetch(claim(site.at("/ok?n=1"))), Fetched)


def test_threads_share_a_fetcher(site: HostileSite) -> None:
    """Each with its own deadline: those that wait for a silent server do not hinder the others."""
    # A busy machine takes half a second for a page that sixteen threads ask for beside others.
    settings = quick_settings(
        fetch_connect_timeout=5.0, fetch_read_timeout=2.0, fetch_total_timeout=10.0, fetch_robots_timeout=5.0
    )
    fetcher = Fetcher(settings, None)
    targets = [f"/ok?n={n}" if n % 4 else "/stall/accept" for n in range(64)]
    with ThreadPoolExecutor(16) as pool:
        endings = list(pool.map(fetcher.fetch, [claim(site.at(target)) for target in targets]))
    fetcher.close()
    for target, ending in zip(targets, endings, strict=True):
        if target == "/stall/accept":
            assert ending == Failed("no data for 2 s", "timeout")
        else:
            assert isinstance(ending, Fetched)
            assert target.partition("=")[2].encode() in ending.raw.body


def test_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    with site_of(lambda x: x.reply(PAGE), certificate=TLS) as site:
        url = site.at("/").replace("127.0.0.1", "localhost")
        unknown = Fetcher(PATIENT, None).fetch(claim(url))
        monkeypatch.setenv("SSL_CERT_FILE", str(TLS))
        trusted = Fetcher(PATIENT, None)
        wrong_name = trusted.fetch(claim(site.at("/")))
        page = trusted.fetch(claim(url))
        private = Fetcher(quick_settings(fetch_allow_private=""), None).fetch(claim(url))
    host = url.split("/")[2]
    assert unknown == Failed(f"the certificate of {host} is not trusted: self-signed certificate", "tls")
    assert isinstance(wrong_name, Failed)
    assert wrong_name.cause == "tls"
    assert "not valid for '127.0.0.1'" in wrong_name.reason
    assert isinstance(page, Fetched)
    assert page.raw.body == PAGE
    assert isinstance(private, Refused)


def test_tls_where_there_is_none() -> None:
    with site_of(lambda x: x.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as site:
        ending = Fetcher(quick_settings(), None).fetch(claim(site.at("/").replace("http:", "https:")))
    assert isinstance(ending, Failed)


def test_tls_with_a_silent_server() -> None:
    settings = quick_settings(fetch_robots=False, fetch_connect_timeout=0.3)
    with site_of(lambda x: x.reply(PAGE)) as site:
        url = site.at("/").replace("http:", "https:")
        ending = Fetcher(settings, None).fetch(claim(url))
    assert ending == Failed("no secure connection to 127.0.0.1 within 0.3 s", "timeout")
