"""Where a reindex makes the embedded store's next folder, and how one that was killed at its very end is ended."""

from contextlib import suppress
from pathlib import Path


def fresh(folder: Path) -> Path:
    """The index that is being made, beside the folder whose place it takes."""
    return folder.with_name(f"{folder.name}.new")


def aside(folder: Path) -> Path:
    """The folder that it replaced, until that is deleted."""
    return folder.with_name(f"{folder.name}.old")


def settle(folder: Path) -> None:
    """Puts the fresh index where the old one has left its place, which it does only when the fresh one is whole."""
    if not folder.exists() and aside(folder).exists():
        with suppress(FileNotFoundError):  # another process does it
            fresh(folder).rename(folder)
