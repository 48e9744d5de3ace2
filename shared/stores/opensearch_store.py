"""The store of the stack: OpenSearch 3."""

import base64
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from opensearchpy.exceptions import NotFoundError, RequestError
from pydantic import TypeAdapter

from shared.ids import page_of
from shared.records import AnyRecord, Article, Comment, Page, ParsedPage, RecordCounts, Widget
from shared.stores.chunks import chunks
from shared.stores.linking import link
from shared.stores.near_duplicates import bands
from shared.stores.opensearch_bulk import Action, Outcome, send
from shared.stores.opensearch_connection import Access, connect, where
from shared.stores.opensearch_errors import answering
from shared.stores.opensearch_indices import Shape, index_template, replicas
from shared.stores.opensearch_mappings import KINDS, META, RECORD_KINDS, alias, first_index, later_fields
from shared.stores.opensearch_queries import counts_body, kinds_of, leaders_body, of_pages, search_body
from shared.stores.protocol import (
    ArticleVersion,
    Found,
    Hit,
    PageWrite,
    PageWritten,
    Query,
    RecordKind,
    StoreDownError,
    StoredPage,
    UnknownSchemaError,
    kind_of,
)
from shared.stores.query_text import check_window, terms
from shared.stores.replacing import Change, Held, Leader, change, each_page_once, gather, spread, version_id
from shared.stores.searchable import main_text, marks, searchable, sites, stored_page
from shared.stores.snippets import snippet

# Documents read at once, ids listed at once, pages exported at once.
_READ = 500
_LISTED = 1000
_EXPORT_PAGES = 50
# A listing goes on as long as the next part is asked for within this time.
_KEEP_ALIVE = "5m"
# Records without a page (a write that was cut short) that are looked for at once; others are found the next time.
_ORPHANS = 10_000

_MODELS: dict[RecordKind, TypeAdapter[AnyRecord]] = {
    "page": TypeAdapter(Page),
    "article": TypeAdapter(Article),
    "comment": TypeAdapter(Comment),
    "widget": TypeAdapter(Widget),
}


