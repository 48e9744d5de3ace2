"""A process that is to end when whoever started it has gone."""

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1  # prctl(2): the signal that this process gets when its parent dies
# Seconds between two looks at the parent where the system has no such signal.
_WATCH = 0.5


def end_with(parent: int) -> None:
    """Ends this process when process `parent` dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the call
            os._exit(1)
    else:

        def watch() -> None:
            while os.getppid() == parent:
                time.sleep(_WATCH)
            os._exit(1)

        threading.Thread(target=watch, name="parent-watch", daemon=True).start()
