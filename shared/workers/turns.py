"""Turns: pages that must be worked on alone wait until a threaded process is empty, and keep it so.

A page whose process died while it was worked on beside others is tried again alone, so that the next death says
which page it was. In the threads pool that takes a lock: many at once, or one alone; those who want to be alone go
first, else they would wait for ever.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class TurnNotComeError(Exception):
    """The process did not empty, or those alone did not end, in time."""


class Turns:
    """Lets in many, or one alone."""

    def __init__(self) -> None:
        """Empty."""
        self._changed = threading.Condition()
        self._inside = 0
        self._waiting_alone = 0
        self._alone = False

    @contextmanager
    def take(self, *, alone: bool, timeout: float) -> Iterator[None]:
        """One turn. Raises TurnNotComeError after `timeout` seconds."""
        self._enter(alone=alone, until=time.monotonic() + timeout)
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._alone = False
                self._changed.notify_all()

    def _enter(self, *, alone: bool, until: float) -> None:
        with self._changed:
            self._waiting_alone += alone
            try:
                while self._inside if alone else self._alone or self._waiting_alone:
                    if not self._changed.wait(until - time.monotonic()):
                        raise TurnNotComeError
            finally:
                self._waiting_alone -= alone
                if alone:
                    self._changed.notify_all()
            self._inside += 1
            self._alone = alone
