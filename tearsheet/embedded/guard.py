"""Ends the house's processes when the house was killed, where the kernel does not (all but Linux).

It reads the house's pipe: `+PID` a process that started, `-PID` one that ended. At the pipe's end the house is dead,
and so is, soon, every process that is left. It imports nothing of ours: it is to cost little.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

_GRACE = 2.0
"""Seconds between the wish to end and the kill."""


def watch(lines: Iterable[str]) -> set[int]:
    """The processes that run when the lines end."""
    running: set[int] = set()
    for line in lines:
        pid = int(line[1:])
        if line.startswith("+"):
            running.add(pid)
        else:
            running.discard(pid)
    return running


def end(pids: set[int], grace: float = _GRACE) -> None:
    """Asks the processes to end, then kills those that did not."""
    for number, wait in ((signal.SIGTERM, grace), (signal.SIGKILL, 0.0)):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        time.sleep(wait)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end(watch(sys.stdin))
