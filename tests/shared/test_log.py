"""Logs hold what happened and no secret."""

import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
import redis
import structlog
from hypothesis import given
from hypothesis import strategies as st

from shared import log
from shared.settings import Settings


@pytest.fixture
def lines(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    log.setup(Settings(log_format="json"), service="test")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "said",
    [
        {"error": "cannot connect to redis://:hunter2@redis:6379/0"},
        {"error": "Authorization: Basic hunter2"},
        {"error": "authorization: ApiKey hunter2"},
        {"error": "api_key=hunter2"},
        {"headers": {"Authorization": "Bearer hunter2"}},
        {"password": "hunter2"},
        {"notes": ["https://user:hunter2@host/", {"cookie": "hunter2"}]},
        {"reason": ValueError("https://user:hunter2@host/")},
        {"error": "{'password': 'hunter2'}"},
    ],
)
def test_no_secret(lines, said):
    structlog.get_logger().warning("said", **said)
    logging.getLogger("some.library").warning("said %s", said)
    written = lines()
    assert len(written) == 2
    assert "hunter2" not in json.dumps(written)


def test_a_traceback_is_scrubbed(lines):
    try:
        redis.Redis.from_url("redis://:hunter2@[")
    except ValueError:
        structlog.get_logger().exception("said")
    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert "hunter2" not in line["exception"]


def test_bound_ids_stand_in_every_line_and_debug_in_none(lines):
    with structlog.contextvars.bound_contextvars(page="p", crawl=("1",)):
        structlog.get_logger().info(log.PAGE_ENDED, outcome="indexed", size=3)
        structlog.get_logger().debug(log.STAGE_ENDED)
    (line,) = lines()
    assert line["event"] == "page ended"
    assert (line["page"], line["crawl"], line["size"], line["service"]) == ("p", ["1"], 3, "test")


@given(st.text(), st.text(alphabet="abcdefghijklmnop0123456789", min_size=12))
def test_a_password_in_a_url_never_stays(around, secret):
    assert log.scrub(f"redis://user:{secret}@host/0") == "redis://***@host/0"
    assert f":{secret}@" not in log.scrub(f"{around} redis://user:{secret}@host")


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_line_that_cannot_be_written_ends_nothing():
    script = (
        "import logging, structlog; from shared import log; from shared.settings import Settings\n"
        "log.setup(Settings(log_format='json'))\n"
        "structlog.get_logger().warning('one'); logging.getLogger('two').warning('two'); print('went on')"
    )
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", script], stderr=full, stdout=subprocess.PIPE, text=True)
    assert done.stdout == "went on\n"
