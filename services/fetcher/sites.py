"""sites.toml: how single sites are asked. Its format is described in docs/fetching.md.

What may be secret (a header's value, a proxy's password) is shown by no `repr` and in no message.
"""

import math
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import ada_url
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
)

from services.fetcher.proxies import Proxy, read_proxy
from shared.settings import Settings, WrongSettingError

# Headers that are the fetcher's own affair: how a message is framed and who it is for (RFC 9110, RFC 9112), what the
# fetcher can unpack, what it asks for again, cookies of the fetch, and what is for a proxy.
_OWN = {
    *("accept-encoding", "connection", "content-length", "content-encoding", "cookie", "expect", "host", "keep-alive"),
    *("if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range"),
    *("proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"),
}


def _header_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):  # RFC 9110 5.6.2
        raise ValueError("no name of a header")
    if name.lower() == "user-agent":
        raise ValueError("has a key of its own: user_agent")
    if name.lower() in _OWN:
        raise ValueError("is set by the fetcher itself")
    return name


def _header_value(value: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e\xa0-\xff](?:[\t\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa0-\xff])?", value):  # 5.5
        raise ValueError("has characters that no header may have, or none")
    return value


_Value = Annotated[str, AfterValidator(_header_value)]
_Secret = Annotated[SecretStr, AfterValidator(lambda secret: SecretStr(_header_value(secret.get_secret_value())))]


class Site(BaseModel):
    """What is particular to a site."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)

    delay: Annotated[float, Field(ge=0, lt=math.inf)] | None = None
    """Seconds between two requests, in place of the setting's."""
    user_agent: _Value | None = None
    """In place of the setting's; robots.txt is read by the name it begins with."""
    proxy: Annotated[Proxy, BeforeValidator(read_proxy)] | None = None
    """Through which it is asked."""
    headers: dict[Annotated[str, AfterValidator(_header_name)], _Secret] = {}
    """Sent with every request, in place of the fetcher's own of these names."""


_NONE = Site()
_TABLES: TypeAdapter[dict[str, Site]] = TypeAdapter(dict[str, Site])


class Sites:
    """Finds the entry of a host."""

    def __init__(self, entries: Mapping[str, Site]) -> None:
        """`entries`: by host in normal form; one that begins with a dot stands for every host under it, too."""
        self._entries = dict(entries)

    def of(self, host: str) -> Site:
        """The entry that says most exactly which hosts it is for. `host`: with a port or without."""
        if not self._entries:
            return _NONE
        name = _without_port(host).rstrip(".").lower()
        if name in self._entries:
            return self._entries[name]
        labels = name.split(".")
        suffixes = (f".{'.'.join(labels[start:])}" for start in range(len(labels)))
        return next((self._entries[suffix] for suffix in suffixes if suffix in self._entries), _NONE)


def read_sites(settings: Settings) -> Sites:
    """The sites of the settings' file. Raises WrongSettingError, whose message names the file and the key."""
    path = settings.sites_file()
    if path is None:
        return Sites({})
    try:
        with path.open("rb") as file:
            tables: dict[str, Any] = tomllib.load(file)
    except OSError as error:
        raise WrongSettingError(f"{path}: {error.strerror}") from None
    except ValueError as error:  # of TOML, or of UTF-8
        raise WrongSettingError(f"{path}: {error}") from None
    try:
        entries = _TABLES.validate_python(tables)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        host, *keys = (str(part) for part in first["loc"] if part != "[key]")
        message = first["msg"].removeprefix("Value error, ")
        raise WrongSettingError(f"{path}: {'.'.join([f'[{host!r}]', *keys])}: {message}") from None
    return Sites(_by_host(path, entries))


def _by_host(path: Path, entries: Mapping[str, Site]) -> dict[str, Site]:
    by_host: dict[str, Site] = {}
    for written, site in entries.items():
        host = _normal(written)
        if host is None:
            raise WrongSettingError(f"{path}: [{written!r}]: not a host; one looks like example.org or .example.org")
        if host in by_host:
            raise WrongSettingError(f"{path}: [{written!r}]: stands there twice")
        by_host[host] = site
    return by_host


def _normal(written: str) -> str | None:
    """A host as it stands in URLs; a leading dot stays, and `*.` is another way to write it."""
    name = re.sub(r"^\*?\.", "", written)
    if not re.fullmatch(r"[^\s/:@?#\\\[\]*]+|\[[0-9A-Fa-f:.]+\]", name):
        return None
    try:
        host = str(ada_url.URL(f"http://{name}/").hostname)
    except ValueError:
        return None
    return host if name == written else f".{host}"


def _without_port(host: str) -> str:
    """IPv6 addresses come with brackets or without."""
    if host.count(":") > 1 and not host.startswith("["):
        return f"[{host}]"
    return re.sub(r":\d+$", "", host)
