"""Schemathesis: requests made from the API's own description, right and wrong ones, and every check of the answers.

A longer run: `TEARSHEET_TEST_EXAMPLES=500 python -m pytest tests/services/web/api/test_schemathesis.py`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.ledger import Ledger
from shared.settings import Settings
from tests.services.web.api.client import make_key
from tests.services.web.api.test_operation import quarantine
from tests.services.web.server import serving

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("TEARSHEET_TEST_EXAMPLES", "3")
"""Requests of one phase to one operation."""


@pytest.mark.timeout(7200)
def test_it_finds_nothing(settings: Settings, ledger: Ledger, tmp_path: Path) -> None:
    key, entry = make_key("write")
    quarantine(ledger, ["https://failed.example/1", "https://failed.example/2"])
    with serving(settings.model_copy(update={"web_keys": (entry,), "web_rate": 0.0})) as url:
        command = [Path(sys.executable).with_name("schemathesis"), "--config-file", HERE / "schemathesis.toml", "run"]
        command += [f"{url}/api/v1/openapi.json", "--checks", "all", "--include-path-regex", "^/api/"]
        command += ["--header", f"Authorization: Bearer {key}", "--max-examples", EXAMPLES, "--seed", "1", "--no-color"]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " 0 " not in ended.stdout.partition("Test cases:")[2].split("generated")[0]
