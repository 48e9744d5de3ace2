"""Where a crawl's further URLs come from: what a source names and what a page links to, by the scope of each crawl."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import requests

from services.fetcher import content_type
from services.fetcher.body import Stream, read_body
from services.fetcher.causes import RefusedError
from services.fetcher.discovery import discover
from services.fetcher.entries import Source
from services.fetcher.page_links import PageLinks, read_links
from services.fetcher.sources import MOST_BYTES, NotASourceError, read_source
from services.fetcher.traps import shape_of, trap, without_session
from shared.raw_page import validator_of
from shared.scope import Scope
from shared.settings import Settings
from shared.stage import Claim, Finding, Findings, Read
from shared.urls import NotAUrlError, page_url, site_of

# Sources above a source: a home page, its robots.txt's sitemap, an index's sitemap, and one more for those who nest
# indexes though the protocol does not allow it.
_DEEPEST_SOURCE = 3


class Growth:
    """Finds URLs for the crawls of a page. Safe in threads."""

    def __init__(self, settings: Settings, scope: Callable[[str], Scope] | None) -> None:
        """`scope`: of a crawl by its id; None where pages belong to no crawl."""
        self._no_follow = settings.fetch_nofollow
        self._most_of_a_page = settings.fetch_max_bytes
        self._max_ratio = settings.fetch_max_ratio
        self._scope = scope

    def follows(self, claim: Claim) -> bool:
        """Whether the page's links are wanted, so that its body is needed even where it did not change."""
        return any(True for _ in self._following(claim))

    def links(
        self, claim: Claim, body: bytes, url: str, declared: str | None, *, no_follow: bool = False
    ) -> tuple[Findings, ...]:
        """What a page links to.

        `url`: where it was found at last; `declared`: its content type; `no_follow`: it asks that none be followed.
        """
        following = list(self._following(claim))
        if not following or (no_follow and self._no_follow):
            return ()
        links = read_links(body, url, declared)
        found = []
        for crawl, scope, depth in following:
            # A page that was given may have moved to another site; one that was found is left where it leads away.
            sites = {site_of(claim.url)} | ({site_of(url)} if depth == 0 else set())
            urls = tuple(self._wanted(links, sites, scope, depth + 1))
            found.append(Findings(crawl, urls))
        return tuple(found)

    def source(self, claim: Claim, response: requests.Response, url: str, robots_sitemaps: list[str]) -> Read:
        """Reads a source. Raises RefusedError, FailedError."""
        if claim.kind == "site":
            pages: list[Finding] = []
            words, feeds, sitemaps = self._site(response, url, robots_sitemaps)
            validator = ""  # a site is its robots.txt too
        else:
            source = self._source(response, url)
            words, pages, sitemaps, feeds = _words(source), _pages(source), tuple(source.sitemaps), ()
            etag, date = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
            validator = validator_of(etag, date) if source.complete else ""
        found = []
        too_deep = False
        for crawl in claim.crawls if self._scope else ():
            scope, depth = self._scope_of(crawl), claim.depth(crawl)
            urls = [page for page in pages if scope.allows(page.url)]
            if depth < _DEEPEST_SOURCE:
                urls += [Finding(feed, "feed", depth + 1) for feed in normal_urls(feeds)]
                urls += [Finding(sitemap, "sitemap", depth + 1) for sitemap in normal_urls(sitemaps)]
            elif feeds or sitemaps:
                too_deep = True
            found.append(Findings(crawl, tuple(urls)))
        if too_deep:
            words, validator = words + "; too deep to be followed", ""
        return Read(words, found=tuple(found), validator=validator)

    def _scope_of(self, crawl: str) -> Scope:
        return self._scope(crawl) if self._scope else Scope()

    def _following(self, claim: Claim) -> Iterator[tuple[str, Scope, int]]:
        if self._scope is None or claim.kind != "page":
            return
        for crawl in claim.crawls:
            scope, depth = self._scope_of(crawl), claim.depth(crawl)
            if scope.follow and depth < scope.depth:
                yield crawl, scope, depth

    def _wanted(self, links: PageLinks, sites: set[str], scope: Scope, depth: int) -> Iterator[Finding]:
        now = datetime.now(UTC)
        wanted = [link for link in links.links if not (self._no_follow and link in links.no_follow)]
        for url in normal_urls(without_session(link) for link in wanted):
            if site_of(url) in sites and trap(url, now) is None and scope.allows(url):
                shape = shape_of(url)
                yield Finding(url, "page", depth, shape.key if shape else "", shape.most if shape else 0)

    def _source(self, response: requests.Response, url: str) -> Source:
        body = Stream(response, MOST_BYTES, recorded=self._most_of_a_page)
        try:
            return read_source(body, url, response.headers.get("Content-Type"), self._max_ratio)
        except NotASourceError as error:
            raise RefusedError(str(error)) from None

    def _site(
        self, response: requests.Response, url: str, robots_sitemaps: list[str]
    ) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        declared = response.headers.get("Content-Type")
        content_type.check_declared(declared)
        body = read_body(response, self._most_of_a_page, self._max_ratio).data
        content_type.check(declared, body)
        found = discover(read_links(body, url, declared), robots_sitemaps, url)
        return found.words, found.feeds, found.sitemaps


def _pages(source: Source) -> list[Finding]:
    updated: dict[str, int] = {}
    for entry in source.entries:
        for page in normal_urls([entry.url]):
            updated.setdefault(page, round(1000 * entry.updated.timestamp()) if entry.updated else 0)
    return [Finding(page, updated=at) for page, at in updated.items()]


def _words(source: Source) -> str:
    if source.kind == "feed":
        what = f"a feed of {_count(len(source.entries), 'entry', 'entries')}"
    elif source.kind == "sitemap index":
        what = f"a sitemap index of {_count(len(source.sitemaps), 'sitemap', 'sitemaps')}"
    else:
        what = f"a sitemap of {_count(len(source.entries), 'page', 'pages')}"
    if source.unusable:
        what += f", {source.unusable:,} more without a URL"
    if source.limited:
        what += "; it holds more than is read of one"
    elif not source.complete:
        what += "; it is cut off or broken"
    return what


def _count(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def normal_urls(urls: Iterable[str]) -> Iterator[str]:
    """Normal forms, each once; what has none is left out."""
    seen = set()
    for url in urls:
        try:
            normal = page_url(url)
        except NotAUrlError:
            continue
        if normal not in seen:
            seen.add(normal)
            yield normal
