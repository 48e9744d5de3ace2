"""What the fetcher's tests begin with: a claim, settings with little time, a site made of one function."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.ids import page_id
from shared.settings import Settings
from shared.stage import Claim
from tests.hostile_exchange import Answer, Exchange, HostileServer, HostileSite


def claim(url: str, **fields: object) -> Claim:
    """A claim of a page, as the ledger gives it."""
    return Claim(page_id(url), url, fetch_id=1, token="t", attempts=0, alone=False, **fields)  # type: ignore[arg-type]


def quick_settings(**values: object) -> Settings:
    """Loopback allowed; timeouts small enough to be waited for, long enough where much else runs."""
    quick = {
        "fetch_allow_private": "127.0.0.0/8,::1/128",
        "fetch_connect_timeout": 0.6,
        "fetch_read_timeout": 1.0,
        "fetch_total_timeout": 3.0,
        "fetch_robots_timeout": 1.0,
    }
    return Settings(_env_file=None, **quick | values)  # type: ignore[arg-type]


@contextmanager
def site_of(
    answer: Answer, robots: str | Answer | None = None, certificate: Path | None = None
) -> Iterator[HostileSite]:
    """A site that answers everything but robots.txt with one function; https where it has a certificate.

    `robots`: the text of robots.txt, or what answers for it; None: there is none.
    """

    def any_answer(x: Exchange) -> None:
        if x.path != "/robots.txt":
            answer(x)
        elif callable(robots):
            robots(x)
        elif robots is None:
            x.reply("", status="404 Not Found")
        else:
            x.reply(robots, content_type="text/plain")

    with HostileServer("127.0.0.1", any_answer) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            server.site.url = server.site.url.replace("http:", "https:")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.site
        finally:
            server.site.closing.set()
            server.shutdown()
            thread.join()
