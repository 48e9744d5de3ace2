"""Ctrl-C: the first asks a command to end cleanly, the second ends it at once."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupt:
    """While it is in force, SIGINT and SIGTERM set `signal` instead of raising; a second one exits at once."""

    def __init__(self, say: str, then: Callable[[], None] = lambda: None) -> None:
        """`say`: a line for stderr at the first one. `then`: is called after it, between any two steps of ours."""
        self.number: int | None = None
        """The signal that came; None where none has."""
        self._say = say
        self._then = then
        self._before: dict[int, Any] = {}

    @property
    def exit_code(self) -> int:
        """128 and the signal's number, as shells report it."""
        return 128 + (self.number or 0)

    def __enter__(self) -> Self:
        """Takes the signals."""
        for number in _SIGNALS:
            self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Gives them back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if self.number is not None:
            os._exit(self.exit_code)  # nothing waits: the house sees that we are gone
        self.number = number
        os.write(sys.stderr.fileno(), f"\n{self._say}\n".encode())
        self._then()
