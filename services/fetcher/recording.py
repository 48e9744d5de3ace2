"""What goes over the wire for a fetch, recorded for the archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from services.fetcher.causes import Cause, FailedError
from shared.archive.exchange import Exchange, Role, Truncated

_RECORDED: ContextVar[list[Exchange] | None] = ContextVar("RECORDED", default=None)
EXCHANGE: ContextVar[Exchange | None] = ContextVar("EXCHANGE", default=None)
"""That of the request that this thread is making, for the connection and whoever reads the body; None: not recorded."""

# What ends an answer before its end; other failures are told by an answer that is all there.
_BROKE: dict[Cause, Truncated] = {"timeout": "time", "reset": "disconnect", "protocol": "disconnect"}


@contextmanager
def recording() -> Iterator[list[Exchange]]:
    """The exchanges that are made within the block, in their order."""
    exchanges: list[Exchange] = []
    before = _RECORDED.set(exchanges)
    try:
        yield exchanges
    finally:
        _RECORDED.reset(before)


@contextmanager
def exchange(url: str, role: Role, via: str | None) -> Iterator[Exchange | None]:
    """One exchange, from the request on until its body is read; None where nothing is recorded."""
    recorded = _RECORDED.get()
    if recorded is None:
        yield None
        return
    one = Exchange(url, role=role, via=via)
    recorded.append(one)
    before = EXCHANGE.set(one)
    try:
        yield one
    except FailedError as error:
        one.over(_BROKE.get(error.cause))
        raise
    finally:
        EXCHANGE.reset(before)
        if one.ended is None:
            one.over(None)
