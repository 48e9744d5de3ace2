"""From a claimed page's URL to a raw page, or to the reason why there is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import redis
import requests

from services.fetcher.addresses import Addresses
from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.client import Client
from services.fetcher.deadline import Deadline
from services.fetcher.growth import Growth
from services.fetcher.page import Links, Page, heed_noarchive, heed_unread, read_page, read_part
from services.fetcher.recording import EXCHANGE, recording
from services.fetcher.redirects import Way, is_redirect
from services.fetcher.requisites import Requisites
from services.fetcher.robots import REDIRECTS as ROBOTS_REDIRECTS
from services.fetcher.robots import Robots, robots_way, unreachable
from services.fetcher.routes import Routes
from services.fetcher.sites import read_sites
from services.fetcher.status import check_status
from services.fetcher.turn import Turn
from shared.archive import ArchiveWriter, Fetch
from shared.raw_page import RawPage
from shared.scope import Scope
from shared.settings import Settings
from shared.stage import (
    Begun,
    Claim,
    Ending,
    Failed,
    Fetched,
    Findings,
    Kind,
    Onward,
    PartFetched,
    Postponed,
    Read,
    Refused,
    Unchanged,
)
from shared.urls import host_of

if TYPE_CHECKING:
    from shared.archive.exchange import Role

# Times that one page asks for the same robots.txt, beyond its redirects: what is not kept after that never will be.
_ROBOTS_TRIES = 3
# Seconds until a page asks again whether another one has learned what its host allows.
_ROBOTS_WAIT = 0.5


_ROLES: dict[Kind, "Role"] = {"page": "page", "requisite": "requisite"}

_Answer = Fetched | Onward | PartFetched | Read | Unchanged | Postponed


class _CrowdedError(Exception):
    """There is no free place at an address; the message is the address."""


class _LostError(Exception):
    """The lease is held no more."""


class Fetcher:
    """Fetches pages: one for a process, used by all its threads."""

    def __init__(
        self,
        settings: Settings,
        shared: redis.Redis | None,
        addresses: Addresses | None = None,
        begin: Callable[[Claim, str], Begun] | None = None,
        archive: ArchiveWriter | None = None,
        scope: Callable[[str], Scope] | None = None,
    ) -> None:
        """`shared`: Redis, through which fetchers share robots.txt. `addresses`: the guard, made of the settings.

        `begin`: asked with an address before each request whether it may be made. `archive`: where what goes over the
        wire is kept; nowhere without it. `scope`: of a crawl, by its id. Raises WrongSettingError for a wrong
        sites.toml.
        """
        self._settings = settings
        sites = read_sites(settings)
        self._routes = Routes(addresses or Addresses(settings.fetch_allow_private, ports=settings.fetch_ports), sites)
        self._client = Client(settings, self._routes, sites)
        self._robots = Robots(settings, self._client, shared, sites)
        self._begin = begin
        self._archive = archive
        self._growth = Growth(settings, scope)
        self._requisites = Requisites(settings)

    def turn(self, claim: Claim) -> Ending:
        """One request for a page whose host's turn it is; whatever the other side does, it ends in words.

        `Onward` where robots.txt had to be asked for, or a redirect came.
        """
        way = Way(claim.part or claim.url, self._settings.fetch_max_redirects)
        if claim.way:
            way.unpack(claim.way, ROBOTS_REDIRECTS)
        return self._archived(claim, lambda: self._end(claim, way, self._deadline()))

    def fetch(self, claim: Claim) -> Ending:
        """All requests for a page, one after the other within one deadline: for a person who waits for this page."""
        return self._archived(claim, lambda: self._all(claim))

    def close(self) -> None:
        """Closes open connections."""
        self._client.close()

    def _all(self, claim: Claim) -> Ending:
        way = Way(claim.url, self._settings.fetch_max_redirects)
        deadline = self._deadline()
        while isinstance(ending := self._end(claim, way, deadline, wait=True), Onward):
            pass
        return ending

    def _archived(self, claim: Claim, ask: Callable[[], Ending]) -> Ending:
        """What `ask` comes to, once what went over the wire is in the archive: before the ledger hears of it."""
        if self._archive is None:
            return ask()
        if claim.kind == "requisite" and not self._archive.may_keep():
            return Refused("not asked for: nothing can be archived now")
        with recording() as exchanges:
            ending = ask()
        if isinstance(ending, Fetched):  # the page's time is that of its record, by which it is found there
            ending = replace(ending, raw=replace(ending.raw, fetched_at=exchanges[-1].started))
        kept = self._archive.keep(Fetch(claim.page_id, claim.fetch_id, claim.url), exchanges)
        if isinstance(ending, Read) and claim.kind == "requisite":
            if not kept:
                return Refused(f"{ending.reason}, which could not be archived", asked=ending.asked)
            ending = replace(ending, reason=f"{ending.reason}, archived")
        return ending

    def _deadline(self) -> Deadline:
        return Deadline(self._settings.fetch_total_timeout, "not fetched")

    def _end(self, claim: Claim, way: Way, deadline: Deadline, *, wait: bool = False) -> Ending:
        turn = Turn(deadline)
        turn_of = host_of(way.next_url)
        try:
            ending = self._request(claim, way, turn, turn_of, wait=wait)
        except RefusedError as error:
            if claim.part:
                return PartFetched(None, turn.asked())
            return Refused(error.reason + way.detour(), gone=error.gone, asked=turn.asked(), found=error.found)
        except FailedError as error:
            turn.failed(error)
            return Failed(error.reason + way.detour(), error.cause, asked=turn.asked())
        except _CrowdedError as error:
            return Postponed("waits for a place at its address", 0, address=str(error))
        except _LostError:
            return Postponed("its lease was lost", 0)
        return replace(ending, asked=turn.asked())

    def _request(self, claim: Claim, way: Way, turn: Turn, turn_of: str, *, wait: bool) -> _Answer:
        is_allowed = self._robots.check(way.url)
        turn.delay = self._robots.delay(way.url)
        if not is_allowed:
            return self._ask_robots(claim, way, turn, turn_of, wait=wait)
        way.robots = None  # known now, whoever asked
        if host_of(way.url) != turn_of:
            return _onward(claim, way)
        # Asking whether a page changed makes sense where its records are there to be left alone.
        can_be_left = claim.content_hash is not None or claim.kind != "page"
        validator = claim.validator if can_be_left and not claim.part else None
        if self._growth.follows(claim):
            validator = None  # its links are wanted, so its body is
        self._take_place(claim, way.url, turn)
        role: Role = "part" if claim.part else _ROLES.get(claim.kind, "source")
        asked = self._client.get(
            way.url, turn.deadline, cookies=way.cookies(), validator=validator, role=role, via=way.via
        )
        with asked as response:
            turn.answered(response)
            if not is_redirect(response):
                if claim.part:
                    return PartFetched(self._read_part(response, claim.part, way.url))
                return self._read(claim, response, way.url, conditional=validator is not None)
            way.follow(response)
        self._robots.check(way.url)  # refused now, if that is known, and not when its turn comes
        return _onward(claim, way)

    def _ask_robots(self, claim: Claim, way: Way, turn: Turn, turn_of: str, *, wait: bool) -> _Answer:
        way.robots = way.robots or robots_way(way.url)
        if host_of(way.next_url) != turn_of:
            return _onward(claim, way)
        if way.robots_asked > ROBOTS_REDIRECTS + _ROBOTS_TRIES:
            raise FailedError(f"what {way.robots.url} says could not be kept: is Redis full?", "robots_unreachable")
        with self._robots.asking(way.url, turn.deadline.left() if wait else 0.0) as free:
            if not free:
                return Postponed("another page asks for its robots.txt", _ROBOTS_WAIT)
            if not self._robots.is_known(way.url):
                with unreachable(way, turn):
                    self._take_place(claim, way.next_url, turn)
                    self._robots.ask(way, turn)
        turn.delay = self._robots.delay(way.url)
        return _onward(claim, way)

    def _take_place(self, claim: Claim, url: str, turn: Turn) -> None:
        """Before a request: its address is looked up, and one of the places there taken.

        Raises RefusedError, FailedError, _CrowdedError, _LostError, redis.RedisError.
        """
        turn.begin()
        timeout = self._settings.fetch_connect_timeout
        parts = urlsplit(url)
        name = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            route = self._routes.of(name, port, turn.deadline.within(timeout, f"no connection to {name}"))
        except RefusedError:
            turn.withdraw()
            raise
        if self._begin is not None:
            # What stands behind a proxy has no place at the proxy's address, which it would share with all others.
            begun = self._begin(claim, route.target)
            if begun is not Begun.GO:
                turn.withdraw()
                raise _CrowdedError(route.target) if begun is Begun.CROWDED else _LostError
        turn.begin()

    def _read(
        self, claim: Claim, response: requests.Response, url: str, *, conditional: bool
    ) -> Fetched | Read | Unchanged:
        token = self._robots.token(url)
        is_confirmed = response.status_code == 304 and conditional
        if claim.kind == "requisite" and not is_confirmed:
            return self._requisites.read(claim, response, url, token)
        if claim.kind != "page":  # nothing of it is indexed, so it may ask not to be
            heed_noarchive(response, self._settings, token)
            if is_confirmed:
                return Unchanged()
            check_status(response)
            return self._growth.source(claim, response, url, self._robots.sitemaps(url))
        if is_confirmed:
            heed_unread(response, self._settings, token)
            return Unchanged()
        page = read_page(response, self._settings, token, self._links(claim, url))
        found = page.found + self._requisites_of(claim, page, url)
        if page.content_hash == claim.content_hash:
            return Unchanged(found=found)
        if not page.complete and claim.stored_version is not None:
            # The store has the page already: half of it would take the place of the whole.
            raise FailedError(f"the connection was closed after {len(page.body):,} bytes", "truncated")
        raw = RawPage(
            body=page.body,
            url=claim.url,
            final_url=url,
            status=response.status_code,
            content_type=page.content_type,
            fetched_at=datetime.now(UTC),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )
        return Fetched(raw, page.content_hash, found=found)

    def _requisites_of(self, claim: Claim, page: Page, url: str) -> tuple[Findings, ...]:
        """None of a page that is not archived itself."""
        exchange = EXCHANGE.get()
        if exchange is None or exchange.noarchive:
            return ()
        return self._requisites.of_page(claim, page.body, url, page.content_type)

    def _read_part(self, response: requests.Response, asked_url: str, url: str) -> RawPage:
        return RawPage(
            body=read_part(response, self._settings, self._robots.token(url)),
            url=asked_url,
            final_url=url,
            status=response.status_code,
            content_type=response.headers.get("Content-Type"),
            fetched_at=datetime.now(UTC),
        )

    def _links(self, claim: Claim, url: str) -> Links | None:
        """What finds the page's links, where they are wanted."""
        if not self._growth.follows(claim):
            return None
        return lambda body, declared, no_follow: self._growth.links(claim, body, url, declared, no_follow=no_follow)


def _onward(claim: Claim, way: Way) -> Onward:
    host = host_of(way.next_url)
    return Onward("" if host == host_of(claim.url) else host, way.pack())
