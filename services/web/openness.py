"""Whether a service may ask nobody for a key. Light to import: the command that starts the service asks this alone."""

import ipaddress
from functools import lru_cache

from shared.settings import Settings


class KeysNeededError(Exception):
    """The service would be reached by others, and there is no key; the message is one line."""


def may_be_open(host: str, settings: Settings) -> bool:
    """Whether a service that listens on `host` asks nobody for a key. Raises KeysNeededError."""
    if settings.web_keys:
        return False
    if is_loopback(host):
        return True
    raise KeysNeededError(
        f"{host} is reached from other machines, so callers need a key, and TEARSHEET_WEB_KEYS has none: "
        "`tearsheet key new` makes one"
    )


@lru_cache(64)  # each request names its host
def is_loopback(host: str) -> bool:
    """Whether a name or address is that of this machine alone (RFC 6761 6.3, RFC 6890)."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False
