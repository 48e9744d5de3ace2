"""Pages by id: in which generation they live, and what is held of them, as of their last write."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from opensearchpy import OpenSearch

from shared.ids import page_of
from shared.stores.chunks import chunks
from shared.stores.opensearch_documents import Document, kind_of_id, read_leader, read_record, read_written
from shared.stores.opensearch_errors import answering
from shared.stores.opensearch_indices import Generation, generation_of
from shared.stores.opensearch_queries import of_kind, of_pages
from shared.stores.protocol import StoreDownError
from shared.stores.replacing import Held, Leader, gather

# Documents read at once.
_READ = 500
# Records without a page (a write that was cut short) that are looked for at once; others are found the next time.
_ORPHANS = 10_000

Place = Callable[[str, Sequence[Generation]], Generation]
"""Where a new page goes: (its id, the generations that there are)."""


def newest(_page_id: str, generations: Sequence[Generation]) -> Generation:
    """The generation that new pages go to."""
    return generations[-1]


@dataclass(slots=True)
class Found:
    """Where a page lives, or will, and what is held of it."""

    home: Generation
    held: Held | None = None
    """None: nothing, or only records that a write that was cut short left without a page."""
    leader: Leader | None = None
    """As which its article leads near-duplicates."""
    written: datetime = datetime.min
    """When the write of what is held began."""
    record_ids: list[str] = field(default_factory=list)
    """Its other records in its home."""
    strays: list[tuple[Generation, str]] = field(default_factory=list)
    """Its documents in other generations: two writers made it at once while a generation began."""


class Pages:
    """Reads pages from generations, without waiting for a refresh."""

    def __init__(self, client: OpenSearch, where: str, place: Place = newest) -> None:
        """`where`: the node's name for messages."""
        self._client = client
        self._where = where
        self._place = place

    def find(self, page_ids: Sequence[str], generations: Sequence[Generation], *, orphans: bool) -> dict[str, Found]:
        """Each page, whether it is there or not; with `orphans` as of the last refresh, with records without a page."""
        docs: dict[str, list[Document]] = {page_id: [] for page_id in page_ids}
        for doc in self.get((generation, page_id) for generation in generations for page_id in page_ids):
            docs[doc["_id"]].append(doc)
        found = {page_id: self._found(page_id, of_page, generations) for page_id, of_page in docs.items()}
        if orphans:
            self._orphans(found, generations)
        self._read(found, {page_id: max(of_page, key=_version) for page_id, of_page in docs.items() if of_page})
        return found

    def _found(self, page_id: str, docs: Sequence[Document], generations: Sequence[Generation]) -> Found:
        if not docs:
            return Found(self._place(page_id, generations))
        # The newest version is the page; of equal ones the first, so that all who look agree.
        own = max(docs, key=_version)
        prefix = generations[0].prefix
        found = Found(generation_of(prefix, own["_index"]), record_ids=list(own["_source"]["store"]["record_ids"]))
        for doc in docs:
            if doc is not own:
                stray = generation_of(prefix, doc["_index"])
                found.strays += [(stray, record) for record in (page_id, *doc["_source"]["store"]["record_ids"])]
        return found

    def _orphans(self, found: dict[str, Found], generations: Sequence[Generation]) -> None:
        names = [each.name(part) for each in generations for part in each.parts if part != "version"]
        query = {"bool": {"filter": of_pages(list(found)), "must_not": of_kind("page")}}
        body = {"query": query, "_source": False, "size": _ORPHANS, "sort": ["_doc"]}
        # Many names are too long for a URL, so they stand in a body.
        (reply,) = search_all(self._client, self._where, [{"index": names}, body])
        for hit in reply["hits"]["hits"]:
            page, generation = found[page_of(hit["_id"])], generation_of(generations[0].prefix, hit["_index"])
            if generation == page.home:
                page.record_ids.append(hit["_id"])
            else:
                page.strays.append((generation, hit["_id"]))
        for page in found.values():
            page.record_ids, page.strays = list(dict.fromkeys(page.record_ids)), list(dict.fromkeys(page.strays))

    def _read(self, found: dict[str, Found], own: dict[str, Document]) -> None:
        """Reads the records of pages whose own documents are at hand."""
        docs = {page_id: [doc] for page_id, doc in own.items()}
        for doc in self.get((found[page_id].home, record) for page_id in own for record in found[page_id].record_ids):
            docs[page_of(doc["_id"])].append(doc)
        for page_id, of_page in docs.items():
            of_page.sort(key=lambda doc: doc["_source"]["store"]["place"])
            parsed = gather(read_record(doc) for doc in of_page)
            if parsed is None:
                continue
            leader = next((read_leader(doc) for doc in of_page if "leads_since" in doc["_source"]["store"]), None)
            found[page_id].leader = leader
            found[page_id].written = read_written(own[page_id])
            found[page_id].held = Held(_version(own[page_id]), parsed, leader.since if leader else None)

    def get(self, records: Iterable[tuple[Generation, str]]) -> list[Document]:
        """Documents by generation and record id, those that are there."""
        found: list[Document] = []
        for some in chunks(records, _READ):
            docs = [{"_index": generation.name(kind_of_id(record)), "_id": record} for generation, record in some]
            with answering(self._where):
                reply = self._client.mget(body={"docs": docs})
            for doc in reply["docs"]:
                if "error" in doc:
                    raise StoreDownError(
                        f"nothing can be read from OpenSearch at {self._where}: {doc['error']['reason']}"
                    )
            found += [doc for doc in reply["docs"] if doc["found"]]
        return found


def search_all(client: OpenSearch, where: str, lines: Sequence[Document]) -> list[Document]:
    """The answers to several searches, each of two lines. Raises StoreDownError where one of them failed."""
    with answering(where):
        replies: list[Document] = client.msearch(body=lines)["responses"]
    for reply in replies:
        if "error" in reply:
            raise StoreDownError(f"OpenSearch at {where} cannot search: {reply['error']['reason']}")
    return replies


def _version(doc: Document) -> int:
    return int(doc["_version"])
