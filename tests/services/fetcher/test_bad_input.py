"""Each kind of bad input ends in words, within its time."""

import re
import select
import socket
import struct
import time
import tracemalloc
from dataclasses import dataclass

import pytest

from services.fetcher.connection import TimedSocket
from services.fetcher.deadline import DEADLINE, Deadline
from services.fetcher.fetch import Fetcher
from services.fetcher.recording import exchange, recording
from shared.stage import Ending, Failed, Fetched, Refused
from tests.hostile_exchange import HostileSite
from tests.hostile_site import CASES, closed_port
from tests.services.fetcher.fetching import claim, quick_settings


@dataclass(frozen=True)
class Expected:
    kind: type[Ending]
    words: str = ""
    cause: str = ""
    gone: bool = False
    within: float = 1.0


FETCHED = Expected(Fetched, within=3.0)


def refused(words: str, *, gone: bool = False, within: float = 2.0) -> Expected:
    return Expected(Refused, words, gone=gone, within=within)


def failed(cause: str, words: str, within: float = 1.0) -> Expected:
    return Expected(Failed, words, cause, within=within)


# The site drips a byte a second: seldom enough to wait for, often enough for the time between two pieces.
TIMES = {"fetch_read_timeout": 1.3, "fetch_total_timeout": 2.0}
# For bodies that the site needs time to make.
PATIENT = {"fetch_read_timeout": 20.0, "fetch_total_timeout": 30.0}

EXPECTED = {
    "/slow/headers": failed("timeout", r"not fetched within 2 s in all", within=3.0),
    "/slow/body": failed("timeout", r"not fetched within 2 s in all", within=3.0),
    "/stall/accept": failed("timeout", r"no data for 1\.3 s", within=2.5),
    "/stall/body": failed("timeout", r"no data for 1\.3 s", within=2.5),
    "/endless/body": refused("larger than 10 MB"),
    "/endless/header": failed("protocol", "header line"),
    "/endless/headers": failed("protocol", "got more than 100 headers"),
    "/endless/continue": failed("timeout", "not fetched within 2 s in all", within=3.0),
    "/endless/chunk-line": failed("protocol", "reading chunk size"),
    "/endless/trailer": failed("timeout", "not fetched within 2 s in all", within=3.0),
    "/large/declared": refused("larger than 10 MB"),
    "/large/undeclared": refused("larger than 10 MB"),
    "/large/chunked": refused("larger than 10 MB"),
    "/bomb/gzip": refused("larger than 10 MB", within=8.0),  # the site needs a while to make it
    "/bomb/brotli": refused("unpacks to more than 200 times its size", within=8.0),
    "/bomb/zstd": refused("unpacks to more than 200 times its size", within=8.0),
    "/bomb/twice": refused("unpacks to more than 200 times its size", within=8.0),
    "/bomb/small": refused("unpacks to more than 200 times its size", within=8.0),
    "/bomb/members": refused("packed in more than 1,000 parts", within=8.0),
    "/bomb/window": failed("encoding", "too much memory"),
    "/packed/gzip": failed("encoding", "the body cannot be unpacked: "),
    "/packed/deflate": failed("encoding", "the body cannot be unpacked: "),
    "/packed/brotli": failed("encoding", "the body cannot be unpacked: "),
    "/packed/zstd": failed("encoding", "the body cannot be unpacked: "),
    "/packed/unknown": refused("packed as 'compress', which is not read"),
    "/bomb/nested": refused("packed as 'gzip, gzip, gzip'", within=8.0),
    "/redirect/loop": refused("redirect loop"),
    "/redirect/pair": refused("redirect loop"),
    "/redirect/chain?n=30": refused("more than 10 redirects"),
    "/redirect/private": refused(r"10\.20\.30\.40 is not a public address \(allow with .*=10\.0\.0\.0/8\)"),
    "/redirect/metadata": refused(r"169\.254\.169\.254 is not a public address"),
    "/redirect/file": refused("redirect to 'file:///etc/hostname': scheme 'file' is not fetched"),
    "/redirect/nowhere": refused("status 302 without saying where to"),
    "/redirect/nonsense": refused("redirect to 'http://.not-an-address/': not a URL"),
    "/redirect/long": refused("not a URL|longer than 8000 characters"),
    "/length/two": failed("protocol", "Content-Length contained multiple unmatching values"),
    "/length/huge": refused("larger than 10 MB"),
    "/robots/noindex": refused("the page asks not to be indexed: <meta name=robots content='noindex,follow'>"),
    "/robots/noindex-header": refused("the page asks not to be indexed: X-Robots-Tag: NOINDEX"),
    "/type/pdf": refused("type application/pdf is not read"),
    "/type/pdf-as-html": refused("a PDF document is not read"),
    "/type/png": refused("type image/png is not read"),
    "/type/png-as-html": refused("a PNG image is not read"),
    "/type/json": refused("type application/json is not read"),
    "/empty": refused("nothing to read: empty body"),
    "/blank": refused("nothing to read: empty body"),
    "/nocontent": refused("nothing to read: empty body"),
    "/status/401": refused("status 401: it asks for a login"),
    "/status/403": refused("status 403: access is forbidden"),
    "/status/404": refused("status 404: not found", gone=True),
    "/status/410": refused("status 410: gone for good", gone=True),
    "/status/429": failed("http_429", "status 429: too many requests, it asks to wait 1 s"),
    "/status/500": failed("http_5xx", "status 500: internal server error"),
    "/status/503": failed("http_5xx", "status 503: service unavailable, it asks to wait 1 s"),
    "/status/999": refused("status 999"),
    "/flaky?n=2": failed("http_5xx", "status 503"),
    "/reset/early": failed("reset", "broke: Connection reset by peer"),
    "/reset/body": failed("reset", "broke: Connection reset by peer"),
    "/protocol/garbage": failed("protocol", "does not speak HTTP"),
}


