"""The ledger and the store of the web service: each connected when first asked, and again after a failure."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from typing import Generic, TypeVar

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from services.web.audits import Audits
from shared.ledger import Ledger, LedgerDownError
from shared.ledger.audit import audit
from shared.settings import Settings
from shared.stores import open_store
from shared.stores.protocol import NothingStoredError, Store, StoreDownError

T = TypeVar("T")

# Seconds in which ledger and store answer somebody who waits for a page, or are down: what is submitted is on disk
# within a second (`appendfsync everysec`). A connection that broke meanwhile is made anew once.
_ANSWER = 3.0
_CONNECT = 1.0
_AGAIN = 0.05
# Seconds for which a part that did not answer is not asked again, so that waiting for it keeps no threads from
# whatever needs another part.
_LEFT_ALONE = 1.0


class _Part(Generic[T]):
    """What is made when first asked for; who asks meanwhile waits, and nobody who asks for another part does."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: T | None = None
        self._failed: Exception | None = None
        self._alone_until = 0.0

    def failed(self, error: Exception) -> None:
        """It did not answer: for a moment nobody asks it. Who is told so meanwhile did not ask."""
        now = time.monotonic()
        if now >= self._alone_until:
            self._failed, self._alone_until = error, now + _LEFT_ALONE

    def get(self) -> T:
        """Raises what making it raises, and what it failed with a moment ago."""
        self._check()
        with self._lock:
            self._check()  # whoever had the lock may have waited for it in vain
            if self._made is None:
                try:
                    self._made = self._make()
                except (LedgerDownError, StoreDownError) as error:
                    self.failed(error)
                    raise
            return self._made

    def at_hand(self) -> T | None:
        """It, where that takes no time; else None, and `get` knows why."""
        return self._made if time.monotonic() >= self._alone_until else None

    def _check(self) -> None:
        if self._failed is not None and time.monotonic() < self._alone_until:
            raise type(self._failed)(str(self._failed))

    def let_go(self) -> T | None:
        """What was made, to be closed; None while it is still being made, which the process's end ends."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            made, self._made = self._made, None
            return made
        finally:
            self._lock.release()


class Parts:
    """Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        """Connects nothing: the service starts, and says what is down, while its parts are away."""
        self.settings = settings
        self._ledger = _Part(lambda: _connect(settings))
        self._store = _Part(lambda: open_store(settings, write=False, timeout=_ANSWER))
        self.audits = Audits(self.ledger, lambda: audit(self.ledger(), self.store()))
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="health")
        self._asked: dict[str, Future[str]] = {}

    def ledger(self) -> Ledger:
        """The ledger. Raises LedgerDownError, LedgerSchemaError."""
        return self._ledger.get()

    def store(self) -> Store:
        """The store; this and using it raises StoreDownError, UnknownSchemaError."""
        return self._store.get()

    def ledger_at_hand(self) -> Ledger | None:
        """The ledger; None where it must be connected first, or did not answer a moment ago."""
        return self._ledger.at_hand()

    def store_at_hand(self) -> Store | None:
        """The store; None where it must be opened first, or did not answer a moment ago."""
        return self._store.at_hand()

    def failed(self, error: Exception) -> None:
        """Somebody's request ended with this error of a part."""
        if isinstance(error, LedgerDownError):
            self._ledger.failed(error)
        elif isinstance(error, StoreDownError) and not isinstance(error, NothingStoredError):
            self._store.failed(error)

    def answers(self, questions: Mapping[str, Callable[[], str]], seconds: float) -> dict[str, str]:
        """What each part answers within so many seconds, or that it did not; who is still asked is not asked again."""
        asked = {name: self._ask(name, question) for name, question in questions.items()}
        answered = wait(asked.values(), seconds).done
        late = f"no answer within {seconds:g} s"
        return {name: future.result() if future in answered else late for name, future in asked.items()}

    def _ask(self, name: str, question: Callable[[], str]) -> Future[str]:
        with self._lock:
            asked = self._asked.get(name)
            if asked is None or asked.done():
                asked = self._asked[name] = self._threads.submit(question)
            return asked

    def close(self) -> None:
        """Lets go of both."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if ledger := self._ledger.let_go():
            ledger.client.close()
        if store := self._store.let_go():
            store.close()


def _connect(settings: Settings) -> Ledger:
    again = Retry(ConstantBackoff(_AGAIN), 1, supported_errors=(redis.ConnectionError,))
    return Ledger.connect(settings, answer=_ANSWER, connect=_CONNECT, retry=again)
