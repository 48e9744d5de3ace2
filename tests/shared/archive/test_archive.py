"""What is written is read again; files are whole whatever happens; what is wrong is told and costs no fetch."""

import os
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shared.archive import Archive, ArchiveError, house
from shared.archive.files import OPEN, whole_until
from shared.archive.forgetting import ForgottenFiles, forget
from shared.archive.index import NAME, Index
from shared.ids import page_id
from shared.stage import version_of
from tests.shared.archive.exchanges import (
    PAGE,
    URL,
    assert_sound,
    body,
    exchange,
    fetch,
    records,
    settings,
    warcs,
    writing,
)


def test_each_fetch_of_a_page_is_read_again(tmp_path: Path) -> None:
    with writing(settings(tmp_path)) as writer:
        writer.keep(fetch(fetch_id=1), [exchange(b"<p>first")])
        writer.keep(fetch(fetch_id=2), [exchange(b"<p>second", headers=b'ETag: "e"\r\nLast-Modified: then\r\n')])
        assert body(tmp_path) == b"<p>second"  # while the file is open
    assert body(tmp_path, version_of(1)) == b"<p>first"
    assert body(tmp_path, version_of(1, 3)) == b"<p>first"
    assert body(tmp_path, version_of(3)) is None
    assert body(tmp_path, url="http://a.example/other") is None
    with closing(Archive(settings(tmp_path))) as archive:
        raw = archive.read(page_id(URL))
    assert raw is not None
    assert (raw.url, raw.final_url, raw.status, raw.content_type) == (URL, URL, 200, "text/html")
    assert (raw.etag, raw.last_modified) == ('"e"', "then")
    assert abs((datetime.now(UTC) - raw.fetched_at).total_seconds()) < 60
    assert_sound(*warcs(tmp_path))


