"""How the client's requests are sent: by the standard library, as urllib3 takes as long again around each of them.

An answer stays bytes for whoever parses it: decoded, it would be encoded again for that, in as long as parsing takes.
"""

import ssl
import weakref
from collections.abc import Collection, Mapping
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from opensearchpy.connection import Connection
from opensearchpy.exceptions import ConnectionError as NoConnectionError
from opensearchpy.exceptions import ConnectionTimeout, SSLError
from urllib3.util.wait import wait_for_read

_JSON = "application/json"


class HttpConnection(Connection):
    """Safe to share between threads: a request has a connection to itself, which is kept for a later one."""

    def __init__(self, *, ca: Path | None, verify: bool, **given: Any) -> None:  # noqa: ANN401 - the client's own
        """`ca`, `verify`: as in `Access`."""
        super().__init__(**given)
        self._ca = ca
        self._verify = verify
        self._context: ssl.SSLContext | None = None
        self._kept: list[HTTPConnection] = []
        weakref.finalize(self, _close, self._kept)  # as urllib3 does, for whoever lets go of a client without a word

    def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        timeout: float | None = None,
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, HTTPMessage, bytes | str]:
        """Status, headers and content of an answer. Raises the client's errors."""
        target = f"{self.url_prefix}{url}?{urlencode(params)}" if params else f"{self.url_prefix}{url}"
        try:
            connection = self._connection(timeout or self.timeout)
            answer, content = _asked(connection, method, target, body, {**self.headers, **(headers or {})})
        except ssl.SSLError as error:
            raise SSLError("N/A", str(error), error) from error
        except TimeoutError as error:
            raise ConnectionTimeout("TIMEOUT", str(error), error) from error
        except (OSError, HTTPException) as error:
            raise NoConnectionError("N/A", str(error) or repr(error), error) from error
        self._kept.append(connection)
        self._raise_warnings(answer.headers.get_all("warning", ()))
        kind = answer.headers.get("content-type", "")
        if not 200 <= answer.status < 300 and answer.status not in ignore:
            self._raise_error(answer.status, content.decode(errors="replace"), kind)
        return answer.status, answer.headers, content if kind.startswith(_JSON) else content.decode(errors="replace")

    def _connection(self, timeout: float) -> HTTPConnection:
        """One that nobody uses: still open, where the node has not closed it meanwhile, else about to be opened."""
        try:
            connection = self._kept.pop()
        except IndexError:
            if not self.use_ssl:
                return HTTPConnection(self.hostname, self.port, timeout=timeout)
            return HTTPSConnection(self.hostname, self.port, timeout=timeout, context=self._tls())
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
            if wait_for_read(connection.sock, timeout=0):  # nothing was asked, so that can only be its end
                connection.close()
        return connection

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            try:
                context = ssl.create_default_context(cafile=self._ca or self.default_ca_certs())
            except OSError as error:
                raise SSLError("N/A", str(error), error) from error
            if not self._verify:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self._context = context
        return self._context

    def close(self) -> None:
        """Lets go of what is kept."""
        _close(self._kept)


def _close(kept: list[HTTPConnection]) -> None:
    while kept:
        kept.pop().close()


def _asked(
    connection: HTTPConnection, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[HTTPResponse, bytes]:
    """One request. What goes wrong leaves no connection open."""
    try:
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        return answer, answer.read()
    except BaseException:
        connection.close()
        raise
