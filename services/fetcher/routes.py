"""How a host is reached: at an address of its own, or through the proxy that sites.toml names for it."""

from dataclasses import dataclass

from services.fetcher.addresses import NAME_KEPT, Addresses
from services.fetcher.causes import FailedError
from services.fetcher.deadline import Deadline
from services.fetcher.expiring import Expiring
from services.fetcher.proxies import Proxy
from services.fetcher.public_addresses import Address
from services.fetcher.sites import Sites

# Names of hosts behind proxies that are unknown here.
_UNKNOWN_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Route:
    """Where to connect to."""

    addresses: list[Address]
    port: int
    target: str
    """What stands there, or behind the proxy: an address, or a name where only the proxy knows it."""
    proxy: Proxy | None = None


class Routes:
    """Finds a host's route; whatever it is, the host must be one that may be fetched from. Safe in threads."""

    def __init__(self, addresses: Addresses, sites: Sites) -> None:
        """`addresses`: the guard; `sites`: which proxies there are."""
        self._addresses = addresses
        self._sites = sites
        self._unknown: Expiring[str, bool] = Expiring(_UNKNOWN_KEPT)

    def proxy(self, host: str) -> Proxy | None:
        """The host's proxy."""
        return self._sites.of(host).proxy

    def of(self, host: str, port: int, deadline: Deadline) -> Route:
        """The route to a port of a host.

        A proxy is handed an address that may be connected to; one that looks names up, a name that has one, or is
        unknown here. Raises RefusedError where it has none, or not at this port, FailedError where the name is unknown
        and there is no proxy to know it.
        """
        proxy = self.proxy(host)
        if proxy is not None and proxy.looks_names_up:
            self._check_name(host, port, deadline)
            return Route(self._addresses.unguarded(proxy.host, deadline), proxy.port, host, proxy)
        addresses = self._addresses.of(host, port, deadline)
        if proxy is None:
            return Route(addresses, port, str(addresses[0]))
        return Route(self._addresses.unguarded(proxy.host, deadline), proxy.port, str(addresses[0]), proxy)

    def _check_name(self, host: str, port: int, deadline: Deadline) -> None:
        """Raises RefusedError where the host is known to be none that may be fetched from."""
        # Networks where only a proxy reaches the Internet often know no names of it, and wait for that to be said.
        if not self._unknown.get(host):
            try:
                self._addresses.of(host, port, deadline.within(deadline.left() / 2, "not looked up"))
            except FailedError:
                self._unknown.put(host, True, NAME_KEPT)
            else:
                return
        self._addresses.check_port(host, port)
