"""A command as a person starts it: a real process, on a data folder of the test's own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tearsheet.started import Start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a command on the test's own data folder."""
    running: list[subprocess.Popen[str]] = []

    def run(*arguments: str, delay: float = 0.0) -> "subprocess.Popen[str]":
        environment = os.environ | {
            "TEARSHEET_DATA": str(tmp_path / "data"),
            "TEARSHEET_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
            "TEARSHEET_FETCH_DELAY": str(delay),
            "TEARSHEET_FETCH_RETRY_DELAY": "0.1",
        }
        command = subprocess.Popen(
            [sys.executable, "-m", "tearsheet", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=tmp_path,
        )
        running.append(command)
        return command

    yield run
    for command in running:
        command.kill()
        command.communicate()
