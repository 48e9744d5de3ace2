"""robots.txt: what it says is heeded, asked for once, and shared."""

import gzip
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.fetcher.fetch import Fetcher
from services.fetcher.robots import product_token
from shared.stage import Ending, Failed, Fetched, Refused
from tests.conftest import Valkey
from tests.hostile_exchange import Answer, Exchange
from tests.hostile_site import Robots, hostile_site
from tests.services.fetcher.fetching import claim, quick_settings, site_of

PAGE = "<!DOCTYPE html><title>A page</title><p>A sentence to be read."


def page(x: Exchange) -> None:
    x.reply(PAGE)


@pytest.mark.parametrize(
    ("robots", "kind", "words"),
    [
        ("none", Fetched, ""),
        ("allow", Fetched, ""),
        ("disallow", Refused, "robots.txt disallows /ok?n=1 for Tearsheet (Disallow: /)"),
        ("error", Failed, "cannot be read (status 500), so that nothing may be fetched there for now"),
        ("stall", Failed, "cannot be read (not fetched within 1 s in all)"),
        ("slow", Failed, "cannot be read (not fetched within 1 s in all)"),
        ("huge", Fetched, ""),  # what stands beyond 500 KiB is not read
        ("endless", Fetched, ""),
        ("binary", Fetched, ""),
        ("redirect", Refused, "robots.txt disallows /ok?n=1 for Tearsheet (Disallow: /)"),
    ],
)
def test_kinds(robots: Robots, kind: type[Ending], words: str, fetcher: Fetcher) -> None:
    with hostile_site(robots=robots) as site:
        started = time.monotonic()
        ending = fetcher.fetch(claim(site.at("/ok?n=1")))
        assert time.monotonic() - started < 5
        assert isinstance(ending, kind)
        if isinstance(ending, Refused | Failed):
            assert words in ending.reason
            assert site.hits["/ok?n=1"] == 0
        if isinstance(ending, Failed):
            assert ending.cause == "robots_unreachable"


def hundred_megabytes(x: Exchange) -> None:
    x.head(content_type="text/plain", Content_Length="100000000").send(b"User-agent: *\nDisallow: /private\n")
    for _ in range(100):
        x.send(b"# filler..\n" * 90_000)


def bomb(x: Exchange) -> None:
    packed = gzip.compress(b"User-agent: *\nDisallow: /private\n" + b"#" * 50_000_000)
    x.reply(packed, content_type="text/plain", Content_Encoding="gzip")


@pytest.mark.parametrize("answer", [hundred_megabytes, bomb])
def test_no_more_is_read_than_500_kib(answer: Answer) -> None:
    fetcher = Fetcher(quick_settings(fetch_robots_timeout=5.0, fetch_read_timeout=5.0, fetch_total_timeout=10.0), None)
    with site_of(page, robots=answer) as site:
        assert isinstance(fetcher.fetch(claim(site.at("/public"))), Fetched)
        assert isinstance(fetcher.fetch(claim(site.at("/private"))), Refused)
        assert site.hits["/robots.txt"] == 1


@pytest.mark.parametrize("data", [b"HTTP/1.1 200 OK\r\nX-Filler: aaaaaaaa", b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\n"])
def test_one_that_drips_ends_at_its_own_limit(data: bytes) -> None:
    fetcher = Fetcher(quick_settings(fetch_read_timeout=1.3, fetch_robots_timeout=1.5, fetch_total_timeout=5.0), None)
    with site_of(page, robots=lambda x: x.drip(data)) as site:
        started = time.monotonic()
        ending = fetcher.fetch(claim(site.at("/")))
        assert time.monotonic() - started < 5
    assert isinstance(ending, Failed)
    assert ending.cause == "robots_unreachable"
    assert "not fetched within 1.5 s in all" in ending.reason


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /private/", "/private/x", False),
        ("User-agent: *\nDisallow: /private/", "/public", True),
        ("User-agent: tearsheet\nAllow: /\n\nUser-agent: *\nDisallow: /", "/x", True),
        ("User-agent: Tearsheet\nDisallow: /\n\nUser-agent: *\nAllow: /", "/x", False),
        ("User-agent: otherbot\nDisallow: /", "/x", True),
        ("User-agent: otherbot\nUser-agent: Tearsheet\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /*.php$", "/x.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x.php?y", True),
        ("\ufeffUser-agent: *\r\nDisallow: /x", "/x", False),
        ("Disallow: /", "/x", True),
    ],
)
def test_rules(text: str, path: str, allowed: bool, fetcher: Fetcher) -> None:
    with site_of(page, robots=text) as site:
        assert isinstance(fetcher.fetch(claim(site.at(path))), Fetched if allowed else Refused)


def test_not_obeyed_where_the_setting_says_so() -> None:
    with hostile_site(robots="disallow") as site:
        assert isinstance(Fetcher(quick_settings(fetch_robots=False), None).fetch(claim(site.at("/ok?n=1"))), Fetched)
        assert site.hits["/robots.txt"] == 0


