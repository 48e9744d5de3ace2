"""Reading a source of URLs, whatever it is: a feed, a sitemap, gzipped or not, as it comes and within bounds.

lxml (libxml2) reads on where a document is broken. Its tree is never built: tags and texts go to a reader that keeps
what it knows, so memory is that of what is kept, however long the document is.
"""

import math
from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

from lxml import etree

from services.fetcher.body import is_too_dense
from services.fetcher.entries import Source, SourceKind
from services.fetcher.feeds import FeedReader
from services.fetcher.json_feed import read_json_feed
from services.fetcher.sitemaps import SitemapReader, TextSitemap
from services.fetcher.source_text import HEAD, SourceText
from shared.unpacking import PIECE, BrokenError, PackedError, Unpacked
from shared.unpacking import Source as Bytes

# Of a sitemap, unpacked: the protocol's limit is 50 MB, which means 52,428,800 bytes there.
MOST_BYTES = 52_428_800
# JSON is read as a whole; Python's objects take ten times the text.
_MOST_JSON = 10_000_000

# A full sitemap with the details of a video for each page has a million tags; so many take two seconds.
_MOST_TAGS = 1_000_000
# Feeds need five levels; each tag that is never closed adds one to what follows.
_DEEPEST = 64

_ROOTS: dict[str, SourceKind] = {
    "rss": "feed",
    "rdf": "feed",
    "feed": "feed",
    "channel": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap index",
}


class Sent(Bytes, Protocol):
    """A body that knows how much of it was sent so far."""

    @property
    def sent(self) -> int:
        """Bytes, before any unpacking."""


class NotASourceError(Exception):
    """The document is neither a feed nor a sitemap; the message says what it is."""


def read_source(body: Sent, url: str, content_type: str | None = None, max_ratio: float = math.inf) -> Source:
    """The source as far as it can be read.

    `body`: as it comes. `url`: where it came from, against which relative links are read. `content_type`:
    the response's header. `max_ratio`: bytes that one as sent may unpack to. Raises NotASourceError, and what reading
    it raises.
    """
    unzipped = _Unzipped(body, max_ratio)
    head = bytearray()
    for piece in unzipped.pieces:
        head += piece
        if len(head) >= HEAD:
            break
    start = bytes(head[:HEAD]).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise NotASourceError("nothing to read: empty body")
    rest = _chain(bytes(head), unzipped.pieces)
    source = _json(rest, url) if start.startswith((b"{", b"[")) else _text(rest, url, content_type)
    source.complete = source.complete and unzipped.whole
    source.limited = source.limited or unzipped.limited
    return source


class _Unzipped:
    """The body without the gzip that the file itself is in (`sitemap.xml.gz`), up to `MOST_BYTES`."""

    def __init__(self, body: Sent, max_ratio: float) -> None:
        self.whole = True
        self.limited = False
        self._sent = body
        self._max_ratio = max_ratio
        self.pieces = self._read(Unpacked(body, "gzip"))

    def _read(self, body: Unpacked) -> Iterator[bytes]:
        room = MOST_BYTES
        while room:
            try:
                data = body.read(min(PIECE, room))
            except BrokenError:
                raise NotASourceError("a gzip file that cannot be unpacked") from None
            except PackedError as error:
                raise NotASourceError(str(error)) from None
            if not data:
                self.whole = body.complete()
                return
            room -= len(data)
            if is_too_dense(MOST_BYTES - room, self._sent.sent, self._max_ratio):
                raise NotASourceError(f"a body that unpacks to more than {self._max_ratio:g} times its size")
            yield data
        self.limited = True


def _chain(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _json(pieces: Iterator[bytes], url: str) -> Source:
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) > _MOST_JSON:
            raise NotASourceError(f"JSON of more than {_MOST_JSON // 1_000_000} MB is not read")
    source = read_json_feed(bytes(data).decode("utf-8-sig", "replace"), url)
    if source is None:
        raise NotASourceError("JSON that is no feed, or is cut off")
    return source


