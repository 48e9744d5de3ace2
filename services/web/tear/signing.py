"""Addresses of archived images, signed: what a view names is served, and nothing else.

A view stands in a sandbox, without an origin, so a browser sends no cookie along when it asks for the view's images:
the signature says that somebody who may read was shown the page that names them.
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from shared.settings import Settings

PATH = "/archived"


def signed(settings: Settings, page_id: str, url: str, time: datetime) -> str:
    """The address of what the archive holds of a URL that a page names, nearest to a time."""
    at = time.isoformat()
    query = {"page": page_id, "url": url, "at": at, "key": _signature(settings, page_id, url, at)}
    return f"{PATH}?{urlencode(query)}"


def is_signed(settings: Settings, page_id: str, url: str, at: str, key: str) -> bool:
    """Whether a view named it."""
    return hmac.compare_digest(_signature(settings, page_id, url, at).encode(), key.encode("utf-8", "replace"))


def _signature(settings: Settings, *said: str) -> str:
    message = b"\0".join(part.encode("utf-8", "replace") for part in said)
    return hmac.new(_secret(settings), message, hashlib.sha256).hexdigest()


def _secret(settings: Settings) -> bytes:
    """The same in all processes with the same keys; without keys in all that have one supervisor, on this machine."""
    if not settings.web_keys:
        return _shared or _own()
    digest = hashlib.sha256(b"archived\0")
    for key in sorted(settings.web_keys, key=str):
        digest.update(f"{key}\n".encode())
    return digest.digest()


_shared = b""


def share(secret: bytes) -> None:
    """Gives the secret for a service without keys that has several processes."""
    global _shared
    _shared = secret


@cache
def _own() -> bytes:
    return secrets.token_bytes(32)
