"""What the ledger raises. Each is also the redis-py error that it stands for, and its message is one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions


class LedgerError(Exception):
    """The ledger cannot do what was asked; the message is one line for a person."""


class LedgerDownError(LedgerError, exceptions.ConnectionError):
    """Redis does not answer, or cannot write to its disk."""


class LedgerFullError(LedgerError, exceptions.OutOfMemoryError):
    """Redis's memory is full: what adds to it is refused until pages have ended."""


class LedgerSchemaError(LedgerError):
    """The ledger was written by a version of Tearsheet with another schema."""


class UnknownCrawlError(LedgerError):
    """There is no crawl of this id, or it takes no more URLs."""


@contextmanager
def asking() -> Iterator[None]:
    """Turns what redis-py raises into the ledger's errors."""
    try:
        yield
    except LedgerError:
        raise
    except exceptions.OutOfMemoryError:
        raise LedgerFullError("the ledger is full: Redis has reached its memory limit") from None
    except (exceptions.ConnectionError, exceptions.TimeoutError) as error:
        raise LedgerDownError(f"the ledger does not answer: {_line(error)}") from None
    except exceptions.ResponseError as error:
        raise _refused(error) from None


def _refused(error: exceptions.ResponseError) -> Exception:
    text = _line(error)
    # The words before the first blank are Redis's error codes; LEDGER is that of our scripts.
    if text.startswith("LEDGER "):
        return UnknownCrawlError(text.removeprefix("LEDGER "))
    if text.startswith("MISCONF"):
        return LedgerDownError(f"the ledger cannot write to its disk: {text}")
    if "appendonly" in text:
        return LedgerError("the ledger's Redis keeps no append-only file: set `appendonly yes`, or pages may be lost")
    return error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