@pytest.mark.parametrize("path", [case.path for case in CASES])
def test_case(path: str, site: HostileSite) -> None:
    fetcher = Fetcher(quick_settings(**PATIENT if path.startswith("/bomb") else TIMES), None)
    expected = EXPECTED.get(path, FETCHED)
    started = time.monotonic()
    ending = fetcher.fetch(claim(site.at(path)))
    took = time.monotonic() - started
    assert isinstance(ending, expected.kind), ending
    assert took < expected.within
    if isinstance(ending, Refused | Failed):
        assert re.search(expected.words, ending.reason), ending.reason
        assert "\n" not in ending.reason
    if isinstance(ending, Failed):
        assert ending.cause == expected.cause
        assert not ending.final
    if isinstance(ending, Refused):
        assert ending.gone is expected.gone


def test_every_expectation_is_of_a_case() -> None:
    assert EXPECTED.keys() <= {case.path for case in CASES}


@pytest.mark.parametrize(
    "path", ["/bomb/gzip", "/bomb/brotli", "/bomb/zstd", "/bomb/twice", "/bomb/members", "/chunks/all", "/chunks/huge"]
)
def test_no_bomb_grows_the_process(path: str, site: HostileSite) -> None:
    fetcher = Fetcher(quick_settings(**PATIENT), None)
    fetcher.fetch(claim(site.at(path)))  # the site keeps its bomb in this process: made before measuring
    tracemalloc.start()
    fetcher.fetch(claim(site.at(path)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000  # the cap's 10 MB in pieces, and joined, and what is not yet unpacked


def test_unknown_host(fetcher: Fetcher) -> None:
    ending = fetcher.fetch(claim("http://no-such-host.invalid/"))
    assert ending == Failed("unknown host: there is no no-such-host.invalid", "dns")


def test_refused_connection(fetcher: Fetcher) -> None:
    port = closed_port()
    ending = fetcher.fetch(claim(f"http://127.0.0.1:{port}/"))
    assert ending == Failed(f"127.0.0.1:{port}: refused the connection", "connect")


def test_a_server_that_hangs_up_before_it_is_asked_is_told_as_that() -> None:
    """Recorded too, which asks who is at the other end."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as ours:
        theirs, _ = listener.accept()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        theirs.close()
        gone = select.poll()
        gone.register(ours, select.POLLIN)
        assert gone.poll(2000)
        before = DEADLINE.set(Deadline(1, "not fetched"))
        try:
            with recording(), exchange("http://a.test/", "page", None), pytest.raises(ConnectionError):
                TimedSocket(ours, 1).sendall(b"GET / HTTP/1.1")
        finally:
            DEADLINE.reset(before)


def test_a_connection_that_nobody_takes_up(fetcher: Fetcher) -> None:
    """A full backlog: Linux then drops the packets that ask for a connection."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        try:
            for each in waiting:
                each.setblocking(False)
                each.connect_ex(address)
            started = time.monotonic()
            ending = fetcher.fetch(claim(f"http://127.0.0.1:{address[1]}/"))
            assert time.monotonic() - started < 5
        finally:
            for each in waiting:
                each.close()
    assert ending == Failed(f"no connection to 127.0.0.1:{address[1]} within 0.6 s", "connect")
