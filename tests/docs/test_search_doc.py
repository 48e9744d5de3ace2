"""docs/search.md has the table of fields as it is, and its examples are queries."""

import re
from pathlib import Path

import pytest

from shared.query.fields import FIELDS, NAMED
from shared.query.grammar import parse
from shared.query.nodes import Everything
from shared.query.values import filter_of

DOC = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")


def test_the_table_is_that_of_the_fields() -> None:
    rows = re.findall(r"^\| `.*$", DOC.partition("| field |")[2], re.MULTILINE)
    assert rows == [field.row() for field in FIELDS.values()]


@pytest.mark.parametrize("name", NAMED)
def test_the_example_of_a_field_is_a_value(name: str) -> None:
    field = NAMED[name]
    assert parse(f"{name}:{field.example}") == filter_of(name, field.example.strip('"'))
    assert all(filter_of(name, choice) == parse(f"{name}:{choice}") for choice in field.choices)


def test_examples_are_queries() -> None:
    typed = re.findall(r"^\| (`.*?`) \| ", DOC.partition("## Fields")[0], re.MULTILINE)
    examples = [query for cell in typed for query in re.findall(r"`([^`]+)`", cell)]
    lines = DOC.partition("```\n")[2].partition("```")[0].splitlines()
    assert len(examples) > 10
    assert len(lines) > 4
    assert not any(isinstance(parse(query), Everything) for query in (*examples, *lines))
