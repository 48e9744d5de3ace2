"""robots.txt by RFC 9309: asked for once in a while for each scheme, host and port, and shared through Redis.

To ask for one is a turn of its host, and so is each redirect on the way there.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import redis
import requests
import zstandard

from services.fetcher.body import read_body
from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.client import Client
from services.fetcher.expiring import Expiring
from services.fetcher.freshness import lifetime
from services.fetcher.redirects import Way, is_redirect
from services.fetcher.robots_rules import Rules
from services.fetcher.sites import Sites
from services.fetcher.turn import Turn
from shared.settings import Settings
from shared.urls import host_of, join

# An hour unless the file's own headers ask for more: it heeds changes soon, at one request in 3,600 at the default
# delay. RFC 9309 2.4 lets a crawler keep a file for a day.
_KEPT = 3600
_LONGEST_KEPT = 24 * 3600
# Characters of the files whose rules are kept in the process; the others are in Redis. Parsed, they take up to fifty
# times as much memory: 200 MB. A file is counted as a thousand more than it has.
_TEXT_KEPT = 4_000_000
# RFC 9309 2.5: at least 500 KiB are to be parsed.
_READ = 500 * 1024
# RFC 9309 2.3.1.2: at least five.
REDIRECTS = 5
# Of the page itself, too: what hinders the one hinders the other, and says it better.
_SHARED_CAUSES = frozenset({"dns", "connect", "tls", "proxy"})


class Robots:
    """What hosts allow. Safe in threads."""

    def __init__(self, settings: Settings, client: Client, shared: redis.Redis | None, sites: Sites) -> None:
        """`shared`: where fetchers share what they know; without it each asks for itself. `sites`: what they are asked
        as, and how often.
        """
        self._obeyed = settings.fetch_robots
        self._timeout = settings.fetch_robots_timeout
        self._delay = settings.fetch_delay
        self._longest = settings.fetch_max_crawl_delay
        self._client = client
        self._shared = shared
        self._user_agent = settings.fetch_user_agent
        self._sites = sites
        self._rules: Expiring[str, Rules] = Expiring(_TEXT_KEPT)
        self._asking: dict[str, threading.Lock] = {}
        self._asking_lock = threading.Lock()

    def is_known(self, url: str) -> bool:
        """Whether this process knows what the URL's host allows, as another thread may have learned since `check`."""
        return self._rules.get(origin_of(url)) is not None

    def check(self, url: str) -> bool:
        """Whether the host's robots.txt is known, here or to another fetcher, and allows the URL; else it must be had.

        One look, as what is known may be over a moment later. Raises RefusedError where it disallows the URL.
        """
        if not self._obeyed:
            return True
        origin = origin_of(url)
        rules = self._known(origin)
        if rules is None:
            return False
        if not rules.allows(url):
            reason = rules.reason(url)
            path = url.removeprefix(origin)[:200]
            raise RefusedError(
                f"robots.txt disallows {path} for {self.token(url)}" + (f" ({reason})" if reason else "")
            )
        return True

    def token(self, url: str) -> str:
        """The name by which the site of a URL knows us."""
        return product_token(self._sites.of(host_of(url)).user_agent or self._user_agent)

    def sitemaps(self, url: str) -> list[str]:
        """What the `Sitemap:` lines of the host's robots.txt name; nothing where it is not known, or not obeyed."""
        rules = self._rules.get(origin_of(url))
        return rules.sitemaps() if rules else []

    def delay(self, url: str) -> float | None:
        """Seconds between two requests to the URL's host, by sites.toml and its Crawl-delay.

        None where nothing is known that could change the setting's: asked for after `check`, or `ask`.
        """
        own = self._sites.of(host_of(url)).delay
        rules = self._rules.get(origin_of(url))
        if rules is None:
            return own
        least = self._delay if own is None else own
        asked = rules.crawl_delay()
        return max(least, min(asked, self._longest)) if asked is not None and asked > 0 else least

    @contextmanager
    def asking(self, url: str, wait: float) -> Iterator[bool]:
        """Lets one thread ask a host; gives whether it is this one, within `wait` seconds."""
        origin = origin_of(url)
        with self._asking_lock:
            lock = self._asking.setdefault(origin, threading.Lock())
        free = lock.acquire(timeout=wait)
        try:
            yield free
        finally:
            if free:
                lock.release()
                with self._asking_lock:
                    self._asking.pop(origin, None)

    def ask(self, way: Way, turn: Turn) -> None:
        """One request on the way to the robots.txt of `way.url`: then it is known, or `way.robots` leads on.

        Raises RefusedError, FailedError.
        """
        robots = way.robots or robots_way(way.url)
        way.robots_asked += 1
        turn.deadline = turn.deadline.within(self._timeout, "not fetched")
        kept: float = _KEPT
        with self._client.get(robots.url, turn.deadline, role="robots", via=robots.via) as response:
            turn.answered(response)
            if is_redirect(response):
                try:
                    robots.follow(response)
                except RefusedError:
                    text = ""  # RFC 9309 2.3.1.2: one that leads nowhere may be taken as not there.
                else:
                    return
            else:
                if response.status_code >= 500:
                    turn.slow_down(response)
                text = _read(response)
                kept = _kept(response)
        way.robots = None
        self._learn(origin_of(way.url), text, kept)

    def _known(self, origin: str) -> Rules | None:
        rules = self._rules.get(origin)
        if rules is None:
            packed, kept = self._recall(origin)
            if packed is not None:
                text = zstandard.ZstdDecompressor().decompress(packed).decode("utf-8", "replace")
                rules = self._parse(origin, text, kept)
        return rules

    def _learn(self, origin: str, text: str, kept: float) -> None:
        self._parse(origin, text, kept)
        self._remember(origin, text, kept)

    def _parse(self, origin: str, text: str, kept: float) -> Rules:
        rules = Rules(text, self.token(origin))
        self._rules.put(origin, rules, kept, weight=1000 + len(text))
        return rules

    def _recall(self, origin: str) -> tuple[bytes | None, float]:
        """What Redis has of it, and for how many seconds still."""
        if self._shared is None:
            return None, 0.0
        pipeline = self._shared.pipeline(transaction=False)
        pipeline.get(f"robots:{origin}")
        pipeline.pttl(f"robots:{origin}")
        try:
            packed, milliseconds = pipeline.execute()
        except redis.RedisError:
            return None, 0.0  # It is a cache: the host itself can be asked.
        return packed, max(0.0, milliseconds / 1000)

    def _remember(self, origin: str, text: str, kept: float) -> None:
        if self._shared is None:
            return
        packed = zstandard.ZstdCompressor().compress(text.encode("utf-8", "replace"))
        try:
            self._shared.set(f"robots:{origin}", packed, ex=round(kept))
        except redis.RedisError:
            return  # It is a cache, and Redis may be full.


