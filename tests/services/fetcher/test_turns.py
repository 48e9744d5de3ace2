"""Every request is a turn: robots.txt, each redirect, the page; and what each tells of its host."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from services.fetcher.fetch import Fetcher
from services.fetcher.turn import retry_after
from shared.stage import Asked, Begun, Claim, Ending, Failed, Fetched, Onward, Postponed, Refused
from tests.hostile_exchange import Exchange, HostileSite
from tests.hostile_site import closed_port, hostile_site
from tests.services.fetcher.fetching import claim, quick_settings, site_of

PAGE = "<!DOCTYPE html><title>A page</title><p>A sentence to be read."


def turns(fetcher: Fetcher, first: Claim) -> list[Ending]:
    """The endings of a page's turns, each on the way that the one before left."""
    found = [fetcher.turn(first)]
    while isinstance(last := found[-1], Onward):
        found.append(fetcher.turn(replace(first, way=last.way)))
    return found


def asked(ending: Ending) -> Asked:
    told: Asked | None = getattr(ending, "asked", None)
    assert told is not None
    return told


def test_robots_redirects_and_the_page_are_a_turn_each(fetcher: Fetcher) -> None:
    seen: list[str] = []

    def answer(x: Exchange) -> None:
        seen.append(x.target)
        if x.path == "/here":
            x.redirect("/there")
        else:
            x.reply(PAGE)

    with site_of(answer, robots="User-agent: *\nDisallow: /no") as site:
        endings = turns(fetcher, claim(site.at("/here")))
        assert [type(e) for e in endings] == [Onward, Onward, Fetched]
        assert [getattr(e, "host", None) for e in endings] == ["", "", None]
        assert isinstance(endings[-1], Fetched)
        assert endings[-1].raw.final_url == site.at("/there")
        assert all(asked(e).verdict == "answered" for e in endings)
        assert sum(site.hits.values()) == 3
        # What is known of robots.txt stays known.
        assert [type(e) for e in turns(fetcher, claim(site.at("/x")))] == [Fetched]


def test_a_redirect_waits_for_the_host_it_leads_to(fetcher: Fetcher) -> None:
    with site_of(lambda x: x.reply(PAGE), robots="User-agent: *\nDisallow: /no") as target:
        with site_of(lambda x: x.redirect(target.at("/there"))) as site:
            endings = turns(fetcher, claim(site.at("/here")))
            assert [type(e) for e in endings] == [Onward, Onward, Onward, Fetched]
            hosts = [e.host for e in endings if isinstance(e, Onward)]
            there = target.url.split("/")[2]
            assert hosts == ["", there, there]  # robots.txt here, the page here, robots.txt there
        with site_of(lambda x: x.redirect(target.at("/no"))) as site:
            last = turns(fetcher, claim(site.at("/here")))[-1]
    assert last == Refused(f"robots.txt disallows /no for Tearsheet (Disallow: /no) (redirected to {target.at('/no')})")
    assert target.hits["/no"] == 0


def test_a_robots_txt_that_moved_is_followed_turn_by_turn(fetcher: Fetcher) -> None:
    with hostile_site(robots="redirect") as site:
        endings = turns(fetcher, claim(site.at("/ok?n=1")))
    assert [type(e) for e in endings] == [Onward, Onward, Refused]
    assert site.hits["/ok?n=1"] == 0


def test_cookies_and_loops_are_kept_in_mind_from_turn_to_turn(fetcher: Fetcher) -> None:
    seen: list[str | None] = []

    def answer(x: Exchange) -> None:
        seen.append(x.headers.get("cookie"))
        if x.path == "/loop":
            x.redirect("/loop")
        elif seen[-1] == "a=1":
            x.reply(PAGE)
        else:
            x.reply(b"", status="302 Found", Location=x.target, Set_Cookie="a=1; Path=/gate")

    with site_of(answer) as site:
        assert isinstance(turns(fetcher, claim(site.at("/gate")))[-1], Fetched)
        assert seen == [None, "a=1"]
        last = turns(fetcher, claim(site.at("/loop")))[-1]
        assert isinstance(last, Refused)
        assert "redirect loop" in last.reason


def test_a_way_stays_short_whatever_a_server_sends(fetcher: Fetcher) -> None:
    def answer(x: Exchange) -> None:
        lines = "".join(f"Set-Cookie: c{n}={'x' * 3000}\r\n" for n in range(50))
        x.send(f"HTTP/1.1 302 Found\r\nLocation: /?{x.target}\r\n{lines}Content-Length: 0\r\n\r\n".encode())

    with site_of(answer) as site:
        ways = [e.way for e in turns(fetcher, claim(site.at("/"))) if isinstance(e, Onward)]
    assert len(ways) > 3
    assert max(map(len, ways)) < 20_000


def test_a_turn_of_another_host_asks_nothing(fetcher: Fetcher) -> None:
    """The page waited where its robots.txt led; meanwhile another page learned what it says."""
    with hostile_site(robots="allow") as elsewhere, site_of(lambda x: x.reply(PAGE)) as site:
        first = fetcher.turn(claim(site.at("/x")))
        assert isinstance(first, Onward)
        robots = f'{{"u":"{elsewhere.at("/robots.txt")}","s":"","n":0,"c":[],"r":null}}'
        ending = fetcher.turn(replace(claim(site.at("/x")), way=first.way.replace('"r":null', f'"r":{robots}')))
        assert isinstance(ending, Onward)
        assert ending.host == ""
        assert ending.asked is None
        assert elsewhere.hits == {}


