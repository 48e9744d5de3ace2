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
        """`size`: entries kept at most; the oldest go first."""
        self._size = size
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """The value, if it is there and its time is not over."""
        entry = self._entries.get(key)
        return entry[1] if entry is not None and time.monotonic() < entry[0] else None

    def put(self, key: K, value: V, seconds: float) -> None:
        """Keeps a value for so many seconds."""
        with self._lock:
            self._entries.pop(key, None)
            self._entries[key] = (time.monotonic() + seconds, value)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
