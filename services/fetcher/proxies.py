"""Proxies as sites.toml names them, by URL: which kinds there are."""

import base64
from dataclasses import dataclass, field
from urllib.parse import unquote

import ada_url

# By scheme, with its usual port. curl's names: with `socks5` names are looked up here, with `socks5h` by the proxy.
_PORTS = {"http": 80, "socks5": 1080, "socks5h": 1080}
_EXAMPLES = "http://user:password@proxy.example:3128 or socks5://proxy.example:1080"
# RFC 1929 2: the length of either is one byte.
_LONGEST_WORD = 255


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy."""

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Without its password."""
        return f"{self.host}:{self.port}"

    @property
    def is_http(self) -> bool:
        """It speaks HTTP, and not SOCKS."""
        return self.scheme == "http"

    @property
    def looks_names_up(self) -> bool:
        """It is handed names, and not addresses."""
        return self.scheme != "socks5"

    @property
    def authorization(self) -> str:
        """The value of Proxy-Authorization (RFC 7617); empty where there is none, or it speaks no HTTP."""
        if not self.is_http or not (self.user or self.password):
            return ""
        return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode('ascii')}"


def read_proxy(value: object) -> Proxy:
    """The proxy that a URL names. Raises ValueError, whose message shows nothing of the value."""
    if not isinstance(value, str):
        raise ValueError("a URL is needed, like http://proxy.example:3128")  # noqa: TRY004 - pydantic reports it
    try:
        url = ada_url.URL(value)
        scheme = url.protocol.removesuffix(":")
        # A host is brought into its normal form in URLs of http alone.
        host = ada_url.URL(f"http://{url.hostname}/").hostname if scheme in _PORTS else ""
    except ValueError:
        raise ValueError(f"not a URL; one looks like {_EXAMPLES}") from None
    if not host or url.pathname not in {"", "/"} or url.search or url.hash:
        raise ValueError(f"only HTTP and SOCKS 5 proxies are used, named like {_EXAMPLES}")
    user, password = unquote(url.username), unquote(url.password)
    if scheme != "http" and max(len(user.encode()), len(password.encode())) > _LONGEST_WORD:
        raise ValueError(f"SOCKS 5 takes users and passwords of {_LONGEST_WORD} bytes at most")
    return Proxy(scheme, host, int(url.port or _PORTS[scheme]), user, password)
