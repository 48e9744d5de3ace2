"""robots.txt by RFC 9309: asked once an hour for each scheme, host and port, and shared through Redis.

To ask for one is a turn of its host, and so is each redirect on the way there.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import redis
import requests
import zstandard
from protego import Protego

from services.fetcher.body import read_body
from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.client import Client
from services.fetcher.expiring import Expiring
from services.fetcher.redirects import Way, is_redirect
from services.fetcher.turn import Turn
from shared.settings import Settings
from shared.urls import join

# RFC 9309 2.4 lets a crawler keep a file for a day; an hour heeds changes sooner, at one request in 3,600 at the
# default delay.
_KEPT = 3600
_HOSTS_KEPT = 512
# RFC 9309 2.5: at least 500 KiB are to be parsed.
_READ = 500 * 1024
# RFC 9309 2.3.1.2: at least five.
REDIRECTS = 5
# Of the page itself, too: what hinders the one hinders the other, and says it better.
_SHARED_CAUSES = frozenset({"dns", "connect", "tls"})
_AGENT_LINE = re.compile(r"^\s*user[- ]?agent\s*:?\s*([^#]*)", re.IGNORECASE)


class Robots:
    """What hosts allow. Safe in threads."""

    def __init__(self, settings: Settings, client: Client, shared: redis.Redis | None) -> None:
        """`shared`: where fetchers share what they know; without it each asks for itself."""
        self._obeyed = settings.fetch_robots
        self._timeout = settings.fetch_robots_timeout
        self._delay = settings.fetch_delay
        self._longest = settings.fetch_max_crawl_delay
        self._client = client
        self._shared = shared
        self._token = product_token(settings.fetch_user_agent)
        self._rules: Expiring[str, Protego] = Expiring(_HOSTS_KEPT)
        self._asking: dict[str, threading.Lock] = {}
        self._asking_lock = threading.Lock()

    def is_known(self, url: str) -> bool:
        """Whether it is known what the URL's host allows, here or to another fetcher; else it must be asked."""
        return not self._obeyed or self._known(origin_of(url)) is not None

    def check(self, url: str) -> None:
        """Raises RefusedError where the host's robots.txt disallows the URL. Not before it is known."""
        origin = origin_of(url)
        rules = self._known(origin) if self._obeyed else None
        if rules is not None and not rules.can_fetch(url, self._token):
            raise RefusedError(f"robots.txt disallows {url.removeprefix(origin)[:200]} for {self._token}")

    def delay(self, url: str) -> float | None:
        """Seconds between two requests to the URL's host, by its Crawl-delay; None where that is not known."""
        rules = self._known(origin_of(url)) if self._obeyed else None
        if rules is None:
            return None
        asked = rules.crawl_delay(self._token)
        return max(self._delay, min(asked, self._longest)) if asked is not None and asked > 0 else self._delay

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
        with self._client.get(robots.url, turn.deadline) as response:
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
        way.robots = None
        self._learn(origin_of(way.url), text)

    def _known(self, origin: str) -> Protego | None:
        rules = self._rules.get(origin)
        if rules is None:
            packed = self._recall(origin)
            if packed is not None:
                rules = self._parse(origin, zstandard.ZstdDecompressor().decompress(packed).decode("utf-8", "replace"))
        return rules

    def _learn(self, origin: str, text: str) -> None:
        self._parse(origin, text)
        self._remember(origin, text)

    def _parse(self, origin: str, text: str) -> Protego:
        rules = Protego.parse(own_groups(text, self._token))
        self._rules.put(origin, rules, _KEPT)
        return rules

    def _recall(self, origin: str) -> bytes | None:
        if self._shared is None:
            return None
        try:
            packed: bytes | None = self._shared.get(f"robots:{origin}")  # type: ignore[assignment]
        except redis.RedisError:
            return None  # It is a cache: the host itself can be asked.
        return packed

    def _remember(self, origin: str, text: str) -> None:
        if self._shared is None:
            return
        packed = zstandard.ZstdCompressor().compress(text.encode("utf-8", "replace"))
        try:
            self._shared.set(f"robots:{origin}", packed, ex=_KEPT)
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


def own_groups(text: str, token: str) -> str:
    """The file with every user agent that is neither ours nor `*` under one name.

    Protego keeps the rules of each agent: 20,000 agents above 20,000 rules would be 400 million of them.
    """
    lines = []
    for line in text.splitlines():
        agent = _AGENT_LINE.match(line)
        if agent and (name := agent.group(1).strip().strip("*").lower()) and name not in token.lower():
            lines.append("User-agent: another-one")
        else:
            lines.append(line)
    return "\n".join(lines)
