"""Links between near-duplicates, whatever is written in whatever order."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.records import Article, ParsedPage
from shared.stores.tantivy_store import TantivyStore
from tests.shared.stores.pages import make, write
from tests.shared.stores.stories import text

STORIES = {"storm": text(1, 2, 3, 4), "harvest": text(11, 12, 13, 14)}
PAGES = 4
each_time = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def fresh(folder: Path) -> Iterator[TantivyStore]:
    store = TantivyStore(folder / secrets.token_hex(4), write=True)
    store.prepare()
    yield store
    store.close()


def page(n: int, version: int, story: str, line: int) -> ParsedPage:
    """A story with a line of its own."""
    return make(f"https://paper-{n}.example/", version=version, text=f"{STORIES[story]}\n\nEdition {line}")


def links(store: TantivyStore) -> dict[str, str | None]:
    return {record.id: record.near_duplicate_of for record in store.export() if isinstance(record, Article)}


# Which page, which version, which line under the story.
Written = tuple[int, int, int]
written = st.lists(
    st.lists(st.tuples(st.integers(0, PAGES - 1), st.integers(1, 9), st.integers(0, 3)), min_size=1, max_size=5),
    min_size=1,
    max_size=5,
)


@each_time
@given(batches=written)
def test_each_story_has_one_leader_to_which_all_are_linked(tmp_path: Path, batches: list[list[Written]]) -> None:
    """Where each page keeps its story, though its text changes a little."""
    with fresh(tmp_path) as store:
        for batch in batches:
            store.write(
                [write(page(n, version, ("storm", "harvest")[n % 2], line), version) for n, version, line in batch]
            )
        found = links(store)
        for rest in (0, 1):
            of_story = {page(n, 1, "storm", 0).page.id + ":a" for n in range(rest, PAGES, 2)} & found.keys()
            leaders = {one for one in of_story if found[one] is None}
            assert len(leaders) == min(1, len(of_story))
            assert {found[one] for one in of_story} - {None} <= leaders


@each_time
@given(batches=written, stories=st.lists(st.sampled_from(sorted(STORIES)), min_size=25, max_size=25))
def test_links_never_lead_round(tmp_path: Path, batches: list[list[Written]], stories: list[str]) -> None:
    """Not even where pages become other stories, and what was linked to them stays so."""
    following = iter(stories)
    with fresh(tmp_path) as store:
        for batch in batches:
            store.write([write(page(n, version, next(following), line), version) for n, version, line in batch])
            found = links(store)
            for one in found:
                seen = [one]
                while (to := found[seen[-1]]) is not None:
                    assert to not in seen
                    seen.append(to)
