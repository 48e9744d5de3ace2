"""What an HTML page links to: its links, and the feeds and sitemaps that it names.

Read tag by tag through lxml (libxml2), whose time is linear in the page: the parser's own HTML library, which builds
the tree that a browser builds, needs 9 s for 100,000 open elements.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from services.fetcher.source_text import HEAD, encoding_of
from shared.urls import MAX_LENGTH, join

# A page for people has some hundreds.
_MOST_LINKS = 10_000
_PIECE = 65_536
_FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "text/xml",
    "application/xml",
}


class Tags(Protocol):
    """Who is told of a page's tags, as lxml does it."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens."""

    def end(self, tag: str) -> None:
        """A tag closes."""

    def data(self, text: str) -> None:
        """A piece of text."""

    def close(self) -> None:
        """The page ends."""


@dataclass(slots=True)
class PageLinks:
    """Absolute URLs, fragments kept, in the order of the page, each once."""

    links: list[str] = field(default_factory=list)
    """Of `a` and `area`."""
    no_follow: set[str] = field(default_factory=set)
    """Of the links: those that say `rel=nofollow` wherever they stand."""
    feeds: list[tuple[str, str]] = field(default_factory=list)
    """Of `link rel=alternate` with a feed's type: URL and title."""
    sitemaps: list[str] = field(default_factory=list)
    """Of `link rel=sitemap`."""


def read_links(body: bytes, url: str, content_type: str | None = None) -> PageLinks:
    """The links of a page at `url`. Whatever stands in the body, nothing is raised."""
    reader = _Reader()
    read_tags(body, content_type, reader)
    return reader.result(url)


def read_tags(body: bytes, content_type: str | None, reader: Tags) -> None:
    """Tells `reader` each tag of a page. Whatever stands in the body, nothing is raised but what `reader` raises."""
    parser = etree.HTMLParser(target=reader, encoding="utf-8", recover=True, no_network=True, huge_tree=False)
    text = body.decode(encoding_of(body[:HEAD], content_type), "replace")
    with suppress(etree.LxmlError):
        for start in range(0, len(text), _PIECE):
            parser.feed(text[start : start + _PIECE].encode("utf-8", "replace"))
        parser.close()


class _Reader:
    """What lxml tells of tags."""

    def __init__(self) -> None:
        self._base: str | None = None
        self._links: dict[str, bool] = {}
        self._named: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        href = attributes.get("href")
        if href is None or len(href) > MAX_LENGTH:
            return
        if tag in ("a", "area"):
            if len(self._links) < _MOST_LINKS:
                follow = "nofollow" not in attributes.get("rel", "").lower().split()
                self._links[href] = self._links.get(href, False) or follow
        elif tag == "base":
            self._base = href if self._base is None else self._base
        elif tag == "link" and len(self._named) < _MOST_LINKS:
            self._named.append(dict(attributes))

    def end(self, tag: str) -> None:
        """Nothing."""

    def data(self, text: str) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""

    def result(self, url: str) -> PageLinks:
        base = (join(url, self._base) if self._base else None) or url
        found = PageLinks()
        seen: dict[str, bool] = {}
        for href, follow in self._links.items():
            target = join(base, href)
            if target is not None:
                seen[target] = seen.get(target, False) or follow
        found.links = list(seen)
        found.no_follow = {target for target, follow in seen.items() if not follow}
        found.feeds = list(dict(self._feeds(base)).items())
        found.sitemaps = list(dict.fromkeys(self._of(base, "sitemap")))
        return found

    def _feeds(self, base: str) -> Iterator[tuple[str, str]]:
        for attributes in self._named:
            kind = attributes.get("type", "").partition(";")[0].strip().lower()
            relations = attributes.get("rel", "").lower().split()
            # `rel=feed` is the name that HTML5 drafts gave it.
            if ("alternate" in relations and kind in _FEED_TYPES) or "feed" in relations:
                target = join(base, attributes["href"])
                if target is not None:
                    yield target, " ".join(attributes.get("title", "").split())[:200]

    def _of(self, base: str, relation: str) -> Iterator[str]:
        for attributes in self._named:
            target = join(base, attributes["href"])
            if relation in attributes.get("rel", "").lower().split() and target is not None:
                yield target
