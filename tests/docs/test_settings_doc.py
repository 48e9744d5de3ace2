"""docs/settings.md names every setting with its default, and no setting that is not there."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.settings import Settings

DOC = Path(__file__).parents[2] / "docs" / "settings.md"
ROW = re.compile(r"^\| `TEARSHEET_([A-Z0-9_]+)` \| ([^|]*) \| [^|]{10,} \|$", re.MULTILINE)


def documented() -> dict[str, str]:
    return {name.lower(): default.strip() for name, default in ROW.findall(DOC.read_text(encoding="utf-8"))}


def shown(value: object) -> str:
    """A default as the page writes it."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in ("", (), None):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{','.join(str(each) for each in value)}`"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"`{value}`"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting_is_documented_with_its_default(name: str) -> None:
    assert documented().get(name) == shown(Settings.model_fields[name].default)


def test_nothing_else_is_documented() -> None:
    assert set(documented()) <= set(Settings.model_fields)


def test_the_stack_hands_on_every_setting() -> None:
    compose = (DOC.parents[1] / "docker-compose.yml").read_text(encoding="utf-8")
    embedded_only = {"embedded_memory"}
    absent = {n for n in Settings.model_fields if f"  TEARSHEET_{n.upper()}:" not in compose}
    assert absent == embedded_only
