"""Roll-over by size: where the newest generation is full, the next one begins, for pages that are new from then on."""

import time

from opensearchpy import OpenSearch

from shared.stores.opensearch_indices import SERIES, Generation, Shape, complete, survey
from shared.stores.opensearch_turn import marker

LOOK_EVERY = 10.0
"""Seconds between two looks at a generation's size: the node itself measures no more often."""


class Rollover:
    """Looks now and then whether a generation is full."""

    def __init__(self, client: OpenSearch, prefix: str, shape: Shape, every: float = LOOK_EVERY) -> None:
        """`every`: seconds between two looks."""
        self._client = client
        self._prefix = prefix
        self._shape = shape
        self._every = every
        self._next = 0.0

    def look(self, newest: Generation) -> None:
        """Begins the next live generation where this one is full, and no reindex is under way."""
        if self.is_due() and self.is_full(newest) and not self._client.indices.exists(index=marker(self._prefix)):
            there = survey(self._client, self._prefix)
            after = following(newest)
            complete(self._client, after, there.get(after, {}), as_live=True)

    def is_full(self, generation: Generation) -> bool:
        """Whether one of its indices has more documents, or bytes in its primary shards, than the settings let it."""
        most_bytes, most_documents = self._shape.rollover_bytes, self._shape.rollover_documents
        if not (most_bytes or most_documents) or generation == following(generation):
            return False
        stats = self._client.indices.stats(index=generation.names(), metric="docs,store")["indices"]
        for index in stats.values():
            documents, size = index["primaries"]["docs"]["count"], index["primaries"]["store"]["size_in_bytes"]
            if documents and (0 < most_documents <= documents or 0 < most_bytes <= size):
                return True
        return False

    def is_due(self) -> bool:
        """Whether it is time for a look; the time begins anew then."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._every
        return True


def following(generation: Generation) -> Generation:
    """The next of its series; the last one is followed by itself."""
    last = generation.number % SERIES == SERIES - 1
    return generation if last else Generation(generation.prefix, generation.number + 1)
