"""WARC files as others write them, by warcio's own writer."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGE = b'<!DOCTYPE html><html lang="en"><title>Otters</title><h1>Otters</h1><p>Otters live along rivers.</p></html>'
DATE = "2024-03-01T12:00:00Z"


class Other:
    """A crawler of others, and its file."""

    def __init__(self, file: BytesIO, *, packed: bool = True) -> None:
        self._writer = WARCWriter(file, gzip=packed)
        self._writer.write_record(self._writer.create_warcinfo_record("other.warc.gz", {"software": "other"}))

    def response(
        self,
        url: str,
        body: bytes = PAGE,
        date: str = DATE,
        status: str = "200 OK",
        content_type: str | None = "text/html; charset=utf-8",
        **headers: str,
    ) -> str:
        """Writes a response record; returns its id."""
        http = [("Content-Type", content_type)] if content_type else []
        http += [(name.replace("_", "-"), value) for name, value in headers.items()]
        record = self._writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            length=len(body),
            warc_headers_dict={"WARC-Date": date},
            http_headers=StatusAndHeaders(status, http, protocol="HTTP/1.1"),
        )
        self._writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def request(self, url: str) -> None:
        head = StatusAndHeaders("GET / HTTP/1.1", [("Host", "a.example")], is_http_request=True)
        self._writer.write_record(self._writer.create_warc_record(url, "request", http_headers=head))

    def resource(self, url: str, body: bytes = PAGE, content_type: str = "text/html", date: str = DATE) -> None:
        record = self._writer.create_warc_record(
            url,
            "resource",
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": date},
        )
        self._writer.write_record(record)

    def revisit(self, url: str, date: str, **refers: str) -> None:
        """`refers`: WARC headers, underscores for hyphens."""
        named = {"WARC-Date": date} | {name.replace("_", "-"): value for name, value in refers.items()}
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = self._writer.create_warc_record(url, "revisit", http_headers=head, warc_headers_dict=named)
        self._writer.write_record(record)


@contextmanager
def other_file(path: Path, *, packed: bool = True) -> Iterator[Other]:
    """A file that is written within the block."""
    buffer = BytesIO()
    yield Other(buffer, packed=packed)
    path.write_bytes(buffer.getvalue())


def chunked(body: bytes, size: int = 30) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;x=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def zipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=1)
