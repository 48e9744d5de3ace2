"""A process that the house keeps running: restarted with back-off when it dies, dead when the house is."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tearsheet.embedded.logs import open_log

# The first restart comes at once, later ones after twice the wait each, up to the last number (seconds).
_FIRST_WAIT = 0.1
_LONGEST_WAIT = 10.0
# One that ran this long was well: the next restart comes at once again. Less than the ten seconds after which
# Valkey is killed each time in the test of that.
_WELL_AFTER = 5.0

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Child:
    """One process of the house. Not for threads: on Linux it dies with the thread that started it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        keep_open: Sequence[int] = (),
    ) -> None:
        """`log` gets its stdout and stderr; `keep_open` are file descriptors that it inherits."""
        self.name = name
        self.log = log
        self.environment = environment
        self.folder: str | None = None
        """Its current folder when it starts."""
        self.quick_deaths = 0
        """How many times in a row it died soon after its start."""
        self._command = command
        self._keep_open = keep_open
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._start_at = 0.0

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process else None

    def tend(self, now: float) -> bool:
        """Starts it where it does not run and its time has come; whether it runs. `now`: monotonic seconds."""
        if self._process and self._process.poll() is not None:
            self._process = None
            self._died(now)
        if self._process is None and now >= self._start_at:
            try:
                self._start(now)
            except OSError as error:  # a full disk, no memory: tried again like any death
                print(f"{self.name}: {error}", file=sys.stderr, flush=True)  # noqa: T201 - the house's log
                self._died(now)
        return self._process is not None

    def _died(self, now: float) -> None:
        self.quick_deaths = 0 if now - self._started >= _WELL_AFTER else self.quick_deaths + 1
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (self.quick_deaths - 1)) if self.quick_deaths else 0.0
        self._start_at = now + wait

    def _start(self, now: float) -> None:
        self._started = now
        with open_log(self.log) as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.folder,
                pass_fds=tuple(self._keep_open),
                preexec_fn=_die_with_parent(),  # safe here: the house has one thread
            )

    def signal(self, number: int) -> None:
        """Sends a signal where it runs."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> None:
        """Waits so long for its end, which somebody has asked for, then kills it."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def dies_with_parent() -> bool:
    """Whether the kernel ends a child when its parent dies: Linux does."""
    return sys.platform.startswith("linux")


def _die_with_parent() -> Callable[[], None] | None:
    """What a child runs before its program, so that it dies with its parent; None where the kernel does not do it."""
    if not dies_with_parent():
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def run() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return run
