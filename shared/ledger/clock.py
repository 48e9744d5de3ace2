"""One clock for all processes: that of the ledger's Redis.

Machines' clocks differ by seconds where nobody sets them, and a host's delay is less. So each process asks Redis now
and then how far its own clock is off.
"""

import time
from collections.abc import Callable

import redis

# Seconds after which it is asked again: a clock that drifts by a part in 10,000 is then 6 ms off.
_FRESH = 60.0
# Milliseconds by which two clocks may differ without harm: less than a request takes to its server.
_SAME = 2


def local_ms() -> int:
    """Milliseconds since 1970 by this machine."""
    return time.time_ns() // 1_000_000


class Clock:
    """Tells Redis's time without asking each time. Safe in threads."""

    def __init__(self, client: "redis.Redis", local: Callable[[], int] = local_ms) -> None:
        """`local`: this machine's milliseconds since 1970."""
        self._client = client
        self._local = local
        self._offset = 0
        self._asked = float("-inf")

    def now(self) -> int:
        """Milliseconds since 1970. Where Redis does not answer: by what was known last."""
        return self._local() + self.offset()

    def offset(self) -> int:
        """Milliseconds by which Redis is ahead of this machine."""
        if time.monotonic() - self._asked > _FRESH:
            self._asked = time.monotonic()
            before = self._local()
            try:
                seconds, micros = self._client.time()
            except redis.RedisError:
                return self._offset
            after = self._local()
            found = round(seconds * 1000 + micros / 1000 - (before + after) / 2)
            # No nearer than half the time that the answer took: within that, the clocks may as well be one.
            self._offset = found if abs(found) > (after - before) / 2 + _SAME else 0
        return self._offset
