"""How a node is reached: its address, TLS, and who asks. No secret of it stands in a message, a log or a URL."""

import base64
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import SerializationError
from opensearchpy.serializer import JSONSerializer
from pydantic import SecretStr
from pydantic_core import from_json

from shared.settings import Settings
from shared.stores.opensearch_http import HttpConnection

# The client warns of each answer that is no success; what matters of them is raised.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)

# Seconds. A bulk of 8 MB takes one or two on a busy node; a batch makes eight requests within its stage's deadline of
# 60.
_TIMEOUT = 10
# As the client has them.
_PORTS = {"http": 9200, "https": 443}


class _Json(JSONSerializer):
    """Reads answers in a third of the standard library's time: a page of results is some 100 kB."""

    def loads(self, s: str | bytes) -> Any:  # noqa: ANN401 - as the client has it
        """Raises SerializationError."""
        try:
            return from_json(s)
        except ValueError as error:
            raise SerializationError(s, error) from error


@dataclass(frozen=True, slots=True)
class Access:
    """What a node wants beside its address."""

    ca: Path | None = None
    """File of the CAs that its certificate may be signed by; None: those that the system or certifi knows."""
    verify: bool = True
    """Whether its certificate and its name are checked."""
    user: str = ""
    password: SecretStr = field(default_factory=lambda: SecretStr(""))
    api_key: SecretStr = field(default_factory=lambda: SecretStr(""))
    timeout: float = _TIMEOUT
    """Seconds for a request."""


def access_of(settings: Settings, timeout: float | None = None) -> Access:
    """The access that the settings give. `timeout`: seconds for a request, where they are not those of an indexer."""
    return Access(
        ca=settings.opensearch_ca,
        verify=settings.opensearch_verify,
        user=settings.opensearch_user,
        password=settings.opensearch_password,
        api_key=settings.opensearch_api_key,
        timeout=_TIMEOUT if timeout is None else timeout,
    )


def where(url: str) -> str:
    """The address for messages: host and port, without user and password."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{_port(parts)}"


def connect(url: str, access: Access) -> OpenSearch:
    """A client; nothing is connected yet. `url` may hold user and password."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    bare = urlunsplit((parts.scheme, f"{host}:{_port(parts)}", parts.path, "", ""))
    authorization = _authorization(parts, access)
    return OpenSearch(
        [bare],
        headers={"authorization": authorization} if authorization else None,
        timeout=access.timeout,
        serializer=_Json(),
        # Trying again is the circuit's business: here it would only make a node that is down wait longer.
        max_retries=0,
        retry_on_status=(),
        connection_class=HttpConnection,
        ca=access.ca,
        verify=access.verify,
    )


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS.get(parts.scheme, 9200)


def _authorization(parts: SplitResult, access: Access) -> str | None:
    """The header's value (RFC 7617 in UTF-8, or OpenSearch's scheme for API keys)."""
    if key := access.api_key.get_secret_value():
        return f"ApiKey {key}"
    user, password = access.user, access.password.get_secret_value()
    if not user and parts.username:
        user, password = unquote(parts.username), unquote(parts.password or "")
    if not user:
        return None
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
