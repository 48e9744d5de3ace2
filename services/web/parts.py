"""The ledger and the store of the web service: each connected when first asked, and again after a failure."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from shared.ledger import Ledger
from shared.settings import Settings
from shared.stores import open_store
from shared.stores.protocol import Store


class Parts:
    """Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        """Connects nothing: the service starts, and says what is down, while its parts are away."""
        self._settings = settings
        self._lock = Lock()
        self._ledger: Ledger | None = None
        self._store: Store | None = None
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="health")
        self._asked: dict[str, Future[str]] = {}

    def ledger(self) -> Ledger:
        """The ledger. Raises LedgerDownError, LedgerSchemaError."""
        with self._lock:
            if self._ledger is None:
                self._ledger = Ledger.connect(self._settings)
            return self._ledger

    def store(self) -> Store:
        """The store; using it raises StoreDownError, UnknownSchemaError."""
        with self._lock:
            if self._store is None:
                self._store = open_store(self._settings, write=False)
            return self._store

    def answer(self, name: str, question: Callable[[], str], seconds: float) -> str:
        """What a part answers within so many seconds, or that it did not; who is still asked is not asked again."""
        with self._lock:
            asked = self._asked.get(name)
            if asked is None or asked.done():
                asked = self._asked[name] = self._threads.submit(question)
        try:
            return asked.result(seconds)
        except TimeoutError:
            return f"no answer within {seconds:g} s"

    def close(self) -> None:
        """Lets go of both."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            if self._ledger is not None:
                self._ledger.client.close()
            if self._store is not None:
                self._store.close()
            self._ledger = self._store = None
