"""Each page costs itself alone: those beside one that hangs, dies or eats memory are parsed, in order."""

import gzip
import json
import os
import threading
from pathlib import Path

import pytest

from shared.settings import Settings
from tearsheet.parse_jobs import Job, ParseJobs, Result

URL = "https://example.org/post"
PAGE = b"<title>%d</title><body><article><h1>Title</h1><p>Some words of an article.</p></article></body>"


def title(result: Result) -> str:
    assert result.json is not None, result.error
    found = json.loads(result.json)["page"]["title"]
    assert isinstance(found, str)
    return found


def test_results_come_in_the_order_of_the_jobs() -> None:
    with ParseJobs(Settings(), processes=2) as parser:
        results = list(parser.run(Job(PAGE % n, URL) for n in range(200)))
    assert [title(r) for r in results] == [str(n) for n in range(200)]


def test_what_is_a_result_already_passes_through() -> None:
    with ParseJobs(Settings(), processes=1) as parser:
        results = list(parser.run([Result(error="line 1: no path"), Job(PAGE % 1, URL)]))
    assert results[0].error == "line 1: no path"
    assert title(results[1]) == "1"


def test_a_page_that_hangs_is_ended_and_the_others_are_parsed(tmp_path: Path) -> None:
    fifo = tmp_path / "page.html"
    os.mkfifo(fifo)  # reading it waits for a writer that never comes
    with ParseJobs(Settings(parse_deadline=1.5), processes=1) as parser:
        results = list(parser.run([Job(PAGE % 1, URL), Job(fifo, URL), Job(PAGE % 2, URL)]))
    assert [title(results[0]), title(results[2])] == ["1", "2"]
    assert results[1].error == "not parsed within 1.5 s"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_a_page_that_eats_memory_is_ended_and_the_others_are_parsed() -> None:
    with ParseJobs(Settings(parse_memory=50_000_000), processes=1) as parser:
        results = list(parser.run([Job(Path("/dev/zero"), URL), Job(PAGE % 2, URL)]))
    assert results[0].error == "needed more than 50 MB of memory"
    assert title(results[1]) == "2"


def test_a_page_that_kills_its_process_costs_itself_alone(tmp_path: Path) -> None:
    fifo = tmp_path / "page.html"
    os.mkfifo(fifo)
    with ParseJobs(Settings(), processes=1) as parser:
        pid = parser.pids()[0]

        def kill() -> None:
            with fifo.open("wb"):  # open once the process reads: it is at that page
                os.kill(pid, 9)

        killer = threading.Thread(target=kill)
        killer.start()
        results = list(parser.run([Job(fifo, URL), Job(PAGE % 2, URL)]))
        killer.join()
    assert results[0].error == "the parser died of it (SIGKILL)"
    assert title(results[1]) == "2"


def test_files_may_be_compressed_and_a_broken_one_says_so(tmp_path: Path) -> None:
    good, bad, none = tmp_path / "a.html.gz", tmp_path / "b.html.gz", tmp_path / "c.html"
    good.write_bytes(gzip.compress(PAGE % 7))
    bad.write_bytes(b"no gzip")
    with ParseJobs(Settings(), processes=1) as parser:
        results = list(parser.run([Job(path, URL) for path in (good, bad, none)]))
    assert title(results[0]) == "7"
    assert "Not a gzipped file" in (results[1].error or "")
    assert results[2].error == f"{none}: No such file or directory"


def test_what_is_not_gzip_is_named(tmp_path: Path) -> None:
    whole = gzip.compress(PAGE % 1)
    bodies = {"no.gz": b"<p>no", "cut.gz": whole[:-20], "broken.gz": whole[:20] + b"\xff" * 30}
    for name, body in bodies.items():
        (tmp_path / name).write_bytes(body)
    with ParseJobs(Settings(), processes=1) as parser:
        results = list(parser.run(Job(tmp_path / name, URL) for name in [*bodies, "none.html"]))
    for name, result in zip([*bodies, "none.html"], results, strict=True):
        assert result.error is not None
        assert result.error.startswith(f"{tmp_path / name}: ")
        assert "None" not in result.error
