"""The web service in several processes: their supervisor, as a process of its own beside the command's."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

import structlog

from shared import log

logger = structlog.get_logger()

# Seconds before a supervisor that died is started again.
_AGAIN = 0.5
# Seconds that it may take to its end where a command ends by an error of its own.
_PATIENCE = 10.0


class Processes:
    """Within `with`, the supervisor runs. It takes a second to import what it needs; the house starts meanwhile."""

    def __init__(self, sock: socket.socket, count: int) -> None:
        """`sock` listens. `count`: of the processes that are to answer."""
        self._sock = sock
        self._count = count
        self._stopped = False

    def __enter__(self) -> Self:
        """Starts it."""
        self._supervisor = self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends it, where it runs still."""
        self.stop()
        try:
            self._supervisor.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            self._supervisor.wait()
        if self._supervisor.stdin:
            self._supervisor.stdin.close()

    def run(self, redis_url: str, *, open_: bool) -> int:
        """Answers until `stop`; the exit code. `open_`: nobody is asked for a key."""
        hello = json.dumps({"redis_url": redis_url, "open": open_}).encode() + b"\n"
        while not self._stopped:
            self._tell(hello)
            code = self._supervisor.wait()
            if self._stopped or code >= 0:
                return max(0, code)
            # It was killed, and its processes with it; connections wait in the socket.
            logger.warning(log.WORKER_DIED, role="web supervisor", pid=self._supervisor.pid, exit_code=code)
            time.sleep(_AGAIN)
            self._supervisor = self._start()
        return 0

    def stop(self) -> None:
        """Has `run` return once answers have come to their end; for a signal's handler too."""
        self._stopped = True
        if self._supervisor.returncode is None:
            os.kill(self._supervisor.pid, signal.SIGTERM)

    def _tell(self, hello: bytes) -> None:
        assert self._supervisor.stdin  # noqa: S101  # `_start` asks for one
        try:
            self._supervisor.stdin.write(hello)
            self._supervisor.stdin.close()
        except BrokenPipeError:  # it has ended, as `run` sees
            return

    def _start(self) -> "subprocess.Popen[bytes]":
        descriptor = self._sock.fileno()
        words = [str(os.getpid()), str(descriptor), str(self._count)]
        return subprocess.Popen(
            [sys.executable, "-m", "services.web.supervisor", *words],
            stdin=subprocess.PIPE,
            pass_fds=[descriptor],
            start_new_session=True,  # a terminal's Ctrl-C is for us
        )