class OpenSearchStore:
    """A store behind a URL. Reads by id see what was written at once, searches and listings within a second."""

    name = "opensearch"

    def __init__(self, url: str, prefix: str, access: Access = Access(), shape: Shape = Shape()) -> None:  # noqa: B008 - frozen
        """`url` may hold user and password; `prefix` starts the names of indices and aliases."""
        self._prefix = prefix
        self._shape = shape
        self._where = where(url)  # without its password, for messages
        self._client = connect(url, access)

    def prepare(self) -> None:
        """Creates templates, indices and aliases."""
        with answering(self._where):
            for kind in KINDS:
                self._check_schema(kind)
            for kind in KINDS:
                name = alias(self._prefix, kind)
                self._client.indices.put_index_template(name=name, body=index_template(self._prefix, kind, self._shape))
                if not self._client.indices.exists_alias(name=name):
                    self._create(kind)
                    continue
                if fields := later_fields(kind):
                    self._client.indices.put_mapping(index=name, body={"properties": fields})
                if self._shape.replicas is not None:
                    self._client.indices.put_settings(index=name, body={"index": replicas(self._shape)})

    def _check_schema(self, kind: str) -> None:
        name = alias(self._prefix, kind)
        try:
            found = self._client.indices.get_mapping(index=name)
        except NotFoundError:
            return
        for index, body in found.items():
            meta = body["mappings"].get("_meta")
            if meta != META:
                raise UnknownSchemaError(
                    f"index {index} at {self._where} has format {meta}, this Tearsheet reads {META}: "
                    "use the version that wrote it, or set another TEARSHEET_OPENSEARCH_PREFIX and crawl again"
                )

    def _create(self, kind: str) -> None:
        try:
            self._client.indices.create(
                index=first_index(self._prefix, kind), body={"aliases": {alias(self._prefix, kind): {}}}
            )
        except RequestError as error:
            if error.error != "resource_already_exists_exception":  # another indexer was faster
                raise

    # writing

    def write(self, writes: Sequence[PageWrite]) -> list[PageWritten]:
        """Writes pages: first what goes to the versions, then the records, then the pages' own.

        So a page's own record at a version says that all its others are in at that version.
        """
        written: list[PageWritten] = []
        for group in each_page_once(writes):
            written += self._write_group(group)
        return written

    def _write_group(self, writes: Sequence[PageWrite]) -> list[PageWritten]:
        ids = [w.page_id for w in writes]
        there = self._record_ids(ids, orphans=True)
        held = self._held(ids, there)
        changes = {w.page_id: change(held.get(w.page_id), w) for w in writes}
        news = {page_id: after for page_id, after in changes.items() if after is not None}
        news = link(held, news, self._leaders)
        self._send(self._version_action(*after.earlier) for after in news.values() if after.earlier is not None)
        done = self._send(a for page_id, after in news.items() for a in self._record_actions(after, there[page_id]))
        refused = done.refused
        kept = {page_id: self._kept(after, refused, there[page_id]) for page_id, after in news.items()}
        done = self._send(self._page_action(after, kept[page_id]) for page_id, after in news.items())
        refused |= done.refused
        if done.newer:  # another process wrote a newer version meanwhile
            held |= self._held(list(done.newer), self._record_ids(list(done.newer), orphans=False))
        written = []
        for write in writes:
            after, before = news.get(write.page_id), held.get(write.page_id)
            if after is None or write.page_id in done.newer:
                counts = before.parsed.counts() if before else RecordCounts()
                written.append(
                    PageWritten(write.page_id, before.version if before else write.version, counts, changed=False)
                )
            else:
                counts = (gather([after.parsed.page, *kept[write.page_id]]) or after.parsed).counts()
                words = tuple((id_, words) for id_, words in refused.items() if page_of(id_) == write.page_id)
                written.append(PageWritten(write.page_id, write.version, counts, after.changed, words))
        return written

    def _send(self, actions: Iterable[Action]) -> Outcome:
        return send(self._client, self._where, actions)

    def _version_action(self, article: Article, version: int) -> Action:
        source = _source(article) | {"store": {"page_id": article.page_id, "version": version}}
        return Action(alias(self._prefix, "version"), version_id(article, version), version, source)

    def _record_actions(self, after: Change, there: Iterable[str]) -> Iterator[Action]:
        records = spread(after.parsed)[1:]
        for place, record in enumerate(records, 1):
            yield self._action(record, after, {"place": place})
        now = {record.id for record in records}
        for record_id in there:
            if record_id not in now:
                yield Action(alias(self._prefix, _kind(record_id)), record_id, after.version, None)

    def _page_action(self, after: Change, kept: Iterable[AnyRecord]) -> Action:
        return self._action(after.parsed.page, after, {"place": 0, "record_ids": [r.id for r in kept]})

    def _action(self, record: AnyRecord, after: Change, more: dict[str, Any]) -> Action:
        page = after.parsed.page
        time = searchable(record).time
        store = {
            "page_id": page.id,
            "page_url": page.url,
            "is": marks(record),
            "site": sites(page),
            "time": time.isoformat() if time is not None else None,
            "version": after.version,
        }
        leader = after.leader
        if leader is not None and leader.id == record.id:
            signature = base64.b64encode(leader.signature).decode()
            store |= {"leads_since": leader.since, "signature": signature, "bands": bands(leader.signature)}
        name = alias(self._prefix, kind_of(record))
        return Action(name, record.id, after.version, _source(record) | {"store": store | more})

    @staticmethod
    def _kept(after: Change, refused: dict[str, str], there: Iterable[str]) -> list[AnyRecord]:
        """The records that the store now holds: of one that was refused an earlier version stays."""
        before = set(there)
        return [r for r in spread(after.parsed)[1:] if r.id not in refused or r.id in before]

    def delete(self, page_ids: Iterable[str]) -> int:
        """Deletes pages whole."""
        gone = 0
        names = self._names(KINDS)
        with answering(self._where):
            for some in chunks(page_ids, _LISTED):
                # What was just written has to be visible to the query.
                self._client.indices.refresh(index=names)
                reply = self._client.delete_by_query(
                    index=names, body={"query": of_pages(some)}, params={"refresh": "true", "conflicts": "proceed"}
                )
                gone += reply["deleted"]
        return gone

    # reading

    def page(self, page_id: str) -> ParsedPage | None:
        """A page whole, as of its last write."""
        held = self._held([page_id], self._record_ids([page_id], orphans=False)).get(page_id)
        return held.parsed if held else None

    def record(self, record_id: str) -> AnyRecord | None:
        """One record, as of its last write."""
        found = self._get([record_id])
        return _record(found[0]) if found else None

    def search(self, query: Query) -> Found:
        """Records by relevance."""
        check_window(query)
        wanted = terms(query.text)
        body = search_body(query, wanted, self._prefix)
        with answering(self._where):
            reply = self._client.search(index=self._names(kinds_of(query)), body=body)
        hits = []
        for hit in reply["hits"]["hits"]:
            record = _record(hit)
            url = hit["_source"]["store"]["page_url"]
            hits.append(Hit(record, kind_of(record), hit["_score"], url, snippet(main_text(record), wanted)))
        return Found(reply["hits"]["total"]["value"], hits)

    def stored(self, page_ids: Sequence[str]) -> dict[str, StoredPage]:
        """Counts by one aggregation over the records themselves."""
        if not page_ids:
            return {}
        with answering(self._where):
            reply = self._client.search(index=self._names(RECORD_KINDS), body=counts_body(page_ids))
        return {bucket["key"]: stored_page(bucket) for bucket in reply["aggregations"]["pages"]["buckets"]}

    def page_ids(self) -> Iterator[str]:
        """Every page's id as of now, from a point in time."""
        with answering(self._where):
            pit = self._client.create_pit(index=alias(self._prefix, "page"), params={"keep_alive": _KEEP_ALIVE})
        body = {
            "size": _LISTED,
            "_source": False,
            "pit": {"id": pit["pit_id"], "keep_alive": _KEEP_ALIVE},
            "sort": ["_shard_doc"],
            "track_total_hits": False,
        }
        try:
            while True:
                with answering(self._where):
                    hits = self._client.search(body=body)["hits"]["hits"]
                if not hits:
                    return
                yield from (hit["_id"] for hit in hits)
                body["search_after"] = hits[-1]["sort"]
        finally:
            with answering(self._where):
                self._client.delete_pit(body={"pit_id": [pit["pit_id"]]})

    def export(self) -> Iterator[AnyRecord]:
        """Every record, page by page."""
        for some in chunks(self.page_ids(), _EXPORT_PAGES):
            held = self._held(some, self._record_ids(some, orphans=False))
            for page_id in some:
                if page_id in held:
                    yield from spread(held[page_id].parsed)

    def versions(self, page_id: str) -> list[ArticleVersion]:
        """Earlier versions of the page's article."""
        body = {"query": of_pages([page_id]), "sort": ["store.version"], "size": _ORPHANS}
        with answering(self._where):
            reply = self._client.search(index=alias(self._prefix, "version"), body=body)
        return [
            ArticleVersion(Article.model_validate(_bare(hit)), hit["_source"]["store"]["version"])
            for hit in reply["hits"]["hits"]
        ]

    def refresh(self) -> None:
        """Makes what was written visible to searches and listings."""
        with answering(self._where):
            self._client.indices.refresh(index=self._names(KINDS))

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def _names(self, kinds: Iterable[str]) -> str:
        return ",".join(alias(self._prefix, kind) for kind in kinds)

    def _get(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Documents by record id, those that are there, as of their last write."""
        found: list[dict[str, Any]] = []
        for some in chunks(ids, _READ):
            docs = [{"_index": alias(self._prefix, _kind(record_id)), "_id": record_id} for record_id in some]
            with answering(self._where):
                reply = self._client.mget(body={"docs": docs})
            for doc in reply["docs"]:
                if "error" in doc:
                    raise StoreDownError(
                        f"nothing can be read from OpenSearch at {self._where}: {doc['error']['reason']}"
                    )
            found += [doc for doc in reply["docs"] if doc["found"]]
        return found

    def _record_ids(self, page_ids: Sequence[str], *, orphans: bool) -> dict[str, list[str]]:
        """The ids of each page's other records; with those that a write that was cut short left without a page."""
        found: dict[str, dict[str, None]] = {page_id: {} for page_id in page_ids}
        for doc in self._get(page_ids):
            found[doc["_id"]] |= dict.fromkeys(doc["_source"]["store"]["record_ids"])
        if orphans:
            names = self._names(kind for kind in RECORD_KINDS if kind != "page")
            body = {"query": of_pages(page_ids), "_source": False, "size": _ORPHANS, "sort": ["_doc"]}
            with answering(self._where):
                reply = self._client.search(index=names, body=body)
            for hit in reply["hits"]["hits"]:
                found[page_of(hit["_id"])][hit["_id"]] = None
        return {page_id: list(ids) for page_id, ids in found.items()}

    def _leaders(self, signatures: Sequence[bytes]) -> list[list[Leader]]:
        """The articles that share bands with each, as of now."""
        name = alias(self._prefix, "article")
        lines = [line for signature in signatures for line in ({"index": name}, leaders_body(bands(signature)))]
        with answering(self._where):
            # What was just written has to be visible to the query.
            self._client.indices.refresh(index=name)
            replies = self._client.msearch(body=lines)["responses"]
        for reply in replies:
            if "error" in reply:
                raise StoreDownError(f"OpenSearch at {self._where} cannot search: {reply['error']['reason']}")
        return [[_leader(hit) for hit in reply["hits"]["hits"]] for reply in replies]

    def _held(self, page_ids: Sequence[str], record_ids: dict[str, list[str]]) -> dict[str, Held]:
        """What is held of pages; a page without its own record is not."""
        docs: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for doc in self._get([*page_ids, *(record_id for ids in record_ids.values() for record_id in ids)]):
            docs[page_of(doc["_id"])].append(doc)
        held: dict[str, Held] = {}
        for page_id, of_page in docs.items():
            of_page.sort(key=lambda doc: doc["_source"]["store"]["place"])
            parsed = gather(_record(doc) for doc in of_page)
            if parsed is not None:
                version = max(doc["_version"] for doc in of_page if doc["_id"] == page_id)
                since = next((s for doc in of_page if (s := doc["_source"]["store"].get("leads_since"))), None)
                held[page_id] = Held(version, parsed, since)
        return held


def _source(record: AnyRecord) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_none=True)


def _bare(doc: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in doc["_source"].items() if name != "store"}


def _record(doc: dict[str, Any]) -> AnyRecord:
    return _MODELS[_kind(doc["_id"])].validate_python(_bare(doc))


def _leader(hit: dict[str, Any]) -> Leader:
    store = hit["_source"]["store"]
    return Leader(hit["_id"], store["leads_since"], base64.b64decode(store["signature"]))


def _kind(record_id: str) -> RecordKind:
    """A record's kind, from its id (`shared.ids`)."""
    letter = record_id.partition(":")[2][:1]
    kinds: dict[str, RecordKind] = {"": "page", "a": "article", "c": "comment", "w": "widget"}
    return kinds[letter]
