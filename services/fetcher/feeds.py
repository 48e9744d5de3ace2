"""Feeds in XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0.

Sources: RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0 (http://web.resource.org/rss/1.0/spec),
Atom (RFC 4287), Dublin Core.
"""

from dataclasses import dataclass, field

from services.fetcher.entries import LONGEST_URL, Entry, Source
from services.fetcher.source_dates import read_date
from shared.urls import join

_NAMESPACES = {
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://backend.userland.com/RSS2": "",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
}
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ENTRIES = {"item", "entry"}
# Within an entry: the feed that it was taken from, its text, its picture, whoever wrote it.
_ASIDE = frozenset({"source", "content", "summary", "description", "image", "author", "contributor"})
_PUBLISHED = ("pubdate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created", "created", "date")
_UPDATED = ("updated", "modified", "dcterms:modified")
# Words that are kept of an entry; all else is passed over while it is read.
_KEPT = {"link", "guid", "id", "feedburner:origlink", "origlink", *_PUBLISHED, *_UPDATED}


@dataclass(slots=True)
class _Open:
    """An entry that is being read."""

    depth: int
    base: str
    words: dict[str, str] = field(default_factory=dict)
    is_permalink: bool = True
    about: str | None = None


class FeedReader:
    """Takes a feed's tags and texts as they come (the interface of lxml's parser targets)."""

    def __init__(self, url: str) -> None:
        """`url`: the feed's own, against which its links are read."""
        self.source = Source("feed")
        self._bases = [url]
        self._path: list[str] = []
        self._entry: _Open | None = None
        self._catching: str | None = None
        self._caught: list[str] = []
        self._length = self._caught_at = 0
        self._closed = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens; `tag` is `{namespace}name`, or a name alone."""
        name = _name(tag)
        base = attributes.get(_BASE)
        self._bases.append((join(self._bases[-1], base) if base else None) or self._bases[-1])
        self._path.append(name)
        if name in _ENTRIES:
            if self._entry is not None:  # a tag within was never closed
                self._finish_entry()
            self._entry = _Open(len(self._path), self._bases[-1], about=attributes.get(_ABOUT))
        elif self._entry is not None and name in _KEPT and _ASIDE.isdisjoint(self._path[self._entry.depth : -1]):
            self._open_field(self._entry, name, attributes)

    def data(self, text: str) -> None:
        """Text of the innermost tag, in any number of pieces."""
        if self._catching is not None and self._length < LONGEST_URL:
            self._caught.append(text)
            self._length += len(text)

    def end(self, _tag: str) -> None:
        """The innermost tag closes."""
        if self._catching is not None and len(self._path) <= self._caught_at:
            self._close_field()
        if self._entry is not None and len(self._path) == self._entry.depth:
            self._finish_entry()
        self._path.pop()
        self._bases.pop()
        self._closed = not self._path

    def close(self) -> Source:
        """All that was read."""
        if self._entry is not None:  # cut off: what is whole of the entry may do, half a link would name another page
            self._catching = None
            self._finish_entry()
        self.source.complete = self._closed
        return self.source

    def _finish_entry(self) -> None:
        if self._catching is not None:
            self._close_field()
        if self._entry is not None:
            self._add(self._entry)
        self._entry = None

    def _open_field(self, entry: _Open, name: str, attributes: dict[str, str]) -> None:
        if name == "link" and attributes.get("href"):
            self._link(entry, attributes)
            return
        if name == "guid":
            entry.is_permalink = attributes.get("isPermaLink", "true").strip().lower() != "false"
        self._catch(name)

    def _link(self, entry: _Open, attributes: dict[str, str]) -> None:
        relation = attributes.get("rel", "alternate").strip().lower()
        href = (join(self._bases[-1], attributes["href"]) or attributes["href"])[:LONGEST_URL]
        if relation == "alternate":
            kind = attributes.get("type", "text/html").strip().lower()
            # A page is preferred to other forms of the same thing.
            if "html" in kind or "link" not in entry.words:
                entry.words["link"] = href

    def _catch(self, name: str) -> None:
        if self._catching is not None:
            self._close_field()
        self._catching, self._caught, self._length, self._caught_at = name, [], 0, len(self._path)

    def _close_field(self) -> None:
        name, text = self._catching, " ".join("".join(self._caught).split())[:LONGEST_URL]
        self._catching = None
        if self._entry is not None and name and text:
            self._entry.words.setdefault(name, text)

    def _add(self, entry: _Open) -> None:
        words = entry.words
        url = _url_of(entry)
        if url is None:
            self.source.unusable += 1
        elif self.source.take(url):
            updated = read_date(_first(words, _UPDATED)) or read_date(_first(words, _PUBLISHED))
            self.source.entries.append(Entry(url, updated))


_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def _name(tag: str) -> str:
    """A tag as this file names it: the prefix is that of its namespace, whatever the feed calls it; `?:` of others."""
    if not tag.startswith("{"):
        return tag.rpartition(":")[2].lower()
    namespace, _, name = tag[1:].partition("}")
    prefix = _NAMESPACES.get(namespace)
    return ("?:" if prefix is None else prefix) + name.lower()


def _url_of(entry: _Open) -> str | None:
    """The page: its own address where a service put another before it; else link, a guid or id that is one."""
    words = entry.words
    guid = words.get("guid", "") if entry.is_permalink else ""
    guid = guid if guid.startswith("/") else ""
    for candidate in (words.get("feedburner:origlink"), words.get("origlink"), words.get("link"), guid):
        if candidate and len(candidate) < LONGEST_URL and (url := join(entry.base, candidate)):
            return url
    for candidate in (words.get("id"), entry.about, words.get("guid")):
        if candidate and candidate.startswith(("http://", "https://")) and (url := join(entry.base, candidate)):
            return url
    return None


def _first(words: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((words[name] for name in names if name in words), None)
