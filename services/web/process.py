"""A process that answers, among others on one port: its supervisor takes connections and hands each to one of them.

They come over a Unix socket (SCM_RIGHTS, unix(7)), each with a byte; at the socket's end the process ends too.
"""

import asyncio
import signal
import socket
from collections.abc import Callable

import uvicorn

from services.web.app import build
from services.web.tear import signing
from shared import log
from shared.settings import Settings
from shared.workers.parent import end_with

READY, TAKEN, CLOSED = b"r", b"t", b"c"
"""What a process says to its supervisor: that it answers; of a connection, that it has taken it, and that it is closed.
"""
GRACE = 5
"""Seconds that answers may take to their end at a shutdown."""


def config_of(settings: Settings, *, open_: bool) -> uvicorn.Config:
    """How the application is run. `open_`: nobody is asked for a key."""
    app = build(settings, open=open_)
    return uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE)


def main(settings: Settings, open_: bool, secret: bytes, channel: socket.socket, parent: int) -> None:
    """Answers until the channel's end, SIGTERM, or the end of the supervisor, process `parent`.

    `secret`: with which all processes of the service sign, where there are no keys.
    """
    end_with(parent)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # not the supervisor's, which a forked process has
    log.setup(settings, service="web")
    signing.share(secret)
    channel.setblocking(False)
    _Server(config_of(settings, open_=open_), channel).run()


def _telling(kind: type[asyncio.Protocol], tell: Callable[[], None]) -> type[asyncio.Protocol]:
    """A protocol that tells the end of its connection."""

    class Telling(kind):  # type: ignore[misc, valid-type]  # known when it runs
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            tell()

    return Telling


class _Server(uvicorn.Server):
    """Answers on connections that come over a channel."""

    def __init__(self, config: uvicorn.Config, channel: socket.socket) -> None:
        super().__init__(config)
        self._channel = channel
        self._untold = b""
        self._starting: set[asyncio.Task[object]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - uvicorn's signature
        """Listens nowhere itself."""
        await super().startup([])
        self._kind = _telling(self.config.http_protocol_class, lambda: self._tell(CLOSED))
        asyncio.get_running_loop().add_reader(self._channel, self._take)
        self._tell(READY)

    def _take(self) -> None:
        """One connection, or the channel's end."""
        loop = asyncio.get_running_loop()
        try:
            byte, descriptors, _, _ = socket.recv_fds(self._channel, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            byte, descriptors = b"", []
        if not byte:
            loop.remove_reader(self._channel)
            self.should_exit = True
            return
        self._tell(TAKEN)
        if descriptors:
            connection = socket.socket(fileno=descriptors[0])
            task = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
            self._starting.add(task)  # the loop alone would let it go
            task.add_done_callback(self._starting.discard)
        else:  # this process may have no more of them, so the kernel has closed it
            self._tell(CLOSED)

    def _protocol(self) -> asyncio.Protocol:
        return self._kind(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)  # type: ignore[call-arg]

    def _tell(self, what: bytes) -> None:
        self._untold += what
        try:
            self._untold = self._untold[self._channel.send(self._untold) :]
        except OSError:  # full, and told with the next; or the supervisor has gone
            return