def test_many_threads_ask_once(fetcher: Fetcher) -> None:
    with hostile_site(robots="allow") as site, ThreadPoolExecutor(16) as pool:
        endings = list(pool.map(fetcher.fetch, [claim(site.at(f"/ok?n={n}")) for n in range(48)]))
        assert all(isinstance(ending, Fetched) for ending in endings)
        assert site.hits["/robots.txt"] == 1


def test_fetchers_share_what_they_know(valkey: Valkey) -> None:
    with valkey.client() as client, hostile_site(robots="disallow") as site:
        for _ in range(2):
            ending = Fetcher(quick_settings(), client).fetch(claim(site.at("/ok?n=1")))
            assert isinstance(ending, Refused)
        assert site.hits["/robots.txt"] == 1
        assert client.keys("robots:*") == [f"robots:{site.url}".encode()]
        assert 0 < client.ttl(f"robots:{site.url}") <= 3600  # type: ignore[operator]


def test_what_nobody_knows_is_looked_for_in_redis_once_a_turn(valkey: Valkey) -> None:
    with valkey.client() as client, hostile_site(robots="allow") as site:
        fetcher = Fetcher(quick_settings(), client)
        client.config_resetstat()
        assert isinstance(fetcher.fetch(claim(site.at("/ok?n=1"))), Fetched)
        asked = client.info("commandstats")["cmdstat_get"]["calls"]  # type: ignore[index]
        assert asked == 1
        fetcher.close()


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({}, 3595, 3600),
        ({"Cache_Control": "max-age=10"}, 3595, 3600),
        ({"Cache_Control": "no-store"}, 3595, 3600),
        ({"Cache_Control": "public, max-age=7200"}, 7195, 7200),
        ({"Cache_Control": "max-age=31536000"}, 86395, 86400),
        ({"Expires": "Wed, 21 Oct 2065 07:28:00 GMT"}, 86395, 86400),
        ({"Expires": "0"}, 3595, 3600),
    ],
)
def test_it_is_kept_as_long_as_it_says(headers: dict[str, str], least: int, most: int, valkey: Valkey) -> None:
    """Between an hour and a day, and by whoever has it from Redis no longer."""

    def answer(x: Exchange) -> None:
        x.reply("User-agent: *\nDisallow: /", content_type="text/plain", **headers)

    with valkey.client() as client, site_of(page, robots=answer) as site:
        key = f"robots:{site.url}"
        Fetcher(quick_settings(), client).fetch(claim(site.at("/x")))
        assert least <= client.ttl(key) <= most  # type: ignore[operator]
        client.pexpire(key, 200)
        fetcher = Fetcher(quick_settings(), client)
        assert isinstance(fetcher.fetch(claim(site.at("/x"))), Refused)
        assert site.hits["/robots.txt"] == 1
        # Its own copy ends with Redis's, or a moment later.
        while site.hits["/robots.txt"] == 1:
            assert isinstance(fetcher.fetch(claim(site.at("/x"))), Refused)


def test_redis_away_or_full_hinders_no_fetch(valkey: Valkey) -> None:
    with valkey.client() as client, hostile_site(robots="disallow") as site:
        client.config_set("maxmemory", 1)
        assert isinstance(Fetcher(quick_settings(), client).fetch(claim(site.at("/ok?n=1"))), Refused)
        client.config_set("maxmemory", 0)
        client.connection_pool.disconnect()
        valkey.server.stop()
        try:
            assert isinstance(Fetcher(quick_settings(), client).fetch(claim(site.at("/ok?n=1"))), Refused)
        finally:
            valkey.server.start()


def test_an_unreachable_one_slows_its_host_down(fetcher: Fetcher) -> None:
    with hostile_site(robots="error") as site:
        ending = fetcher.fetch(claim(site.at("/ok?n=1")))
        assert isinstance(ending, Failed)
        assert ending.asked is not None
        assert ending.asked.verdict == "slow down"


def test_a_redirects_target_is_asked_for_its_own(fetcher: Fetcher) -> None:
    with site_of(page, robots="User-agent: *\nDisallow: /") as target:
        with site_of(lambda x: x.redirect(target.at("/there"))) as site:
            ending = fetcher.fetch(claim(site.at("/here")))
        assert isinstance(ending, Refused)
        assert ending.reason == (
            f"robots.txt disallows /there for Tearsheet (Disallow: /) (redirected to {target.at('/there')})"
        )
        assert target.hits["/there"] == 0


@pytest.mark.parametrize(
    ("agent", "token"), [("Tearsheet/0.1 (+https://a.test)", "Tearsheet"), ("my-bot_x 2", "my-bot_x"), ("7", "*")]
)
def test_product_token(agent: str, token: str) -> None:
    assert product_token(agent) == token
