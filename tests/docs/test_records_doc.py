"""docs/records.md describes every field of every record, and docs/records.schema.json is the models' own schema."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from pydantic import BaseModel

from shared import records
from shared.records import ParsedPage

DOCS = Path(__file__).parents[2] / "docs"
MODELS = {
    "Page": records.Page,
    "Article": records.Article,
    "Comment": records.Comment,
    "Widget": records.Widget,
    "Segment": records.Segment,
    "Image": records.Image,
    "Link": records.Link,
    "Update": records.Update,
    "Widget item": records.WidgetItem,
}
COMMON = ("schema_version", "id", "provenance")


def section(title: str) -> str:
    """The text under a heading, up to the next of its level."""
    text = (DOCS / "records.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/records.md has no section {title!r}"
    return found[1]


@pytest.mark.parametrize("title", MODELS)
def test_every_field_is_described(title: str) -> None:
    model: type[BaseModel] = MODELS[title]
    rows = set(re.findall(r"^\| `(\w+)` \|", section(title), re.MULTILINE))
    expected = set(model.model_fields) - (set(COMMON) if "provenance" in model.model_fields else set())
    assert rows == expected


def test_every_record_has_the_common_fields() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", section("Every record"), re.MULTILINE)) == set(COMMON)


@pytest.mark.parametrize("kind", records.WidgetKind.__args__)
def test_every_widget_kind_is_described(kind: str) -> None:
    assert f"`{kind}`" in section("Widget kinds")


def test_published_schema_is_that_of_the_models() -> None:
    published = json.loads((DOCS / "records.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    assert published == ParsedPage.model_json_schema(), "run: make schema"
