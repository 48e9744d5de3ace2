"""A real site on loopback that serves every kind of bad input, one path a case (`CASES`).

    with hostile_site() as site:
        requests.get(site.at("/redirect/loop"))

`python -m tests.hostile_site` serves it until Ctrl-C and lists the cases.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Literal

from tests.hostile_answers import answer
from tests.hostile_exchange import Exchange, HostileServer, HostileSite

INDEXED, REFUSED, QUARANTINED, READ = "indexed", "refused", "quarantined", "read"

Robots = Literal["none", "allow", "disallow", "error", "stall", "slow", "huge", "endless", "binary", "redirect"]
"""none: 404 · allow, disallow: for everyone · error: 500 · stall: no answer · slow: a byte a second · huge: 100 MB of
comments and then Disallow: / · endless: comments for ever · binary: bytes that are no text · redirect: to a robots.txt
elsewhere on the site that disallows."""


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
    Case("/endless/headers", "headers without end, each a short one", (QUARANTINED,)),
    Case("/endless/continue", "100 Continue without end", (QUARANTINED,)),
    Case("/endless/chunk-line", "a chunk whose length has no end", (QUARANTINED,)),
    Case("/large/declared", "a body over the cap, with Content-Length", (REFUSED,)),
    Case("/large/undeclared", "a body over the cap, without Content-Length", (REFUSED,)),
    Case("/large/chunked", "a body over the cap, in chunks", (REFUSED,)),
    Case("/bomb/gzip", "100 MB of zeros in 100 KB of gzip", (REFUSED,)),
    Case("/bomb/brotli", "100 MB of zeros in 100 bytes of brotli", (REFUSED,)),
    Case("/bomb/zstd", "100 MB of zeros in 3 KB of zstd", (REFUSED,)),
    Case("/bomb/twice", "gzip of 10 MB of zeros, in brotli", (REFUSED,)),
    Case("/bomb/small", "9 MB of zeros in 9 KB of gzip", (REFUSED,)),
    Case("/bomb/members", "a gzip file of 200,000 members, with a letter in each", (REFUSED,)),
    Case("/bomb/window", "zstd that asks for a window of 2 GB", (QUARANTINED, REFUSED)),
    Case("/bomb/nested", "gzip within gzip within gzip", (REFUSED, INDEXED)),
    Case("/gzip/broken", "a body that says gzip and is not", (INDEXED, QUARANTINED, REFUSED)),
    Case("/packed/gzip", "rubbish that begins like gzip", (QUARANTINED,)),
    Case("/packed/deflate", "rubbish that says deflate", (QUARANTINED,)),
    Case("/packed/brotli", "rubbish that says brotli", (QUARANTINED,)),
    Case("/packed/zstd", "rubbish that begins like zstd", (QUARANTINED,)),
    Case("/packed/cut", "a page in brotli, cut in the middle", (INDEXED, QUARANTINED)),
    Case("/packed/unknown", "a coding that was not asked for", (REFUSED,)),
    Case("/packed/brotli-good", "a page in brotli", (INDEXED,)),
    Case("/packed/zstd-good", "a page in zstd", (INDEXED,)),
    Case("/redirect/loop", "a redirect to itself", (REFUSED, QUARANTINED)),
    Case("/redirect/pair", "two pages that redirect to each other", (REFUSED, QUARANTINED)),
    Case("/redirect/chain?n=30", "thirty redirects", (REFUSED, QUARANTINED)),
    Case("/redirect/chain?n=3", "three redirects to an ordinary page", (INDEXED,)),
    Case("/redirect/private", "a redirect to a private address", (REFUSED,)),
    Case("/redirect/metadata", "a redirect to the link-local address of cloud metadata", (REFUSED,)),
    Case("/redirect/file", "a redirect to file:", (REFUSED,)),
    Case("/redirect/nowhere", "a redirect without Location", (REFUSED, QUARANTINED)),
    Case("/redirect/nonsense", "a redirect to what is no URL", (REFUSED,)),
    Case("/redirect/long", "a redirect to an address of 60,000 letters", (REFUSED,)),
    Case("/html/truncated", "HTML cut in the middle of a tag", (INDEXED,)),
    Case("/length/short", "a Content-Length over the body's length", (INDEXED, QUARANTINED)),
    Case("/length/long", "a Content-Length under the body's length", (INDEXED,)),
    Case("/length/nonsense", "a Content-Length that is no number", (INDEXED, QUARANTINED, REFUSED)),
    Case("/length/negative", "a Content-Length below zero", (INDEXED, QUARANTINED)),
    Case("/length/two", "two Content-Lengths that differ", (QUARANTINED,)),
    Case("/length/huge", "a Content-Length of forty digits", (REFUSED, QUARANTINED)),
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
    Case("/chunks/cut", "a chunk that is cut off", (INDEXED, QUARANTINED)),
    Case("/chunks/huge", "a chunk that says that it has 2^80 bytes", (INDEXED, QUARANTINED, REFUSED)),
    Case("/chunks/negative", "a chunk whose length is below zero", (INDEXED, QUARANTINED)),
    Case("/chunks/all", "a chunk whose length says: everything, and everything has no end", (INDEXED, QUARANTINED)),
    Case("/endless/trailer", "a chunked page with headers behind it that have no end", (QUARANTINED,)),
    Case("/robots/noindex", "a page that asks not to be indexed", (REFUSED,)),
    Case("/robots/noindex-header", "a response that asks for its page not to be indexed", (REFUSED,)),
    Case("/protocol/chunks", "chunks whose lengths are no numbers", (INDEXED, QUARANTINED)),
)

SOURCES = (
    Case("/feed/laughs", "a feed whose entities unfold to 100 billion words", (READ,)),
    Case("/feed/quadratic", "a feed with one long entity, 100,000 times", (READ,)),
    Case("/feed/external", "a feed with an entity that is a file", (READ,)),
    Case("/feed/links", "a feed of relative and broken links", (READ,)),
    Case("/feed/dates", "a feed of dates that are none", (READ,)),
    Case("/feed/deep", "a feed of a million tags, one in the other", (READ,)),
    Case("/feed/endless", "a feed without end", (READ,)),
    Case("/feed/slow", "a feed that comes a byte a second", (QUARANTINED,)),
    Case("/feed/cut", "a feed cut in the middle", (READ,)),
    Case("/feed/noise", "random bytes for a feed", (REFUSED,)),
    Case("/sitemap/itself", "an index of sitemaps that contains itself", (READ,)),
    Case("/sitemap/pair", "two indexes of sitemaps that contain each other", (READ,)),
    Case("/sitemap/chain", "an index of sitemaps that leads to the next, without end", (READ,)),
    Case("/sitemap/bomb", "a sitemap of 50 MB of ampersands in 50 KB of gzip", (REFUSED,)),
    Case("/sitemap/twice", "the same, in gzip once more", (REFUSED,)),
)
"""Of what is asked for as a feed or a sitemap."""


_ROBOTS: dict[Robots, bytes] = {
    "allow": b"User-agent: *\nAllow: /\n",
    "disallow": b"User-agent: *\nDisallow: /\n",
    "binary": bytes(range(256)) * 40,
}


def _answer_robots(x: Exchange, robots: Robots) -> None:
    if robots in _ROBOTS:
        x.reply(_ROBOTS[robots], content_type="text/plain")
    elif robots == "stall":
        x.pause(600)
    elif robots == "slow":
        x.head(content_type="text/plain").drip(b"User-agent: *\n" * 100)
    elif robots in {"huge", "endless"}:
        x.head(content_type="text/plain")
        for _ in range(100) if robots == "huge" else count():
            x.send(b"# filler #\n" * 100_000)
        x.send(b"User-agent: *\nDisallow: /\n")
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
