"""Pages in a real archive and a real store, as a crawl would have left them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.parser import parse
from shared.archive import ArchiveWriter, Exchange, Fetch
from shared.archive.exchange import Role
from shared.ids import page_id
from shared.records import ParsedPage
from shared.settings import Settings
from shared.stage import version_of
from shared.stores import open_store
from shared.stores.protocol import PageWrite

HTML = "text/html; charset=utf-8"


class Kept:
    """An archive and a store that are being written."""

    def __init__(self, settings: Settings, writer: ArchiveWriter) -> None:
        self.settings = settings
        self._writer = writer
        self._fetches = 0

    def page(self, url: str, html: str | bytes, *, content_type: str = HTML, archived: bool = True) -> ParsedPage:
        """Archives a page, cuts it, stores its records."""
        body = html.encode() if isinstance(html, str) else html
        self._fetches += 1
        exchange = _exchange(url, body, content_type, "page")
        if archived:
            assert self._writer.keep(Fetch(page_id(url), self._fetches, url), [exchange])
        parsed = parse(body, url, content_type=content_type, fetched_at=exchange.started, status=200)
        store = open_store(self.settings, write=True)
        store.write([PageWrite(page_id(url), version_of(self._fetches), parsed)])
        store.close()
        return parsed

    def requisite(self, url: str, body: bytes, content_type: str, status: str = "200 OK", head: str = "") -> None:
        """Archives a stylesheet or an image."""
        exchange = _exchange(url, body, content_type, "requisite", status, head)
        assert self._writer.keep(Fetch(page_id(url), 0, url), [exchange])


@contextmanager
def keeping(folder: Path, **values: object) -> Iterator[Kept]:
    """`values`: settings."""
    settings = Settings(_env_file=None, redis_url=f"unix://{folder}/none", data=folder, **values)  # type: ignore[arg-type]
    store = open_store(settings, write=True)
    store.prepare()
    store.close()
    writer = ArchiveWriter(settings, [].append)
    writer.open()
    try:
        yield Kept(settings, writer)
    finally:
        writer.close()


def _exchange(url: str, body: bytes, content_type: str, role: Role, status: str = "200 OK", head: str = "") -> Exchange:
    made = Exchange(url, role=role)
    made.sent(b"GET / HTTP/1.1\r\nHost: site.example\r\n\r\n", "192.0.2.1")
    made.received(memoryview(f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{head}\r\n".encode()))
    made.answered(int(status[:3]))
    made.body = [body]
    made.read(whole=True)
    made.over(None)
    return made
