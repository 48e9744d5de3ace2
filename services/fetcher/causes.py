"""How a fetch that gives no page ends, in words that a person understands; and what libraries raise, put so."""

import http.client
import ssl
from typing import Literal

import requests
import urllib3.exceptions

from shared.stage import Findings

Cause = Literal[
    "dns",
    "connect",
    "tls",
    "timeout",
    "reset",
    "protocol",
    "encoding",
    "truncated",
    "robots_unreachable",
    "proxy",
    "http_408",
    "http_425",
    "http_429",
    "http_5xx",
]
"""Failures are counted under these names."""

LIBRARY_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)
"""What requests, urllib3, http.client and sockets raise for a server's or a network's fault."""


class RefusedError(Exception):
    """Policy says no; trying again changes nothing. The message is the reason."""

    def __init__(self, reason: str, *, gone: bool = False, found: tuple[Findings, ...] = ()) -> None:
        """`gone`: the server says that the page is no more (404, 410). `found`: what it leads to all the same."""
        super().__init__(reason)
        self.reason = reason
        self.gone = gone
        self.found = found


class FailedError(Exception):
    """It did not work this time; the message is the reason."""

    def __init__(self, reason: str, cause: Cause) -> None:
        """`cause`: the name under which it is counted."""
        super().__init__(reason)
        self.reason = reason
        self.cause: Cause = cause


def failure(error: BaseException, host: str) -> FailedError:
    """A library's error in words. `host`: who was asked."""
    chain = _chain(error)
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            return FailedError(f"the certificate of {host} is not trusted: {link.verify_message}", "tls")
    for link in chain:
        match link:
            case ssl.SSLError() | urllib3.exceptions.SSLError():
                return FailedError(f"no secure connection to {host}: {_words(link)}", "tls")
            case http.client.RemoteDisconnected():
                return FailedError(f"{host} closed the connection without an answer", "reset")
            case ConnectionError():
                return FailedError(f"the connection to {host} broke: {_words(link)}", "reset")
            case TimeoutError():
                return FailedError(f"{host} did not answer in time", "timeout")
            case http.client.BadStatusLine():
                return FailedError(f"{host} does not speak HTTP: its answer begins with none of its words", "protocol")
            case http.client.HTTPException():
                return FailedError(f"{host} does not speak HTTP properly: {_words(link)}", "protocol")
    return FailedError(f"{host} does not speak HTTP properly: {_words(chain[-1])}", "protocol")


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what it was made of, outermost first; urllib3 and requests keep it in different places."""
    chain: list[BaseException] = []
    queue: list[object] = [error]
    while queue:
        link = queue.pop(0)
        if isinstance(link, BaseException) and not any(link is seen for seen in chain):
            chain.append(link)
            queue += [*link.args, getattr(link, "reason", None), link.__cause__, link.__context__]
    return chain


def _words(error: BaseException) -> str:
    """The message alone, in one short line."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")  # OpenSSL's name for it: WRONG_VERSION_NUMBER
    text = getattr(error, "strerror", None) or getattr(error, "reason", None) or error
    return " ".join(str(text).split())[:200] or type(error).__name__
