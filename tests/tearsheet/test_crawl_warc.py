"""`tearsheet crawl --warc` and `reparse` from outside: real processes, a real site, files that wget wrote."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.kill import differences, records, settings_of
from services.parser import PARSER_VERSION
from shared.stores import open_store
from tearsheet.example_site import ExampleSite, serve
from tests.shared.archive.exchanges import assert_sound, warcs
from tests.shared.archive.exchanges import records as archived
from tests.shared.archive.s3_server import s3_server
from tests.tearsheet.warc.files import PAGE, other_file
from tests.valkey import Valkey

URL = "http://a.example/page"


@pytest.fixture(scope="module")
def site() -> Iterator[ExampleSite]:
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def fetched(site: ExampleSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose data are the site's pages, fetched and archived."""
    folder = tmp_path_factory.mktemp("fetched")
    code, _, talk = run(folder, "crawl", *site.urls)
    assert code == 0, talk
    return folder


def start(folder: Path, *arguments: str, redis_url: str | None = None) -> "subprocess.Popen[str]":
    settings = {
        "TEARSHEET_DATA": str(folder / "data"),
        "TEARSHEET_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
        "TEARSHEET_FETCH_DELAY": "0",
        "TEARSHEET_FETCH_HOST_CONCURRENCY": "4",
        "TEARSHEET_BACKLOG_MARK": "20",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tearsheet", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | settings | ({"TEARSHEET_REDIS_URL": redis_url} if redis_url else {}),
    )


def run(folder: Path, *arguments: str, redis_url: str | None = None) -> tuple[int, str, str]:
    """Runs a command on the folder's own data; its exit code and what it said."""
    with start(folder, *arguments, redis_url=redis_url) as command:
        told, talk = command.communicate(timeout=110)
        return command.returncode, told, talk


def report(path: Path) -> list[tuple[str, str, str | None]]:
    lines = map(json.loads, path.read_text().splitlines())
    return [(line["url"], line["outcome"], line["reason"]) for line in lines]


