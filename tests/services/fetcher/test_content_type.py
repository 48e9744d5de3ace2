"""What is a page that can be read, by what it is and by what the server calls it."""

import pytest

from services.fetcher.causes import RefusedError
from services.fetcher.content_type import check

HTML = b"\n<!DOCTYPE html>\n<html><title>A page</title>"


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        ("text/html", b"words alone"),
        ("text/html; charset=utf-8", HTML),
        ("TEXT/HTML", HTML),
        ("application/xhtml+xml", b'<?xml version="1.0"?><html/>'),
        ("text/html, text/html", HTML),
        (None, HTML),
        ("", b"Words, then <p>markup."),
        ("nonsense", HTML),
        ("application/octet-stream", HTML),
        ("text/plain", HTML),
        ("application/xml", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'),
        (None, HTML.decode().encode("utf-16")),
        (None, HTML.decode().encode("utf-16-be")),
    ],
)
def test_read(declared: str | None, body: bytes) -> None:
    check(declared, body)


@pytest.mark.parametrize(
    ("declared", "body", "words"),
    [
        ("application/pdf", b"%PDF-1.7", "a PDF document is not read"),
        ("text/html", b"%PDF-1.7", "a PDF document is not read"),
        ("text/html", b"\x89PNG\r\n\x1a\n...", "a PNG image is not read"),
        ("text/html", b"\xff\xd8\xff\xe0", "a JPEG image is not read"),
        ("text/html", b"GIF89a", "a GIF image is not read"),
        ("text/html", b"RIFF\x10\x00\x00\x00WEBPVP8 ", "a WebP image is not read"),
        ("text/html", b"\x00\x00\x00\x20ftypavif", "an AVIF or HEIF image is not read"),
        ("text/html", b"\x00\x00\x00\x20ftypisom", "an MP4 file is not read"),
        (None, b"PK\x03\x04", "a ZIP file"),
        (None, b"\x1f\x8b\x08\x00", "a gzip file is not read"),
        ("application/json", b"{}", "type application/json is not read"),
        ("application/rss+xml", b"<rss>", "type application/rss.xml is not read"),
        ("image/svg+xml", b"<svg>", "type image/svg.xml is not read"),
        ("text/plain", b"Words alone, with a <p> in them", "type text/plain is not read"),
        ("text/xml", b"<rss><item/></rss>", "type text/xml is not read"),
        ("application/octet-stream", b"words", "type application/octet-stream, and it is no HTML page"),
        (None, b"words", "no type is given, and it is no HTML page"),
    ],
)
def test_refused(declared: str | None, body: bytes, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        check(declared, body)
