"""Sitemaps (https://www.sitemaps.org/protocol.html): sets of URLs, indexes of other sitemaps, and lists in plain text.

Of the extensions, the news one gives the time of publication; images and videos are passed over.
"""

from services.fetcher.entries import LONGEST_URL, Entry, Source, SourceKind
from services.fetcher.source_dates import read_date
from shared.urls import join

# Words of an entry that are read, by their names without namespaces: the protocol's are often left out or misspelt.
_WORDS = {"loc", "lastmod", "publication_date"}
# Elements whose own loc or date is not the page's.
_ASIDE = {"image", "video", "mobile"}


class SitemapReader:
    """Takes a sitemap's tags and texts as they come (the interface of lxml's parser targets)."""

    def __init__(self, url: str, kind: SourceKind) -> None:
        """`url`: the sitemap's own, against which a relative one is read."""
        self.source = Source(kind)
        self._url = url
        self._entry_name = "sitemap" if kind == "sitemap index" else "url"
        self._path: list[str] = []
        self._words: dict[str, str] | None = None
        self._aside = 0
        self._catching: str | None = None
        self._caught: list[str] = []
        self._length = 0
        self._closed = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """A tag opens."""
        name = tag.rpartition("}")[2].rpartition(":")[2].lower()
        self._path.append(name)
        if self._words is None:
            if name == self._entry_name:
                self._words = {}
        elif name in _ASIDE:
            self._aside += 1
        elif name in _WORDS and not self._aside:
            self._catching, self._caught, self._length = name, [], 0

    def data(self, text: str) -> None:
        """Text of the innermost tag, in any number of pieces."""
        if self._catching is not None and self._length < LONGEST_URL:
            self._caught.append(text)
            self._length += len(text)

    def end(self, _tag: str) -> None:
        """The innermost tag closes."""
        name = self._path.pop()
        if self._catching is not None:
            self._close_word()
        if name in _ASIDE and self._aside:
            self._aside -= 1
        elif name == self._entry_name and self._words is not None:
            self._add(self._words)
            self._words = None
        self._closed = not self._path

    def close(self) -> Source:
        """All that was read. What was cut off in the midst of a URL is left out: it would name another page."""
        if self._words is not None and self._catching is None:
            self._add(self._words)
        self._words = None
        self.source.complete = self._closed
        return self.source

    def _close_word(self) -> None:
        if self._words is not None and self._catching:
            self._words.setdefault(self._catching, "".join(self._caught).strip()[:LONGEST_URL])
        self._catching = None

    def _add(self, words: dict[str, str]) -> None:
        location = words.get("loc", "")
        url = join(self._url, location) if 0 < len(location) < LONGEST_URL else None
        if url is None:
            self.source.unusable += 1
        elif self._entry_name == "sitemap":
            if self.source.take(url):
                self.source.sitemaps.append(url)
        elif self.source.take(url):
            updated = read_date(words.get("lastmod")) or read_date(words.get("publication_date"))
            self.source.entries.append(Entry(url, updated))


class TextSitemap:
    """A URL a line."""

    def __init__(self, url: str) -> None:
        """`url`: the list's own."""
        self.source = Source("sitemap")
        self._url = url
        self._held = ""

    def feed(self, text: str) -> None:
        """Takes a piece."""
        *lines, self._held = (self._held + text).split("\n")
        for line in lines:
            self._add(line)
        self._held = self._held[:LONGEST_URL]

    def close(self) -> Source:
        """All that was read."""
        self._add(self._held)
        self._held = ""
        return self.source

    def _add(self, line: str) -> None:
        text = line.strip()
        if not text or text.startswith("#"):
            return
        url = join(self._url, text) if text.startswith(("http://", "https://")) else None
        if url is None:
            self.source.unusable += 1
        elif self.source.take(url):
            self.source.entries.append(Entry(url))