def test_a_crawl_leaves_its_archive_in_the_bucket(
    site: ExampleSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server() as s3:
        for name, value in s3.settings().items():
            monkeypatch.setenv(f"TEARSHEET_{name.upper()}", str(value))
        code, _, talk = run(tmp_path, "crawl", site.urls[0])
        assert code == 0, talk
        assert len(s3.files()) == 1
        assert warcs(tmp_path / "data") == []
        code, told, talk = run(tmp_path, "reparse", site.urls[0])
        assert (code, told.partition(";")[0]) == (0, "1 page: 1 indexed"), talk


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_what_wget_archived_gives_the_records_that_fetching_gives(
    site: ExampleSite, fetched: Path, tmp_path: Path
) -> None:
    (tmp_path / "urls").write_text("".join(f"{url}\n" for url in site.urls))
    subprocess.run(
        ["wget", "--quiet", "--no-proxy", "--input-file=urls", "--warc-file=theirs", "--output-document=all.html"],
        cwd=tmp_path,
        check=True,
    )
    taken = tmp_path / "taken"
    code, told, talk = run(taken, "crawl", "--warc", str(tmp_path / "theirs.warc.gz"))
    assert code == 0, talk
    assert talk.startswith(f"{len(site.urls)} captures of pages")
    assert told.startswith(f"{len(site.urls)} pages: {len(site.urls)} indexed")
    ours, theirs = records(fetched / "data"), records(taken / "data")
    assert len(ours) > 50
    assert list(differences(ours, theirs)) == []
    assert run(taken, "audit")[0] == 0


def test_what_was_archived_while_fetching_gives_its_records(fetched: Path, tmp_path: Path) -> None:
    paths = warcs(fetched / "data")
    assert_sound(*paths)
    assert not [path for path in paths if path.name.endswith(".open")]
    arguments = [word for path in paths for word in ("--warc", str(path))]
    code, _, talk = run(tmp_path, "crawl", *arguments)
    assert code == 0, talk
    assert list(differences(records(fetched / "data"), records(tmp_path / "data"))) == []


def versions(folder: Path) -> dict[str, int]:
    with closing(open_store(settings_of(folder / "data"), write=False)) as store:
        return {page: found.version for page, found in store.stored(list(store.page_ids())).items()}


def test_reparse_makes_the_records_anew(site: ExampleSite, fetched: Path, tmp_path: Path) -> None:
    shutil.copytree(fetched / "data", tmp_path / "data")
    before, records_before = versions(tmp_path), records(tmp_path / "data")
    code, told, talk = run(tmp_path, "reparse", "--all")
    assert code == 0, talk
    assert told.startswith(f"{len(site.urls)} pages: {len(site.urls)} indexed")
    assert versions(tmp_path) == {page: version + 1 for page, version in before.items()}
    assert list(differences(records_before, records(tmp_path / "data"))) == []
    pages = [record for name, record in records(tmp_path / "data").items() if ":" not in name]
    assert [page["parser_version"] for page in pages] == [PARSER_VERSION] * len(site.urls)
    # One page by its URL, and one that was never stored; the index is made anew from the files before.
    for file in (tmp_path / "data" / "warc").glob("index*"):
        file.unlink()
    assert run(tmp_path, "reparse", site.urls[1])[2].startswith("error: there is no archive in")
    code, told, talk = run(tmp_path, "archive", "rebuild")
    assert (code, told) == (0, f"1 file, {len(site.urls) + 1} answers\n")
    code, told, talk = run(tmp_path, "reparse", site.urls[1], "http://never.example/")
    assert code == 1
    assert told.startswith("1 page: 1 indexed")
    assert "1 not stored, or gone from its site since: http://never.example/" in talk
    assert sorted(versions(tmp_path)[page] - version for page, version in before.items()) == [1] * 7 + [2]
    # What is not in the archive is counted and named.
    shutil.rmtree(tmp_path / "data" / "warc")
    (tmp_path / "data" / "warc").mkdir()
    run(tmp_path, "archive", "rebuild")
    code, told, talk = run(tmp_path, "reparse", "--site", "127.0.0.1")
    assert code == 1
    assert f"{len(site.urls)} not in the archive: http://127.0.0.1" in talk
    assert run(tmp_path, "audit")[0] == 0


def test_what_is_forgotten_leaves_the_archive(site: ExampleSite, fetched: Path, tmp_path: Path) -> None:
    shutil.copytree(fetched / "data", tmp_path / "data")
    code, told, _ = run(tmp_path, "forget", site.urls[1])
    assert code == 0
    assert told.startswith("forgotten: 1 page, ")
    assert told.endswith(" records, 1 file\n")
    [path] = warcs(tmp_path / "data")
    assert_sound(path)
    urls = {headers.get("WARC-Target-URI") for _, headers, *_ in archived(path)}
    assert urls == {None, f"{site.base}/robots.txt", *site.urls} - {site.urls[1]}


def test_each_capture_ends_and_a_cut_file_is_told(tmp_path: Path) -> None:
    first, second = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    with other_file(first) as other:
        other.response(URL, PAGE, date="2024-03-01T00:00:00Z")
        other.response(URL + "?n=2", b"%PDF-1.4", date="2024-03-01T00:00:01Z")
        other.response(URL + ".png", b"\x89PNG", content_type="image/png")
    with other_file(second) as other:
        other.response(URL, PAGE.replace(b"rivers", b"lakes"), date="2024-03-03T00:00:00Z")
        other.response(URL, PAGE, date="2024-03-02T00:00:00Z")
        other.response(URL + "/never", PAGE, date="2024-03-04T00:00:00Z")
    second.write_bytes(second.read_bytes()[:-80])
    where = tmp_path / "report.jsonl"
    code, told, talk = run(tmp_path, "crawl", "--warc", str(first), "--warc", str(second), "--report", str(where))
    assert code == 1
    assert talk.startswith("4 captures of pages; passed over: image/png 1\nwarning: ")
    assert f"{second}: cut off or damaged at byte" in talk
    assert told.startswith("4 pages: 2 indexed, 1 unchanged, 1 refused")
    assert report(where) == [
        (URL, "indexed", None),
        (URL + "?n=2", "refused", "a PDF document is not read, only HTML pages"),
        (URL, "unchanged", None),
        (URL, "indexed", None),
    ]
    assert run(tmp_path, "audit")[0] == 0
    shown = json.loads(run(tmp_path, "show", URL, "--json")[1])
    assert "lakes" in json.dumps(shown["widgets"])
    assert shown["page"]["fetched_at"].startswith("2024-03-03T00:00:00")


def test_what_cannot_be_taken_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.warc").write_bytes(b"hello")
    assert run(tmp_path, "crawl", "--warc", str(tmp_path / "x.warc")) == (
        1,
        "",
        f"error: {tmp_path / 'x.warc'}: this is no WARC file\n",
    )
    code, _, talk = run(tmp_path, "crawl", URL, "--warc", str(tmp_path / "x.warc"))
    assert code == 2
    assert talk.startswith("error: --warc goes with --report alone")


def test_killed_it_goes_on_where_it_was(tmp_path: Path, valkey: Valkey) -> None:
    path = tmp_path / "many.warc.gz"
    count = 60
    with other_file(path) as other:
        for number in range(count):
            other.response(f"{URL}?n={number}", PAGE.replace(b"live", b"live %d" % number))
    command = start(tmp_path, "crawl", "--warc", str(path), redis_url=valkey.url)
    with closing(valkey.client()) as client:
        # Without a parser it waits once twenty are in: the mark of the backlog.
        while int(client.hget("crawl:1", "n") or 0) < 20:
            assert command.poll() is None
            time.sleep(0.02)
        command.send_signal(signal.SIGKILL)
        command.communicate()
        assert not client.hexists("crawl:1", "closed")
    workers = start(tmp_path, "worker", "parser", "indexer", "scheduler", redis_url=valkey.url)
    try:
        code, told, talk = run(tmp_path, "crawl", "--warc", str(path), redis_url=valkey.url)
    finally:
        workers.terminate()
        workers.communicate()
    assert code == 0, talk
    assert "going on with crawl 1, which was interrupted" in talk
    assert told.startswith(f"{count} pages: {count} indexed")
    assert run(tmp_path, "audit", redis_url=valkey.url)[0] == 0
