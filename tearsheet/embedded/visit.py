"""A command's stay in the house: joins the one that runs, else starts one, and again whenever it has died."""

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future

from tearsheet.embedded import valkey
from tearsheet.embedded.house import EXIT_LOCKED, Plan
from tearsheet.embedded.places import Places

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

    def __init__(self, plan: Plan, *, workers: bool) -> None:
        """`workers`: whether the workers are to run meanwhile, or Valkey alone. Raises UnsafeFolderError, OSError."""
        self.places = Places.of(plan.data)
        self.joined = False
        """Whether a house was found that ran already; known from `ready` on."""
        self.other_settings: list[str] = []
        """Names of the settings that the joined house has other values of; known from `ready` on."""
        self.trouble: str | None = None
        """Why no house can be started again, once one has died."""
        self._plan = plan
        self._needs = b"workers\n" if workers else b"ledger\n"
        self._leaving = False
        self._ready: Future[None] = Future()
        self._sock: socket.socket | None = None
        self._watch = threading.Thread(target=self._keep, name="visit", daemon=True)

    def join(self) -> None:
        """Begins to join or start a house, and returns: there is much to import meanwhile."""
        self._watch.start()

    def ready(self) -> None:
        """Returns when Valkey answers. Raises HouseError."""
        self._ready.result()

    def leave(self, patience: float = _PATIENCE) -> bool:
        """Goes; where nobody else is in the house, waits until it has ended. Whether it did in `patience` seconds."""
        self._leaving = True
        sock = self._sock
        if sock:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_WR)
        self._watch.join(patience)
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
            except HouseError as error:
                self.trouble = str(error)

    def _enter(self) -> socket.socket:
        started = time.monotonic()
        first = True
        while True:
            sock = self._knock()
            if sock:
                answer = _first_line(sock)
                if answer == "ready":
                    self.joined = first
                    return sock
                sock.close()
                if answer.startswith("error "):
                    raise HouseError(answer.removeprefix("error "))
            waited = time.monotonic() - started
            if waited > _PATIENCE:
                raise HouseError(f"{self.places.data} is locked by another process that does not answer")
            if self._start():
                first = False
            elif waited > _STALE_AFTER:
                valkey.shut_down(self.places)
            time.sleep(_PAUSE)

    def _knock(self) -> socket.socket | None:
        """A connection to the house, which is told what we need; None where there is none."""
        try:
            told = json.loads(self.places.run.read_text(encoding="utf-8"))
            control, settings = told["control"], told["settings"]
        except (OSError, ValueError, KeyError):
            return None
        self.other_settings = [n for n, digest in self._plan.settings.items() if settings.get(n) != digest]
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.connect(control)
            sock.sendall(self._needs)
        except OSError:
            sock.close()
            return None
        return sock

    def _start(self) -> bool:
        """Starts a house; False where another holds the lock. Raises HouseError."""
        command = [sys.executable, "-m", "tearsheet.embedded.house", self._plan.dump()]
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if run.returncode not in (0, EXIT_LOCKED):
            words = run.stderr.strip().split("\n")[-1]
            raise HouseError(f"the embedded Valkey does not start: {words}")
        return run.returncode == 0


def _first_line(sock: socket.socket) -> str:
    """What the house says first; empty where it ended before it said anything."""
    heard = b""
    with contextlib.suppress(OSError):
        while not heard.endswith(b"\n"):
            more = sock.recv(4096)
            if not more:
                return ""
            heard += more
    return heard.decode("utf-8", "replace").strip()