def _text(pieces: Iterator[bytes], url: str, content_type: str | None) -> Source:
    text = SourceText(content_type)
    reader: _Xml | TextSitemap | None = None
    for piece in _fed(text, pieces):
        reader = reader or (TextSitemap(url) if _is_list(text.start) else _Xml(url))
        reader.feed(piece)
        if reader.source.limited:
            break
    if reader is None:
        raise NotASourceError("neither a feed nor a sitemap: it holds no tag")
    source = reader.close()
    if source.kind == "sitemap" and not source.entries and isinstance(reader, TextSitemap):
        raise NotASourceError("neither a feed nor a sitemap: a text that names no URL")
    return source


def _fed(text: SourceText, pieces: Iterator[bytes]) -> Iterator[str]:
    for piece in pieces:
        if ready := text.feed(piece):
            yield ready
    if ready := text.close():
        yield ready


def _is_list(start: str) -> bool:
    return start.lstrip().lower().startswith(("http://", "https://")) or "<" not in start


class _Xml:
    """A document in XML; the reader is chosen by its first tag."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._reader: FeedReader | SitemapReader | None = None
        self._root: str | None = None
        self._tags = 0
        self._depth = 0
        self._parser = etree.XMLParser(
            target=self._Target(self),
            encoding="utf-8",
            recover=True,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
        )

    class _Target:
        """What lxml calls. It looks its methods up once, so they pass on."""

        def __init__(self, xml: "_Xml") -> None:
            self._xml = xml

        def start(self, tag: str, attributes: dict[str, str]) -> None:
            self._xml.opened(tag, attributes)

        def data(self, text: str) -> None:
            if self._xml.reader:
                self._xml.reader.data(text)

        def end(self, tag: str) -> None:
            self._xml.closed(tag)

        def close(self) -> None:
            """Nothing: the reader is closed by `_Xml.close`, which comes whatever the parser makes of the end."""

    @property
    def reader(self) -> FeedReader | SitemapReader | None:
        """Of the document's kind; None where it has none."""
        return self._reader

    @property
    def source(self) -> Source:
        """What has been read so far."""
        return self._reader.source if self._reader else Source("page")

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens: the first one tells what the document is."""
        if self._root is None:
            self._choose(tag)
        self._tags += 1
        self._depth += 1
        if self._reader and self._depth <= _DEEPEST:
            self._reader.start(tag, attributes)

    def closed(self, tag: str) -> None:
        """The innermost tag closes."""
        self._depth -= 1
        if self._reader and self._depth < _DEEPEST:
            self._reader.end(tag)

    def _choose(self, tag: str) -> None:
        self._root = tag.rpartition("}")[2].rpartition(":")[2].lower()
        kind = _ROOTS.get(self._root)
        if kind == "feed":
            self._reader = FeedReader(self._url)
        elif kind is not None:
            self._reader = SitemapReader(self._url, kind)

    def feed(self, text: str) -> None:
        """Takes a piece. Raises NotASourceError."""
        with suppress(etree.LxmlError):  # what it has read is kept; what comes after is nothing to it
            self._parser.feed(text.encode("utf-8"))
        if self._root is not None and self._reader is None:
            raise NotASourceError(_other(self._root))
        if self._tags > _MOST_TAGS:
            self.source.limited = True

    def close(self) -> Source:
        """What was read. Raises NotASourceError."""
        with suppress(etree.LxmlError):
            self._parser.close()
        if self._reader is None:
            raise NotASourceError(_other(self._root) if self._root else "neither a feed nor a sitemap: it is no XML")
        return self._reader.close()


def _other(root: str) -> str:
    if root == "html":
        return "an HTML page is neither a feed nor a sitemap"
    return f"XML that begins with <{root[:40]}> is neither a feed nor a sitemap"
