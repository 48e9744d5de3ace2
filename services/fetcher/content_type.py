"""Whether a body is a page that can be read: by what it is, and by what the server calls it."""

import re

from services.fetcher.causes import RefusedError

PAGES = {"text/html", "application/xhtml+xml"}
"""Types of pages."""
# Types under which servers that know no better send pages: these are read where they look like one.
_VAGUE = {
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/unknown",
    "application/xml",
    "text/plain",
    "text/xml",
}
# How files begin (the signatures of the WHATWG MIME Sniffing Standard, and those of common downloads).
_SIGNATURES = [
    (re.compile(pattern, re.DOTALL), name)
    for pattern, name in (
        (rb"%PDF-", "a PDF document"),
        (rb"\x89PNG\r\n\x1a\n", "a PNG image"),
        (rb"\xff\xd8\xff", "a JPEG image"),
        (rb"GIF8[79]a", "a GIF image"),
        (rb"RIFF....WEBP", "a WebP image"),
        (rb"....ftyp(avif|heic|mif1)", "an AVIF or HEIF image"),
        (rb"....ftyp", "an MP4 file"),
        (rb"\x1aE\xdf\xa3", "a WebM or Matroska file"),
        (rb"OggS\x00", "an Ogg file"),
        (rb"ID3[\x02-\x04]", "an MP3 file"),
        (rb"PK\x03\x04", "a ZIP file (or an office document, which is one)"),
        (rb"\x1f\x8b\x08", "a gzip file"),
        (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip file"),
        (rb"Rar!\x1a\x07", "a RAR file"),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
        (rb"\x7fELF", "a program"),
        (rb"wOF[F2]", "a font"),
    )
]
# A tag, a comment or a doctype within the first 4 KB: a page that begins with text is still one.
_LOOKED_AT = 4096
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|p|div|h1|table|br|a|script|!--)[\s>/-]", re.IGNORECASE
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)


def check(content_type: str | None, body: bytes) -> None:
    """Raises RefusedError where the body is no HTML page, saying what it is."""
    for signature, name in _SIGNATURES:
        if signature.match(body):
            raise RefusedError(f"{name} is not read, only HTML pages")
    declared = media_type(content_type)
    if declared in PAGES:
        return
    if declared not in _VAGUE:
        raise RefusedError(f"type {declared} is not read, only HTML pages")
    # Without NULs, as UTF-16 has one in each letter of a tag.
    head = body[:_LOOKED_AT].replace(b"\x00", b"")
    if declared in {"", "application/octet-stream", "binary/octet-stream", "application/unknown"}:
        if not _MARKUP.search(head):
            raise RefusedError(f"{f'type {declared}' if declared else 'no type is given'}, and it is no HTML page")
    elif not _HTML.search(head):
        raise RefusedError(f"type {declared} is not read, only HTML pages")


def check_declared(content_type: str | None) -> None:
    """The part of `check` that needs no body. Raises RefusedError."""
    declared = media_type(content_type)
    if declared not in PAGES and declared not in _VAGUE:
        raise RefusedError(f"type {declared} is not read, only HTML pages")


STYLESHEET = "a stylesheet"


def check_requisite(content_type: str | None, body: bytes = b"") -> str:
    """What a requisite of a page is, in words. Raises RefusedError where it is neither a stylesheet nor an image."""
    declared = media_type(content_type)
    if declared == "text/css":
        what = STYLESHEET
    elif declared.startswith("image/"):
        what = "an image"
    else:
        raise RefusedError(
            f"{f'type {declared}' if declared else 'no type is given'}: only stylesheets and images are archived"
        )
    if _HTML.match(body[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()):
        raise RefusedError(f"an HTML page that is called {declared}: only stylesheets and images are archived")
    return what


def media_type(content_type: str | None) -> str:
    """The type alone, in lower case, without parameters; empty where there is none that makes sense."""
    name = (content_type or "").partition(";")[0].partition(",")[0].strip().lower()
    return name[:80] if "/" in name else ""
