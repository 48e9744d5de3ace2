"""The real stack, beside any other, under a project name and ports of its own."""

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).parents[2]
HERE = Path("tests/stack")
# Its hash stands in test.env.
KEY = "ts_of-the-stack-that-tests-start"
WEB, FLOWER = "http://127.0.0.1:18000", "http://127.0.0.1:15555"


class Stack:
    """Docker Compose on the project's own file, with the test's site added."""

    def __init__(self) -> None:
        files = ["docker-compose.yml", str(HERE / "site.yml")]
        if os.environ.get("TEARSHEET_TEST_STACK_OFFLINE"):
            files.append(str(HERE / "offline.yml"))
        self.command = ["docker", "compose", "--project-directory", ".", "--project-name", "tearsheet-test"]
        self.command += ["--env-file", str(HERE / "test.env"), "--profile", "monitoring"]
        self.command += [part for file in files for part in ("--file", file)]

    def compose(self, *arguments: str, text: str | None = None, check: bool = True) -> str:
        """Runs it; its standard output."""
        done = subprocess.run(
            [*self.command, *arguments], cwd=ROOT, input=text, capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0 or not check, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def tearsheet(self, *arguments: str, text: str | None = None) -> str:
        """The command, in a container of its own; its standard output."""
        return self.compose("run", "--rm", "--no-TTY", "tearsheet", *arguments, text=text)

    def start_crawl(self, urls: list[str]) -> "subprocess.Popen[str]":
        """A crawl in the background."""
        command = [*self.command, "run", "--rm", "--no-TTY", "tearsheet", "crawl", "--file", "-"]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert process.stdin is not None
        process.stdin.write("\n".join(urls))
        process.stdin.close()
        process.stdin = None
        return process

    def containers(self, service: str) -> list[dict[str, Any]]:
        """What the engine says of a service's containers."""
        ids = self.compose("ps", "--all", "--quiet", service).split()
        found = json.loads(subprocess.check_output(["docker", "inspect", *ids], text=True))
        assert isinstance(found, list)
        return found

    def figure(self, name: str, label: str | None = None) -> float:
        """One of the web service's metrics: of a label's value, or the sum over all."""
        with urllib.request.urlopen(f"{WEB}/metrics", timeout=10) as answer:
            families = list(text_string_to_metric_families(answer.read().decode()))
        samples = [s for family in families for s in family.samples if s.name == name]
        return sum(s.value for s in samples if label is None or label in s.labels.values())

    def api(self, path: str, content: Any = None, key: str = KEY) -> Any:
        """An answer of the web service's API; POST where there is content."""
        request = urllib.request.Request(f"{WEB}/api/v1{path}", json.dumps(content).encode() if content else None)
        request.add_header("Authorization", f"Bearer {key}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def flower(self, path: str) -> Any:
        """An answer of Flower's API."""
        request = urllib.request.Request(f"{FLOWER}{path}")
        request.add_header("Authorization", "Basic " + base64.b64encode(b"stack:test").decode())
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def await_(self, what: str, holds: Callable[[], bool], seconds: float) -> None:
        """Looks until it holds; what cannot be asked yet does not hold."""
        until = time.monotonic() + seconds
        error: Exception | None = None
        while time.monotonic() < until:
            try:
                if holds():
                    return
                error = None
            except (OSError, AssertionError, ValueError) as caught:
                error = caught
            time.sleep(0.2)
        pytest.fail(f"{what}: not within {seconds} s ({error})")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The stack with three parsers, up and healthy; down and its volumes gone afterwards."""
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        pytest.skip("needs a Docker engine with Compose v2")
    stack = Stack()
    stack.compose("--profile", "command", "down", "--volumes", "--remove-orphans")
    try:
        stack.compose("--profile", "command", "build")
        stack.compose("up", "--detach", "--wait", "--scale", "parser=3")
        yield stack
    finally:
        print(stack.compose("logs", "--tail", "40", check=False))
        stack.compose("--profile", "command", "down", "--volumes", "--remove-orphans", check=False)