def test_what_only_confirms_an_earlier_answer_refers_to_it(tmp_path: Path) -> None:
    with writing(settings(tmp_path)) as writer:
        for number, answer in enumerate([exchange(), exchange(), exchange(b"", status="304 Not Modified")], 1):
            writer.keep(fetch(fetch_id=number), [answer])
        writer.keep(fetch("http://a.example/new", 1), [exchange(b"", "http://a.example/new", "304 Not Modified")])
    [path] = warcs(tmp_path)
    answers = [record for record in records(path) if record[0] in {"response", "revisit"}]
    assert [kind for kind, *_ in answers] == ["response", "revisit", "revisit", "response"]
    first, equal, unmodified, _ = answers
    for _, headers, _, rest in (equal, unmodified):
        assert rest == b""
        assert headers["WARC-Refers-To"] == first[1]["WARC-Record-ID"]
        assert headers["WARC-Refers-To-Target-URI"] == URL
        assert headers["WARC-Refers-To-Date"] == first[1]["WARC-Date"]
        assert headers["WARC-Payload-Digest"] == first[1]["WARC-Payload-Digest"]
    assert equal[1]["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert equal[1]["WARC-Truncated"] == "length"
    assert unmodified[1]["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert unmodified[2].startswith(b"HTTP/1.1 304 Not Modified")
    for number in (1, 2, 3):
        assert body(tmp_path, version_of(number)) == PAGE
    assert body(tmp_path, url="http://a.example/new") is None
    assert_sound(path)


def test_a_page_that_is_not_to_be_kept_is_only_noted(tmp_path: Path) -> None:
    with writing(settings(tmp_path)) as writer:
        writer.keep(fetch(fetch_id=1), [exchange(b"<p>allowed")])
        secret = exchange(b"<p>secret")
        secret.noarchive = True
        writer.keep(fetch(fetch_id=2), [secret])
    [path] = warcs(tmp_path)
    assert b"tearsheet-role: noarchive" in records(path)[-1][3]
    assert not any(b"secret" in rest for *_, rest in records(path))
    assert body(tmp_path) is None
    assert body(tmp_path, version_of(1)) == b"<p>allowed"


def test_passwords_are_left_out(tmp_path: Path) -> None:
    asked = exchange()
    asked.request = b"GET / HTTP/1.1\r\nHost: a.example\r\nauthorization: Basic c2VjcmV0\r\nCookie: id=secret\r\n"
    asked.request += b"X-Key: secret\r\n\r\n"
    asked.secrets = ("x-key",)
    with writing(settings(tmp_path)) as writer:
        writer.keep(fetch(), [asked])
    [path] = warcs(tmp_path)
    [head] = [head for kind, _, head, _ in records(path) if kind == "request"]
    assert b"authorization: ***" in head
    assert b"Cookie: ***" in head
    assert b"X-Key: ***" in head
    assert b"cret" not in head


def test_full_files_are_closed_and_the_next_one_begun(tmp_path: Path) -> None:
    with writing(settings(tmp_path, archive_file_bytes=20_000)) as writer:
        for number in range(12):
            writer.keep(fetch(fetch_id=number), [exchange(os.urandom(6000))])
        assert [path.name.endswith(OPEN) for path in warcs(tmp_path)] == [False] * 5 + [True]
    paths = warcs(tmp_path)
    assert all(path.stat().st_size <= 20_000 for path in paths)
    assert all(records(path)[0][0] == "warcinfo" for path in paths)
    assert [path.name.split("-")[2] for path in paths] == [f"{n:05}" for n in range(1, 7)]
    assert all(body(tmp_path, version_of(number)) for number in range(12))
    assert_sound(*paths)


def test_at_its_limit_the_archive_stops_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("shared.archive.room._LOOK", 0.0)
    with writing(settings(tmp_path, archive_max_bytes=2_000_000), said) as writer:
        for number in range(50):
            writer.keep(fetch(fetch_id=number), [exchange(os.urandom(60_000))])
    assert said == [
        "the archive holds the 0.002 GB that it may (TEARSHEET_ARCHIVE_MAX_BYTES); pages are fetched and not archived"
    ]
    assert 1_000_000 < sum(path.stat().st_size for path in warcs(tmp_path)) < 2_100_000
    assert body(tmp_path, version_of(0))  # nothing that was kept goes
    with writing(settings(tmp_path), said) as writer:
        writer.keep(fetch(fetch_id=200), [exchange()])
    assert body(tmp_path) == PAGE


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """A disk that takes no more: the kernel writes a part, and then refuses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_more_costs_the_archive_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("shared.archive.writer._PAUSE", 0.0)
    with writing(settings(tmp_path), said) as writer:
        writer.keep(fetch(fetch_id=1), [exchange(os.urandom(100_000))])
        [path] = warcs(tmp_path)
        before = path.stat().st_size
        with largest_file(before + 5_000):
            writer.keep(fetch(fetch_id=2), [exchange(os.urandom(100_000))])
        assert said == ["the archive cannot be written: File too large; pages are fetched and not archived"]
        assert path.stat().st_size == before
        writer.keep(fetch(fetch_id=3), [exchange()])
        assert said[1:] == [""]
    assert [body(tmp_path, version_of(n)) is not None for n in (1, 2, 3)] == [True, False, True]
    assert_sound(*warcs(tmp_path))


def test_a_folder_that_cannot_be_made_costs_the_archive_alone(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "warc").write_text("a file")
    with writing(settings(tmp_path), said) as writer:
        writer.keep(fetch(), [exchange()])
    assert said == ["the archive cannot be opened: File exists; pages are fetched and not archived"]


def test_an_index_that_fails_catches_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(settings(tmp_path)) as writer:
        writer.keep(fetch(fetch_id=1), [exchange(b"<p>1")])
        with monkeypatch.context() as broken:

            def fail(*_: object) -> None:
                raise sqlite3.OperationalError("database or disk is full")

            broken.setattr(Index, "add", fail)
            writer.keep(fetch(fetch_id=2), [exchange(b"<p>2")])
        writer.keep(fetch(fetch_id=3), [exchange(b"<p>3")])
        assert body(tmp_path, version_of(2)) is None
    assert [body(tmp_path, version_of(n)) for n in (1, 2, 3)] == [b"<p>1", b"<p>2", b"<p>3"]


def test_an_index_that_is_none_is_told_with_what_helps(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / NAME).write_bytes(b"no database" * 100)
    with writing(settings(tmp_path), said) as writer:
        writer.keep(fetch(), [exchange()])
    assert said == [
        "the archive's index cannot be opened: file is not a database (`tearsheet archive rebuild` makes it anew); "
        "pages are fetched and not archived"
    ]


def rows(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "warc" / NAME)) as db:
        return db.execute(
            "SELECT page, fetch, url, submitted, time, status, digest, truncated, record, original, offset, length, "
            "noarchive, name, indexed FROM captures c JOIN files f ON f.id = c.file ORDER BY name, offset"
        ).fetchall()


def test_the_index_is_made_anew_from_the_files(tmp_path: Path) -> None:
    with writing(settings(tmp_path, archive_file_bytes=3000)) as writer:
        for number in range(10):
            robots = exchange(b"User-agent: *", url="http://a.example/robots.txt")
            robots.role = "robots"
            moved = exchange(b"", status="301 Moved", headers=b"Location: /new\r\nContent-Length: 0\r\n")
            page = exchange(PAGE + b"%d" % (number // 2), url="http://a.example/new")
            writer.keep(fetch(fetch_id=number), [robots, moved, page])
        secret = exchange()
        secret.noarchive = True
        writer.keep(fetch(fetch_id=20), [secret])
    before = rows(tmp_path)
    assert len(before) == 31
    (tmp_path / "warc" / NAME).unlink()
    found = dict(house.rebuild(tmp_path / "warc"))
    assert sum(found.values()) == 31
    assert rows(tmp_path) == before
    assert body(tmp_path, version_of(3)) == PAGE + b"1"


def test_what_is_forgotten_is_gone_from_the_files(tmp_path: Path) -> None:
    other, elsewhere = "http://a.example/other", "http://b.example/"
    with writing(settings(tmp_path, archive_file_bytes=8000)) as writer:
        for number in range(9):
            for url in (URL, other, elsewhere):
                robots = exchange(b"User-agent: *", url=url.replace("/page", "/robots.txt"))
                robots.role = "robots"
                writer.keep(fetch(url, number), [robots, exchange(b"%s %d" % (url.encode(), number), url)])
        busy = forget(tmp_path / "warc", [page_id(URL)])
        assert (busy.rewritten > 2, busy.busy) == (True, 1)
    house.close_abandoned(tmp_path / "warc")
    assert forget(tmp_path / "warc", [page_id(URL)]) == ForgottenFiles(1, 0)
    assert forget(tmp_path / "warc", [page_id(URL)]) == ForgottenFiles(0, 0)
    paths = warcs(tmp_path)
    assert_sound(*paths)
    assert body(tmp_path) is None
    for number in range(9):
        assert body(tmp_path, version_of(number), url=other) == b"%s %d" % (other.encode(), number)
    assert not any(URL.encode() in " ".join(map(str, record)).encode() for path in paths for record in records(path))
    # A site takes with it whatever came from there.
    forget(tmp_path / "warc", [], site="a.example")
    assert_sound(*warcs(tmp_path))
    urls = {record[1].get("WARC-Target-URI") for path in warcs(tmp_path) for record in records(path)}
    assert urls == {None, elsewhere}
    assert body(tmp_path, version_of(8), url=elsewhere) is not None
    before = rows(tmp_path)
    list(house.rebuild(tmp_path / "warc"))
    assert rows(tmp_path) == before


def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no archive in"):
        Archive(settings(tmp_path))
    with writing(settings(tmp_path)) as writer:
        writer.keep(fetch(), [exchange()])
    [path] = warcs(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:500] + bytes(200) + whole[700:])
    with pytest.raises(ArchiveError, match=r"has no record at \d+"):
        body(tmp_path)
    path.unlink()
    with pytest.raises(ArchiveError, match=r"has no record at \d+"):
        body(tmp_path)


@pytest.fixture(scope="module")
def written() -> Iterator[Path]:
    """A file left open by a dead process, its index beside it."""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        with writing(settings(path)) as writer:
            for number in range(5):
                writer.keep(fetch(fetch_id=number), [exchange(PAGE * (number + 1))])
        [warc] = warcs(path)
        warc.rename(warc.with_name(warc.name + OPEN))
        yield path


@given(cut=st.floats(0, 1), tail=st.binary(max_size=50), known=st.booleans())
@hypothesis_settings(max_examples=30, deadline=None)
def test_wherever_a_write_ended_the_file_is_whole(written: Path, cut: float, tail: bytes, known: bool) -> None:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copytree(written / "warc", folder / "warc")
        [path] = warcs(folder)
        whole = path.read_bytes()
        size = round(cut * len(whole))
        path.write_bytes(whole[:size] + tail)
        if not known:
            (folder / "warc" / NAME).unlink()
        house.close_abandoned(folder / "warc")
        kept = warcs(folder)
        if kept:
            assert whole.startswith(kept[0].read_bytes()) or tail in whole
            assert kept[0].stat().st_size == whole_until(kept[0])
            assert_sound(kept[0])
        for number in range(5):
            found = body(folder, version_of(number))
            assert found in (None, PAGE * (number + 1))
            if size == len(whole):
                assert found is not None


def test_a_page_is_found_by_the_time_of_its_records(tmp_path: Path) -> None:
    answers = [exchange(b"<p>first"), exchange(b"<p>second"), exchange(b"", status="404 Not Found")]
    with writing(settings(tmp_path)) as writer:
        for number, answer in enumerate(answers, 1):
            writer.keep(fetch(fetch_id=number), [answer])
    with closing(Archive(settings(tmp_path))) as archive:
        found = [archive.read_at(page_id(URL), answer.started) for answer in answers]
        assert archive.read_at(page_id("http://a.example/other"), answers[0].started) is None
    # What is no page is passed over.
    assert [raw and raw.body for raw in found] == [b"<p>first", b"<p>second", b"<p>second"]


def test_whether_a_url_s_answer_is_held(tmp_path: Path) -> None:
    with writing(settings(tmp_path)) as writer:
        writer.keep(fetch(), [exchange()])
        writer.keep(
            fetch("http://a.example/old"), [exchange(b"", "http://a.example/old", "302 Found", b"Location: /page\r\n")]
        )
        writer.keep(
            fetch("http://a.example/lost"), [exchange(b"", "http://a.example/lost", "302 Found", b"Location: /no\r\n")]
        )
    with closing(Archive(settings(tmp_path))) as archive:
        urls = (URL, "http://a.example/old", "http://a.example/lost", "http://a.example/other", "no url")
        assert [archive.holds(url) for url in urls] == [True, True, False, False, False]
        assert [archive.nearest(url) is not None for url in urls] == [archive.holds(url) for url in urls]
