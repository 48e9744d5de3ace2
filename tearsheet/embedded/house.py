"""The house: one process that holds the data folder's lock and keeps Valkey and the workers running.

It lives as long as somebody is connected to its control socket, and so it needs no list of who may come or go: a
command that was killed is one whose connection has ended. Each says in its first line what it needs, `workers` or
`ledger`, and is told in a line `ready` when Valkey answers, or `error …`. The workers run while somebody needs them.
`python -m tearsheet.embedded.house` is started by whichever command finds no house (`tearsheet.embedded.visit`).
"""

import contextlib
import fcntl
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tearsheet.embedded import guard, valkey
from tearsheet.embedded.child import Child, dies_with_parent
from tearsheet.embedded.logs import cap, last_line, open_log
from tearsheet.embedded.places import Places

EXIT_LOCKED = 75  # EX_TEMPFAIL of sysexits.h: another house holds the lock

# Seconds. How often children are looked after when no signal came; how soon Valkey is asked again while it starts.
_TICK = 0.25
_STARTING_TICK = 0.01
# Without anybody connected for so long at its start, whoever started the house is dead.
_ALONE = 10.0
# Pages in flight may end for so long, then they are given back: whoever pressed Ctrl-C waits for it. The supervisor
# needs a moment more to end in order.
_TASKS_GRACE = 2.0
_WORKERS_GRACE = _TASKS_GRACE + 5.0
_VALKEY_GRACE = 10.0
_LOG_TICK = 30.0
# So many quick deaths of a Valkey that never answered, and it is the setup that is wrong.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What the house runs; the command that starts it decides, and hands it over as JSON."""

    data: Path
    memory: int
    """Bytes that Valkey may take."""
    workers: Mapping[str, list[str]] = field(default_factory=dict)
    """Name of its log -> command."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Digests of the settings that the workers will have, for whoever joins with others."""

    def dump(self) -> str:
        """For the house's command line."""
        return json.dumps(asdict(self) | {"data": str(self.data)})

    @classmethod
    def read(cls, text: str) -> "Plan":
        """Undoes `dump`."""
        plan = json.loads(text)
        return cls(**plan | {"data": Path(plan["data"])})


@dataclass(slots=True)
class _Guest:
    """Somebody connected."""

    needs: bytes = b""
    told: bool = False


