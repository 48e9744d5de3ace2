"""Files that processes log to, kept from growing without end."""

import contextlib
import shutil
from pathlib import Path
from typing import BinaryIO

# Two files of this size a process: some 30,000 pages' lines to look back on.
MAX_BYTES = 10_000_000


def open_log(path: Path) -> BinaryIO:
    """Opens a log for a process to write to at its end, whoever else writes or cuts it."""
    return path.open("ab", buffering=0)


def cap(folder: Path, max_bytes: int = MAX_BYTES) -> None:
    """Moves what is in a log over `max_bytes` to `<name>.1` (the one before it goes) and empties the log.

    The writers keep their file: they append, so they go on at its new end. A line written during the copy may be
    lost, which for a log is a fair price for writers that need know nothing of this.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size > max_bytes:
            with contextlib.suppress(OSError):  # on a full disk the log is what makes room
                shutil.copyfile(log, log.with_name(f"{log.name}.1"))
            with log.open("r+b") as file:
                file.truncate(0)


def last_line(path: Path) -> str:
    """The last line of a log that is not blank, for an error's sake; empty where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 4096))
            lines = file.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
