"""Near-duplicates in every store: what is linked to what, whoever comes first; one suite, run on each."""

import pytest

from shared.records import Article, ParsedPage
from shared.stores.protocol import Store
from tests.shared.stores.pages import OpenStore, gone, make, write
from tests.shared.stores.stories import CHANGED, article_of, original, prose, reprint, text


def link_of(store: Store, parsed: ParsedPage) -> str | None:
    article = store.record(article_of(parsed))
    assert isinstance(article, Article)
    return article.near_duplicate_of


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("together", [False, True])
def test_a_reprint_is_linked_to_the_first_known(store: Store, *, swapped: bool, together: bool) -> None:
    first, second = (reprint(), original()) if swapped else (original(), reprint())
    for batch in [[first, second]] if together else [[first], [second]]:
        store.write([write(parsed, 1) for parsed in batch])
    assert link_of(store, first) is None
    assert link_of(store, second) == article_of(first)
    page = store.page(second.page.id)
    assert page is not None
    assert page.article is not None
    assert page.article.model_copy(update={"near_duplicate_of": None}) == second.article


def test_all_of_a_group_are_linked_to_one(store: Store) -> None:
    store.write([write(original(), 1)])
    later = [reprint(name=f"paper-{n}") for n in range(30)]
    for start in range(0, 30, 10):
        store.write([write(parsed, 1) for parsed in later[start : start + 10]])
    assert {link_of(store, parsed) for parsed in later} == {article_of(original())}


def test_another_article_of_the_site_is_not(store: Store) -> None:
    """Half of each is what stands in every article of the site."""
    site = [make(f"https://site.example/{n}", text=text(1, 2, 3, n, n + 1, n + 2)) for n in (10, 20, 30)]
    store.write([write(site[0], 1)])
    store.write([write(parsed, 1) for parsed in site[1:]])
    assert [link_of(store, parsed) for parsed in site] == [None] * 3


def test_short_texts_are_not(store: Store) -> None:
    short = [make(f"https://site.example/{n}", text=prose(1, words=49)) for n in range(2)]
    store.write([write(parsed, 1) for parsed in short])
    assert [link_of(store, parsed) for parsed in short] == [None, None]


def test_an_article_is_no_duplicate_of_its_own_versions(store: Store) -> None:
    changed = make("https://agency.example/story", version=2, title="A storm is here", text=text(*CHANGED))
    store.write([write(original(), 1), write(changed, 2)])
    store.write([write(original(3), 3)])
    assert link_of(store, original()) is None


def test_a_link_makes_no_version(store: Store) -> None:
    store.write([write(original(), 1), write(reprint(), 1)])
    for version in (2, 3):
        store.write([write(reprint(version), version)])
        assert link_of(store, reprint()) == article_of(original())
    store.write([gone(reprint(), 4)])
    store.refresh()
    assert store.versions(reprint().page.id) == []
    assert link_of(store, reprint()) == article_of(original())


def test_a_leader_that_is_fetched_again_stays_one(store: Store) -> None:
    store.write([write(original(), 1), write(reprint(), 1)])
    store.write([write(original(2), 2)])
    store.write([write(reprint(name="late"), 2), write(original(3), 3), write(reprint(name="later"), 3)])
    assert link_of(store, original()) is None
    assert link_of(store, reprint(name="late")) == link_of(store, reprint(name="later")) == article_of(original())


def test_a_text_that_became_another_is_linked_no_more(store: Store) -> None:
    store.write([write(original(), 1), write(reprint(), 1)])
    other = make("https://paper.example/news", version=2, text=text(40, 41, 42))
    store.write([write(other, 2)])
    assert link_of(store, other) is None
    copy = make("https://copy.example/", text=text(40, 41, 42))
    store.write([write(copy, 1)])
    assert link_of(store, copy) == article_of(other)


def test_a_leader_that_was_forgotten_leaves_a_name_of_its_group(store: Store) -> None:
    store.write([write(original(), 1), write(reprint(), 1)])
    store.delete([original().page.id])
    assert link_of(store, reprint()) == article_of(original())
    store.write([write(reprint(2), 2)])
    assert link_of(store, reprint()) == article_of(original())
    assert store.record(article_of(original())) is None


def test_a_later_fetch_mends_what_two_indexers_missed(
    store: Store, open_again: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both wrote before either could see the other's."""
    with monkeypatch.context() as blind:
        blind.setattr(store, "_leaders", lambda signatures: [[] for _ in signatures])
        store.write([write(original(), 1)])
        store.write([write(reprint(), 2)])
    assert link_of(store, original()) is link_of(store, reprint()) is None
    # Whichever is fetched first: the older one stays the leader, and they are never linked both ways.
    store.write([write(original(3), 3)])
    assert link_of(store, original()) is None
    store.write([write(reprint(4), 4)])
    assert link_of(store, reprint()) == article_of(original())


def test_links_go_out_with_an_export(store: Store) -> None:
    store.write([write(original(), 1), write(reprint(), 1)])
    store.refresh()
    links = {record.id: record.near_duplicate_of for record in store.export() if isinstance(record, Article)}
    assert links == {article_of(original()): None, article_of(reprint()): article_of(original())}


def test_what_was_stored_before_there_were_links_is_compared_from_its_next_write_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("shared.stores.linking.signature", lambda _text: None)
        store.write([write(original(), 1)])
    store.write([write(reprint(), 2)])
    assert link_of(store, reprint()) is None
    store.write([write(original(3), 3)])
    assert link_of(store, original()) == article_of(reprint())
