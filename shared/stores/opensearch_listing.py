"""All stored pages, or earlier versions of articles, in order of id, as of one moment."""

from collections.abc import Callable, Iterator
from typing import Any

from opensearchpy import OpenSearch

from shared.stores.opensearch_errors import answering
from shared.stores.opensearch_queries import of_kind

# Ids listed at once: more make an answer of a megabyte no faster.
_LISTED = 5000
# A listing goes on as long as the next part is asked for within this time.
_KEEP_ALIVE = "30m"


def listing(
    client: OpenSearch,
    where: str,
    indices: str,
    opened: Callable[[], None] = lambda: None,
    *,
    kind: str = "page",
    written_after: int | None = None,
) -> Iterator[tuple[str, int]]:
    """Ids and versions of the pages in these indices, each once, with the highest version that is there.

    `indices`: parted by commas. `opened` is called once the moment is fixed. `kind`: `version`s in the place of pages.
    `written_after`: only what was written after this sequence number of its shard.
    """
    with answering(where):
        pit = client.create_pit(index=indices, params={"keep_alive": _KEEP_ALIVE})["pit_id"]
    body: dict[str, Any] = {
        "size": _LISTED,
        "_source": False,
        "version": True,
        "pit": {"id": pit, "keep_alive": _KEEP_ALIVE},
        # Not by place in the index alone, which would be faster: a page that stands in two comes twice then.
        # What has one id differs in one of the others.
        "sort": ["id", "store.version", "_index"],
        "track_total_hits": False,
        "query": of_kind(kind),
    }
    if written_after is not None:
        body["query"] = {"bool": {"filter": [of_kind(kind), {"range": {"_seq_no": {"gt": written_after}}}]}}
    try:
        opened()
        last: tuple[str, int] | None = None
        while True:
            with answering(where):
                hits = client.search(body=body)["hits"]["hits"]
            for hit in hits:
                page = hit["_id"], int(hit["_version"])
                if last is not None and last[0] != page[0]:
                    yield last
                last = page if last is None or last[0] != page[0] else max(last, page)
            if len(hits) < _LISTED:
                break
            body["search_after"] = hits[-1]["sort"]
        if last is not None:
            yield last
    finally:
        with answering(where):
            client.delete_pit(body={"pit_id": [pit]})
