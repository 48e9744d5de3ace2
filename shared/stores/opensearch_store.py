"""The store of the stack: OpenSearch 3."""

from collections.abc import Iterable, Iterator, Sequence

from opensearchpy.exceptions import NotFoundError

from shared.ids import page_of
from shared.records import AnyRecord, Article, ParsedPage, RecordCounts
from shared.stores.chunks import chunks
from shared.stores.linking import link
from shared.stores.near_duplicates import bands
from shared.stores.opensearch_bulk import Action, Outcome, send
from shared.stores.opensearch_connection import Access, connect, where
from shared.stores.opensearch_documents import (
    bare,
    deletion,
    leader_of,
    page_action,
    record_actions,
    record_of,
    version_action,
)
from shared.stores.opensearch_errors import answering
from shared.stores.opensearch_indices import (
    Generation,
    Shape,
    complete,
    live,
    put_templates,
    replicas,
    survey,
)
from shared.stores.opensearch_mappings import KINDS, META, RECORD_KINDS, alias, later_fields
from shared.stores.opensearch_pages import Found as FoundPage
from shared.stores.opensearch_pages import Pages, newest, search_all
from shared.stores.opensearch_queries import counts_body, leaders_body, of_pages
from shared.stores.protocol import (
    ArticleVersion,
    Find,
    Finding,
    Findings,
    NothingStoredError,
    PageWrite,
    PageWritten,
    StoredPage,
    UnknownSchemaError,
)
from shared.stores.replacing import Change, Leader, change, each_page_once, gather, spread
from shared.stores.searchable import stored_page

# Ids listed at once, pages exported at once.
_LISTED = 1000
_EXPORT_PAGES = 50
# A listing goes on as long as the next part is asked for within this time.
_KEEP_ALIVE = "5m"
# Earlier versions of an article that are told of.
_VERSIONS = 10_000


class OpenSearchStore:
    """A store behind a URL. Reads by id see what was written at once, searches and listings within a second."""

    name = "opensearch"
    place = staticmethod(newest)
    """Which generation a new page goes to."""

    def __init__(self, url: str, prefix: str, access: Access = Access(), shape: Shape = Shape()) -> None:  # noqa: B008 - frozen
        """`url` may hold user and password; `prefix` starts the names of indices and aliases."""
        self._prefix = prefix
        self._shape = shape
        self._where = where(url)  # without its password, for messages
        self._client = connect(url, access)
        self._pages = Pages(self._client, self._where, self.place)

    def prepare(self) -> None:
        """Creates templates, indices and aliases."""
        with answering(self._where):
            for kind in KINDS:
                self._check_schema(kind)
            put_templates(self._client, self._prefix, self._shape)
            there = survey(self._client, self._prefix)
            generations = [generation for generation, kinds in there.items() if kinds.get("page")]
            for generation in generations or [Generation(self._prefix, 1)]:
                complete(self._client, generation, there.get(generation, {}), as_live=True)
            for kind in KINDS:
                name = alias(self._prefix, kind)
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
        generations = self._generations()
        found = self._pages.find([w.page_id for w in writes], generations, orphans=True)
        held = {page_id: page.held for page_id, page in found.items() if page.held is not None}
        changes = {w.page_id: change(held.get(w.page_id), w) for w in writes}
        news = {page_id: after for page_id, after in changes.items() if after is not None}
        news = link(held, news, self._leaders)
        self._send(
            version_action(found[page_id].home, *after.earlier)
            for page_id, after in news.items()
            if after.earlier is not None
        )
        done = self._send(a for page_id, after in news.items() for a in _record_actions(after, found[page_id]))
        refused = done.refused
        kept = {page_id: _kept(after, refused, found[page_id].record_ids) for page_id, after in news.items()}
        done = self._send(page_action(found[page_id].home, after, kept[page_id]) for page_id, after in news.items())
        refused |= done.refused
        if done.newer:  # another process wrote a newer version meanwhile
            newer = self._pages.find(list(done.newer), generations, orphans=False)
            held |= {page_id: page.held for page_id, page in newer.items() if page.held is not None}
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
        held = self._pages.find([page_id], self._generations(), orphans=False)[page_id].held
        return held.parsed if held else None

    def record(self, record_id: str) -> AnyRecord | None:
        """One record, as of its last write."""
        found = self._pages.get((generation, record_id) for generation in self._generations())
        return record_of(max(found, key=lambda doc: doc["_version"])) if found else None

    def find(self, asked: Find) -> Findings:
        """Records by what stands in them."""
        raise NotImplementedError

    def similar(self, record_id: str, limit: int) -> list[Finding] | None:
        """Records like one."""
        raise NotImplementedError

    def close_words(self, word: str, limit: int) -> list[tuple[str, int]]:
        """Words that are nearly this one."""
        raise NotImplementedError

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
            for page in self._pages.find(some, self._generations(), orphans=False).values():
                if page.held is not None:
                    yield from spread(page.held.parsed)

    def versions(self, page_id: str) -> list[ArticleVersion]:
        """Earlier versions of the page's article."""
        body = {"query": of_pages([page_id]), "sort": ["store.version"], "size": _VERSIONS}
        with answering(self._where):
            reply = self._client.search(index=alias(self._prefix, "version"), body=body)
        return [
            ArticleVersion(Article.model_validate(bare(hit)), hit["_source"]["store"]["version"])
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

    def _generations(self) -> list[Generation]:
        """The live generations, as of now: another process may begin one, or a reindex replace them."""
        with answering(self._where):
            found = live(self._client, self._prefix)
        if not found:
            raise NothingStoredError(f"nothing is stored yet in OpenSearch at {self._where}")
        return found

    def _leaders(self, signatures: Sequence[bytes]) -> list[list[Leader]]:
        """The articles that share bands with each, as of now."""
        name = alias(self._prefix, "article")
        lines = [line for signature in signatures for line in ({"index": name}, leaders_body(bands(signature)))]
        with answering(self._where):
            # What was just written has to be visible to the query.
            self._client.indices.refresh(index=name)
        replies = search_all(self._client, self._where, lines)
        found = [[leader_of(hit) for hit in reply["hits"]["hits"]] for reply in replies]
        return [[leader for leader in leaders if leader is not None] for leaders in found]


def _record_actions(after: Change, found: FoundPage) -> Iterator[Action]:
    """Writes a page's records but its own, and deletes those that are there and are its no more."""
    yield from record_actions(found.home, after)
    now = {record.id for record in spread(after.parsed)}
    for record_id in found.record_ids:
        if record_id not in now:
            yield deletion(found.home, record_id, after.version)
    for generation, record_id in found.strays:
        yield deletion(generation, record_id, after.version)


def _kept(after: Change, refused: dict[str, str], there: Iterable[str]) -> list[AnyRecord]:
    """The records that the store now holds: of one that was refused an earlier version stays."""
    before = set(there)
    return [r for r in spread(after.parsed)[1:] if r.id not in refused or r.id in before]
