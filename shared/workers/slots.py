"""Slots: what each thread of a worker process is at, in memory that its supervisor reads.

The supervisor must know a dead process's leases and a running task's deadline without the process's help, so both
stand in shared memory, written before the lease is taken and cleared after the page has moved on.
"""

import ctypes
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from threading import Lock

# Bytes of a lease's token: the supervisor's name (8), a dot, 16 of its own, and room.
TOKEN_LENGTH = 32


class _Slot(ctypes.Structure):
    _fields_ = [("deadline", ctypes.c_double), ("token", ctypes.c_char * TOKEN_LENGTH)]


class _Head(ctypes.Structure):
    _fields_ = [("ready", ctypes.c_bool), ("ended", ctypes.c_uint64)]


class Slots:
    """The slots of one process: one a thread. Made by the supervisor, handed to the process that it starts."""

    def __init__(self, context: BaseContext, count: int) -> None:
        """`count`: threads of the process. `context`: multiprocessing's, which the process is started by."""
        self._head = context.RawValue(_Head)
        self._slots = context.RawArray(_Slot, count)
        self._free: list[int] | None = None

    def clear(self) -> None:
        """Forgets everything: for a new process in the place of a dead one."""
        for slot in self._slots:
            slot.token, slot.deadline = b"", 0.0
        self._head.ready = False
        self._head.ended = 0

    # The process's side

    def attach(self) -> None:
        """Makes this process the one that writes."""
        self._free = list(range(len(self._slots)))
        self._lock = Lock()

    @property
    def ready(self) -> bool:
        """Whether the process has imported what it needs and takes tasks."""
        return bool(self._head.ready)

    @ready.setter
    def ready(self, value: bool) -> None:
        self._head.ready = value

    @contextmanager
    def hold(self, token: str, seconds: float) -> Iterator["Held"]:
        """A slot for one task, from before its lease is taken until after its pages have moved on."""
        with self._lock:
            index = self._free.pop()  # type: ignore[union-attr]  # attach comes first
        slot = self._slots[index]
        slot.token = token.encode("ascii")
        slot.deadline = time.monotonic() + seconds
        try:
            yield Held(slot)
        finally:
            # The deadline first: a slot without one is never overdue, and its token still names the lease.
            slot.deadline = 0.0
            slot.token = b""
            with self._lock:
                self._head.ended += 1
                self._free.append(index)  # type: ignore[union-attr]

    # The supervisor's side

    @property
    def ended(self) -> int:
        """Tasks that this process has ended."""
        return int(self._head.ended)

    def tokens(self) -> list[str]:
        """Tokens of the leases that the process holds, or held when it died."""
        return [slot.token.decode("ascii") for slot in self._slots if slot.token]

    def overdue(self, now: float) -> list[str]:
        """Tokens of the tasks that are past their deadline at `now` (of `time.monotonic`)."""
        return [slot.token.decode("ascii") for slot in self._slots if 0.0 < slot.deadline < now]


class Held:
    """A slot that a task holds."""

    def __init__(self, slot: _Slot) -> None:
        """`slot`: its memory."""
        self._slot = slot

    def restart(self, seconds: float) -> None:
        """Counts the deadline from now: for a task that had to wait for its turn."""
        self._slot.deadline = time.monotonic() + seconds
