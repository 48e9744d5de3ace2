"""One reindex at a time: a document that its holder touches again and again, wherever it runs."""

import time
from collections.abc import Callable
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError, RequestError

from shared.stores.reindexing import ReindexError

_ID = "turn"
# Seconds between two touches, and between two looks of one who waits.
_TOUCH, _LOOK = 1.0, 0.5
PATIENCE = 25.0
"""Seconds without a touch after which a holder is dead: it may wait for an answer for ten, twice."""


def marker(prefix: str) -> str:
    """The name that is there while a reindex is under way, or was killed."""
    return f"{prefix}-reindex"


class Turn:
    """The right to reindex."""

    def __init__(self, client: OpenSearch, prefix: str, patience: float = PATIENCE) -> None:
        """Nothing is asked yet."""
        self._client = client
        self._patience = patience
        self._name = marker(prefix)
        self._seen: dict[str, Any] = {}
        self._touched = 0.0

    def take(self, tell: Callable[[str], None]) -> None:
        """Takes the turn, of a dead one too. Raises ReindexError where another holds it."""
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": True}
        try:
            self._client.indices.create(
                index=f"{self._name}-000001",
                # Written by an alias, so that no write makes an index where it is gone.
                body={"settings": {"index": settings}, "mappings": {"dynamic": "strict"}, "aliases": {self._name: {}}},
            )
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        before = self._look()
        if before is None:
            self._write({"op_type": "create"})
            return
        tell("another reindex began and has not ended: waiting to see whether it lives")
        until = time.monotonic() + self._patience
        while time.monotonic() < until:
            time.sleep(_LOOK)
            if self._look() != before:
                raise ReindexError("another reindex is under way")
        self._write(before)

    def touch(self) -> None:
        """Says that we live. Raises ReindexError where another thought that we did not."""
        if time.monotonic() - self._touched > _TOUCH:
            self._write(self._seen)

    def give_back(self) -> None:
        """Ends the turn, where it is still ours."""
        if not self._seen:
            return
        self._client.indices.delete(index=f"{self._name}-000001", params={"ignore_unavailable": "true"})

    def _look(self) -> dict[str, Any] | None:
        try:
            found = self._client.get(index=self._name, id=_ID)
        except NotFoundError:
            return None
        return {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}

    def _write(self, condition: dict[str, Any]) -> None:
        self._touched, self._seen = time.monotonic(), {}
        try:
            reply = self._client.index(index=self._name, id=_ID, body={}, params={**condition, "require_alias": "true"})
        except (ConflictError, NotFoundError):
            raise ReindexError("another reindex is under way") from None
        self._seen = {"if_seq_no": reply["_seq_no"], "if_primary_term": reply["_primary_term"]}