@pytest.mark.parametrize(
    ("path", "verdict", "seconds"),
    [
        ("/status/429", "slow down", 1.0),
        ("/status/503", "slow down", 1.0),
        ("/status/500", "answered", None),
        ("/status/404", "answered", None),
        ("/status/410", "answered", None),
        ("/reset/early", "answered", None),
        ("/stall/body", "answered", None),
        ("/stall/accept", "failed", None),
        ("/redirect/private", "answered", None),
    ],
)
def test_what_an_answer_tells_of_the_host(path: str, verdict: str, seconds: float | None, site: HostileSite) -> None:
    fetcher = Fetcher(quick_settings(fetch_robots=False), None)
    told = asked(fetcher.turn(claim(site.at(path))))
    assert (told.verdict, told.retry_after) == (verdict, seconds)


def test_nobody_there(fetcher: Fetcher) -> None:
    told = asked(fetcher.turn(claim(f"http://127.0.0.1:{closed_port()}/")))
    assert (told.verdict, told.cause) == ("failed", "connect")
    assert "refused the connection" in told.why
    told = asked(fetcher.turn(claim("http://no-such-host.invalid/")))
    assert (told.verdict, told.cause) == ("failed", "dns")


def test_a_robots_txt_that_never_comes(fetcher: Fetcher) -> None:
    with hostile_site(robots="stall") as site:
        ending = fetcher.turn(claim(site.at("/ok?n=1")))
    assert isinstance(ending, Failed)
    assert ending.cause == "robots_unreachable"
    assert (asked(ending).verdict, asked(ending).cause) == ("failed", "timeout")


def test_what_may_not_be_asked_is_no_turn(fetcher: Fetcher) -> None:
    for ending in (
        fetcher.turn(claim("http://10.1.2.3/")),
        Fetcher(quick_settings(), None).turn(claim("http://[::2]/")),
    ):
        assert isinstance(ending, Refused)
        assert ending.asked is None


@pytest.mark.parametrize("pause", [0.0, 0.3, 2.0])
def test_the_start_is_when_the_server_had_the_request_for_sure(pause: float) -> None:
    seen: list[float] = []

    def answer(x: Exchange) -> None:
        seen.append(time.time() * 1000)
        x.pause(pause)
        x.reply(PAGE)

    fetcher = Fetcher(quick_settings(fetch_robots=False, fetch_read_timeout=10.0, fetch_total_timeout=15.0), None)
    with site_of(answer) as site:
        told = asked(fetcher.turn(claim(site.at("/"))))
    assert seen[0] - 1 <= told.at <= seen[0] + 1000 * min(pause, 1.0) + 250


@pytest.mark.parametrize(
    ("robots", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 0.1", 1.0),  # our own delay is longer
        ("User-agent: *\nCrawl-delay: 86400", 60.0),
        ("User-agent: *\nCrawl-delay: nan", 1.0),
        ("User-agent: *\nCrawl-delay: -5", 1.0),
        ("User-agent: *\nCrawl-delay: soon", 1.0),
        ("User-agent: another\nCrawl-delay: 7", 1.0),
        ("User-agent: Tearsheet\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 9", 7.0),
    ],
)
def test_crawl_delay(robots: str, seconds: float, fetcher: Fetcher) -> None:
    with site_of(lambda x: x.reply(PAGE), robots=robots) as site:
        endings = turns(fetcher, claim(site.at("/")))
    assert [asked(e).delay for e in endings] == [seconds] * 2


def test_an_address_without_a_free_place_is_not_asked() -> None:
    begun: list[str] = []

    def begin(_claim: Claim, address: str) -> Begun:
        begun.append(address)
        return Begun.GO if len(begun) < 2 else Begun.CROWDED if len(begun) < 3 else Begun.LOST

    fetcher = Fetcher(quick_settings(), None, begin=begin)
    with site_of(lambda x: x.reply(PAGE)) as site:
        url = site.at("/").replace("127.0.0.1", "localhost")
        assert isinstance(fetcher.turn(claim(url)), Onward)
        crowded = fetcher.turn(claim(url))
        lost = fetcher.turn(claim(url))
        assert site.hits == {"/robots.txt": 1}
    assert begun == ["127.0.0.1"] * 3 or begun == ["::1"] * 3
    assert isinstance(crowded, Postponed)
    assert crowded.address == begun[0]
    assert crowded.asked is None
    assert isinstance(lost, Postponed)


def test_a_robots_txt_that_nothing_keeps_ends_in_words() -> None:
    """As with a full Redis and fetchers that each ask for themselves."""
    with hostile_site(robots="allow") as site:
        ending: Ending = Onward("", "")
        for _ in range(20):
            way = ending.way if isinstance(ending, Onward) else ""
            ending = Fetcher(quick_settings(), None).turn(replace(claim(site.at("/ok?n=1")), way=way))
            if isinstance(ending, Failed):
                break
    assert isinstance(ending, Failed)
    assert ending.cause == "robots_unreachable"
    assert site.hits["/robots.txt"] < 12


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120.0), ("", None), ("soon", None), ("-5", None), ("²", None), ("9" * 40, float("9" * 40)), ("1.5", None)],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    response = requests.Response()
    response.headers["Retry-After"] = text
    assert retry_after(response) == seconds


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(hours=-1)])
def test_retry_after_as_a_date(ahead: timedelta) -> None:
    response = requests.Response()
    response.headers["Retry-After"] = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
    found = retry_after(response)
    assert found is not None
    assert abs(found - max(0.0, ahead.total_seconds())) < 2