class House:
    """The loop. One thread: what it starts dies with the thread that started it."""

    def __init__(self, places: Places, plan: Plan, lock: int) -> None:
        """`lock`: the descriptor that holds the lock; Valkey inherits it, so that the lock outlives a dead house."""
        self._places = places
        environment = dict(os.environ) | {
            "TEARSHEET_REDIS_URL": places.redis_url,
            "TEARSHEET_DATA": str(plan.data),
            "TEARSHEET_LOG_FORMAT": "json",
            "TEARSHEET_WORKER_GRACE": str(_TASKS_GRACE),
        }
        self._settings = plan.settings
        self._valkey = Child(
            "valkey",
            valkey.command(places, plan.memory),
            log=places.logs / "valkey.log",
            environment=environment,
            keep_open=[lock],
        )
        self._workers = [
            Child(name, command, log=places.logs / f"{name}.log", environment=environment)
            for name, command in plan.workers.items()
        ]
        self._guests: dict[socket.socket, _Guest] = {}
        self._last: socket.socket | None = None
        self._answered = False
        self._working = False
        self._leaving = False
        self._guarded: set[int] = set()

    def run(self) -> None:
        """Serves until nobody is left, or SIGTERM. Comes after `listen`, and after any fork."""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._welcome)
        self._guard = _start_guard()
        self._catch_signals()
        started = time.monotonic()
        capped = started
        try:
            while not self._leaving:
                now = time.monotonic()
                self._tend(now)
                if not self._guests and (self._last or now - started > _ALONE):
                    break
                if now - capped > _LOG_TICK:
                    cap(self._places.logs)
                    capped = now
                for key, _ in self._selector.select(_TICK if self._answered else _STARTING_TICK):
                    key.data(key.fileobj)
        finally:
            self._close()

    def listen(self) -> None:
        """Opens the control socket: from here on a command finds the house."""
        self._places.control.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self._places.control))
        self._listener.listen()
        self._listener.setblocking(False)
        told = {"control": str(self._places.control), "redis": self._places.redis_url, "settings": self._settings}
        self._places.run.write_text(json.dumps(told) + "\n", encoding="utf-8")

    def _catch_signals(self) -> None:
        """A child's death and SIGTERM wake the loop."""
        wake, wakened = socket.socketpair()
        for end in (wake, wakened):
            end.setblocking(False)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._leave)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self._selector.register(wakened, selectors.EVENT_READ, lambda sock: sock.recv(4096))
        self._wake = wake

    def _leave(self, *_: object) -> None:
        self._leaving = True

    def _welcome(self, listener: socket.socket) -> None:
        guest, _ = listener.accept()
        guest.setblocking(False)
        self._guests[guest] = _Guest()
        self._selector.register(guest, selectors.EVENT_READ, self._hear)
        if self._last:
            self._last.close()
            self._last = None

    def _hear(self, sock: socket.socket) -> None:
        try:
            words = sock.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            words = b""
        if words:
            self._guests[sock].needs += words
        else:
            self._selector.unregister(sock)
            del self._guests[sock]
            if self._guests:
                sock.close()
            else:
                self._last = sock  # closed when all has ended, so that whoever left last learns of it

    def _tend(self, now: float) -> None:
        """Starts what has died, stops what nobody needs, tells who waits."""
        running = self._valkey.tend(now)
        if not self._answered:
            self._answered = running and valkey.answers(self._places)
            if not self._answered and self._valkey.quick_deaths >= _TRIES:
                self._tell(f"error Valkey does not start: {last_line(self._valkey.log)}")
                self._leaving = True
        if self._answered:
            self._tell("ready")
        # Not only when Valkey answers: it does before they have imported what they need.
        if any(guest.needs.startswith(b"workers\n") for guest in self._guests.values()):
            self._working = True
            for child in self._workers:
                child.tend(now)
        elif self._working:
            self._stop_workers()
        self._tell_guard()

    def _tell(self, line: str) -> None:
        for sock, guest in self._guests.items():
            if guest.needs.endswith(b"\n") and not guest.told:
                guest.told = True
                with contextlib.suppress(OSError):
                    sock.sendall(line.encode() + b"\n")

    def _tell_guard(self) -> None:
        if self._guard is None or self._guard.stdin is None:
            return
        running = {child.pid for child in (self._valkey, *self._workers) if child.pid}
        for sign, pids in (("+", running - self._guarded), ("-", self._guarded - running)):
            for pid in pids:
                self._guard.stdin.write(f"{sign}{pid}\n".encode())
        self._guard.stdin.flush()
        self._guarded = running

    def _stop_workers(self) -> None:
        self._working = False
        for child in self._workers:
            child.signal(signal.SIGTERM)
        until = time.monotonic() + _WORKERS_GRACE
        for child in self._workers:
            child.wait(max(0.0, until - time.monotonic()))

    def _close(self) -> None:
        """Lets nobody in any more, ends everything in order, and gives back the lock with the process's end."""
        self._listener.close()
        self._places.control.unlink(missing_ok=True)
        self._stop_workers()
        valkey.shut_down(self._places)
        self._valkey.wait(_VALKEY_GRACE)
        self._tell_guard()
        if self._guard:
            self._guard.communicate()
        self._places.redis.unlink(missing_ok=True)
        self._places.run.unlink(missing_ok=True)


def _start_guard() -> subprocess.Popen[bytes] | None:
    if dies_with_parent():
        return None  # the kernel does it, whoever is killed
    return subprocess.Popen([sys.executable, "-I", "-S", str(guard.__file__)], stdin=subprocess.PIPE)


def main() -> int:
    """Takes the lock, keeps the house in a process of its own session, and tells by the exit code how that went.

    The plan is the one argument. The house is nobody's child, so that no command need outlive it or wait for it.
    """
    plan = Plan.read(sys.argv[1])
    places = Places.of(plan.data)
    lock = os.open(places.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return EXIT_LOCKED
    house = House(places, plan, lock)
    house.listen()
    if os.fork():
        return 0
    os.setsid()
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    with open_log(places.logs / "house.log") as log:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(log.fileno(), stream.fileno())
    house.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
