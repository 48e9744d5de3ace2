"""The house: one process that holds the data folder's lock and keeps Valkey and the workers running.

It lives as long as somebody is connected to its control socket, and so it needs no list of who may come or go: a
command that was killed is one whose connection has ended. Each says in one line what it needs (`Hello`), and is told
in one line when Valkey answers (`Answer`). The workers run while somebody needs them. It is started by whichever
command finds none (`tearsheet.embedded.visit`), and taken over by another when it dies.
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
from dataclasses import dataclass
from pathlib import Path

from tearsheet.embedded import guard, valkey
from tearsheet.embedded.child import Child, dies_with_parent
from tearsheet.embedded.logs import cap, last_line, open_log
from tearsheet.embedded.places import Places
from tearsheet.embedded.words import Answer, Hello

EXIT_LOCKED = 75  # EX_TEMPFAIL of sysexits.h: another house holds the lock

# Seconds. How often children are looked after when no signal came; how soon Valkey is asked again while it starts.
_TICK = 0.25
_STARTING_TICK = 0.01
# Pages in flight may end for so long, then they are given back: whoever pressed Ctrl-C waits for it. The supervisor
# needs a moment more to end in order.
_TASKS_GRACE = 2.0
_WORKERS_GRACE = _TASKS_GRACE + 5.0
_VALKEY_GRACE = 10.0
_LOG_TICK = 30.0
# Names of settings in the environment, and those among them that the house sets for its workers.
_PREFIX = "TEARSHEET_"
_OURS = ("TEARSHEET_REDIS_URL", "TEARSHEET_DATA", "TEARSHEET_LOG_FORMAT", "TEARSHEET_WORKER_GRACE")
# So many quick deaths of a Valkey that never answered, and it is the setup that is wrong.
_TRIES = 3


@dataclass(slots=True)
class _Guest:
    """Somebody connected."""

    said: bytes = b""
    hello: Hello | None = None
    told: bool = False


class House:
    """The loop. One thread: what it starts dies with the thread that started it."""

    def __init__(self, places: Places, workers: Mapping[str, list[str]], lock: int, *, eager: bool) -> None:
        """`workers`: name of the log -> command. `eager`: they start before the first guest asks for them.

        `lock`: the descriptor that holds the lock; Valkey inherits it, so that the lock outlives a dead house.
        """
        self._places = places
        self._valkey = Child(
            "valkey",
            valkey.command(places),
            log=places.logs / "valkey.log",
            environment=valkey.environment(),
            keep_open=[lock],
        )
        self._workers = [Child(name, command, log=places.logs / f"{name}.log") for name, command in workers.items()]
        self._equip(_for_workers(os.environ), str(Path.cwd()))
        self._eager = eager
        self._guests: dict[socket.socket, _Guest] = {}
        self._last: socket.socket | None = None
        self._settings: Mapping[str, str] = {}
        self._memory = 0
        self._answered = False
        self._working = False
        self._leaving = False
        self._orphaned = False
        """Whoever started the house is gone."""
        self._guarded: set[int] = set()

    def run(self) -> None:
        """Serves until nobody is left, or SIGTERM. Comes after `listen`."""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._welcome)
        self._selector.register(sys.stdin, selectors.EVENT_READ, self._orphan)
        self._guard = _start_guard()
        self._catch_signals()
        capped = time.monotonic()
        try:
            while not self._leaving:
                now = time.monotonic()
                self._tend(now)
                if not self._guests and (self._last or self._orphaned):
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
        sockets = {"control": str(self._places.control), "redis": self._places.redis_url}
        self._places.run.write_text(json.dumps(sockets) + "\n", encoding="utf-8")

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

    def _orphan(self, _stdin: object) -> None:
        self._selector.unregister(sys.stdin)
        self._orphaned = True

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
            words = sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            words = b""
        if words:
            self._meet(self._guests[sock], words)
        else:
            self._selector.unregister(sock)
            del self._guests[sock]
            if self._guests:
                sock.close()
            else:
                self._last = sock  # closed when all has ended, so that whoever left last learns of it

    def _meet(self, guest: _Guest, words: bytes) -> None:
        """Hears a guest out, and prepares what it needs, where nobody before it needed it otherwise."""
        guest.said += words
        if guest.hello or not guest.said.endswith(b"\n"):
            return
        try:
            guest.hello = Hello.read(guest.said)
        except ValueError:
            return  # it is of another version of Tearsheet: it hears nothing, and leaves
        if not self._memory:
            self._memory = guest.hello.memory
            if self._answered:
                valkey.limit(self._places, self._memory)
        if guest.hello.workers and not self._wanted(but=guest):
            self._settings = guest.hello.settings
            equipment = _for_workers(guest.hello.environment), guest.hello.folder
            if equipment != self._equipment:
                self._stop_workers()
                self._equip(*equipment)

    def _wanted(self, but: _Guest | None = None) -> bool:
        """Whether anybody needs the workers; before the first guest has come, they may be started all the same."""
        heard = [guest.hello for guest in self._guests.values() if guest.hello and guest is not but]
        return any(hello.workers for hello in heard)

    def _equip(self, settings: dict[str, str], folder: str) -> None:
        """Gives the workers, when they start, these settings and this current folder."""
        self._equipment = settings, folder
        others = {name: value for name, value in os.environ.items() if not name.upper().startswith(_PREFIX)}
        values = self._places.redis_url, str(self._places.data), "json", str(_TASKS_GRACE)
        ours = dict(zip(_OURS, values, strict=True))
        for child in self._workers:
            child.environment, child.folder = others | settings | ours, folder

    def _tend(self, now: float) -> None:
        """Starts what has died, stops what nobody needs, tells who waits."""
        running = self._valkey.tend(now)
        if not self._answered:
            self._answered = running and valkey.answers(self._places)
            if not self._answered and self._valkey.quick_deaths >= _TRIES:
                self._tell(Answer(os.getpid(), error=f"Valkey does not start: {last_line(self._valkey.log)}"))
                self._leaving = True
            elif self._answered and self._memory:
                valkey.limit(self._places, self._memory)
        if self._answered:
            self._tell(Answer(os.getpid(), settings=self._settings))
        self._eager = self._eager and not any(guest.hello for guest in self._guests.values())
        # Not only when Valkey answers: it does before they have imported what they need.
        if self._wanted() or self._eager:
            self._working = True
            for child in self._workers:
                child.tend(now)
        elif self._working:
            self._stop_workers()
        self._tell_guard()

    def _tell(self, answer: Answer) -> None:
        for sock, guest in self._guests.items():
            if guest.hello and not guest.told:
                guest.told = True
                with contextlib.suppress(OSError):
                    sock.sendall(answer.line())

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


def _for_workers(environment: Mapping[str, str]) -> dict[str, str]:
    """What an environment says of the workers' settings."""
    names = {name for name in environment if name.upper().startswith(_PREFIX) and name.upper() not in _OURS}
    return {name: environment[name] for name in names}


def main() -> int:
    """Takes the lock and keeps the house: `DATA WORKERS [eager]`, WORKERS being JSON (log name -> command)."""
    places = Places.of(Path(sys.argv[1]))
    lock = os.open(places.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return EXIT_LOCKED
    house = House(places, json.loads(sys.argv[2]), lock, eager=sys.argv[3:] == ["eager"])
    house.listen()
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    with open_log(places.logs / "house.log") as log:
        os.dup2(log.fileno(), sys.stderr.fileno())
    house.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
