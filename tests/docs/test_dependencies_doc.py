"""Each dependency in pyproject.toml has its line of why in docs/dependencies.md."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NAMED = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
NAMES = {re.split(r"[\[<>=~!; ]", line, maxsplit=1)[0].lower() for lines in NAMED for line in lines} - {"tearsheet"}


@pytest.mark.parametrize("name", sorted(n for n in NAMES if not n.startswith("types-")))
def test_each_dependency_has_its_reason(name: str) -> None:
    rows = (ROOT / "docs" / "dependencies.md").read_text().lower()
    assert re.search(rf"^\|[^|]*\b{re.escape(name)}\b[^|]*\|", rows, re.MULTILINE), f"no row for {name}"
