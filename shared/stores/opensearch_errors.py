"""The client's errors as ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from opensearchpy.exceptions import ConnectionError as NoConnectionError
from opensearchpy.exceptions import NotFoundError, OpenSearchException, TransportError

from shared.stores.protocol import StoreDownError

# Who may not write, what is read-only, and a busy node; above them what is wrong with the node itself.
_DOWN = {401, 403, 429}
_ERRORS = 500


@contextmanager
def answering(where: str) -> Iterator[None]:
    """Raises StoreDownError where the node does not answer or cannot do it now; what is wrong with a request stays."""
    try:
        yield
    except NoConnectionError as error:
        words = " ".join(str(error.error).split())
        raise StoreDownError(f"OpenSearch at {where} does not answer: {words}") from error
    except NotFoundError as error:
        if error.error != "index_not_found_exception":
            raise
        raise StoreDownError(f"nothing is stored yet in OpenSearch at {where}: {_reason(error)}") from error
    except TransportError as error:
        if isinstance(error.status_code, int) and error.status_code < _ERRORS and error.status_code not in _DOWN:
            raise
        raise StoreDownError(f"OpenSearch at {where} cannot do it now: {_reason(error)}") from error
    except OpenSearchException as error:
        raise StoreDownError(f"what answers at {where} is not OpenSearch: {error}") from error


def _reason(error: TransportError) -> str:
    info = error.info
    reason = info.get("error") if isinstance(info, dict) else None
    if isinstance(reason, dict):
        reason = reason.get("reason")
    return " ".join(f"{error.status_code} {reason or error.error}".split())
