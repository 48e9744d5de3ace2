"""Exchanges made by hand, and what must hold of every WARC file."""

import gzip
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from shared.archive import Archive, ArchiveWriter, Exchange, Fetch
from shared.ids import page_id
from shared.settings import Settings

URL = "http://a.example/page"
PAGE = b"<!DOCTYPE html><title>A page</title><p>A sentence to be read."


def settings(folder: Path, **values: object) -> Settings:
    return Settings(_env_file=None, data=folder, **values)  # type: ignore[arg-type]


def fetch(url: str = URL, fetch_id: int = 1) -> Fetch:
    return Fetch(page_id(url), fetch_id, url)


def exchange(body: bytes = PAGE, url: str = URL, status: str = "200 OK", headers: bytes = b"") -> Exchange:
    made = Exchange(url)
    made.sent(b"GET /page HTTP/1.1\r\nHost: a.example\r\n\r\n", "192.0.2.1")
    made.received(memoryview(b"HTTP/1.1 " + status.encode() + b"\r\nContent-Type: text/html\r\n" + headers + b"\r\n"))
    made.answered(int(status[:3]))
    made.body = [body]
    made.read(whole=True)
    made.over(None)
    return made


@contextmanager
def writing(config: Settings, said: list[str] | None = None) -> Iterator[ArchiveWriter]:
    writer = ArchiveWriter(config, (said if said is not None else []).append)
    writer.open()
    try:
        yield writer
    finally:
        writer.close()


def body(folder: Path, version: int | None = None, url: str = URL) -> bytes | None:
    with closing(Archive(settings(folder))) as archive:
        raw = archive.read(page_id(url), version)
    return raw.body if raw else None


def warcs(folder: Path) -> list[Path]:
    """The archive's files, in the order of their times."""
    return sorted((folder / "warc").glob("*.warc.gz*"))


def assert_sound(*paths: Path) -> None:
    """`warcio check` passes, and each gzip member is whole."""
    assert Checker(SimpleNamespace(inputs=[str(path) for path in paths], verbose=False)).process_all() == 0
    for path in paths:
        with gzip.open(path) as file:
            while file.read(1 << 20):
                pass


def records(path: Path) -> list[tuple[str, dict[str, str], bytes, bytes]]:
    """Each record's type, headers, HTTP head and the rest of its block."""
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            head = record.http_headers.to_str().encode() if record.http_headers else b""
            found.append((record.rec_type, dict(record.rec_headers.headers), head, record.raw_stream.read()))
    return found
