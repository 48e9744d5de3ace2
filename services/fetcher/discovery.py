"""Where a site says what it has: feeds and sitemaps named by its home page and robots.txt; else well-known places."""

import re
from dataclasses import dataclass

from services.fetcher.page_links import PageLinks
from shared.urls import join

# Tried where the site names nothing: what the most common systems answer to.
_WELL_KNOWN_FEEDS = ("/feed", "/rss.xml")
_WELL_KNOWN_SITEMAPS = ("/sitemap.xml",)
# Of one site; a home page that names more is an index of other sites.
_MOST = 50
# A feed of comments leads to pages of any age, and not to what is new.
_COMMENTS = re.compile(r"/comments/(feed|default)\b|[?&]feed=comments", re.IGNORECASE)
_COMMENTS_TITLE = re.compile(r"\bcomments?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Discovered:
    """Sources of a site, each once."""

    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    guessed: bool
    """The site names none: these are places where others have theirs."""

    @property
    def words(self) -> str:
        """What was found, for a person."""
        if self.guessed:
            places = ", ".join(_WELL_KNOWN_FEEDS + _WELL_KNOWN_SITEMAPS)
            return f"a site that names no feed and no sitemap: {places} are tried"
        return f"a site with {_count(len(self.feeds), 'feed')} and {_count(len(self.sitemaps), 'sitemap')}"


def discover(links: PageLinks, robots_sitemaps: list[str], url: str) -> Discovered:
    """What the home page at `url` with these links, and the `Sitemap:` lines of its robots.txt, lead to."""
    feeds = [target for target, title in links.feeds if not _is_of_comments(target, title)]
    named = [target for line in robots_sitemaps if (target := join(url, line))]
    sitemaps = list(dict.fromkeys(links.sitemaps + named))
    if feeds or sitemaps:
        return Discovered(tuple(feeds[:_MOST]), tuple(sitemaps[:_MOST]), guessed=False)
    return Discovered(_at(url, _WELL_KNOWN_FEEDS), _at(url, _WELL_KNOWN_SITEMAPS), guessed=True)


def _is_of_comments(url: str, title: str) -> bool:
    return bool(_COMMENTS.search(url) or _COMMENTS_TITLE.search(title))


def _at(url: str, places: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(target for place in places if (target := join(url, place)))


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
