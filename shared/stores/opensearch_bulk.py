"""Bulk writes to OpenSearch: cut by size, each item's reply read, what is only busy tried again."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from opensearchpy import OpenSearch

from shared.stores.opensearch_errors import answering
from shared.stores.protocol import StoreDownError

# OpenSearch's own advice is 5 to 15 MB a request; its limit is 100 MB (http.max_content_length).
_REQUEST_BYTES = 8_000_000
# Seconds between tries of items that the node was too busy for (429) or failed at (5xx).
_WAITS = (0.2, 1.0)
_CONFLICT = 409
_NOT_FOUND = 404
_FORBIDDEN = 403
_TOO_MANY = 429
_ERRORS = 500
_OK = 300


@dataclass(frozen=True, slots=True)
class Action:
    """One line or two of a bulk request: `source` is indexed, or without one the document is deleted."""

    index: str
    id: str
    version: int
    source: dict[str, Any] | None

    def lines(self) -> str:
        """As the request has it. A document is written or deleted only over an older or equal version."""
        verb = "delete" if self.source is None else "index"
        at = {"_index": self.index, "_id": self.id, "version": self.version, "version_type": "external_gte"}
        head = json.dumps({verb: at}) + "\n"
        return head if self.source is None else f"{head}{json.dumps(self.source, ensure_ascii=False)}\n"


@dataclass(slots=True)
class Outcome:
    """What became of the actions; those named nowhere are done."""

    refused: dict[str, str] = field(default_factory=dict)
    """Document id -> the store's words."""
    newer: set[str] = field(default_factory=set)
    """Ids of documents of which a newer version is there."""


_Request = list[tuple[Action, str]]
"""Actions with their lines."""


def send(client: OpenSearch, where: str, actions: Iterable[Action]) -> Outcome:
    """Sends actions in order. Raises StoreDownError: some may be done then, and all may be sent again."""
    outcome = Outcome()
    for request in _requests(actions):
        left = request
        for wait in (*_WAITS, None):
            left, words = _send_once(client, where, left, outcome)
            if not left:
                break
            if wait is None:
                raise StoreDownError(f"OpenSearch at {where} cannot write: {words}")
            time.sleep(wait)
    return outcome


def _send_once(client: OpenSearch, where: str, request: _Request, outcome: Outcome) -> tuple[_Request, str]:
    """Gives what to try again, and why."""
    body = "".join(lines for _, lines in request)
    with answering(where):
        reply = client.bulk(
            body=body, params={"require_alias": "true", "filter_path": "errors,items.*.status,items.*.error"}
        )
    if not reply["errors"]:
        return [], ""
    again: _Request = []
    why = ""
    for (action, lines), item in zip(request, reply["items"], strict=True):
        (result,) = item.values()
        status, error = result["status"], result.get("error")
        if status < _OK or (status == _NOT_FOUND and action.source is None and error is None):
            continue
        words = _words(error)
        if status == _CONFLICT:
            outcome.newer.add(action.id)
        elif status >= _ERRORS or (status == _TOO_MANY and "cluster_block" not in words):
            again.append((action, lines))
            why = words
        elif status in {_FORBIDDEN, _NOT_FOUND, _TOO_MANY}:
            raise StoreDownError(f"OpenSearch at {where} cannot write: {words}")
        else:
            outcome.refused[action.id] = words
    return again, why


def _requests(actions: Iterable[Action]) -> Iterator[_Request]:
    request: _Request = []
    size = 0
    for action in actions:
        lines = action.lines()
        length = len(lines.encode())
        if request and size + length > _REQUEST_BYTES:
            yield request
            request, size = [], 0
        request.append((action, lines))
        size += length
    if request:
        yield request


def _words(error: object) -> str:
    """An item's error in one line: type, reason and the innermost cause."""
    if not isinstance(error, dict):
        return str(error)
    words = f"{error.get('type')}: {error.get('reason')}"
    cause = error.get("caused_by")
    while isinstance(cause, dict):
        words = f"{words}; {cause.get('reason')}"
        cause = cause.get("caused_by")
    return " ".join(words.split())
