"""A command's stay in the house: joins the one that runs, else starts one, and again whenever it has died."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from tearsheet.embedded import valkey
from tearsheet.embedded.launch import WORKERS, Launch, LaunchError, begun
from tearsheet.embedded.places import Places, UnsafeFolderError
from tearsheet.embedded.words import Answer, Hello

# Seconds. Between two tries to join a house that is starting or ending; and for how long to try: a house that ends
# takes its workers' grace and Valkey's at most.
_PAUSE = 0.02
_PATIENCE = 30.0
# The lock is held and no house answers: a Valkey has outlived it. Where the kernel ends it, that takes no time.
_STALE_AFTER = 3.0


class HouseError(Exception):
    """The house does not start; the message is one line that says why."""


class Visit:
    """Keeps a house running from `join` to `leave`."""

    def __init__(self, data: Path, hello: Hello, workers: Mapping[str, Sequence[str]] = WORKERS) -> None:
        """`hello`: what we need. `workers`: what a house started by us runs. Raises HouseError, OSError."""
        try:
            self.places = Places.of(data)
        except UnsafeFolderError as error:
            raise HouseError(str(error)) from None
        self.joined = False
        """Whether a house was found that ran already; known from `ready` on."""
        self.other_settings: list[str] = []
        """Names of the settings that the joined house has other values of; known from `ready` on."""
        self.trouble: str | None = None
        """Why no house can be started again, once one has died."""
        self._data = data
        self._hello = hello
        self._workers = workers
        self._leaving = False
        self._ready: Future[None] = Future()
        self._launch = begun(data)
        self._sock: socket.socket | None = None
        self._watch = threading.Thread(target=self._keep, name="visit", daemon=True)

    def join(self) -> None:
        """Begins to join or start a house, and returns: there is much to import meanwhile."""
        self._watch.start()

    def ready(self) -> None:
        """Returns when Valkey answers. Raises HouseError, OSError."""
        self._ready.result()

    def told_settings(self) -> str:
        """A line for the user that says which settings of the running workers are not ours; empty where all are."""
        names = ", ".join(f"TEARSHEET_{name.upper()}" for name in self.other_settings)
        return f"another command's settings hold, which are not those of this one: {names}" if names else ""

    def leave(self, patience: float = _PATIENCE) -> bool:
        """Goes; where nobody else is in the house, waits until it has ended. Whether it did in `patience` seconds."""
        self._leaving = True
        sock = self._sock
        if sock:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_WR)
        self._watch.join(patience)
        if self._launch:
            self._launch.disown()
        return not self._watch.is_alive()

    def _keep(self) -> None:
        """Enters, and waits for the connection's end; unless we are leaving, that is the house's death."""
        try:
            self._sock = self._enter()
            self._ready.set_result(None)
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            self._ready.set_exception(error)
        while self._sock:
            with contextlib.suppress(OSError):
                while self._sock.recv(4096):
                    pass
            self._sock.close()
            self._sock = None
            if self._leaving:
                return
            try:
                self._sock = self._enter()
                self.trouble = None
            except (HouseError, OSError) as error:
                self.trouble = str(error)

    def _enter(self) -> socket.socket:
        started = time.monotonic()
        while True:
            sock = self._knock()
            if sock:
                answer = _hear(sock)
                if answer and answer.error is None:
                    self.joined = self._launch is None or self._launch.pid != answer.pid
                    mine = self._hello.settings.items()
                    self.other_settings = [name for name, digest in mine if answer.settings.get(name) != digest]
                    return sock
                sock.close()
                if answer and answer.error:
                    raise HouseError(answer.error)
            waited = time.monotonic() - started
            if waited > _PATIENCE:
                raise HouseError(f"{self.places.data} is locked by another process that does not answer")
            if not self._start() and waited > _STALE_AFTER:
                valkey.shut_down(self.places)
            time.sleep(_PAUSE)

    def _knock(self) -> socket.socket | None:
        """A connection to the house, which is told what we need; None where there is none."""
        try:
            control = json.loads(self.places.run.read_text(encoding="utf-8"))["control"]
        except (OSError, ValueError, KeyError):
            return None
        self.places = replace(self.places, sockets=Path(control).parent)  # chosen by its environment, not ours
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.connect(control)
            sock.sendall(self._hello.line())
        except OSError:
            sock.close()
            return None
        return sock

    def _start(self) -> bool:
        """Sees to it that a house is starting; False where another process holds the lock. Raises HouseError."""
        try:
            if self._launch is None:
                self._launch = Launch(self._data, self._workers)
            if self._launch.goes_on():
                return True
        except LaunchError as error:
            self._launch = None
            raise HouseError(str(error)) from None
        self._launch = None
        return False


def _hear(sock: socket.socket) -> Answer | None:
    """What the house says; None where it ended before it said anything."""
    heard = b""
    try:
        while not heard.endswith(b"\n"):
            more = sock.recv(65536)
            if not more:
                return None
            heard += more
        return Answer.read(heard)
    except (OSError, ValueError):
        return None
