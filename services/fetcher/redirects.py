"""Redirects, followed by hand: where each leads is checked before anything is asked there.

Each hop is a turn of the host that it leads to, so between two hops the way stands in the ledger, packed.
"""

import hashlib
import json
from http.cookiejar import Cookie
from typing import Any

import requests
from requests.cookies import RequestsCookieJar, get_cookie_header
from requests.structures import CaseInsensitiveDict

from services.fetcher.causes import RefusedError
from shared.urls import NotAUrlError, join, normalise

# RFC 9110 15.4. 300 leaves the choice to a person; 304 is no redirect, 305 and 306 are no more.
_STATUSES = frozenset({301, 302, 303, 307, 308})


# Bytes of cookies that are carried from hop to hop: servers take no more than 8 to 16 KB of headers.
_COOKIES = 16_384
_COOKIE_FIELDS = ("name", "value", "domain", "domain_specified", "path", "path_specified", "secure", "expires")


def is_redirect(response: requests.Response) -> bool:
    """Whether the answer is elsewhere."""
    return response.status_code in _STATUSES


class Way:
    """The URLs of one fetch, from the submitted one on."""

    def __init__(self, url: str, limit: int) -> None:
        """`limit`: redirects that are followed."""
        self.url = url
        self.robots: Way | None = None
        """The way to the robots.txt that must be known before `url` may be asked for."""
        self.via: str | None = None
        """The URL that redirected to `url`."""
        self.robots_asked = 0
        """How often it was asked for since the last hop."""
        self._limit = limit
        self._jar = RequestsCookieJar()
        self._seen = {_step(url, "")}

    @property
    def next_url(self) -> str:
        """What is asked for next."""
        return self.robots.url if self.robots is not None else self.url

    def pack(self) -> str:
        """The way so far, as short as may be: it waits in the ledger."""
        return json.dumps(self._packed(), separators=(",", ":"))

    def unpack(self, packed: str, robots_limit: int) -> "Way":
        """Goes on where `pack` was called, on a way that begins as that one did."""
        self._unpack(json.loads(packed), robots_limit)
        return self

    def _packed(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "u": self.url,
            "v": self.via,
            "s": " ".join(sorted(self._seen)),
            "n": self.robots_asked,
        }
        cookies, room = [], _COOKIES
        for c in self._jar:
            room -= len(c.name) + len(c.value or "") + len(c.path)
            if room >= 0:
                cookies.append([getattr(c, name) for name in _COOKIE_FIELDS])
        return found | {"c": cookies, "r": self.robots._packed() if self.robots else None}

    def _unpack(self, found: dict[str, Any], robots_limit: int) -> None:
        self.url, self.via, self.robots_asked = found["u"], found.get("v"), found["n"]
        self._seen = set(found["s"].split())
        for values in found["c"]:
            self._jar.set_cookie(_cookie(dict(zip(_COOKIE_FIELDS, values, strict=True))))
        if found["r"] is not None:
            self.robots = Way(found["r"]["u"], robots_limit)
            self.robots._unpack(found["r"], robots_limit)

    @property
    def hops(self) -> int:
        """Redirects followed so far."""
        return len(self._seen) - 1

    def detour(self) -> str:
        """What is to be said behind a reason: where it happened, if not at the first URL."""
        return f" (redirected to {self.url[:200]})" if self.hops else ""

    def cookies(self) -> str:
        """The Cookie header for this URL, of what was set on the way here; empty where there is none."""
        return self._cookies_for(self.url)

    def _cookies_for(self, url: str) -> str:
        if not len(self._jar):
            return ""
        request = requests.PreparedRequest()
        request.url = url
        request.headers = CaseInsensitiveDict()
        header: str | None = get_cookie_header(self._jar, request)  # type: ignore[no-untyped-call]
        return header or ""

    def follow(self, response: requests.Response) -> None:
        """Goes where the response leads.

        The same URL again is a loop, unless a cookie was set on the way, which is how some sites check for them.
        Raises RefusedError.
        """
        target = self._target(response)
        if self.hops >= self._limit:
            raise RefusedError(f"more than {self._limit} redirects, the next one to {target}")
        self._jar.update(response.cookies)
        step = _step(target, self._cookies_for(target))
        if step in self._seen:
            raise RefusedError(f"redirect loop: {self.url} leads back to {target}")
        self._seen.add(step)
        self.via, self.url = self.url, target
        self.robots_asked = 0

    def _target(self, response: requests.Response) -> str:
        location = _location(response)
        if not location:
            raise RefusedError(f"status {response.status_code} without saying where to")
        try:
            return normalise(join(self.url, location) or location)
        except NotAUrlError as error:
            raise RefusedError(f"redirect to {location[:200]!r}: {error}") from None


def _step(url: str, cookies: str) -> str:
    """A URL asked for with these cookies: 48 bits are enough to tell a dozen from one another."""
    return hashlib.blake2b(f"{url} {cookies}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _cookie(fields: dict[str, Any]) -> Cookie:
    return Cookie(
        version=0,
        port=None,
        port_specified=False,
        domain_initial_dot=fields["domain"].startswith("."),
        discard=fields["expires"] is None,
        comment=None,
        comment_url=None,
        rest={},
        **fields,
    )


def _location(response: requests.Response) -> str:
    """The header; http.client reads it as Latin-1, many servers write UTF-8."""
    text = response.headers.get("Location", "")
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
