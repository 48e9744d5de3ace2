"""Closed files go to a bucket on a real S3 server, and are read, rewritten and indexed anew from there."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from shared.archive import Archive, ArchiveError, house
from shared.archive.bucket import bucket_of
from shared.archive.errors import BucketError
from shared.archive.files import OPEN
from shared.archive.forgetting import ForgottenFiles, forget
from shared.archive.index import Index
from shared.archive.moving import close_after, keep_moving, move
from shared.ids import page_id
from shared.settings import Settings
from shared.stage import version_of
from tests.hostile_site import closed_port
from tests.shared.archive.exchanges import URL, assert_sound, exchange, fetch, records, settings, warcs, writing
from tests.shared.archive.s3_server import S3, s3_server

OTHER = "http://b.example/page"
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    with s3_server() as s3:
        yield s3


@pytest.fixture
def s3(server: S3) -> S3:
    """With an empty bucket."""
    for name in server.files():
        server.client().delete_object(Bucket="press", Key=name)
    return server


def keep(config: Settings, numbers: Iterator[int] | range, url: str = URL) -> None:
    """A file for each of these fetches."""
    for number in numbers:
        with writing(config) as writer:
            writer.keep(fetch(url, number), [exchange(b"<p>%d" % number, url=url)])


def moved(config: Settings) -> list[str]:
    bucket = bucket_of(config)
    assert bucket
    return list(move(config.data / "warc", bucket))


def body(config: Settings, number: int, url: str = URL) -> bytes | None:
    with closing(Archive(config)) as archive:
        raw = archive.read(page_id(url), version_of(number))
    return raw.body if raw else None


def test_closed_files_are_moved_and_read_from_there(tmp_path: Path, s3: S3) -> None:
    config = settings(tmp_path, **s3.settings())
    keep(config, range(1, 4))
    sizes = {f"tearsheet/{path.name}": path.stat().st_size for path in warcs(tmp_path)}
    assert_sound(*warcs(tmp_path))
    with writing(config) as writer:
        writer.keep(fetch(fetch_id=4), [exchange(b"<p>4")])
        [still_open] = [path.name for path in warcs(tmp_path) if path.name.endswith(OPEN)]
        assert [f"tearsheet/{name}" for name in moved(config)] == sorted(sizes)
        assert s3.files() == sizes
        assert [path.name for path in warcs(tmp_path)] == [still_open]
        assert [body(config, number) for number in range(1, 5)] == [b"<p>%d" % n for n in range(1, 5)]
        # An equal body refers to the one in the bucket.
        writer.keep(fetch(fetch_id=5), [exchange(b"<p>3")])
    assert body(config, 5) == b"<p>3"
    assert moved(config) == [still_open.removesuffix(OPEN)]
    assert moved(config) == []
    assert len(s3.files()) == 4
    assert body(config, 5) == b"<p>3"


def test_a_large_file_goes_in_pieces(tmp_path: Path, s3: S3) -> None:
    config = settings(tmp_path, **s3.settings("s3://press"))
    noise = os.urandom(25_000_000)
    with writing(config) as writer:
        writer.keep(fetch(), [exchange(noise)])
    [path] = warcs(tmp_path)
    written = path.read_bytes()
    assert moved(config) == [path.name]
    assert s3.client().get_object(Bucket="press", Key=path.name)["Body"].read() == written
    with closing(Archive(settings(tmp_path, fetch_max_bytes=30_000_000, **s3.settings("s3://press")))) as archive:
        raw = archive.read(page_id(URL))
    assert raw is not None
    assert raw.body == noise


def test_forgetting_reaches_the_bucket(tmp_path: Path, s3: S3) -> None:
    config = settings(tmp_path, **s3.settings())
    with writing(config) as writer:
        writer.keep(fetch(URL, 1), [exchange(b"<p>secret")])
        writer.keep(fetch(OTHER, 2), [exchange(b"<p>2", url=OTHER)])
    keep(config, range(3, 4), OTHER)
    assert len(moved(config)) == 2
    assert forget(tmp_path / "warc", [page_id(URL)], None, bucket_of(config)) == ForgottenFiles(1, 0)
    assert warcs(tmp_path) == []
    for name in s3.files():
        path = tmp_path / Path(name).name
        s3.client().download_file("press", name, str(path))
        assert_sound(path)
        assert URL.encode() not in b"".join(chunk for _, _, _, chunk in records(path))
    assert body(config, 1) is None
    assert [body(config, number, OTHER) for number in (2, 3)] == [b"<p>2", b"<p>3"]


def test_the_index_is_made_anew_from_the_bucket_too(tmp_path: Path, s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    config = settings(tmp_path, **s3.settings())
    keep(config, range(1, 3))
    moved(config)
    keep(config, range(3, 4))
    s3.client().put_object(Bucket="press", Key="tearsheet/readme.txt", Body=b"not ours")
    (tmp_path / "warc" / "index.sqlite").unlink()
    monkeypatch.setattr("shared.archive.bucket._PIECE", 1000)
    assert [found for _, found in house.rebuild(tmp_path / "warc", bucket_of(config))] == [1, 1, 1]
    assert [body(config, number) for number in range(1, 4)] == [b"<p>1", b"<p>2", b"<p>3"]
    assert [path.name for path in (tmp_path / "warc").glob("*.part")] == []


def test_what_a_kill_interrupts_is_moved_by_the_next(tmp_path: Path, s3: S3) -> None:
    """Killed at any moment of it: the file is here or there, whole."""
    config = settings(tmp_path, **s3.settings())
    for number in range(1, 7):
        with writing(config) as writer:
            writer.keep(fetch(fetch_id=number), [exchange(b"%d " % number + os.urandom(10_000_000))])
        with subprocess.Popen(
            [sys.executable, "-c", _MOVE],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "TEARSHEET_DATA": str(tmp_path)}
            | {f"TEARSHEET_{name.upper()}": str(value) for name, value in s3.settings().items()},
        ) as process:
            assert process.stdout
            process.stdout.readline()
            try:
                process.wait(0.04 * number)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        for earlier in range(1, number + 1):
            found = body(config, earlier)
            assert found is not None
            assert found.startswith(b"%d " % earlier)
    moved(config)
    assert warcs(tmp_path) == []
    assert len(s3.files()) == 6


_MOVE = """
from shared.settings import load
from shared.archive.bucket import Bucket, bucket_of
from shared.archive.moving import move
bucket = bucket_of(load())
print("ready", flush=True)
list(move(load().data / "warc", bucket))
"""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"archive_bucket": "s3://nothere"}, r"there is no bucket s3://nothere \(TEARSHEET_ARCHIVE_BUCKET\)"),
        ({"archive_bucket_key": "AKIANOBODY"}, "lets nobody in with this key: InvalidAccessKeyId"),
        ({"archive_bucket_secret": "wrong"}, "lets nobody in with this key: SignatureDoesNotMatch"),
    ],
)
def test_what_is_wrong_with_it_is_one_line(tmp_path: Path, s3: S3, change: dict[str, object], words: str) -> None:
    config = settings(tmp_path, **(s3.settings() | change))
    keep(config, range(1, 2))
    with pytest.raises(ArchiveError, match=words) as caught:
        moved(config)
    assert "\n" not in str(caught.value)
    assert s3.secret not in str(caught.value)
    [path] = warcs(tmp_path)
    assert not path.name.endswith(OPEN)
    with capture_logs() as logs:
        close_after(config)
    assert [line["event"] for line in logs] == ["archive files wait for the bucket"]
    assert body(config, 1) == b"<p>1"


def test_a_server_that_is_away_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.archive.moving._LOOK", 0.05)
    port = closed_port()
    away = S3(f"http://127.0.0.1:{port}", "key", "secret")
    config = settings(tmp_path, **away.settings())
    keep(config, range(1, 3))
    said: queue.Queue[str] = queue.Queue()
    with capture_logs() as logs, _moving(config, said):
        assert (
            "files of the archive wait to be moved (2 closed ones now): s3://press/tearsheet cannot be used"
            in said.get(timeout=60)
        )
    assert {line["event"] for line in logs} == {"archive files wait for the bucket"}
    assert len(warcs(tmp_path)) == 2
    # Its page is not damaged: whoever reads hears of the bucket.
    for path in warcs(tmp_path):
        path.rename(tmp_path / path.name)
    with pytest.raises(BucketError, match="s3://press/tearsheet cannot be used"):
        body(config, 1)
    for path in tmp_path.glob("*.warc.gz"):
        path.rename(tmp_path / "warc" / path.name)
    with s3_server(port) as s3:
        with _moving(settings(tmp_path, **s3.settings()), said) as mover:
            while warcs(tmp_path):
                mover.join(0.05)
        assert len(s3.files()) == 2


@contextmanager
def _moving(config: Settings, said: queue.Queue[str]) -> Iterator[threading.Thread]:
    ended = threading.Event()
    mover = threading.Thread(target=keep_moving, args=(config, said.put, ended))
    mover.start()
    try:
        yield mover
    finally:
        ended.set()
        mover.join()


@pytest.mark.parametrize("name", ["press", "s3:/press", "s3://P", "https://a.example/press", "s3://press/a?b"])
def test_a_bucket_that_is_none_is_refused_at_start(name: str) -> None:
    with pytest.raises(ValueError, match="a bucket is s3://NAME or s3://NAME/PREFIX"):
        settings(Path(), archive_bucket=name)


def test_a_key_of_which_half_is_set_stops_no_fetcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "half")
    config = settings(tmp_path, archive_bucket="s3://press")
    keep(config, range(1, 2))
    said: queue.Queue[str] = queue.Queue()
    with _moving(config, said):
        assert said.get(timeout=60).endswith("s3://press cannot be used: Missing SecretAccessKey")
    with pytest.raises(ArchiveError, match="Missing SecretAccessKey"):
        body(config, 1)


def test_one_file_that_cannot_be_moved_keeps_no_other(tmp_path: Path, s3: S3) -> None:
    config = settings(tmp_path, **s3.settings())
    keep(config, range(1, 5))
    damaged, first, gone, last = sorted(warcs(tmp_path), key=lambda path: path.name)
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:400] + bytes(300) + whole[700:])
    with closing(Index(tmp_path / "warc")) as index:
        index.forget_file(damaged.name)
    bucket = bucket_of(config)
    assert bucket
    moving = move(tmp_path / "warc", bucket)
    assert [next(moving), next(moving)] == [damaged.name, first.name]
    gone.unlink()
    assert next(moving) == last.name
    with pytest.raises(FileNotFoundError):
        next(moving)
    assert body(config, 4) == b"<p>4"


def test_forgetting_goes_on_past_a_file_that_is_gone(tmp_path: Path, s3: S3) -> None:
    config = settings(tmp_path, **s3.settings())
    keep(config, range(1, 3))
    gone, _ = moved(config)
    s3.client().delete_object(Bucket="press", Key=f"tearsheet/{gone}")
    with pytest.raises(ArchiveError, match=f"has no {gone}"):
        forget(tmp_path / "warc", [page_id(URL)], None, bucket_of(config))
    assert body(config, 2) is None


def test_two_do_not_move_at_once(tmp_path: Path, s3: S3) -> None:
    config = settings(tmp_path, **s3.settings())
    keep(config, range(1, 3))
    bucket = bucket_of(config)
    assert bucket
    first = move(tmp_path / "warc", bucket)
    next(first)
    assert moved(config) == []
    assert len(list(first)) == 1
