"""Pages, articles, comments, threads, widgets, any record: as stored, tagged, and what is not there."""

from typing import Any

import pytest

from services.web.api import threads
from services.web.api.threads import DEEPEST
from shared.records import ParsedPage
from tests.services.web import library
from tests.services.web.api.client import Client, is_problem

BRIDGE = library.id_of("bridge")
NOWHERE = "a" * 20


def without_segments(parsed: ParsedPage) -> Any:
    return parsed.model_dump(mode="json", exclude={"segments"})


def flat(comments: list[Any]) -> Any:
    for comment in comments:
        yield comment["id"]
        yield from flat(comment["replies"])


def test_a_page_by_its_id_and_by_its_url(api: Client) -> None:
    by_id = api.get(f"/pages/{BRIDGE}")
    assert by_id.status == 200
    assert by_id.json() == without_segments(library.full())
    by_url = api.get("/pages?url=HTTPS://news.example:443/bridge%3Futm_source=x%23part")
    assert by_url.body == by_id.body
    assert by_url.headers["Content-Location"] == f"/api/v1/pages/{BRIDGE}"


@pytest.mark.parametrize(
    "path",
    [
        f"/pages/{BRIDGE}",
        "/pages?url=https://news.example/bridge",
        f"/pages/{BRIDGE}/versions",
        f"/pages/{BRIDGE}/widgets",
        f"/records/{BRIDGE}:a",
        f"/articles/{BRIDGE}:a",
        f"/comments/{BRIDGE}:c:1.1",
        f"/threads/{BRIDGE}",
        f"/widgets/{BRIDGE}:w:embed:x",
    ],
)
def test_what_the_caller_has_is_not_sent_again(api: Client, path: str) -> None:
    whole = api.get(path)
    tag = whole.headers["ETag"]
    assert tag.startswith('"')
    assert whole.headers["Cache-Control"] == "private, no-cache"
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = api.get(path, If_None_Match=given)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert api.get(path, If_None_Match='"other"').body == whole.body
    head = api.ask("HEAD", f"/api/v1{path}")
    assert (head.status, head.body, head.headers["ETag"]) == (200, b"", tag)


def test_each_record_by_its_id(api: Client) -> None:
    parsed = library.full()
    assert parsed.article is not None
    for record in (parsed.page, parsed.article, *parsed.comments, *parsed.widgets):
        found = api.get(f"/records/{record.id}").json()
        assert found["record"] == record.model_dump(mode="json")
        assert found["kind"] == type(record).__name__.lower()
    assert api.get(f"/articles/{parsed.article.id}").json() == parsed.article.model_dump(mode="json")
    widget = parsed.widgets[0]
    assert api.get(f"/widgets/{widget.id}").json() == widget.model_dump(mode="json")


def test_widgets_of_a_kind_and_a_region(api: Client) -> None:
    kinds = [w["kind"] for w in api.get(f"/pages/{BRIDGE}/widgets").json()["widgets"]]
    assert kinds == ["related_posts", "navigation", "embed", "footer"]
    of_kind = api.get(f"/pages/{BRIDGE}/widgets?kind=embed").json()["widgets"]
    assert [w["embed_url"] for w in of_kind] == ["https://video.example/1"]
    assert api.get(f"/pages/{BRIDGE}/widgets?kind=embed&region=footer").json()["widgets"] == []


def test_a_thread_nested_and_flat(api: Client) -> None:
    comments = library.full().comments
    listed = api.get(f"/threads/{BRIDGE}?shape=flat").json()
    assert [c["id"] for c in listed["comments"]] == [c.id for c in comments]
    assert all(c["replies"] == [] for c in listed["comments"])
    nested = api.get(f"/threads/{BRIDGE}").json()
    assert (nested["total"], nested["title"]) == (len(comments), "The bridge opens on Monday")
    assert [c["position"] for c in nested["comments"]] == ["1", "2", "3"]
    assert [c["position"] for c in nested["comments"][0]["replies"]] == ["1.1", "1.2"]
    assert list(flat(nested["comments"])) == [c.id for c in comments]


def test_a_deep_thread_has_each_comment_once(api: Client) -> None:
    huge = library.huge(300)
    nested = api.get(f"/threads/{huge.page.id}").json()
    assert list(flat(nested["comments"])) == [c.id for c in huge.comments]


