"""The client's errors as ours."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from opensearchpy.exceptions import ConnectionError as NoConnectionError
from opensearchpy.exceptions import NotFoundError, OpenSearchException, SSLError, TransportError

from shared.stores.protocol import NothingStoredError, StoreDownError

# Who may not write, what is read-only, and a busy node; above them what is wrong with the node itself.
_DOWN = {401, 403, 429}
_UNKNOWN_USER = 401
_ERRORS = 500
# OpenSSL's reasons (X509_V_ERR_…, x509_vfy.h) for a certificate that no known CA signed: one that signed itself, a
# chain that ends in one, an issuer that is not there, a signature that does not fit.
_UNKNOWN_CA = {18, 19, 20, 21}
# OpenSSL 3's word for it.
_NO_CERTIFICATE = "NO_CERTIFICATE_OR_CRL_FOUND"
_CA = "name the file of the CA that signed it in TEARSHEET_OPENSEARCH_CA"


@contextmanager
def answering(where: str) -> Iterator[None]:
    """Raises StoreDownError where the node does not answer or cannot do it now; what is wrong with a request stays."""
    try:
        yield
    except SSLError as error:
        raise StoreDownError(f"OpenSearch at {where} cannot be asked by TLS: {_tls(error)}") from error
    except NoConnectionError as error:
        raise StoreDownError(f"OpenSearch at {where} does not answer: {_line(error.error)}") from error
    except TransportError as error:
        if (words := _down(where, error)) is None:
            raise
        raise (NothingStoredError if _lacks_index(error) else StoreDownError)(words) from error
    except OpenSearchException as error:
        raise StoreDownError(f"what answers at {where} is not OpenSearch: {_line(error)}") from error


def _down(where: str, error: TransportError) -> str | None:
    """What is wrong with the node; None where it is the request that is wrong."""
    if error.status_code == _UNKNOWN_USER:
        return (
            f"OpenSearch at {where} does not take this user and password, or API key: {_reason(error)} "
            "(TEARSHEET_OPENSEARCH_USER, …_PASSWORD, …_API_KEY)"
        )
    by_node = isinstance(error.info, dict)
    down = not isinstance(error.status_code, int) or error.status_code >= _ERRORS or error.status_code in _DOWN
    if not by_node and not down:
        return f"what answers at {where} is not OpenSearch: {_reason(error)}"
    if _lacks_index(error):
        return f"nothing is stored yet in OpenSearch at {where}: {_reason(error)}"
    return f"OpenSearch at {where} cannot do it now: {_reason(error)}" if down else None


def _lacks_index(error: TransportError) -> bool:
    return isinstance(error, NotFoundError) and error.error == "index_not_found_exception"


def _reason(error: TransportError) -> str:
    info = error.info
    reason = None
    if isinstance(info, dict):
        # A deletion by query tells of what it could not delete.
        reason = info.get("error") or next((failure.get("cause") for failure in info.get("failures", ())), None)
    if isinstance(reason, dict):
        reason = reason.get("reason")
    words, status = str(reason or _title(str(error.error))), str(error.status_code)
    return _line(words if words.startswith(status) else f"{status} {words}")


def _title(text: str) -> str:
    """What a page says that some other server answered with."""
    found = re.search(r"<title>(.*?)</title>", text, re.DOTALL | re.IGNORECASE)
    return (found[1] if found else text)[:200]


def _tls(error: SSLError) -> str:
    cause = _root(error.info)
    if isinstance(cause, ssl.SSLCertVerificationError):
        hint = f"; {_CA}" if cause.verify_code in _UNKNOWN_CA else ""
        return _line(f"its certificate is refused: {cause.verify_message}{hint}")
    if isinstance(cause, OSError) and getattr(cause, "reason", _NO_CERTIFICATE) == _NO_CERTIFICATE:
        return _line(f"the file of TEARSHEET_OPENSEARCH_CA holds no certificate: {cause.strerror or cause}")
    if isinstance(cause, ssl.SSLError):
        hint = (
            " (it may speak plain http://)" if cause.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"} else ""
        )
        return _line(f"{cause.reason or cause}{hint}")
    return _line(error.error)


def _root(error: object) -> object:
    """The innermost error, as `ssl` or the file system raised it."""
    while isinstance(error, Exception) and not isinstance(error, OSError) and error.args:
        error = error.args[0]
    return error


def _line(words: object) -> str:
    return " ".join(str(words).split())
