"""Keeps several processes that answer running, and hands each connection to the one with the fewest open.

Python computes in one thread of a process at a time, so one process answers with one core. They do not all accept on
one socket themselves: of eight connections made one after the other a process of two then got seven, as the one that
slept last is woken first; and where each has a socket of its own (SO_REUSEPORT), chance parts them. The listening
socket is the starting command's: while a supervisor that died is started again, connections wait there.

`python -m services.web.supervisor PARENT DESCRIPTOR PROCESSES`, with a line of JSON on stdin: `redis_url`, `open`.
"""

import gc
import json
import multiprocessing
import os
import secrets
import selectors
import signal
import socket
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from types import FrameType

import structlog

from services.web import process
from shared import log
from shared.settings import Settings, load
from shared.workers.parent import end_with

logger = structlog.get_logger()

# As of the workers' supervisor: fork starts a process in a tenth of the time; macOS cannot be forked safely.
_METHOD = "fork" if sys.platform == "linux" else "spawn"
# Seconds. The first restart of a process comes at once, later ones after twice the wait each, up to the last number;
# one that ran for `_WELL_AFTER` was well.
_FIRST_WAIT, _LONGEST_WAIT, _WELL_AFTER = 0.1, 10.0, 5.0
# Seconds before a connection is taken again where the system had no descriptor or memory for one.
_PAUSE = 0.1
# Seconds beyond the processes' own grace at a shutdown, after which they are killed.
_MORE_GRACE = 2.0


@dataclass(slots=True)
class _Place:
    """Of a process: its successors take it over."""

    process: BaseProcess | None = None
    channel: socket.socket | None = None
    ready: bool = False
    sent: deque[socket.socket] = field(default_factory=deque)
    """Connections that it has not taken yet; should it die, others get them."""
    open: int = 0
    """Connections that it has, these included."""
    given: int = 0
    """Connections that it ever got."""
    started: float = 0.0
    start_at: float = 0.0
    quick_deaths: int = 0


class Supervisor:
    """One thread, which forks."""

    def __init__(self, settings: Settings, listener: socket.socket, processes: int, *, open_: bool) -> None:
        """`open_`: nobody is asked for a key."""
        self._settings = settings
        self._listener = listener
        self._open = open_
        self._secret = secrets.token_bytes(32)
        self._context = multiprocessing.get_context(_METHOD)
        self._places = [_Place() for _ in range(processes)]
        self._selector = selectors.DefaultSelector()
        self._taking = False
        self._answered = False
        self._stopping = False
        self._code = 0
        self._woken, self._waker = os.pipe()

    def run(self) -> int:
        """Until SIGTERM or SIGINT: 0; or the exit code of the processes, where none of them ever answered."""
        self._listener.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, lambda: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        while not self._stopping:
            wait = self._start_due()
            for key, _ in self._selector.select(wait):
                key.data()
        self._shut_down()
        return self._code

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        os.write(self._waker, b".")

    # Processes

    def _start_due(self) -> float | None:
        """Starts those whose time has come; seconds until that of the next one."""
        now = time.monotonic()
        for place in self._places:
            if place.process is None and place.start_at <= now:
                self._start(place, now)
        waits = [place.start_at - now for place in self._places if place.process is None]
        return max(0.0, min(waits)) if waits else None

    def _start(self, place: _Place, now: float) -> None:
        ours, its = socket.socketpair()
        ours.setblocking(False)
        place.process = self._context.Process(  # type: ignore[attr-defined]  # every context has it
            target=process.main,
            args=(self._settings, self._open, self._secret, its, os.getpid()),
            name="tearsheet web",
            daemon=True,
        )
        place.process.start()
        its.close()  # so that its end is that of the process
        place.channel, place.started, place.open, place.given = ours, now, 0, 0
        self._selector.register(ours, selectors.EVENT_READ, lambda: self._hear(place))

    def _hear(self, place: _Place) -> None:
        assert place.channel is not None  # noqa: S101  # it is registered
        try:
            said = place.channel.recv(4096)
        except OSError:
            said = b""
        if not said:
            self._bury(place)
            return
        for _ in range(said.count(process.TAKEN)):
            place.sent.popleft().close()
        place.open -= said.count(process.CLOSED)
        if process.READY in said:
            place.ready = self._answered = True
            self._listen_while_anybody_answers()

    def _bury(self, place: _Place) -> None:
        assert place.channel is not None and place.process is not None  # noqa: S101, PT018  # the caller has them
        self._selector.unregister(place.channel)
        place.channel.close()
        place.process.join(_MORE_GRACE)
        if place.process.is_alive():
            place.process.kill()
            place.process.join()
        code = place.process.exitcode or 0
        now = time.monotonic()
        place.quick_deaths = 0 if now - place.started >= _WELL_AFTER else place.quick_deaths + 1
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (place.quick_deaths - 1)) if place.quick_deaths else 0.0
        logger.warning(log.WORKER_DIED, role="web", pid=place.process.pid, exit_code=code, again_in=wait)
        place.process.close()
        place.process, place.channel, place.ready, place.start_at = None, None, False, now + wait
        self._listen_while_anybody_answers()
        while place.sent:
            self._hand_over(place.sent.popleft())
        if code > 0 and not self._answered:  # it would be so each time
            self._code, self._stopping = code, True

    def _shut_down(self) -> None:
        self._listener.close()
        running = [place for place in self._places if place.process is not None]
        for place in running:
            if place.channel:
                with suppress(OSError):
                    place.channel.shutdown(socket.SHUT_WR)
        until = time.monotonic() + process.GRACE + _MORE_GRACE
        for place in running:
            if place.process:
                place.process.join(max(0.0, until - time.monotonic()))
                place.process.kill()
                place.process.join()

    # Connections

    def _listen_while_anybody_answers(self) -> None:
        """Takes connections; else they wait in the listening socket."""
        anybody = any(place.ready for place in self._places)
        if anybody and not self._taking:
            self._selector.register(self._listener, selectors.EVENT_READ, self._take)
        elif self._taking and not anybody:
            self._selector.unregister(self._listener)
        self._taking = anybody

    def _take(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        except OSError:
            time.sleep(_PAUSE)
            return
        self._hand_over(connection)

    def _hand_over(self, connection: socket.socket) -> None:
        # Of equals whoever got fewer: a connection that is closed at once counts too.
        for place in sorted(self._places, key=lambda each: (each.open, each.given)):
            if place.ready and place.channel and _send(place.channel, connection):
                place.sent.append(connection)
                place.open += 1
                place.given += 1
                return
        connection.close()


def _send(channel: socket.socket, connection: socket.socket) -> bool:
    """Whether it was taken; False where the process has hundreds to take, or is dying."""
    try:
        socket.send_fds(channel, [b"c"], [connection.fileno()])
    except OSError:
        return False
    return True


def main() -> None:
    """Runs as the command's process that started it says."""
    parent, descriptor, processes = map(int, sys.argv[1:])
    end_with(parent)
    gc.set_threshold(50_000)  # as `tearsheet.cli` has it
    settings = load()
    log.setup(settings, service="web")
    gc.freeze()  # what is there now stays, and forked processes share it as long as nobody writes to it
    hello = json.loads(sys.stdin.readline() or "null")
    if hello is None:
        return  # the command ended before
    settings = settings.model_copy(update={"redis_url": hello["redis_url"]})
    sys.exit(Supervisor(settings, socket.socket(fileno=descriptor), processes, open_=hello["open"]).run())


if __name__ == "__main__":
    main()