def test_a_thread_deeper_than_any_reader_of_json_takes() -> None:
    chain = [library.comment_of("deep", "1")]
    for _ in range(3000):
        position = f"1.{len(chain)}"
        parent = chain[-1].position
        chain.append(library.comment_of("deep", position, parent, text="x"))
    roots, replies = threads._tree(chain)
    [text] = threads._nested(roots, replies)
    comment = threads.NestedComment.model_validate_json(text)
    levels = 1
    while comment.replies:
        levels += 1
        last = len(comment.replies)
        comment = comment.replies[0]
    assert levels == DEEPEST
    assert last == len(chain) - DEEPEST + 1


def test_a_comment_in_its_place(api: Client) -> None:
    found = api.get(f"/comments/{BRIDGE}:c:1.1.1").json()
    assert [c["position"] for c in found["ancestors"]] == ["1", "1.1"]
    assert found["comment"]["text"] == "Level 1."
    assert [c["position"] for c in found["replies"]] == ["1.1.1.1"]
    assert found["page_url"] == "https://news.example/bridge"


def test_versions(api: Client) -> None:
    found = api.get(f"/pages/{library.id_of('mayor')}/versions").json()["versions"]
    assert [each["article"]["title"] for each in found] == ["The mayor speaks", "The mayor speaks!"]
    assert api.get(f"/pages/{BRIDGE}/versions").json()["versions"] == []


def test_nothing_is_archived(api: Client) -> None:
    assert api.get(f"/pages/{BRIDGE}/archive").json() == {"page_id": BRIDGE, "kept": False, "captures": []}


@pytest.mark.parametrize(
    "path",
    [
        "pages/{}", "pages/{}/versions", "pages/{}/archive", "pages/{}/widgets", "records/{}", "records/{}:a",
        "articles/{}:a", "comments/{}:c:1", "threads/{}", "widgets/{}:w:embed:x",
    ],
)  # fmt: skip
def test_what_is_not_there(api: Client, path: str) -> None:
    assert "ever submitted" in is_problem(api.get("/" + path.format(NOWHERE)), 404)["detail"]


@pytest.mark.parametrize("path", ["records/{}:c:99", "comments/{}:c:99", "widgets/{}:w:poll:x", "records/{}:w:poll:x"])
def test_a_record_that_its_page_has_not(api: Client, path: str) -> None:
    assert "is stored" in is_problem(api.get("/" + path.format(BRIDGE)), 404)["detail"]


@pytest.mark.parametrize(
    ("path", "place", "name"),
    [
        ("/pages/x", "path", "page_id"),
        (f"/pages/{'a' * 5000}", "path", "page_id"),
        (f"/records/{BRIDGE}:x:1", "path", "record_id"),
        (f"/articles/{BRIDGE}", "path", "article_id"),
        (f"/comments/{BRIDGE}:c:%00", "path", "comment_id"),
        (f"/comments/{BRIDGE}:c:%ff", "path", "comment_id"),
        ("/pages", "query", "url"),
        ("/pages?url=", "query", "url"),
        ("/pages?url=nonsense", "query", "url"),
        ("/pages?url=file:///etc/passwd", "query", "url"),
        (f"/pages?url=https://a.example/{'x' * 9000}", "query", "url"),
        ("/pages?url=https://a.example/&url=https://b.example/", "query", "url"),
        ("/pages?uri=https://a.example/", "query", "uri"),
        (f"/threads/{BRIDGE}?shape=round", "query", "shape"),
        (f"/pages/{BRIDGE}/widgets?kind=", "query", "kind"),
        (f"/pages/{BRIDGE}?limit=1", "query", "limit"),
    ],
)
def test_wrong_parameters_are_named(api: Client, path: str, place: str, name: str) -> None:
    [fault] = [f for f in is_problem(api.get(path), 422)["errors"] if f["name"] == name]
    assert fault["place"] == place
    assert len(fault["detail"]) > 5


def test_a_query_that_is_no_utf8(api: Client) -> None:
    assert "UTF-8" in is_problem(api.get("/pages?url=https://a.example/%ff"), 422)["detail"]
