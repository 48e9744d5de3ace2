"""A real site on loopback that serves every kind of bad input, one path a case (`CASES`). Standard library only.

    with hostile_site() as site:
        requests.get(site.at("/redirect/loop"))

`python -m tests.hostile_site` serves it until Ctrl-C and lists the cases.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from tests.hostile_answers import answer
from tests.hostile_exchange import Exchange, HostileServer, HostileSite

INDEXED, REFUSED, QUARANTINED = "indexed", "refused", "quarantined"

Robots = Literal["none", "allow", "disallow", "error", "stall", "huge", "binary", "redirect"]
"""none: 404 · allow, disallow: for everyone · error: 500 · stall: no answer · huge: 5 MB of comments and then
Disallow: / · binary: bytes that are no text · redirect: to a robots.txt elsewhere on the site that disallows."""


@dataclass(frozen=True)
class Case:
    """One kind of bad input: its path, what it is, and how a submitted URL of it may end."""

    path: str
    what: str
    outcomes: tuple[str, ...]


CASES = (
    Case("/ok?n=1", "an ordinary page", (INDEXED,)),
    Case("/slow/headers", "a response whose headers come a byte a second", (QUARANTINED,)),
    Case("/slow/body", "a body that comes a byte a second", (QUARANTINED,)),
    Case("/stall/accept", "a connection that is accepted and never answered", (QUARANTINED,)),
    Case("/stall/body", "a body that stops coming", (QUARANTINED,)),
    Case("/endless/body", "a body without end", (REFUSED,)),
    Case("/endless/header", "a header without end", (QUARANTINED, REFUSED)),
    Case("/large/declared", "a body over the cap, with Content-Length", (REFUSED,)),
    Case("/large/undeclared", "a body over the cap, without Content-Length", (REFUSED,)),
    Case("/large/chunked", "a body over the cap, in chunks", (REFUSED,)),
    Case("/bomb/gzip", "100 MB of zeros in 100 KB of gzip", (REFUSED,)),
    Case("/bomb/nested", "gzip within gzip within gzip", (REFUSED, INDEXED)),
    Case("/gzip/broken", "a body that says gzip and is not", (INDEXED, QUARANTINED, REFUSED)),
    Case("/redirect/loop", "a redirect to itself", (REFUSED, QUARANTINED)),
    Case("/redirect/pair", "two pages that redirect to each other", (REFUSED, QUARANTINED)),
    Case("/redirect/chain?n=30", "thirty redirects", (REFUSED, QUARANTINED)),
    Case("/redirect/chain?n=3", "three redirects to an ordinary page", (INDEXED,)),
    Case("/redirect/private", "a redirect to a private address", (REFUSED,)),
    Case("/redirect/metadata", "a redirect to the link-local address of cloud metadata", (REFUSED,)),
    Case("/redirect/file", "a redirect to file:", (REFUSED,)),
    Case("/redirect/nowhere", "a redirect without Location", (REFUSED, QUARANTINED)),
    Case("/redirect/nonsense", "a redirect to what is no URL", (REFUSED,)),
    Case("/html/truncated", "HTML cut in the middle of a tag", (INDEXED,)),
    Case("/length/short", "a Content-Length over the body's length", (INDEXED, QUARANTINED)),
    Case("/length/long", "a Content-Length under the body's length", (INDEXED,)),
    Case("/length/nonsense", "a Content-Length that is no number", (INDEXED, QUARANTINED, REFUSED)),
    Case("/type/pdf", "a PDF", (REFUSED,)),
    Case("/type/pdf-as-html", "a PDF that says text/html", (REFUSED,)),
    Case("/type/png", "an image", (REFUSED,)),
    Case("/type/png-as-html", "an image that says text/html", (REFUSED,)),
    Case("/type/none", "HTML without Content-Type", (INDEXED,)),
    Case("/type/json", "JSON", (REFUSED,)),
    Case("/empty", "an empty body", (REFUSED,)),
    Case("/blank", "a body of white space", (REFUSED,)),
    Case("/nocontent", "204", (REFUSED,)),
    Case("/html/deep", "200,000 nested div", (INDEXED,)),
    Case("/html/tags", "two million tiny tags", (INDEXED,)),
    Case("/html/attributes", "a tag with 100,000 attributes", (INDEXED,)),
    Case("/html/comment", "a comment that never closes", (REFUSED,)),
    Case("/html/script", "a page of nothing but script", (REFUSED,)),
    Case("/charset/missing", "windows-1253 that nothing declares", (INDEXED,)),
    Case("/charset/wrong", "UTF-8 declared as windows-1251 by the response", (INDEXED,)),
    Case("/charset/contradictory", "windows-1251: the response says so, the page says UTF-8", (INDEXED,)),
    Case("/charset/unknown", "an encoding that does not exist", (INDEXED,)),
    Case("/charset/utf16", "UTF-16 with a byte order mark", (INDEXED,)),
    Case("/bytes/nul", "NUL bytes in text and tags", (INDEXED,)),
    Case("/bytes/surrogates", "lone surrogates, as bytes and as references", (INDEXED,)),
    Case("/bytes/noise", "random bytes that say text/html", (INDEXED, REFUSED)),
    Case("/status/401", "401", (REFUSED,)),
    Case("/status/403", "403", (REFUSED,)),
    Case("/status/404", "404", (REFUSED,)),
    Case("/status/410", "410", (REFUSED,)),
    Case("/status/429", "429 with Retry-After, always", (QUARANTINED, REFUSED)),
    Case("/status/500", "500, always", (QUARANTINED,)),
    Case("/status/503", "503, always", (QUARANTINED,)),
    Case("/status/999", "a status that does not exist", (REFUSED, QUARANTINED)),
    Case("/flaky?n=2", "503 twice, then an ordinary page", (INDEXED,)),
    Case("/reset/early", "a connection reset before any answer", (QUARANTINED,)),
    Case("/reset/body", "a connection reset in the middle of the body", (QUARANTINED,)),
    Case("/protocol/garbage", "an answer that is not HTTP", (QUARANTINED,)),
    Case("/protocol/chunks", "chunks whose lengths are no numbers", (INDEXED, QUARANTINED)),
)


_ROBOTS: dict[Robots, bytes] = {
    "allow": b"User-agent: *\nAllow: /\n",
    "disallow": b"User-agent: *\nDisallow: /\n",
    "huge": b"# filler\n" * 600_000 + b"User-agent: *\nDisallow: /\n",
    "binary": bytes(range(256)) * 40,
}


def _answer_robots(x: Exchange, robots: Robots) -> None:
    if robots in _ROBOTS:
        x.reply(_ROBOTS[robots], content_type="text/plain")
    elif robots == "stall":
        x.pause(600)
    elif robots == "redirect":
        x.redirect("/robots-elsewhere.txt")
    elif robots == "error":
        x.reply("", status="500 Internal Server Error")
    else:
        x.reply("", status="404 Not Found")


@contextmanager
def hostile_site(*, robots: Robots = "none", host: str = "127.0.0.1") -> Iterator[HostileSite]:
    """Serves the cases on a free port of `host` until the block ends."""

    def any_answer(x: Exchange) -> None:
        if x.path == "/robots.txt":
            _answer_robots(x, robots)
        else:
            answer(x)

    with HostileServer(host, any_answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.site
        finally:
            server.site.closing.set()
            server.shutdown()
            thread.join()


def closed_port() -> int:
    """A port of 127.0.0.1 on which nothing listens: connections to it are refused."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    with hostile_site() as running, suppress(KeyboardInterrupt):
        for case in CASES:
            print(f"{running.at(case.path)}\t{case.what}")
        running.closing.wait()
