"""Starting a house: a process in a session of its own, which the terminal's Ctrl-C does not reach.

`head_start` starts one before the command has so much as parsed its arguments, since a house's workers take longer
to import what they need than anything else that a crawl of one page does (2.4 s of 4).
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tearsheet.embedded.house import EXIT_LOCKED

DEFAULT_DATA = "~/.local/share/tearsheet"
WORKERS = {"workers": [sys.executable, "-m", "tearsheet.embedded.workers"]}
"""One supervisor of all workers, which share what they import."""

_begun: "dict[Path, Launch]" = {}


class LaunchError(Exception):
    """The house does not start; the message is one line."""


class Launch:
    """A house's process while it is one's own."""

    def __init__(self, data: Path, workers: Mapping[str, Sequence[str]], *, eager: bool = False) -> None:
        """`workers`: name of the log -> command. `eager`: they are started before anybody asks for them."""
        arguments = [str(data), json.dumps(workers), *["eager"][:eager]]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tearsheet.embedded.house", *arguments],
            stdin=subprocess.PIPE,  # its end tells the house that we are gone, before we have joined it
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def goes_on(self) -> bool:
        """Whether it runs; False where it has ended, or found the lock held. Raises LaunchError where it failed."""
        code = self._process.poll()
        if code is None:
            return True
        said = self._process.stderr.read().decode("utf-8", "replace").strip() if self._process.stderr else ""
        self.disown()
        if code > 0 and code != EXIT_LOCKED:
            raise LaunchError(f"the embedded Valkey does not start: {said.rsplit(chr(10), 1)[-1]}")
        return False

    def disown(self) -> None:
        """Leaves it to itself: it lives as long as others need it."""
        for pipe in (self._process.stdin, self._process.stderr):
            if pipe:
                pipe.close()
        if self._process.poll() is None:
            self._process.returncode = 0  # or Popen would warn that a process of ours still runs


def head_start(arguments: Sequence[str]) -> None:
    """Starts the house that a `crawl` with these arguments is about to need, where that is beyond doubt."""
    names = {name.upper() for name in os.environ}
    if arguments[:1] != ["crawl"] or {"-h", "--help"} & set(arguments) or "TEARSHEET_REDIS_URL" in names:
        return
    if Path(".env").exists():
        return  # it may say anything
    folder = os.environ.get("TEARSHEET_DATA", DEFAULT_DATA)
    for position, word in enumerate(arguments):
        if word == "--data" and position + 1 < len(arguments):
            folder = arguments[position + 1]
        elif word.startswith("--data="):
            folder = word.removeprefix("--data=")
    data = Path(folder).expanduser().absolute()
    _begun[data] = Launch(data, WORKERS, eager=True)


def begun(data: Path) -> Launch | None:
    """The house that has a head start, where there is one."""
    return _begun.pop(data, None)
