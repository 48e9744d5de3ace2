"""What holds of every route: a key with the right scope, a description with its errors, a place in docs/api.md."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from services.web.app import build
from shared.settings import Settings
from tests.services.web.api.client import Client, is_problem, make_key
from tests.services.web.server import serving

READ, READ_ENTRY = make_key("read")
DESCRIPTION: Any = build(Settings(redis_url="unix:///nowhere"), open=True).openapi()
OPERATIONS = [
    (method.upper(), path)
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if path.startswith("/api/")
]
IDS = {"crawl_id": "1", "line": "1"}
DOC = (Path(__file__).parents[4] / "docs" / "api.md").read_text(encoding="utf-8")


def filled(path: str) -> str:
    """With ids of the right form."""

    def value(found: re.Match[str]) -> str:
        page = "a" * 20
        ends = {"article_id": ":a", "comment_id": ":c:1", "widget_id": ":w:poll:a"}
        return IDS.get(found[1], page + ends.get(found[1], ""))

    return re.sub(r"\{(\w+)\}", value, path)


@pytest.fixture(scope="module")
def locked(settings: Settings) -> Iterator[str]:
    with serving(settings.model_copy(update={"web_keys": (READ_ENTRY,), "web_rate": 0.0})) as url:
        yield url


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_a_key_is_needed(locked: str, method: str, path: str) -> None:
    body = b"{}" if method == "POST" else None
    headers = {"Content_Type": "application/json"} if body else {}
    is_problem(Client(locked).ask(method, filled(path), body, **headers), 401)


@pytest.mark.parametrize(("method", "path"), [each for each in OPERATIONS if each[0] != "GET"])
def test_a_key_that_may_only_read_changes_nothing(locked: str, method: str, path: str) -> None:
    body = b"{}" if method == "POST" else None
    headers = {"Content_Type": "application/json"} if body else {}
    problem = is_problem(Client(locked, READ).ask(method, filled(path), body, **headers), 403)
    assert "scope write" in problem["detail"]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_each_is_described(method: str, path: str) -> None:
    operation = DESCRIPTION["paths"][path][method.lower()]
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"][0] in {tag["name"] for tag in DESCRIPTION["tags"]}
    assert {"401", "403", "422", "429", "500", "503"} <= set(operation["responses"])
    assert all(p.get("description") for p in operation.get("parameters", []))
    assert operation["security"] == [{"key": []}, {"session": []}]
    for status, answer in operation["responses"].items():
        assert int(status) < 400 or list(answer["content"]) == ["application/problem+json"], status


def test_the_description_is_openapi(locked: str) -> None:
    served = Client(locked).get("/openapi.json")
    assert served.json() == DESCRIPTION
    assert DESCRIPTION["openapi"].startswith("3.1")
    for name, schema in DESCRIPTION["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema.get("description"), name
    referred = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(DESCRIPTION)))
    assert referred <= set(DESCRIPTION["components"]["schemas"])


def test_docs_have_an_example_of_each() -> None:
    shown = {
        (method or "GET", path) for method, path in re.findall(r"curl(?: -X (\w+))?[^\n]* \"?\$API(/[^\s\"?]*)", DOC)
    }
    for method, path in OPERATIONS:
        pattern = re.sub(r"\{\w+\}", r"[^/]+", path.removeprefix("/api/v1"))
        assert any(m == method and re.fullmatch(pattern, p) for m, p in shown), f"{method} {path}"
    for method, path in shown:
        assert any(
            m == method and re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", p.removeprefix("/api/v1")), path)
            for m, p in [*OPERATIONS, ("GET", "/api/v1/openapi.json")]
        ), f"{method} {path} is not there"
