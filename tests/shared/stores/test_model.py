"""Whatever is written in whatever order, a store holds what a simple model says."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.ids import page_id
from shared.records import Article, ParsedPage
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import PageWrite, Store, StoredPage
from shared.stores.tantivy_store import TantivyStore
from tests.shared.stores.pages import gone, make, write

WORDS = ["one", "two", "three"]


@dataclass
class Model:
    """What the store should hold."""

    pages: dict[str, tuple[int, ParsedPage]] = field(default_factory=dict)
    versions: dict[str, list[tuple[int, Article]]] = field(default_factory=dict)

    def write(self, new: PageWrite) -> None:
        version, old = self.pages.get(new.page_id, (-1, None))
        if new.version < version:
            return
        if new.parsed is None:
            if old is not None:
                page = old.page if old.page.gone_at else old.page.model_copy(update={"gone_at": new.gone_at})
                self.pages[new.page_id] = (new.version, old.model_copy(update={"page": page}))
            return
        comments = {c.id: c for c in new.parsed.comments}
        if old is not None:
            if old.article is not None and (
                new.parsed.article is None
                or (old.article.title, old.article.text) != (new.parsed.article.title, new.parsed.article.text)
            ):
                kept = [kept for kept in self.versions.get(new.page_id, []) if kept[0] != version]
                self.versions[new.page_id] = sorted([*kept, (version, old.article)], key=lambda v: v[0])
            for c in old.comments:
                since = c.gone_since or new.parsed.page.fetched_at
                comments.setdefault(c.id, c.model_copy(update={"gone_since": since}))
        self.pages[new.page_id] = (new.version, new.parsed.model_copy(update={"comments": list(comments.values())}))


def some(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(WORDS), max_size=most)


@st.composite
def writes(draw: st.DrawFn, base: str) -> list[list[PageWrite]]:
    """Batches of writes. A version is written with the same content each time, as the ledger would."""
    content: dict[tuple[str, int], PageWrite] = {}
    batches = []
    for _ in range(draw(st.integers(1, 5))):
        batch = []
        for _ in range(draw(st.integers(1, 4))):
            url, version = f"{base}/{draw(st.integers(0, 2))}", draw(st.integers(1, 6))
            if (url, version) not in content:
                parsed = make(
                    url,
                    version=version,
                    text=draw(st.sampled_from([None, *WORDS])),
                    comments=draw(some(4)),
                    widgets=draw(some(3)),
                )
                content[url, version] = gone(parsed, version) if draw(st.booleans()) else write(parsed, version)
            batch.append(content[url, version])
        batches.append(batch)
    return batches


def same(parsed: ParsedPage) -> ParsedPage:
    """With comments in an order of their own: positions of comments that are gone may be taken by others."""
    return parsed.model_copy(update={"comments": sorted(parsed.comments, key=lambda c: c.id)})


def check(store: Store, batches: list[list[PageWrite]], base: str) -> None:
    model = Model()
    for batch in batches:
        for new in batch:
            model.write(new)
        written = store.write(batch)
        assert [w.page_id for w in written] == [new.page_id for new in batch]
        for last in {w.page_id: w for w in written}.values():
            if last.page_id in model.pages:
                version, parsed = model.pages[last.page_id]
                assert (last.version, last.counts, last.refused) == (version, parsed.counts(), ())
    store.refresh()
    ids = [page_id(f"{base}/{n}") for n in range(3)]
    expected = {p: StoredPage(p, version, parsed.counts()) for p, (version, parsed) in model.pages.items()}
    assert store.stored(ids) == expected
    for one in ids:
        page = store.page(one)
        assert (None if page is None else same(page)) == (same(model.pages[one][1]) if one in model.pages else None)
        assert [(v.version, v.article) for v in store.versions(one)] == model.versions.get(one, [])
    assert set(store.page_ids()) >= set(model.pages)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=writes("https://example.com"))
def test_tantivy_holds_what_the_model_holds(tmp_path: Path, batches: list[list[PageWrite]]) -> None:
    store = TantivyStore(tmp_path / secrets.token_hex(4), write=True)
    store.prepare()
    try:
        check(store, batches, "https://example.com")
    finally:
        store.close()


@pytest.mark.opensearch
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_opensearch_holds_what_the_model_holds(opensearch_url: str, prefix: str, data: st.DataObject) -> None:
    # Pages of their own each time, so that the indices need not be emptied.
    base = f"https://{secrets.token_hex(8)}.example.com"
    store = OpenSearchStore(opensearch_url, prefix)
    try:
        check(store, data.draw(writes(base)), base)
    finally:
        store.close()
