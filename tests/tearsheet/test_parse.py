"""`tearsheet parse` as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.fetcher.fetching import site_of

PAGE = """<title>Post</title><body><article><h1>A title</h1><p>The first paragraph of the article, of some length.</p>
</article></body>"""
RECORDS = ["page", "article", "comments", "widgets"]


def tearsheet(*arguments: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tearsheet", "parse", *map(str, arguments)]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE)
    done = tearsheet(file, "--url", "HTTPS://Example.org/post#part")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert list(found) == RECORDS
    assert found["page"]["url"] == "https://example.org/post"


def test_a_url_that_asks_not_to_be_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEARSHEET_FETCH_ALLOW_PRIVATE", "127.0.0.0/8")
    with site_of(lambda x: x.reply(PAGE, X_Robots_Tag="noindex")) as site:
        done = tearsheet(site.at("/post"))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["page"]["url"] == site.at("/post")


def test_standard_input_explained() -> None:
    done = tearsheet("-", "--explain", text=PAGE)
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert list(found) == [*RECORDS, "segments"]
    assert set(found["segments"][0]) == {"text", "record", "role", "score", "path"}


def test_many_pages_keep_their_order_and_a_bad_line_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    pages = tmp_path / "pages.jsonl"
    lines = [
        json.dumps({"id": "one", "url": "https://example.org/1", "path": "a.html"}),
        "{",
        json.dumps({"id": 3, "url": "mailto:me@example.org", "path": "a.html"}),
        json.dumps({"id": "gone", "url": "https://example.org/2", "path": "b.html"}),
        json.dumps({"id": "last", "path": str(tmp_path / "a.html")}),
    ]
    pages.write_text("\n".join(lines) + "\n")
    done = tearsheet("--jsonl", pages, "--jobs", "2")
    assert done.returncode == 1
    assert done.stderr == "error: 3 of 5 pages could not be parsed; their lines say why\n"
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["id"] for each in found] == ["one", None, 3, "gone", "last"]
    assert list(found[0]) == ["id", *RECORDS]
    assert [sorted(each) for each in found[1:4]] == [["error", "id"]] * 3
    assert "error" not in found[4]


def test_a_pipe_in_place_of_a_file(tmp_path: Path) -> None:
    """As a shell's `<(…)` gives it."""
    command = '"$0" -m tearsheet parse <(cat "$1")'
    file = tmp_path / "page.html"
    file.write_text(PAGE)
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["page"]["title"] == "Post"


def test_many_pages_of_a_file_that_is_no_text(tmp_path: Path) -> None:
    pages = tmp_path / "pages.jsonl"
    pages.write_bytes(b"\xa1\xff\x00\n" + json.dumps({"id": "one", "path": "a.html"}).encode())
    (tmp_path / "a.html").write_text(PAGE)
    done = tearsheet("--jsonl", pages)
    assert done.stderr == "error: 1 of 2 pages could not be parsed; their lines say why\n"
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [None, "one"]


def test_what_cannot_be_parsed_is_one_line(tmp_path: Path) -> None:
    for arguments in [("none.html",), ("http://127.0.0.1:1/",), (), ("-", "--jsonl", tmp_path / "x")]:
        done = tearsheet(*arguments, text="")
        assert done.returncode != 0
        assert done.stdout == ""
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1
