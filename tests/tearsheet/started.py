"""A started command, and what it says."""

import subprocess
from collections.abc import Callable

Start = Callable[..., "subprocess.Popen[str]"]


def heard(command: "subprocess.Popen[str]", words: str) -> None:
    """Waits until the command says so on stderr."""
    assert command.stderr
    for line in command.stderr:
        if words in line:
            return
    raise AssertionError(f"it ended without saying {words!r}")
