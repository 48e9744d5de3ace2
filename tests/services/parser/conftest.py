"""The parser's core, made before the first test: what compiles it counts as no test's time."""

import pytest

from services.parser.engine import core_with


@pytest.fixture(scope="session", autouse=True)
def _core() -> None:
    core_with()
