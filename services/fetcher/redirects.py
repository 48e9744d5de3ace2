"""Redirects, followed by hand: where each leads is checked before anything is asked there."""

import requests
from requests.cookies import RequestsCookieJar, get_cookie_header
from requests.structures import CaseInsensitiveDict

from services.fetcher.causes import RefusedError
from shared.urls import NotAUrlError, join, normalise

# RFC 9110 15.4. 300 leaves the choice to a person; 304 is no redirect, 305 and 306 are no more.
_STATUSES = frozenset({301, 302, 303, 307, 308})


def is_redirect(response: requests.Response) -> bool:
    """Whether the answer is elsewhere."""
    return response.status_code in _STATUSES


class Way:
    """The URLs of one fetch, from the submitted one on."""

    def __init__(self, url: str, limit: int) -> None:
        """`limit`: redirects that are followed."""
        self.url = url
        self._limit = limit
        self._jar = RequestsCookieJar()
        self._seen = {(url, "")}

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
        step = (target, self._cookies_for(target))
        if step in self._seen:
            raise RefusedError(f"redirect loop: {self.url} leads back to {target}")
        self._seen.add(step)
        self.url = target

    def _target(self, response: requests.Response) -> str:
        location = _location(response)
        if not location:
            raise RefusedError(f"status {response.status_code} without saying where to")
        try:
            return normalise(join(self.url, location) or location)
        except NotAUrlError as error:
            raise RefusedError(f"redirect to {location[:200]!r}: {error}") from None


def _location(response: requests.Response) -> str:
    """The header; http.client reads it as Latin-1, many servers write UTF-8."""
    text = response.headers.get("Location", "")
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
