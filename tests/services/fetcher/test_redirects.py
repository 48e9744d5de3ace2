"""Redirects: followed up to a limit, with the cookies that were set on the way, and only where a page may be."""

import pytest

from services.fetcher.fetch import Fetcher
from shared.stage import Fetched, Refused
from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import claim, quick_settings, site_of

PAGE = "<!DOCTYPE html><title>A page</title><p>A sentence to be read."


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_followed(status: str, fetcher: Fetcher) -> None:
    def answer(x: Exchange) -> None:
        if x.path == "/a/old":
            x.reply("moved", status=status, Location="../b/new?x=1#part")
        else:
            x.reply(PAGE)

    with site_of(answer) as site:
        ending = fetcher.fetch(claim(site.at("/a/old")))
        assert isinstance(ending, Fetched)
        assert ending.raw.url == site.at("/a/old")
        assert ending.raw.final_url == site.at("/b/new?x=1")


@pytest.mark.parametrize("status", ["300 Choose", "304 Not Modified", "305 Use Proxy", "306 What"])
def test_no_redirects(status: str, fetcher: Fetcher) -> None:
    with site_of(lambda x: x.reply(b"", status=status, Location="/elsewhere")) as site:
        ending = fetcher.fetch(claim(site.at("/")))
        assert ending == Refused(f"status {status[:3]}")
        assert site.hits["/elsewhere"] == 0


def test_the_limit() -> None:
    fetcher = Fetcher(quick_settings(fetch_max_redirects=2), None)

    def answer(x: Exchange) -> None:
        if x.n(0):
            x.redirect(f"/?n={x.n(0) - 1}")
        else:
            x.reply(PAGE)

    with site_of(answer) as site:
        assert isinstance(fetcher.fetch(claim(site.at("/?n=2"))), Fetched)
        ending = fetcher.fetch(claim(site.at("/?n=3")))
        assert isinstance(ending, Refused)
        assert ending.reason.startswith(f"more than 2 redirects, the next one to {site.at('/?n=0')}")


def test_a_cookie_is_kept_on_the_way_and_no_longer(fetcher: Fetcher) -> None:
    seen = []

    def answer(x: Exchange) -> None:
        seen.append(x.headers.get("cookie"))
        if seen[-1] == "seen=yes":
            x.reply(PAGE)
        else:
            x.reply(b"", status="302 Found", Location=x.target, Set_Cookie="seen=yes; Path=/")

    with site_of(answer) as site:
        for _ in range(2):
            assert isinstance(fetcher.fetch(claim(site.at("/gate"))), Fetched)
    assert seen == [None, "seen=yes", None, "seen=yes"]


def test_a_redirects_body_is_not_read(fetcher: Fetcher) -> None:
    def answer(x: Exchange) -> None:
        if x.path == "/there":
            x.reply(PAGE)
            return
        x.head("302 Found", Location="/there")
        while True:
            x.send(b"on and on " * 6000)

    with site_of(answer) as site:
        assert isinstance(fetcher.fetch(claim(site.at("/here"))), Fetched)


def test_a_location_in_utf8(fetcher: Fetcher) -> None:
    def answer(x: Exchange) -> None:
        if x.path == "/":
            x.redirect("/Νέα".encode().decode("latin-1"))
        else:
            x.reply(PAGE)

    with site_of(answer) as site:
        ending = fetcher.fetch(claim(site.at("/")))
        assert isinstance(ending, Fetched)
        assert ending.raw.final_url == site.at("/%CE%9D%CE%AD%CE%B1")


@pytest.mark.parametrize("location", ["javascript:alert(1)", "ftp://a.test/x", "data:text/html,x", "gopher://a.test"])
def test_only_http(location: str, fetcher: Fetcher) -> None:
    with site_of(lambda x: x.redirect(location)) as site:
        ending = fetcher.fetch(claim(site.at("/")))
        assert isinstance(ending, Refused)
        assert "is not fetched, only http and https" in ending.reason
