"""docs/commands.md has a section for every command, which names each of its options and shows an example."""

import importlib
import re
from pathlib import Path

import click
import pytest

from tearsheet.cli import COMMANDS

DOC = Path(__file__).parents[2] / "docs" / "commands.md"


def command(name: str) -> click.Command:
    found = getattr(importlib.import_module(f"tearsheet.{name}"), name)
    assert isinstance(found, click.Command)
    return found


def section(name: str) -> str:
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", DOC.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section {name!r}"
    return found[1]


def parts(found: click.Command) -> list[click.Command]:
    """A command, and the commands of a group."""
    return [found, *(found.commands.values() if isinstance(found, click.Group) else ())]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_described(name: str) -> None:
    text = section(name)
    options = {o for c in parts(command(name)) for p in c.params if isinstance(p, click.Option) for o in p.opts}
    # --data is given to many by the group, and described once for all.
    assert {o for o in options - {"--data"} if f"`{o}" not in text} == set()
    assert f"tearsheet {name}" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str) -> None:
    assert all((c.epilog or "").startswith("Example: tearsheet ") for c in parts(command(name)))


def test_no_section_is_left_of_a_command_that_is_gone() -> None:
    assert set(re.findall(r"^## ([a-z]+)$", DOC.read_text(encoding="utf-8"), re.MULTILINE)) == set(COMMANDS)