def robots_way(url: str) -> Way:
    """The way to the robots.txt that holds for a URL."""
    return Way(f"{origin_of(url)}/robots.txt", REDIRECTS)


@contextmanager
def unreachable(way: Way, turn: Turn) -> Iterator[None]:
    """Puts what hinders the way to a robots.txt in words, unless it hinders the page just as well."""
    try:
        yield
    except (RefusedError, FailedError) as error:
        if isinstance(error, FailedError):
            turn.failed(error)
        hops = way.robots.hops if way.robots is not None else 0
        if hops == 0 and (isinstance(error, RefusedError) or error.cause in _SHARED_CAUSES):
            raise
        raise _unreachable(origin_of(way.url), error.reason) from None


def _read(response: requests.Response) -> str:
    status = response.status_code
    if status == 429 or status >= 500:
        # RFC 9309 2.3.1.4 for 5xx; 429 is a plea to ask less, no leave to ask everything.
        raise FailedError(f"status {status}", "robots_unreachable")
    if not 200 <= status < 300:
        return ""  # RFC 9309 2.3.1.3: there is none, so everything may be fetched.
    return read_body(response, _READ).data.decode("utf-8-sig", "replace")


def _kept(response: requests.Response) -> float:
    """Seconds that the answer may be kept: as its headers say, from an hour to a day."""
    return min(max(lifetime(response.headers) or _KEPT, _KEPT), _LONGEST_KEPT)


def _unreachable(origin: str, why: str) -> FailedError:
    return FailedError(
        f"robots.txt of {origin} cannot be read ({why}), so that nothing may be fetched there for now",
        "robots_unreachable",
    )


def product_token(user_agent: str) -> str:
    """The name by which robots.txt addresses us (RFC 9309 2.2.1): letters, `-` and `_` at the beginning."""
    match = re.match(r"[A-Za-z_-]+", user_agent)
    return match.group() if match else "*"


def origin_of(url: str) -> str:
    """Scheme, host and port, as robots.txt counts for them."""
    return (join(url, "/") or url).removesuffix("/")
