"""All records into fresh indices, made anew by this version's code, while writes go on; then the aliases are swapped.

Pages are listed with their versions, in the old indices and in the new ones, and what differs is copied, or deleted
where it is in the new ones alone, again and again until little does. Then the old indices take no more writes, what
differs still is copied, and in one step the aliases lead to the new ones and the old ones are gone. Whoever writes
meanwhile is told that the store is down, tries again, and finds the new ones: nothing is lost, and nothing comes back.

What was copied before a kill is there for the next run, which lists as well: it goes on.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from opensearchpy import OpenSearch

from shared.ids import page_of
from shared.stores.chunks import chunks
from shared.stores.opensearch_actions import page_action, record_actions, version_action
from shared.stores.opensearch_bulk import Action, send
from shared.stores.opensearch_documents import Document, read_version
from shared.stores.opensearch_errors import answering
from shared.stores.opensearch_indices import (
    SERIES,
    Generation,
    Shape,
    complete,
    is_as_made_now,
    live,
    put_templates,
    survey,
)
from shared.stores.opensearch_listing import listing
from shared.stores.opensearch_mappings import KINDS, alias
from shared.stores.opensearch_pages import Pages, search_all
from shared.stores.opensearch_queries import of_kind, of_pages
from shared.stores.opensearch_rollover import Rollover, following
from shared.stores.opensearch_schema import check_readable
from shared.stores.opensearch_turn import PATIENCE, Turn
from shared.stores.protocol import StoreDownError
from shared.stores.reindexing import Reindexed, ReindexError, refusal
from shared.stores.replacing import Change, spread

# Pages copied at once, whose records are in memory together, and deleted at once.
_COPIED, _DROPPED = 50, 1000
# All pages are listed until no more differed, and what was written is followed until it is no more than is copied at
# once; or so many times, as the writers may be faster than we are. Then writes are stopped.
_FEW, _ROUNDS = 500, 6
# Seconds between two lines of progress.
_TELL = 5.0
# Earlier versions of articles, read at once.
_VERSIONS = 500


@dataclass(slots=True)
class _Round:
    """What one listing found."""

    pages: int = 0
    """In the old indices."""
    differed: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    """Record id -> why the new indices do not take it."""


class Reindex:
    """One reindex. `tell` is given lines of progress."""

    def __init__(
        self,
        client: OpenSearch,
        where: str,
        prefix: str,
        shape: Shape,
        tell: Callable[[str], None],
        patience: float = PATIENCE,
    ) -> None:
        """Nothing is asked yet. `where`: the node's name for messages; `patience`: in seconds, with one that died."""
        self._client = client
        self._where = where
        self._prefix = prefix
        self._shape = shape
        self._tell = tell
        self._turn = Turn(client, prefix, patience)
        self._pages = Pages(client, where)
        self._rollover = Rollover(client, prefix, shape)
        self._told = 0.0
        self._old: list[Generation] = []
        self._new: list[Generation] = []
        # Begun and never made whole, by a writer that was killed.
        self._broken: set[Generation] = set()
        # Of each old generation: all writes of pages up to this number were seen by the last round, and all of earlier
        # versions up to that one have been looked for.
        self._seen: dict[Generation, int] = {}
        self._mended: dict[Generation, int] = {}

    def run(self) -> Reindexed:
        """Raises ReindexError, StoreDownError, UnknownSchemaError; then the old indices are as they were."""
        with answering(self._where):
            check_readable(self._client, self._where, self._prefix)
            self._turn.take(self._tell)
        try:
            return self._run(time.monotonic())
        finally:
            with answering(self._where):
                self._turn.give_back()

    def _run(self, started: float) -> Reindexed:
        self._begin()
        rounds = 0
        while rounds < _ROUNDS:
            rounds += 1
            found = self._round()
            self._tell(f"round {rounds}: {found.differed:,} of {found.pages:,} pages were copied or deleted")
            if found.differed <= _FEW:
                break
        for _ in range(_ROUNDS):
            if self._follow() <= _COPIED:
                break
        self._mend()
        held_back = self._end()
        with answering(self._where):
            counts = {kind: self._count(kind, self._new) for kind in KINDS}
        return Reindexed(counts, rounds, held_back, time.monotonic() - started)

    def _begin(self) -> None:
        """Old and new generations, the latter of a run that was killed where they are as this one would make them."""
        with answering(self._where):
            put_templates(self._client, self._prefix, self._shape)
            there = survey(self._client, self._prefix)
            self._old = [each for each, parts in there.items() if parts.get(each.parts[0])]
            self._broken = {each for each, parts in there.items() if each.parts[0] not in parts}
            if not self._old:
                raise StoreDownError(f"nothing is stored yet in OpenSearch at {self._where}")
            for generation in self._old:
                complete(self._client, generation, there[generation], as_live=True)
            series = self._old[-1].number // SERIES + 1
            left = [generation for generation in there if generation.number // SERIES >= series]
            self._new = [each for each in left if is_as_made_now(self._client, each, there[each], self._shape)]
            for generation in left:
                if generation not in self._new:
                    self._client.indices.delete(index=",".join(generation.index(part) for part in there[generation]))
            self._new = self._new or [Generation(self._prefix, series * SERIES + 1)]
            for generation in self._new:
                self._make(generation, there.get(generation, {}))

    def _make(self, generation: Generation, there: Mapping[str, bool]) -> None:
        complete(self._client, generation, there, as_live=False)
        # What is deleted here may be written again at once: we alone write here.
        self._set([generation], {"gc_deletes": "0s"})

    # copying

    def _round(self) -> _Round:
        """Lists both sides and copies what differs."""
        found = _Round()
        with answering(self._where):
            self._old = live(self._client, self._prefix)  # a writer may have begun one just before it saw us
            self._seen = {generation: self._written(generation, "page") for generation in self._old}
        self._refresh([*self._old, *self._new])
        dropped: list[str] = []
        for some in chunks(self._differences(found), _COPIED):
            self._roll()
            dropped += [page_id for page_id, version in some if version is None]
            self._copy({page_id: version for page_id, version in some if version is not None}, found)
            found.differed += len(some)
            self._progress(found)
        for page_ids in chunks(dropped, _DROPPED):
            self._drop(page_ids)
        if found.refused:
            raise ReindexError(refusal(found.refused))
        return found

    def _roll(self) -> None:
        with answering(self._where):
            if self._rollover.is_due() and self._rollover.is_full(self._new[-1]):
                self._new.append(following(self._new[-1]))
                self._make(self._new[-1], {})

    def _differences(self, found: _Round) -> Iterator[tuple[str, int | None]]:
        """Pages that are not the same on both sides, with their version in the old indices; None: not there."""
        # Versions of articles are written before their pages: with this, those of all listed pages are visible.
        names = alias(self._prefix, self._old[0].parts[0])
        old = listing(self._client, self._where, names, lambda: self._refresh(self._old))
        new = listing(self._client, self._where, ",".join(each.name("page") for each in self._new))
        ahead = next(new, None)
        for page_id, version in old:
            self._turn.touch()
            found.pages += 1
            while ahead is not None and ahead[0] < page_id:
                yield ahead[0], None
                ahead = next(new, None)
            if ahead is not None and ahead[0] == page_id:
                same = ahead[1] == version
                ahead = next(new, None)
                if same:
                    continue
            yield page_id, version
        while ahead is not None:
            yield ahead[0], None
            ahead = next(new, None)

    def _copy(self, listed: Mapping[str, int | None], found: _Round) -> None:
        """Copies pages that have these versions still; None: whatever they have."""
        if not listed:
            return
        old = self._pages.find(list(listed), self._old, orphans=False)
        new = self._pages.find(list(listed), self._new, orphans=True)
        # What was written since it was listed comes in the next round, when its article's earlier version is visible.
        pages = {
            page_id: Change(page.held.version, page.held.parsed, None, changed=False, leader=page.leader)
            for page_id, page in old.items()
            if page.held is not None and listed[page_id] in (page.held.version, None)
        }
        if not pages:
            return
        records = (
            record_actions(new[page_id].home, after, new[page_id].record_ids, old[page_id].written)
            for page_id, after in pages.items()
        )
        versions = self._versions({page_id: new[page_id].home for page_id in pages})
        refused = send(self._client, self._where, chain(versions, *records)).refused
        # A page's own document says that all of it is there.
        whole = pages.keys() - {page_of(record_id) for record_id in refused}
        own = [
            page_action(new[page].home, pages[page], spread(pages[page].parsed)[1:], old[page].written)
            for page in whole
        ]
        found.refused |= refused | send(self._client, self._where, own).refused

    def _versions(self, homes: Mapping[str, Generation]) -> Iterator[Action]:
        """Copies earlier versions of articles, and deletes those that are no more."""
        kept = set()
        for hit in self._earlier(self._old, homes, source=True):
            article, version = read_version(hit)
            kept.add(hit["_id"])
            yield version_action(homes[article.page_id], article, version)
        for hit in self._earlier(self._new, homes, source=False):
            if hit["_id"] not in kept:
                article_id, _, number = hit["_id"].rpartition("@")
                yield Action(homes[page_of(article_id)].name("version"), hit["_id"], int(number), None)

    def _earlier(self, side: Sequence[Generation], page_ids: Iterable[str], *, source: bool) -> Iterator[Document]:
        """The earlier versions of these pages' articles, any number, a few at a time."""
        body: dict[str, Any] = {
            "query": of_pages(list(page_ids)),
            "_source": source,
            "size": _VERSIONS,
            "sort": ["store.version", "id"],
        }
        while True:
            (reply,) = search_all(self._client, self._where, [{"index": [each.name("version") for each in side]}, body])
            hits = reply["hits"]["hits"]
            yield from hits
            if len(hits) < _VERSIONS:
                return
            body["search_after"] = hits[-1]["sort"]

    def _drop(self, page_ids: Sequence[str]) -> None:
        with answering(self._where):
            for generation in self._new:
                self._client.delete_by_query(
                    index=generation.names(), body={"query": of_pages(page_ids)}, params={"refresh": "true"}
                )

    # the end

    def _end(self) -> float:
        """The last round, without writers, and the swap; returns the seconds for which writers were held back."""
        since = time.monotonic()
        held: list[Generation] = []
        try:
            while held != self._old:
                with answering(self._where):
                    for generation in self._old:
                        # Returns when no write is under way any more.
                        self._client.indices.add_block(index=generation.names(), block="write")
                held = self._old
                self._tell("the last round: writers wait")
                self._follow()
                self._mend()
                if not self._is_all_there():
                    self._compare(self._round().pages)
            self._turn.touch()
            self._swap()
        except BaseException:
            with suppress(StoreDownError), answering(self._where):
                self._set(self._old, {"blocks.write": False})
            raise
        return time.monotonic() - since

    def _follow(self) -> int:
        """Copies what was written since all pages, or what was written, were listed last; returns how many pages."""
        found, seen = _Round(), self._seen
        with answering(self._where):
            self._seen = {generation: self._written(generation, "page") for generation in seen}
        self._refresh(seen)
        for generation, number in seen.items():
            name = generation.name("page")
            written = listing(self._client, self._where, name, lambda: self._refresh(self._old), written_after=number)
            for some in chunks(written, _COPIED):
                self._turn.touch()
                self._copy(dict(some), found)
                found.differed += len(some)
        if found.refused:
            raise ReindexError(refusal(found.refused))
        return found.differed

    def _mend(self) -> None:
        """Copies again the pages whose articles' earlier versions are not all there.

        A version is written before its page. A page that was copied between the two may lack it, and if that write was
        cut short, nothing else tells: who writes the page again finds its new words there already.
        """
        found, seen = _Round(), self._mended
        with answering(self._where):
            self._mended = {generation: self._written(generation, "version") for generation in self._old}
        self._refresh(self._old)
        for generation in self._old:
            name, number = generation.name("version"), seen.get(generation, -1)
            written = listing(self._client, self._where, name, kind="version", written_after=number)
            for some in chunks((version_id for version_id, _ in written), _VERSIONS):
                self._turn.touch()
                lacking = dict.fromkeys(page_of(version_id) for version_id in self._lacking(some))
                for page_ids in chunks(lacking, _COPIED):
                    self._copy(dict.fromkeys(page_ids), found)
        if found.refused:
            raise ReindexError(refusal(found.refused))

    def _lacking(self, version_ids: Sequence[str]) -> list[str]:
        """Those of these earlier versions that the new indices lack."""
        docs = [
            {"_index": generation.name("version"), "_id": version_id, "_source": False}
            for generation in self._new
            for version_id in version_ids
        ]
        with answering(self._where):
            there = {doc["_id"] for doc in self._client.mget(body={"docs": docs})["docs"] if doc.get("found")}
        return [version_id for version_id in version_ids if version_id not in there]

    def _is_all_there(self) -> bool:
        """Whether nothing was deleted since all pages were listed, of which only their number tells.

        With several old generations it tells nothing: a page may stand in two of them.
        """
        self._refresh([*self._old, *self._new])
        with answering(self._where):
            there = self._count("page", self._old) == self._count("page", self._new)
        return there and len(self._old) == 1

    def _compare(self, pages: int) -> None:
        self._refresh(self._new)
        with answering(self._where):
            there = self._count("page", self._new)
        if there != pages:
            raise ReindexError(f"there are {pages:,} pages, and {there:,} were copied: nothing was swapped")

    def _swap(self) -> None:
        with answering(self._where):
            self._set(self._new, {"gc_deletes": None})
            there = survey(self._client, self._prefix)
            actions: list[dict[str, Any]] = []
            for generation, parts in there.items():
                if generation in self._new:
                    actions += [
                        {"add": {"index": generation.index(part), "alias": alias(self._prefix, part)}} for part in parts
                    ]
                elif generation in self._old or (generation in self._broken and generation.parts[0] not in parts):
                    actions += [{"remove_index": {"index": generation.index(part)}} for part in parts]
            self._client.indices.update_aliases(body={"actions": actions})

    # asking

    def _refresh(self, generations: Iterable[Generation]) -> None:
        with answering(self._where):
            for generation in generations:
                self._client.indices.refresh(index=generation.names())

    def _set(self, generations: Iterable[Generation], settings: dict[str, Any]) -> None:
        for generation in generations:
            self._client.indices.put_settings(index=generation.names(), body={"index": settings})

    def _written(self, generation: Generation, kind: str) -> int:
        """The sequence number up to which all writes of an index have ended, in each of its shards."""
        stats = self._client.indices.stats(index=generation.name(kind), metric="docs", params={"level": "shards"})
        copies = [copy for index in stats["indices"].values() for shard in index["shards"].values() for copy in shard]
        return min(int(copy["seq_no"]["local_checkpoint"]) for copy in copies if copy["routing"]["primary"])

    def _count(self, kind: str, generations: Iterable[Generation]) -> int:
        names = ",".join(generation.name(kind) for generation in generations)
        return int(self._client.count(index=names, body={"query": of_kind(kind)})["count"])

    def _progress(self, found: _Round) -> None:
        now = time.monotonic()
        if now - self._told >= _TELL:
            self._told = now
            self._tell(f"{found.pages:,} pages looked at, {found.differed:,} of them copied or deleted")
