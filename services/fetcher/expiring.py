"""What is worth keeping for a while: a bounded table whose entries expire."""

import threading
import time
from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Expiring(Generic[K, V]):
    """Keeps the newest entries, each until its time is over. Safe in threads."""

    def __init__(self, size: int) -> None:
        """`size`: what all entries may weigh; the oldest go first."""
        self._size = size
        self._weight = 0
        self._entries: OrderedDict[K, tuple[float, V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """The value, if it is there and its time is not over."""
        entry = self._entries.get(key)
        return entry[1] if entry is not None and time.monotonic() < entry[0] else None

    def put(self, key: K, value: V, seconds: float, weight: int = 1) -> None:
        """Keeps a value for so many seconds."""
        with self._lock:
            self._weight += weight - self._entries.pop(key, (0.0, value, 0))[2]
            self._entries[key] = (time.monotonic() + seconds, value, weight)
            while self._weight > self._size:
                self._weight -= self._entries.popitem(last=False)[1][2]
