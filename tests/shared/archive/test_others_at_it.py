"""What other processes do to the archive meanwhile, and what a damaged file or index does."""

import fcntl
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from shared.archive import Archive, ArchiveError, house
from shared.archive.files import WarcFile
from shared.archive.forgetting import forget
from shared.archive.index import NAME, Index
from shared.ids import page_id
from shared.stage import version_of
from tests.shared.archive.exchanges import URL, body, exchange, fetch, settings, warcs, writing


def test_what_is_damaged_is_not_said_to_be_forgotten(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The damage hides where a page's records end."""
    with writing(settings(tmp_path)) as writer:
        for number in range(3):
            writer.keep(fetch(fetch_id=number), [exchange(os.urandom(50_000))])
    [path] = warcs(tmp_path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match=rf"{path.name} is damaged behind byte [\d,]+"):
        forget(tmp_path / "warc", [page_id(URL)])
    assert path.read_bytes() == data
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_damaged_record_is_no_page(tmp_path: Path, at: float, capfd: pytest.CaptureFixture[str]) -> None:
    with writing(settings(tmp_path)) as writer:
        writer.keep(fetch(), [exchange(os.urandom(200_000))])
    [path] = warcs(tmp_path)
    data = bytearray(path.read_bytes())
    data[round(at * len(data))] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match=f"{path.name} has no record at"):
        body(tmp_path, version_of(1))
    assert capfd.readouterr() == ("", "")


def test_the_index_is_made_anew_beside_a_fetcher_that_waits_for_work(tmp_path: Path) -> None:
    with writing(settings(tmp_path)) as writer:
        writer.keep(fetch(fetch_id=1), [exchange(b"<p>1")])
    with writing(settings(tmp_path)) as writer:
        list(house.rebuild(tmp_path / "warc"))
        writer.keep(fetch(fetch_id=2), [exchange(b"<p>2")])
    assert [body(tmp_path, version_of(n)) for n in (1, 2)] == [b"<p>1", b"<p>2"]


def test_an_index_that_is_none_is_made_anew(tmp_path: Path) -> None:
    with writing(settings(tmp_path)) as writer:
        writer.keep(fetch(fetch_id=1), [exchange(b"<p>1")])
    (tmp_path / "warc" / NAME).write_bytes(b"no database" * 100)
    list(house.rebuild(tmp_path / "warc"))
    assert body(tmp_path, version_of(1)) == b"<p>1"


def test_pages_are_read_while_their_files_are_closed(tmp_path: Path) -> None:
    config = settings(tmp_path, archive_file_bytes=1500)
    latest, ended = 0, threading.Event()

    def read_on() -> int:
        with closing(Archive(config)) as archive:
            return sum(archive.read(page_id(URL), version_of(latest)) is not None for _ in iter(ended.is_set, True))

    with writing(config) as writer, ThreadPoolExecutor(3) as pool:
        writer.keep(fetch(fetch_id=0), [exchange(b"<p>0")])
        readers = [pool.submit(read_on) for _ in range(3)]
        for number in range(1, 300):
            writer.keep(fetch(fetch_id=number), [exchange(b"<p>%d" % number)])
            latest = number
        ended.set()
        assert all(reader.result() > 0 for reader in readers)


def test_a_new_file_that_is_taken_for_one_that_was_left_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process cleans up between the file's making and its lock."""
    folder = tmp_path / "warc"
    folder.mkdir()
    flock, cleaned = fcntl.flock, iter([True])

    def lock(descriptor: int, how: int) -> None:
        if next(cleaned, False):
            house.close_abandoned(folder)
        flock(descriptor, how)

    monkeypatch.setattr("shared.archive.files.fcntl.flock", lock)
    file = WarcFile(folder, 1)
    file.append(b"kept")
    file.close()
    assert [path.read_bytes() for path in warcs(tmp_path)] == [b"kept"]


def test_a_file_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    file = WarcFile(tmp_path / "warc", 1)
    file.append(b"torn")
    house.close_abandoned(tmp_path / "warc")
    assert [path.read_bytes() for path in warcs(tmp_path)] == [b"torn"]
    file.close()


def test_what_is_damaged_keeps_nobody_from_the_rest(tmp_path: Path) -> None:
    with writing(settings(tmp_path)) as writer:
        for number in range(3):
            writer.keep(fetch(fetch_id=number), [exchange(b"<p>%d" % number)])
    [path] = warcs(tmp_path)
    whole = path.read_bytes()
    with closing(Index(tmp_path / "warc")) as index:
        last = index.last(path.name)
        index.forget_file(path.name)
    path.write_bytes(whole[:last] + bytes(200) + whole[last + 200 :])
    said: list[str] = []
    with capture_logs() as logs, writing(settings(tmp_path), said) as writer:
        writer.keep(fetch(fetch_id=9), [exchange(b"<p>9")])
    assert said == []
    assert [(line["event"], line["file"]) for line in logs] == [("archive file damaged", path.name)]
    assert [body(tmp_path, version_of(n)) for n in (0, 1, 2, 9)] == [b"<p>0", b"<p>1", None, b"<p>9"]
    # What may stand behind the damage cannot be looked for; what can be forgotten is, and the rest is said.
    with pytest.raises(ArchiveError, match=f"{path.name} is damaged behind byte"):
        forget(tmp_path / "warc", [page_id(URL)])
    assert body(tmp_path, version_of(9)) is None
