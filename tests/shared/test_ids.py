"""Ids never change and never collide on a page."""

from hypothesis import given
from hypothesis import strategies as st

from shared.ids import PAGE_ID, RecordIds, article_id, page_id, page_of

URL = "http://example.com/"


def test_a_pages_id_never_changes() -> None:
    # The literal is the promise: ids are in people's stores and links.
    assert page_id(URL) == "nq4o5gbafj6voleeku2d"
    assert article_id(page_id(URL)) == "nq4o5gbafj6voleeku2d:a"


@given(st.text())
def test_page_ids_have_one_form(url: str) -> None:
    assert PAGE_ID.fullmatch(page_id(url))


comments = st.tuples(st.none() | st.text(max_size=8), st.none() | st.text(max_size=3), st.none(), st.text(max_size=3))


@given(st.lists(comments, max_size=12), st.lists(st.sampled_from(["", "a", "b"]), max_size=6))
def test_records_of_a_page_have_ids_of_their_own(some: list[tuple[str | None, str | None, None, str]], texts) -> None:
    page = page_id(URL)

    def ids() -> list[str]:
        new = RecordIds(page)
        return [new.comment(*c) for c in some] + [new.widget("text", t) for t in texts]

    assert ids() == ids()
    assert len(set(ids())) == len(ids())
    assert all(page_of(i) == page for i in ids())


def test_a_comment_keeps_the_sites_own_id() -> None:
    ids = RecordIds("p")
    assert ids.comment("c4071", None, None, "text") == "p:c:c4071"
    assert ids.comment("c4071", None, None, "text") == "p:c:c4071~2"
    assert ids.comment(" ?/", None, None, "text") == RecordIds("p").comment(None, None, None, "text")
