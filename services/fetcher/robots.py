"""robots.txt by RFC 9309: asked for once in a while for each scheme, host and port, and shared through Redis."""

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
from services.fetcher.deadline import Deadline
from services.fetcher.expiring import Expiring
from services.fetcher.freshness import lifetime
from services.fetcher.redirects import Way, is_redirect
from services.fetcher.robots_rules import Rules
from services.fetcher.sites import Sites
from shared.settings import Settings
from shared.urls import host_of, join

# An hour unless the file's own headers ask for more: it heeds changes soon, at one request in 3,600 at the default
# delay. RFC 9309 2.4 lets a crawler keep a file for a day.
_KEPT = 3600
_LONGEST_KEPT = 24 * 3600
# One that cannot be had is asked for again after so long: the pages of a dead host shall not each wait for it, and a
# page's next attempt (5 s later by default) shall ask anew.
_UNREACHABLE_KEPT = 4.0
_HOSTS_KEPT = 512
# Characters of the files whose rules are kept in the process; the others are in Redis. Parsed, they take up to fifty
# times as much memory: 200 MB. A file is counted as a thousand more than it has.
_TEXT_KEPT = 4_000_000
# RFC 9309 2.5: at least 500 KiB are to be parsed.
_READ = 500 * 1024
# RFC 9309 2.3.1.2: at least five.
_REDIRECTS = 5
# Of the page itself, too: what hinders the one hinders the other, and says it better.
_SHARED_CAUSES = frozenset({"dns", "connect", "tls", "proxy"})


class Robots:
    """What hosts allow. Safe in threads."""

    def __init__(self, settings: Settings, client: Client, shared: redis.Redis | None, sites: Sites) -> None:
        """`shared`: where fetchers share what they know; without it each asks for itself. `sites`: what they are asked
        as."""
        self._obeyed = settings.fetch_robots
        self._timeout = settings.fetch_robots_timeout
        self._client = client
        self._shared = shared
        self._user_agent = settings.fetch_user_agent
        self._sites = sites
        self._rules: Expiring[str, Rules] = Expiring(_TEXT_KEPT)
        self._unreachable: Expiring[str, FailedError] = Expiring(_HOSTS_KEPT)
        self._asking: dict[str, threading.Lock] = {}
        self._asking_lock = threading.Lock()

    def check(self, url: str, deadline: Deadline) -> None:
        """Raises RefusedError where the host's robots.txt disallows the URL, FailedError where it cannot be had."""
        if not self._obeyed:
            return
        origin = origin_of(url)
        rules = self._rules.get(origin) or self._ask_once(origin, deadline)
        if not rules.allows(url):
            reason = rules.reason(url)
            path = url.removeprefix(origin)[:200]
            raise RefusedError(
                f"robots.txt disallows {path} for {self.token(url)}" + (f" ({reason})" if reason else "")
            )

    def token(self, url: str) -> str:
        """The name by which the site of a URL knows us."""
        return product_token(self._sites.of(host_of(url)).user_agent or self._user_agent)

    def _ask_once(self, origin: str, deadline: Deadline) -> Rules:
        """One thread asks a host, the others wait for what it learns."""
        with self._turn(origin, deadline):
            rules = self._rules.get(origin)
            if rules is not None:
                return rules
            unreachable = self._unreachable.get(origin)
            if unreachable is not None:
                raise FailedError(unreachable.reason, unreachable.cause)
            try:
                text, kept = self._text(origin, deadline)
            except FailedError as error:
                if error.cause not in _SHARED_CAUSES:
                    self._unreachable.put(origin, error, _UNREACHABLE_KEPT)
                raise
            rules = Rules(text, self.token(origin))
            self._rules.put(origin, rules, kept, weight=1000 + len(text))
            return rules

    @contextmanager
    def _turn(self, origin: str, deadline: Deadline) -> Iterator[None]:
        with self._asking_lock:
            lock = self._asking.setdefault(origin, threading.Lock())
        if not lock.acquire(timeout=deadline.left()):
            raise FailedError(f"robots.txt of {origin} not known in time", "robots_unreachable")
        try:
            yield
        finally:
            lock.release()
            with self._asking_lock:
                self._asking.pop(origin, None)

    def _text(self, origin: str, deadline: Deadline) -> tuple[str, float]:
        """The file, from Redis or from the host, empty where there is none; and the seconds that it may be kept."""
        packed, kept = self._recall(origin)
        if packed is not None:
            return zstandard.ZstdDecompressor().decompress(packed).decode("utf-8", "replace"), kept
        text, kept = self._fetch(origin, deadline.within(self._timeout, "not fetched"))
        self._remember(origin, text, kept)
        return text, kept

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

    def _fetch(self, origin: str, deadline: Deadline) -> tuple[str, float]:
        way = Way(f"{origin}/robots.txt", _REDIRECTS)
        try:
            while True:
                with self._client.get(way.url, deadline) as response:
                    if not is_redirect(response):
                        return _read(response), _kept(response)
                    try:
                        way.follow(response)
                    except RefusedError:
                        return "", _KEPT  # RFC 9309 2.3.1.2: one that leads nowhere may be taken as not there.
        except RefusedError as error:
            if way.hops == 0:
                raise
            raise _unreachable(origin, error.reason) from None
        except FailedError as error:
            if way.hops == 0 and error.cause in _SHARED_CAUSES:
                raise
            raise _unreachable(origin, error.reason) from None


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
