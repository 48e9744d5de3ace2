"""From a claimed page's URL to a raw page, or to the reason why there is none."""

import base64
import hashlib
from datetime import UTC, datetime

import redis
import requests

from services.fetcher import content_type, directives
from services.fetcher.addresses import Addresses
from services.fetcher.body import announced_length, read_body
from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.client import Client
from services.fetcher.deadline import Deadline
from services.fetcher.redirects import Way, is_redirect
from services.fetcher.robots import Robots
from services.fetcher.routes import Routes
from services.fetcher.sites import read_sites
from services.fetcher.status import check_status
from shared.raw_page import RawPage
from shared.settings import Settings
from shared.stage import Claim, Ending, Failed, Fetched, Refused, Unchanged


class Fetcher:
    """Fetches pages: one for a process, used by all its threads."""

    def __init__(self, settings: Settings, shared: redis.Redis | None, addresses: Addresses | None = None) -> None:
        """`shared`: Redis, through which fetchers share robots.txt. `addresses`: the guard, made of the settings.

        Raises WrongSettingError for a wrong sites.toml.
        """
        self._settings = settings
        self._sites = read_sites(settings)
        routes = Routes(addresses or Addresses(settings.fetch_allow_private), self._sites)
        self._client = Client(settings, routes, self._sites)
        self._robots = Robots(settings, self._client, shared, self._sites)

    def fetch(self, claim: Claim) -> Ending:
        """One page, within the limits of time and size in all; whatever the other side does, it ends in words."""
        deadline = Deadline(self._settings.fetch_total_timeout, "not fetched")
        way = Way(claim.url, self._settings.fetch_max_redirects)
        try:
            return self._fetch(claim, way, deadline)
        except RefusedError as error:
            return Refused(error.reason + way.detour(), gone=error.gone)
        except FailedError as error:
            return Failed(error.reason + way.detour(), error.cause)

    def close(self) -> None:
        """Closes open connections."""
        self._client.close()

    def _fetch(self, claim: Claim, way: Way, deadline: Deadline) -> Ending:
        # Asking whether a page changed makes sense where its records are there to be left alone.
        etag = claim.etag if claim.content_hash is not None else None
        while True:
            self._robots.check(way.url, deadline)
            with self._client.get(way.url, deadline, cookies=way.cookies(), etag=etag) as response:
                if not is_redirect(response):
                    return self._read(claim, response, way.url, conditional=etag is not None)
                way.follow(response)

    def _read(self, claim: Claim, response: requests.Response, url: str, *, conditional: bool) -> Ending:
        if response.status_code == 304 and conditional:
            return Unchanged()
        check_status(response)
        token = self._robots.token(url)
        asked = directives.in_headers(response.raw.headers.getlist("X-Robots-Tag"), token)
        self._check_asked(asked)
        declared = response.headers.get("Content-Type")
        content_type.check_declared(declared)
        cap = self._settings.fetch_max_bytes
        if (announced_length(response) or 0) > cap:
            raise RefusedError(f"larger than {_size(cap)}")
        body = read_body(response, cap, self._settings.fetch_max_ratio)
        if body.larger:
            raise RefusedError(f"larger than {_size(cap)}")
        if not body.data or body.data.isspace():
            if not body.complete:
                raise FailedError("the connection was closed before the body came", "truncated")
            raise RefusedError("nothing to read: empty body")
        content_type.check(declared, body.data)
        asked |= directives.in_page(body.data, token)
        self._check_asked(asked)
        digest = content_hash(body.data)
        if digest == claim.content_hash:
            return Unchanged()
        if not body.complete and claim.stored_version is not None:
            # The store has the page already: half of it would take the place of the whole.
            raise FailedError(f"the connection was closed after {len(body.data):,} bytes", "truncated")
        raw = RawPage(
            body=body.data,
            url=claim.url,
            final_url=url,
            status=response.status_code,
            content_type=declared,
            fetched_at=datetime.now(UTC),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
            noarchive=asked.noarchive and self._settings.fetch_noarchive,
        )
        return Fetched(raw, digest)

    def _check_asked(self, asked: directives.Asked) -> None:
        if asked.noindex and self._settings.fetch_noindex:
            raise RefusedError(f"the page asks not to be indexed: {asked.noindex}")


def content_hash(body: bytes) -> str:
    """12 letters: 60 bits of BLAKE2b (RFC 7693) in lower-case base32. It tells a page's body from its last one."""
    return base64.b32encode(hashlib.blake2b(body, digest_size=8).digest()).decode("ascii")[:12].lower()


def _size(count: int) -> str:
    """Bytes as a person reads them: 10 MB."""
    for unit, power in (("MB", 1_000_000), ("KB", 1_000)):
        if count >= power:
            return f"{count / power:g} {unit}"
    return f"{count} bytes"
