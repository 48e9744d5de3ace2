"""Search over HTTP: hits, groups, facets, going on; every parameter wrong in turn."""

from pathlib import Path

import pytest

from shared.settings import Settings
from tests.services.web import library
from tests.services.web.api.client import Client, is_problem
from tests.services.web.server import serving

BRIDGE = library.id_of("bridge")


def test_hits_have_their_record_and_a_snippet(api: Client) -> None:
    found = api.get("/search?q=bridge").json()
    assert found["hits"][0]["kind"] == "article"
    assert found["hits"][0]["record"] == api.get(f"/articles/{BRIDGE}:a").json()
    snippet = found["hits"][0]["snippet"]
    assert [snippet["text"][start:end] for start, end in snippet["marks"]] == ["bridge"]
    assert (found["groups"], found["facets"], found["corrected"]) == ([], {}, None)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("q=kind:comment+author:cleo", {"comment"}),
        ("kind=comment&author=cleo", {"comment"}),
        ("kind=comment&lang=ar", {"comment"}),
        ("lang=ar&kind=article&site=news.example", {"article"}),
        ("kind=page&from=2024-05-06&to=2024-05-06", {"page"}),
        ("kind=widget&q=ferry", {"widget"}),
        ("kind=article&from=2024-05-04", set()),
        ("site=elsewhere.example", set()),
    ],
)
def test_filters(api: Client, query: str, kinds: set[str]) -> None:
    assert {hit["kind"] for hit in api.get(f"/search?{query}&limit=100").json()["hits"]} == kinds


def test_going_on_gives_each_record_once(api: Client) -> None:
    path: str | None = "/api/v1/search?q=number&kind=comment&limit=40&sort=oldest"
    ids: list[str] = []
    while path:
        answer = api.ask("GET", path)
        found = answer.json()
        ids += [hit["record"]["id"] for hit in found["hits"]]
        path = found["next"]
        assert answer.headers["Link"] == (f'<{path}>; rel="next"' if path else None)
    assert len(ids) == len(set(ids)) == found["total"] == 300


def test_groups_by_page(api: Client) -> None:
    found = api.get("/search?q=bridge&group=true").json()
    assert found["hits"] == []
    [group] = [g for g in found["groups"] if g["page_url"] == "https://news.example/bridge"]
    assert group["page"]["id"] == BRIDGE
    assert group["hits"][0]["kind"] == "article"


def test_facets(api: Client) -> None:
    found = api.get("/facets?facet=kind&facet=language&site=news.example").json()
    counts = {each["value"]: each["count"] for each in found["facets"]["kind"]}
    assert sum(counts.values()) == found["total"]
    assert counts["comment"] > 300
    beside = api.get("/search?facet=kind&facet=language&site=news.example&limit=1").json()
    assert beside["facets"] == found["facets"]


def test_what_is_misspelt(api: Client) -> None:
    found = api.get("/search?q=brige").json()
    assert found["corrected"] == "bridge"
    assert found["total"] > 0


def test_more_like_a_record(api: Client) -> None:
    found = api.get(f"/records/{BRIDGE}:a/similar?limit=3")
    assert found.status == 200
    assert all(hit["record"]["id"] != f"{BRIDGE}:a" for hit in found.json()["hits"])
    is_problem(api.get(f"/records/{'a' * 20}/similar"), 404)


def test_an_error_points_at_its_place(api: Client) -> None:
    [fault] = is_problem(api.get("/search?q=one+NEAR"), 422)["errors"]
    assert (fault["place"], fault["name"]) == ("query", "q")
    assert 0 <= fault["at"] <= len("one NEAR")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("q=%22open", "q"),
        ("q=kind:nonsense", "q"),
        ("q=*ing", "q"),
        (f"q={'a' * 2001}", "q"),
        (f"q={'a+' * 900}", "q"),
        (f"q={'(' * 500}", "q"),
        (f"q={'a+OR+' * 400}a", "q"),
        ("kind=nonsense", "kind"),
        ("kind=", "kind"),
        ("lang=english!", "lang"),
        ("site=%00", "site"),
        ("site=not+a+host", "site"),
        (f"site={'a' * 301}", "site"),
        ("author=", "author"),
        ("from=tomorrow", "from"),
        ("from=2021-13", "from"),
        ("to=>2021", "to"),
        ("to=99999", "to"),
        ("sort=best", "sort"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=101", "limit"),
        (f"limit={'9' * 4000}", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("after=x", "after"),
        ("after=", "after"),
        (f"after={'A' * 501}", "after"),
        ("after=WyJyZWxldmFuY2UiXQ", "after"),
        ("group=perhaps", "group"),
        ("facet=colour", "facet"),
        ("facet=kind&" * 8, "facet"),
        ("offset=10", "offset"),
    ],
)
def test_wrong_parameters_are_named(api: Client, query: str, name: str, caplog: pytest.LogCaptureFixture) -> None:
    found = is_problem(api.get(f"/search?{query}"), 422)["errors"]
    assert any(fault["name"].split(".")[0] == name for fault in found), found
    assert caplog.records == []  # no fault of ours


def test_a_cursor_of_another_order(api: Client) -> None:
    cursor = api.get("/search?q=number&limit=1&sort=newest").json()["next"].rpartition("after=")[2]
    assert (
        "another order" in is_problem(api.get(f"/search?q=number&limit=1&sort=relevance&after={cursor}"), 422)["detail"]
    )


def test_facets_want_one(api: Client) -> None:
    assert is_problem(api.get("/facets"), 422)["errors"][0]["name"] == "facet"


def test_nothing_was_ever_stored(settings: Settings, tmp_path: Path) -> None:
    with serving(settings.model_copy(update={"data": tmp_path})) as url:
        found = Client(url).get("/search?q=bridge&facet=kind")
        assert (found.status, found.json()["total"]) == (200, 0)
        for path in ("/export", "/export?q=x", "/export?since="):
            assert Client(url).get(path).json()["records"] == 0
        is_problem(Client(url).get(f"/records/{'a' * 20}/similar"), 404)
