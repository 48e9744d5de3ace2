"""The HTTP client: requests over guarded connections, one for the process, used by all its threads.

Only requests' adapter is used, not its Session: a session reads a redirect's body to the end, however long it is,
follows the environment's proxies and .netrc, and keeps cookies from one page to the next.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any

import certifi
import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.util.ssl_ import create_urllib3_context

from services.fetcher.causes import LIBRARY_ERRORS, failure
from services.fetcher.connection import PlainPool, TlsPool
from services.fetcher.deadline import DEADLINE, Deadline
from services.fetcher.recording import exchange
from services.fetcher.routes import Routes
from services.fetcher.sites import Sites
from shared.archive.exchange import Role
from shared.settings import Settings
from shared.unpacking import ACCEPTED
from shared.urls import host_of

# Hosts whose connections are kept open: a process asks as many at once as it has threads (32), and soon others.
_HOSTS = 64


class _Adapter(HTTPAdapter):
    """requests' adapter with guarded connections, one TLS context for all, and paths left as they are."""

    def __init__(self, routes: Routes, connections: int) -> None:
        """`connections`: to each host, kept open."""
        self._routes = routes
        super().__init__(pool_connections=_HOSTS, pool_maxsize=connections)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kw: object) -> None:
        super().init_poolmanager(connections, maxsize, block, **kw)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(PlainPool, routes=self._routes),
            "https": self._tls_pool,
        }

    def _tls_pool(self, *args: Any, **kw: Any) -> TlsPool:  # noqa: ANN401
        return TlsPool(*args, routes=self._routes, ssl_context=self._tls, **kw)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Trusts certifi's authorities and the system's (SSL_CERT_FILE names others: of an intranet, of a test).

        Made when first needed: it takes 65 ms.
        """
        context = create_urllib3_context()
        context.load_verify_locations(certifi.where())
        context.load_default_certs()
        return context

    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """Nothing: the context knows whom to trust; requests would load 140 certificates for each connection."""

    def request_url(self, request: requests.PreparedRequest, proxies: object) -> str:  # noqa: ARG002
        """Path and query as they stand in the URL; requests would make `//a` into `/a` and drop an empty query.

        The whole URL where a proxy is asked for it (RFC 9112 3.2.2); https goes through a tunnel.
        """
        url = request.url or ""
        proxy = self._routes.proxy(host_of(url))
        if url.startswith("http:") and proxy is not None and proxy.is_http:
            return url
        return "/" + url.split("/", 3)[3]


class Client:
    """Asks servers. Safe in threads."""

    def __init__(self, settings: Settings, routes: Routes, sites: Sites) -> None:
        """`routes`: the guard of every connection; `sites`: what is particular to some."""
        self._adapter = _Adapter(routes, settings.fetch_threads)
        self._sites = sites
        self._timeout = (settings.fetch_connect_timeout, settings.fetch_read_timeout)
        self._headers = {
            "User-Agent": settings.fetch_user_agent,
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
            # Each page in its own language.
            "Accept-Language": "*",
            "Accept-Encoding": ACCEPTED,
        }

    @contextmanager
    def get(
        self,
        url: str,
        deadline: Deadline,
        *,
        cookies: str = "",
        validator: str | None = None,
        role: Role = "page",
        via: str | None = None,
    ) -> Iterator[requests.Response]:
        """GET of a normalised URL; the body is still to be read, within the block and the deadline.

        `role`: what it is, and `via`: what redirected to it, for the archive.

        Raises RefusedError (address), FailedError; library errors within the block come out as FailedError.
        """
        request = requests.PreparedRequest()
        request.method = "GET"
        request.url = url
        request.headers = self._headers_for(url)
        if cookies:
            request.headers["Cookie"] = cookies
        if role == "requisite":  # of several forms, one that can be shown, and no page about it
            request.headers["Accept"] = "text/css,image/*,*/*;q=0.1"
        if validator:
            name = "If-Modified-Since" if validator.startswith("=") else "If-None-Match"
            request.headers[name] = validator.removeprefix("=")
        before = DEADLINE.set(deadline)
        try:
            with exchange(url, role, via) as recorded:
                if recorded is not None:
                    site = self._sites.of(host_of(url))
                    recorded.proxied, recorded.secrets = site.proxy is not None, tuple(site.headers)
                try:
                    response = self._adapter.send(request, stream=True, timeout=self._timeout)
                    if recorded is not None:
                        recorded.answered(response.status_code)
                    try:
                        yield response
                    finally:
                        # Gives the connection back where the body was read to its end, and closes it where not.
                        response.close()
                except LIBRARY_ERRORS as error:
                    raise failure(error, host_of(url)) from error
        finally:
            DEADLINE.reset(before)

    def _headers_for(self, url: str) -> CaseInsensitiveDict[str]:
        site = self._sites.of(host_of(url))
        headers = CaseInsensitiveDict(self._headers)
        if site.user_agent is not None:
            headers["User-Agent"] = site.user_agent
        headers.update((name, value.get_secret_value()) for name, value in site.headers.items())
        if site.proxy is not None and site.proxy.authorization and url.startswith("http:"):
            headers["Proxy-Authorization"] = site.proxy.authorization
        return headers

    def close(self) -> None:
        """Closes what is open."""
        self._adapter.close()
